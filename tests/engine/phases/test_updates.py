"""Updates of the system as one job: what the service offers now counts, and each ends by itself."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from core.contract.job import StartResult, StatusPart, WatchResult
from core.contract.updates import OutcomePart, StartUpdates, UpdatesResult
from core.engine.effects import Effect, GiveToken, Show, TakeToken
from core.engine.errand import Ended, Errand
from core.engine.phases.updates import update
from core.model.events import JobEnded, JobIntended, StepMoved, UpdateEnded, Warned
from core.model.facts import Facts, InstalledUpdate, OsUpdate, PendingReboot, UpdateAnswer, UpdateSilence
from core.model.failure import Cause, Failure
from core.model.plan import PlannedUpdate
from core.model.record import StepRecord
from core.model.state import StepState, TargetState
from core.model.step import OsUpdateStep, Undo
from tests.engine.scripted import NOON, Driver, errand, facts

_A, _B = "aaaaaaaa-0000-0000-0000-000000000000.200", "bbbbbbbb-0000-0000-0000-000000000000.200"
_NEWER = OsUpdate("cccccccc-0000-0000-0000-000000000000.1", "newer", kb="3", supersedes=(_A.partition(".")[0],))
_STEP = OsUpdateStep(1, (_A, _B), 600, 1800, 600, "why", Undo(False, "not at all"))
_INTENT = JobIntended(1, "run.1", (_A, _B))
_STARTED = StartResult(schema_version=1, state="started")
_GONE = WatchResult(schema_version=1, known=True, running=False, status=None)
_UNKNOWN = WatchResult(schema_version=1, known=False, running=False, status=None)


def _errand(past: StepRecord | None = None) -> Errand:
    known = {_A: "1", _B: "2"}
    names = tuple(PlannedUpdate(one, kb, "x", "", "unrated", "can", 0, None) for one, kb in known.items())
    return replace(errand([_STEP], past=() if past is None else (past,)), updates=names)


def _searched(*offered: str, more: tuple[OsUpdate, ...] = (), installed: tuple[str, ...] = ()) -> Facts:
    witness = UpdateAnswer("WU", "id", "", NOON, True, tuple(InstalledUpdate(one, "x") for one in installed))
    return replace(facts(), updates=(*(OsUpdate(one, "x") for one in offered), *more), update_witness=witness)


def _ended(code: int = 0) -> WatchResult:
    later = NOON + timedelta(minutes=10)
    status = StatusPart(sequence=3, state="ended", started_at=NOON, ended_at=later, exit_code=code, message="")
    return WatchResult(schema_version=1, known=True, running=False, status=status)


def _outcome(patch_id: str, state: str = "installed", hresult: int = 0, result_code: int = 2) -> OutcomePart:
    told = {
        "patch_id": patch_id,
        "title": "x",
        "kb": "1" if patch_id == _A else "2",
        "class_id": "0fa1201d-4330-4fa8-8ae9-b877473b6441",
        "state": state,
        "downloaded": True,
        "result_code": result_code,
        "hresult": hresult,
        "reboot_required": True,
        "duration_ms": 5,
        "message": "",
    }
    return OutcomePart.model_validate(told)


def _result(*outcomes: OutcomePart, reboot: bool = True) -> UpdatesResult:
    return UpdatesResult(schema_version=1, hresult=0, message="", reboot_required=reboot, updates=outcomes)


def _driver(*assessed: Any, watched: WatchResult | None = None, left: UpdatesResult | None = None) -> Driver:
    return Driver(
        {
            "assess": list(assessed),
            "start_updates": [_STARTED],
            "watch_job": [watched or _ended()],
            "collect_updates": [left or _result(_outcome(_A), _outcome(_B))],
        }
    )


def _ends(driver: Driver) -> dict[str, str]:
    return {one.patch_id: one.state for one in driver.told if isinstance(one, UpdateEnded)}


def _started(driver: Driver) -> tuple[str, ...]:
    (asked,) = (one.parameters for one in driver.asked if isinstance(one.parameters, StartUpdates))
    return tuple(asked.updates)


@pytest.mark.parametrize("reboot", [True, False])
def test_the_agents_word_says_whether_a_restart_is_wanted(reboot: bool) -> None:
    driver = _driver(_searched(_A, _B), left=_result(_outcome(_A), _outcome(_B), reboot=reboot))
    assert driver.drive(update(_errand(), _STEP)) is reboot
    assert _started(driver) == (_A, _B)
    assert _ends(driver) == {_A: "installed", _B: "installed"}


def test_what_was_superseded_is_left_out_and_what_took_its_place_is_not_installed() -> None:
    driver = _driver(_searched(_B, more=(_NEWER,)), left=_result(_outcome(_B)))
    assert driver.drive(update(_errand(), _STEP)) is True
    assert _started(driver) == (_B,)
    assert _ends(driver) == {_A: "superseded", _B: "installed"}
    (warned,) = (one for one in driver.told if isinstance(one, Warned))
    assert warned.message.startswith("KB1 is superseded by KB3 (plan again")


def test_nothing_is_started_when_nothing_is_offered_any_more() -> None:
    driver = _driver(_searched(installed=(_A,)))
    assert driver.drive(update(_errand(), _STEP)) is False
    assert driver.names() == []
    assert _ends(driver) == {_A: "already_installed", _B: "not_offered"}
    (moved,) = (one for one in driver.told if isinstance(one, StepMoved))
    assert moved.after is StepState.SKIPPED
    assert moved.failure is not None
    assert moved.failure.cause is Cause.CHANGED


def test_without_the_services_word_nothing_is_started() -> None:
    silent = replace(facts(), update_witness=UpdateSilence(Failure(Cause.UPDATE_SERVICE, "0x8024402C: not resolved")))
    driver = _driver(silent)
    ended = driver.drive(update(_errand(), _STEP))
    assert isinstance(ended, Ended)
    assert (ended.state, ended.failure and ended.failure.cause) == (TargetState.FAILED, Cause.UPDATE_SERVICE)
    assert driver.names() == []


def test_one_that_failed_fails_the_step_and_the_others_are_told_as_they_ended() -> None:
    left = _result(_outcome(_A, "install_failed", -2147024784, 4), _outcome(_B))
    driver = _driver(_searched(_A, _B), left=left)
    ended = driver.drive(update(_errand(), _STEP))
    assert isinstance(ended, Ended)
    assert ended.failure is not None
    assert ended.failure.detail == "1 of 2 updates failed: KB1: 0x80070070: the disk is full"
    assert _ends(driver) == {_A: "install_failed", _B: "installed"}


def test_installed_with_errors_is_not_installed() -> None:
    driver = _driver(_searched(_A), left=_result(_outcome(_A, result_code=3)))
    assert isinstance(driver.drive(update(_errand(), _STEP)), Ended)
    assert _ends(driver)[_A] == "install_failed"


def test_a_session_that_ends_with_a_number_has_failed_by_that_number() -> None:
    driver = _driver(_searched(_A, _B), watched=_ended(-2145107924), left=_result())
    ended = driver.drive(update(_errand(), _STEP))
    assert isinstance(ended, Ended)
    assert ended.failure is not None
    assert "0x8024402C" in ended.failure.detail
    (job,) = (one for one in driver.told if isinstance(one, JobEnded))
    assert job.exit_code == -2145107924


@pytest.mark.parametrize("waits", [True, False])
def test_a_job_that_is_gone_is_judged_by_a_search(waits: bool) -> None:
    after = _searched(installed=() if waits else (_A, _B))
    after = replace(after, pending_reboot=(PendingReboot("windows_update"),) if waits else ())
    driver = _driver(_searched(_A, _B), after, watched=_GONE)
    assert driver.drive(update(_errand(), _STEP)) is True
    assert [one.after for one in driver.told if isinstance(one, StepMoved)] == [
        StepState.RUNNING,
        StepState.UNKNOWN,
        StepState.SUCCESS,
    ]


def test_a_job_that_is_gone_with_work_undone_has_failed_and_is_not_started_again() -> None:
    driver = _driver(_searched(_A, _B), _searched(_B, installed=(_A,)), watched=_GONE)
    ended = driver.drive(update(_errand(), _STEP))
    assert isinstance(ended, Ended)
    assert ended.failure is not None
    assert (ended.failure.cause, "not installed: KB2" in ended.failure.detail) == (Cause.JOB_LOST, True)
    assert driver.names().count("start_updates") == 1
    assert _ends(driver) == {_A: "installed", _B: "lost"}


def test_a_process_that_takes_over_finds_the_job_and_starts_none() -> None:
    past = StepRecord(1, StepState.RUNNING, NOON, intent=_INTENT)
    driver = _driver()
    assert driver.drive(update(_errand(past), _STEP)) is True
    assert "start_updates" not in driver.names()


def test_a_job_that_was_only_meant_is_started_with_what_was_meant() -> None:
    past = StepRecord(1, StepState.RUNNING, NOON, intent=replace(_INTENT, arguments=(_B,)))
    driver = _driver(left=_result(_outcome(_B)))
    driver.answers["watch_job"] = [_UNKNOWN, _ended()]
    assert driver.drive(update(_errand(past), _STEP)) is True
    assert _started(driver) == (_B,)


@pytest.mark.parametrize(
    ("state", "cause", "ends"),
    [
        (StepState.FAILED, Cause.INSTALLER, TargetState.FAILED),
        (StepState.FAILED, Cause.OVERDUE, TargetState.BLOCKED),
        (StepState.SKIPPED, None, None),
    ],
)
def test_a_step_that_has_ended_is_not_begun_again(
    state: StepState, cause: Cause | None, ends: TargetState | None
) -> None:
    past = StepRecord(1, state, NOON, failure=None if cause is None else Failure(cause, "x"))
    driver = _driver()
    ended = driver.drive(update(_errand(past), _STEP))
    assert (ended.state if isinstance(ended, Ended) else None) is ends
    assert driver.asked == []


@dataclass
class _Onlooker(Driver):
    """Sees what is shown, and when the token of a transfer is held."""

    seen: list[str] = field(default_factory=list)

    def _perform(self, effect: Effect) -> Any:
        match effect:
            case TakeToken(token=token):
                self.seen.append(f"take {token}")
            case GiveToken(token=token):
                self.seen.append(f"give {token}")
            case Show(progress=progress):
                self.seen.append(f"{progress.doing} {progress.done_bytes} of {progress.total_bytes}")
            case _:
                pass
        return super()._perform(effect)


def _at(percent: int) -> WatchResult:
    status = StatusPart(
        sequence=percent, state="running", started_at=NOON, ended_at=None, exit_code=None, percent=percent, message="x"
    )
    return WatchResult(schema_version=1, known=True, running=True, status=status)


def test_a_download_holds_the_token_of_a_transfer_until_the_installation_begins_and_both_are_shown() -> None:
    sized = tuple(replace(one, size_bytes=1000) for one in _errand().updates)
    told = _driver(_searched(_A, _B)).answers | {"watch_job": [_at(0), _at(25), _at(50), _at(75), _ended()]}
    driver = _Onlooker(told)
    assert driver.drive(update(replace(_errand(), updates=sized), _STEP)) is True
    assert list(dict.fromkeys(driver.seen)) == [
        "take transfer",
        "downloading 0 of 2000",
        "downloading 1000 of 2000",
        "installing 0 of 100",
        "give transfer",
        "installing 50 of 100",
    ]


def test_a_session_that_takes_too_long_does_not_keep_the_downloads_of_others() -> None:
    stuck = replace(_STEP, timeout_seconds=0, hard_limit_seconds=1)
    driver = _Onlooker(_driver(_searched(_A, _B)).answers | {"watch_job": [_at(10), _at(10), _ended()]})
    driver.drive(update(_errand(), stuck))
    assert driver.seen.index("give transfer") == 2
