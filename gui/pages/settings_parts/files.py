"""The configuration files, each as its text, held against all the others while one types."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPlainTextEdit, QSplitter, QWidget

from core.app.configuration import NAMES, FileText, Proof, prove, read, save
from core.model.fault import Fault
from gui.desk import Desk
from gui.language import counted, tr
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label

_PAUSE_MS = 300
_LAST_KEY = re.compile(r"([A-Za-z_$]+)(?:\[\d+\])?$")


class Files(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._file: FileText | None = None
        self.names = QListWidget()
        self.names.setAccessibleName(tr("Configuration files"))
        self.names.addItems([name.removeprefix("config/") for name in NAMES])
        self.names.setMaximumWidth(230)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(tr("Text of the file"))
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.state = Chip()
        self.faults = QListWidget()
        self.faults.setAccessibleName(tr("Faults of the configuration"))
        self.faults.setWordWrap(True)
        self.keep = button(tr("&Save"), self.save, "primary")
        self.back = button(tr("&Undo all changes"), self.look)
        self._title = label("", "heading")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._prove)
        right = QSplitter(Qt.Orientation.Vertical)
        right.setChildrenCollapsible(False)
        right.addWidget(self.text)
        right.addWidget(self.faults)
        right.setSizes([480, 130])
        head = boxed(across(self._title, self.state, None, self.back, self.keep))
        self.states = States(boxed(down(head, right)))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.names)
        split.addWidget(self.states)
        split.setSizes([200, 900])
        self.setLayout(down(split))
        self.names.currentRowChanged.connect(self._turn)
        self.text.textChanged.connect(self._typed)
        self.faults.itemActivated.connect(self._go_to)
        self.faults.itemClicked.connect(self._go_to)

    def enter(self) -> None:
        if self._file is None:
            self.names.setCurrentRow(0)

    def open(self, name: str) -> None:
        if name in NAMES:
            self.names.setCurrentRow(NAMES.index(name))

    @property
    def changed(self) -> bool:
        return self._file is not None and self.text.toPlainText() != self._file.text

    def look(self) -> None:
        """Reads the chosen file anew; what was typed is gone."""
        self._turn(self.names.currentRow())

    def save(self) -> None:
        file, text, workspace = self._file, self.text.toPlainText(), self._desk.workspace
        if file is not None:
            self._desk.jobs.start(
                tr("Saving {file}", file=file.name),
                lambda _: save(workspace, file, text),
                self._saved,
                self._desk.show_trouble,
            )

    def _turn(self, number: int) -> None:
        if not 0 <= number < len(NAMES):
            return
        name, workspace = NAMES[number], self._desk.workspace
        job = self._desk.jobs.start(
            tr("Reading {file}", file=name),
            lambda _: read(workspace, name),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        if self._file is None:
            self.states.show_waiting(job)

    def _show(self, file: FileText) -> None:
        self._file = file
        self._title.setText(file.name)
        self.text.setPlainText(file.text)
        self.states.show_content()
        self._prove()

    def _saved(self, file: FileText) -> None:
        self._file = file
        self._typed()
        self._desk.say(tr("{file} is saved.", file=file.name))
        self._desk.inventory_changed.emit()

    def _typed(self) -> None:
        self.keep.setEnabled(False)
        self.back.setEnabled(self.changed)
        self._pause.start()

    def _prove(self) -> None:
        file, text, workspace = self._file, self.text.toPlainText(), self._desk.workspace
        if file is not None:
            self._desk.jobs.start_quietly(
                lambda _: prove(workspace, file.name, text), partial(self._proven, text), self._desk.show_trouble
            )

    def _proven(self, text: str, proof: Proof) -> None:
        if self._file is None or text != self.text.toPlainText():
            return
        mine = [fault for fault in proof.faults if fault.path.startswith(self._file.name)]
        self.keep.setEnabled(self.changed and not mine)
        self.faults.clear()
        for fault in (*mine, *(one for one in proof.faults if one not in mine), *proof.notes):
            self._add(fault)
        if proof.faults:
            self.state.say(counted(len(proof.faults), "1 fault", "{n} faults"), Tone.BAD)
        elif proof.notes:
            self.state.say(counted(len(proof.notes), "right, 1 note", "right, {n} notes"), Tone.WARN)
        else:
            self.state.say(tr("right"), Tone.GOOD)

    def _add(self, fault: Fault) -> None:
        item = QListWidgetItem(str(fault))
        item.setData(int(Qt.ItemDataRole.UserRole), fault.path)
        self.faults.addItem(item)

    def _go_to(self, item: QListWidgetItem) -> None:
        """To the line that a fault is about: to its key, after those that its path counts before."""
        path = str(item.data(int(Qt.ItemDataRole.UserRole)))
        if self._file is None or not path.startswith(self._file.name):
            return
        key = _LAST_KEY.search(path)
        counts = [int(number) for number in re.findall(r"\[(\d+)\]", path)]
        at = _place(self.text.toPlainText(), key[1] if key else "", counts[0] if counts else 0)
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(max(0, at))
        self.text.setTextCursor(cursor)
        self.text.centerCursor()
        self.text.setFocus()


def _place(text: str, key: str, count: int) -> int:
    """Where the key stands for the time that is meant."""
    places = [found.start() for found in re.finditer(rf'"{re.escape(key)}"', text)]
    return places[min(count, len(places) - 1)] if places else 0
