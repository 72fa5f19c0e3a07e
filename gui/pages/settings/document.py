"""One configuration file while it is changed: its text is the truth, for the form and for the text view alike."""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from core.app.configuration import FileText, Proof, document_of, form_of, prove, put, remove, span, value_at
from core.model.fault import Fault
from core.model.form import Group, Path
from gui.desk import Desk

_PAUSE_MS = 300
_PARTS = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


class Document(QObject):
    """Proven again once typing pauses, by all the rules and with all other files. One entry of a file is a document,
    too: what is typed there touches the entry's text alone, however long the file is."""

    changed = Signal()
    proven = Signal()

    def __init__(self, desk: Desk, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.name = name
        self.base: Path = ()
        self._frame = ("", "")
        self.file: FileText | None = None
        self.text = ""
        self.proof: Proof | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self.prove)

    @cached_property
    def form(self) -> Group:
        return form_of(self.name)

    def entry(self, path: Path) -> Document:
        """The value there, to be changed apart from the rest of the file."""
        begin, end = span(self.text, path) or (0, len(self.text))
        made = Document(self._desk, self.name, self)
        made.base = path
        made._frame = (self.text[:begin], self.text[end:])
        made.proof = self.proof
        made.write(self.text[begin:end])
        return made

    @property
    def whole(self) -> str:
        """The file's text with what this holds of it."""
        return self.text.join(self._frame)

    @property
    def is_changed(self) -> bool:
        return self.file is not None and self.text != self.file.text

    @property
    def may_be_saved(self) -> bool:
        return self.is_changed and self.proof is not None and not self.own_faults

    @property
    def own_faults(self) -> tuple[Fault, ...]:
        return () if self.proof is None else tuple(one for one in self.proof.faults if self.is_mine(one))

    @property
    def other_faults(self) -> tuple[Fault, ...]:
        return () if self.proof is None else tuple(one for one in self.proof.faults if not self.is_mine(one))

    @property
    def notes(self) -> tuple[Fault, ...]:
        return () if self.proof is None else tuple(one for one in self.proof.notes if self.is_mine(one))

    def is_mine(self, fault: Fault) -> bool:
        return fault.path == self.name or fault.path.startswith(f"{self.name}:")

    def place_of(self, fault: Fault) -> Path:
        """Where in the document; empty for what is about the whole file."""
        found = _PARTS.findall(fault.path.removeprefix(f"{self.name}: ")) if self.is_mine(fault) else []
        return tuple(int(number) if number else key for key, number in found)

    @property
    def is_shown_by_a_form(self) -> bool:
        return self._content is not None

    def value(self, path: Path) -> Any:
        return value_at(self._content, path[len(self.base) :])

    def has(self, path: Path) -> bool:
        above = value_at(self._content, path[len(self.base) : -1])
        return isinstance(above, dict) and path[-1] in above

    # What is done to it

    def take(self, file: FileText) -> None:
        """As it lies on the disk now."""
        self.file = file
        self._set(file.text)
        self.prove()

    def saved(self, file: FileText) -> None:
        """What was typed while it was being written is kept, and is a change again."""
        self.file = file
        self.changed.emit()
        self.proven.emit()

    def write(self, text: str) -> None:
        if text != self.text:
            self._set(text)
            self._pause.start()

    def put(self, path: Path, value: object) -> None:
        self.write(put(self.text, path[len(self.base) :], value))

    def remove(self, path: Path) -> None:
        self.write(remove(self.text, path[len(self.base) :]))

    def prove(self) -> None:
        self._pause.stop()
        workspace, name, text, frame = self._desk.workspace, self.name, self.text, self._frame
        self._desk.jobs.start_quietly(
            lambda _: prove(workspace, name, text.join(frame)), partial(self._proven, text), self._desk.show_trouble
        )

    def _set(self, text: str) -> None:
        self.text = text
        self.proof = None
        self._content = document_of(text)
        self.changed.emit()

    _content: dict[str, object] | None = None

    def _proven(self, text: str, proof: Proof) -> None:
        """What was typed since is proven after its own pause."""
        if text == self.text:
            self.proof = proof
            self.proven.emit()
