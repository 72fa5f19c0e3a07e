"""Retrying: which hosts of a run are tried again, and how often at most."""

from collections.abc import Collection
from dataclasses import dataclass

from core.app import composition
from core.app.workspace import Workspace
from core.model.fault import Fault, RefusedError
from core.model.record import RunRecord
from core.model.state import TargetState
from core.store.blocks import open_blocks

# A host that failed so often will fail again: then somebody has to look at it, and plan anew.
MOST_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Retry:
    """The failed hosts of a run, and which attempt at them this will be."""

    run_id: str
    hosts: frozenset[str]
    attempt: int


def retry_of(record: RunRecord, blocked: Collection[str]) -> Retry:
    """Raises RefusedError when there is nothing to try, or nobody may."""
    place = f"run {record.run_id}"
    if record.outcome is None:
        raise RefusedError((Fault(place, "not_ended", "it has not ended; resume it"),))
    # One that is unknown keeps its claim: resuming finds out what became of it.
    ended = [target for target in record.targets if target.state is not TargetState.UNKNOWN]
    failed = frozenset(target.host for target in ended if target.failed)
    if not failed:
        raise RefusedError((Fault(place, "none_failed", "none of its hosts failed"),))
    if record.attempt >= MOST_ATTEMPTS:
        message = f"this was attempt {record.attempt} of {MOST_ATTEMPTS} at its hosts; look at them and plan again"
        raise RefusedError((Fault(place, "too_often", message),))
    if failed <= set(blocked):
        message = 'it is patch-blocked by its failure; see to it, then "drydock unblock {} --reason TEXT"'
        raise RefusedError(
            tuple(Fault(f"{place}: {host}", "patch_blocked", message.format(host)) for host in sorted(failed))
        )
    return Retry(record.run_id, failed, record.attempt + 1)


def fault_against_retry(record: RunRecord, blocked: Collection[str]) -> Fault | None:
    try:
        retry_of(record, blocked)
    except RefusedError as refused:
        return refused.faults[0]
    return None


def why_no_retry(workspace: Workspace, record: RunRecord) -> Fault | None:
    """As things stand now: somebody may have unblocked a host since."""
    with composition.open_database(workspace) as database:
        return fault_against_retry(record, {one.host for one in open_blocks(database)})
