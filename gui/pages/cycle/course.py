"""What the six steps hand on to each other."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from core.app.plan import NOTHING, LeavingOut
from core.app.review import Reviewed
from core.model.authorisation import Authorisation
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.selection import Selection


class Course(QObject):
    """One patch cycle, as far as it has come. What changes takes back all that was built on it."""

    taken_back = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hosts: tuple[str, ...] = ()
        self.assessed: dict[str, Facts | Failure] = {}
        self.leaving_out = NOTHING
        self.reviewed: Reviewed | None = None
        self.authorisation: Authorisation | None = None
        self.run_id: str | None = None

    @property
    def hosts(self) -> tuple[str, ...]:
        return self._hosts

    @property
    def selection(self) -> Selection:
        return Selection(servers=self._hosts)

    @property
    def failed(self) -> dict[str, Failure]:
        return {name: one for name, one in self.assessed.items() if isinstance(one, Failure)}

    def choose(self, hosts: tuple[str, ...]) -> None:
        if hosts != self._hosts:
            self._hosts = hosts
            self.assessed = {name: one for name, one in self.assessed.items() if name in hosts}
            self.leaving_out = NOTHING
            self._take_back(0)

    def assess(self, assessed: dict[str, Facts | Failure]) -> None:
        self.assessed = assessed
        self._take_back(1)

    def leave_out(self, what: LeavingOut) -> None:
        self.leaving_out = what
        self._take_back(2)

    def follow(self, run_id: str) -> None:
        self.run_id = run_id

    def begin_anew(self) -> None:
        self._hosts, self.assessed, self.leaving_out = (), {}, NOTHING
        self._take_back(0)

    def _take_back(self, step: int) -> None:
        """Steps after this one have nothing to stand on any more."""
        if step < 2:
            self.reviewed = None
        self.authorisation = None
        self.run_id = None
        self.taken_back.emit(step)
