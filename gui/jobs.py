"""Use cases run in threads of their own, so that the window never waits; each says what it does and can be stopped."""

from __future__ import annotations

import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from core.model.failure import Failure
from core.model.fault import RefusedError
from gui.language import tr

Result = TypeVar("Result")
Work = Callable[[threading.Event], Result]

# A thread that computes gives the window its turn so often.
_SWITCH_SECONDS = 0.0005


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


class Job(QObject, Generic[Result]):
    """One piece of work. Its signals arrive in the window's thread."""

    ended = Signal()
    _came = Signal(object, object)

    def __init__(
        self,
        parent: QObject,
        what: str,
        work: Work[Result],
        done: Callable[[Result], None],
        failed: Callable[[Trouble], None],
    ) -> None:
        super().__init__(parent)
        self.what = what
        self.since = datetime.now(UTC)
        self.stopping = threading.Event()
        self.running = True
        self._work, self._done, self._failed = work, done, failed
        self._came.connect(self._arrive)

    def begin(self) -> None:
        # Daemons: a window that is closed does not wait for a server that does not answer.
        threading.Thread(target=self._run, name=f"job {self.what}", daemon=True).start()

    def stop(self) -> None:
        """Asks the work to end; what cannot end early is let go of, and its answer is not waited for."""
        self.stopping.set()
        self._end()

    def _run(self) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = self._work(self.stopping)
        except Exception as raised:
            error = raised
        try:
            self._came.emit(result, error)
        except RuntimeError:
            return  # the window has gone in the meantime

    def _arrive(self, result: Result, error: BaseException | None) -> None:
        if not self.running:
            return
        self._end()
        if error is None:
            self._done(result)
        else:
            self._failed(trouble_of(error))

    def _end(self) -> None:
        if self.running:
            self.running = False
            self.ended.emit()
            self.deleteLater()


class Jobs(QObject):
    """All work that goes on."""

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        sys.setswitchinterval(_SWITCH_SECONDS)
        self._going: list[Job[Any]] = []

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
        job = Job(self, what, work, done, failed)
        self._going.append(job)
        job.ended.connect(self._forget)
        job.begin()
        self.changed.emit()
        return job

    def stop_all(self) -> None:
        for job in self.going:
            job.stop()

    def _forget(self) -> None:
        self._going = [job for job in self._going if job.running]
        self.changed.emit()
