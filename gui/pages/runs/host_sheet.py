"""One host of one run: what became of it and what to do, each step with its output, the journal, the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QSplitter, QTabWidget, QWidget

from core.app.launch import launch_reverify
from core.app.requests import ask, unblock
from core.app.run_sheet import RunSheet
from core.model.compliance import ComplianceState
from core.model.events import Entry
from core.model.requests import Action
from core.model.run_report import HostReport
from gui.builds import Titles
from gui.desk import Desk, Errand, Room
from gui.dialogs.reason import Reason
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.pages.runs.case_text import case_of_host
from gui.pages.runs.diagnostics import Diagnostics
from gui.pages.runs.kept_text import KeptText
from gui.pages.runs.lines import (
    CheckLine,
    StepLine,
    builds_in_words,
    check_columns,
    entry_columns,
    in_facts,
    moment,
    step_columns,
    step_lines,
)
from gui.pages.runs.step_text import step_text
from gui.times import about, duration, elapsed
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.filter_line import FilterLine
from gui.widgets.folding import Folding
from gui.widgets.giving_way import GivingWay
from gui.widgets.grid import Grid
from gui.widgets.terse import Terse
from gui.widgets.text import across, boxed, button, down, under_tabs
from gui.words import compliance_tone, target_tone, target_word

_Told = tuple[str, str]
# Below this the tables need the room.
_LOW = 330
_STEPS_WIDEST = 600


class HostSheet(QWidget):
    """Filled anew for each host that is opened; "changed" is called when something was asked for."""

    def __init__(self, desk: Desk, back: Callable[[], None], changed: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._back, self._changed = desk, back, changed
        self._sheet: RunSheet | None = None
        self.host = ""
        self.name = Elided("", "title")
        self.state, self.blocked = Chip(), Chip()
        self.sentence, self.hint, self.facts = Folding("strong"), Folding(), Folding("muted")
        self.steps: Rows[StepLine] = Rows(self, step_columns(), lambda line: str(line.told.order))
        self.entries: Rows[Entry] = Rows(self, entry_columns(with_host=False), lambda one: str(one.seq))
        self.checks: Rows[CheckLine] = Rows(self, check_columns(), lambda line: str(line.number))
        self.known: Rows[_Told] = Rows(self, _known_columns(), lambda one: f"{one[0]} {one[1]}")
        self.step_grid = Grid(tr("Steps of the host"), self.steps)
        self.step_grid.chosen.connect(self._show_step)
        self.text = KeptText(desk, tr("The chosen step in full"))
        self.diagnostics = Diagnostics(desk)
        self.tabs = self._make_tabs()
        self.leave = button(tr("← The run"), back, "link")
        self.note = button(tr("&Note…"), self._ask_note, hint=tr("Write into the run's journal"))
        self.verify = button(tr("&Verify again…"), self._ask_reverify, hint=tr("After work by hand; installs nothing"))
        self.free = button(tr("&Unblock…"), self._ask_unblock, hint=tr("Let the host be patched again"))
        self.copy = button(tr("Copy &case text"), self._copy)
        fleet = button(tr("The host's sheet"), lambda: desk.go(Room.FLEET, Errand(host=self.host)), "link")
        head = Terse(
            self.leave, self.name, self.state, self.blocked, None, self.note, self.verify, self.free, self.copy
        )
        head.shorten(
            {
                self.copy: tr("&Case text"),
                self.leave: tr("← Run"),
                self.verify: tr("&Verify"),
                self.free: tr("&Unblock"),
                self.note: tr("&Note"),
            }
        )
        below = across(self.facts, fleet)
        below.setStretch(0, 1)
        rows = down(boxed(head), self.sentence, self.hint, boxed(below), self.tabs)
        self.setLayout(down(GivingWay(rows, _LOW, (self.sentence, self.hint, self.facts, self.filter))))

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Parts of the host's story"))
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.step_grid)
        split.addWidget(self.text)
        split.setSizes([560, 560])
        # Steps are short everywhere; what a step said has long lines.
        self.step_grid.setMaximumWidth(_STEPS_WIDEST)
        self.journal = Grid(tr("Journal of the host"), self.entries)
        self.filter = FilterLine(self.journal)
        self._story = boxed(under_tabs(self.filter, self.journal))
        # Left to Qt, the keyboard would fall into the filter.
        self.journal.setFocus()
        tabs.addTab(boxed(under_tabs(split)), tr("Steps"))
        tabs.addTab(self._story, tr("Journal"))
        tabs.addTab(boxed(under_tabs(Grid(tr("Checks"), self.checks, tr("No check was made.")))), tr("Checks"))
        tabs.addTab(self.diagnostics, tr("Collected logs"))
        tabs.addTab(boxed(under_tabs(Grid(tr("Also known"), self.known))), tr("Also known"))
        return tabs

    def offer_filter(self) -> FilterLine:
        """What is filtered of a host is its journal. The line may have given way to the rows."""
        self.tabs.setCurrentWidget(self._story)
        self.filter.show()
        return self.filter

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    # What is shown

    def show_host(self, sheet: RunSheet, host: str) -> None:
        """The same host anew keeps what is chosen."""
        same = self._sheet is not None and (self._sheet.record.run_id, self.host) == (sheet.record.run_id, host)
        before: StepLine | None = self.step_grid.current if same else None
        self._sheet, self.host = sheet, host
        self.text.forget()
        if not same:
            self.tabs.setCurrentIndex(0)
        self._show_head(sheet, host)
        self._show_tables(sheet, host)
        steps = self.steps.all_rows
        wrong = next((one for one in steps if one.record.failure is not None), steps[0] if steps else None)
        chosen = before or wrong
        if chosen is None:
            self.text.show_text(tr("The plan has no step for this host."))
        else:
            self.step_grid.choose(str(chosen.told.order))

    def _show_head(self, sheet: RunSheet, host: str) -> None:
        record, told = sheet.record.target(host), sheet.told(host)
        self.name.say(host)
        self.state.say(target_word(record.state), target_tone(record.state))
        blocked = host in sheet.blocked
        self.blocked.say(tr("patch-blocked") if blocked else "", compliance_tone(ComplianceState.BLOCKED))
        self.sentence.say(told.sentence)
        self.hint.say(tr("To do: {hint}", hint=told.hint))
        self.hint.setVisible(bool(told.hint))
        self.facts.say(in_facts(_facts(told, sheet.titles)))
        self.free.setVisible(blocked)
        self.verify.setVisible(sheet.verifiable(host))

    def _show_tables(self, sheet: RunSheet, host: str) -> None:
        told = sheet.told(host)
        self.steps.set_rows(step_lines(sheet, host))
        self.entries.set_rows(sheet.entries_of(host))
        self.checks.set_rows(CheckLine(number, one) for number, one in enumerate(told.checks))
        self.known.set_rows((*_known(told), *((tr("Note"), words) for words in sheet.record.target(host).notes)))
        self.diagnostics.show_of(sheet.record.run_id, sheet.record.target(host))
        titles = (tr("Steps"), tr("Journal"), tr("Checks"), tr("Collected logs"), tr("Also known"))
        tables: tuple[Rows[Any], ...] = (self.steps, self.entries, self.checks, self.diagnostics.rows, self.known)
        for tab, (title, rows) in enumerate(zip(titles, tables, strict=True)):
            self.tabs.setTabText(tab, f"{title} ({rows.total:,})")

    def _show_step(self, line: StepLine | None) -> None:
        if line is None:
            self.text.show_text("")
            return
        job = line.record.job
        self.text.show_text(step_text(line), self._run_id, "" if job is None else job.output_sha256)

    def case_text(self) -> str:
        return "" if self._sheet is None else case_of_host(self._sheet, self.host)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.case_text())
        self._desk.say(tr("The case text is on the clipboard."))

    # What is asked for

    def _ask_note(self) -> None:
        words = tr("It is written into the journal of this run, and into every report from it.")
        self._open(Reason(tr("Note on {host}", host=self.host), words, self._note, "", tr("Your words"), self))

    def _ask_reverify(self) -> None:
        words = tr(
            "{host} is assessed again, in a process of its own. What is found decides; nothing is installed.",
            host=self.host,
        )
        self._open(Reason(tr("Verify {host} again", host=self.host), words, self._reverify, parent=self))

    def _ask_unblock(self) -> None:
        words = tr("{host} may be patched again by every later run. See to its failure first.", host=self.host)
        self._open(Reason(tr("Unblock {host}", host=self.host), words, self._unblock, self.host, parent=self))

    def _open(self, dialog: Reason) -> None:
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _note(self, text: str) -> None:
        workspace, run_id, host = self._desk.workspace, self._run_id, self.host
        self._start(tr("Writing the note"), lambda: ask(workspace, run_id, Action.NOTE, host, text))

    def _unblock(self, why: str) -> None:
        workspace, host = self._desk.workspace, self.host
        self._start(tr("Unblocking {host}", host=host), lambda: unblock(workspace, host, why))

    def _reverify(self, why: str) -> None:
        """A run that goes on does it itself; one that has ended is taken up for it."""
        workspace, run_id, host = self._desk.workspace, self._run_id, self.host
        driven = self._sheet is not None and self._sheet.driven

        def begin() -> object:
            if driven:
                return ask(workspace, run_id, Action.REVERIFY, host, why)
            return launch_reverify(workspace, run_id, host, why)

        self._start(tr("Verifying {host} again", host=host), begin)

    @property
    def _run_id(self) -> str:
        return "" if self._sheet is None else self._sheet.record.run_id

    def _start(self, what: str, work: Callable[[], object]) -> None:
        self._desk.jobs.start(what, lambda _: work(), lambda _: self._changed(), self._desk.show_trouble)


def _known_columns() -> tuple[Column[_Told], ...]:
    return (
        Column(tr("What"), lambda one: one[0], width=200),
        Column(tr("In words"), lambda one: one[1], width=800),
    )


def _facts(told: HostReport, titles: Titles) -> Iterator[str]:
    yield builds_in_words(told, titles)
    if told.wave:
        yield tr("wave {name}", name=told.wave)
    if told.started_at is not None:
        yield tr("begun {at}", at=moment(told.started_at))
    if told.started_at is not None and told.worked_until is not None:
        yield tr("took {time}", time=elapsed(told.started_at, told.worked_until))
    if told.verified_again_at is not None:
        yield tr("verified again {at}", at=moment(told.verified_again_at))
    if told.restarts_proven:
        yield counted(told.restarts_proven, "1 restart proven", "{n} restarts proven")
    if told.connection_losses:
        yield counted(told.connection_losses, "the line was lost once", "the line was lost {n} times")


def _known(told: HostReport) -> Iterator[_Told]:
    for one in told.outages:
        planned = about(one.planned_seconds)
        if one.measured_seconds is None:
            words = tr("was not down; planned: {planned}", planned=planned)
        elif one.back is False:
            words = tr("still down when the run left it, for {time} so far; planned: {planned}",
                       time=duration(one.measured_seconds), planned=planned)  # fmt: skip
        else:
            words = tr("down for {time} at most; planned: {planned}", time=duration(one.measured_seconds),
                       planned=planned)  # fmt: skip
        yield tr("Service {name}", name=one.service), f"{words}; {one.carried}" if one.carried else words
    for words in told.deviations:
        yield tr("Otherwise than planned"), words
    for words in told.warnings:
        yield tr("Warning"), words
