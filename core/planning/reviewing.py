"""Sums a plan up for whoever signs it: what forbids it, what will be held at its turn, what is to be known."""

from collections.abc import Iterator

from core.model.failure import NOT_REACHED
from core.model.outcome import Outcome
from core.model.plan import Plan
from core.model.review import NOT_PATCHED, Finding, Review, Weight

_S, _H, _K = Weight.STOPS, Weight.HOLDS, Weight.KNOW

# The warnings of a plan that need more than to be read, each with its title.
_WARNINGS: dict[str, tuple[Weight, str]] = {
    "window_overrun": (_S, "does not fit into the maintenance window"),
    "patch_blocked": (_H, "patch-blocked since an earlier failure"),
    "not_enough_space": (_H, "not enough free space"),
    "no_backup_evidence": (_H, "no evidence of a backup"),
    "old_backup": (_H, "no recent enough backup"),
    "held_for_failover": (_H, "a role must be moved away first"),
    "roles_unknown": (_H, "roles in a group are not known"),
    "quorum_edge": (_H, "the cluster would stand at the edge of its quorum"),
    "pending_reboot": (_K, "a restart is pending already"),
    "irreversible": (_K, "cannot be undone"),
    "one_way": (_K, "crosses to another branch, with no way back"),
    "out_of_support": (_K, "out of support"),
    "newer_build_exists": (_K, "a newer update exists"),
    "unknown_build": (_K, "a build that the reference does not know"),
    "shared_components": (_K, "changes what other instances share"),
    "backup_by_word": (_K, "backups are vouched for by word"),
    "engine_gap": (_K, "an engine did not tell everything"),
    "no_window": (_K, "no maintenance window applies"),
    "patch_tuesday": (_K, "close to a patch Tuesday"),
    "order_unclear": (_K, "the order could not be kept everywhere"),
    "updates_unknown": (_K, "missing system updates are not known"),
    "branch_crossing": (_K, "switches the branch, with no way back"),
    "unknown_age": (_K, "nobody knows how old the update is"),
    "express": (_K, "Express edition, with fewer witnesses"),
    "no_instance_switch": (_K, "touches shared components only"),
    "services_stopped": (_K, "services are stopped for the time"),
    "service_unknown": (_K, "a service to be stopped is not there"),
}

# What leaves a host as it is at its turn unless somebody acts before.
HOLDING = frozenset(code for code, (weight, _) in _WARNINGS.items() if weight is Weight.HOLDS)


def review(plan: Plan) -> Review:
    """Whatever has no title of its own is still told, among what is to be known."""
    return Review(tuple(sorted(_findings(plan), key=lambda one: tuple(Weight).index(one.weight))))


def outcome_before(plan: Plan) -> Outcome:
    """What a plan says by itself. Without a host to patch there is nothing to do only if every host was heard."""
    silent = {one.host for one in plan.skipped if one.code in NOT_REACHED}
    if plan.targets or not silent:
        return Outcome.SUCCEEDED
    return Outcome.NOT_REACHED if silent == {one.host for one in plan.skipped} else Outcome.PARTIAL


def _findings(plan: Plan) -> Iterator[Finding]:
    if not plan.targets:
        yield Finding("nothing_to_do", _S, "no host is to be patched", (), ())
    by_code: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for one in plan.warnings:
        by_code.setdefault(one.code, []).append((one.concerned, one.message))
    for code, told in by_code.items():
        weight, title = _WARNINGS.get(code, (_K, code.replace("_", " ")))
        hosts = tuple(dict.fromkeys(host for some, _ in told for host in some))
        yield Finding(code, weight, title, hosts, tuple(dict.fromkeys(message for _, message in told)))
    blocked = [one for one in plan.skipped if one.code not in ("up_to_date", "left_out", "no_instance")]
    if blocked:
        hosts = tuple(dict.fromkeys(one.host for one in blocked))
        messages = tuple(f"{one.host}: {one.reason}" for one in blocked)
        yield Finding(NOT_PATCHED, _K, "will not be patched, and may not be up to date", hosts, messages)
