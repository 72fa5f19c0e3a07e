"""How a run ended, host by host, with reasons and remedies; its reports in a click."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QDialog, QPushButton, QWidget

from core.app.apart import report_run_apart, reverify_apart
from core.app.launch import launch
from core.app.requests import unblock
from core.app.retrying import why_no_retry
from core.app.review import titles_of
from core.app.status import RunStatus, status
from core.app.watching import plan_of
from core.model.fault import Fault
from core.model.plan import Plan
from core.model.state import REVERIFIABLE, TargetState
from gui.desk import Desk, Errand, Room
from gui.dialogs.reason import Reason
from gui.dialogs.retry import confirm_retry
from gui.language import in_sentences, tr
from gui.models.result_lines import (
    ResultLine,
    facts_of,
    result_columns,
    result_counts,
    result_lines,
    summary_of,
)
from gui.models.table import Rows
from gui.opening import show_outside
from gui.widgets.allowing import allow
from gui.widgets.charts import Donut, Slice
from gui.widgets.chip import Chip
from gui.widgets.dressing import dress
from gui.widgets.filter_line import FilterLine
from gui.widgets.folding import Folding
from gui.widgets.giving_way import GivingWay
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.terse import Terse
from gui.widgets.text import across, boxed, button, card, down, label
from gui.words import run_word, target_word

# Below these the table needs the room more than the chart, and more than anything that can be asked for.
_SMALL, _LOW = 560, 400
_CHART, _SMALL_CHART, _EDGE = 132, 84, 12
_KINDS = {".xlsx": "Excel", ".html": "HTML", ".json": "JSON"}


@dataclass(frozen=True, slots=True)
class Ended:
    """A run, what it was to do, what people call its builds, and why its failed hosts can't be tried again, if so."""

    status: RunStatus
    plan: Plan
    titles: dict[str, str]
    no_retry: Fault | None


class ResultsView(QWidget):
    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.run_id: str | None = None
        self.files: tuple[Path, ...] = ()
        self._of = desk.only_tenant
        self._looked_at: tuple[str, str] | None = None
        self.dialog: QDialog | None = None
        self.shown: Ended | None = None
        self.rows: Rows[ResultLine] = Rows(self, result_columns(), lambda line: line.record.host)
        self.grid = Grid(tr("Results"), self.rows)
        self.donut = Donut(tr("Results"))
        self.donut.setFixedSize(_CHART, _CHART)
        self.state = Chip()
        self.told = Folding("heading")
        self.facts = label("", "muted", wrap=True)
        self.report = button(tr("Make the &reports"), self.make_reports, "primary", tr("Excel and HTML"))
        self.retry = button(
            tr("Retry the &failed…"), self._ask_retry, hint=tr("A run of its own for the hosts that failed")
        )
        seen_to = tr("After its failure was seen to: says why it may be patched again")
        self.unblock = button(tr("&Unblock host…"), self._ask_unblock, hint=seen_to)
        by_hand = tr("After work by hand: assesses it afresh; nothing is installed")
        self.verify = button(tr("&Verify host again…"), self._ask_verify, hint=by_hand)
        self._links: list[QPushButton] = []
        self._detail = Folding(two_rows=True)
        self.filter = FilterLine(self.grid)
        self.states = States(self._content(), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._explain)
        desk.scope_changed.connect(self._follow_scope)
        self.states.show_empty(tr("No results yet"), tr("They come when a run has ended."))

    def _content(self) -> QWidget:
        self._words = down(self.state, self.told, self.facts)
        self._words.setAlignment(self.state, Qt.AlignmentFlag.AlignLeft)
        self._offered = Terse(self.report, None)
        self._making = boxed(self._offered)
        self._beside = down(self._words, self._making, None)
        self._head = across(self.donut, self._beside, gap=16)
        self._acts = Terse(self.filter, None, self.retry, self.verify, self.unblock)
        self._acts.shorten({self.retry: tr("Retry &failed…"), self.verify: tr("&Verify"), self.unblock: tr("&Unblock")})
        self._rows = down(card(self._head), boxed(self._acts), self.grid, self._detail)
        self._page = GivingWay(self._rows, _LOW, (self.told, self._detail, self.filter), self._stand_low)
        return self._page

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        super().resizeEvent(event)
        side = _SMALL_CHART if event.size().height() < _SMALL else _CHART
        self.donut.setFixedSize(side, side)

    def _stand_low(self, low: bool) -> None:
        """The chart goes, whose figures stand beside it in words, and so does who began the run."""
        for one in (self.donut, self.facts):
            one.setVisible(not low)
        self._words.setDirection(QBoxLayout.Direction.LeftToRight if low else QBoxLayout.Direction.TopToBottom)
        self._words.setStretch(1, 1 if low else 0)
        (self._acts if low else self._beside).insertWidget(0 if low else 1, self._making)
        (self._rows if low else self._acts).insertWidget(2 if low else 0, self.filter)
        edge = _EDGE // 3 if low else _EDGE
        self._head.setContentsMargins(_EDGE, edge, _EDGE, edge)

    def offer_filter(self) -> None:
        """It may have given way to the rows."""
        self.filter.show()

    def show_run(self, run_id: str) -> None:
        if run_id != self.run_id:
            self.files = ()
            self._show_files()
        self.run_id = run_id
        workspace = self._desk.workspace

        def load() -> Ended:
            found, plan = status(workspace, run_id), plan_of(workspace, run_id)
            builds = [build for target in plan.targets for one in target.instances for build in (one.before, one.after)]
            return Ended(found, plan, titles_of(workspace, builds), why_no_retry(workspace, found.record, plan))

        job = self._desk.jobs.start(
            tr("Reading the results"),
            lambda _: load(),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, lambda: self.show_run(run_id)),
        )
        if not self.rows.total:
            self.states.show_waiting(job)

    def make_reports(self) -> None:
        run_id, workspace, tenant = self.run_id, self._desk.workspace, self._of
        if run_id is None:
            return
        allow(self.report, tr("The reports are being made."))
        job = self._desk.jobs.start(
            tr("Making Excel and HTML"),
            lambda stopping: report_run_apart(workspace, run_id, stopping, tenant),
            lambda files: self._made(files, tenant),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(self.report))

    def _ask_retry(self) -> None:
        if self.shown is None:
            return
        record = self.shown.status.record
        now = self.shown.status
        self.dialog = confirm_retry(record, now.patch_blocked, now.patched_since, self._retry, self)
        self.dialog.open()

    def _retry(self) -> None:
        run_id, workspace = self.run_id, self._desk.workspace
        if run_id is None:
            return
        allow(self.retry, tr("Its run is just being started."))
        job = self._desk.jobs.start(
            tr("Starting a run for the failed"),
            lambda _: launch(workspace, ("--retry-failed", run_id)),
            lambda fresh: self._desk.go(Room.CYCLE, Errand(run=fresh)),
            self._desk.show_trouble,
        )
        job.when_ended(self._show_retry)

    def _ask_unblock(self) -> None:
        line: ResultLine | None = self.grid.current
        if line is None:
            return
        host, workspace = line.record.host, self._desk.workspace
        self._reason(
            tr("Unblock {host}", host=host),
            tr("It may be patched again, by this run's retry and by later plans."),
            lambda why: self._do(tr("Unblocking {host}", host=host), lambda _: unblock(workspace, host, why)),
        )

    def _ask_verify(self) -> None:
        line: ResultLine | None = self.grid.current
        if line is None or self.run_id is None:
            return
        host, workspace, run_id = line.record.host, self._desk.workspace, self.run_id
        self._reason(
            tr("Verify {host} again", host=host),
            tr("After work by hand: a fresh assessment decides how it stands. Nothing is installed."),
            lambda why: self._do(
                tr("Verifying {host} again", host=host),
                lambda stopping: reverify_apart(workspace, run_id, host, why, stopping),
                (run_id, host),
            ),
        )

    def _reason(self, title: str, words: str, do: Callable[[str], None]) -> None:
        self.dialog = Reason(title, words, do, parent=self)
        self.dialog.open()

    def _do(
        self, what: str, work: Callable[[threading.Event], object], looked_at: tuple[str, str] | None = None
    ) -> None:
        def again() -> None:
            self._looked_at = looked_at
            if self.run_id is not None:
                self.show_run(self.run_id)

        self._desk.jobs.start(what, work, lambda _: again(), self._desk.show_trouble)

    def _tell_what_was_found(self, ended: Ended) -> None:
        """A host may stand as it stood before: only a word tells that somebody looked."""
        looked_at, self._looked_at = self._looked_at, None
        if looked_at is None:
            return
        run_id, host = looked_at
        # Somebody may look at another run by now: what that says of the host was not found by this look.
        if run_id == ended.status.record.run_id:
            state = target_word(ended.status.record.target(host).state)
            self._desk.say(tr("{host} was looked at again: {state}", host=host, state=state))

    def _follow_scope(self) -> None:
        """While one tenant alone is looked at, its own are made and offered: what is opened may be handed over."""
        if self._of != self._desk.only_tenant:
            self._of, self.files = self._desk.only_tenant, ()
            self._show_files()

    def _made(self, files: tuple[Path, ...], tenant: str | None) -> None:
        if tenant != self._of:
            return
        self.files = files
        self._show_files()
        self._desk.say(tr("The reports are in {folder}", folder=files[0].parent if files else ""))
        self.changed.emit()

    def _show_files(self) -> None:
        for link in self._links:
            self._offered.forget(link)
            link.hide()
            link.deleteLater()
        making = tr("Make the &reports again") if self.files else tr("Make the &reports")
        if self._of is not None:
            making = tr("Make the &reports of {tenant}", tenant=self._of)
        self._links = [self._link(file, file.name, _KINDS.get(file.suffix, file.name)) for file in self.files]
        if self.files:
            self._links.append(self._link(self.files[0].parent, tr("Open the folder"), tr("Folder")))
        # What is there is opened; making it anew is seldom meant.
        dress(self.report, "objectName", "" if self.files else "primary")
        self._offered.say(self.report, making, tr("&Reports"))

    def _link(self, place: Path, words: str, short: str) -> QPushButton:
        link = button(words, partial(show_outside, self._desk, place), "link", str(place))
        self._offered.insertWidget(self._offered.count() - 1, link)
        self._offered.say(link, words, short)
        return link

    def _show(self, ended: Ended) -> None:
        record = ended.status.record
        chosen: ResultLine | None = self.grid.current
        self.rows.set_rows(result_lines(record, ended.plan, ended.titles))
        self.state.say(*run_word(record, ended.status.driven))
        self.shown = ended
        self._show_retry()
        self.told.say(summary_of(record))
        self.facts.setText(facts_of(record))
        self.donut.show_slices([Slice(*one) for one in result_counts(record)], tr("patched"), counts=True)
        self._tell_what_was_found(ended)
        self.states.show_content()
        if chosen is None or not self.grid.choose(chosen.record.host):
            self.grid.choose(next((one.record.host for one in self.rows.shown_rows), ""))
        self.changed.emit()

    def _show_retry(self) -> None:
        fault = None if self.shown is None else self.shown.no_retry
        if fault is None:
            allow(self.retry)
        elif fault.code == "patch_blocked":
            allow(self.retry, tr("Unblock a failed host first: see to its failure, then say why it may be patched."))
        else:
            allow(self.retry, fault.message)

    def _why_no_unblock(self, line: ResultLine | None) -> str:
        if line is None or self.shown is None:
            return tr("Choose a host first.")
        if line.record.host in self.shown.status.patch_blocked:
            return ""
        if line.record.state is TargetState.BLOCKED:
            return tr("It is held, not patch-blocked: nothing to unblock. Mend what its reason names, then plan again.")
        return tr("It is not patch-blocked: nothing keeps it from being patched again.")

    def _explain(self, line: ResultLine | None) -> None:
        doubtful = line is not None and line.record.state in REVERIFIABLE
        allow(self.unblock, self._why_no_unblock(line))
        allow(self.verify, "" if doubtful else tr("Only for a host that did not end well"))
        if line is None:
            self._detail.say("")
            return
        parts = [f"{line.record.host}: {target_word(line.record.state)}", line.why]
        if line.remedy:
            parts.append(tr("To do: {hint}", hint=line.remedy))
        self._detail.say(in_sentences(parts))
