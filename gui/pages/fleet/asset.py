"""One host on a sheet: where it stands and why, its instances, what is pending, what was done, what is known."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QPushButton, QTabWidget, QWidget

from core.app.assess import assess
from core.app.asset import Sheet, sheet_of
from core.app.requests import unblock
from core.app.unlock import unlock
from core.model.block import PatchBlock
from core.model.compliance import PatchLevel
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.history import Visit
from core.model.reference import Behind
from core.model.selection import Selection
from gui.builds import NO_TITLES, Titles, present_in_words, wanted_in_words
from gui.desk import Desk, Errand, Room
from gui.dialogs.reason import Reason
from gui.jobs import Trouble, trouble_from
from gui.language import tr
from gui.models.table import Column, Rows
from gui.pages.fleet.asset_words import (
    Told,
    behind_in_words,
    block_in_words,
    facts_in_words,
    known_since,
    pending_in_words,
    told_columns,
)
from gui.pages.fleet.visits import visit_columns
from gui.theme import Tone
from gui.times import lately
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.terse import Terse
from gui.widgets.text import across, boxed, button, card, down, label
from gui.words import compliance_tone, compliance_word

_MAX_AGE = timedelta(days=30)


class AssetSheet(QWidget):
    """Filled anew for each host that is opened."""

    def __init__(
        self, desk: Desk, back: Callable[[], None], edit: Callable[[str], None], test: Callable[[str], None]
    ) -> None:
        super().__init__()
        self._desk = desk
        self._host = ""
        self._just_asked = False
        self.name = Elided("", "title")
        self.chip = Chip()
        self.why = label("", "muted", wrap=True)
        self.instances: Rows[PatchLevel] = Rows(self, self._instance_columns(), lambda one: one.instance)
        self.pending: Rows[Told] = Rows(self, told_columns(tr("Patch"), tr("What it is")), ": ".join)
        self.visits: Rows[Visit] = Rows(self, visit_columns(lambda: self._titles), lambda one: one.run_id)
        self.known: Rows[Told] = Rows(self, told_columns(tr("Fact"), tr("Value")), ": ".join)
        self._blocks: tuple[PatchBlock, ...] = ()
        self._behind: dict[str, Behind] = {}
        self._editions: dict[str, str] = {}
        self._titles: Titles = NO_TITLES
        self.block_words = label("", wrap=True)
        self.unblock = button(tr("&Unblock…"), self._ask_unblock, hint=tr("Let the host be patched again"))
        self.its_run = button(tr("Open the run that patch-blocked it"), self._open_blocking_run, "link")
        told = across(self.block_words, self.its_run, self.unblock)
        told.setStretch(0, 1)
        self.block = card(told)
        self.tabs = self._make_tabs()
        self.states = States(self.tabs)
        assess_now = button(tr("Assess now"), self._assess, "primary")
        self._test = button(tr("Test the connection…"), lambda: test(self._host))
        self._actions = (
            assess_now,
            self._test,
            self._more_button(edit),
            button(tr("Patch it…"), lambda: desk.go(Room.CYCLE, Errand(hosts=(self._host,)))),
        )
        self.leave = button(tr("← All hosts"), back, "link")
        head = Terse(self.leave, self.name, self.chip, None, *self._actions)
        head.shorten({self._test: tr("Test…")})
        self.setLayout(down(boxed(head), self.why, self.block, self.states))
        lead(self, self.states)
        self._back = back

    def _more_button(self, edit: Callable[[str], None]) -> QPushButton:
        made = QPushButton(tr("More"))
        made.setAccessibleName(tr("More that can be done with this host"))
        menu = QMenu(made)
        menu.addAction(tr("Edit its target…")).triggered.connect(lambda: edit(self._host))
        menu.addAction(tr("Clear a lock that was left behind…")).triggered.connect(self.ask_unlock)
        made.setMenu(menu)
        return made

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Parts of the host's sheet"))
        history = Grid(tr("What was done"), self.visits, tr("No run has touched this host yet."))
        history.opened.connect(lambda visit: self._desk.go(Room.RUNS, Errand(run=visit.run_id)))
        tabs.addTab(Grid(tr("Instances"), self.instances, tr("No SQL Server is known on it.")), tr("Instances"))
        tabs.addTab(Grid(tr("Pending patches"), self.pending, tr("Nothing is pending.")), tr("Pending patches"))
        tabs.addTab(history, tr("What was done"))
        tabs.addTab(Grid(tr("Facts"), self.known, tr("It was never assessed.")), tr("Facts"))
        return tabs

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        if event.key() == Qt.Key.Key_Escape:
            self._back()
        else:
            super().keyPressEvent(event)

    def show_host(self, host: str) -> None:
        self._host = host
        self.name.say(host)
        self.chip.say("", Tone.QUIET)
        self.why.setText("")
        self._show_blocks(())
        self.look()

    def look(self) -> None:
        workspace, host = self._desk.workspace, self._host
        job = self._desk.jobs.start(
            tr("Reading what is known of {host}", host=host),
            lambda _: sheet_of(workspace, host, _MAX_AGE, lately),
            self._fill,
            self._fail,
        )
        self.states.show_waiting(job)

    def _fill(self, sheet: Sheet) -> None:
        if sheet.host.name != self._host:
            return
        standing = sheet.standing
        self.chip.say(compliance_word(standing.state), compliance_tone(standing.state))
        self.why.setText("  ·  ".join((standing.why, *known_since(standing))))
        self._show_blocks(sheet.blocks)
        self._behind, self._titles = dict(sheet.behind), sheet.titles
        self._editions = {} if sheet.facts is None else {one.name: one.edition for one in sheet.facts.instances}
        self.instances.set_rows(standing.levels)
        offered = {} if sheet.facts is None else {one.title: one for one in sheet.facts.updates}
        self.pending.set_rows(pending_in_words(one, offered) for one in standing.pending)
        self.visits.set_rows(sheet.visits)
        self.known.set_rows(() if sheet.facts is None else facts_in_words(sheet.facts))
        self.tabs.setTabText(1, tr("Pending patches ({n})", n=len(standing.pending)))
        self.tabs.setTabText(2, tr("What was done ({n})", n=len(sheet.visits)))
        self._show_parts(sheet)

    def _show_parts(self, sheet: Sheet) -> None:
        """A look that has just failed is told before what was known until then."""
        nothing = sheet.facts is None and not sheet.visits
        unanswered = sheet.standing.unanswered
        just_asked, self._just_asked = self._just_asked, False
        if unanswered is not None and (nothing or just_asked):
            title = tr("{host} could not be assessed at {time}", host=self._host, time=lately(unanswered.at))
            trouble = trouble_from(title, unanswered.failure)
            if nothing:
                # All that there is to say stands below.
                self.why.setText("")
            ways = () if nothing else ((tr("What was known before"), self.states.show_content),)
            self.states.show_trouble(trouble, self._assess, *ways)
        elif nothing:
            words = tr("An assessment connects to it and reads; it changes nothing.")
            self.states.show_empty(tr("Nothing is known of it yet"), words, (tr("Assess now"), self._assess))
        else:
            self.states.show_content()

    def _show_blocks(self, blocks: tuple[PatchBlock, ...]) -> None:
        self._blocks = blocks
        seen_to = tr("See to its failure first, then say why it may be patched again.")
        self.block_words.setText("\n".join((*map(block_in_words, blocks[1:]), seen_to)))
        self.block.setVisible(bool(blocks))

    def _open_blocking_run(self) -> None:
        self._desk.go(Room.RUNS, Errand(run=self._blocks[-1].run_id))

    def _ask_unblock(self) -> None:
        words = tr("{host} may be patched again by every later run. See to its failure first.", host=self._host)
        title = tr("Unblock {host}", host=self._host)
        self.reason = Reason(title, words, self._unblock, self._host, parent=self)
        self.reason.open()

    def ask_unlock(self) -> None:
        """A run that died for good may have left its claim on the host."""
        words = tr(
            "Clears the claim that a run left on {host}. It is refused while anything is still at work there.",
            host=self._host,
        )
        title = tr("Clear the lock of {host}", host=self._host)
        self.reason = Reason(title, words, self._unlock, self._host, parent=self)
        self.reason.open()

    def _unlock(self, why: str) -> None:
        workspace, host = self._desk.workspace, self._host
        self._desk.jobs.start(
            tr("Clearing the lock of {host}", host=host),
            lambda _: unlock(workspace, host, why),
            lambda done: self._desk.say(tr("{host} is free; {holder} had it.", host=done.host, holder=done.holder)),
            self._desk.show_trouble,
        )

    def _unblock(self, why: str) -> None:
        workspace, host = self._desk.workspace, self._host
        self._desk.jobs.start(
            tr("Unblocking {host}", host=host),
            lambda _: unblock(workspace, host, why),
            lambda _: self._unblocked(host),
            self._desk.show_trouble,
        )

    def _unblocked(self, host: str) -> None:
        """Where a run goes on, its own process clears the block within a second or two."""
        self._desk.say(
            tr("{host}: unblocking is asked for; the journal of each run that patch-blocked it says so.", host=host)
        )
        self._desk.facts_changed.emit()
        self.look()

    def _fail(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self.look)

    def _assess(self) -> None:
        workspace, host = self._desk.workspace, self._host
        job = self._desk.jobs.start(
            tr("Assessing {host}", host=host),
            lambda stop: assess(workspace, Selection((host,)), stop=stop)[0].result,
            self._assessed,
            self._fail,
        )
        self.states.show_waiting(job)

    def _assessed(self, result: Facts | Failure) -> None:
        """What came of it is kept, either way, and read from there; not of a host that was not asked any more."""
        self._just_asked = isinstance(result, Failure) and result.cause is not Cause.CANCELLED
        self._desk.facts_changed.emit()
        self.look()

    def _instance_columns(self) -> tuple[Column[PatchLevel], ...]:
        return (
            Column(tr("Instance"), lambda one: one.instance, width=150),
            Column(tr("Build"), present_in_words, width=190, least=184),
            Column(tr("To be"), wanted_in_words, width=190),
            Column(tr("Behind its branch by"), self._behind_words, width=220),
            Column(tr("Edition"), lambda one: self._editions.get(one.instance, ""), width=240),
        )

    def _behind_words(self, level: PatchLevel) -> str:
        return behind_in_words(self._behind.get(level.instance))
