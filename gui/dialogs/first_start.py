"""The first start: open a workspace, make one, or practise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.app.workspace import Workspace, find_workspace, make_workspace
from gui.jobs import Jobs, Trouble
from gui.language import tr
from gui.practising import start_practice
from gui.widgets.states import States, Way
from gui.widgets.text import across, boxed, button, card, down, label


class FirstStart(QWidget):
    """Three ways in. Each ends with a workspace."""

    opened = Signal(object)

    def __init__(self, jobs: Jobs, practice_folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._practice_folder = practice_folder
        ways = across(
            self._way(
                tr("Practise"),
                tr("A fleet of imaginary servers behind real protocols, and a workspace for it. Nothing can go wrong."),
                button(tr("&Practise now"), self.practise, "primary"),
            ),
            self._way(
                tr("Open a workspace"),
                tr("A folder that Drydock has worked in before. Its config folder holds audit_config.json."),
                button(tr("&Open a folder…"), self._ask_open),
            ),
            self._way(
                tr("Make a workspace"),
                tr("For your own servers: an empty folder on a local disk gets a sample configuration."),
                button(tr("&Make a folder…"), self._ask_make),
            ),
            gap=16,
        )
        title = label(tr("Welcome to Drydock"), "title")
        words = label(
            tr("Patches SQL Server on many servers from this computer, and proves what happened."), "muted", wrap=True
        )
        middle = boxed(down(None, title, words, boxed(ways), None, None, gap=16, edge=32))
        self.states = States(middle)
        self.setLayout(down(self.states))

    def practise(self) -> None:
        """Fleet and workspace in one click."""
        job = start_practice(self._jobs, self._practice_folder, self._open, self._refused)
        self.states.show_waiting(job, self.states.show_content)

    def open_folder(self, folder: Path) -> None:
        make = (tr("Make a workspace there"), lambda: self.make_folder(folder))
        self._try(tr("Opening {folder}", folder=folder), lambda: find_workspace(folder), make)

    def make_folder(self, folder: Path) -> None:
        self._try(tr("Making a workspace in {folder}", folder=folder), lambda: make_workspace(folder))

    def _try(self, what: str, work: Callable[[], Workspace], *ways: Way) -> None:
        job = self._jobs.start(what, lambda _: work(), self._open, lambda trouble: self._refused(trouble, *ways))
        self.states.show_waiting(job, self.states.show_content)

    def _refused(self, trouble: Trouble, *ways: Way) -> None:
        self.states.show_trouble(trouble, None, (tr("Back"), self.states.show_content), *ways)

    def _way(self, title: str, words: str, way: QWidget) -> QWidget:
        return card(down(label(title, "heading"), label(words, "muted", wrap=True), None, way, gap=8), 16)

    def _open(self, workspace: Workspace) -> None:
        self.opened.emit(workspace)

    def _ask_open(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Open a workspace"))
        if folder:
            self.open_folder(Path(folder))

    def _ask_make(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Make a workspace in an empty folder"))
        if folder:
            self.make_folder(Path(folder))
