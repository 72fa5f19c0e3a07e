"""A text beside a table: words of ours, and under them what was kept in the run's folder under its hash."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtGui import QContextMenuEvent, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QMenu, QPlainTextEdit

from core.app.run_sheet import Output, output_of
from gui.desk import Desk
from gui.jobs import Trouble
from gui.language import tr
from gui.words import short_digest


class KeptText(QPlainTextEdit):
    def __init__(self, desk: Desk, name: str, wraps: bool = True) -> None:
        """What is a file of its own does not wrap: its columns would no longer stand under each other."""
        super().__init__(readOnly=True)
        self._wraps = wraps
        if not wraps:
            self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        # Installers write in columns.
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._desk = desk
        self._words, self._place = "", ("", "")
        self._found: dict[tuple[str, str], Output | Trouble] = {}

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802 - Qt's name
        menu = self.menu()
        menu.exec(event.globalPos())
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Qt's own, and the whole hash to be copied."""
        menu = self.createStandardContextMenu()
        key = self._place[1]
        if key:
            menu.addSeparator()
            copy = menu.addAction(tr("Copy the SHA-256"))
            copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(key))
        return menu

    def forget(self) -> None:
        """What was read is read anew when it is shown again."""
        self._found = {}

    def show_text(self, words: str, run_id: str = "", key: str = "") -> None:
        """Without a key nothing was kept."""
        self._words, self._place = words, (run_id, key)
        self.setToolTip(tr("SHA-256 {hash}", hash=key) if key and not self._wraps else "")
        self._write()
        if key and self._place not in self._found:
            workspace, take = self._desk.workspace, partial(self._take, self._place)
            self._desk.jobs.start_quietly(lambda _: output_of(workspace, run_id, key), take, take)

    def _take(self, place: tuple[str, str], found: Output | Trouble) -> None:
        self._found[place] = found
        if place == self._place:
            self._write()

    def _write(self) -> None:
        self.setPlainText("\n".join((self._words, *(self._kept() if self._place[1] else ()))))

    def _kept(self) -> Iterator[str]:
        yield ""
        key = self._place[1]
        # Where lines do not wrap, nobody scrolls aside for a hash.
        yield tr("As it was written there, SHA-256 {hash}", hash=key if self._wraps else f"{short_digest(key)}…")
        match self._found.get(self._place):
            case Output(text=text, genuine=genuine):
                if not genuine:
                    yield tr("ATTENTION: this file was changed since; the journal's hash does not fit it any more.")
                yield ""
                yield text
            case Trouble() as trouble:
                yield trouble.text
            case None:
                yield tr("Reading it…")
