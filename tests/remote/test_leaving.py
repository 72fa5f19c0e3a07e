"""What cannot be interrupted is waited for as long as the flag is down; what comes later is put away."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest

from core.remote import leaving
from core.remote.leaving import StoppedError, unless_stopped

_LIMIT_SECONDS = 10


def test_what_the_work_gives_is_given_on() -> None:
    assert unless_stopped(lambda: 7, Event(), lambda _: None) == 7


def test_what_the_work_raises_is_raised() -> None:
    def work() -> int:
        raise TimeoutError("its own limit")

    with pytest.raises(TimeoutError, match="its own limit"):
        unless_stopped(work, Event(), lambda _: None)


def test_what_comes_soon_after_the_flag_is_still_taken() -> None:
    stop = Event()
    stop.set()
    assert unless_stopped(lambda: 7, stop, lambda _: None) == 7


class _Slow:
    """Work that ends when it is let, in a thread that can be waited for."""

    def __init__(self) -> None:
        self.begun, self.gate = Event(), Event()
        self.thread: Thread | None = None

    def __call__(self) -> int:
        self.thread = threading.current_thread()
        self.begun.set()
        assert self.gate.wait(_LIMIT_SECONDS)
        return 7

    def end(self) -> None:
        self.gate.set()
        assert self.thread is not None
        self.thread.join(_LIMIT_SECONDS)
        assert not self.thread.is_alive()


def _leave(slow: _Slow, work: Callable[[], int], too_late: Callable[[int], object]) -> None:
    stop = Event()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(unless_stopped, work, stop, too_late)
        assert slow.begun.wait(_LIMIT_SECONDS)
        stop.set()
        with pytest.raises(StoppedError):
            waiting.result(_LIMIT_SECONDS)
    slow.end()


def test_what_comes_after_it_was_left_is_put_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    slow = _Slow()
    put_away: list[int] = []
    _leave(slow, slow, put_away.append)
    assert put_away == [7]


def test_an_error_that_comes_after_it_was_left_troubles_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "_GRACE_SECONDS", 0)
    slow = _Slow()

    def fail() -> int:
        raise OSError(f"too late by {slow()}")

    put_away: list[int] = []
    _leave(slow, fail, put_away.append)
    assert put_away == []
