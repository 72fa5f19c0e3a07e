"""The engine broken on purpose, one way at a time: a simulation that does not notice would be worth nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.catalog.setup_codes import SetupResult
from core.contract.job import StartResult
from core.engine import admission, conduct, persistence
from core.engine import walk as walks
from core.engine.admission import Scene
from core.engine.effects import Walk, lock_host, record
from core.engine.errand import Ended, Errand
from core.engine.phases import confirm, install, jobs, leave, restart, updates
from core.model.check import Check
from core.model.events import JobIntended
from core.model.phase import Phase
from core.model.plan import Plan, Wave
from core.model.state import StepState, TargetState
from core.model.step import PatchStep
from core.practice.answers.answering import ANSWERS
from core.practice.host import installer as setup
from core.practice.host import update_session
from core.practice.host.jobs import Job
from core.practice.host.updates import patch_id_of
from core.verification import after
from tests.simulation.invariants import violations
from tests.simulation.schedule import Asked, Kill, Schedule, draw
from tests.simulation.scheduler import simulate

_FEW, _ENOUGH = 30, 120


def _a_job_of_its_own_for_each_process(patch: pytest.MonkeyPatch) -> None:
    for module in (jobs, install, updates):
        patch.setattr(module, "job_id", lambda errand, step: f"{errand.run_id}.{step.order}.{errand.epoch}")


def _hosts_that_forget_which_jobs_they_had(patch: pytest.MonkeyPatch) -> None:
    def start(machine: Any, wanted: Any) -> StartResult:
        machine.jobs[wanted.job_id] = Job(wanted.job_id, wanted.sha256, wanted.file_name, wanted.arguments)
        setup.start(machine, machine.jobs[wanted.job_id])
        return StartResult(schema_version=1, state="started")

    patch.setitem(ANSWERS, "start_job", lambda machine, wanted, _: start(machine, wanted))


def _no_claim(patch: pytest.MonkeyPatch) -> None:
    def take_host(errand: Errand) -> Walk[Ended | None]:
        yield from lock_host()
        return None

    patch.setattr(walks, "take_host", take_host)


def _a_claim_that_is_not_given_back(patch: pytest.MonkeyPatch) -> None:
    def release(errand: Errand, in_reach: bool) -> Walk[None]:
        yield from ()

    patch.setattr(leave, "_release", release)


def _silence_is_success(patch: pytest.MonkeyPatch) -> None:
    def without_verdict(errand: Errand, step: PatchStep, failure: object) -> Walk[bool]:
        yield from jobs.settle(errand, step, StepState.SUCCESS)
        return True

    patch.setattr(install, "_without_verdict", without_verdict)
    patch.setattr(confirm, "verify", lambda planned, before, later, installed: ())


def _setup_is_believed(patch: pytest.MonkeyPatch) -> None:
    def believe(errand: Errand, before: object) -> Walk[Ended]:
        yield from ()
        return Ended(TargetState.SUCCESS)

    patch.setattr(walks, "confirm", believe)


def _a_restart_needs_no_proof(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(restart, "proven", lambda before, after: True)


def _the_restart_is_left_out(patch: pytest.MonkeyPatch) -> None:
    def nothing(errand: Errand, step: object) -> Walk[None]:
        yield from ()

    patch.setattr(walks, "restart", nothing)


def _an_intent_is_taken_for_the_deed(patch: pytest.MonkeyPatch) -> None:
    def find_job(errand: Errand, step: PatchStep) -> Walk[bool]:
        yield from jobs.settle(errand, step, StepState.SUCCESS)
        return True

    patch.setattr(install, "_find_job", find_job)


def _a_failed_step_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(install, "_after_failure", lambda step, failure: False)


def _deeds_before_intents(patch: pytest.MonkeyPatch) -> None:
    def without_intents(*events: Any) -> Walk[None]:
        yield from record(*(one for one in events if not isinstance(one.body, JobIntended)))

    patch.setattr(jobs, "record", without_intents)


def _waves_are_ignored(patch: pytest.MonkeyPatch) -> None:
    def all_at_once(plan: Plan, scene: Scene) -> Wave:
        return Wave(len(plan.waves), "all", tuple(scene.stands), 0)

    patch.setattr(admission, "_open_wave", all_at_once)


def _the_cap_is_ignored(patch: pytest.MonkeyPatch) -> None:
    real = admission.admit
    patch.setattr(conduct, "admit", lambda plan, limits, scene: real(plan, replace(limits, workers=99), scene))


def _a_stop_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conduct.Conduct, "_shut", lambda self: None)


def _a_withdrawn_host_is_begun(patch: pytest.MonkeyPatch) -> None:
    real = conduct.Conduct._withdraw

    def withdraw(self: conduct.Conduct, request: Any) -> Any:
        stands = dict(self._stands)
        answer = real(self, request)
        self._stands = stands
        return answer

    patch.setattr(conduct.Conduct, "_withdraw", withdraw)


def _requests_are_answered_again(patch: pytest.MonkeyPatch) -> None:
    real = conduct.Conduct.__init__

    def forget(self: conduct.Conduct, *given: Any) -> None:
        real(self, *given)
        object.__setattr__(self._begun_with, "answered", ())

    patch.setattr(conduct.Conduct, "__init__", forget)


def _whatever_is_offered_is_taken(patch: pytest.MonkeyPatch) -> None:
    """The host's own guard is taken away with the engine's: what is offered besides the plan is installed, too."""

    def all_of(machine: Any, job: Any, wanted: Any) -> None:
        start(machine, job, tuple(patch_id_of(one) for one in machine.updates.offered) or wanted)

    start = update_session.start
    patch.setattr(update_session, "start", all_of)


def _updates_are_believed(patch: pytest.MonkeyPatch) -> None:
    real = after.verify
    patch.setattr(confirm, "verify", lambda planned, before, later, installed: real(planned, before, later))


def _a_lost_session_has_installed_all(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(updates, "_came", lambda facts, patch_id: True)
    _updates_are_believed(patch)


def _a_failed_update_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(updates, "_after_failure", lambda failure: False)


def _nobody_is_waited_for(patch: pytest.MonkeyPatch) -> None:
    real = persistence._insist
    patch.setattr(persistence, "_insist", lambda errand, phase, question, limit: real(errand, phase, question, 0))


def _an_arrow_too_many(patch: pytest.MonkeyPatch) -> None:
    """A host that is left by its process is called done for, although its installer may be running."""

    def begin(self: conduct.Conduct, host: str) -> Any:
        errand = real(self, host)
        if errand.epoch > 1 and errand.standing.touched:
            self._recorder.record((errand.event(Phase.INSTALL, errand.standing.move(TargetState.CANCELLED)),))
        return errand

    real = conduct.Conduct._begin
    patch.setattr(conduct.Conduct, "_begin", begin)


def _applications_are_not_looked_at_again(patch: pytest.MonkeyPatch) -> None:
    def look(errand: Errand) -> Walk[tuple[Check, ...]]:
        yield from ()
        return ()

    patch.setattr(confirm, "applications_after", look)


def _nobody_fetches_logs(patch: pytest.MonkeyPatch) -> None:
    def diagnose(errand: Errand, ended: Ended) -> Walk[None]:
        yield from ()

    patch.setattr(walks, "diagnose", diagnose)


def _every_failure_is_tried_again(patch: pytest.MonkeyPatch) -> None:
    """As if setup had only been kept waiting, whatever its code says."""
    real = install._meaning

    def meaning(step: PatchStep, code: int) -> Any:
        told = real(step, code)
        return replace(told, result=SetupResult.BUSY) if told.result is SetupResult.FAILED else told

    patch.setattr(install, "_meaning", meaning)


_MUTATIONS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (
    _a_job_of_its_own_for_each_process,
    _hosts_that_forget_which_jobs_they_had,
    _no_claim,
    _a_claim_that_is_not_given_back,
    _silence_is_success,
    _setup_is_believed,
    _a_restart_needs_no_proof,
    _the_restart_is_left_out,
    _an_intent_is_taken_for_the_deed,
    _a_failed_step_is_passed_over,
    _deeds_before_intents,
    _waves_are_ignored,
    _the_cap_is_ignored,
    _a_stop_is_not_heard,
    _a_withdrawn_host_is_begun,
    _requests_are_answered_again,
    _whatever_is_offered_is_taken,
    _updates_are_believed,
    _a_lost_session_has_installed_all,
    _a_failed_update_is_passed_over,
    _nobody_is_waited_for,
    _an_arrow_too_many,
    _applications_are_not_looked_at_again,
    _nobody_fetches_logs,
    _every_failure_is_tried_again,
)


@pytest.mark.parametrize("mutation", _MUTATIONS, ids=lambda one: one.__name__.strip("_"))
def test_the_simulation_notices(
    mutation: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    assert any(violations(simulate(schedule)) for schedule in _schedules())


def _schedules() -> Iterator[Schedule]:
    """Those that are drawn, and among them some that die around a withdrawal, which chance seldom hits."""
    yield from map(draw, range(_FEW))
    for effect in range(1, 30):
        yield replace(draw(0), kills=(Kill(effect, "after", 3.0),), asked=(Asked(0.0, "withdraw", 0),))
    yield from map(draw, range(_FEW, _ENOUGH))
