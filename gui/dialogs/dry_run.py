"""Every host of a plan is looked at as its run would look at it, and nothing is changed."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from core.app.dry_run import DryRun, Rehearsed, dry_run_until
from core.model.plan import Plan
from gui.bridge import Bridge
from gui.desk import Desk
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.theme import Tone
from gui.widgets.allowing import allow
from gui.widgets.filter_line import FilterLine
from gui.widgets.fitting import resize_within_screen
from gui.widgets.grid import Grid
from gui.widgets.states import States
from gui.widgets.text import across, button, down, label
from gui.words import target_tone, target_word


class DryRunDialog(QDialog):
    """Begins at once; closing it stops it."""

    def __init__(self, desk: Desk, plan: Plan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Dry run"))
        self._desk, self._plan = desk, plan
        self._job: Job[DryRun] | None = None
        self._bridge: Bridge[Rehearsed] = Bridge(self, self._take, self._settle)
        self._found: dict[str, Rehearsed] = {}
        self.rows: Rows[Rehearsed] = Rows(self, _columns(), lambda one: one.host)
        self.grid = Grid(tr("What would become of each host"), self.rows)
        self.states = States(self.grid)
        self.told = label("", "strong", wrap=True)
        self.remarks = label("", "muted", wrap=True)
        self.remarks.hide()
        self.detail = QPlainTextEdit(readOnly=True)
        self.detail.setAccessibleName(tr("What would be done on the chosen host"))
        self.detail.setTabChangesFocus(True)
        self.detail.setMaximumHeight(120)
        self.stop = button(tr("&Stop"), self._stop, hint=tr("No further host is looked at; what was seen stays"))
        self.again = button(tr("&Look again"), self.begin)
        close = button(tr("Close"), self.accept, "primary")
        words = label(tr("Looks at each host as the run would. Nothing is sent, installed or restarted."), "muted")
        ways = across(FilterLine(self.grid), None, self.stop, self.again, close)
        self.setLayout(down(words, self.told, self.remarks, self.states, self.detail, ways, edge=16))
        resize_within_screen(self, 900, 560)
        self.grid.chosen.connect(self._tell)
        self.finished.connect(lambda _result: self._stop())
        self.begin()

    def begin(self) -> None:
        workspace, plan_id, bridge = self._desk.workspace, self._plan.id, self._bridge
        self._found.clear()
        self.rows.set_rows(())
        self.remarks.hide()

        def work(stopping: threading.Event) -> DryRun:
            def told(one: Rehearsed) -> None:
                if not stopping.is_set():
                    bridge.put(one)

            return dry_run_until(workspace, plan_id, stopping, told)

        self._job = job = self._desk.jobs.start(tr("Dry run of the plan"), work, self._show, self._fail)
        job.when_ended(self._ended)
        self._bridge.open()
        self.states.show_content()
        allow(self.stop)
        allow(self.again, tr("The hosts are just being looked at."))
        self._count()

    def _take(self, one: Rehearsed) -> None:
        self._found[one.host] = one

    def _settle(self) -> None:
        chosen = self.grid.current
        self.rows.set_rows(self._found.values())
        if chosen is not None:
            self.grid.choose(chosen.host)
        self._count()

    def _show(self, found: DryRun) -> None:
        self._found = {one.host: one for one in found.hosts}
        self._settle()
        self.remarks.setText("\n".join(found.remarks))
        self.remarks.setVisible(bool(found.remarks))
        self.grid.choose(next((one.host for one in found.hosts if one.would_end is not None), ""))

    def _fail(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self.begin)

    def _ended(self) -> None:
        """Told before the answer is handed over."""
        self._bridge.drain()
        self._bridge.close()
        allow(self.stop, tr("Nothing is being looked at."))
        allow(self.again)
        self._count()

    def _stop(self) -> None:
        if self._job is not None and self._job.running:
            self._job.stop()

    def _count(self) -> None:
        seen, planned = len(self._found), len(self._plan.targets)
        begun = sum(1 for one in self._found.values() if one.would_end is None)
        parts = [
            tr("{seen} of {hosts} looked at", seen=seen, hosts=counted(planned, "1 host", "{n} hosts")),
            tr("{n} would begin", n=begun),
            tr("{n} would not", n=seen - begun),
        ]
        stopped = self._job is not None and self._job.stopping.is_set()
        self.told.setText("  ·  ".join([*parts, *([tr("stopped")] if stopped else [])]))

    def _tell(self, one: Rehearsed | None) -> None:
        self.detail.setPlainText("" if one is None else "\n".join(_in_full(one)))


def _in_full(one: Rehearsed) -> Iterator[str]:
    if one.failure is not None:
        yield one.failure.detail
    if one.failure is not None and one.failure.hint:
        yield tr("To do: {hint}", hint=one.failure.hint)
    yield from one.would_do


def _columns() -> tuple[Column[Rehearsed], ...]:
    return (
        Column(tr("Host"), lambda one: one.host, width=150, least=112),
        Column(tr("Would"), _would, None, _tone, width=180, least=150),
        Column(tr("Why"), lambda one: "" if one.failure is None else one.failure.detail, width=320, least=150),
        Column(tr("Would do"), lambda one: "; ".join(one.would_do), width=320, least=150),
    )


def _would(one: Rehearsed) -> str:
    return tr("begin") if one.would_end is None else tr("be: {state}", state=target_word(one.would_end))


def _tone(one: Rehearsed) -> Tone:
    return Tone.GOOD if one.would_end is None else target_tone(one.would_end)
