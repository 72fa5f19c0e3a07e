"""The logs that were collected from a host that did not go well, each readable."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QWidget

from core.model.diagnostics import DiagnosticText
from core.model.events import DiagnosticsTaken
from core.model.record import TargetRecord
from gui.desk import Desk
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.pages.runs.kept_text import KeptText
from gui.pages.runs.lines import moment
from gui.widgets.grid import Grid
from gui.widgets.text import label, under_tabs
from gui.words import log_word


class Diagnostics(QWidget):
    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._run_id = ""
        self.told = label("", wrap=True)
        self.rows: Rows[DiagnosticText] = Rows(self, _columns(), lambda one: f"{one.kind} {one.name} {one.sha256}")
        self.grid = Grid(tr("Collected logs"), self.rows)
        self.grid.chosen.connect(self._show)
        self.text = KeptText(desk, tr("The chosen log"), wraps=False)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.grid)
        split.addWidget(self.text)
        split.setSizes([500, 680])
        self.setLayout(under_tabs(self.told, split))

    def show_of(self, run_id: str, record: TargetRecord) -> None:
        self._run_id = run_id
        taken = record.diagnostics
        self.text.forget()
        self.rows.set_rows(() if taken is None else taken.texts)
        self.told.setText("  ".join(_told(taken, record)))
        if self.rows.shown_count:
            self.grid.selectRow(0)
        else:
            self.text.show_text("")

    def _show(self, one: DiagnosticText | None) -> None:
        if one is None:
            self.text.show_text("")
            return
        words = [f"{log_word(one.kind)}: {one.name}"]
        if one.redactions:
            words.append(counted(one.redactions, "1 secret was blacked out", "{n} secrets were blacked out"))
        if one.cut:
            words.append(tr("It was longer: the rest is on the host."))
        self.text.show_text("\n".join(words), self._run_id, one.sha256)


def _told(taken: DiagnosticsTaken | None, record: TargetRecord) -> Iterator[str]:
    if taken is None:
        yield tr("Nothing was collected: it is done for hosts that do not go well, and when somebody asks for it.")
        return
    match taken.result:
        case "collected":
            yield tr("Collected {at}.", at=moment(record.diagnosed_at))
        case "partial":
            yield tr("Collected in part {at}.", at=moment(record.diagnosed_at))
        case "failed":
            yield tr("Nothing could be collected.")
        case "throttled":
            yield tr("Not collected: it was not long ago that this host's logs were.")
    yield from taken.trouble


def _columns() -> tuple[Column[DiagnosticText], ...]:
    return (
        Column(tr("Kind"), lambda one: log_word(one.kind), width=190, least=120),
        Column(tr("Name"), lambda one: one.name.rpartition("\\")[2], width=280, least=110),
        Column(tr("Characters"), lambda one: f"{one.chars:,}" if one.chars else tr("empty"), lambda one: one.chars,
               width=88, numeric=True),
    )  # fmt: skip
