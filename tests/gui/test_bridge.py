"""The bridge hands everything over, in its order, in bites that leave the window its turn."""

import threading

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.bridge import Bridge
from tests.gui.driving import until


def test_what_many_threads_put_arrives_whole_and_each_threads_in_its_order(qtbot: QtBot) -> None:
    arrived: list[tuple[int, int]] = []
    parent = QObject()
    bridge = Bridge[tuple[int, int]](parent, arrived.append, lambda: None)
    bridge.open()

    def put(number: int) -> None:
        for one in range(1000):
            bridge.put((number, one))

    threads = [threading.Thread(target=put, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    until(qtbot, lambda: len(arrived) == 4000)
    for number in range(4):
        assert [one for of, one in arrived if of == number] == list(range(1000))
    bridge.close()


def test_one_bite_leaves_the_rest_for_the_next_turn(qtbot: QtBot) -> None:
    taken: list[int] = []
    settled: list[int] = []

    def slow(item: int) -> None:
        taken.append(item)
        threading.Event().wait(0.004)

    parent = QObject()
    bridge = Bridge[int](parent, slow, lambda: settled.append(len(taken)))
    for number in range(50):
        bridge.put(number)
    bridge.drain()
    assert 0 < len(taken) < 50
    assert bridge.waiting == 50 - len(taken)
    assert settled == [len(taken)]


def test_a_closed_bridge_forgets_what_waited(qtbot: QtBot) -> None:
    parent = QObject()
    bridge = Bridge[int](parent, lambda _: None, lambda: None)
    bridge.put(1)
    bridge.close()
    assert bridge.waiting == 0
