"""What changed from one plan to another, in what an operator would ask about."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from core.model.build import Build
from core.model.document import to_document
from core.model.plan import Plan
from core.model.step import OsUpdateStep, PatchStep, Step


@dataclass(frozen=True, slots=True)
class Change:
    """Gone from the first plan, new in the second."""

    gone: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    first: str
    second: str
    same_content: bool
    inputs: tuple[str, ...]
    hosts: Change
    steps: Change
    waves: Change
    packages: Change
    rules: Change
    windows: Change
    skipped: Change
    warnings: Change


def difference(first: Plan, second: Plan) -> Difference:
    """Everything is compared as it is said, so that a step that changed is one gone and one new. With a host that is
    gone goes what it was to get: that is not told again for each of its steps."""
    staying = {one.host for one in second.targets}
    return Difference(
        first=first.id,
        second=second.id,
        same_content=first.digest == second.digest,
        inputs=tuple(
            name
            for name in ("facts", "mapping", "reference", "policy", "history")
            if getattr(first.inputs, name) != getattr(second.inputs, name)
        ),
        hosts=_change((one.host for one in first.targets), (one.host for one in second.targets)),
        steps=_change(_steps(first, staying), _steps(second, staying)),
        waves=_change(_waves(first, staying), _waves(second, staying)),
        packages=_change(_packages(first), _packages(second)),
        rules=_change(_rules(first), _rules(second)),
        windows=_change(_windows(first), _windows(second)),
        skipped=_change(_skipped(first), _skipped(second)),
        warnings=_change(_warnings(first), _warnings(second)),
    )


def does_all_of(later: Plan, earlier: Plan, host: str) -> bool:
    """Whether a plan leaves nothing open on a host of what an earlier one was to do there."""
    reached = {one.name: Build.parse(one.after) for one in later.target(host).instances}
    return _updates(earlier, host) <= _updates(later, host) and all(
        one.name in reached and reached[one.name] >= Build.parse(one.after) for one in earlier.target(host).instances
    )


def _updates(plan: Plan, host: str) -> set[str]:
    return {key for step in plan.target(host).steps if isinstance(step, OsUpdateStep) for key in step.updates}


def step_in_words(plan: Plan, step: Step) -> str:
    match step:
        case PatchStep():
            command = " ".join((plan.package(step.package).filename, *step.arguments))
            return f"{command} for {', '.join(step.instances)}"
        case OsUpdateStep():
            titles = {one.id: f"KB{one.kb}" if one.kb else one.title for one in plan.updates}
            return f"system updates {', '.join(titles.get(one, one) for one in step.updates)}"
        case _:
            return "restart"


def _change(first: Iterable[str], second: Iterable[str]) -> Change:
    before, after = dict.fromkeys(first), dict.fromkeys(second)
    return Change(tuple(one for one in before if one not in after), tuple(one for one in after if one not in before))


def _steps(plan: Plan, hosts: Set[str]) -> Iterable[str]:
    for target in (one for one in plan.targets if one.host in hosts):
        builds = ", ".join(f"{one.name} {one.before} to {one.after}" for one in target.instances)
        if builds:
            yield f"{target.host}: {builds}"
        for step in target.steps:
            yield f"{target.host}: {step.order}. {step_in_words(plan, step)}"


def _waves(plan: Plan, hosts: Set[str]) -> Iterable[str]:
    return (f"{host}: wave {wave.order}" for wave in plan.waves for host in wave.hosts if host in hosts)


def _packages(plan: Plan) -> Iterable[str]:
    return (f"{one.filename} {one.sha256}" for one in plan.packages)


def _rules(plan: Plan) -> Iterable[str]:
    """What holds for the run, and which application checks it makes, by their names in the plan's document."""
    yield from _leaves("", to_document(plan.rules))
    for check in plan.application_checks:
        yield from _leaves(f"{check.name} ", to_document(check))
    for target in plan.targets:
        yield from (f"{target.host}: checks {name}" for name in target.application_checks)
        yield from (f"{target.host}: stops {name}" for name in target.services)


def _leaves(path: str, value: object) -> Iterable[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}{key} ", inner)
    elif isinstance(value, list):
        yield f"{path}{', '.join(map(str, value)) or 'none'}"
    else:
        yield f"{path}{'none' if value is None else value}"


def _windows(plan: Plan) -> Iterable[str]:
    for one in plan.windows:
        yield f"{one.window.name}: {one.opens_at.isoformat()} to {one.closes_at.isoformat()} ({one.window.zone})"
    for target in plan.targets:
        yield from (f"{target.host}: {name}" for name in target.windows)


def _skipped(plan: Plan) -> Iterable[str]:
    for one in plan.skipped:
        yield f"{one.host}{'' if one.instance is None else chr(92) + one.instance}: {one.reason}"
    for left in plan.updates_left_out:
        for host in left.hosts:
            yield f"{host}: {left.title}: {left.reason}"


def _warnings(plan: Plan) -> Iterable[str]:
    return (f"{host}: {one.message}" for one in plan.warnings for host in (one.concerned or ("plan",)))
