"""Runs: all there were, the newest first, and the one that was opened."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from core.app.runs import RunLine, list_runs
from core.model.selection import Selection
from gui.desk import Desk, Errand, Page, Room
from gui.jobs import Trouble
from gui.language import tr
from gui.models.table import Rows
from gui.pages.runs.all_reports import AllReports
from gui.pages.runs.lines import run_columns, run_words
from gui.pages.runs.run_sheet import RunSheetView
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, down, label


class RunsPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        columns = run_columns()
        self.rows: Rows[RunLine] = Rows(self, columns, lambda run: run.run_id, run_words(columns))
        self.grid = Grid(tr("Runs"), self.rows)
        self.grid.opened.connect(lambda run: self.open_run(run.run_id))
        self.filter = FilterLine(self.grid)
        self.states = States(boxed(down(self.filter, self.grid)), self.grid)
        self.view = RunSheetView(desk, self.close_run)
        self.reports = AllReports(desk)
        self._stack = QStackedWidget()
        self._stack.addWidget(boxed(down(boxed(across(label(tr("Runs"), "title"), None, self.reports)), self.states)))
        self._stack.addWidget(self.view)
        lead(self, self.states)
        self.setLayout(down(self._stack))
        desk.runs_changed.connect(self._show)
        desk.scope_changed.connect(self._keep_to_scope)
        desk.targets_changed.connect(self._keep_to_scope)
        if desk.runs:
            self._show()
        else:
            self._look()

    # Coming and going

    def enter(self, errand: Errand) -> None:
        if errand.run is not None:
            self.open_run(errand.run, errand.host)
        elif errand.search is not None:
            self._stack.setCurrentIndex(0)
            self.filter.set_text(errand.search)
            give_keyboard(self.states)
        elif self._stack.currentIndex() == 0:
            give_keyboard(self.states)

    def again(self) -> None:
        self._look()
        if self._stack.currentIndex() == 1:
            self.view.look()

    def focus_filter(self) -> None:
        line = self.filter if self._stack.currentIndex() == 0 else self.view.offer_filter()
        line.edit.setFocus()
        line.edit.selectAll()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Esc", tr("From a host back to its run, from a run back to all")),
            (tr("Alt + underlined letter"), tr("Press that button")),
        )

    @property
    def results_of(self) -> str | None:
        return self.view.run_id if self._stack.currentIndex() == 1 else None

    def open_run(self, run_id: str, host: str | None = None) -> None:
        self._stack.setCurrentIndex(1)
        self.view.show_run(run_id, host)
        give_keyboard(self.view)

    def close_run(self) -> None:
        self._stack.setCurrentIndex(0)
        self.grid.choose(self.view.run_id)
        give_keyboard(self.states)

    # What is shown

    def _look(self) -> None:
        workspace = self.desk.workspace
        job = self.desk.jobs.start(tr("Reading the runs"), lambda _: list_runs(workspace), self._found, self._fail)
        if not self.rows.all_rows:
            self.states.show_waiting(job)

    def _found(self, runs: tuple[RunLine, ...]) -> None:
        """Whoever follows the runs may have seen more by now: what was read here must not take that back."""
        if self.desk.runs:
            self._show()
        else:
            self.desk.set_runs(runs)

    def _fail(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self._look)

    def _show(self) -> None:
        """What is chosen stays chosen; an opened run that has moved on is read anew."""
        chosen: RunLine | None = self.grid.current
        before = {one.run_id: one for one in self.rows.all_rows}
        self.rows.set_rows(self.desk.runs)
        if chosen is not None:
            self.grid.choose(chosen.run_id)
        self._say_what_there_is()
        opened = next((one for one in self.desk.runs if one.run_id == self.view.run_id), None)
        if opened is not None and before.get(opened.run_id) not in (None, opened) and self._stack.currentIndex() == 1:
            self.view.look()

    def _keep_to_scope(self) -> None:
        """Runs that were about a host of the scope. What runs is told of in the status bar, whatever the scope."""
        if self.desk.scope == Selection():
            self.rows.allow(None)
        else:
            hosts = frozenset(host.name for host in self.desk.hosts_in_scope)
            self.rows.allow(lambda run: not hosts.isdisjoint(run.names))
        self._say_what_there_is()

    def _say_what_there_is(self) -> None:
        if not self.rows.total:
            first = tr("To the patch cycle"), lambda: self.desk.go(Room.CYCLE)
            self.states.show_empty(tr("No run so far"), tr("A run begins when an authorised plan is deployed."), first)
        elif not self.rows.shown_count and not self.filter.edit.text():
            everything = tr("Show everything"), lambda: self.desk.set_scope(Selection())
            words = tr(
                "None of the {n} runs was about a host of the scope that is chosen at the top.", n=self.rows.total
            )
            self.states.show_empty(tr("No run in this scope"), words, everything)
        else:
            self.states.show_content()
