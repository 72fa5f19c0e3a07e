"""Rows are sorted, filtered, grouped, replaced and ticked."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from gui.models.table import Column, Rows


@dataclass(frozen=True)
class Server:
    name: str
    site: str
    hosts: int


_COLUMNS: tuple[Column[Server], ...] = (
    Column("Name", lambda one: one.name),
    Column("Site", lambda one: one.site),
    Column("Hosts", lambda one: str(one.hosts), lambda one: one.hosts, numeric=True),
)
_SERVERS = (Server("b", "hq", 10), Server("a", "branch", 9), Server("c", "hq", 100))


@pytest.fixture
def rows(qtbot: QtBot) -> Rows[Server]:
    made = Rows(None, _COLUMNS, lambda one: one.name)
    # Qt's own checks of what a model promises run along with every test.
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    made.set_rows(_SERVERS)
    return made


def _names(rows: Rows[Server]) -> str:
    return "".join(row.name for row in rows.shown_rows)


def test_rows_are_sorted_by_key_and_not_by_text(rows: Rows[Server]) -> None:
    rows.sort(2)
    assert _names(rows) == "abc"
    rows.sort(2, Qt.SortOrder.DescendingOrder)
    assert _names(rows) == "cba"
    rows.sort(-1)
    assert _names(rows) == "bac"


def test_every_word_of_a_filter_must_be_found(rows: Rows[Server]) -> None:
    rows.set_filter("HQ c")
    assert _names(rows) == "c"
    rows.set_filter("")
    assert _names(rows) == "bac"


def test_what_a_column_has_no_room_for_is_told_on_asking_and_found(qtbot: QtBot) -> None:
    whole: Column[Server] = Column("Site", lambda one: one.site[0], whole=lambda one: one.site)
    made = Rows(None, (_COLUMNS[0], whole), lambda one: one.name)
    made.set_rows(_SERVERS)
    place = made.index(1, 1)
    assert (made.data(place), made.data(place, Qt.ItemDataRole.ToolTipRole)) == ("b", "branch")
    made.set_filter("branch")
    assert _names(made) == "a"


def test_what_is_not_allowed_is_not_shown(rows: Rows[Server]) -> None:
    rows.allow(lambda one: one.site == "hq")
    assert _names(rows) == "bc"
    assert rows.is_filtered


def test_groups_have_headings_with_counts(rows: Rows[Server]) -> None:
    rows.group_by(lambda one: one.site)
    shown = [rows.data(rows.index(line, 0)) for line in range(rows.rowCount())]
    assert shown == ["branch  ·  1", "a", "hq  ·  2", "b", "c"]
    assert rows.heading_lines == (0, 2)
    assert rows.row_at(0) is None
    assert rows.shown_count == 3


def test_a_replaced_row_is_told_alone(rows: Rows[Server], qtbot: QtBot) -> None:
    with qtbot.waitSignal(rows.dataChanged) as told:
        rows.replace(replace(_SERVERS[1], hosts=11))
    assert told.args is not None
    assert [index.row() for index in told.args[:2]] == [1, 1]
    assert rows.data(rows.index(1, 2)) == "11"


def test_a_replaced_row_is_found_by_its_new_words(rows: Rows[Server]) -> None:
    rows.set_filter("branch")
    rows.replace(Server("b", "branch", 1))
    rows.again()
    assert _names(rows) == "ba"


def test_a_chosen_row_stays_chosen_when_rows_are_sorted(rows: Rows[Server]) -> None:
    from PySide6.QtCore import QPersistentModelIndex

    chosen = QPersistentModelIndex(rows.index(2, 0))
    rows.sort(2, Qt.SortOrder.DescendingOrder)
    assert rows.row_at(chosen.row()) == _SERVERS[2]
    rows.set_filter("a")
    assert not chosen.isValid()


def test_ticks_are_taken_off_and_set_again(rows: Rows[Server], qtbot: QtBot) -> None:
    rows.make_tickable()
    with qtbot.waitSignal(rows.ticked_changed):
        rows.setData(rows.index(0, 0), Qt.CheckState.Unchecked, int(Qt.ItemDataRole.CheckStateRole))
    assert rows.unticked == {"b"}
    rows.tick(("b", "a"), on=True)
    assert rows.unticked == set()


@given(
    st.lists(
        st.builds(Server, st.text("abc", min_size=1), st.sampled_from(["hq", "branch"]), st.integers(0, 99)),
        max_size=30,
    ),
    st.text("abhq ", max_size=4),
    st.integers(-1, 2),
)
@settings(max_examples=60, deadline=None)
def test_whatever_is_asked_shown_rows_are_those_a_plain_list_would_give(
    servers: list[Server], words: str, column: int
) -> None:
    servers = list({one.name: one for one in servers}.values())
    made = Rows(None, _COLUMNS, lambda one: one.name)
    made.set_rows(servers)
    made.set_filter(words)
    made.sort(column)
    wanted = [one for one in servers if all(word in f"{one.name}\n{one.site}\n{one.hosts}" for word in words.split())]
    if column >= 0:
        wanted.sort(key=lambda one: (one.name, one.site, one.hosts)[column])
    assert list(made.shown_rows) == wanted
