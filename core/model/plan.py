"""The plan: frozen, complete, readable as JSON, named by its digest. What the operator reviews is what runs."""

from dataclasses import dataclass, field, fields
from datetime import date, datetime
from functools import cached_property

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from core.model.application import ApplicationCheck
from core.model.facts import RebootNeed, Severity
from core.model.host import Place
from core.model.policy import MaintenanceWindow, RunRules
from core.model.recipes import StepDocument, referring, resolved
from core.model.step import Package, Step


@dataclass(frozen=True, slots=True)
class PlannedInstance:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Target:
    """What a planned host and its document have in common."""

    host: str
    machine_id: str
    place: Place
    instances: tuple[PlannedInstance, ...]
    steps: tuple[Step, ...] | tuple[StepDocument, ...]
    required_free_bytes: int
    groups: tuple[str, ...] = ()
    # Roles that the operator moves away before the host's turn; until then the host is held.
    held_for: tuple[str, ...] = ()
    failure_domain: str | None = None
    # Those of the plan's that are the host's own, by name. Without a window it may be worked on at any time.
    windows: tuple[str, ...] = ()
    application_checks: tuple[str, ...] = ()
    # Stopped before the first step, and started after the last one.
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedTarget(_Target):
    """What one host is to go through."""

    steps: tuple[Step, ...]

    @property
    def expected_seconds(self) -> int:
        return sum(step.expected_seconds for step in self.steps)

    @property
    def p90_seconds(self) -> int | None:
        """None until every step has a history."""
        known = [step.expectation.p90_seconds for step in self.steps]
        return None if None in known else sum(one for one in known if one is not None)


@dataclass(frozen=True, slots=True)
class TargetDocument(_Target):
    steps: tuple[StepDocument, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """Hosts that may be worked on at the same time. A wave starts when the one before it is done and was watched long
    enough; after canaries only if all of them succeeded."""

    order: int
    name: str
    hosts: tuple[str, ...]
    expected_seconds: int
    p90_seconds: int | None = None
    # Against the windows of its hosts, if they have some.
    ends_at: datetime | None = None
    p90_ends_at: datetime | None = None
    fits: bool | None = None
    begins_at: datetime | None = None
    canary: bool = False
    # How long it is watched before the next one begins.
    soak_seconds: int = 0

    def among(self, waves: int) -> str:
        """2 of 3: what it is. A tenant's part of a plan has no names."""
        place = f"{self.order} of {waves}"
        return f"{place}: {self.name}" if self.name else place


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

    @property
    def concerned(self) -> tuple[str, ...]:
        """Its hosts, however many; none where it is about the plan."""
        return self.hosts or (() if self.host is None else (self.host,))


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
    """A maintenance window of some planned hosts, and the opening that the plan's times count for: the next one after
    the facts were collected, or after the waves that must be done before."""

    window: MaintenanceWindow
    opens_at: datetime
    closes_at: datetime
    # For its own hosts to be done in time. None: they are not, whenever the run starts.
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


@dataclass(frozen=True)
class _Content:
    """What a plan and its document have in common."""

    id: str
    made_at: datetime
    digest: str
    as_of: datetime
    inputs: PlanInputs
    packages: tuple[Package, ...]
    waves: tuple[Wave, ...]
    targets: tuple[PlannedTarget, ...] | tuple[TargetDocument, ...]
    skipped: tuple[Skipped, ...]
    warnings: tuple[PlanWarning, ...]
    totals: Totals = Totals()
    rules: RunRules = field(default_factory=RunRules)
    windows: tuple[PlannedWindow, ...] = ()
    groups: tuple[GroupRule, ...] = ()
    updates: tuple[PlannedUpdate, ...] = ()
    updates_left_out: tuple[UpdateLeftOut, ...] = ()
    checks: tuple[CheckRule, ...] = ()
    application_checks: tuple[ApplicationCheck, ...] = ()
    schema_version: int = 1


@dataclass(frozen=True)
class PlanDocument(_Content):
    """A plan as JSON holds it."""

    targets: tuple[TargetDocument, ...]
    recipes: tuple[Step, ...] = field(kw_only=True)


@dataclass(frozen=True)
class Plan(_Content):
    targets: tuple[PlannedTarget, ...]

    def target(self, host: str) -> PlannedTarget:
        return self._targets[host]

    @property
    def restarts_wait(self) -> bool:
        """Fewer of them than of hosts may coincide: it is they who make the plan take longer."""
        return bool(self.totals.restarts) and self.rules.pace.max_reboots < self.totals.workers

    @property
    def left_out(self) -> int:
        """Instances that are left alone, and hosts of which none is known: one that is held is not counted twice."""
        instances = {(one.host, one.instance) for one in self.left_alone if one.instance is not None}
        named = {host for host, _ in instances}
        return len(instances) + len({one.host for one in self.left_alone if one.host not in named})

    @property
    def left_alone(self) -> tuple[Skipped, ...]:
        """What is not patched. A host without SQL Server whose system is patched is not among it."""
        worked_on = self._targets
        return tuple(one for one in self.skipped if one.code != "no_instance" or one.host not in worked_on)

    def applications_of(self, host: str) -> tuple[ApplicationCheck, ...]:
        names = self.target(host).application_checks
        return tuple(one for one in self.application_checks if one.name in names)

    def windows_of(self, host: str) -> tuple[MaintenanceWindow, ...]:
        names = self.target(host).windows
        return tuple(one.window for one in self.windows if one.window.name in names)

    def groups_of(self, host: str) -> tuple[GroupRule, ...]:
        return self._groups.get(host, ())

    def package(self, sha256: str) -> Package:
        return self._packages[sha256]

    @cached_property
    def _targets(self) -> dict[str, PlannedTarget]:
        return {one.host: one for one in self.targets}

    @cached_property
    def _groups(self) -> dict[str, tuple[GroupRule, ...]]:
        found: dict[str, list[GroupRule]] = {}
        for one in self.groups:
            for host in one.hosts:
                found.setdefault(host, []).append(one)
        return {host: tuple(groups) for host, groups in found.items()}

    @cached_property
    def _packages(self) -> dict[str, Package]:
        return {one.sha256: one for one in self.packages}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
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

_COMMON = tuple(one.name for one in fields(Plan) if one.name != "targets")
_TARGET_COMMON = tuple(one.name for one in fields(PlannedTarget) if one.name != "steps")


def _written(plan: Plan) -> PlanDocument:
    recipes: dict[Step, int] = {}
    targets = tuple(
        TargetDocument(
            steps=tuple(referring(step, recipes) for step in one.steps),
            **{name: getattr(one, name) for name in _TARGET_COMMON},
        )
        for one in plan.targets
    )
    return PlanDocument(targets=targets, recipes=tuple(recipes), **{name: getattr(plan, name) for name in _COMMON})


def _read(form: PlanDocument) -> Plan:
    targets = tuple(
        PlannedTarget(
            steps=tuple(resolved(step, form.recipes) for step in one.steps),
            **{name: getattr(one, name) for name in _TARGET_COMMON},
        )
        for one in form.targets
    )
    return Plan(targets=targets, **{name: getattr(form, name) for name in _COMMON})
