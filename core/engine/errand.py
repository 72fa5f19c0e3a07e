"""What one walk is given: everything it may know, and where it stands."""

from dataclasses import dataclass
from datetime import datetime

from core.engine.standing import Standing
from core.model.application import ApplicationCheck
from core.model.events import Body, Event, UpdateState
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.host import Host, host_named
from core.model.mapping import HotfixMapping
from core.model.phase import Phase
from core.model.plan import PlannedTarget, PlannedUpdate
from core.model.policy import MaintenanceWindow, Policy, RunRules, UpdateService
from core.model.record import TargetRecord
from core.model.reference import Reference
from core.model.state import TargetState
from core.model.step import OsUpdateStep, Package
from core.model.transfer import ONLY_PSRP, Delivery
from core.model.verdict import HostVerdict
from core.policy.judging import judge_by
from core.policy.rules import NO_REFERENCE, Rules

NO_RULES = RunRules()
_TAKEN_BACK: frozenset[UpdateState | None] = frozenset({"superseded", "not_offered"})


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits of waits, in seconds."""

    connection_loss: int
    sql_startup: int
    job_start: int = 120
    long_poll: int = 10


@dataclass(frozen=True, slots=True)
class Errand:
    """One host's part of a run. Past and baseline are what an earlier process of the run left."""

    run_id: str
    epoch: int
    console: str
    planned: PlannedTarget
    packages: tuple[Package, ...]
    policy: Policy
    mapping: HotfixMapping
    trusted_signers: tuple[str, ...]
    patience: Patience
    past: TargetRecord
    standing: Standing
    baseline: Facts | None = None
    delivery: Delivery = ONLY_PSRP
    reference: Reference = NO_REFERENCE
    updates: tuple[PlannedUpdate, ...] = ()
    rules: RunRules = NO_RULES
    applications: tuple[ApplicationCheck, ...] = ()
    # Those of the host. Without any it may be worked on, and restarted, at any time.
    windows: tuple[MaintenanceWindow, ...] = ()
    # As the inventory knows the host: its tags and its place decide which pins hold, its targets what is disabled.
    known_as: Host | None = None
    # When this device's logs were fetched last, by whatever run.
    diagnosed_at: datetime | None = None
    # Where the host stood when somebody asked to verify it again: then that is all the walk does.
    reverified_from: TargetState | None = None

    def judged(self, facts: Facts) -> HostVerdict:
        """By the rules that the plan was made by."""
        rules = Rules(self.mapping, self.policy, self.reference, facts.collected_at.date())
        return judge_by(rules, facts, self.known_as or host_named(self.host))

    @property
    def host(self) -> str:
        return self.planned.host

    def package(self, sha256: str) -> Package:
        return next(one for one in self.packages if one.sha256 == sha256)

    def update(self, patch_id: str) -> PlannedUpdate | None:
        return next((one for one in self.updates if one.id == patch_id), None)

    def name_of(self, patch_id: str) -> str:
        """As people call it."""
        planned = self.update(patch_id)
        if planned is None:
            return patch_id
        return f"KB{planned.kb}" if planned.kb else planned.title

    @property
    def promised(self) -> dict[str, str]:
        """The planned updates of the system by name, without those that the service took back."""
        planned = (one for step in self.planned.steps if isinstance(step, OsUpdateStep) for one in step.updates)
        return {one: self.name_of(one) for one in planned if self.standing.update(one) not in _TAKEN_BACK}

    @property
    def update_service(self) -> UpdateService | None:
        """Who is asked when the host is assessed: nobody where no updates of the system are planned."""
        return next((one.service for one in self.planned.steps if isinstance(one, OsUpdateStep)), None)

    def event(self, phase: Phase, body: Body) -> Event:
        return Event(body, self.host, phase)


@dataclass(frozen=True, slots=True)
class Ended:
    """The walk is over before its last step: in this state, for this reason.

    Put off: only for now. The host stays claimed, and the run goes on with it when its time has come.
    """

    state: TargetState
    failure: Failure | None = None
    put_off: bool = False
