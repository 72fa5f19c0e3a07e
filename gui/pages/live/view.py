"""A run, live or past: how it stands, the worst hosts first, the log of the chosen one, and what may be asked of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from core.app.signs import Lookout, Signs
from core.app.watching import Intended, intended
from core.model.events import Entry, RequestTaken
from core.model.record import RunRecord
from core.model.state import TARGET_RESTS, TargetState
from core.model.transfer import Moment
from gui.bridge import Bridge
from gui.desk import Desk
from gui.following import Driven, Following, News, Seen
from gui.jobs import Trouble
from gui.language import counted, in_sentences, tr
from gui.models.pace import moving_in_words
from gui.models.run_lines import HostRow, answers_in_words, error_log_in_words, rank, run_columns
from gui.models.table import Rows
from gui.pages.live.asking import Asking
from gui.pages.live.head import Head
from gui.run_story import RunStory
from gui.sentences import run_words
from gui.times import day_and_time
from gui.widgets.filter_line import FilterLine
from gui.widgets.folding import Folding
from gui.widgets.giving_way import GivingWay
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.log_view import LogView
from gui.widgets.states import States
from gui.widgets.text import boxed, down, label
from gui.words import target_word

_TURN_MS = 1000
_MOST_ROWS_A_TURN = 24
# The worst of them: whoever looks at more looks at none.
_MOST_LOOKED_AT = 50
_NARROW, _TIGHT, _HIGH, _LOW = 1900, 1000, 480, 320
# Of rows and log: below each other, beside each other, and where beside each other the lamps would be lost.
_BELOW, _BESIDE, _TIGHTLY = (320, 190), (800, 420), (660, 220)
# An answer that is older, or that was there before anybody looked, was given to somebody else.
_FRESH = timedelta(seconds=30)


class RunView(QWidget):
    """Says when the run has ended, or was found to have ended."""

    ended = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.run_id: str | None = None
        self.story: RunStory | None = None
        self.driven = False
        self._known = False
        self._told_end = False
        self._moved = False
        self._shares = _BESIDE
        self._offered = ""
        self._chosen: HostRow | None = None
        self._following: Following | None = None
        self._lookout: Lookout | None = None
        self._looked_at: frozenset[str] = frozenset()
        self.bridge: Bridge[News] = Bridge(self, self._take, self._settle)
        self.rows: Rows[HostRow] = Rows(self, run_columns(), lambda row: row.host)
        self.grid = Grid(tr("Hosts of the run"), self.rows)
        self.filter = FilterLine(self.grid)
        self.log = LogView(tr("Log of the chosen host"))
        self.head = Head()
        self.facts = Folding("muted")
        self._log_title = label("", "heading")
        self.asking = Asking(desk, self._copy_case)
        self._clock = QTimer(self)
        self._clock.setInterval(_TURN_MS)
        self._clock.timeout.connect(self.tick)
        self._split = self._halves()
        rows = down(self.head, self._split, self.facts, self.asking)
        page = GivingWay(rows, _LOW, (self.filter, self.head, self.facts), self._stand_low)
        self.states = States(page, self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._show_log)
        self.states.show_empty(tr("No run"), tr("Nothing was begun yet."))

    # Which run

    def show_run(self, run_id: str) -> None:
        if run_id == self.run_id:
            return
        self.leave()
        self.run_id = run_id
        workspace = self._desk.workspace
        job = self._desk.jobs.start(
            tr("Opening the run"),
            lambda _: intended(workspace, run_id),
            lambda found: self._begin(run_id, found),
            lambda trouble: self.states.show_trouble(trouble, lambda: self._open_again(run_id)),
        )
        self.states.show_waiting(job)

    def leave(self) -> None:
        """Nobody looks any more. The run does not mind."""
        if self._following is not None:
            self._following.end()
        if self._lookout is not None:
            self._lookout.close()
        self._following, self._lookout, self.story, self.run_id = None, None, None, None
        self._told_end, self._looked_at = False, frozenset()
        self.bridge.close()
        self._clock.stop()

    def _open_again(self, run_id: str) -> None:
        self.leave()
        self.show_run(run_id)

    def _show_trouble(self, trouble: Trouble) -> None:
        """Nobody follows the run any more, though it may go on."""
        run_id = self.run_id
        again = None if run_id is None else partial(self._open_again, run_id)
        self.states.show_trouble(trouble, again)

    def _begin(self, run_id: str, found: Intended) -> None:
        if run_id != self.run_id:
            return
        story = RunStory(found.plan, found.roles)
        self.watch(story, known=False)
        self._following = Following(self._desk.workspace, run_id, self.bridge.put)
        self._following.begin()
        workspace, names = self._desk.workspace, tuple(one.host for one in found.plan.targets)
        self._desk.jobs.start_quietly(
            lambda _: Lookout(workspace, names, self._see), partial(self._look_out, story), self._say_blind
        )

    def watch(self, story: RunStory, *, known: bool = True) -> None:
        """From now on what comes over the bridge is told to this story. Nothing is shown before it is known whether
        somebody drives the run: one that goes on must not look broken off while its journal is read."""
        self.story, self._known = story, known
        self.rows.set_rows(())
        self.grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.bridge.open()
        self._clock.start()

    # What answers on the hosts just now

    def _look_out(self, story: RunStory, lookout: Lookout) -> None:
        if story is self.story:
            self._lookout = lookout
            self.tick()
        else:
            lookout.close()

    def _say_blind(self, trouble: Trouble) -> None:
        """The run goes on, and so does its story."""
        why = "; ".join((trouble.title, *trouble.lines[:1]))
        self._desk.say(tr("Nobody can look from here whether the hosts answer: {why}", why=why))

    def _see(self, host: str, signs: Signs) -> None:
        """From a thread of the lookout's."""
        self.bridge.put(Seen(host, signs))

    def _want_signs(self) -> None:
        """Of the hosts at work and of those that need somebody, the worst first; of the chosen one in any case."""
        story = self.story
        if self._lookout is None or story is None:
            return
        shown = sorted(self.rows.all_rows, key=rank)
        working = [row.host for row in shown if _is_at_work(row)]
        needing = [row.host for row in shown if row.needs_me]
        chosen: HostRow | None = self.grid.current
        first = [] if chosen is None or chosen.record.state is TargetState.PENDING else [chosen.host]
        wanted = list(dict.fromkeys((*first, *working, *needing)))[:_MOST_LOOKED_AT] if self.isVisible() else []
        self._lookout.want(wanted, {*first, *working})
        for host in self._looked_at - set(wanted):
            story.look_away(host)
        self._looked_at = frozenset(wanted)
        self._replace(story)

    # News

    def _take(self, news: News) -> None:
        story = self.story
        match news:
            case Driven(now=now):
                self.driven, self._known = now, True
                if story is not None and not now:
                    story.stand_still()
            case Trouble():
                self._show_trouble(news)
            case Seen(host=host, signs=signs) if story is not None:
                story.see(host, signs)
            case Moment() if story is not None:
                story.move(news)
            case Entry() if story is not None:
                story.tell(news)
                fresh = self._known and datetime.now(UTC) - news.at < _FRESH
                if fresh and isinstance(news.event.body, RequestTaken):
                    self._desk.say(run_words(news.event.body))
            case _:
                return

    def _settle(self) -> bool:
        story = self.story
        if story is None or not story.begun or not self._known:
            return False
        if not self.rows.total:
            self.rows.set_rows(story.lines())
            story.take_touched(len(story.plan.targets))
            self.states.show_content()
            self.tick()
            self._offer(self.rows.shown_rows[0]) if self.rows.shown_count else self._show_log(None)
        self._replace(story)
        chosen: HostRow | None = self.grid.current
        self.log.add_lines(story.take_fresh(None if chosen is None else chosen.host))
        if chosen is not self._chosen:
            self._show_chosen(story)
        self._tell_end(story.head)
        return story.has_touched

    def _replace(self, story: RunStory) -> None:
        """So many rows a turn; the order follows once a second, where one has become better or worse."""
        for row in story.take_touched(_MOST_ROWS_A_TURN):
            before = self.rows.row_with(row.host)
            self._moved = self._moved or before is None or rank(before) != rank(row)
            self.rows.replace(row)

    def _tell_end(self, head: RunRecord) -> None:
        story = self.story
        if head.outcome is None:
            self._told_end = False
        elif not self._told_end and story is not None and not story.has_touched:
            self._told_end = True
            self.tick()
            self._offer_worst()
            self.ended.emit(story.record)

    def _offer(self, row: HostRow) -> None:
        self._offered = row.host
        self.grid.choose(row.host)

    def _offer_worst(self) -> None:
        """Who was offered at first may have ended well: unless somebody has chosen, the worst is looked at."""
        chosen: HostRow | None = self.grid.current
        worst = min(self.rows.shown_rows, key=rank, default=None)
        if chosen is None or worst is None or chosen.host != self._offered or len(self.grid.selected) > 1:
            return
        if rank(worst) < rank(chosen):
            self._offer(worst)

    def tick(self) -> None:
        """A second has gone by: the order, the times and what may be asked are shown anew."""
        story = self.story
        if story is None or not story.begun or not self._known:
            return
        if self._moved:
            self._moved = False
            self.rows.again()
        rows = self.rows.all_rows
        # A host that has fallen silent sends nothing that would have its row painted again.
        self.rows.tell_time(row.host for row in rows if _is_at_work(row))
        self.head.show_run(story.head, self.driven, rows, story.plan)
        self._show_chosen(story)
        self._want_signs()

    # The chosen host

    def _show_log(self, row: HostRow | None) -> None:
        story = self.story
        if story is None:
            return
        host = None if row is None else row.host
        self._log_title.setText(host or tr("The run"))
        self.log.show_lines(story.log(host))
        story.take_fresh(None)
        if story.begun:
            self._show_chosen(story)

    def _show_chosen(self, story: RunStory) -> None:
        chosen: HostRow | None = self.grid.current
        self._chosen = chosen
        self.facts.say("" if chosen is None else f"{chosen.host}: {_facts(chosen)}")
        unknown = any(one.record.state is TargetState.UNKNOWN for one in self.rows.all_rows)
        self.asking.show_run(story.head, self.driven, chosen, unknown)

    def case_text(self) -> str:
        """What somebody else needs to help: host, run, what happened, and the log."""
        row: HostRow | None = self.grid.current
        story = self.story
        if story is None:
            return ""
        head = story.head
        lines = [tr("Drydock, run {id}", id=head.run_id), tr("begun {at}", at=day_and_time(head.started_at))]
        if row is not None:
            lines += [f"{row.host}: {target_word(row.record.state)}", _facts(row)]
            if row.signs is not None:
                lines += [answers_in_words(row)]
            lines += [tr("warning: {words}", words=one) for one in row.record.warnings]
        lines += ["", *story.log(None if row is None else row.host)]
        return "\n".join(lines)

    def _copy_case(self) -> None:
        QGuiApplication.clipboard().setText(self.case_text())
        self._desk.say(tr("The case text is on the clipboard."))

    # Where it all stands

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """On a narrow screen the log goes below, so that every column is seen; not where that leaves no rows."""
        super().resizeEvent(event)
        below = event.size().width() < _NARROW and event.size().height() > _HIGH
        wanted = Qt.Orientation.Vertical if below else Qt.Orientation.Horizontal
        self.facts.hold_rows(below)
        shares = _BELOW if below else _TIGHTLY if event.size().width() < _TIGHT else _BESIDE
        if shares is not self._shares:
            self._shares = shares
            self._split.setOrientation(wanted)
            self._split.setSizes(shares)

    def _stand_low(self, low: bool) -> None:
        """The log is left to the host's sheet, and the head says less."""
        self._beside.setVisible(not low)
        self.tick()

    def offer_filter(self) -> None:
        """It may have given way to the rows."""
        self.filter.show()

    def _halves(self) -> QSplitter:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(boxed(down(self.filter, self.grid)))
        self._beside = boxed(down(self._log_title, self.log, gap=4))
        split.addWidget(self._beside)
        split.setSizes(_BESIDE)
        return split


def _is_at_work(row: HostRow) -> bool:
    return row.record.state is not TargetState.PENDING and row.record.state not in TARGET_RESTS


def _facts(row: HostRow) -> str:
    record = row.record
    parts = [target_word(record.state)]
    if row.moving is not None:
        parts.append(moving_in_words(row.moving))
    if record.failure is not None:
        parts.append(str(record.failure.detail))
        if record.failure.hint:
            parts.append(tr("To do: {hint}", hint=record.failure.hint))
    if record.connection_losses:
        parts.append(counted(record.connection_losses, "the line was lost once", "the line was lost {n} times"))
    written = error_log_in_words(row)
    if written:
        parts.append(tr("ERRORLOG: {line}", line=written))
    return in_sentences(parts)
