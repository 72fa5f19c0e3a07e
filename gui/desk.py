"""What all pages share: the workspace, the scope, the work that goes on, and the way to other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from core.model.selection import Selection
from gui.jobs import Jobs, Trouble

if TYPE_CHECKING:
    from core.app.composition import Identity
    from core.app.runs import RunLine
    from core.app.workspace import Workspace
    from core.model.compliance import ComplianceState
    from core.model.host import Host


class Room(StrEnum):
    """The places on the rail."""

    OVERVIEW = "overview"
    FLEET = "fleet"
    CYCLE = "cycle"
    RUNS = "runs"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Errand:
    """Why somebody comes to a room: a host to be shown, a run to be opened, words or a state to be looked for."""

    host: str | None = None
    run: str | None = None
    search: str | None = None
    state: ComplianceState | None = None
    hosts: tuple[str, ...] = ()
    file: str | None = None


JUST_LOOK = Errand()


class Desk(QObject):
    """Pages hear from here and ask here; none of them knows another."""

    scope_changed = Signal()
    targets_changed = Signal()
    facts_changed = Signal()
    runs_changed = Signal()
    run_ended = Signal(object)
    inventory_changed = Signal()
    sent = Signal(object, object)
    said = Signal(str)
    troubled = Signal(object)

    def __init__(
        self, workspace: Workspace, practice: bool, settings: QSettings, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.workspace = workspace
        self.practice = practice
        self.settings = settings
        self.jobs = Jobs(self)
        self._scope = Selection()
        self._hosts: tuple[Host, ...] = ()
        self._runs: tuple[RunLine, ...] = ()
        self.inventory_trouble: Trouble | None = None

    @property
    def identity(self) -> Identity:
        """Who works, and where."""
        from core.app.composition import identity

        return identity()

    @property
    def scope(self) -> Selection:
        return self._scope

    def set_scope(self, scope: Selection) -> None:
        if scope != self._scope:
            self._scope = scope
            self.scope_changed.emit()

    @property
    def only_tenant(self) -> str | None:
        """Of whom alone reports are made while the scope holds nobody else."""
        tenants = self._scope.tenants
        return tenants[0] if len(tenants) == 1 else None

    @property
    def hosts(self) -> tuple[Host, ...]:
        """The inventory as it was last read."""
        return self._hosts

    def set_hosts(self, hosts: tuple[Host, ...]) -> None:
        self._hosts, self.inventory_trouble = hosts, None
        self.targets_changed.emit()

    def lose_hosts(self, trouble: Trouble) -> None:
        """The inventory could not be read: nobody may take that for a fleet without servers."""
        self._hosts, self.inventory_trouble = (), trouble
        self.targets_changed.emit()

    def look_again(self) -> None:
        self.inventory_changed.emit()

    def to_settings(self) -> None:
        self.go(Room.SETTINGS)

    @property
    def runs(self) -> tuple[RunLine, ...]:
        """The newest first, as they were last read."""
        return self._runs

    def set_runs(self, runs: tuple[RunLine, ...]) -> None:
        self._runs = runs
        self.runs_changed.emit()

    @property
    def hosts_in_scope(self) -> tuple[Host, ...]:
        return tuple(host for host in self._hosts if self._scope.covers(host))

    def go(self, room: Room, errand: Errand = JUST_LOOK) -> None:
        self.sent.emit(room, errand)

    def show_trouble(self, trouble: Trouble) -> None:
        """What went wrong, where everybody sees it and can copy it."""
        self.troubled.emit(trouble)

    def say(self, text: str) -> None:
        """A sentence for the status bar."""
        self.said.emit(text)


class Page(QWidget):
    """A room. It is entered with an errand, and told when it is left."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk

    def enter(self, errand: Errand) -> None:
        """It is shown."""

    def again(self) -> None:
        """F5: looks anew."""

    def focus_filter(self) -> None:
        """Ctrl+F: to the page's own filter, if it has one."""

    def keys(self) -> tuple[tuple[str, str], ...]:
        """Keys of this page alone, and what they do."""
        return ()

    @property
    def results_of(self) -> str | None:
        """The run whose results are on the screen here."""
        return None

    @property
    def run_on_screen(self) -> str | None:
        """The run that can be seen to go on here, or to be broken off, and be taken up again."""
        return self.results_of

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What was changed here and would be lost if the window closed, by name."""
        return ()

    def save(self, then: Callable[[], object]) -> None:
        """Saves that, and then does something else, if all could be saved."""
        then()

    def end(self) -> None:
        """The window closes."""
