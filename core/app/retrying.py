"""Retrying: which hosts of a run are tried again, and whether the plan's policy still allows it."""

from dataclasses import dataclass, replace
from functools import cache, partial

from core.app import composition
from core.app.lookup import the_plan
from core.app.workspace import Workspace
from core.model.count import counted
from core.model.fault import Fault, RefusedError
from core.model.history import PatchedSince
from core.model.plan import Plan, Skipped
from core.model.record import RunRecord
from core.model.state import TargetState
from core.planning.comparing import does_all_of
from core.store.blocks import open_blocks
from core.store.database import Database
from core.store.history import patched_since
from core.store.runs import runs_of_plan

PATCHED_SINCE = "patched_since"
# More are counted.
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Retry:
    """The failed hosts of a run, and which attempt at them this will be. What was patched since is left as it is."""

    run_id: str
    hosts: frozenset[str]
    attempt: int
    patched_since: tuple[PatchedSince, ...] = ()

    def part_of(self, plan: Plan) -> Plan:
        """What of the plan this will be, to be shown before it begins."""
        left = tuple(Skipped(one.host, None, PATCHED_SINCE, str(one)) for one in self.patched_since)
        return replace(plan, targets=tuple(one for one in plan.targets if one.host in self.hosts), skipped=left)


def retry_of(database: Database, record: RunRecord, plan: Plan) -> Retry:
    """Raises RefusedError when there is nothing to try, or nobody may."""
    place = f"run {record.run_id}"
    if record.outcome is None:
        raise RefusedError((Fault(place, "not_ended", "it has not ended; resume it"),))
    # One that is unknown keeps its claim: resuming finds out what became of it.
    ended = [target for target in record.targets if target.state is not TargetState.UNKNOWN]
    failed = frozenset(target.host for target in ended if target.is_to_be_tried_again)
    if not failed:
        raise RefusedError((Fault(place, "none_failed", "none of its hosts failed"),))
    since = failed_and_patched_since(database, record)
    failed -= {one.host for one in since}
    if not failed:
        raise RefusedError((Fault(place, PATCHED_SINCE, f"nothing is left to be tried again: {_told(since)}"),))
    # All runs of the plan count: naming the first one again and again would be a way to try for ever.
    tried, most = len(runs_of_plan(database, plan.id)), plan.rules.retries.runs
    if tried >= most:
        runs = f"{counted(tried, 'run')} of its plan were begun, its policy allows {most}"
        raise RefusedError((Fault(place, "too_often", f"{runs}; look at the hosts, then plan again"),))
    if failed <= {one.host for one in open_blocks(database)}:
        message = "it is patch-blocked by its failure; see to it, then unblock the host, with a reason"
        raise RefusedError(tuple(Fault(f"{place}: {host}", "patch_blocked", message) for host in sorted(failed)))
    return Retry(record.run_id, failed, tried + 1, since)


def failed_and_patched_since(database: Database, record: RunRecord) -> tuple[PatchedSince, ...]:
    """Whoever tried them again would install over what another run has proven. A run that did less than this one was
    to do, as updates of the system alone, settles nothing."""
    failed = {target.host for target in record.targets if target.is_to_be_tried_again}
    plan_of = cache(partial(the_plan, database))
    found: dict[str, PatchedSince] = {}
    # The newest first: of whoever that settles no older plan is read, and those of thousands of hosts take long.
    for one in reversed(patched_since(database, record.run_id) if failed else ()):
        if one.host in failed - found.keys() and does_all_of(plan_of(one.plan_id), plan_of(record.plan_id), one.host):
            found[one.host] = one
    return tuple(found[host] for host in sorted(found))


def _told(since: tuple[PatchedSince, ...]) -> str:
    more = len(since) - _MOST_TOLD
    return "; ".join(map(str, since[:_MOST_TOLD])) + (f"; and {more} more" if more > 0 else "")


def fault_against_retry(database: Database, record: RunRecord, plan: Plan) -> Fault | None:
    try:
        retry_of(database, record, plan)
    except RefusedError as refused:
        return refused.faults[0]
    return None


def why_no_retry(workspace: Workspace, record: RunRecord, plan: Plan) -> Fault | None:
    """As things stand now: somebody may have unblocked a host since."""
    with composition.open_database(workspace) as database:
        return fault_against_retry(database, record, plan)
