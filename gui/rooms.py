"""Which pages there are, in the rail's order. Their modules are heavy: loaded behind a window that is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from gui.desk import Desk, Page, Room
from gui.language import tr


def titles() -> dict[Room, str]:
    return {
        Room.OVERVIEW: tr("Overview"),
        Room.FLEET: tr("Fleet"),
        Room.CYCLE: tr("Patch cycle"),
        Room.RUNS: tr("Runs"),
        Room.SETTINGS: tr("Settings"),
    }


def load(rooms: tuple[Room, ...] = tuple(Room)) -> None:
    """Loads what the pages need, from any thread: nothing of Qt's is made."""
    for room in rooms:
        _CLASSES[room]()


class Pages(Mapping[Room, Page]):
    """Each page is made when somebody first goes there."""

    def __init__(self, desk: Desk, made: Callable[[Room, Page], None]) -> None:
        self._desk, self._tell = desk, made
        self._made: dict[Room, Page] = {}

    def __getitem__(self, room: Room) -> Page:
        if room not in self._made:
            self._made[room] = _CLASSES[room]()(self._desk)
            self._tell(room, self._made[room])
        return self._made[room]

    def __iter__(self) -> Iterator[Room]:
        return iter(_CLASSES)

    def __len__(self) -> int:
        return len(_CLASSES)

    @property
    def made(self) -> tuple[Page, ...]:
        return tuple(self._made.values())


def _overview() -> type[Page]:
    from gui.pages.overview import OverviewPage

    return OverviewPage


def _fleet() -> type[Page]:
    from gui.pages.fleet.page import FleetPage

    return FleetPage


def _cycle() -> type[Page]:
    from gui.pages.cycle.page import CyclePage

    return CyclePage


def _runs() -> type[Page]:
    from gui.pages.runs.page import RunsPage

    return RunsPage


def _settings() -> type[Page]:
    from gui.pages.settings.page import SettingsPage

    return SettingsPage


_CLASSES: dict[Room, Callable[[], type[Page]]] = {
    Room.OVERVIEW: _overview,
    Room.FLEET: _fleet,
    Room.CYCLE: _cycle,
    Room.RUNS: _runs,
    Room.SETTINGS: _settings,
}
