"""An invented run in the middle of a bad night: a host in each state that an operator may meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from core.model.events import (
    AdmissionHeld,
    Body,
    ConnectionLost,
    Entry,
    Event,
    FactsTaken,
    JobIntended,
    PhaseEntered,
    RebootIntended,
    RequestTaken,
    RunEnded,
    RunStarted,
    TargetMoved,
    Warned,
)
from core.model.failure import Cause, Failure
from core.model.outcome import Outcome
from core.model.phase import Phase
from core.model.plan import Plan, PlannedWindow, Totals
from core.model.policy import MaintenanceWindow, RunRules
from core.model.requests import Action
from core.model.signs import Light, LogLine, Signs
from core.model.state import TargetState
from core.model.transfer import Moment, Progress
from gui.following import Driven, News, Seen
from gui.pages.live.view import RunView
from gui.run_story import RunStory
from tests.samples import BOOT, LOST, RUN, plan

_HOSTS = ("SQL-HQ-01", "SQL-HQ-02", "SQL-HQ-03", "SQL-AG-01", "SQL-AG-02", "SQL-BR-01", "SQL-BR-02", "LAB-01")
_FAILED = Failure(
    Cause.INSTALLER,
    "setup ended with 1603 (0x00000643): a fatal error",
    "Detail.txt beside Summary.txt names the action",
)
_UP = Signs(Light.ANSWERS, Light.ANSWERS, Light.ANSWERS)
_DOWN = Signs(Light.SILENT, Light.SILENT, Light.SILENT, ("MSSQLSERVER",))
_WALL = datetime(2026, 3, 1, 23, 12, 40)  # noqa: DTZ001 - a clock on a wall
_LOG = LogLine("MSSQLSERVER", _WALL, "Database 'master' is upgrading script 'msdb110_upgrade.sql'.")
_SALES = LogLine("SALES", _WALL, "Starting up database 'crm'.")


def show(
    view: RunView,
    waiting: int = 4,
    ended: bool = False,
    driven: bool = True,
    failures_allowed: int | None = 2,
    hours_left: int = 2,
) -> None:
    """As if its journal had been followed. Waiting: how many more hosts have not begun."""
    now = datetime.now(UTC)
    hosts = (*_HOSTS, *(f"SQL-WAIT-{number:04d}" for number in range(waiting)))
    view.watch(
        RunStory(
            _plan(hosts, now, failures_allowed, hours_left),
            {"SQL-AG-01": "primary of AG-SALES", "SQL-AG-02": "secondary of AG-SALES"},
        )
    )
    for news in _story(hosts, now, ended, driven):
        view.bridge.put(news)
    while view.bridge.waiting or (view.story is not None and view.story.has_touched):
        view.bridge.drain()
    view.tick()


def _plan(hosts: tuple[str, ...], now: datetime, failures_allowed: int | None, hours_left: int) -> Plan:
    made = plan(*hosts)
    window = MaintenanceWindow("Saturday night", "UTC", ("saturday",), time(22), 240)
    return replace(
        made,
        totals=Totals(hosts=len(hosts), expected_seconds=len(hosts) * 400),
        rules=RunRules(failures_allowed=failures_allowed),
        windows=(PlannedWindow(window, now - timedelta(hours=2), now + timedelta(hours=hours_left), None),),
    )


def _story(hosts: tuple[str, ...], now: datetime, ended: bool, driven: bool) -> Iterator[News]:
    number = 0

    def entry(minutes: float, body: Body, host: str | None = None, phase: Phase | None = None) -> Entry:
        nonlocal number
        number += 1
        return Entry(RUN, number, now - timedelta(minutes=minutes), Event(body, host, phase))

    def begun(minutes: float, host: str) -> Entry:
        return entry(minutes, TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS), host, Phase.INITIALIZATION)

    yield entry(38, RunStarted("plan", "d" * 64, "a", "olga", "AUDIT-PC", "monthly patches", "CHG-7", hosts))
    yield Driven(driven and not ended)
    failed, overdue, restarting, installing, looking, done, blocked, checking = _HOSTS
    for minutes, host in (
        (37, failed),
        (31, overdue),
        (14, restarting),
        (9, installing),
        (3, looking),
        (36, done),
        (2, checking),
    ):
        yield begun(minutes, host)
    yield entry(36, JobIntended(1, "job", ("/quiet",)), failed, Phase.INSTALL)
    yield entry(22, TargetMoved(TargetState.IN_PROGRESS, TargetState.FAILED, _FAILED), failed, Phase.INSTALL)
    yield entry(31, FactsTaken("before", "f" * 64, (), BOOT, "W. Europe Standard Time"), overdue, Phase.BASELINE)
    yield entry(30, PhaseEntered(), overdue, Phase.INSTALL)
    yield entry(30, JobIntended(1, "job", ("/quiet",)), overdue, Phase.INSTALL)
    late = Failure(Cause.OVERDUE, "the installer has run for longer than 30 minutes", "it is still watched")
    yield entry(1, TargetMoved(TargetState.IN_PROGRESS, TargetState.OVERDUE, late), overdue, Phase.INSTALL)
    yield entry(4, PhaseEntered(), restarting, Phase.REBOOT)
    yield entry(4, RebootIntended(2, BOOT, now), restarting, Phase.REBOOT)
    yield entry(8, PhaseEntered(), installing, Phase.INSTALL)
    yield entry(5, ConnectionLost(LOST), installing, Phase.INSTALL)
    yield entry(3, PhaseEntered(), looking, Phase.BASELINE)
    yield entry(12, TargetMoved(TargetState.IN_PROGRESS, TargetState.SUCCESS), done, Phase.POST_VALIDATION)
    why = Failure(Cause.VERIFICATION, "its last full backup is 3 days old", "back the databases up, then plan again")
    yield entry(7, TargetMoved(TargetState.PENDING, TargetState.BLOCKED, why), blocked, Phase.PRE_VALIDATION)
    yield entry(1, PhaseEntered(), checking, Phase.POST_VALIDATION)
    yield entry(1, Warned("slow", "the engine took 94 s to come up"), checking, Phase.POST_VALIDATION)
    two = Signs(Light.UNKNOWN, Light.ANSWERS, Light.SILENT, ("SALES",), (_LOG, _SALES))
    logged = replace(_UP, error_logs=(_LOG,))
    seen = ((failed, _UP), (overdue, logged), (restarting, _DOWN), (looking, _UP), (installing, two))
    for host, signs in seen:
        yield Seen(host, signs)
    copied = 412 * 2**20
    for seconds, moved in ((1, copied - 11 * 2**20), (0, copied)):
        copying = Progress(checking, "SQLServer2019-KB5054833-x64.exe", "transferring", moved, 912 * 2**20)
        yield Moment(copying, now - timedelta(seconds=seconds))
    if ended:
        yield entry(0, RunEnded(Outcome.INSTALL_FAILED))
    else:
        asked = RequestTaken(1, Action.PAUSE.value, "olga", "the storage team has called", True, "it is paused")
        yield entry(2, asked)
        yield entry(2, AdmissionHeld("paused", "the run is paused"))
