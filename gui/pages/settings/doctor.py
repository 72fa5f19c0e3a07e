"""The doctor: whether this computer is ready and the journal whole, a line each, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from core.app.doctor import examine
from core.app.journal import Chain, Difference, rebuild, verify
from core.model.check import Check, CheckResult
from gui.desk import Desk
from gui.dialogs.confirm import Confirm
from gui.jobs import Job
from gui.language import counted, tr
from gui.models.table import Column, Rows
from gui.widgets.allowing import allow
from gui.widgets.grid import Grid
from gui.widgets.keyboard import lead
from gui.widgets.states import States
from gui.widgets.text import across, boxed, button, down, label
from gui.words import check_tone, check_word


class Doctor(QWidget):
    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: Rows[Check] = Rows(self, _columns(), _key)
        self.grid = Grid(tr("Checks of this computer"), self.rows)
        self._told = label("", wrap=True)
        self._computer: tuple[Check, ...] = ()
        self._journal: tuple[Check, ...] = ()
        self._rebuilding: Job[tuple[Difference, ...]] | None = None
        self.dialog: Confirm | None = None
        again = button(tr("&Examine again"), self.look)
        chains = tr("Follows the chain of hashes of every run, and holds it against the run's own copy")
        self.verify = button(tr("&Verify the journal"), self._verify, hint=chains)
        tables = tr("Makes the tables anew from the journal, and says where they were different")
        self.rebuild = button(tr("&Rebuild the tables…"), self._ask_rebuild, hint=tables)
        ways = boxed(across(again, self.verify, self.rebuild, None))
        self.states = States(boxed(down(ways, self.grid, self._told)), self.grid)
        self.setLayout(down(self.states))
        lead(self, self.states)
        self.grid.chosen.connect(self._tell)
        desk.runs_changed.connect(self._allow_rebuild)
        self._allow_rebuild()

    def enter(self) -> None:
        if not self.rows.total:
            self.look()

    def look(self) -> None:
        path = self._desk.workspace.path
        job = self._desk.jobs.start(
            tr("Examining this computer"),
            lambda _: examine(path),
            self._show,
            lambda trouble: self.states.show_trouble(trouble, self.look),
        )
        self.states.show_waiting(job)

    def _show(self, checks: tuple[Check, ...]) -> None:
        self._computer = checks
        self._show_all()

    def _show_all(self) -> None:
        self.rows.set_rows((*self._journal, *self._computer))
        self.states.show_content()

    # The journal

    def _verify(self) -> None:
        workspace = self._desk.workspace
        allow(self.verify, tr("The journal is being followed."))
        job = self._desk.jobs.start(
            tr("Following the journal"),
            lambda _: verify(workspace),
            lambda chains: self._show_journal(tuple(_of_chains(chains))),
            self._desk.show_trouble,
        )
        job.when_ended(lambda: allow(self.verify))

    def _allow_rebuild(self) -> None:
        allow(self.rebuild, self._why_no_rebuild())

    def _why_no_rebuild(self) -> str:
        if self._rebuilding is not None and self._rebuilding.running:
            return tr("The tables are being made anew.")
        driven = any(one.driven for one in self._desk.runs)
        return tr("A run goes on and writes: wait for its end.") if driven else ""

    def _ask_rebuild(self) -> None:
        words = tr("The tables of all runs are made anew from the journal, all or none. The journal stays as it is.")
        self.dialog = Confirm(tr("Rebuild the tables"), words, tr("rebuild"), self._rebuild, self)
        self.dialog.open()

    def _rebuild(self) -> None:
        why_not = self._why_no_rebuild()
        if why_not:
            # A run may have begun while it was asked.
            self._desk.say(why_not)
            return
        workspace = self._desk.workspace
        self._rebuilding = job = self._desk.jobs.start(
            tr("Making the tables anew"), lambda _: rebuild(workspace), self._show_tables, self._desk.show_trouble
        )
        self._allow_rebuild()
        job.when_ended(self._allow_rebuild)

    def _show_tables(self, found: tuple[Difference, ...]) -> None:
        self._show_journal(tuple(_of_tables(found)))
        if found:
            # What was told of hosts by the wrong rows is judged anew.
            self._desk.facts_changed.emit()

    def _show_journal(self, checks: tuple[Check, ...]) -> None:
        self._journal = checks
        self._show_all()
        self.grid.choose(_key(checks[0]))

    def _tell(self, check: Check | None) -> None:
        words = "" if check is None else tr("{name}: wanted {wanted}; found {found}", name=check.name,
                                            wanted=check.expected, found=check.found)  # fmt: skip
        self._told.setText(words)


def _key(check: Check) -> str:
    return f"{check.name}/{check.subject}"


def _of_chains(chains: tuple[Chain, ...]) -> Iterator[Check]:
    """The sum of it, and each run whose chain is not whole."""
    broken = [one for one in chains if not one.whole]
    wanted = tr("every chain unbroken and complete")
    found = tr("{n} of {all} chains are", n=len(chains) - len(broken), all=len(chains))
    result = CheckResult.FAILED if broken else CheckResult.PASSED
    yield Check(tr("journal"), tr("all runs"), result, wanted, found)
    for one in broken:
        yield Check(tr("journal"), one.run_id, CheckResult.FAILED, wanted, f"{one.run_id}: {one.words}")


def _of_tables(found: tuple[Difference, ...]) -> Iterator[Check]:
    wanted = tr("as the journal tells")
    differed = counted(len(found), "1 row was different, and is right", "{n} rows were different, and are right")
    result, told = (CheckResult.WARNED, differed) if found else (CheckResult.PASSED, tr("they were as it tells"))
    yield Check(tr("tables"), tr("all runs"), result, wanted, told)
    nothing = tr("not there")
    for one in found:
        subject = f"{one.table} {one.key}"
        right = f"{subject}: {one.told or nothing}"
        yield Check(tr("tables"), subject, CheckResult.WARNED, right, f"{subject}: {one.was or nothing}")


def _columns() -> tuple[Column[Check], ...]:
    return (
        Column(tr("Check"), lambda check: check.name, width=120),
        Column(tr("Result"), lambda check: check_word(check.result), tone=lambda check: check_tone(check.result),
               width=92),
        Column(tr("Found"), lambda check: check.found, width=370, least=170),
        Column(tr("Wanted"), lambda check: check.expected, width=470, least=170),
        Column(tr("Of"), lambda check: check.subject, width=200, hidden=True),
    )  # fmt: skip
