"""The window: rail, top bar, the page in the middle, the status bar."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QLayout, QMainWindow, QMenu, QStackedWidget, QWidget

from core.model.selection import Selection
from gui.desk import JUST_LOOK, Desk, Errand, Page, Room
from gui.jobs import Trouble
from gui.language import tr
from gui.rooms import Pages, load, titles
from gui.runs import FollowingRuns
from gui.theme import is_dark, wear
from gui.widgets.dressing import dress
from gui.widgets.going_on import GoingOn
from gui.widgets.keyboard import hold_keyboard, lead
from gui.widgets.rail import Rail
from gui.widgets.text import across, boxed, down, label
from gui.widgets.top_bar import TopBar

if TYPE_CHECKING:
    from core.model.host import Host
    from gui.notices import Notices

_NARROW, _LOW = 1080, 480
_LOOK_MS = 400
_FLEET = "the practice fleet"


class Window(QMainWindow):
    """Shows one workspace."""

    leave = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        desk.setParent(self)
        self._since = datetime.now(UTC)
        self._following = FollowingRuns(desk.workspace)
        self._may_lose = False
        self._notices: Notices | None = None
        self.setWindowTitle(tr("{name} – Drydock", name=desk.workspace.path.name))
        self._stack = QStackedWidget()
        opening = _opening()
        self._stack.addWidget(opening)
        self._rooms = titles()
        self.pages = Pages(desk, self._place)
        self._places: dict[Room, QWidget] = {}
        self._frames: list[QLayout] = []
        self._wanted: tuple[Room, Errand] | None = None
        self._loaded = False
        self.rail = Rail([(room.value, title) for room, title in self._rooms.items()])
        self.rail.chosen.connect(lambda key: desk.go(Room(key)))
        self.top = TopBar(desk, self._menu())
        self.going_on = GoingOn(desk.jobs)
        self._middle = boxed(across(self.rail, boxed(down(self.top, self._stack, gap=0)), gap=0))
        self.setCentralWidget(self._middle)
        self.statusBar().addWidget(self.going_on, 1)
        self.statusBar().setSizeGripEnabled(False)
        opening.setFocus()
        self.setMinimumSize(680, 380)
        self._connect()
        self._restore()
        last = desk.settings.value("room")
        self.room = next((room for room in self.pages if room.value == last), Room.OVERVIEW)
        self._wanted = (self.room, JUST_LOOK)
        self.rail.show_chosen(self.room.value)
        # The first turn of the loop paints the window; what fills it comes after.
        QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        self.rail.complete()
        self._bind_keys()
        self.look()
        self.desk.jobs.start_quietly(lambda _: self.desk.identity, self.top.show_operator, self._show_trouble)
        self._following.begin()
        first = self.room
        self.desk.jobs.start_quietly(lambda _: load((first,)), lambda _: self._open_first(), self._show_trouble)

    def _open_first(self) -> None:
        self._loaded = True
        if self._wanted is not None:
            self._go(*self._wanted)
        self.desk.jobs.start_quietly(lambda _: load(), lambda _: None, self._show_trouble)
        self._look_for_fleet()

    def _look_for_fleet(self) -> None:
        """What is imaginary is mended by starting it, and not by what its connections are told to lack."""
        if not self.desk.practice:
            return
        workspace = self.desk.workspace

        def work(_: threading.Event) -> bool:
            from core.app.practising import is_answered

            return is_answered(workspace)

        self.desk.jobs.start_quietly(work, self._tell_fleet, self._say_trouble)

    def _tell_fleet(self, answered: bool) -> None:
        from gui.theme import Tone
        from gui.widgets.banner import Notice

        if answered:
            self.notices.let_go(_FLEET)
            return
        words = tr("The imaginary servers of this workspace do not run: none of them will answer.")
        self.notices.say(Notice(_FLEET, tr("practice"), Tone.WARN, words, tr("Start others…"), self._leave))

    def _place(self, room: Room, page: Page) -> None:
        frame = down(page, edge=self._edge)
        self._frames.append(frame)
        place = boxed(frame)
        self._places[room] = place
        self._stack.addWidget(place)

    @property
    def _edge(self) -> int:
        return 4 if self.height() < _LOW else 12

    # Going somewhere

    def _go(self, room: Room, errand: Errand) -> None:
        self.room = room
        self.rail.show_chosen(room.value)
        self.desk.settings.setValue("room", room.value)
        if not self._loaded:
            self._wanted = (room, errand)
            return
        page = self.pages[room]
        self._stack.setCurrentWidget(self._places[room])
        for around in (self._middle, self.statusBar()):
            lead(around, page)
        page.enter(errand)

    # What is looked at again and again

    def look(self) -> None:
        """Reads targets anew."""
        workspace = self.desk.workspace

        def work(_: threading.Event) -> tuple[Host, ...]:
            from core.app.targets import list_targets

            return list_targets(workspace, Selection())

        self.desk.jobs.start(
            tr("Reading the targets"),
            work,
            self.desk.set_hosts,
            self._no_hosts,
        )

    def _no_hosts(self, trouble: Trouble) -> None:
        told = replace(trouble, title=tr("The servers could not be read"))
        self.desk.lose_hosts(told)
        self._say_trouble(told)

    def _fetch_runs(self) -> None:
        match self._following.fetch():
            case None:
                return
            case Trouble() as trouble:
                self._say_trouble(trouble)
            case runs:
                self.desk.set_runs(runs)

    def _show_runs(self) -> None:
        runs = self.desk.runs
        self.going_on.show_runs(runs)
        self.notices.see(runs)
        self._let_go()

    def _let_go(self) -> None:
        """What the page shows already needs no notice besides."""
        if self._notices is None or not self._loaded or self.isMinimized():
            return
        page = self.pages[self.room]
        if page.results_of:
            self._notices.let_go(page.results_of)
        if page.run_on_screen:
            self._notices.let_go_broken_off(page.run_on_screen)

    @property
    def notices(self) -> Notices:
        """Made when there are runs to look at: a window is there sooner without it."""
        if self._notices is None:
            from gui.notices import Notices

            bar = self.statusBar()
            bar.removeWidget(self.going_on)
            self._notices = Notices(self.desk, self._since, self, self.going_on)
            self._notices.changed.connect(self._tint)
            bar.addWidget(self._notices, 1)
        return self._notices

    def _tint(self) -> None:
        """A notice is seen from afar: its tone goes across the whole row."""
        shown = self.notices.on_show
        dress(self.statusBar(), "tone", "" if shown is None else shown.tone.value)

    def _to_message(self) -> None:
        if self._notices is not None:
            self._notices.give_keyboard()

    def _show_trouble(self, trouble: Trouble) -> None:
        from PySide6.QtCore import Qt

        from gui.dialogs.trouble import TroubleDialog

        dialog = TroubleDialog(trouble, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _say_trouble(self, trouble: Trouble) -> None:
        self.going_on.say(" – ".join((trouble.title, *trouble.lines[:1])))

    # Keys and menus

    def _connect(self) -> None:
        self.desk.sent.connect(self._go)
        self.desk.runs_changed.connect(self._show_runs)
        self.desk.troubled.connect(self._show_trouble)
        self.desk.said.connect(self.going_on.say)
        self.desk.inventory_changed.connect(self.look)
        timer = QTimer(self)
        timer.setInterval(_LOOK_MS)
        timer.timeout.connect(self._fetch_runs)
        timer.timeout.connect(self._let_go)
        timer.start()

    def _bind_keys(self) -> None:
        for key, what, do in self._keys():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setWhatsThis(what)
            shortcut.activated.connect(do)

    def _keys(self) -> tuple[tuple[str, str, Callable[[], object]], ...]:
        return (
            ("F1", tr("Show the keys"), self.show_keys),
            ("F5", tr("Look again"), self._again),
            ("Ctrl+K", tr("Search hosts, KBs and runs"), self.top.search.begin),
            ("Ctrl+F", tr("Filter what the page shows"), self._filter),
            ("F6", tr("To the message in the status bar"), self._to_message),
            ("Ctrl+L", tr("Light or dark"), self.turn_light),
        )

    def _again(self) -> None:
        self.look()
        self._look_for_fleet()
        self.pages[self.room].again()

    def _filter(self) -> None:
        self.pages[self.room].focus_filter()

    def show_keys(self) -> None:
        from gui.dialogs.shortcuts import Shortcuts

        keys = [(key, what) for key, what, _ in self._keys()]
        keys += [(f"Alt+{n}", title) for n, title in enumerate(self._rooms.values(), start=1)]
        keys += [
            (tr("Enter"), tr("Open the chosen row")),
            (tr("Space"), tr("Tick or untick the chosen row")),
            ("Ctrl+C", tr("Copy the chosen rows")),
            (tr("Tab, arrows"), tr("Go from part to part, from row to row")),
            *self.pages[self.room].keys(),
        ]
        Shortcuts(keys, self).exec()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        other = QAction(tr("Another workspace…"), menu)
        other.triggered.connect(self._leave)
        look = QAction(tr("Light or dark"), menu)
        look.triggered.connect(self.turn_light)
        keys = QAction(tr("Keys"), menu)
        keys.triggered.connect(self.show_keys)
        menu.addActions([other, look, keys])
        return menu

    def turn_light(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            wear(application, not is_dark())
            self.desk.settings.setValue("look", "dark" if is_dark() else "light")

    # Size, place, end

    def _restore(self) -> None:
        geometry = self.desk.settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self.restoreGeometry(geometry)
        else:
            self.resize(1280, 720)

    @property
    def _unsaved(self) -> tuple[str, ...]:
        return tuple(name for page in self.pages.made for name in page.unsaved)

    def _ask_unsaved(self, then: Callable[[], object]) -> None:
        def throw_away() -> None:
            self._may_lose = True
            then()

        from gui.dialogs.unsaved import Unsaved

        self.unsaved_dialog = Unsaved(self._unsaved, lambda: self._save_all(then), throw_away, self)
        self.unsaved_dialog.open()

    def _save_all(self, then: Callable[[], object]) -> None:
        page = next((one for one in self.pages.made if one.unsaved), None)
        if page is None:
            then()
        else:
            page.save(lambda: self._save_all(then))

    def _leave(self) -> None:
        """To another workspace."""
        if self._unsaved:
            self._ask_unsaved(self.leave.emit)
        else:
            self.leave.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        self.rail.set_narrow(event.size().width() < _NARROW)
        self.top.set_low(event.size().height() < _LOW)
        for frame in self._frames:
            frame.setContentsMargins(self._edge, self._edge, self._edge, self._edge)
        super().resizeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """A run goes on without the window; work that only fills the window is let go of."""
        if self._unsaved and not self._may_lose:
            event.ignore()
            self._ask_unsaved(self.close)
            return
        self.desk.settings.setValue("geometry", self.saveGeometry())
        self.desk.jobs.stop_all()
        self._following.end()
        for page in self.pages.made:
            page.end()
        self.desk.settings.sync()
        super().closeEvent(event)


def _opening() -> QWidget:
    """It has the keyboard until there is a page: left to Qt, the way to stop what loads would have it."""
    words = tr("Opening …")
    made = boxed(down(None, across(None, label(words, "muted"), None), None))
    hold_keyboard(made, words)
    return made
