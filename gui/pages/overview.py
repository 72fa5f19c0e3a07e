"""Overview: how the fleet stands, what runs, what needs attention first, and the way to where it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from core.app.history import compliance
from core.app.runs import RunLine
from core.model.compliance import Compliance, ComplianceState
from core.model.state import TargetState
from gui.desk import Desk, Errand, Page, Room
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.looking import Looking
from gui.models.table import Rows
from gui.order import hosts_in_charts
from gui.pages.concerns import Concern, broken_off, concern_columns, concern_of, is_fresh, is_loud
from gui.pages.fleet.page import MAX_AGE
from gui.theme import Tone
from gui.times import clock_time, day_and_time, lately
from gui.widgets.allowing import allow
from gui.widgets.charts import Bar, Bars, Donut, Slice
from gui.widgets.chip import Chip
from gui.widgets.choice import ChoiceBox
from gui.widgets.elided import Elided
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard, lead
from gui.widgets.roomy import Roomy
from gui.widgets.states import States
from gui.widgets.sweep_bar import SweepBar
from gui.widgets.text import across, boxed, button, card, down, label, scrolled
from gui.words import compliance_tone, compliance_word, run_word

_MOST_BARS = 8
_FEW_RUNS = 4
# What is lower is scrolled: figures that cover each other cannot be read.
_LEAST = 560, 380
_NARROW = 700

_By = Callable[[Compliance], Iterable[str]]


class OverviewPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._found: tuple[Compliance, ...] = ()
        self._looking = Looking(self._judge, self._show_stopped)
        self.as_of = label("", "muted")
        self.donut = Donut(tr("Hosts by state"))
        self._legend = QGridLayout()
        self.counts: dict[ComplianceState, QWidget] = {}
        self.bars = Bars(tr("Hosts"))
        self.by = ChoiceBox()
        self.by.setAccessibleName(tr("Divide the hosts by"))
        self.by.view().setAccessibleName(tr("Divide the hosts by"))
        self._ways = _ways()
        self.by.addItems(list(self._ways))
        self.by.currentTextChanged.connect(lambda _name: self._show_bars())
        self.concerns: Rows[Concern] = Rows(self, concern_columns(), lambda one: one.key)
        self.grid = Grid(tr("What needs attention"), self.concerns)
        self.grid.opened.connect(lambda one: desk.go(one.room, one.errand))
        self.attention = States(self.grid)
        self._runs = down()
        self.states = States(self._content(), self.attention)
        self.assess = SweepBar(desk)
        head = across(label(tr("Overview"), "title"), self.as_of, None, self.assess)
        self.setLayout(down(boxed(head), self.states))
        lead(self, self.states)
        desk.targets_changed.connect(self.look)
        desk.scope_changed.connect(self.look)
        desk.facts_changed.connect(self.look)
        desk.runs_changed.connect(self._show_runs)
        desk.run_ended.connect(lambda _run: self.look())
        self._show_runs()
        self.look()

    def _content(self) -> QWidget:
        left = card(down(label(tr("Hosts"), "heading"), across(self.donut, boxed(self._legend), None), None))
        ways = across(label(tr("Hosts by"), "heading"), self.by, None)
        middle = card(down(ways, scrolled(boxed(down(self.bars, None)), tr("Hosts by part"))))
        right = card(down(label(tr("Runs"), "heading"), boxed(self._runs), None))
        below = card(down(label(tr("What needs attention first"), "heading"), self.attention))
        above = across(left, middle, right)
        for place, share in enumerate((5, 4, 6)):
            above.setStretch(place, share)
        upper = boxed(above)
        upper.setMaximumHeight(280)
        self.room = Roomy(boxed(down(upper, below)), QSize(*_LEAST), tr("How the fleet stands"))
        return self.room

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """The figures beside the donut say the same."""
        super().resizeEvent(event)
        self.donut.setVisible(event.size().width() >= _NARROW)

    def enter(self, errand: Errand) -> None:
        give_keyboard(self.states)

    def again(self) -> None:
        self.look()

    def look(self) -> None:
        if self.desk.hosts_in_scope:
            self._looking.ask()
        else:
            self._show_nothing()

    def _judge(self) -> Job[tuple[Compliance, ...]]:
        workspace, scope = self.desk.workspace, self.desk.scope
        job = self.desk.jobs.start(
            tr("Judging the fleet"),
            lambda _: compliance(workspace, scope, MAX_AGE, lately),
            self._show,
            self._fail,
        )
        if not self._found:
            self.states.show_waiting(job, self._show_stopped)
        return job

    def _show_nothing(self) -> None:
        self._found = ()
        if self.desk.inventory_trouble is not None:
            ways = (self.desk.look_again, (tr("To the settings"), self.desk.to_settings))
            self.states.show_trouble(self.desk.inventory_trouble, *ways)
            return
        if self.desk.hosts:
            self.states.show_empty(tr("No host is in this scope"), tr("Choose another scope at the top."))
            return
        words = tr("Import a list of servers or add the first one by hand: the fleet's page does both.")
        self.states.show_empty(tr("No servers yet"), words, (tr("To the fleet"), lambda: self.desk.go(Room.FLEET)))

    def _show_stopped(self) -> None:
        if self._found:
            return
        words = tr("It was stopped before it came to an end.")
        self.states.show_empty(tr("The fleet was not judged"), words, (tr("Look again"), self.look))

    def _show(self, found: tuple[Compliance, ...]) -> None:
        if not self.desk.hosts_in_scope:
            return
        self._found = found
        hosts = counted(len(found), "1 host", "{n} hosts")
        self.as_of.setText(tr("{hosts}, as of {time}", hosts=hosts, time=clock_time(datetime.now(UTC))))
        self._show_donut()
        self._show_bars()
        self._show_concerns()
        self.states.show_content()

    def _fail(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self.look)

    def _show_donut(self) -> None:
        counts = Counter(one.state for one in self._found)
        slices = _slices(counts)
        known = any(not is_fresh(one) for one in self._found)
        self.donut.show_slices(slices, compliance_word(ComplianceState.COMPLIANT), known=known)
        while (item := self._legend.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for line, state in enumerate(hosts_in_charts()):
            figure = f"{counts[state]:,}"
            link = button(figure, partial(self._go_to, state), "link", tr("Show these hosts"))
            link.setAccessibleName(tr("{state}: {n}", state=compliance_word(state), n=figure))
            allow(link, "" if counts[state] else tr("No host is {state}.", state=compliance_word(state)))
            self.counts[state] = link
            self._legend.addWidget(Chip(compliance_word(state), compliance_tone(state)), line, 0)
            self._legend.addWidget(link, line, 1)

    def _go_to(self, state: ComplianceState) -> None:
        self.desk.go(Room.FLEET, Errand(state=state))

    def _show_bars(self) -> None:
        way = self._ways[self.by.currentText()]
        counts: dict[str, Counter[ComplianceState]] = {}
        for one in self._found:
            for name in way(one):
                counts.setdefault(name, Counter())[one.state] += 1
        most = sorted(counts, key=lambda name: (-counts[name].total(), name.casefold()))
        bars = [Bar(name, _slices(counts[name])) for name in most[:_MOST_BARS]]
        rest = sum((counts[name] for name in most[_MOST_BARS:]), Counter[ComplianceState]())
        self.bars.show_bars([*bars, Bar(tr("others"), _slices(rest))] if rest else bars)

    # What needs attention

    def _show_concerns(self) -> None:
        concerns = [*map(broken_off, self._interrupted()), *map(concern_of, filter(is_loud, self._found))]
        self.concerns.set_rows(sorted(concerns, key=lambda one: (one.weight, one.what.casefold())))
        if len(concerns) == len(self._found) and all(map(is_fresh, self._found)):
            self._show_first_step()
            return
        if concerns:
            self.attention.show_content()
            return
        pending = sum(one.state is ComplianceState.PENDING for one in self._found)
        if pending:
            words = tr("{hosts} wait for updates that are due.", hosts=counted(pending, "1 host", "{n} hosts"))
            begin = (tr("Begin a patch cycle"), lambda: self.desk.go(Room.CYCLE))
            self.attention.show_empty(tr("Nothing is broken"), words, begin)
        else:
            self.attention.show_empty(tr("Nothing needs attention"), tr("All hosts in scope are as policy wants them."))

    def _show_first_step(self) -> None:
        """A list of all servers that says the same of each helps nobody begin."""
        hosts = counted(len(self._found), "1 host", "{n} hosts")
        words = tr("The first step connects to the servers and reads what they are. It changes nothing.")
        begin = tr("Assess {hosts}", hosts=hosts), self.assess.sweep.begin
        self.attention.show_empty(tr("No server has been asked yet"), words, begin)

    def _interrupted(self) -> list[RunLine]:
        return [run for run in self.desk.runs if run.outcome is None and not run.driven]

    def _show_runs(self) -> None:
        while (item := self._runs.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        going = [run for run in self.desk.runs if run.outcome is None and run.driven]
        for run in going[:_FEW_RUNS]:
            self._runs.addWidget(self._run(run))
        if not going:
            self._runs.addWidget(label(tr("No run is in progress."), "muted", wrap=True))
        for run in [run for run in self.desk.runs if run.outcome is not None][: _FEW_RUNS - len(going[:_FEW_RUNS])]:
            self._runs.addWidget(self._past(run))
        if self._found:
            self._show_concerns()

    def _run(self, run: RunLine) -> QWidget:
        done = run.count() - run.count(TargetState.PENDING, TargetState.IN_PROGRESS, TargetState.OVERDUE)
        words = tr("{done} of {all} hosts", done=done, all=run.count())
        begun = tr("since {time}", time=day_and_time(run.started_at))
        since = begun if run.worked_until is None else tr("taken up again")
        watch = button(tr("Watch"), lambda: self.desk.go(Room.CYCLE, Errand(run=run.run_id)), "link")
        return boxed(across(Chip(tr("running"), Tone.BUSY), Elided(f"{words}, {since}"), None, watch))

    def _past(self, run: RunLine) -> QWidget:
        hosts = counted(run.count(), "1 host", "{n} hosts")
        see = button(tr("Open"), lambda: self.desk.go(Room.RUNS, Errand(run=run.run_id)), "link")
        see.setAccessibleName(tr("Open the run that ended {when}", when=_when(run)))
        return boxed(across(Chip(*run_word(run, driven=False)), Elided(f"{_when(run)}, {hosts}", "muted"), None, see))


def _when(run: RunLine) -> str:
    """By the calendar: this list is made anew only when a run changes; an age would be wrong by then."""
    return day_and_time(run.ended_at or run.started_at)


def _slices(counts: Counter[ComplianceState]) -> tuple[Slice, ...]:
    return tuple(Slice(compliance_word(state), counts[state], compliance_tone(state)) for state in hosts_in_charts())


def _ways() -> dict[str, _By]:
    return {
        tr("version"): _versions,
        tr("Windows"): lambda one: (one.os or tr("not known"),),
        tr("tenant"): lambda one: (one.tenant,),
        tr("site"): lambda one: (one.site,),
    }


def _versions(one: Compliance) -> tuple[str, ...]:
    """Each version that the host runs; a host with two counts in both, and one that was not asked in none."""
    if one.assessed_at is None and not one.levels:
        return (tr("not assessed"),)
    return tuple(sorted({level.family or tr("not known") for level in one.levels})) or (tr("no SQL Server"),)
