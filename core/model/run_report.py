"""The report of one run as a noun: what Excel, HTML and JSON all show, in the operator's words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from core.model.host import Place
from core.model.outcome import Outcome
from core.model.state import TargetState

# What a colour stands for, always beside a word.
Tone = Literal["good", "bad", "open"]


@dataclass(frozen=True, slots=True)
class Moment:
    """A line of a host's time line."""

    at: datetime
    words: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class InstanceReport:
    name: str
    before: str
    planned: str
    after: str | None


@dataclass(frozen=True, slots=True)
class StepReport:
    """What was planned, and what became of it."""

    order: int
    what: str
    arguments: str
    state: str
    tone: Tone
    exit_code: int | None
    meaning: str
    summary: str
    started_at: datetime | None
    ended_at: datetime | None
    undo: str
    reason: str


@dataclass(frozen=True, slots=True)
class UpdateReport:
    """An update of the operating system on one host."""

    kb: str
    title: str
    classification: str
    severity: str
    released: date | None
    state: str
    tone: Tone
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class CheckReport:
    moment: str
    name: str
    subject: str
    result: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Outage:
    """How long one service was away. Measured is the most: installer and restart count whole."""

    host: str
    service: str
    planned_seconds: int
    measured_seconds: int | None
    began_at: datetime | None
    ended_at: datetime | None
    # True: a fresh look found it up again. False: it was still down, and measured counts until the run left it. None:
    # nobody has looked since, or it was never away.
    back: bool | None
    # What of it was not away as long: a service of a group, which another member had meanwhile.
    carried: str = ""


@dataclass(frozen=True, slots=True)
class CollectedLog:
    """One log, without secrets. The file is in the run's folder."""

    what: str
    name: str
    file: str
    chars: int
    cut: bool
    redactions: int


@dataclass(frozen=True, slots=True)
class CollectedReport:
    """What was collected of a host that did not go well, and what could not be."""

    words: str
    tone: Tone
    at: datetime | None
    logs: tuple[CollectedLog, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """What was planned of a kind, and how much of it was done, taken out by somebody, or left over."""

    what: str
    planned: int
    done: int
    taken_out: int

    @property
    def left(self) -> int:
        return self.planned - self.done - self.taken_out


@dataclass(frozen=True, slots=True)
class HostReport:
    host: str
    place: Place
    wave: str
    # Of the host's maintenance window, else its own. None: neither is known.
    zone: str | None
    state: TargetState
    words: str
    tone: Tone
    sentence: str
    hint: str
    # No run begins with it before somebody unblocks it.
    patch_blocked: bool
    started_at: datetime | None
    ended_at: datetime | None
    # When the run's own work on it was over.
    worked_until: datetime | None
    connection_losses: int
    restarts_proven: int
    restarts_seconds: tuple[int, ...]
    instances: tuple[InstanceReport, ...]
    steps: tuple[StepReport, ...]
    updates: tuple[UpdateReport, ...]
    checks: tuple[CheckReport, ...]
    outages: tuple[Outage, ...]
    deviations: tuple[str, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    collected: CollectedReport | None
    moments: tuple[Moment, ...]

    @property
    def verified_again_at(self) -> datetime | None:
        """When somebody had it looked at once more, after the run's work."""
        return None if self.ended_at == self.worked_until else self.ended_at


@dataclass(frozen=True, slots=True)
class LeftOutReport:
    """What was not patched, and why: left out by the plan, or on the way."""

    host: str
    instance: str
    when: str
    words: str
    sentence: str
    needs_attention: bool


@dataclass(frozen=True, slots=True)
class FailureReport:
    host: str
    cause: str
    sentence: str
    hint: str
    patch_blocked: bool
    log: str


@dataclass(frozen=True, slots=True)
class Counted:
    words: str
    tone: Tone
    number: int


@dataclass(frozen=True, slots=True)
class RunReport:
    """Everything in it is from the journal of the run and from the plan that the journal names."""

    run_id: str
    plan_id: str
    plan_digest: str
    operator: str
    console: str
    reason: str
    change: str
    tenant: str | None
    started_at: datetime
    ended_at: datetime | None
    # When its own work was over.
    worked_until: datetime | None
    outcome: Outcome | None
    outcome_words: str
    planned_hosts: int
    counted: tuple[Counted, ...]
    against: tuple[Against, ...]
    hosts: tuple[HostReport, ...]
    left_out: tuple[LeftOutReport, ...]
    failures: tuple[FailureReport, ...]
    requests: tuple[str, ...]
    # The sites', the one with the most hosts first; and the reader's, where None stands for this PC's.
    site_zones: tuple[str, ...]
    zone: str | None
    made_at: datetime
    schema_version: int = 1

    @property
    def taken_up_until(self) -> datetime | None:
        """Where somebody had a host verified again, or logs fetched, after the run's work."""
        return None if self.ended_at == self.worked_until else self.ended_at

    @property
    def attention(self) -> tuple[HostReport, ...]:
        """What is bad comes first, then what is open."""
        open_ones = [one for one in self.hosts if one.tone != "good"]
        return tuple(sorted(open_ones, key=lambda one: one.tone != "bad"))

    @property
    def left_out_by_plan(self) -> int:
        """Instances, and hosts of which none is known: a host that was held is not counted besides its instances."""
        left = {(one.host, one.instance) for one in self.left_out if one.when == "by the plan"}
        with_instances = {host for host, instance in left if instance}
        return sum(1 for host, instance in left if instance or host not in with_instances)

    @property
    def outages(self) -> tuple[Outage, ...]:
        return tuple(outage for host in self.hosts for outage in host.outages)

    @property
    def zones(self) -> tuple[str | None, ...]:
        """The sites' and the reader's own, each once."""
        return tuple(dict.fromkeys((*self.site_zones, self.zone)))
