"""The engine broken on purpose, one way at a time: a simulation that does not notice would be worth nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import chain, product
from typing import Any

import pytest

from core.catalog.setup_codes import SetupResult
from core.contract.job import StartResult
from core.engine import admission, conduct, persistence, reverifying, tokens
from core.engine import walk as walks
from core.engine.admission import Admission, Scene
from core.engine.effects import Walk, lock_host, record
from core.engine.errand import Ended, Errand
from core.engine.limits import Limits
from core.engine.phases import confirm, install, jobs, leave, put_off, restart, updates
from core.engine.phases import undo as undos
from core.model.authorisation import Authorisation
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
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.server import ServerSpec
from core.practice.sql_updates import SQL_UPDATES
from core.verification import after
from tests.simulation.invariants import violations
from tests.simulation.schedule import Asked, Kill, Limiting, Schedule, draw
from tests.simulation.scheduler import simulate
from tests.simulation.test_kill_everywhere import WORSE
from tests.simulation.test_windows import LATE_AND_WORSE, NOTICED, PUT_OFF

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

    patch.setattr(walks, "restart_in_turn", nothing)


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


def _without(patch: pytest.MonkeyPatch, **changes: Any) -> None:
    """The gate decides as if this were not limited."""
    real = admission.admit

    def admit(plan: Plan, limits: Limits, scene: Scene) -> Admission:
        return real(plan, replace(limits, **changes), scene)

    patch.setattr(conduct, "admit", admit)


def _failures_are_not_counted(patch: pytest.MonkeyPatch) -> None:
    _without(patch, failures_allowed=None)


def _windows_are_ignored(patch: pytest.MonkeyPatch) -> None:
    _without(patch, windows={})


def _tenants_are_not_told_apart(patch: pytest.MonkeyPatch) -> None:
    _without(patch, per_tenant=None)


def _nobody_waits_between_two_starts(patch: pytest.MonkeyPatch) -> None:
    _without(patch, stagger=timedelta())


def _the_time_that_is_left_does_not_matter(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admission, "needed_time", lambda target: timedelta())


def _canaries_prove_nothing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admission, "_canary_not_well", lambda plan, scene: None)


def _nobody_is_watched(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admission, "_soaking", lambda plan, scene, wave: None)


def _partners_are_strangers(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admission, "_partners_of", lambda plan: {target.host: set() for target in plan.targets})


def _a_pause_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    real = conduct.Conduct._scene
    patch.setattr(conduct.Conduct, "_scene", lambda self: replace(real(self), paused=False))


def _an_authorisation_lasts_for_ever(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Authorisation, "covers", lambda self, digest, now: True)


def _everybody_restarts_at_once(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(tokens.Purse, "take", lambda self, token, host: True)


def _a_restart_that_may_go_on_has_no_token(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conduct.Conduct, "kept_tokens", lambda self: {})


def _hosts_forget_who_was_replaced(patch: pytest.MonkeyPatch) -> None:
    real = ANSWERS["take_claim"]

    def take(machine: Any, wanted: Any, content: bytes) -> Any:
        machine.epochs.clear()
        return real(machine, wanted, content)

    patch.setitem(ANSWERS, "take_claim", take)


def _work_by_hand_is_believed(patch: pytest.MonkeyPatch) -> None:
    def assess(errand: Errand, stood: TargetState) -> Walk[Ended]:
        yield from ()
        return Ended(TargetState.SUCCESS)

    patch.setattr(reverifying, "_assess", assess)


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


def _whatever_fails_is_taken_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(undos, "_is_called_for", lambda errand, state, failure: errand.standing.touched)


def _a_way_back_is_a_success(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(undos, "_judged", lambda state, failure, undone: Ended(TargetState.SUCCESS))


def _setup_is_believed_that_it_took_back(patch: pytest.MonkeyPatch) -> None:
    """And the removal itself is left out."""

    def go_back(errand: Errand, steps: object) -> Walk[bool]:
        yield from ()
        return False

    patch.setattr(undos, "_go_back", go_back)
    patch.setattr(undos, "restored", lambda planned, before, after: ())


def _a_restart_does_not_wait_for_its_window(patch: pytest.MonkeyPatch) -> None:
    def in_time(errand: Errand, step: object) -> Walk[bool]:
        yield from ()
        return True

    patch.setattr(put_off, "_in_time", in_time)


def _a_restart_that_may_be_scheduled_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """Called off without a word to the host."""

    def call_off(errand: Errand, intent: object) -> Walk[put_off.CallingOff]:
        yield from ()
        return put_off.CallingOff.DONE

    patch.setattr(restart, "call_off", call_off)


def _nobody_hears_that_a_restart_is_not_wanted(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conduct.Conduct, "_heed", lambda self, host, why: None)


def _a_host_that_waits_for_its_window_is_done(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(conduct, "_gone_on_with", lambda target, put_off: None)


def _a_way_back_begins_whatever_the_time(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(undos, "_too_late", lambda errand, steps, time: None)


def _dism_is_believed(patch: pytest.MonkeyPatch) -> None:
    """And nothing is removed."""

    def remove(errand: Errand, step: object) -> Walk[bool]:
        yield from ()
        return False

    patch.setattr(undos, "remove_update", remove)
    patch.setattr(after, "_former_revision", lambda before, later: after._machine(before, before))
    patch.setattr(after, "_gone", lambda patch_id, name, later: after._machine(later, later))


def _services_stay_stopped(patch: pytest.MonkeyPatch) -> None:
    def start(errand: Errand, ended: object) -> Walk[None]:
        yield from ()

    patch.setattr(walks, "start_services", start)


def _services_run_on(patch: pytest.MonkeyPatch) -> None:
    def stop(errand: Errand, before: object) -> Walk[None]:
        yield from ()

    patch.setattr(walks, "stop_services", stop)


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
    _failures_are_not_counted,
    _windows_are_ignored,
    _tenants_are_not_told_apart,
    _nobody_waits_between_two_starts,
    _the_time_that_is_left_does_not_matter,
    _canaries_prove_nothing,
    _nobody_is_watched,
    _partners_are_strangers,
    _a_pause_is_not_heard,
    _an_authorisation_lasts_for_ever,
    _everybody_restarts_at_once,
    _a_restart_that_may_go_on_has_no_token,
    _hosts_forget_who_was_replaced,
    _work_by_hand_is_believed,
    _applications_are_not_looked_at_again,
    _nobody_fetches_logs,
    _every_failure_is_tried_again,
    _whatever_fails_is_taken_back,
    _a_way_back_is_a_success,
    _setup_is_believed_that_it_took_back,
    _a_restart_does_not_wait_for_its_window,
    _a_restart_that_may_be_scheduled_is_forgotten,
    _nobody_hears_that_a_restart_is_not_wanted,
    _a_host_that_waits_for_its_window_is_done,
    _a_way_back_begins_whatever_the_time,
    _dism_is_believed,
    _services_stay_stopped,
    _services_run_on,
)


@pytest.mark.parametrize("mutation", _MUTATIONS, ids=lambda one: one.__name__.strip("_"))
def test_the_simulation_notices(
    mutation: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    assert any(violations(simulate(schedule)) for schedule in chain(_HIT_BY.get(mutation, ()), _schedules()))


def _schedules() -> Iterator[Schedule]:
    """Those that are drawn, and among them some that die at the narrow places, which chance seldom hits."""
    yield from map(draw, range(_FEW))
    for effect in range(1, 30):
        yield replace(draw(0), kills=(Kill(effect, "after", 3.0),), asked=(Asked(0.0, "withdraw", 0),))
    # A window that is long enough for one of them, and not for the next.
    yield replace(_three(0, workers=1), limiting=Limiting(window=(-60, 90)))
    # One that is late and waits for the next night, and one whose restart is announced when somebody wants it back.
    yield from (PUT_OFF, LATE_AND_WORSE, WORSE)
    yield replace(PUT_OFF, asked=(Asked(40_000, "withdraw"),))
    yield from (replace(NOTICED, asked=(Asked(float(at), "withdraw"),)) for at in range(600, 1800, 200))
    yield from map(draw, range(_FEW, _ENOUGH))
    # Around a restart, while others are about to ask for one.
    for seed, effect in product((2, 0, 1, 3), range(100, 180, 2)):
        yield _killed_at_a_restart(seed, effect)
    # While the claim of another host is asked for, which comes through late.
    for seed, effect in product(range(60), range(4, 9)):
        yield _killed_at_a_claim(seed, effect)


def _killed_at_a_restart(seed: int, effect: int) -> Schedule:
    return replace(_three(seed, workers=3), kills=(Kill(effect, "after", 3.0),))


def _killed_at_a_claim(seed: int, effect: int) -> Schedule:
    return replace(_three(seed, workers=2), kills=(Kill(effect, "before", 3.0),))


def _three(seed: int, workers: int) -> Schedule:
    behind = (InstanceSpec(build=SQL_UPDATES["2019"].before),)
    return Schedule(seed, tuple(ServerSpec(name=f"SQL0{one}", instances=behind) for one in (1, 2, 3)), workers)


# What hits the narrowest places is tried first: to come there by way of all the others takes long.
_HIT_BY: dict[Callable[[pytest.MonkeyPatch], None], tuple[Schedule, ...]] = {
    _hosts_forget_who_was_replaced: (_killed_at_a_claim(4, 8),),
    _a_restart_that_may_go_on_has_no_token: (_killed_at_a_restart(2, 144),),
    _an_authorisation_lasts_for_ever: (draw(85),),
    _everybody_restarts_at_once: (draw(76),),
    _nobody_is_waited_for: (draw(98),),
    _a_pause_is_not_heard: (draw(50),),
    _a_stop_is_not_heard: (draw(45),),
}
