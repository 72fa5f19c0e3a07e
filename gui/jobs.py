"""Use cases run in threads of their own, so that the window never waits; each says what it does and can be stopped."""

from __future__ import annotations

import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from core.model.fault import RefusedError
from gui.language import tr

if TYPE_CHECKING:
    from core.model.failure import Failure

Result = TypeVar("Result")
Work = Callable[[threading.Event], Result]

# A thread that computes gives the window its turn so often.
_SWITCH_SECONDS = 0.0005
_TURN_MS = 15


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong, where, and what to do: a line for each thing."""

    title: str
    lines: tuple[str, ...]
    remedy: str = ""

    @property
    def text(self) -> str:
        return "\n".join((self.title, *self.lines, *((self.remedy,) if self.remedy else ())))


def trouble_of(error: BaseException) -> Trouble:
    """An expected refusal in its own words; anything else is a bug and says so, with where it happened."""
    if isinstance(error, RefusedError):
        return Trouble(tr("This was refused"), tuple(str(fault) for fault in error.faults))
    if isinstance(error, OSError):
        return Trouble(tr("The computer refused this"), (str(error),), tr("Look at rights and free space, try again."))
    place = "".join(traceback.format_exception(error)[-3:]).strip()
    return Trouble(
        tr("Something unexpected happened: this is a fault of Drydock"),
        (f"{type(error).__name__}: {error}", *place.splitlines()),
        tr("Nothing was lost. Copy this text for whoever looks after Drydock, and try again."),
    )


def trouble_from(title: str, failure: Failure) -> Trouble:
    return Trouble(title, (failure.detail,), failure.hint)


class Job(Generic[Result]):
    """One piece of work. Its thread touches nothing of Qt's: it leaves what it has, and the window comes for it."""

    def __init__(
        self,
        what: str,
        work: Work[Result],
        done: Callable[[Result], None],
        failed: Callable[[Trouble], None],
    ) -> None:
        self.what = what
        self.since = datetime.now(UTC)
        self.stopping = threading.Event()
        self.running = True
        self._work, self._done, self._failed = work, done, failed
        self._left: deque[tuple[Any, BaseException | None]] = deque()
        self._told: list[Callable[[], object]] = []

    def when_ended(self, told: Callable[[], object]) -> None:
        """However it ends: with a result, in trouble, or let go of."""
        self._told.append(told)

    def begin(self) -> None:
        # Daemons: a window that is closed does not wait for a server that does not answer.
        arguments = (self._work, self.stopping, self._left)
        threading.Thread(target=_carry_out, args=arguments, name=f"job {self.what}", daemon=True).start()

    def stop(self) -> None:
        """Asks the work to end; what cannot end early is let go of, and its answer is not waited for."""
        self.stopping.set()
        self._end()

    def look(self) -> None:
        """Hands over what has come, if it has."""
        if not self.running or not self._left:
            return
        result, error = self._left.popleft()
        self._end()
        if error is None:
            self._done(result)
        else:
            self._failed(trouble_of(error))

    def _end(self) -> None:
        if self.running:
            self.running = False
            for told in self._told:
                told()


def _carry_out(work: Work[Any], stopping: threading.Event, left: deque[tuple[Any, BaseException | None]]) -> None:
    try:
        left.append((work(stopping), None))
    except Exception as error:
        left.append((None, error))


class Jobs(QObject):
    """All work that goes on."""

    changed = Signal()

    def __init__(self, parent: QObject | None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._going: list[Job[Any]] = []
        self._quiet: list[Job[Any]] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self._look)

    @property
    def going(self) -> tuple[Job[Any], ...]:
        """The oldest first."""
        return tuple(self._going)

    def start(
        self,
        what: str,
        work: Work[Result],
        done: Callable[[Result], None],
        failed: Callable[[Trouble], None],
    ) -> Job[Result]:
        """What is said while it goes on, in the words of somebody who waits for it."""
        job = Job(what, work, done, failed)
        self._going.append(job)
        self._begin(job)
        self.changed.emit()
        return job

    def start_quietly(
        self, work: Work[Result], done: Callable[[Result], None], failed: Callable[[Trouble], None]
    ) -> Job[Result]:
        """For a short look that nobody waits for: it is not shown."""
        job = Job("", work, done, failed)
        self._quiet.append(job)
        self._begin(job)
        return job

    def stop_all(self) -> None:
        for job in (*self._going, *self._quiet):
            job.stop()

    def _begin(self, job: Job[Any]) -> None:
        job.when_ended(self._forget)
        job.begin()
        self._timer.start()

    def _look(self) -> None:
        for job in (*self._going, *self._quiet):
            job.look()

    def _forget(self) -> None:
        self._going = [job for job in self._going if job.running]
        self._quiet = [job for job in self._quiet if job.running]
        if not self._going and not self._quiet:
            self._timer.stop()
        self.changed.emit()
