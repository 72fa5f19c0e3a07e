"""Follows a run in a thread of its own: what its journal says new goes over the bridge to whoever shows it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from core.app.watching import Watch, watching
from core.app.workspace import Workspace
from core.model.events import Entry
from core.model.signs import Signs
from core.model.transfer import Moment
from gui.jobs import Trouble, trouble_of

_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Driven:
    """Whether a process drives the run, as last seen."""

    now: bool


@dataclass(frozen=True, slots=True)
class Seen:
    """What answers on a host just now."""

    host: str
    signs: Signs


News = Entry | Driven | Seen | Moment | Trouble


class Following:
    """From begin to end; entries come whole and in order, however late one begins."""

    def __init__(self, workspace: Workspace, run_id: str, put: Callable[[News], None]) -> None:
        self._workspace, self._run_id, self._put = workspace, run_id, put
        self._ended = threading.Event()

    def begin(self) -> None:
        threading.Thread(target=self._follow, name=f"following {self._run_id}", daemon=True).start()

    def end(self) -> None:
        self._ended.set()

    def _follow(self) -> None:
        try:
            with watching(self._workspace, self._run_id) as watch:
                self._look(watch)
        except Exception as trouble:
            # Whatever it is: a page that nobody tells anything any more would show a run going on for ever.
            self._put(trouble_of(trouble))

    def _look(self, watch: Watch) -> None:
        driven: bool | None = None
        while not self._ended.is_set():
            now = watch.driven
            fresh = watch.fresh()
            for entry in fresh:
                self._put(entry)
            # After what the journal says: what has ended there is not shown as going on.
            for moment in watch.moments() if now else ():
                self._put(moment)
            if now is not driven:
                driven = now
                self._put(Driven(now))
            if not fresh:
                self._ended.wait(_PAUSE_SECONDS)
