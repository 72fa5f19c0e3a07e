"""The hotfixes proven: what the mapping states, and the packages that it names as they lie on the disk."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from core.app.mapping import Looked, check, lint
from core.app.workspace import Workspace
from core.model.fault import Fault
from core.model.size import size_in_words
from gui.desk import Desk
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.theme import Tone
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label

_NUMBER = re.compile(r"mappings\[(\d+)\]")
_TONES = {"good": Tone.GOOD, "wrong": Tone.BAD, "note": Tone.WARN}


@dataclass(frozen=True, slots=True)
class Line:
    """Something that was looked at: a statement or a package, how it is, and what to do about it."""

    what: str
    result: str
    told: str
    place: str = ""


class Packages(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: Rows[Line] = Rows(self, _columns(), lambda line: f"{line.what}: {line.told}")
        self.grid = Grid(tr("What was proven of the hotfixes"), self.rows)
        self.summary = label("", "strong")
        again = button(tr("Prove &again"), self.look)
        words = tr("The mapping is held against the build reference, and every package against its size and SHA-256.")
        top = boxed(across(self.summary, None, again))
        self.told = label("", wrap=True)
        self.states = States(boxed(down(label(words, "muted", wrap=True), top, self.grid, self.told)), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._tell)

    def enter(self) -> None:
        if not self.rows.total:
            self.look()

    def look(self) -> None:
        workspace = self._desk.workspace
        job = self._desk.jobs.start(
            tr("Proving mapping and packages"),
            lambda _: _proven(workspace),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        self.states.show_waiting(job)

    def _tell(self, line: Line | None) -> None:
        parts = () if line is None else (line.place, line.told)
        self.told.setText(": ".join(filter(None, parts)))

    def _show(self, lines: tuple[Line, ...]) -> None:
        self.rows.set_rows(sorted(lines, key=lambda line: ("wrong", "note", "good").index(line.result)))
        self.summary.setText(_in_sum(lines))
        if lines:
            self.states.show_content()
        else:
            words = tr("The mapping says which package brings which version to which build.")
            self.states.show_empty(tr("No hotfix is mapped"), words)


def _proven(workspace: Workspace) -> tuple[Line, ...]:
    proof = lint(workspace)
    wrong = [_stated(fault, "wrong") for fault in proof.faults]
    notes = [_stated(note, "note") for note in proof.notes]
    return (*wrong, *notes, *map(_line, check(workspace)))


def _stated(fault: Fault, result: str) -> Line:
    """By the mapping's number, as people count: where exactly stands below the list."""
    found = _NUMBER.search(fault.path)
    what = tr("the mapping") if found is None else tr("mapping {n}", n=int(found[1]) + 1)
    return Line(what, result, fault.message, fault.path)


def _in_sum(lines: tuple[Line, ...]) -> str:
    wrong = sum(line.result == "wrong" for line in lines)
    notes = sum(line.result == "note" for line in lines)
    words = counted(wrong, "1 thing is wrong", "{n} things are wrong") if wrong else tr("All is right")
    return words + (counted(notes, ", 1 note", ", {n} notes") if notes else "")


def _line(one: Looked) -> Line:
    if one.faults:
        return Line(one.filename, "wrong", "; ".join(fault.message for fault in one.faults))
    told = tr("{size}, SHA-256 {hash}", size=size_in_words(one.size_bytes or 0), hash=one.sha256)
    return Line(one.filename, "good", told)


def _columns() -> tuple[Column[Line], ...]:
    return (
        Column(tr("What"), lambda line: line.what, width=300, least=200),
        Column(tr("Result"), lambda line: tr(line.result), None, lambda line: _TONES[line.result], width=90),
        Column(tr("Found"), lambda line: line.told, width=600, least=260),
    )
