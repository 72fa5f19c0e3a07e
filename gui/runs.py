"""Follows the list of runs in a thread that holds the database open: to look is cheap, to open it is not."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING

from gui.jobs import Trouble, trouble_of

if TYPE_CHECKING:
    from core.app.place import Workspace
    from core.app.runs import RunLine

_PAUSE_SECONDS = 1.0
_AFTER_TROUBLE_SECONDS = 10.0


class FollowingRuns:
    """What is new is fetched by the window, when it comes for it."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._ended = threading.Event()
        self._left: deque[tuple[RunLine, ...] | Trouble] = deque()

    def begin(self) -> None:
        threading.Thread(target=self._follow, name="following the runs", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def fetch(self) -> tuple[RunLine, ...] | Trouble | None:
        return self._left.popleft() if self._left else None

    def _follow(self) -> None:
        while not self._ended.is_set():
            try:
                self._look()
            except Exception as error:
                self._left.append(trouble_of(error))
                self._ended.wait(_AFTER_TROUBLE_SECONDS)

    def _look(self) -> None:
        from core.app.runs import watching_runs

        told: tuple[RunLine, ...] | None = None
        with watching_runs(self._workspace) as seen:
            while not self._ended.is_set():
                now = seen.look()
                if now is not told:
                    told = now
                    self._left.append(now)
                self._ended.wait(_PAUSE_SECONDS)
