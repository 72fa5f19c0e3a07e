"""The search: hosts, KBs and runs, offered as one types; Enter goes to what fits best."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from core.app.runs import RunLine
from core.app.workspace import Workspace
from core.model.host import Host, Place, Remoting
from core.model.outcome import Outcome
from core.model.state import TargetState
from gui.desk import Desk, Errand, Room
from gui.widgets.finding import best_of, found_in
from gui.widgets.search import Search
from tests.gui.driving import LIMIT_MS, press, type_into, until
from tests.samples import AT

_REMOTING = Remoting("https", 5986, "kerberos", None, None)
_HOSTS = tuple(
    Host(name, f"10.0.0.{number}", _REMOTING, place=Place("acme", "retail", site), tags=("env=prod",))
    for number, (name, site) in enumerate((("SQL-HQ-01", "hq"), ("SQL-HQ-02", "hq"), ("BR-SQL-HQ", "branch")))
)


def _run(number: int, change: str, host: str, *kbs: str) -> RunLine:
    states = ((TargetState.SUCCESS, 1),)
    return RunLine(f"0{number}9ca000-run", "plan", "d" * 64, "olga", change, AT - timedelta(days=number), AT,
                   Outcome.SUCCEEDED, False, states, frozenset({host}), frozenset(kbs))  # fmt: skip


_RUNS = (_run(1, "CHG-77", "SQL-HQ-01", "5054833"), _run(2, "CHG-78", "SQL-HQ-02", "5054833", "5044281"))


def _found(text: str) -> list[tuple[Room, Errand]]:
    return [(one.room, one.errand) for one in found_in(text, _HOSTS, _RUNS)]


def test_a_host_is_found_by_its_name_first_and_by_what_else_it_is_called() -> None:
    assert [errand.host for _, errand in _found("sql-hq")] == ["SQL-HQ-01", "SQL-HQ-02", "BR-SQL-HQ"]
    assert [errand.host for _, errand in _found("10.0.0.2")] == ["BR-SQL-HQ"]
    assert {errand.host for _, errand in _found("env=prod")} == {host.name for host in _HOSTS}


def test_a_kb_leads_to_the_hosts_that_wait_for_it_and_to_the_runs_that_had_it() -> None:
    for asked in ("KB5054833", "5054833"):
        fleet, runs = _found(asked)
        assert fleet == (Room.FLEET, Errand(search="5054833"))
        assert runs == (Room.RUNS, Errand(search="KB5054833"))
    assert "in 2 runs" in found_in("KB5054833", _HOSTS, _RUNS)[1].words


def test_who_writes_kb_need_not_write_the_number_to_its_end() -> None:
    assert [one.errand.search for one in found_in("kb50", _HOSTS, _RUNS)] == ["50", "KB5044281", "KB5054833"]
    assert [one for one in found_in("50", _HOSTS, _RUNS) if one.errand.search] == []


def test_a_run_is_found_by_id_change_operator_and_host() -> None:
    first, second = (run.run_id for run in _RUNS)
    assert _found("019ca") == [(Room.RUNS, Errand(run=first))]
    assert _found("run 029ca") == [(Room.RUNS, Errand(run=second))]
    assert _found("chg-78") == [(Room.RUNS, Errand(run=second))]
    assert [errand.run for _, errand in _found("olga")] == [first, second]
    assert (Room.RUNS, Errand(run=first)) in _found("sql-hq-01")


def test_enter_goes_to_what_is_named_so_else_to_all_that_has_to_do_with_it() -> None:
    assert best_of("sql-hq-01", _HOSTS, _RUNS).errand == Errand(host="SQL-HQ-01")
    assert best_of("chg-78", _HOSTS, _RUNS).errand == Errand(run=_RUNS[1].run_id)
    assert best_of("olga", _HOSTS, _RUNS).room is Room.RUNS
    assert best_of("hq", _HOSTS, _RUNS) == best_of("hq", _HOSTS, ())
    assert best_of("nobody", _HOSTS, _RUNS).room is Room.FLEET


def test_what_is_typed_is_offered_and_chosen_by_keys_alone(
    workspace: Workspace, settings: QSettings, dressed: QApplication, qtbot: QtBot
) -> None:
    desk = Desk(workspace, practice=False, settings=settings)
    desk.set_hosts(_HOSTS)
    desk.set_runs(_RUNS)
    search = Search(desk)
    qtbot.addWidget(search)
    with qtbot.waitActive(search, timeout=LIMIT_MS):
        search.show()
        search.activateWindow()
    search.setFocus()
    type_into(search, "sql-hq")
    assert [one.errand.host for one in search.offers.found][:2] == ["SQL-HQ-01", "SQL-HQ-02"]
    until(qtbot, search.offers.list.isVisible)
    press(search.offers.list, Qt.Key.Key_Down)
    press(search.offers.list, Qt.Key.Key_Down)
    with qtbot.waitSignal(desk.sent, timeout=LIMIT_MS) as sent:
        press(search.offers.list, Qt.Key.Key_Return)
    assert sent.args == [Room.FLEET, Errand(host="SQL-HQ-02")]
    assert search.text() == "sql-hq", "what was typed is gone"
