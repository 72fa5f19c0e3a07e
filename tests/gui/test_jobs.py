"""Work goes on beside the window, and its end arrives in the window's own thread."""

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from core.model.fault import Fault, RefusedError
from gui.jobs import Jobs, Trouble
from tests.gui.driving import until


@pytest.fixture
def owner(qtbot: QtBot) -> Iterator[QObject]:
    yield QObject()


def _never(_: object) -> None:
    raise AssertionError("this was not to be called")


def test_the_result_arrives_in_the_windows_thread(qtbot: QtBot, owner: QObject) -> None:
    jobs, seen = Jobs(owner), list[tuple[str, int]]()
    here = threading.get_ident()
    jobs.start(
        "adding",
        lambda _: f"{threading.get_ident() == here}",
        lambda one: seen.append((one, threading.get_ident())),
        _never,
    )
    assert [job.what for job in jobs.going] == ["adding"]
    until(qtbot, lambda: bool(seen))
    assert seen == [("False", here)]
    assert jobs.going == ()


def test_a_refusal_arrives_with_all_its_faults(qtbot: QtBot, owner: QObject) -> None:
    jobs, seen = Jobs(owner), list[Trouble]()

    def refuse(_: threading.Event) -> None:
        raise RefusedError((Fault("a.json", "x", "one thing"), Fault("b.json", "y", "another")))

    jobs.start("asking", refuse, _never, seen.append)
    until(qtbot, lambda: bool(seen))
    assert seen[0].lines == ("a.json: one thing", "b.json: another")


def test_a_bug_is_told_as_a_bug_with_its_place(qtbot: QtBot, owner: QObject) -> None:
    jobs, seen = Jobs(owner), list[Trouble]()

    def stumble(_: threading.Event) -> None:
        raise ZeroDivisionError("no way")

    jobs.start("dividing", stumble, _never, seen.append)
    until(qtbot, lambda: bool(seen))
    assert "fault of Drydock" in seen[0].title
    assert "ZeroDivisionError: no way" in seen[0].text
    assert "stumble" in seen[0].text


def test_a_stopped_job_is_let_go_of_at_once_and_its_result_is_dropped(qtbot: QtBot, owner: QObject) -> None:
    jobs = Jobs(owner)
    let_go, ended = threading.Event(), threading.Event()

    def hang(stopping: threading.Event) -> str:
        let_go.wait()
        assert stopping.is_set()
        ended.set()
        return "too late"

    job = jobs.start("hanging", hang, _never, _never)
    job.stop()
    assert jobs.going == ()
    let_go.set()
    until(qtbot, ended.is_set)
