"""The plan: frozen, complete, readable as JSON, named by its digest. What the operator reviews is what runs."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Literal

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from core.model.facts import RebootNeed, Severity
from core.model.host import Place


@dataclass(frozen=True, slots=True)
class Package:
    """An installer, by the hash of its content. Source is where the audit PC finds it."""

    sha256: str
    filename: str
    source: str
    size_bytes: int
    kb: str | None


@dataclass(frozen=True, slots=True)
class Undo:
    """Whether and how a step can be taken back. "impossible" is said, never left blank."""

    possible: bool
    how: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """How long a step takes, how long it interrupts, and where the figures are from. 90th percentile with history."""

    source: str = "no history: the usual time"
    p90_seconds: int | None = None
    outage_seconds: int = 0
    outage: str = ""


@dataclass(frozen=True, slots=True)
class PatchStep:
    """Run one SQL Server package on the host."""

    order: int
    package: str
    arguments: tuple[str, ...]
    instances: tuple[str, ...]
    version_family: str
    target_build: str
    required: bool
    timeout_seconds: int
    hard_limit_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    expectation: Expectation = Expectation()
    # Components that setup changes beside the named instances.
    touches: tuple[str, ...] = ()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    # Exit codes that the mapping calls a success beside the known ones.
    success_codes: tuple[int, ...] = ()
    reboot_codes: tuple[int, ...] = ()
    kind: Literal["patch"] = "patch"


@dataclass(frozen=True, slots=True)
class RebootStep:
    """Restart the host and prove that it happened."""

    order: int
    timeout_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    expectation: Expectation = Expectation()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    kind: Literal["reboot"] = "reboot"


@dataclass(frozen=True, slots=True)
class OsUpdateStep:
    """Install updates of the operating system in one session. Updates are references to the plan's own."""

    order: int
    updates: tuple[str, ...]
    timeout_seconds: int
    hard_limit_seconds: int
    expected_seconds: int
    why: str
    undo: Undo
    rule: str = ""
    expectation: Expectation = Expectation()
    checks_before: tuple[str, ...] = ()
    checks_after: tuple[str, ...] = ()
    kind: Literal["os_update"] = "os_update"


Step = PatchStep | RebootStep | OsUpdateStep


@dataclass(frozen=True, slots=True)
class PlannedInstance:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PlannedTarget:
    """What one host is to go through."""

    host: str
    machine_id: str
    place: Place
    instances: tuple[PlannedInstance, ...]
    steps: tuple[Step, ...]
    required_free_bytes: int
    groups: tuple[str, ...] = ()
    # Roles that the operator moves away before the host's turn; until then the host is held.
    held_for: tuple[str, ...] = ()

    @property
    def expected_seconds(self) -> int:
        return sum(step.expected_seconds for step in self.steps)

    @property
    def p90_seconds(self) -> int | None:
        """None until every step has a history."""
        known = [step.expectation.p90_seconds for step in self.steps]
        return None if None in known else sum(one for one in known if one is not None)


@dataclass(frozen=True, slots=True)
class Wave:
    """Hosts that may be worked on at the same time. A wave starts when the one before it is done."""

    order: int
    name: str
    hosts: tuple[str, ...]
    expected_seconds: int
    p90_seconds: int | None = None
    # Against the window, if there is one.
    ends_at: datetime | None = None
    p90_ends_at: datetime | None = None
    fits: bool | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A host or instance that the plan leaves alone, and why."""

    host: str
    instance: str | None
    code: str
    reason: str
    # None where nobody knows: no tenant's report tells of it.
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """A warning that several hosts share is one warning; one that no host is named in is about the plan."""

    code: str
    host: str | None
    message: str
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedUpdate:
    """An update of an operating system, said once however many hosts get it."""

    id: str
    kb: str | None
    title: str
    classification: str
    severity: Severity
    requires_reboot: RebootNeed
    size_bytes: int
    released: date | None


@dataclass(frozen=True, slots=True)
class UpdateLeftOut:
    """An update that these hosts are offered and do not get, and why."""

    update: str
    kb: str | None
    title: str
    code: str
    reason: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupRule:
    """How the members of a group follow each other. A rule, not a list: roles move between plan and turn."""

    name: str
    kind: str
    rule: str
    hosts: tuple[str, ...]
    known_from: str


@dataclass(frozen=True, slots=True)
class CheckRule:
    """A check that steps refer to."""

    id: str
    what: str


@dataclass(frozen=True, slots=True)
class PlannedWindow:
    """The next opening of a maintenance window after the facts were collected."""

    name: str
    zone: str
    opens_at: datetime
    closes_at: datetime
    last_safe_start: datetime | None


@dataclass(frozen=True, slots=True)
class Totals:
    hosts: int = 0
    instances: int = 0
    steps: int = 0
    restarts: int = 0
    os_updates: int = 0
    bytes_to_copy: int = 0
    expected_seconds: int = 0
    p90_seconds: int | None = None
    workers: int = 1
    # The smallest number of hosts at a time that ends within the window. None: no window, or none would do.
    workers_that_fit: int | None = None


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Digests of all that the plan was made from."""

    facts: str
    mapping: str
    reference: str
    policy: str
    history: str


@dataclass(frozen=True, slots=True)
class StepDocument:
    """A step of one host: the recipe by its place in the plan's list, and what is the host's own."""

    order: int
    recipe: int
    instances: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetDocument:
    host: str
    machine_id: str
    place: Place
    instances: tuple[PlannedInstance, ...]
    steps: tuple[StepDocument, ...]
    required_free_bytes: int
    groups: tuple[str, ...] = ()
    held_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """A plan as JSON holds it. Recipes are steps without a place in an order, without instances and updates."""

    id: str
    made_at: datetime
    digest: str
    as_of: datetime
    inputs: PlanInputs
    packages: tuple[Package, ...]
    recipes: tuple[Step, ...]
    waves: tuple[Wave, ...]
    targets: tuple[TargetDocument, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[PlanWarning, ...]
    totals: Totals = Totals()
    window: PlannedWindow | None = None
    groups: tuple[GroupRule, ...] = ()
    updates: tuple[PlannedUpdate, ...] = ()
    updates_left_out: tuple[UpdateLeftOut, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    schema_version: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    id: str
    made_at: datetime
    digest: str
    as_of: datetime
    inputs: PlanInputs
    packages: tuple[Package, ...]
    waves: tuple[Wave, ...]
    targets: tuple[PlannedTarget, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[PlanWarning, ...]
    totals: Totals = Totals()
    window: PlannedWindow | None = None
    groups: tuple[GroupRule, ...] = ()
    updates: tuple[PlannedUpdate, ...] = ()
    updates_left_out: tuple[UpdateLeftOut, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    schema_version: int = 1

    def target(self, host: str) -> PlannedTarget:
        return next(one for one in self.targets if one.host == host)

    def package(self, sha256: str) -> Package:
        return next(one for one in self.packages if one.sha256 == sha256)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        """In documents thousands of hosts share a few recipes, so that a large plan stays small."""
        form = handler.generate_schema(PlanDocument)
        from_form = core_schema.no_info_after_validator_function(_read, form)
        return core_schema.json_or_python_schema(
            json_schema=from_form,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), from_form]),
            serialization=core_schema.plain_serializer_function_ser_schema(_written, return_schema=form),
        )


PLAN_VERSION = 1
# These three name the making, not the content: the digest leaves them out.
NOT_DIGESTED = frozenset({"id", "made_at", "digest"})


def _written(plan: Plan) -> PlanDocument:
    recipes: dict[Step, int] = {}
    targets = tuple(
        TargetDocument(
            host=one.host,
            machine_id=one.machine_id,
            place=one.place,
            instances=one.instances,
            steps=tuple(_referring(step, recipes) for step in one.steps),
            required_free_bytes=one.required_free_bytes,
            groups=one.groups,
            held_for=one.held_for,
        )
        for one in plan.targets
    )
    same = {one.name: getattr(plan, one.name) for one in fields(Plan) if one.name != "targets"}
    return PlanDocument(targets=targets, recipes=tuple(recipes), **same)


def _referring(step: Step, recipes: dict[Step, int]) -> StepDocument:
    match step:
        case PatchStep():
            recipe: Step = replace(step, order=0, instances=())
            return StepDocument(step.order, recipes.setdefault(recipe, len(recipes)), instances=step.instances)
        case OsUpdateStep():
            recipe = replace(step, order=0, updates=())
            return StepDocument(step.order, recipes.setdefault(recipe, len(recipes)), updates=step.updates)
        case RebootStep():
            return StepDocument(step.order, recipes.setdefault(replace(step, order=0), len(recipes)))


def _read(form: PlanDocument) -> Plan:
    targets = tuple(
        PlannedTarget(
            host=one.host,
            machine_id=one.machine_id,
            place=one.place,
            instances=one.instances,
            steps=tuple(_resolved(step, form.recipes) for step in one.steps),
            required_free_bytes=one.required_free_bytes,
            groups=one.groups,
            held_for=one.held_for,
        )
        for one in form.targets
    )
    same = {one.name: getattr(form, one.name) for one in fields(Plan) if one.name != "targets"}
    return Plan(targets=targets, **same)


def _resolved(step: StepDocument, recipes: tuple[Step, ...]) -> Step:
    if not 0 <= step.recipe < len(recipes):
        raise ValueError(f"step {step.order} refers to recipe {step.recipe}, and there are {len(recipes)}")
    match recipes[step.recipe]:
        case PatchStep() as recipe:
            return replace(recipe, order=step.order, instances=step.instances)
        case OsUpdateStep() as recipe:
            return replace(recipe, order=step.order, updates=step.updates)
        case RebootStep() as recipe:
            return replace(recipe, order=step.order)
