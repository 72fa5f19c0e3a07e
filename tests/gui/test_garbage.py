"""What nobody refers to any more goes in the window's own thread, and in no other."""

import gc
import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.garbage import Sweeper


class _Knot:
    """Refers to itself, so that only a collection ends it; remembers in which thread that was."""

    ended_in: list[int] = []  # noqa: RUF012 - that is what it is for

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        _Knot.ended_in.append(threading.get_ident())


def test_a_worker_that_allocates_collects_nothing(qtbot: QtBot) -> None:
    parent = QObject()
    sweeper = Sweeper(parent)
    _Knot.ended_in.clear()
    _Knot()
    worker = threading.Thread(target=lambda: [[] for _ in range(200_000)])
    worker.start()
    worker.join()
    assert _Knot.ended_in == []
    heap = [[] for _ in range(2000)]  # type: ignore[var-annotated]
    assert sweeper.sweep() is not None
    assert heap
    assert gc.isenabled() is False
    gc.collect()
    assert _Knot.ended_in == [threading.get_ident()]


def test_what_has_outlived_a_sweep_is_not_gone_through_each_time(qtbot: QtBot) -> None:
    sweeper = Sweeper(QObject())
    gc.unfreeze()
    story = [[number] for number in range(50_000)]
    for _ in range(gc.get_threshold()[2] + 2):
        gc.collect(1)
    assert sweeper.sweep() == 2
    assert gc.get_freeze_count() > len(story)
    gc.unfreeze()
