"""Which steps lead a host back to what it was before, last done first, and what stays all the same."""

from dataclasses import dataclass, replace

from core.detection.builds import testimony
from core.detection.updates import is_system_rollup
from core.engine.errand import Errand
from core.engine.standing import Standing
from core.model.build import Build
from core.model.facts import Facts
from core.model.plan import PlannedTarget
from core.model.state import StepState
from core.model.step import OsRemovalStep, OsUpdateStep, PatchStep, RebootStep, RemovalStep, UndoStep

_DONE = frozenset({StepState.SUCCESS, StepState.FAILED})


@dataclass(frozen=True, slots=True)
class WayBack:
    """Stays: what cannot be taken back, in words, a step each."""

    steps: tuple[UndoStep, ...]
    stays: tuple[str, ...] = ()


def way_back(errand: Errand, before: Facts, facts: Facts) -> WayBack | str:
    """Or in words why there is none. A failed setup may have changed some of its instances."""
    if facts.installers:
        return f"something is being installed: {', '.join(map(str, facts.installers))}"
    planned = errand.planned
    done = [one for one in planned.steps if errand.standing.step(one.order) in _DONE]
    system = [one for one in done if isinstance(one, OsUpdateStep) and installed_by(one, errand.standing)]
    stays = tuple(f"step {one.order} stays: {one.undo.how}" for one in system if not one.undo.possible)
    of_system = _of_system(errand, [one for one in system if one.undo.possible], before, facts)
    if isinstance(of_system, str):
        return of_system
    of_setup = _of_setup(planned, [one for one in done if isinstance(one, PatchStep)], facts)
    if isinstance(of_setup, str):
        return of_setup
    if not of_system and not of_setup and stays:
        return "; ".join(stays)
    steps = _numbered(planned, sorted([*of_system, *of_setup], key=lambda one: -one.of))
    return steps if isinstance(steps, str) else WayBack(steps, stays)


def installed_by(step: OsUpdateStep, standing: Standing) -> tuple[str, ...]:
    return tuple(one for one in step.updates if standing.update(one) == "installed")


def _of_system(errand: Errand, done: list[OsUpdateStep], before: Facts, facts: Facts) -> list[OsRemovalStep] | str:
    """Known by the revision that it brought: what only a restart brings has no name yet."""
    removals: list[OsRemovalStep] = []
    for step in done:
        titles = {one.id: one.title for one in errand.updates}
        rollups = tuple(one for one in installed_by(step, errand.standing) if is_system_rollup(titles.get(one, "")))
        if not rollups:
            continue
        if facts.os.revision == before.os.revision:
            if facts.pending_reboot:
                return f"step {step.order} takes effect with a restart, and before it nothing of it can be removed"
            continue
        removals.append(_of_rollup(step, rollups, before, facts))
    return removals


def _of_rollup(step: OsUpdateStep, rollups: tuple[str, ...], before: Facts, facts: Facts) -> OsRemovalStep:
    build = facts.os.version.rpartition(".")[2]
    return OsRemovalStep(
        order=0,
        of=step.order,
        package=f"{build}.{facts.os.revision}",
        updates=rollups,
        former_revision=before.os.revision,
        timeout_seconds=step.timeout_seconds,
        hard_limit_seconds=step.hard_limit_seconds,
    )


def _of_setup(planned: PlannedTarget, done: list[PatchStep], facts: Facts) -> list[RemovalStep] | str:
    """One instance at a time: /AllInstances would take the update off those that had it before."""
    here = _builds(planned, facts)
    removals: list[RemovalStep] = []
    for place, step in reversed(list(enumerate(done))):
        for instance in step.instances:
            build = here[instance]
            if build is None:
                return f"the witnesses of {instance} do not agree on what it has"
            if not build.is_same(Build.parse(step.target_build)):
                continue
            if not step.undo.possible:
                return f"step {step.order} cannot be taken back: {step.undo.how}"
            former = _before(planned, done[:place], instance)
            removals.append(_removal(step, instance, former))
            here[instance] = Build.parse(former)
    elsewhere = [one for one in planned.instances if not _is(here[one.name], one.before)]
    if elsewhere:
        return f"{elsewhere[0].name} is on {here[elsewhere[0].name]}, which no step of the plan brought"
    return removals


def _builds(planned: PlannedTarget, facts: Facts) -> dict[str, Build | None]:
    registered = {one.name: facts.registered(one.name) for one in planned.instances}
    return {name: None if one is None else testimony(facts, one).agreed for name, one in registered.items()}


def _is(build: Build | None, wanted: str) -> bool:
    return build is not None and build.is_same(Build.parse(wanted))


def _before(planned: PlannedTarget, earlier: list[PatchStep], instance: str) -> str:
    brought = [one.target_build for one in earlier if instance in one.instances]
    return brought[-1] if brought else next(one.before for one in planned.instances if one.name == instance)


def _removal(step: PatchStep, instance: str, former: str) -> RemovalStep:
    return RemovalStep(
        order=0,
        of=step.order,
        package=step.package,
        arguments=(*step.undo.arguments, f"/InstanceName={instance}"),
        instance=instance,
        former_build=former,
        version_family=step.version_family,
        timeout_seconds=step.timeout_seconds,
        hard_limit_seconds=step.hard_limit_seconds,
        success_codes=step.success_codes,
        reboot_codes=step.reboot_codes,
    )


def _numbered(planned: PlannedTarget, removals: list[RemovalStep | OsRemovalStep]) -> tuple[UndoStep, ...] | str:
    """After the plan's own steps. Where the plan restarts the host, the way back does, too: also between the two kinds,
    for setup refuses while the system waits for a restart, and so does DISM."""
    planned_restart = next((one for one in planned.steps if isinstance(one, RebootStep)), None)
    if planned_restart is None and len({one.kind for one in removals}) > 1:
        return "between the system's and SQL Server's the host must restart, which policy leaves to the operator"
    restart = (
        None
        if planned_restart is None
        else replace(planned_restart, why="an update that is removed is gone with a restart")
    )
    steps: list[UndoStep] = []
    for place, one in enumerate(removals):
        if restart is not None and place and one.kind != removals[place - 1].kind:
            steps.append(restart)
        steps.append(one)
    if removals and restart is not None:
        steps.append(restart)
    first = max(one.order for one in planned.steps) + 1
    return tuple(replace(step, order=order) for order, step in enumerate(steps, first))
