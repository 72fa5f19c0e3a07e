"""Which of the updates that an operating system offers are wanted, each with the rule that decided."""

import re
from datetime import date

from core.model.count import counted
from core.model.facts import OsUpdate
from core.model.policy import Classification, OsRules
from core.model.verdict import Unwanted, UpdateVerdict, Wanted

# Windows writes "Security Updates", scripts write "SecurityUpdates".
_CLASSES: dict[str, Classification] = {
    "securityupdates": "security",
    "security": "security",
    "criticalupdates": "critical",
    "critical": "critical",
    "updaterollups": "update_rollup",
    "rollup": "update_rollup",
    "servicepacks": "service_pack",
    "updates": "update",
    "drivers": "driver",
}
_UPGRADES = frozenset({"upgrades", "featurepacks"})

# Microsoft Update offers these, too. Each would change a SQL Server outside mapping and group order.
_SQL_SERVER = re.compile(r"\bSQL\s*Server\b", re.IGNORECASE)
_FEATURE = re.compile(r"\bfeature update\b", re.IGNORECASE)
_DEFINITION = re.compile(r"\b(definition|security intelligence) update\b", re.IGNORECASE)


def without_superseded(verdicts: tuple[UpdateVerdict, ...]) -> tuple[UpdateVerdict, ...]:
    """Of the updates that one host is offered."""
    offered = tuple(one.update for one in verdicts)
    if not any(one.supersedes for one in offered):
        return verdicts
    replaced = _replaced(offered, [one.update for one in verdicts if isinstance(one, Wanted)])
    return tuple(
        Unwanted(one.update, "superseded", f"{replaced[one.update.patch_id]} contains it")
        if isinstance(one, Wanted) and one.update.patch_id in replaced
        else one
        for one in verdicts
    )


def judge_update(update: OsUpdate, rules: OsRules, today: date) -> UpdateVerdict:
    never = _never(update)
    if never is not None:
        return never
    if not rules.enabled:
        return Unwanted(update, "os_disabled", "policy leaves the operating system alone")
    if update.kb in rules.kbs.exclude:
        return Unwanted(update, "excluded_kb", f"policy excludes KB{update.kb}")
    if update.kb in rules.kbs.include:
        return Wanted(update, f"policy names KB{update.kb}")
    if _CLASSES.get(_folded(update.classification)) not in rules.classifications:
        return Unwanted(update, "classification", f'policy does not take "{update.classification}"')
    if update.severity not in rules.severities:
        return Unwanted(update, "severity", f"policy does not take {update.severity} updates")
    if update.released is not None and (today - update.released).days < rules.min_age_days:
        reason = f"it came out on {update.released}; policy waits {counted(rules.min_age_days, 'day')}"
        return Unwanted(update, "too_young", reason)
    return Wanted(update, f"policy takes {update.classification}")


def _never(update: OsUpdate) -> Unwanted | None:
    """What no list of KBs can bring back."""
    kind = _folded(update.classification)
    if _SQL_SERVER.search(update.title) or _SQL_SERVER.search(update.affected_component):
        reason = "SQL Server is patched by the hotfix mapping alone, never by Windows Update"
        return Unwanted(update, "sql_server_product", reason)
    if kind in _UPGRADES or _FEATURE.search(update.title):
        return Unwanted(update, "feature_upgrade", "a feature upgrade is a migration, not a patch")
    if kind == "definitionupdates" or _DEFINITION.search(update.title):
        return Unwanted(update, "definition_update", "definitions come daily by themselves and never count as missing")
    return None


def _folded(classification: str) -> str:
    return classification.replace(" ", "").casefold()


def _replaced(offered: tuple[OsUpdate, ...], wanted: list[OsUpdate]) -> dict[str, str]:
    """Superseded by one that is wanted itself: one that must wait is no reason to install nothing."""
    graph = {one.patch_id: one.supersedes for one in offered}
    below = {one.patch_id: _below(one.patch_id, graph) for one in wanted}
    ranks = {one.patch_id: (one.released or date.min, one.patch_id) for one in wanted}
    replaced: dict[str, str] = {}
    for one in wanted:
        over = [
            other
            for other in wanted
            if one.patch_id in below[other.patch_id]
            and (other.patch_id not in below[one.patch_id] or ranks[other.patch_id] > ranks[one.patch_id])
        ]
        if over:
            newest = max(over, key=lambda other: ranks[other.patch_id])
            replaced[one.patch_id] = f"KB{newest.kb}" if newest.kb else newest.title
    return replaced


def _below(patch_id: str, graph: dict[str, tuple[str, ...]]) -> set[str]:
    """All that an update supersedes, directly and through others. Two that supersede each other end here, too."""
    found: set[str] = set()
    waiting = list(graph.get(patch_id, ()))
    while waiting:
        one = waiting.pop()
        if one not in found and one != patch_id:
            found.add(one)
            waiting.extend(graph.get(one, ()))
    return found
