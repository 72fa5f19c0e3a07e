"""What may be asked of a run: each a button, and for what cannot be taken back a question before it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from core.app.launch import launch, launch_diagnose
from core.app.requests import ask
from core.model.record import RunRecord
from core.model.requests import Action
from gui.desk import Desk, Errand, Room
from gui.dialogs.reason import Reason
from gui.language import tr
from gui.models.run_lines import HostRow
from gui.widgets.allowing import allow
from gui.widgets.keyboard import show_if
from gui.widgets.terse import Terse
from gui.widgets.text import button


class Asking(QWidget):
    """Knows the run and the chosen host as they were last shown to it."""

    def __init__(self, desk: Desk, copy: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._head: RunRecord | None = None
        self._row: HostRow | None = None
        self._driven = False
        self.pause = button(tr("&Pause"), self._ask_pause)
        self.stop = button(tr("&Stop after current steps…"), self._ask_stop, "danger")
        self.withdraw = button(tr("&Withdraw host…"), self._ask_withdraw, "danger")
        self.note = button(tr("N&ote…"), self._ask_note)
        self.diagnose = button(tr("Collect &diagnostics"), self._ask_diagnose)
        self.sheet = button(tr("Host's s&heet"), self._open_sheet, hint=tr("Steps, output, checks and collected logs"))
        self.resume = button(tr("&Take it up again"), self._resume, "primary", tr("What is done stays done"))
        self.copy_case = button(tr("Copy &case text"), copy, hint=tr("What somebody else needs to help"))
        acts = (self.resume, self.pause, self.stop, self.withdraw, self.note, self.diagnose)
        row = Terse(*acts, None, self.sheet, self.copy_case)
        row.shorten(
            {
                self.sheet: tr("S&heet"),
                self.copy_case: tr("&Case text"),
                self.diagnose: tr("&Diagnose"),
                self.stop: tr("&Stop…"),
                self.withdraw: tr("&Withdraw"),
                self.note: tr("N&ote"),
            }
        )
        self.setLayout(row)

    def show_run(self, head: RunRecord, driven: bool, row: HostRow | None, any_unknown: bool) -> None:
        self._head, self._driven, self._row = head, driven, row
        going = head.outcome is None
        for one in (self.pause, self.stop, self.withdraw):
            show_if(one, going)
        show_if(self.resume, not driven and (going or any_unknown))
        paused = tr("&Go on") if head.paused else tr("&Pause")
        if self.pause.text() != paused:
            self.pause.setText(paused)
            self.pause.setAccessibleName(paused.replace("&", ""))
        allow(self.pause, self._why_not(driven and not head.stopped, tr("It was stopped for good.")))
        allow(self.stop, self._why_not(driven and not head.stopped, tr("It was stopped already.")))
        free = row is not None and row.record.can_be_withdrawn
        refusal = tr("Only a host that is not begun yet, or whose restart can still be called off.")
        allow(self.withdraw, self._why_not(driven and free, refusal))
        allow(self.note, "" if row is not None else tr("Choose a host."))
        there = row is not None and row.record.diagnostics_by is None
        allow(self.diagnose, self._why_not(there and (driven or not going), self._no_logs(row)))
        allow(self.sheet, "" if row is not None else tr("Choose a host."))

    def _no_logs(self, row: HostRow | None) -> str:
        return tr("Choose a host.") if row is None else tr("Its logs are being fetched.")

    def _why_not(self, may: bool, otherwise: str) -> str:
        if may:
            return ""
        if self._head is not None and self._head.outcome is None and not self._driven:
            return tr("Nobody drives the run: take it up again first.")
        return otherwise

    # Questions

    def _ask_pause(self) -> None:
        if self._head is not None and self._head.paused:
            self.ask(Action.RESUME, None, tr("asked in the window"))
            return
        self._reason(
            tr("Pause"),
            tr("What runs is finished. No further host is begun until you let it go on."),
            lambda why: self.ask(Action.PAUSE, None, why),
        )

    def _ask_stop(self) -> None:
        self._reason(
            tr("Stop after current steps"),
            tr("What runs is finished; no host is begun any more. The rest is reported as not done."),
            lambda why: self.ask(Action.STOP, None, why),
            tr("stop"),
        )

    def _ask_withdraw(self) -> None:
        if self._row is not None:
            host = self._row.host
            words = tr("{host} is not touched in this run.", host=host)
            self._reason(
                tr("Withdraw {host}", host=host), words, lambda why: self.ask(Action.WITHDRAW, host, why), host
            )

    def _ask_note(self) -> None:
        if self._row is not None:
            host = self._row.host
            words = tr("It stands in the journal and in every report of this run.")
            note = tr("What is to be noted?")
            self._reason(
                tr("Note on {host}", host=host), words, lambda text: self.ask(Action.NOTE, host, text), asked_for=note
            )

    def _ask_diagnose(self) -> None:
        """A run that goes on does it itself; one that has ended is taken up for it."""
        if self._row is None or self._head is None:
            return
        host, run_id, workspace = self._row.host, self._head.run_id, self._desk.workspace
        if self._driven and self._head.outcome is None:
            self.ask(Action.DIAGNOSE, host, tr("asked in the window"))
            return
        allow(self.diagnose, tr("Its logs are being fetched."))
        job = self._desk.jobs.start(
            tr("Fetching the logs of {host}", host=host),
            lambda _: launch_diagnose(workspace, run_id, host, tr("asked in the window")),
            lambda _: self._desk.say(tr("The logs of {host} are being fetched.", host=host)),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(self.diagnose))

    def _reason(
        self, title: str, words: str, do: Callable[[str], None], to_type: str = "", asked_for: str = ""
    ) -> None:
        self.dialog = Reason(title, words, do, to_type, asked_for, self)
        self.dialog.open()

    # Acts

    def ask(self, action: Action, host: str | None, why: str) -> None:
        if self._head is None:
            return
        run_id, workspace = self._head.run_id, self._desk.workspace
        self._desk.jobs.start(
            tr("Asking the run"),
            lambda _: ask(workspace, run_id, action, host, why),
            lambda _: self._desk.say(tr("Asked. The run answers within a second.")),
            self._desk.show_trouble,
        )

    def _resume(self) -> None:
        """The same run goes on in a new process: what is done stays done, what was begun is found again."""
        if self._head is None:
            return
        run_id, workspace = self._head.run_id, self._desk.workspace
        allow(self.resume, tr("It is just being taken up again."))
        job = self._desk.jobs.start(
            tr("Taking the run up again"),
            lambda _: launch(workspace, ("--resume", run_id)),
            lambda _: self._desk.say(tr("The run goes on.")),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(self.resume))

    def _open_sheet(self) -> None:
        if self._row is not None and self._head is not None:
            self._desk.go(Room.RUNS, Errand(run=self._head.run_id, host=self._row.host))
