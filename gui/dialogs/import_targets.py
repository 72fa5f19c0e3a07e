"""Shows what a list of servers would change before it changes anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QDialog, QWidget

from core.app.targets import Import, carry_out, prepare_import
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
    "unchanged": ("as it is", Tone.QUIET),
    "not_listed": ("not in the list, kept", Tone.QUIET),
}


@dataclass(frozen=True, slots=True)
class _Line:
    kind: str
    target: str
    what: str
    fields: str


class ImportTargets(QDialog):
    """Reads the list at once; writes only when told to."""

    def __init__(self, desk: Desk, source: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Import {name}", name=source.name))
        self._desk, self._source = desk, source
        self._prepared: Import | None = None
        self.rows: Rows[_Line] = Rows(self, _columns(), lambda line: line.target)
        self.states = States(Grid(tr("What would change"), self.rows))
        self.summary = label("", "", wrap=True)
        self.write = button(tr("Write the targets"), self._write, "primary")
        self.write.setDefault(True)
        allow(self.write, tr("The list is being read."))
        buttons = across(None, button(tr("Cancel"), self.reject), self.write)
        self.setLayout(down(self.summary, self.states, buttons, edge=16))
        resize_within_screen(self, 900, 460)
        self._read()

    def _read(self) -> None:
        workspace, source = self._desk.workspace, self._source
        what = tr("Reading {name}", name=source.name)
        job = self._desk.jobs.start(what, lambda _: prepare_import(workspace, source), self._show, self._fail)
        self.states.show_waiting(job, self.reject)

    def _show(self, prepared: Import) -> None:
        self._prepared = prepared
        self.rows.set_rows(_lines(prepared))
        kinds = [one.kind for one in prepared.changes]
        counts = [f"{kinds.count(kind)} {tr(words)}" for kind, (words, _) in _KINDS.items() if kind in kinds]
        self.summary.setText("  ·  ".join([*counts, *prepared.notes]))
        allow(self.write, "" if prepared.changes_something else tr("The targets say all this already."))
        if not prepared.changes_something:
            self.states.show_empty(tr("Nothing to write"), tr("The targets say all this already."))
        else:
            self.states.show_content()

    def _write(self) -> None:
        prepared = self._prepared
        if prepared is None:
            return
        workspace = self._desk.workspace
        allow(self.write, tr("The targets are being written."))
        self._desk.jobs.start(
            tr("Writing the targets"), lambda _: carry_out(workspace, prepared), lambda _: self._written(), self._fail
        )

    def _written(self) -> None:
        added = sum(line.kind == "added" for line in self.rows.all_rows)
        self._desk.say(tr("Imported: {added} new", added=counted(added, "1 target", "{n} targets")))
        self._desk.inventory_changed.emit()
        self.accept()

    def _fail(self, trouble: Trouble) -> None:
        allow(self.write, tr("The list could not be taken in."))
        self.states.show_trouble(trouble, self._read)


def _lines(prepared: Import) -> list[_Line]:
    """What would be written first, then what stays."""
    return [
        _Line(
            kind=one.kind,
            target=one.target_id,
            what=one.what,
            fields=", ".join(_field(one.kind, each.field, each.before, each.after) for each in one.fields),
        )
        for one in sorted(prepared.changes, key=lambda one: list(_KINDS).index(one.kind))
    ]


def _field(kind: str, path: str, before: str | None, after: str) -> str:
    name = path.rpartition(".")[2]
    return f"{name}: {after}" if kind == "added" else f"{name}: {before or '–'} → {after}"


def _columns() -> tuple[Column[_Line], ...]:
    return (
        Column(tr("Target"), lambda line: line.target, width=160),
        Column(tr("Change"), lambda line: tr(_KINDS[line.kind][0]), tone=lambda line: _KINDS[line.kind][1], width=170),
        Column(tr("Server"), lambda line: line.what, width=200),
        Column(tr("Fields"), lambda line: line.fields, width=320),
    )
