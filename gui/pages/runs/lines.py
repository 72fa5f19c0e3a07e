"""Runs, their hosts, steps and journal entries as lines of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from core.app.run_sheet import RunSheet
from core.app.runs import RunLine
from core.model.check import CheckResult
from core.model.events import Entry, Level
from core.model.record import StepRecord, TargetRecord
from core.model.run_report import CheckReport, HostReport, LeftOutReport, StepReport
from core.model.step import Step
from core.model.vocabulary import BAD, GOOD
from gui.builds import Titles, became_in_words
from gui.language import tr
from gui.models.table import Column
from gui.order import target_badness
from gui.sentences import sentence_of
from gui.theme import Tone
from gui.times import clock_time, day_and_time, elapsed
from gui.words import check_tone, check_word, run_word, short_digest, step_tone, step_word, target_tone, target_word

_NEVER = datetime.min.replace(tzinfo=UTC)
_SHORT = 48
_LEVELS = {Level.INFO: None, Level.WARNING: Tone.WARN, Level.ERROR: Tone.BAD}


@dataclass(frozen=True, slots=True)
class HostLine:
    """A host of the run. Blocked: it is not patched again before somebody says so."""

    record: TargetRecord
    told: HostReport
    blocked: bool
    titles: Titles

    @property
    def host(self) -> str:
        return self.record.host


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as it was planned, what became of it, and how that is said."""

    planned: Step
    record: StepRecord
    told: StepReport


@dataclass(frozen=True, slots=True)
class CheckLine:
    number: int
    check: CheckReport


@dataclass(frozen=True, slots=True)
class LeftOutLine:
    number: int
    left: LeftOutReport


def host_lines(sheet: RunSheet) -> tuple[HostLine, ...]:
    """What needs somebody comes first."""
    lines = [
        HostLine(record, told, record.host in sheet.blocked, sheet.titles)
        for record, told in zip(sheet.record.targets, sheet.report.hosts, strict=True)
    ]
    return tuple(sorted(lines, key=lambda line: target_badness(line.record.state)))


def step_lines(sheet: RunSheet, host: str) -> tuple[StepLine, ...]:
    record, told, planned = sheet.record.target(host), sheet.told(host), sheet.plan.target(host)
    return tuple(
        StepLine(step, record.step(step.order), words)
        for step, words in zip(planned.steps, told.steps, strict=True)
    )  # fmt: skip


def words_of(entry: Entry) -> str:
    """What happened, without its time: that stands in a column of its own."""
    return sentence_of(entry).partition("  ")[2]


def run_columns() -> tuple[Column[RunLine], ...]:
    return (
        Column(tr("Begun"), lambda run: day_and_time(run.started_at), lambda run: run.started_at, width=142,
               least=142),
        Column(tr("State"), lambda run: run_word(run, run.driven)[0], None,
               lambda run: run_word(run, run.driven)[1], width=172, least=165),
        _counted(tr("Hosts"), lambda run: run.count()),
        _counted(tr("Good"), lambda run: run.count(*GOOD)),
        _counted(tr("Bad"), lambda run: run.count(*BAD)),
        Column(tr("Took"), lambda run: _took(run.started_at, run.worked_until),
               lambda run: _seconds(run.started_at, run.worked_until), width=88, least=80, numeric=True),
        Column(tr("Operator"), lambda run: run.operator, width=98, least=72),
        Column(tr("Change"), lambda run: run.change, width=94, least=92),
        Column(tr("Digest"), lambda run: short_digest(run.plan_digest), width=120, least=92),
        Column(tr("Run"), lambda run: run.run_id, width=308, least=52),
    )  # fmt: skip


def run_words(columns: tuple[Column[RunLine], ...]) -> Callable[[RunLine], str]:
    """What the filter looks through: the line's words, whole names where the line shows a part, its hosts and KBs."""
    return lambda run: "\n".join(
        (*(column.text(run) for column in columns), run.plan_digest, run.plan_id, *run.names, *_kbs(run))
    )


def _kbs(run: RunLine) -> tuple[str, ...]:
    return tuple(f"KB{kb}" for kb in run.kbs)


def host_columns() -> tuple[Column[HostLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=136),
        Column(
            tr("State"), lambda line: target_word(line.record.state), lambda line: target_badness(line.record.state),
            lambda line: target_tone(line.record.state), width=158, least=154,
        ),
        Column(tr("Patch-blocked"), lambda line: tr("until unblocked") if line.blocked else "", None,
               width=122, least=118),
        Column(tr("Builds"), lambda line: builds_in_words(line.told, line.titles), width=290, least=226),
        Column(tr("Took"), lambda line: _took(line.record.started_at, line.record.worked_until),
               lambda line: _seconds(line.record.started_at, line.record.worked_until), width=96, least=78,
               numeric=True),
        Column(tr("What became of it"), lambda line: line.told.sentence.removeprefix(f"{line.host} "), width=460,
               least=140),
        Column(tr("What to do"), lambda line: line.told.hint, width=220, hidden=True),
        Column(tr("Wave"), lambda line: line.told.wave, width=110, hidden=True),
        Column(tr("Tenant"), lambda line: line.told.place.tenant, width=90, hidden=True),
        Column(tr("Site"), lambda line: line.told.place.site, width=90, hidden=True),
        Column(tr("Begun"), lambda line: moment(line.record.started_at),
               lambda line: line.record.started_at or _NEVER, width=150, hidden=True),
    )  # fmt: skip


def step_columns() -> tuple[Column[StepLine], ...]:
    return (
        Column(tr("No."), lambda line: str(line.told.order), lambda line: line.told.order, width=42, numeric=True),
        Column(tr("Step"), lambda line: line.told.what, width=280, least=130),
        Column(tr("State"), lambda line: step_word(line.record.state), None,
               lambda line: step_tone(line.record.state), width=92),
        Column(tr("Exit code"), lambda line: "" if line.told.exit_code is None else str(line.told.exit_code),
               width=78, numeric=True),
        Column(tr("Took"), lambda line: _took(line.told.started_at, line.told.ended_at),
               lambda line: _seconds(line.told.started_at, line.told.ended_at), width=92, least=78,
               numeric=True),
        Column(tr("Meaning"), lambda line: line.told.meaning or line.told.reason, width=240, hidden=True),
    )  # fmt: skip


def entry_columns(with_host: bool) -> tuple[Column[Entry], ...]:
    host: Column[Entry] = Column(tr("Host"), lambda one: one.event.target or tr("the run"), width=130)
    return (
        Column(tr("Time"), lambda one: moment(one.at), lambda one: one.seq, width=172),
        *((host,) if with_host else ()),
        Column(tr("Level"), lambda one: _level(one.event.level), None,
               lambda one: _LEVELS[one.event.level], width=90),
        Column(tr("What happened"), words_of, width=800),
    )  # fmt: skip


def check_columns() -> tuple[Column[CheckLine], ...]:
    return (
        Column(tr("When"), lambda line: line.check.moment, lambda line: line.number, width=70),
        Column(tr("Result"), lambda line: check_word(CheckResult(line.check.result)), lambda line: line.check.result,
               lambda line: check_tone(CheckResult(line.check.result)), width=80),
        Column(tr("Check"), lambda line: line.check.name, width=150, least=130),
        Column(tr("Of"), lambda line: line.check.subject, width=150, least=115),
        Column(tr("Expected"), lambda line: line.check.expected, width=280, least=170),
        Column(tr("Found"), lambda line: line.check.found, width=380, least=150),
    )  # fmt: skip


def left_out_columns() -> tuple[Column[LeftOutLine], ...]:
    return (
        Column(tr("Host"), lambda line: line.left.host, width=140),
        Column(tr("Instance"), lambda line: line.left.instance, width=130),
        Column(tr("Left out"), lambda line: line.left.when, width=110),
        Column(tr("Kind"), lambda line: line.left.words, None,
               lambda line: Tone.WARN if line.left.needs_attention else Tone.QUIET, width=130),
        Column(tr("Why"), lambda line: line.left.sentence, width=560),
    )  # fmt: skip


def builds_in_words(told: HostReport, titles: Titles) -> str:
    return ", ".join(became_in_words(one.before, one.planned, one.after, titles) for one in told.instances)


def moment(at: datetime | None) -> str:
    """To the second, with its day: runs go on past midnight."""
    return "" if at is None else f"{day_and_time(at)[:10]} {clock_time(at)}"


def in_facts(parts: Iterable[str]) -> str:
    """In one line, or in several: what is short is not broken over two of them."""
    return "  ·  ".join(one.replace(" ", "\N{NO-BREAK SPACE}") if len(one) <= _SHORT else one for one in parts)


def _counted(title: str, count: Callable[[RunLine], int]) -> Column[RunLine]:
    return Column(title, lambda run: f"{count(run):,}", count, width=52, numeric=True)


def _took(began: datetime | None, ended: datetime | None) -> str:
    return "" if began is None or ended is None else elapsed(began, ended)


def _seconds(began: datetime | None, ended: datetime | None) -> float:
    return -1.0 if began is None or ended is None else (ended - began).total_seconds()


def _level(level: Level) -> str:
    match level:
        case Level.INFO:
            return ""
        case Level.WARNING:
            return tr("warning")
        case Level.ERROR:
            return tr("error")
