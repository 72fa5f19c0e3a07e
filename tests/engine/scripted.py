"""A driver for one walk that answers from a list, and keeps what was asked, waited for and recorded.

There is no host behind it, so that a test can say what no host would. Where hosts, lines and processes have lives of
their own, tests.simulation.process performs the same effects on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.contract.host import HostInventoryResult
from core.contract.looking import DiagnosticsResult
from core.engine.effects import (
    Ask,
    Assess,
    Effect,
    GiveToken,
    KeepFacts,
    KeepOutput,
    LockHost,
    Now,
    Probe,
    Push,
    Record,
    Send,
    Show,
    T,
    TakeToken,
    UnlockHost,
    Wait,
    Walk,
)
from core.engine.errand import Errand, Patience
from core.engine.standing import Standing
from core.model.build import Build
from core.model.events import Body
from core.model.facts import BootMarks, Database, Facts, OsFacts, RegisteredInstance, SqlAnswer
from core.model.failure import Cause, Failure
from core.model.host import Place
from core.model.mapping import HotfixFile, HotfixMapping, Mapping
from core.model.plan import PlannedInstance, PlannedTarget
from core.model.policy import Policy
from core.model.record import StepRecord, TargetRecord
from core.model.state import TargetState
from core.model.step import Package, PatchStep, RebootStep, Step, Undo

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
BEFORE, AFTER = "15.0.4385.2", "15.0.4430.1"
LOST = Failure(Cause.NO_ANSWER, "no answer came")
PACKAGE = Package("ab" * 32, "SQLServer2019-KB5054833-x64.exe", "there", 600_000, "5054833")
_UNDO = Undo(False, "not at all")

# What every walk asks on its way, and few tests are about.
_ALWAYS: dict[str, list[Any]] = {
    "host_inventory": [HostInventoryResult(schema_version=1, updates=(), applications=(), drivers=())],
    "collect_diagnostics": [DiagnosticsResult(schema_version=1, parts=())],
}


@dataclass
class Driver:
    """Answers by the name of the script, in order; "assess" and "send" name those effects. The last answer stays."""

    answers: dict[str, list[Any]]
    lock: Failure | None = None
    time: datetime = NOON
    asked: list[Any] = field(default_factory=list)
    told: list[Body] = field(default_factory=list)

    def drive(self, walk: Walk[T]) -> T:
        answer: Any = None
        try:
            while True:
                answer = self._perform(walk.send(answer))
        except StopIteration as end:
            result: T = end.value
            return result

    def names(self) -> list[str]:
        return [call.script.name for call in self.asked]

    def _perform(self, effect: Effect) -> Any:
        match effect:
            case Ask(call) | Send(call, _):
                self.asked.append(call)
                return self._next(call.script.name)
            case Assess():
                return self._next("assess")
            case Record(events):
                self.told += [event.body for event in events]
            case Wait(seconds):
                self.time += timedelta(seconds=seconds)
            case Now():
                return self.time
            case LockHost():
                return self.lock
            case KeepFacts() | KeepOutput():
                return "kept"
            case Push():
                return self._next("push")
            case Probe(check):
                return self._next(f"probe {check.name}")
            case UnlockHost() | TakeToken() | GiveToken() | Show():
                pass
        return None

    def _next(self, name: str) -> Any:
        answers = self.answers.get(name) or _ALWAYS[name]
        return answers.pop(0) if len(answers) > 1 else answers[0]


def patch_step(order: int = 1, required: bool = True) -> PatchStep:
    return PatchStep(
        order, PACKAGE.sha256, ("/quiet",), ("MSSQLSERVER",), "2019", AFTER, required, 600, 1800, 600, "why", _UNDO
    )


def reboot_step(order: int = 2) -> RebootStep:
    return RebootStep(order, 600, 300, "why", _UNDO)


def errand(steps: Iterable[Step] = (), past: tuple[StepRecord, ...] = ()) -> Errand:
    record = TargetRecord("SQL01", TargetState.IN_PROGRESS, steps=past)
    file = HotfixFile(PACKAGE.filename, "there", 1, True, ("/quiet",), None, None, None, None)
    return Errand(
        run_id="run",
        epoch=1,
        console="PC-1",
        planned=PlannedTarget(
            "SQL01", "machine", Place(), (PlannedInstance("MSSQLSERVER", BEFORE, AFTER),), tuple(steps), 0
        ),
        packages=(PACKAGE,),
        policy=Policy("test", "immediate", 3, (), 0),
        mapping=HotfixMapping((Mapping("2019", None, None, Build.parse(AFTER), "CU32", (file,), True),), ()),
        trusted_signers=("Microsoft",),
        patience=Patience(connection_loss=60, sql_startup=60),
        past=record,
        standing=Standing(record),
    )


def facts(build: str = BEFORE, boot: int = 1, machine_id: str = "machine") -> Facts:
    parsed = Build.parse(build)
    return Facts(
        schema_version=1,
        host="SQL01",
        collected_at=NOON,
        host_time=NOON,
        machine_id=machine_id,
        computer_name="SQL01",
        os=OsFacts("Windows", "10.0", 1, "UTC"),
        boot=BootMarks(NOON + timedelta(hours=boot), f"boot:{boot}"),
        disks=(),
        services=(),
        pending_reboot=(),
        instances=(RegisteredInstance("MSSQLSERVER", "I", "Dev", parsed, parsed, 1433, "MSSQLSERVER", False),),
        sql=(SqlAnswer("MSSQLSERVER", parsed, "RTM", None, "Dev", (Database("master", "ONLINE"),)),),
    )


def with_baseline(errand: Errand, baseline: Facts) -> Errand:
    return replace(errand, baseline=baseline)
