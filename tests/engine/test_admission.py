"""Who may start, who is left out, and what keeps the others."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from types import MappingProxyType

import pytest

from core.engine.admission import Admission, Scene, Stand, admit
from core.engine.limits import Limits
from core.model.failure import Cause
from core.model.host import Place
from core.model.plan import GroupRule, Plan, PlanInputs, PlannedTarget, Wave
from core.model.policy import MaintenanceWindow
from core.model.state import TargetState
from core.model.step import RebootStep, Undo
from core.planning.windows import Opening

_NOW = datetime(2026, 3, 14, tzinfo=UTC)
_INPUTS = PlanInputs("", "", "", "", "")
_WINDOW = MaintenanceWindow("night", "UTC", ("saturday",), time(0), 60)
PENDING, GOES_ON, DONE = TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.SUCCESS
_ALL_PENDING = dict.fromkeys("abcd", Stand(PENDING))


def _plan(
    *waves: str,
    canary: bool = False,
    soak: int = 0,
    groups: tuple[str, ...] = (),
    tenants: Mapping[str, str] = MappingProxyType({}),
) -> Plan:
    made = tuple(
        Wave(number, "", tuple(hosts), 0, canary=canary and number == 1, soak_seconds=soak)
        for number, hosts in enumerate(waves, start=1)
    )
    step = RebootStep(1, 600, 600, "why", Undo(False, "not at all"))
    targets = tuple(
        PlannedTarget(host, host, Place(tenants.get(host, "t")), (), (step,), 0) for wave in waves for host in wave
    )
    rules = tuple(GroupRule(name, "ag", "", tuple(name), "facts") for name in groups)
    return replace(Plan("p", _NOW, "d", _NOW, _INPUTS, (), made, targets, (), ()), groups=rules)


_TWO_WAVES = _plan("ab", "cd")
_WIDE = Limits(9)


def _admission(
    stands: Mapping[str, Stand], *, plan: Plan = _TWO_WAVES, limits: Limits = _WIDE, **scene: object
) -> Admission:
    return admit(plan, limits, replace(Scene(_NOW, dict(stands)), **scene))  # type: ignore[arg-type]


def _begun(stands: Mapping[str, Stand], **more: object) -> str:
    return "".join(_admission(stands, **more).begin)  # type: ignore[arg-type]


def _held(stands: Mapping[str, Stand], **more: object) -> str:
    held = _admission(stands, **more).held  # type: ignore[arg-type]
    return "" if held is None else held.code


def _stands(**states: TargetState) -> dict[str, Stand]:
    return _ALL_PENDING | {host: Stand(state) for host, state in states.items()}


def test_only_hosts_of_the_first_wave_that_is_not_done_are_fresh() -> None:
    assert _begun(_ALL_PENDING) == "ab"
    assert _begun(_stands(a=DONE, b=TargetState.FAILED)) == "cd"


def test_a_wave_waits_for_the_last_host_of_the_one_before() -> None:
    assert _begun(_stands(a=DONE, b=GOES_ON), working=frozenset("b")) == ""


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_no_more_are_admitted_than_there_is_room(workers: int) -> None:
    assert len(_begun(_ALL_PENDING, limits=Limits(workers))) == workers


def test_what_was_begun_goes_first_and_in_whatever_wave() -> None:
    stands = _stands(b=TargetState.OVERDUE, c=GOES_ON)
    assert _begun(stands) == "bca"
    assert _begun(stands, limits=Limits(2)) == "bc"


def test_a_restart_that_may_be_going_on_comes_before_all_and_the_unclear_after_the_rest() -> None:
    stands = _stands(b=GOES_ON) | {"a": Stand(TargetState.UNKNOWN, again=True), "c": Stand(GOES_ON, urgent=True)}
    assert _begun(stands) == "cba"


@pytest.mark.parametrize("scene", [{"shut": "the run was stopped"}, {"paused": True}], ids=str)
def test_a_closed_door_lets_only_those_in_that_were_begun(scene: dict[str, object]) -> None:
    assert _begun(_stands(b=GOES_ON), **scene) == "b"


def test_a_pause_passes_and_a_stop_does_not() -> None:
    paused, stopped = _admission(_ALL_PENDING, paused=True).held, _admission(_ALL_PENDING, shut="stopped").held
    assert paused is not None
    assert stopped is not None
    assert (paused.for_good, stopped.for_good) == (False, True)


def test_nobody_is_admitted_twice() -> None:
    assert _begun(_stands(b=GOES_ON), working=frozenset("ab")) == ""


def test_no_more_hosts_of_a_tenant_than_allowed() -> None:
    plan = _plan("abcd", tenants={"a": "x", "b": "x", "c": "x"})
    assert _begun(_ALL_PENDING, plan=plan, limits=Limits(9, per_tenant=2)) == "abd"


def test_no_more_hosts_of_a_failure_domain_than_allowed() -> None:
    limits = Limits(9, per_domain=1, domains={"a": "rack", "b": "rack", "c": None, "d": None})
    assert _begun(_ALL_PENDING, plan=_plan("abcd"), limits=limits) == "acd"
    assert _begun(_ALL_PENDING, plan=_plan("abcd"), limits=limits, working=frozenset("b")) == "cd"


def test_the_limits_hold_for_hosts_that_are_taken_up_again_too() -> None:
    stands = _ALL_PENDING | {host: Stand(TargetState.UNKNOWN, again=True) for host in "ab"}
    limits = Limits(9, per_domain=1, domains={"a": "rack", "b": "rack"})
    assert _begun(stands, limits=limits) == "a"


def test_partners_are_never_worked_on_together() -> None:
    plan = _plan("ab", "cd", groups=("ac",))
    stands = _ALL_PENDING | {"a": Stand(TargetState.UNKNOWN, again=True), "b": Stand(DONE), "c": Stand(GOES_ON)}
    assert _begun(stands, plan=plan) == "c"


def test_a_partner_that_is_not_well_keeps_its_followers_from_beginning() -> None:
    plan = _plan("ab", "cd", groups=("ac",))
    for state in (TargetState.FAILED, TargetState.UNKNOWN, TargetState.AWAITING_REBOOT, TargetState.DEFERRED):
        found = _admission(_stands(a=state, b=DONE), plan=plan)
        assert found.begin == ("d",)
        ((host, failure),) = found.deferred
        assert (host, failure.cause) == ("c", Cause.PARTNER)


def test_a_partner_that_needed_nothing_is_well() -> None:
    plan = _plan("ab", "cd", groups=("ac",))
    stands = _stands(b=DONE) | {"a": Stand(TargetState.SKIPPED, well=True)}
    assert _begun(stands, plan=plan) == "cd"


def test_a_partner_that_took_the_lead_holds_nobody_back() -> None:
    plan = _plan("ab", "cd", groups=("ac",))
    stands = _stands(b=DONE) | {"a": Stand(TargetState.BLOCKED, leads=True)}
    assert _begun(stands, plan=plan) == "cd"


def test_more_failures_than_allowed_stop_new_hosts() -> None:
    failed = Stand(TargetState.FAILED, failed=True)
    stands = _ALL_PENDING | {"a": failed, "b": failed}
    assert _held(stands, limits=Limits(9, failures_allowed=1)) == "failure_budget"
    assert _begun(stands, limits=Limits(9, failures_allowed=2)) == "cd"


@pytest.mark.parametrize("state", [TargetState.FAILED, TargetState.DEFERRED, TargetState.AWAITING_REBOOT])
def test_a_canary_that_did_not_succeed_stops_new_hosts(state: TargetState) -> None:
    plan = _plan("ab", "cd", canary=True)
    assert _held(_stands(a=DONE, b=state), plan=plan) == "canary"
    assert _begun(_stands(a=DONE, b=DONE), plan=plan) == "cd"


def test_a_withdrawn_canary_proves_nothing_either_way() -> None:
    plan, gone = _plan("ab", "cd", canary=True), TargetState.CANCELLED
    assert _begun(_stands(a=DONE, b=gone), plan=plan) == "cd"
    assert _held(_stands(a=gone, b=gone), plan=plan) == "canary"


def test_a_wave_that_is_done_is_watched_before_the_next_one_begins() -> None:
    plan = _plan("ab", "cd", soak=1800)
    stands = _ALL_PENDING | dict.fromkeys("ab", Stand(DONE, since=_NOW, begun_at=_NOW))
    found = _admission(stands, plan=plan).held
    assert found is not None
    assert (found.code, found.until) == ("soak", _NOW + timedelta(minutes=30))
    assert _begun(stands, plan=plan, now=_NOW + timedelta(minutes=30)) == "cd"


def test_a_wave_in_which_nobody_was_begun_is_not_watched() -> None:
    gone = Stand(TargetState.CANCELLED, since=_NOW)
    assert _begun(_ALL_PENDING | dict.fromkeys("ab", gone), plan=_plan("ab", "cd", soak=1800)) == "cd"


def test_two_hosts_never_start_closer_than_the_stagger() -> None:
    limits = Limits(9, stagger=timedelta(minutes=5))
    assert _begun(_ALL_PENDING, limits=limits) == "a"
    stands = _ALL_PENDING | {"a": Stand(GOES_ON, begun_at=_NOW)}
    inside = frozenset("a")
    assert _held(stands, limits=limits, working=inside, now=_NOW + timedelta(minutes=4)) == "stagger"
    assert _begun(stands, limits=limits, working=inside, now=_NOW + timedelta(minutes=5)) == "b"


def _opening(start: int, minutes: int) -> Opening:
    opens_at = _NOW + timedelta(minutes=start)
    return Opening(_WINDOW, opens_at, opens_at + timedelta(minutes=minutes))


def _windows(*openings: Opening) -> Limits:
    return Limits(9, windows={"a": openings})


def test_a_host_waits_for_its_window_and_others_do_not() -> None:
    found = _admission(_ALL_PENDING, limits=_windows(_opening(30, 60)))
    assert found.begin == ("b",)
    assert found.held is not None
    assert (found.held.code, found.held.until) == ("window", _NOW + timedelta(minutes=30))


@pytest.mark.parametrize(("start", "minutes"), [(-60, 69), (-120, 60), (30, 9)])
def test_a_host_that_would_not_be_done_in_its_window_is_deferred(start: int, minutes: int) -> None:
    ((host, failure),) = _admission(_ALL_PENDING, limits=_windows(_opening(start, minutes))).deferred
    assert (host, failure.cause) == ("a", Cause.WINDOW)


def test_a_later_window_that_suffices_is_waited_for() -> None:
    limits = _windows(_opening(-60, 65), _opening(120, 60))
    assert _admission(_ALL_PENDING, limits=limits).deferred == ()
    assert _begun(_ALL_PENDING, limits=limits) == "b"
    assert _begun(_ALL_PENDING, limits=limits, now=_NOW + timedelta(minutes=120)) == "ab"


def test_a_window_that_is_open_long_enough_lets_the_host_begin() -> None:
    assert _begun(_ALL_PENDING, limits=_windows(_opening(-60, 70))) == "ab"
