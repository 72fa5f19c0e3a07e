"""Retrying: which hosts of a run are tried again, and how often at most."""

from dataclasses import dataclass, replace

from core.model.fault import Fault, RefusedError
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.state import TargetState

# A host that failed so often will fail again: then somebody has to look at it, and plan anew.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Retry:
    """The failed hosts of a run, and which attempt at them this will be."""

    run_id: str
    hosts: frozenset[str]
    attempt: int

    def part_of(self, plan: Plan) -> Plan:
        """What of the plan this will be, to be shown before it begins."""
        return replace(plan, targets=tuple(one for one in plan.targets if one.host in self.hosts))


def retry_of(record: RunRecord, blocked: set[str]) -> Retry:
    """Raises RefusedError when there is nothing to try, or nobody may."""
    place = f"run {record.run_id}"
    if record.outcome is None:
        raise RefusedError((Fault(place, "not_ended", "it has not ended; resume it"),))
    # One that is unknown keeps its claim: resuming finds out what became of it.
    ended = [target for target in record.targets if target.state is not TargetState.UNKNOWN]
    failed = frozenset(target.host for target in ended if target.is_to_be_tried_again)
    if not failed:
        raise RefusedError((Fault(place, "none_failed", "none of its hosts failed"),))
    if record.attempt >= MOST_ATTEMPTS:
        message = f"this was attempt {record.attempt} of {MOST_ATTEMPTS} at its hosts; look at them and plan again"
        raise RefusedError((Fault(place, "too_often", message),))
    if failed <= blocked:
        message = 'it is patch-blocked by its failure; see to it, then "drydock unblock {} --reason TEXT"'
        raise RefusedError(
            tuple(Fault(f"{place}: {host}", "patch_blocked", message.format(host)) for host in sorted(failed))
        )
    return Retry(record.run_id, failed, record.attempt + 1)
