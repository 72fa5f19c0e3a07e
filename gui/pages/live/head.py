"""How a run stands, at a glance: done and to do, failures against what is allowed, time needed against time left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtWidgets import QBoxLayout, QWidget

from core.model.plan import Plan
from core.model.record import RunRecord
from core.model.state import TARGET_RESTS
from gui.language import counted, tr
from gui.models.run_lines import HostRow, needed_seconds, state_tones
from gui.theme import Tone
from gui.times import about, elapsed
from gui.widgets.chip import Chip
from gui.widgets.elided import Elided
from gui.widgets.progress import Progress
from gui.widgets.text import across, boxed, down, label
from gui.words import run_word

_BELOW, _BESIDE = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight


class Head(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.state = Chip()
        self.summary = label("", "strong")
        self.times = Elided("", "muted")
        self.window_left = Chip()
        self.budget = Chip()
        self.held = label("", "bad", wrap=True)
        self._progress = Progress(tr("Hosts done"))
        top = across(self.state, self.summary, self.times, None, self.window_left, self.budget)
        self._below = down(self._progress, self.held, gap=6)
        self._rows = down(boxed(top), self._below, gap=6)
        self.setLayout(self._rows)
        self._low = False

    def give_way(self, low: bool) -> None:
        """Why no host is begun stands beside the bar, and what is counted is said in short."""
        if low is self._low:
            return
        self._low = low
        self._below.setDirection(_BESIDE if low else _BELOW)
        self._below.setStretch(1, 3 if low else 0)
        self._below.setStretch(0, 1 if low else 0)
        self._rows.setSpacing(3 if low else 6)

    def show_run(self, head: RunRecord, driven: bool, rows: Sequence[HostRow], plan: Plan) -> None:
        self.state.say(*run_word(head, driven, Counter(row.record.state for row in rows)))
        counts = {tone: sum(1 for row in rows if row.record.state in states) for tone, states in state_tones()}
        self._progress.show_parts([(counts[tone], tone) for tone, _ in state_tones()], len(rows))
        done = sum(1 for row in rows if row.record.state in TARGET_RESTS)
        needing = sum(1 for row in rows if row.needs_me)
        self.summary.setText(
            tr("{done} of {all} done", done=done, all=len(rows))
            + (counted(needing, ", 1 needs you", ", {n} need you") if needing else "")
            + (tr(", paused") if head.paused and head.outcome is None else "")
        )
        self.held.setText(tr("No host is begun: {why}", why=head.held))
        self.held.setVisible(bool(head.held) and head.outcome is None)
        self._show_budget(rows, plan.rules.failures_allowed)
        self._show_times(head, driven, rows, plan)

    def _show_budget(self, rows: Sequence[HostRow], allowed: int | None) -> None:
        failed = sum(1 for row in rows if row.record.failed)
        if allowed is None:
            words = tr("failures: {n}", n=failed) if self._low else tr("failures: {n}, no limit", n=failed)
            self.budget.say(words, Tone.WARN if failed else Tone.QUIET)
            self.budget.setToolTip(tr("The policy of this plan lets the run go on however many hosts fail."))
            return
        words, tone = tr("failures: {n} of {most} allowed", n=failed, most=allowed), Tone.QUIET
        if self._low:
            words = tr("failures: {n} of {most}", n=failed, most=allowed)
        if failed > allowed:
            words, tone = tr("failures: {n}, {most} were allowed", n=failed, most=allowed), Tone.BAD
        elif failed:
            tone = Tone.WARN
        self.budget.say(words, tone)
        self.budget.setToolTip(
            tr(
                "When more than {most} hosts have failed, no further host is begun. What runs is finished.",
                most=allowed,
            )
        )

    def _show_times(self, head: RunRecord, driven: bool, rows: Sequence[HostRow], plan: Plan) -> None:
        now = datetime.now(UTC)
        took = elapsed(head.started_at, head.worked_until or now)
        if head.worked_until is not None:
            self.times.say(tr("took {time}", time=took))
            self.window_left.say("", Tone.QUIET)
            return
        needed = needed_seconds(plan, rows, now)
        still = tr(", about {time} still needed", time=about(needed)) if needed else ""
        if driven:
            self.times.say(tr("{time} so far", time=took) + still)
        else:
            self.times.say(tr("its process ended; jobs on the hosts go on, nothing further is begun") + still)
        self._show_window(plan, needed, now)

    def _show_window(self, plan: Plan, needed: int, now: datetime) -> None:
        """Of several windows the one that closes last: until then the run may go on."""
        if not plan.windows:
            self.window_left.say("", Tone.QUIET)
            return
        left = int((max(window.closes_at for window in plan.windows) - now).total_seconds())
        if left <= 0:
            self.window_left.say(tr("the window has closed"), Tone.BAD)
            return
        tone = Tone.BAD if needed > left else Tone.QUIET
        words = tr("{time} left", time=about(left)) if self._low else tr("{time} left in the window", time=about(left))
        self.window_left.say(words, tone)
        self.window_left.setToolTip(
            tr("{needed} are needed, {left} are left", needed=about(needed), left=about(left))
            + (tr(": hosts that do not fit in any more are put off.") if tone is Tone.BAD else "")
        )
