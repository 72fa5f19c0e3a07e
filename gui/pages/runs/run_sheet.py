"""One run: how it ended, its hosts with the worst first, what was left alone, its journal, its reports."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QTabWidget, QWidget

from core.app.apart import report_plan_apart, report_run_apart
from core.app.launch import launch
from core.app.run_sheet import RunSheet, run_sheet_of
from core.model.events import Entry
from core.model.selection import Selection
from gui.desk import Desk, Errand, Room
from gui.dialogs.retry import confirm_retry
from gui.jobs import Job, Trouble
from gui.language import counted, in_sentences, tr
from gui.looking import Looking
from gui.models.table import Rows
from gui.opening import show_outside
from gui.pages.runs.all_reports import name_whose
from gui.pages.runs.case_text import case_of_run
from gui.pages.runs.host_sheet import HostSheet
from gui.pages.runs.lines import (
    HostLine,
    LeftOutLine,
    entry_columns,
    host_columns,
    host_lines,
    in_facts,
    left_out_columns,
)
from gui.times import day_and_time, elapsed
from gui.widgets.allowing import allow
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.filter_line import FilterLine
from gui.widgets.folding import Folding
from gui.widgets.giving_way import GivingWay
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.terse import Terse
from gui.widgets.text import across, boxed, button, down, label, under_tabs
from gui.words import run_word, short_digest

# Below this the hosts need the room.
_LOW = 330


class RunSheetView(QWidget):
    """The run and, on top of it, the host that was opened."""

    def __init__(self, desk: Desk, back: Callable[[], None]) -> None:
        super().__init__()
        self._desk, self._back = desk, back
        self.run_id = ""
        self.sheet: RunSheet | None = None
        self._wanted: str | None = None
        self._looking = Looking(self._read)
        self.title, self.state = Elided("", "title"), Chip()
        self.told, self.facts, self.detail = Folding("strong"), Folding("muted"), Folding(two_rows=True)
        self.hosts: Rows[HostLine] = Rows(self, host_columns(), lambda line: line.host)
        self.left: Rows[LeftOutLine] = Rows(self, left_out_columns(), lambda line: str(line.number))
        self.entries: Rows[Entry] = Rows(self, entry_columns(with_host=True), lambda one: str(one.seq))
        self.host_grid = Grid(tr("Hosts of the run"), self.hosts)
        self.host_grid.opened.connect(lambda line: self.open_host(line.host))
        self.tabs = self._make_tabs()
        self.host_sheet = HostSheet(desk, self.close_host, self.look)
        self._make_buttons()
        self._stack = QStackedWidget()
        rows = down(self._head(), self.told, self.facts, self._tools(), self.tabs)
        self._stack.addWidget(GivingWay(rows, _LOW, (self.told, self.facts, self.detail, self.filter)))
        self._stack.addWidget(self.host_sheet)
        self.states = States(self._stack, self.host_grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        desk.scope_changed.connect(self._keep_to_scope)

    def _make_buttons(self) -> None:
        self.leave = button(tr("← All runs"), self._back, "link")
        self.watch = button(tr("&Watch it"), self._watch, "primary", tr("To the page where the run goes on"))
        self.resume = button(tr("&Take it up again"), self._resume, "primary", tr("What is done stays done"))
        self.retry = button(tr("&Retry the failed…"), self._ask_retry, hint=tr("A new run of the same plan"))
        self.no_retry = Elided("", "muted")
        self.whose = label(tr("Reports"), "muted")
        self.excel = button(tr("E&xcel"), lambda: self._report(".xlsx"), hint=tr("Open the workbook of this run"))
        self.html = button(tr("&HTML"), lambda: self._report(".html"), hint=tr("Open the page of this run"))
        self.json = button(tr("&JSON"), lambda: self._report(".json"), hint=tr("Open the document of this run"))
        self.folder = button(tr("&Folder"), self._open_folder, hint=tr("Evidence, logs and reports of this run"))
        self.earlier = button(tr("The run &before"), self._open_earlier, "link", tr("Whose failed hosts it tries"))
        self.plan = button(tr("Open the &plan"), self._open_plan, hint=tr("As the change board saw it"))
        self.copy = button(tr("Copy &case text"), self._copy)

    def _head(self) -> QWidget:
        self._top = Terse(self.leave, self.title, self.state, None, self.no_retry, self.retry, self.resume, self.watch)
        # It says why a button cannot be pressed: where there is no room for it, the button's own hint does.
        self._top.say(self.no_retry, "", "")
        self._top.shorten({self.retry: tr("&Retry…"), self.resume: tr("&Take up"), self.leave: tr("← Runs")})
        return boxed(self._top)

    def _tools(self) -> QWidget:
        reports = across(self.whose, self.excel, self.html, self.json, self.folder)
        return boxed(across(reports, None, self.earlier, self.plan, self.copy))

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Parts of the run"))
        self.filter = FilterLine(self.host_grid)
        self.host_grid.chosen.connect(self._explain)
        self.journal = Grid(tr("Journal of the run"), self.entries)
        tabs.addTab(boxed(under_tabs(self.filter, self.host_grid, self.detail)), tr("Hosts"))
        self.journal_filter = FilterLine(self.journal)
        story = boxed(under_tabs(self.journal_filter, self.journal))
        # Left to Qt, the keyboard would fall into the filter.
        self.journal.setFocus()
        left = Grid(tr("Not patched, and why"), self.left, tr("The plan left nothing out."))
        tabs.addTab(boxed(under_tabs(left)), tr("Not patched"))
        tabs.addTab(story, tr("Journal"))
        self.journal.opened.connect(self._open_from_journal)
        return tabs

    def offer_filter(self) -> FilterLine:
        """That of what is shown. It may have given way to the rows."""
        if self._stack.currentWidget() is self.host_sheet:
            return self.host_sheet.offer_filter()
        if self.journal.isVisible():
            return self.journal_filter
        self.tabs.setCurrentIndex(0)
        self.filter.show()
        return self.filter

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    # Which run

    def show_run(self, run_id: str, host: str | None = None) -> None:
        self._wanted = host
        if run_id != self.run_id:
            self.run_id, self.sheet = run_id, None
            self._looking.forget()
        self._stack.setCurrentIndex(0)
        self.tabs.setCurrentIndex(0)
        self.look()

    def look(self) -> None:
        """Reads it anew; what is shown stays until that is done."""
        if self.run_id:
            self._looking.ask()

    def _read(self) -> Job[RunSheet]:
        workspace, run_id = self._desk.workspace, self.run_id
        job = self._desk.jobs.start(
            tr("Reading the run"),
            lambda _: run_sheet_of(workspace, run_id),
            self._fill,
            lambda trouble: self._fail(run_id, trouble),
        )
        if self.sheet is None:
            self.states.show_waiting(job, self._back)
        return job

    def _fail(self, run_id: str, trouble: Trouble) -> None:
        if run_id == self.run_id:
            self.states.show_trouble(trouble, self.look)

    def _fill(self, sheet: RunSheet) -> None:
        if sheet.record.run_id != self.run_id:
            return
        before: HostLine | None = self.host_grid.current if self.sheet is not None else None
        self.sheet = sheet
        self._show_head(sheet)
        self._show_tables(sheet)
        self.states.show_content()
        if self.hosts.shown_count:
            self.host_grid.choose(before.host if before is not None else self.hosts.shown_rows[0].host)
        if self._wanted is not None:
            self.open_host(self._wanted)
            self._wanted = None
        elif self._stack.currentIndex() == 1:
            self.host_sheet.show_host(sheet, self.host_sheet.host)
        elif before is None and self.isVisible():
            self.host_grid.setFocus()

    def _show_head(self, sheet: RunSheet) -> None:
        record = sheet.record
        at = day_and_time(record.started_at)
        self._top.say(self.title, tr("Run of {at}", at=at), at)
        self.state.say(*run_word(record, sheet.driven))
        counts = ", ".join(f"{one.number:,} {one.words}" for one in sheet.report.counted)
        self.told.say(f"{sheet.report.outcome_words}: {counts}." if counts else sheet.report.outcome_words)
        self.facts.say(in_facts(_facts(sheet)))
        self.earlier.setVisible(record.retry_of is not None)
        self.watch.setVisible(sheet.driven)
        self.resume.setVisible(sheet.resumable)
        self.retry.setVisible(record.outcome is not None and any(one.failed for one in record.targets))
        allow(self.retry, _no_retry(sheet))
        self._top.say(self.no_retry, "" if self.retry.isHidden() else _no_retry(sheet), "")

    def _show_tables(self, sheet: RunSheet) -> None:
        self._keep_to_scope()
        self.hosts.set_rows(host_lines(sheet))
        self.left.set_rows(LeftOutLine(number, one) for number, one in enumerate(sheet.report.left_out))
        self.entries.set_rows(sheet.entries)
        titles = (tr("Hosts"), tr("Not patched"), tr("Journal"))
        tables: tuple[Rows[Any], ...] = (self.hosts, self.left, self.entries)
        for tab, (title, rows) in enumerate(zip(titles, tables, strict=True)):
            self.tabs.setTabText(tab, f"{title} ({rows.total:,})")

    def _explain(self, line: HostLine | None) -> None:
        if line is None:
            self.detail.say("")
            return
        hint = line.told.hint
        self.detail.say(in_sentences((line.told.sentence, *([tr("To do: {hint}", hint=hint)] if hint else []))))

    def _keep_to_scope(self) -> None:
        names = {host.name for host in self._desk.hosts_in_scope}
        everything = self._desk.scope == Selection()
        self.hosts.allow(None if everything else lambda line: line.host in names)
        name_whose(self.whose, self._desk)

    # The host that is opened

    def open_host(self, host: str) -> None:
        if self.sheet is None or host not in {one.host for one in self.sheet.record.targets}:
            return
        self.host_sheet.show_host(self.sheet, host)
        self._stack.setCurrentIndex(1)
        self.host_sheet.step_grid.setFocus()

    def close_host(self) -> None:
        self._stack.setCurrentIndex(0)
        self.host_grid.choose(self.host_sheet.host)
        self.host_grid.setFocus()

    def _open_from_journal(self, entry: Entry) -> None:
        if entry.event.target is not None:
            self.open_host(entry.event.target)

    # What is done

    def _watch(self) -> None:
        self._desk.go(Room.CYCLE, Errand(run=self.run_id))

    def _open_earlier(self) -> None:
        if self.sheet is not None and self.sheet.record.retry_of is not None:
            self.show_run(self.sheet.record.retry_of)

    def _resume(self) -> None:
        self._launch(tr("Taking the run up again"), ("--resume", self.run_id), self.resume)

    def _ask_retry(self) -> None:
        if self.sheet is None:
            return
        what, begin = tr("Starting a run for the failed hosts"), ("--retry-failed", self.run_id)
        sheet = self.sheet
        self.dialog = confirm_retry(
            sheet.record, sheet.blocked, sheet.patched_since, lambda: self._launch(what, begin, self.retry), self
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.open()

    def _launch(self, what: str, arguments: tuple[str, ...], pressed: QWidget) -> None:
        workspace = self._desk.workspace
        allow(pressed, tr("{what} …", what=what))
        job = self._desk.jobs.start(
            what,
            lambda _: launch(workspace, arguments),
            lambda run_id: self._desk.go(Room.CYCLE, Errand(run=run_id)),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(pressed))

    def _report(self, ending: str) -> None:
        """Opens it as it lies there; makes it first where there is none, or the journal has gone on since. While one
        tenant alone is looked at, its own is made: what is opened may be handed over."""
        tenant = self._desk.only_tenant
        there = self._there(ending) if tenant is None else None
        if there is not None:
            show_outside(self._desk, there)
            return
        workspace, run_id = self._desk.workspace, self.run_id
        self._let_report(False)
        job = self._desk.jobs.start(
            tr("Making the reports"),
            lambda stopping: report_run_apart(workspace, run_id, stopping, tenant),
            lambda files: self._made(files, ending),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: self._let_report(True))

    def _let_report(self, may: bool) -> None:
        for one in (self.excel, self.html, self.json):
            allow(one, "" if may else tr("The reports are being made."))

    def _made(self, files: tuple[Path, ...], ending: str) -> None:
        show_outside(self._desk, next(one for one in files if one.suffix == ending))
        self.look()

    def _there(self, ending: str) -> Path | None:
        if self.sheet is None:
            return None
        return next((one for one in self.sheet.reports if one.suffix == ending), None)

    def _open_folder(self) -> None:
        if self.sheet is not None:
            show_outside(self._desk, self.sheet.folder)

    def _open_plan(self) -> None:
        sheet, workspace = self.sheet, self._desk.workspace
        if sheet is None:
            return
        allow(self.plan, tr("The plan is just being opened."))
        job = self._desk.jobs.start(
            tr("Opening the plan"),
            lambda stopping: report_plan_apart(workspace, sheet.plan.id, stopping),
            lambda files: show_outside(self._desk, next(one for one in files if one.suffix == ".html")),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(self.plan))

    def _copy(self) -> None:
        if self.sheet is not None:
            QGuiApplication.clipboard().setText(case_of_run(self.sheet))
            self._desk.say(tr("The case text is on the clipboard."))


def _no_retry(sheet: RunSheet) -> str:
    fault = sheet.no_retry
    if fault is None:
        return ""
    return tr("Unblock a host first:") if fault.code == "patch_blocked" else fault.message


def _facts(sheet: RunSheet) -> Iterator[str]:
    record = sheet.record
    yield tr("by {who} at {where}: {why}", who=record.operator, where=record.console, why=record.reason)
    if record.change:
        yield tr("change {id}", id=record.change)
    if record.worked_until is not None:
        yield tr("took {time}", time=elapsed(record.started_at, record.worked_until))
    yield tr("digest {digest}", digest=short_digest(record.plan_digest))
    if record.retry_of is not None:
        yield tr("attempt {n} at what failed before", n=record.attempt)
    if record.held:
        yield tr("no host is begun: {why}", why=record.held)
    blocked = sum(1 for one in record.targets if one.host in sheet.blocked)
    if blocked:
        yield counted(blocked, "1 host is patch-blocked", "{n} hosts are patch-blocked")
    yield tr("run {id}", id=record.run_id)
