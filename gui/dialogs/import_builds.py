"""Shows what a newer build reference would change before it changes anything."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from core.app.builds import Change, Import, import_index
from gui.desk import Desk
from gui.jobs import Trouble
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.theme import Tone
from gui.widgets.allowing import allow
from gui.widgets.fitting import resize_within_screen
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.text import across, button, down, label

_KINDS: dict[str, tuple[str, Tone]] = {
    "added": ("added", Tone.GOOD),
    "changed": ("changed", Tone.WARN),
    "removed": ("lost", Tone.BAD),
}


class ImportBuilds(QDialog):
    """Reads the file at once; writes only when told to, and over a newer reference only by another button."""

    def __init__(self, desk: Desk, source: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Take in {name}", name=source.name))
        self._desk, self._source = desk, source
        self._prepared: Import | None = None
        self.rows: Rows[Change] = Rows(self, _columns(), lambda one: str(one.build))
        grid = Grid(tr("What would change"), self.rows)
        self.states = States(grid)
        self.summary = label("", "strong", wrap=True)
        self.older = label("", "bad", wrap=True)
        self.older.hide()
        self.write = button(tr("Write the reference"), self._write, "primary")
        allow(self.write, tr("The file is being read."))
        buttons = across(None, button(tr("Cancel"), self.reject), self.write)
        self.setLayout(down(self.summary, self.older, self.states, buttons, edge=16))
        resize_within_screen(self, 860, 460)
        self._read()

    def _read(self) -> None:
        workspace, source = self._desk.workspace, self._source
        job = self._desk.jobs.start(
            tr("Reading {name}", name=source.name),
            lambda _: import_index(workspace, source, None, dry_run=True),
            self._show,
            self._fail,
        )
        self.states.show_waiting(job, self.reject)

    def _show(self, prepared: Import) -> None:
        self._prepared = prepared
        self.rows.set_rows(prepared.changes)
        self.summary.setText(_summary(prepared))
        self._warn(prepared)
        allow(self.write, "" if _says_something(prepared) else tr("The reference says all this already."))
        if prepared.changes:
            self.states.show_content()
        else:
            self.states.show_empty(tr("No build would change"), tr("The reference knows all these builds already."))

    def _warn(self, prepared: Import) -> None:
        words = list(prepared.warnings)
        if prepared.is_older and prepared.before is not None:
            lost = sum(one.kind == "removed" for one in prepared.changes)
            words.append(
                tr(
                    "This list is of {after}, older than the present reference of {before}: {builds} would be lost.",
                    after=prepared.after.as_of,
                    before=prepared.before.as_of,
                    builds=counted(lost, "1 build", "{n} builds"),
                )
            )
            self.write.setText(tr("Write the older one all the same"))
            self.write.setAccessibleName(self.write.text())
        self.older.setText("\n".join(words))
        self.older.setVisible(bool(words))

    def _write(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        workspace, source, older = self._desk.workspace, self._source, prepared.is_older
        allow(self.write, tr("The reference is being written."))
        self._desk.jobs.start(
            tr("Writing the build reference"),
            lambda _: import_index(workspace, source, None, dry_run=False, even_older=older),
            self._written,
            self._fail,
        )

    def _written(self, done: Import) -> None:
        builds = counted(len(done.after.releases), "1 build", "{n} builds")
        self._desk.say(tr("The build reference has {builds}, as of {day}", builds=builds, day=done.after.as_of))
        self._desk.facts_changed.emit()
        self.accept()

    def _fail(self, trouble: Trouble) -> None:
        allow(self.write, tr("The file could not be taken in."))
        self.states.show_trouble(trouble, self._read)


def _says_something(prepared: Import) -> bool:
    return bool(prepared.changes) or prepared.before is None or prepared.before.as_of != prepared.after.as_of


def _summary(prepared: Import) -> str:
    kinds = Counter(one.kind for one in prepared.changes)
    parts = [f"{kinds[kind]:,} {tr(words)}" for kind, (words, _) in _KINDS.items() if kinds[kind]]
    builds = counted(len(prepared.after.releases), "1 build", "{n} builds")
    return "  ·  ".join([tr("{builds} as of {day}", builds=builds, day=prepared.after.as_of), *parts])


def _columns() -> tuple[Column[Change], ...]:
    return (
        Column(tr("Build"), lambda one: str(one.build), lambda one: one.build, width=140),
        Column(tr("Change"), lambda one: tr(_KINDS[one.kind][0]), tone=lambda one: _KINDS[one.kind][1], width=110),
        Column(tr("What"), lambda one: "; ".join(one.details), width=520),
    )
