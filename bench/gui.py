"""The window under load: the deploy page with a storm of events, large tables, and how soon it is there."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from time import perf_counter

from bench.figure import Asking, Figure

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, QSettings, Qt, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget

from core.app.workspace import Workspace, make_workspace
from core.model.events import Entry, Event, PhaseEntered, RunStarted, TargetMoved, Warned
from core.model.phase import Phase
from core.model.plan import Plan, PlanInputs
from core.model.state import TargetState
from gui.desk import Desk
from gui.garbage import Sweeper
from gui.models.table import Column, Rows
from gui.pages.live.view import RunView
from gui.run_story import RunStory
from gui.theme import wear
from gui.widgets.grid import Grid

_HOSTS, _PER_SECOND, _ROWS = 1000, 5000, 100_000
_FRAME_MS = 16.0
_PROBE_MS = 5
_ROUNDS = 5
_AT = datetime(2026, 8, 20, 22, tzinfo=UTC)


def measure(asking: Asking) -> Iterator[Figure]:
    known = QApplication.instance()
    application = known if isinstance(known, QApplication) else QApplication([])
    wear(application, dark=False)
    sweeper = Sweeper(application)
    seconds = 3.0 if asking.quick else 10.0
    with tempfile.TemporaryDirectory(prefix="drydock-bench-") as name:
        workspace = make_workspace(Path(name) / "workspace")
        yield from _storm(workspace, seconds, asking.seed)
        yield from _tables(asking.seed)
        yield from _window_up(workspace, 3 if asking.quick else 7)
    del sweeper


# The deploy page in a storm


def _storm(workspace: Workspace, seconds: float, seed: int) -> Iterator[Figure]:
    idle = _idle(seconds / 2)
    desk = Desk(workspace, False, QSettings(str(workspace.path / "w.ini"), QSettings.Format.IniFormat))
    view = RunView(desk)
    view.resize(1366, 700)
    view.show()
    view.watch(RunStory(_plan()))
    told = _Storm(view.bridge.put, seed)
    told.begin()
    _spin(0.5)
    late = _lateness(seconds)
    told.end()
    p99 = quantiles(late, n=100)[98]
    limit = max(_FRAME_MS, 2 * quantiles(idle, n=100)[98])
    yield Figure("event loop p99, idle bare window", quantiles(idle, n=100)[98], "ms")
    yield Figure("event loop p99, deploy page, 5,000 events a second", p99, "ms", limit)
    yield Figure("events a second", told.sent / told.took, "1/s", _PER_SECOND * 0.9, at_least=True)
    _spin(0.5)
    yield Figure("events waiting after the storm", view.bridge.waiting, "events", 0)
    view.leave()
    view.close()


class _Storm:
    """A thread that tells of 1,000 hosts, 5,000 times a second, in small bursts as a journal does."""

    def __init__(self, put: Callable[[Entry], None], seed: int) -> None:
        self._put, self._random = put, Random(seed)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._blow, daemon=True)
        self.sent, self.took = 0, 1.0

    def begin(self) -> None:
        self._put(_entry(1, None, _started()))
        for number in range(_HOSTS // 2):
            moved = TargetMoved(TargetState.PENDING, TargetState.IN_PROGRESS)
            self._put(_entry(number + 2, _host(number), moved))
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        self._thread.join()

    def _blow(self) -> None:
        begun = perf_counter()
        while not self._ended.is_set():
            due = int((perf_counter() - begun) * _PER_SECOND)
            for _ in range(max(0, due - self.sent)):
                self._put(self._any())
                self.sent += 1
            self._ended.wait(0.004)
        self.took = perf_counter() - begun

    def _any(self) -> Entry:
        host = _host(self._random.randrange(_HOSTS))
        if self._random.random() < 0.5:
            phase = self._random.choice((Phase.INSTALL, Phase.REBOOT, Phase.POST_VALIDATION))
            return Entry("run", self.sent, _AT, Event(PhaseEntered(), host, phase))
        return _entry(self.sent, host, Warned("bench", "the installer has been silent for a while"))


def _entry(seq: int, host: str | None, body: RunStarted | TargetMoved | Warned) -> Entry:
    return Entry("run", seq, _AT + timedelta(milliseconds=seq), Event(body, host))


def _started() -> RunStarted:
    hosts = tuple(_host(number) for number in range(_HOSTS))
    return RunStarted("plan", "digest", "authorisation", "bench", "here", "a bench", None, hosts)


def _host(number: int) -> str:
    return f"SQL{number:04d}"


def _plan() -> Plan:
    inputs = PlanInputs("", "", "", "", "")
    return Plan("plan", _AT, "digest", _AT, inputs, (), (), (), (), ())


def _idle(seconds: float) -> list[float]:
    window = QMainWindow()
    window.setCentralWidget(QTableWidget(40, 7))
    window.resize(1366, 700)
    window.show()
    _spin(0.2)
    late = _lateness(seconds)
    window.close()
    return late


def _lateness(seconds: float) -> list[float]:
    """How late each turn of a timer comes, in milliseconds."""
    late: list[float] = []
    parent = QObject()
    timer = QTimer(parent)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(_PROBE_MS)
    last = perf_counter()

    def turn() -> None:
        nonlocal last
        now = perf_counter()
        late.append(max(0.0, (now - last) * 1000 - _PROBE_MS))
        last = now

    timer.timeout.connect(turn)
    timer.start()
    _spin(seconds)
    timer.stop()
    return late


def _spin(seconds: float) -> None:
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()


# Large tables


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    site: str
    build: str
    count: int


def _tables(seed: int) -> Iterator[Figure]:
    random = Random(seed)
    rows = [
        _Row(f"SQL{number:06d}", random.choice(("hq", "branch", "lab")), f"15.0.{random.randrange(5000)}.1",
             random.randrange(10**6))
        for number in range(_ROWS)
    ]  # fmt: skip
    random.shuffle(rows)
    bare = _median(lambda: sorted(rows, key=lambda row: row.name))
    columns: tuple[Column[_Row], ...] = (
        Column("Name", lambda row: row.name),
        Column("Site", lambda row: row.site),
        Column("Build", lambda row: row.build),
        Column("Count", lambda row: str(row.count), lambda row: row.count, numeric=True),
    )
    model: Rows[_Row] = Rows(None, columns, lambda row: row.name)
    grid = Grid("bench", model)
    grid.resize(1200, 700)
    grid.show()

    def opened() -> None:
        model.set_rows(rows)
        grid.viewport().repaint()

    def filtered(words: str) -> Callable[[], None]:
        def act() -> None:
            model.set_filter(words)
            grid.viewport().repaint()

        return act

    yield Figure("bare sort of 100,000 rows", bare * 1000, "ms")
    yield Figure("100,000 rows: open", _median(opened) / bare, "ratio", 3)
    orders = iter([Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder] * _ROUNDS)

    def sort() -> None:
        grid.sortByColumn(0, next(orders))
        grid.viewport().repaint()

    yield Figure("100,000 rows: sort", _median(sort) / bare, "ratio", 3)
    first = _took(filtered("hq 42"))
    yield Figure("100,000 rows: filter, the first time", first / bare, "ratio", 3)
    asked = iter(["branch 17", "sql00 lab", "15.0.4 hq", "", "999"] * _ROUNDS)

    def search() -> None:
        filtered(next(asked))()

    yield Figure("100,000 rows: filter", _median(search) / bare, "ratio", 3)
    grid.close()


def _median(act: Callable[[], object]) -> float:
    return median(_took(act) for _ in range(_ROUNDS))


def _took(act: Callable[[], object]) -> float:
    begun = perf_counter()
    act()
    return perf_counter() - begun


# How soon the window is there


def _window_up(workspace: Workspace, rounds: int) -> Iterator[Figure]:
    """Turn by turn, so that both meet the same computer. Each was started before: programs have their bytecode."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(workspace.path / "bytecode")
    pairs = [
        (_up("bare", workspace.path, environment), _up("ours", workspace.path, environment)) for _ in range(rounds + 1)
    ]
    measured = pairs[1:]
    yield Figure("bare window with a table: up after", median(bare for bare, _ in measured), "s")
    yield Figure("window: up after", median(ours for _, ours in measured), "s")
    yield Figure("window up, against a bare one", median(ours / bare for bare, ours in measured), "ratio", 1.5)


def _up(which: str, folder: Path, environment: dict[str, str]) -> float:
    command = [sys.executable, "-m", "bench._window_up", which, str(folder)]
    begun = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return perf_counter() - begun
