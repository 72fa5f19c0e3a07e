"""The imaginary world of one schedule: its time, its hosts, the packages, and the ledger that the hosts keep."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.detection import sql
from core.detection.updates import with_updates, words_of
from core.detection.windows import facts_of
from core.model.application import FromHere, ProcessCheck, Seen, TcpCheck
from core.model.build import Build
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host, Instance, Place, Remoting, SqlAccess
from core.model.mapping import HotfixFile, HotfixMapping, Mapping
from core.model.plan import Plan, PlanInputs
from core.model.policy import (
    WEEKDAYS,
    DeskLimits,
    FailureBudget,
    JobRules,
    MaintenanceWindow,
    Pace,
    Policy,
    RebootMode,
    Scoped,
    ServiceRules,
    UndoRules,
)
from core.model.selection import Selection
from core.model.step import Package
from core.planning.planner import Candidate, Making, make_plan
from core.planning.steps import Limits
from core.policy.judging import judge
from core.ports import Answer
from core.practice.answers.answering import answer
from core.practice.answers.updates import found_by
from core.practice.host import power
from core.practice.host.jobs import Claim
from core.practice.host.machine import Machine
from core.practice.ledger import Kind
from core.practice.packages import Content, sha256_of, write_package
from core.practice.sql_updates import SQL_UPDATES, SqlUpdate
from tests.simulation.schedule import Schedule

BEGINNING = datetime(2026, 3, 14, 22, 0, tzinfo=UTC)
APPLICATION = "Payroll"
_REMOTING = Remoting("http", 5985, "ntlm", None, None)
_SQL = SqlAccess(1433, None, False, False, 15)
_ARGUMENTS = ("/quiet", "/IAcceptSQLServerLicenseTerms", "/Action=Patch", "/AllInstances")


@dataclass(frozen=True, slots=True)
class Noted:
    """One line of the hosts' own ledger."""

    at: datetime
    host: str
    kind: Kind
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Executed:
    """A script that really ran on a host, whoever heard of it."""

    at: datetime
    host: str
    script: str


@dataclass
class World:
    """Hosts on one clock. Time jumps; nothing sleeps."""

    schedule: Schedule
    now: datetime = BEGINNING
    machines: dict[str, Machine] = field(default_factory=dict)
    hosts: dict[str, Host] = field(default_factory=dict)
    ledger: list[Noted] = field(default_factory=list)
    executed: list[Executed] = field(default_factory=list)
    cuts: dict[str, int] = field(default_factory=dict)
    by_hand: set[str] = field(default_factory=set)

    def advance(self, now: datetime) -> None:
        self.now = max(self.now, now)
        for machine in self.machines.values():
            machine.advance(self.now)

    def next_due(self) -> datetime | None:
        return min((due for machine in self.machines.values() if (due := machine.next_due())), default=None)

    def ask_sql(self, host: str, instance: str) -> tuple[Answer, ...] | Failure:
        """What the database engine answers: silence while it is down."""
        machine = self.machines[host]
        server = machine.instance(instance)
        if server is None or not server.running or not machine.reachable:
            return Failure(Cause.SQL_UNAVAILABLE, f"nothing listens for {instance} on {host}")
        version = (server.build, "RTM", None, server.edition, None, 0, 0)
        saved = machine.local_time - timedelta(hours=1)
        backups = tuple((name, saved, None, None, 60) for name in server.databases)
        databases = tuple((name, state, 0) for name, state in sorted(server.databases.items()))
        quiet: tuple[Answer, ...] = ((1, None, None, None, 60),), (), (), (), (), (), ()
        return (version,), databases, backups, *quiet

    def engines(self, host: str) -> tuple[sql.EngineWords, ...]:
        return tuple(sql.words_of(one.name, self.ask_sql(host, one.name)) for one in self.hosts[host].instances)

    def mend(self, host: str) -> bool:
        """Somebody patches and restarts the host by hand, if nothing is at work there."""
        machine = self.machines[host]
        busy = any(job.running for job in machine.jobs.values()) or machine.restarting
        if busy or not machine.reachable:
            return False
        self.by_hand.add(host)
        families = {Build.parse(update.before).major: update.target for update in _all()}
        for instance in machine.instances:
            instance.build = families[Build.parse(instance.build).major]
        power.restart(machine, 0)
        return True

    def probe(self, host: str, check: FromHere) -> Seen:
        """What this PC sees of an application."""
        there = self.machines[host].reachable
        return Seen(there, "answers" if there else f"{check.name} does not answer")

    def note(self, at: datetime, host: str, kind: Kind, detail: dict[str, Any]) -> None:
        self.ledger.append(Noted(at, host, kind, detail))

    def count_cut(self, host: str) -> None:
        self.cuts[host] = self.cuts.get(host, 0) + 1


def make_world(schedule: Schedule) -> World:
    world = World(schedule)
    for spec in schedule.servers:
        machine = Machine(spec, schedule.seed, 1, _root().public_key(), world.note)
        machine.start(world.now)
        machine.on_cut = partial(world.count_cut, spec.name)
        world.machines[spec.name] = machine
        instances = tuple(Instance(one.name, _SQL) for one in spec.instances)
        world.hosts[spec.name] = Host(
            spec.name,
            "127.0.0.1",
            _REMOTING,
            instances,
            tags=spec.tags,
            place=Place(tenant=tenant_of(schedule, spec.name)),
            group="G" if schedule.limiting.partners and spec.name in ("SQL01", "SQL02") else None,
            failure_domain=domain_of(schedule, spec.name),
        )
    return world


def claim_by_others(world: World) -> None:
    for name in world.schedule.foreign_claims:
        if name in world.machines:
            world.machines[name].claim = Claim("OTHER-PC", "another-run", 1, world.now)


def tenant_of(schedule: Schedule, host: str) -> str:
    return f"tenant {_number(host) % schedule.limiting.tenants}"


def domain_of(schedule: Schedule, host: str) -> str | None:
    count = schedule.limiting.domains
    return f"rack {_number(host) % count}" if count else None


def _number(host: str) -> int:
    return sum(int(one) for one in host if one.isdigit())


def window_of(schedule: Schedule) -> MaintenanceWindow | None:
    if schedule.limiting.window is None:
        return None
    start, minutes = schedule.limiting.window
    opens_at = BEGINNING + timedelta(minutes=start)
    return MaintenanceWindow("night", "UTC", WEEKDAYS, opens_at.time(), minutes)


def reboot_mode_of(schedule: Schedule) -> RebootMode:
    if not schedule.reboots:
        return "leave"
    return "window" if schedule.in_window else "immediate"


def policy_of(schedule: Schedule) -> Policy:
    limiting, window = schedule.limiting, window_of(schedule)
    return Policy(
        "simulated",
        reboot_mode_of(schedule),
        3,
        (),
        schedule.canaries,
        pace=Pace(
            max_reboots=limiting.reboots,
            stagger_seconds=limiting.stagger,
            max_per_tenant=limiting.per_tenant,
            soak_seconds=limiting.soak,
            soak_after_canaries_seconds=limiting.soak,
        ),
        budget=FailureBudget(limiting.failures, None),
        windows=() if window is None else (Scoped(window),),
        reboot_notice_seconds=schedule.notice,
        jobs=JobRules(wait_seconds=900),
        services=ServiceRules(schedule.stops, (Scoped(APPLICATION),) if schedule.stops else ()),
        undo=UndoRules("take_back" if schedule.takes_back else "offer"),
        application_checks=(
            Scoped(ProcessCheck("payroll", 120, True, APPLICATION), Selection(tags=("payroll",))),
            Scoped(TcpCheck("rdp", 30, False, 3389, None), Selection()),
        ),
    )


def plan_of(world: World) -> Plan:
    """Made by the real planner from what the hosts say."""
    schedule = world.schedule
    depot = {(one.family, one.filename): package_of(one.family, schedule.unsigned_packages) for one in _all()}
    policy = policy_of(schedule)
    candidates = []
    for name, host in world.hosts.items():
        facts = _facts(world, name)
        candidates.append(Candidate(host, facts, judge(facts, mapping(), policy)))
    return make_plan(
        tuple(candidates),
        (),
        depot,
        policy,
        Limits(schedule.timeout_seconds, 900, 3),
        DeskLimits(schedule.workers),
        PlanInputs("", "", "", "", ""),
        Making("plan-1", world.now),
    )


@cache
def mapping() -> HotfixMapping:
    return HotfixMapping(tuple(_mapping(one) for one in _all()), ())


@cache
def content_of(family: str, unsigned: bool) -> bytes:
    one = SQL_UPDATES[family]
    return write_package(Content(one.family, one.target, one.kb), _stranger() if unsigned else _root(), 7)


@cache
def package_of(family: str, unsigned: bool) -> Package:
    content = content_of(family, unsigned)
    return Package(sha256_of(content), SQL_UPDATES[family].filename, family, len(content), SQL_UPDATES[family].kb)


def _facts(world: World, name: str) -> Facts:
    result = answer(world.machines[name], HOST_FACTS.name, NoParameters())
    facts = facts_of(name, result, world.engines(name), world.now)  # type: ignore[arg-type]  # facts are never held
    assert isinstance(facts, Facts)
    return with_updates(facts, words_of(found_by(world.machines[name]), world.now))


def _mapping(update: SqlUpdate) -> Mapping:
    file = HotfixFile(update.filename, update.family, 1, True, _ARGUMENTS, update.kb, None, None, None)
    return Mapping(update.family, None, None, Build.parse(update.target), update.title, (file,), True)


def _all() -> tuple[SqlUpdate, ...]:
    return tuple(SQL_UPDATES[family] for family in ("2019", "2022"))


@cache
def _root() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(32))


@cache
def _stranger() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)
