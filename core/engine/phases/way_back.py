"""Which steps lead a host back to its builds from before, last done first."""

from dataclasses import replace

from core.detection.builds import testimony
from core.engine.standing import Standing
from core.model.build import Build
from core.model.facts import Facts
from core.model.plan import PlannedTarget
from core.model.state import StepState
from core.model.step import OsUpdateStep, PatchStep, RebootStep, RemovalStep, UndoStep

_DONE = frozenset({StepState.SUCCESS, StepState.FAILED})


def way_back(planned: PlannedTarget, standing: Standing, facts: Facts) -> tuple[UndoStep, ...] | str:
    """The steps, or in words why there is no way. A failed setup may have changed some of its instances."""
    if facts.installers:
        return f"something is being installed: {', '.join(map(str, facts.installers))}"
    done = [one for one in planned.steps if standing.step(one.order) in _DONE]
    by_hand = [one for one in done if isinstance(one, OsUpdateStep)]
    if by_hand:
        return f"step {by_hand[0].order} is taken back by hand: {by_hand[0].undo.how}"
    found = _removals(planned, [one for one in done if isinstance(one, PatchStep)], facts)
    return found if isinstance(found, str) else _numbered(planned, found)


def _removals(planned: PlannedTarget, done: list[PatchStep], facts: Facts) -> list[RemovalStep] | str:
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


def _numbered(planned: PlannedTarget, removals: list[RemovalStep]) -> tuple[UndoStep, ...]:
    """After the plan's own steps. Where the plan restarts the host, the way back does, too."""
    steps: list[UndoStep] = [*removals]
    restarts = [one for one in planned.steps if isinstance(one, RebootStep)]
    if removals and restarts:
        steps.append(replace(restarts[-1], why="an update that is removed is gone with a restart"))
    first = max(one.order for one in planned.steps) + 1
    return tuple(replace(step, order=order) for order, step in enumerate(steps, first))
