"""The fleet: a grid of all hosts in scope, and the sheet of the one that was opened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton, QStackedWidget, QWidget

from core.app.history import compliance
from core.app.target_editing import Book, open_book
from core.model.compliance import Compliance, ComplianceState
from gui.desk import Desk, Errand, Page, Room
from gui.dialogs.connection import ConnectionTest
from gui.dialogs.credential import CredentialDialog
from gui.dialogs.import_targets import ImportTargets
from gui.dialogs.target import TargetDialog
from gui.jobs import Job, Trouble
from gui.language import counted, tr
from gui.looking import Looking
from gui.models.table import Rows
from gui.pages.fleet.asset import AssetSheet
from gui.pages.fleet.lines import FleetLine, columns
from gui.times import lately
from gui.widgets.allowing import allow
from gui.widgets.choice import ChoiceBox
from gui.widgets.elided import Elided
from gui.widgets.grid import Grid
from gui.widgets.keyboard import give_keyboard
from gui.widgets.states import States
from gui.widgets.sweep_bar import SweepBar
from gui.widgets.terse import Terse
from gui.widgets.text import across, boxed, button, down, label
from gui.words import compliance_word

MAX_AGE = timedelta(days=30)

_Grouping = Callable[[FleetLine], str]


class FleetPage(Page):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._standings: dict[str, Compliance] = {}
        self._state: ComplianceState | None = None
        self._judging = Looking(self._begin_to_judge)
        self.rows: Rows[FleetLine] = Rows(self, columns(), lambda line: line.host.name, lambda line: line.words)
        self.grid = Grid(tr("Hosts"), self.rows)
        self.filter = QLineEdit(placeholderText=tr("Filter  (Ctrl+F)"), clearButtonEnabled=True)
        self.filter.setAccessibleName(tr("Filter the hosts"))
        self.filter.textChanged.connect(self.rows.set_filter)
        self.grouping = ChoiceBox()
        self.grouping.setAccessibleName(tr("Group the hosts"))
        self.grouping.view().setAccessibleName(tr("Group the hosts"))
        self._groupings = _groupings()
        self.grouping.addItems(list(self._groupings))
        self.grouping.currentTextChanged.connect(lambda name: self.rows.group_by(self._groupings[name]))
        self.count = label("", "muted")
        self.any_state = button("", lambda: self.show_state(None), "link")
        self.any_state.setAccessibleName(tr("Show hosts of every state"))
        self.states = States(self.grid)
        self.sheet = AssetSheet(desk, self.close_sheet, self.edit, self.test)
        self._stack = QStackedWidget()
        self._stack.addWidget(boxed(down(self._head(), self._tools(), self.states)))
        self._stack.addWidget(self.sheet)
        self.setLayout(down(self._stack))
        self._listen()
        kept = desk.settings.value(self._columns_key)
        if isinstance(kept, QByteArray):
            self.grid.arrange(kept, by_hand=str(desk.settings.value(f"{self._columns_key}/by_hand")) == "1")
        grouped = self.grouping.findText(str(desk.settings.value("fleet/grouping")))
        self.grouping.setCurrentIndex(max(0, grouped))
        self.show_state(None)
        self._show_hosts()

    def _head(self) -> QWidget:
        onward = tr("Takes the chosen hosts to the patch cycle")
        self.patch = button(tr("Patch the chosen…"), self._patch, "primary", onward)
        add = button(tr("Add a target…"), lambda: self.edit(None))
        take_in = button(
            tr("Import…"), self._choose_list, hint=tr('A CSV with a column "server", or AutoDBAudit\'s database')
        )
        secret = button(tr("Credential…"), self.put_credential, hint=tr("Puts an account into this computer's vault"))
        self.assess = SweepBar(self.desk)
        title = Elided("", "title")
        row = Terse(title, self.count, None, self.assess, self.patch, add, take_in, secret)
        # The rail says where one is, too.
        row.say(title, tr("Fleet"), "")
        row.shorten({self.patch: tr("Patch…")})
        return boxed(row)

    def _tools(self) -> QWidget:
        columns_button = QPushButton(tr("Columns"))
        columns_button.setAccessibleName(tr("Columns"))
        columns_button.setMenu(self.grid.columns_menu())
        by = label(tr("Group by"), "muted")
        return boxed(across(self.filter, self.any_state, by, self.grouping, columns_button))

    def _listen(self) -> None:
        desk = self.desk
        self.grid.opened.connect(lambda line: self.open_sheet(line.host.name))
        self.rows.shown_changed.connect(self._show_count)
        self.rows.shown_changed.connect(self._allow_patch)
        self.grid.selectionModel().selectionChanged.connect(lambda _now, _before: self._allow_patch())
        desk.targets_changed.connect(self._show_hosts)
        desk.scope_changed.connect(self._show_hosts)
        desk.facts_changed.connect(self._judge)
        desk.run_ended.connect(lambda _run: self._judge())

    # Coming and going

    def enter(self, errand: Errand) -> None:
        if errand.host is not None:
            self.open_sheet(errand.host)
            return
        if errand.search is not None or errand.state is not None:
            self.close_sheet()
            self.filter.setText(errand.search or "")
            self.show_state(errand.state)
        if self._stack.currentIndex() == 0:
            give_keyboard(self.states)
        else:
            # Much may have been done to the host since its sheet was filled.
            give_keyboard(self.sheet)
            self.sheet.look()

    def again(self) -> None:
        self._judge()
        if self._stack.currentIndex() == 1:
            self.sheet.look()

    def focus_filter(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Esc", tr("From a host's sheet back to all hosts")),)

    def end(self) -> None:
        self.desk.settings.setValue("fleet/grouping", self.grouping.currentText())
        self.desk.settings.setValue(self._columns_key, self.grid.arrangement)
        self.desk.settings.setValue(f"{self._columns_key}/by_hand", int(self.grid.is_drawn_by_hand))

    @property
    def _columns_key(self) -> str:
        return f"fleet/columns/{len(self.rows.columns)}"

    def open_sheet(self, host: str) -> None:
        self.sheet.show_host(host)
        self._stack.setCurrentIndex(1)
        give_keyboard(self.sheet)

    def close_sheet(self) -> None:
        self._stack.setCurrentIndex(0)
        give_keyboard(self.states)

    # What is shown

    def show_state(self, state: ComplianceState | None) -> None:
        self._state = state
        self.rows.allow(None if state is None else lambda line: line.state is state)
        self.any_state.setVisible(state is not None)
        if state is not None:
            self.any_state.setText(tr("Only {state}  ✕", state=compliance_word(state)))

    def _show_hosts(self) -> None:
        shown = self.desk.hosts_in_scope
        self.rows.set_rows(FleetLine(host, self._standings.get(host.name)) for host in shown)
        if shown:
            self.states.show_content()
            self._judge()
            return
        words = tr("Import a list of servers, or add the first one by hand.")
        first = (tr("Import…"), self._choose_list), (tr("Add a target…"), lambda: self.edit(None))
        if self.desk.inventory_trouble is not None:
            ways = (self.desk.look_again, (tr("To the settings"), self.desk.to_settings))
            self.states.show_trouble(self.desk.inventory_trouble, *ways)
        elif self.desk.hosts:
            self.states.show_empty(tr("No host is in this scope"), tr("Choose another scope at the top."))
        else:
            self.states.show_empty(tr("No servers yet"), words, *first)

    def _judge(self) -> None:
        if self.desk.hosts_in_scope:
            self._judging.ask()

    def _begin_to_judge(self) -> Job[tuple[Compliance, ...]]:
        workspace, scope = self.desk.workspace, self.desk.scope
        return self.desk.jobs.start(
            tr("Judging the fleet"),
            lambda _: compliance(workspace, scope, MAX_AGE, lately),
            self._judged,
            self._not_judged,
        )

    def _judged(self, found: tuple[Compliance, ...]) -> None:
        self._standings |= {one.host: one for one in found}
        self.rows.set_rows(FleetLine(host, self._standings.get(host.name)) for host in self.desk.hosts_in_scope)

    def _not_judged(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self._show_hosts)

    def _show_count(self) -> None:
        shown, there = self.rows.shown_count, len(self.rows.all_rows)
        words = counted(there, "1 host", "{n} hosts")
        self.count.setText(words if shown == there else tr("{shown} of {all}", shown=shown, all=words))

    # What is done

    def _patch(self) -> None:
        self.desk.go(Room.CYCLE, Errand(hosts=tuple(line.host.name for line in self.grid.selected)))

    def _allow_patch(self) -> None:
        anybody = self.grid.selectionModel().hasSelection()
        allow(
            self.patch, "" if anybody else tr("Choose hosts in the table first: by clicks, or by Shift and the arrows.")
        )

    def edit(self, host: str | None) -> None:
        """Opens the dialog on the host's target, or on a new one."""
        workspace = self.desk.workspace
        self.desk.jobs.start(
            tr("Reading the targets"), lambda _: open_book(workspace), lambda book: self._edit(book, host), self._say
        )

    def _edit(self, book: Book, host: str | None) -> None:
        TargetDialog(self.desk, book, host, self).open()

    def test(self, host: str) -> None:
        known = next((one for one in self.desk.hosts if one.name == host), None)
        if known is not None:
            ConnectionTest(self.desk, known, self).open()

    def put_credential(self) -> None:
        CredentialDialog(self.desk, "", self).open()

    def _choose_list(self) -> None:
        kinds = tr("Lists of servers (*.csv *.txt *.db *.sqlite);;All files (*)")
        name, _ = QFileDialog.getOpenFileName(self, tr("Import targets"), "", kinds)
        if name:
            self.take_in(Path(name))

    def take_in(self, source: Path) -> None:
        ImportTargets(self.desk, source, self).open()

    def _say(self, trouble: Trouble) -> None:
        self.states.show_trouble(trouble, self._show_hosts)


def _groupings() -> dict[str, _Grouping | None]:
    return {
        tr("nothing"): None,
        tr("state"): lambda line: line.state_word,
        tr("Windows"): lambda line: line.system,
        tr("tenant"): lambda line: line.host.place.tenant,
        tr("client"): lambda line: line.host.place.client,
        tr("site"): lambda line: line.host.place.site,
        tr("group of servers"): lambda line: line.host.group or "",
    }
