"""A run as rows, a host a row, the one that needs somebody first on top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from core.model.phase import Phase
from core.model.plan import Plan, PlannedTarget
from core.model.record import TargetRecord
from core.model.signs import Light, LogLine, Signs
from core.model.state import TARGET_RESTS, StepState, TargetState
from core.model.step import OsUpdateStep, PatchStep, RebootStep, Step
from core.model.time_zones import iana_zone
from core.model.vocabulary import BAD
from gui.language import counted, tr
from gui.models.pace import Moving, moving_in_words
from gui.models.table import Column, Mark
from gui.order import TONES_IN_CHARTS, target_badness
from gui.theme import Tone
from gui.times import about, age, clock_time, day_and_time, duration, seconds_shown
from gui.words import phase_word, step_word, target_tone, target_word

_NEEDS_ME = BAD | {TargetState.AWAITING_REBOOT}


@dataclass(frozen=True, slots=True)
class HostRow:
    """One host of a run: what was planned, how it stands, the last that was heard."""

    record: TargetRecord
    planned: PlannedTarget | None
    role: str
    last: str = ""
    signs: Signs | None = None
    moving: Moving | None = None

    @property
    def host(self) -> str:
        return self.record.host

    @property
    def needs_me(self) -> bool:
        return self.record.state in _NEEDS_ME


def rank(line: HostRow) -> int:
    """Worst first; of those at work, what restarts comes before what runs."""
    record = line.record
    runs = record.state is TargetState.IN_PROGRESS and record.phase is not Phase.REBOOT
    return 2 * target_badness(record.state) + runs


def ran_seconds(record: TargetRecord, now: datetime) -> int:
    if record.started_at is None:
        return 0
    return seconds_shown(record.started_at, record.worked_until or now)


def run_columns() -> tuple[Column[HostRow], ...]:
    return (
        Column(tr("Host"), lambda line: line.host, width=128, least=116),
        Column(
            tr("State"), lambda line: target_word(line.record.state), rank,
            lambda line: target_tone(line.record.state), width=158, least=154,
        ),
        Column(tr("Does"), _doing, width=260, least=130),
        Column(tr("Time"), _time, lambda line: ran_seconds(line.record, datetime.now(UTC)), _time_tone, width=128,
               least=128),
        Column(tr("Answers"), answers_in_words, width=84, least=72, marks=_answers,
               hint=tr("P ping, W WinRM, S SQL Server: lit when it answers to this computer")),
        Column(tr("Last sign"), _sign, lambda line: line.record.last_sign_at or _NEVER, width=96, least=92,
               whole=_sign_in_full),
        Column(tr("Role"), lambda line: line.role, width=190, least=90),
        Column(tr("ERRORLOG"), error_log_in_words, width=280, least=142),
        Column(tr("Last heard"), lambda line: line.last, tone=None, width=280),
    )  # fmt: skip


_LIGHTS = {Light.ANSWERS: Tone.GOOD, Light.SILENT: Tone.BAD, Light.UNKNOWN: Tone.QUIET}


def _answers(line: HostRow) -> tuple[Mark, ...]:
    signs = line.signs
    if signs is None or not signs.looked_at:
        return ()
    lights = ((tr("P"), signs.ping), (tr("W"), signs.winrm), (tr("S"), signs.sql))
    return tuple(Mark(letter, _LIGHTS[light], light is Light.ANSWERS) for letter, light in lights)


def answers_in_words(line: HostRow) -> str:
    signs = line.signs
    if signs is None or not signs.looked_at:
        return ""
    words = {Light.ANSWERS: tr("answers"), Light.SILENT: tr("silent"), Light.UNKNOWN: tr("not known")}
    said = tr("ping {ping}, WinRM {winrm}, SQL {sql}", ping=words[signs.ping], winrm=words[signs.winrm],
              sql=words[signs.sql])  # fmt: skip
    return f"{said} ({', '.join(signs.silent)})" if signs.silent else said


def error_log_in_words(line: HostRow) -> str:
    """Of the instances that are worked on the newest line, else of all; named where there are several."""
    lines = () if line.signs is None else line.signs.error_logs
    at_work = _instances_at_work(line)
    shown = max((one for one in lines if one.instance in at_work), default=None, key=_written) or max(
        lines, default=None, key=_written
    )
    if shown is None:
        return ""
    named = f"{shown.instance}  " if len(lines) > 1 else ""
    return f"{named}{_wall_time(shown, line.record)}  {shown.words}"


def _written(line: LogLine) -> datetime:
    return line.wall_time


def _instances_at_work(line: HostRow) -> frozenset[str]:
    running = {step.order for step in line.record.steps if step.is_open}
    steps = () if line.planned is None else line.planned.steps
    return frozenset(
        name for step in steps if isinstance(step, PatchStep) and step.order in running for name in step.instances
    )


def _wall_time(line: LogLine, record: TargetRecord) -> str:
    """By this window's clock, where the host has said what zone its own is in."""
    zone = None if record.before is None else iana_zone(record.before.zone)
    if zone is None:
        return tr("{time} (its clock)", time=line.wall_time.strftime("%H:%M:%S"))
    return clock_time(line.wall_time.replace(tzinfo=ZoneInfo(zone)))


_NEVER = datetime.min.replace(tzinfo=UTC)


def _doing(line: HostRow) -> str:
    if line.record.state in TARGET_RESTS:
        return _did(line)
    return phase_word(line.record.phase) if line.moving is None else moving_in_words(line.moving)


def _did(line: HostRow) -> str:
    """The last that was begun on it, and what became of that."""
    begun = [one for one in line.record.steps if one.state not in (StepState.PENDING, StepState.SKIPPED)]
    last = max(begun, key=lambda one: one.order, default=None)
    steps = () if line.planned is None else line.planned.steps
    step = None if last is None else next((one for one in steps if one.order == last.order), None)
    if last is not None and step is not None:
        return tr("{state}: {step}", state=step_word(last.state), step=_short(step))
    phase = line.record.phase if line.record.started_at is not None else None
    return "" if phase is None else tr("last: {phase}", phase=phase_word(phase))


def _short(step: Step) -> str:
    match step:
        case PatchStep(instances=instances):
            return tr("update of {names}", names=", ".join(instances))
        case OsUpdateStep(updates=updates):
            return counted(len(updates), "1 system update", "{n} system updates")
        case RebootStep():
            return tr("restart")


def _time(line: HostRow) -> str:
    """So far, against what was expected."""
    if line.record.started_at is None:
        return ""
    seconds = ran_seconds(line.record, datetime.now(UTC))
    so_far = duration(seconds) if seconds < 60 else about(seconds - 59)
    expected = line.planned.expected_seconds if line.planned is not None else 0
    return f"{so_far} / {about(expected)}" if expected and line.record.worked_until is None else so_far


def _time_tone(line: HostRow) -> Tone | None:
    """Longer than it was expected to take."""
    expected = line.planned.expected_seconds if line.planned is not None else 0
    late = expected and line.record.worked_until is None and ran_seconds(line.record, datetime.now(UTC)) > expected
    return Tone.WARN if late else None


def _sign(line: HostRow) -> str:
    ended = line.record.worked_until or line.record.ended_at
    if line.record.started_at is not None and ended is not None:
        return _today_or_day(ended)
    if line.record.last_sign_at is None or line.record.ended_at is not None:
        return ""
    return age(line.record.last_sign_at, datetime.now(UTC))


def _sign_in_full(line: HostRow) -> str:
    ended = line.record.worked_until or line.record.ended_at
    return (
        _sign(line) if ended is None or line.record.started_at is None else tr("ended {time}", time=day_and_time(ended))
    )


def _today_or_day(at: datetime) -> str:
    told = at.astimezone()
    if told.date() == datetime.now().astimezone().date():
        return tr("at {time}", time=f"{told:%H:%M}")
    return tr("on {day}", day=f"{told.day} {told:%b}")


def needed_seconds(plan: Plan, lines: Iterable[HostRow], now: datetime) -> int:
    """What is left of the plan's own estimate, in proportion to the work that is left; never less than what the longest
    of the hosts at work still takes."""
    left = [_left_seconds(one, now) for one in lines]
    work = sum(one.expected_seconds for one in plan.targets)
    if not work:
        return 0
    return max(plan.totals.expected_seconds * sum(left) // work, max(left, default=0))


def _left_seconds(line: HostRow, now: datetime) -> int:
    if line.planned is None or line.record.state in TARGET_RESTS:
        return 0
    return max(0, line.planned.expected_seconds - ran_seconds(line.record, now))


def state_tones() -> tuple[tuple[Tone, frozenset[TargetState]], ...]:
    """The parts of a run's bar; what is not begun is what is left of it."""
    begun = frozenset(TargetState) - {TargetState.PENDING}
    return tuple((tone, frozenset(state for state in begun if target_tone(state) is tone)) for tone in TONES_IN_CHARTS)
