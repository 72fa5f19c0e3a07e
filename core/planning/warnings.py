"""What the operator must know before the plan is authorised, each thing once however many hosts it concerns."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from core.model.facts import Facts, SqlAnswer, UpdateSilence
from core.model.plan import PlannedTarget, PlannedWindow, PlanWarning
from core.model.policy import Policy
from core.model.size import size_in_words
from core.model.step import PatchStep
from core.model.verdict import LeftOut, Needs, Remark, UpToDate
from core.planning.candidates import Candidate
from core.planning.groups import Circle
from core.planning.services import about_services
from core.planning.steps import groups_of, left_out_of
from core.planning.windows import Opening, patch_day_between
from core.policy.backups import Elsewhere, backups_of, in_words, old_backups
from core.policy.gaps import WORDS, untold


def about_host(
    candidate: Candidate, target: PlannedTarget | None, policy: Policy, elsewhere: Elsewhere
) -> Iterator[Remark]:
    """Remarks about hosts that nothing is planned for are told as well: a newer security build may exist for them."""
    for verdict in candidate.verdict.verdicts:
        if isinstance(verdict, Needs | UpToDate):
            yield from verdict.remarks
    yield from _updates(candidate.facts, policy)
    if target is None:
        return
    if candidate.patch_blocked:
        yield Remark("patch_blocked", "a failed run patch-blocked it: it is held until somebody unblocks it")
    yield from _windows(target, policy)
    yield from about_services(candidate.host, candidate.facts, target, policy)
    yield from _pending(candidate.facts, policy)
    yield from _left_out(candidate)
    yield from _switches(candidate)
    yield from _steps(target)
    yield from _space(candidate.facts, target)
    yield from _backups(candidate.facts, policy, elsewhere)
    yield from _gaps(candidate.facts)
    for role in target.held_for:
        message = f"it is {role}: if it still is at its turn, it is held and the others go on; fail over first"
        yield Remark("held_for_failover", message)


def about_plan(
    windows: tuple[PlannedWindow, ...], late: tuple[tuple[int, Opening], ...], as_of: datetime
) -> Iterator[PlanWarning]:
    day = patch_day_between(as_of, max((one.opens_at for one in windows), default=as_of))
    if day is not None:
        message = f"Microsoft's patch day {day} lies between the facts and the window; plan again after it"
        yield PlanWarning("patch_tuesday", None, message)
    told: set[Opening] = set()
    for wave, opening in late:
        if opening not in told:
            told.add(opening)
            closes = opening.closes_at.isoformat()
            message = f"wave {wave} would end after the window {opening.window.name} closes at {closes}"
            yield PlanWarning("window_overrun", None, message)


def gathered(remarks: Mapping[str, Iterable[Remark]]) -> list[PlanWarning]:
    """The same words about several hosts become one warning."""
    hosts: dict[Remark, dict[str, None]] = {}
    for host, some in remarks.items():
        for remark in some:
            hosts.setdefault(remark, {})[host] = None
    return [
        PlanWarning(one.code, next(iter(names)) if len(names) == 1 else None, one.message, tuple(names))
        for one, names in hosts.items()
    ]


def _windows(target: PlannedTarget, policy: Policy) -> Iterator[Remark]:
    if not policy.windows or target.windows:
        return
    message = "no maintenance window covers it, so that it is worked on at any time"
    if policy.reboot_mode == "window":
        message = "no maintenance window covers it: its restart waits for one that never opens, and so for you"
    yield Remark("no_window", message)


def _updates(facts: Facts, policy: Policy) -> Iterator[Remark]:
    """Policy wants updates of the system, and nobody knows which the host misses."""
    if policy.os.enabled and isinstance(facts.update_witness, UpdateSilence):
        message = f"updates of its system are not planned, for they are not known: {facts.update_witness.failure}"
        yield Remark("updates_unknown", message)


def _pending(facts: Facts, policy: Policy) -> Iterator[Remark]:
    for one in facts.pending_reboot:
        if one.reason in policy.ignored_pending_reboots:
            yield Remark("pending_reboot", f"a restart is pending ({one.reason.replace('_', ' ')}); policy ignores it")


def _left_out(candidate: Candidate) -> Iterator[Remark]:
    for group in groups_of(candidate.verdict.needs):
        names = left_out_of(candidate.facts, candidate.verdict, group)
        barred = {one.instance for one in candidate.verdict.verdicts if isinstance(one, LeftOut)}
        kept = [name for name in names if name in barred]
        if kept:
            message = f"{', '.join(kept)} is left out, but shared components of its version change all the same"
            yield Remark("shared_components", message)


def _switches(candidate: Candidate) -> Iterator[Remark]:
    for group in groups_of(candidate.verdict.needs):
        for file in group[0].mapping.files:
            words = " ".join(file.parameters).casefold()
            if "/allinstances" not in words and "/instance" not in words:
                message = f"{file.filename} has no instance switch in the mapping: it touches shared components only"
                yield Remark("no_instance_switch", message)


def _steps(target: PlannedTarget) -> Iterator[Remark]:
    for step in target.steps:
        if isinstance(step, PatchStep) and not step.undo.possible:
            yield Remark("irreversible", f"{step.target_build} cannot be undone: {step.undo.how}")


def _space(facts: Facts, target: PlannedTarget) -> Iterator[Remark]:
    system = facts.disk("C:")
    if system is not None and system.free_bytes < target.required_free_bytes:
        short = size_in_words(target.required_free_bytes - system.free_bytes)
        yield Remark("not_enough_space", f"drive C lacks {short}; the host is held until that is free")


def _backups(facts: Facts, policy: Policy, elsewhere: Elsewhere) -> Iterator[Remark]:
    rules = policy.backups
    if rules.evidence != "msdb":
        yield Remark("backup_by_word", f"backups are {rules.evidence}: {rules.reason or 'policy says no more'}")
        return
    for one in untold(facts, "backups"):
        message = f"the backups of {one.instance} are not known: {one.why}; look yourself"
        yield Remark("no_backup_evidence", message)
    old = old_backups(facts, policy, elsewhere)
    if old:
        message = f"{in_words(old)}; without a full or differential one within {rules.max_age_hours} hours it is held"
        yield Remark("old_backup", message)


def _gaps(facts: Facts) -> Iterator[Remark]:
    """Backups have a warning of their own. An engine that told nothing at all is one warning, not one for each."""
    for registered in facts.instances:
        answer = facts.witness(registered.name)
        if isinstance(answer, SqlAnswer):
            for gap in answer.gaps:
                if gap.about != "backups":
                    message = f"{answer.instance} does not tell {WORDS[gap.about]}, so that no check can see it"
                    yield Remark("engine_gap", f"{message}: {gap.failure}")
        else:
            why = "it was not asked" if answer is None else str(answer.failure)
            message = "its work, jobs and roles are not known, and no check can see them"
            yield Remark("engine_gap", f"the engine of {registered.name} told nothing, so that {message}: {why}")


def spread_backups(circles: Iterable[Circle], known: Mapping[str, Facts]) -> dict[str, dict[str, datetime]]:
    """By host, what all replicas of its availability groups remember: their backups are spread."""
    found: dict[str, dict[str, datetime]] = {}
    for circle in circles:
        if circle.kind == "ag":
            together: dict[str, datetime] = {}
            for host in circle.hosts:
                for _, database, newest in backups_of(known[host]):
                    if newest is not None:
                        key = database.casefold()
                        together[key] = max(newest, together.get(key, newest))
            for host in circle.hosts:
                found.setdefault(host, {}).update(together)
    return found
