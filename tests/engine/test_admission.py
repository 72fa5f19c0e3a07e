"""Who may start."""

from datetime import UTC, datetime

import pytest

from core.engine.admission import Room, admit
from core.model.plan import Plan, PlanInputs, Wave
from core.model.state import TargetState

_NOW = datetime(2026, 3, 14, tzinfo=UTC)
_INPUTS = PlanInputs("", "", "", "", "")
PENDING, GOES_ON, DONE = TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.SUCCESS


def _plan(*waves: tuple[str, ...]) -> Plan:
    made = tuple(Wave(number, str(number), hosts, 0) for number, hosts in enumerate(waves, start=1))
    return Plan("p", _NOW, "d", _NOW, _INPUTS, (), made, (), (), ())


def _admitted(states: dict[str, TargetState], running: str = "", free: int = 9, is_open: bool = True) -> str:
    plan = _plan(("a", "b"), ("c", "d"))
    return "".join(admit(plan, states, frozenset(running), Room(free, is_open)))


def test_only_hosts_of_the_first_wave_that_is_not_done_are_fresh() -> None:
    assert _admitted({"a": PENDING, "b": PENDING, "c": PENDING, "d": PENDING}) == "ab"
    assert _admitted({"a": DONE, "b": TargetState.FAILED, "c": PENDING, "d": PENDING}) == "cd"


def test_a_wave_waits_for_the_last_host_of_the_one_before() -> None:
    assert _admitted({"a": DONE, "b": GOES_ON, "c": PENDING, "d": PENDING}, running="b") == ""


@pytest.mark.parametrize("free", [0, 1, -1])
def test_no_more_are_admitted_than_there_is_room(free: int) -> None:
    assert len(_admitted({"a": PENDING, "b": PENDING, "c": PENDING, "d": PENDING}, free=free)) == max(0, free)


def test_what_was_begun_goes_first_and_in_whatever_wave() -> None:
    states = {"a": PENDING, "b": TargetState.OVERDUE, "c": GOES_ON, "d": PENDING}
    assert _admitted(states) == "bca"
    assert _admitted(states, free=2) == "bc"


def test_a_closed_door_lets_only_those_in_that_were_begun() -> None:
    assert _admitted({"a": PENDING, "b": GOES_ON, "c": PENDING, "d": PENDING}, is_open=False) == "b"


def test_nobody_is_admitted_twice() -> None:
    assert _admitted({"a": PENDING, "b": GOES_ON, "c": PENDING, "d": PENDING}, running="ab") == ""
