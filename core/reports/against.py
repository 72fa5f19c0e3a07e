"""Planned against done: how much of each kind the plan had, and what became of it."""

from collections.abc import Iterable, Iterator

from core.model.plan import PlannedTarget
from core.model.run_report import Against, HostReport
from core.model.state import TargetState
from core.model.step import RebootStep


def against(told: Iterable[tuple[PlannedTarget, HostReport]]) -> Iterator[Against]:
    planned, done, taken_out = [0] * 4, [0] * 4, [0] * 4
    for target, host in told:
        for place, (due, did) in enumerate(_of_host(target, host)):
            planned[place] += due
            done[place] += did
            taken_out[place] += due - did if host.state is TargetState.CANCELLED else 0
    kinds = ("Hosts", "SQL Server updates", "System updates", "Restarts")
    for numbers in zip(kinds, planned, done, taken_out, strict=True):
        if numbers[1]:
            yield Against(*numbers)


def _of_host(target: PlannedTarget, host: HostReport) -> Iterator[tuple[int, int]]:
    """Due and done, kind by kind. A restart of the way back stands for none of the plan."""
    yield 1, int(host.state is TargetState.SUCCESS)
    yield len(host.instances), sum(one.after == one.planned for one in host.instances)
    yield len(host.updates), sum(one.tone == "good" for one in host.updates)
    restarts = [step.order for step in target.steps if isinstance(step, RebootStep)]
    yield len(restarts), sum(one.order in restarts and one.tone == "good" for one in host.steps)
