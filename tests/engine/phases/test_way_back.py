"""Which steps lead back: DISM for the system, setup for instances, a restart between them, and what stays is said."""

from dataclasses import replace

from core.engine.errand import Errand
from core.engine.phases.way_back import WayBack, way_back
from core.model.events import UpdateEnded
from core.model.facts import Facts, PendingReboot
from core.model.plan import PlannedUpdate
from core.model.record import StepRecord
from core.model.state import StepState
from core.model.step import OsRemovalStep, OsUpdateStep, RebootStep, RemovalStep, Step, Undo
from tests.engine.scripted import AFTER, BEFORE, errand, facts, patch_step, reboot_step

_POSSIBLE = Undo(True, "DISM", ())
_ROLLUP, _OTHER = "rollup.1", "other.1"
_KNOWN = (
    PlannedUpdate(_ROLLUP, "1", "2026-02 Cumulative Update for Windows Server", "", "unrated", "always", 0, None),
    PlannedUpdate(_OTHER, "2", "2026-02 Cumulative Update for .NET Framework", "", "unrated", "never", 0, None),
)
_SQL = replace(patch_step(1), undo=Undo(True, "setup", ("/Action=RemovePatch",)))
_OS = OsUpdateStep(2, (_ROLLUP, _OTHER), 600, 1800, 600, "why", _POSSIBLE)
_REBOOT = reboot_step(3)


def _done(*steps: Step, installed: tuple[str, ...] = (_ROLLUP,)) -> Errand:
    ends = tuple(UpdateEnded(2, one, None, one, "", "installed") for one in installed)
    past = tuple(
        StepRecord(one.order, StepState.SUCCESS, updates=ends if isinstance(one, OsUpdateStep) else ()) for one in steps
    )
    return replace(errand(steps, past), updates=_KNOWN)


def _facts(build: str = BEFORE, revision: int = 1, waits: bool = False) -> Facts:
    found = facts(build)
    pending = (PendingReboot("windows_update"),) if waits else ()
    return replace(found, os=replace(found.os, version="10.0.20348", revision=revision), pending_reboot=pending)


def _steps(found: WayBack | str) -> list[str]:
    assert isinstance(found, WayBack)
    return [one.kind for one in found.steps]


def test_the_last_done_goes_first_and_a_restart_lies_between_the_systems_and_sql_servers() -> None:
    found = way_back(_done(_SQL, _OS, _REBOOT), _facts(), _facts(AFTER, 9000))
    assert _steps(found) == ["os_removal", "reboot", "removal", "reboot"]
    assert isinstance(found, WayBack)
    first, _, third, last = found.steps
    assert isinstance(first, OsRemovalStep)
    assert (first.package, first.updates, first.former_revision, first.of) == ("20348.9000", (_ROLLUP,), 1, 2)
    assert isinstance(third, RemovalStep)
    assert isinstance(last, RebootStep)
    assert [one.order for one in found.steps] == [4, 5, 6, 7]


def test_without_a_restart_in_the_plan_both_kinds_are_not_mixed() -> None:
    assert "must restart" in str(way_back(_done(_SQL, _OS), _facts(), _facts(AFTER, 9000)))


def test_what_only_a_restart_brings_has_no_name_yet() -> None:
    found = way_back(_done(_SQL, _OS, _REBOOT), _facts(), _facts(AFTER, 1, waits=True))
    assert found == "step 2 takes effect with a restart, and before it nothing of it can be removed"


def test_a_servicing_stack_stays_and_does_not_keep_the_rest() -> None:
    stack = replace(_OS, undo=Undo(False, "a servicing stack update stays for good"))
    found = way_back(_done(_SQL, stack, _REBOOT), _facts(), _facts(AFTER, 1))
    assert _steps(found) == ["removal", "reboot"]
    assert isinstance(found, WayBack)
    assert found.stays == ("step 2 stays: a servicing stack update stays for good",)


def test_where_nothing_can_be_removed_that_is_the_word_of_it() -> None:
    other = replace(_OS, undo=Undo(False, "uninstalled by hand, if at all"))
    found = way_back(_done(other, _REBOOT, installed=(_OTHER,)), _facts(), _facts(BEFORE, 1))
    assert found == "step 2 stays: uninstalled by hand, if at all"
