"""A run, live or past: how it stands, the worst hosts first, the log of the chosen one, and what may be asked of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QSplitter, QWidget

from core.app.launch import launch
from core.app.requests import ask
from core.app.watching import plan_of
from core.model.events import Entry
from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.requests import Action
from core.model.state import TARGET_RESTS, TargetState
from gui.bridge import Bridge
from gui.desk import Desk
from gui.dialogs.reason import Reason
from gui.following import Driven, Following, News
from gui.jobs import Trouble
from gui.language import counted, tr
from gui.models.run_lines import HostRow, rank, run_columns, state_tones
from gui.models.table import Rows
from gui.run_story import RunStory
from gui.theme import Tone
from gui.widgets.chip import Chip
from gui.widgets.filter_line import FilterLine
from gui.widgets.grid import Grid
from gui.widgets.log_view import LogView
from gui.widgets.progress import Progress
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label
from gui.words import about, day_and_time, duration, run_word, target_word

_TURN_MS = 1000
_MOST_ROWS_A_TURN = 24


class RunView(QWidget):
    """Says when the run has ended, or was found to have ended."""

    ended = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.run_id: str | None = None
        self.story: RunStory | None = None
        self.driven = False
        self._told_end = False
        self._moved = False
        self._following: Following | None = None
        self.bridge: Bridge[News] = Bridge(self, self._take, self._settle)
        self.rows: Rows[HostRow] = Rows(self, run_columns(), lambda row: row.host)
        self.grid = Grid(tr("Hosts of the run"), self.rows)
        self.log = LogView(tr("Log of the chosen host"))
        self.state = Chip()
        self.summary = label("", "strong")
        self.facts = label("", "muted")
        self._progress = Progress(tr("Hosts done"))
        self._log_title = label("", "heading")
        self._make_buttons()
        self._clock = QTimer(self)
        self._clock.setInterval(_TURN_MS)
        self._clock.timeout.connect(self._tick)
        self.states = States(self._content())
        self.setLayout(down(self.states))
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
            lambda _: plan_of(workspace, run_id),
            lambda plan: self._begin(run_id, plan),
            lambda trouble: self.states.show_trouble(trouble, lambda: self._open_again(run_id)),
        )
        self.states.show_waiting(job)

    def leave(self) -> None:
        """Nobody looks any more. The run does not mind."""
        if self._following is not None:
            self._following.end()
        self._following, self.story, self.run_id = None, None, None
        self._told_end = False
        self.bridge.close()
        self._clock.stop()

    def _open_again(self, run_id: str) -> None:
        self.run_id = None
        self.show_run(run_id)

    def _begin(self, run_id: str, plan: Plan) -> None:
        if run_id != self.run_id:
            return
        self.watch(RunStory(plan))
        self._following = Following(self._desk.workspace, run_id, self.bridge.put)
        self._following.begin()

    def watch(self, story: RunStory) -> None:
        """From now on what comes over the bridge is told to this story."""
        self.story = story
        self.rows.set_rows(())
        self.grid.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.bridge.open()
        self._clock.start()

    # News

    def _take(self, news: News) -> None:
        match news:
            case Driven(now=now):
                self.driven = now
            case Trouble():
                self.states.show_trouble(news)
            case Entry() if self.story is not None:
                self.story.tell(news)
            case _:
                return

    def _settle(self) -> bool:
        story = self.story
        if story is None or not story.begun:
            return False
        if not self.rows.total:
            self.rows.set_rows(story.lines())
            story.take_touched(len(story.plan.targets))
            self.states.show_content()
            self._tick()
            self.grid.choose(self.rows.shown_rows[0].host) if self.rows.shown_count else self._show_log(None)
        self._replace(story)
        chosen: HostRow | None = self.grid.current
        self.log.add_lines(story.take_fresh(None if chosen is None else chosen.host))
        self.facts.setText("" if chosen is None else _facts(chosen))
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
            self._tick()
            self.ended.emit(story.record)

    def _tick(self) -> None:
        story = self.story
        if story is None or not story.begun:
            return
        if self._moved:
            self._moved = False
            self.rows.again()
        head = story.head
        self.state.say(*run_word(head, self.driven))
        rows = self.rows.all_rows
        counts = {tone: sum(1 for row in rows if row.record.state in states) for tone, states in state_tones()}
        self._progress.show_parts([(counts[tone], tone) for tone, _ in state_tones()], len(rows))
        done = sum(1 for row in rows if row.record.state in TARGET_RESTS)
        bad = counts[Tone.BAD]
        self.summary.setText(
            tr("{done} of {all} done", done=done, all=len(rows))
            + (tr(", {n} need you", n=bad) if bad else "")
            + (tr(", paused") if head.paused and head.outcome is None else "")
            + (f"  ·  {head.held}" if head.held else "")
            + self._time_words(head, story.plan)
        )
        self._show_buttons(head)

    def _time_words(self, head: RunRecord, plan: Plan) -> str:
        end = head.ended_at or datetime.now(UTC)
        took = duration(max(0, int((end - head.started_at).total_seconds())))
        if head.ended_at is not None:
            return "  ·  " + tr("took {time}", time=took)
        words = "  ·  " + tr("{time} so far, about {expected} in all", time=took,
                             expected=about(plan.totals.expected_seconds))  # fmt: skip
        if plan.windows:
            closes = max(window.closes_at for window in plan.windows)
            left = int((closes - end).total_seconds())
            words += "  ·  " + (
                tr("{time} left in the window", time=about(left)) if left > 0 else tr("the window has closed")
            )
        return words

    # The chosen host

    def _show_log(self, row: HostRow | None) -> None:
        story = self.story
        if story is None:
            return
        host = None if row is None else row.host
        self._log_title.setText(host or tr("The run"))
        self.log.show_lines(story.log(host))
        story.take_fresh(None)
        self.facts.setText("" if row is None else _facts(row))
        if story.begun:
            self._show_buttons(story.head)

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
            lines += [tr("warning: {words}", words=one) for one in row.record.warnings]
        lines += ["", *story.log(None if row is None else row.host)]
        return "\n".join(lines)

    # What may be asked

    def _make_buttons(self) -> None:
        self.pause = button(tr("&Pause"), self._ask_pause)
        self.note = button(tr("N&ote"), self._ask_note)
        self.stop = button(tr("&Stop after current steps"), self._ask_stop, "danger")
        self.withdraw = button(tr("&Withdraw host"), self._ask_withdraw, "danger")
        self.resume = button(tr("&Take it up again"), self._resume, "primary")
        self.copy_case = button(tr("Copy &case text"), self._copy_case)

    def _show_buttons(self, head: RunRecord) -> None:
        going = head.outcome is None
        unknown = any(one.record.state is TargetState.UNKNOWN for one in self.rows.all_rows)
        self.resume.setVisible(not self.driven and (going or unknown))
        row: HostRow | None = self.grid.current
        self.pause.setVisible(going)
        self.pause.setEnabled(self.driven and not head.stopped)
        self.pause.setText(tr("&Go on") if head.paused else tr("&Pause"))
        self.pause.setAccessibleName(tr("Go on") if head.paused else tr("Pause"))
        self.note.setEnabled(row is not None)
        self.stop.setVisible(going)
        self.withdraw.setVisible(going)
        self.stop.setEnabled(going and self.driven and not head.stopped)
        self.withdraw.setEnabled(going and self.driven and row is not None and row.record.can_be_withdrawn)

    def _ask_pause(self) -> None:
        story = self.story
        if story is None:
            return
        if story.head.paused:
            self.ask(Action.RESUME, None, tr("asked in the window"))
        else:
            self._reason(
                tr("Pause"),
                tr("What runs is finished. No further host is begun until you let it go on."),
                lambda why: self.ask(Action.PAUSE, None, why),
            )

    def _ask_note(self) -> None:
        row: HostRow | None = self.grid.current
        if row is not None:
            self._reason(
                tr("Note on {host}", host=row.host),
                tr("It stands in the journal and in every report of this run."),
                lambda text: self.ask(Action.NOTE, row.host, text),
                asked_for=tr("What is to be noted?"),
            )

    def _ask_stop(self) -> None:
        self._reason(
            tr("Stop after current steps"),
            tr("What runs is finished; no host is begun any more. The rest is reported as not done."),
            lambda why: self.ask(Action.STOP, None, why),
            tr("stop"),
        )

    def _ask_withdraw(self) -> None:
        row: HostRow | None = self.grid.current
        if row is not None:
            self._reason(
                tr("Withdraw {host}", host=row.host),
                tr("{host} is not touched in this run.", host=row.host),
                lambda why: self.ask(Action.WITHDRAW, row.host, why),
                row.host,
            )

    def _reason(
        self, title: str, words: str, do: Callable[[str], None], to_type: str = "", asked_for: str = ""
    ) -> None:
        self.dialog = Reason(title, words, do, to_type, asked_for, self)
        self.dialog.open()

    def ask(self, action: Action, host: str | None, why: str) -> None:
        run_id, workspace = self.run_id, self._desk.workspace
        if run_id is not None:
            self._desk.jobs.start(
                tr("Asking the run"),
                lambda _: ask(workspace, run_id, action, host, why),
                lambda _: self._desk.say(tr("Asked. The run answers within a second, in its log.")),
                self._desk.show_trouble,
            )

    def _resume(self) -> None:
        """The same run goes on in a new process: what is done stays done, what was begun is found again."""
        run_id, workspace = self.run_id, self._desk.workspace
        if run_id is None:
            return
        self.resume.setEnabled(False)
        job = self._desk.jobs.start(
            tr("Taking the run up again"),
            lambda _: launch(workspace, ("--resume", run_id)),
            lambda _: self._desk.say(tr("The run goes on.")),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: self.resume.setEnabled(True))

    def _copy_case(self) -> None:
        QGuiApplication.clipboard().setText(self.case_text())
        self._desk.say(tr("The case text is on the clipboard."))

    def _content(self) -> QWidget:
        top = across(self.state, self.summary, None)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(boxed(down(FilterLine(self.grid), self.grid)))
        split.addWidget(boxed(down(boxed(across(self._log_title, None)), self.facts, self.log, gap=4)))
        split.setSizes([800, 420])
        self.facts.setWordWrap(True)
        self.buttons = across(self.resume, self.pause, self.stop, self.withdraw, self.note, None, self.copy_case)
        return boxed(down(boxed(top), self._progress, split, boxed(self.buttons)))


def _facts(row: HostRow) -> str:
    record = row.record
    parts = [target_word(record.state)]
    if record.failure is not None:
        parts.append(str(record.failure.detail))
        if record.failure.hint:
            parts.append(tr("To do: {hint}", hint=record.failure.hint))
    if record.connection_losses:
        parts.append(counted(record.connection_losses, "the line was lost once", "the line was lost {n} times"))
    return ". ".join(parts)
