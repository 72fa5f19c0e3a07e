"""One look at a time: what changes meanwhile is looked at afterwards, and a look that was stopped holds up none."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from gui.jobs import Job


class Looking:
    """Whoever shows something asks for a look whenever it may have changed."""

    def __init__(self, begin: Callable[[], Job[Any]], stopped: Callable[[], object] = lambda: None) -> None:
        """`stopped` is for a look that somebody ended before it had an answer."""
        self._begin, self._stopped = begin, stopped
        self._job: Job[Any] | None = None
        self._again = False

    def ask(self) -> None:
        if self._job is not None:
            self._again = True
            return
        self._again = False
        self._job = job = self._begin()
        job.when_ended(partial(self._ended, job))

    def forget(self) -> None:
        """Something else is looked at from now on: what still comes of the last is for whoever knows it."""
        self._job, self._again = None, False

    def _ended(self, job: Job[Any]) -> None:
        if job is not self._job:
            return
        again, self._job, self._again = self._again, None, False
        if job.stopping.is_set():
            self._stopped()
        elif again:
            self.ask()
