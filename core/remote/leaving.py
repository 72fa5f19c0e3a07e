"""Waits for what knows no stop flag (an address, a connection, a login), and leaves it once the flag is raised."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent import futures
from typing import TypeVar

from core.model.failure import Cause, Failure
from core.ports import Stop

T = TypeVar("T")

LOOK_SECONDS = 0.25
# What is on its way when the flag is raised may still come, so that a host that is well is left in good order.
_GRACE_SECONDS = 4


class StoppedError(Exception):
    """The stop flag was raised. No kind of OSError: nobody on the way up takes it for trouble of the line."""


def left(what: str) -> Failure:
    return Failure(Cause.CANCELLED, f"{what} was not waited for any longer")


class Waiting:
    """Counts the time of one wait, which the flag makes short."""

    def __init__(self, stop: Stop, patience: float | None) -> None:
        self._stop = stop
        self._until = float("inf") if patience is None else time.monotonic() + patience
        self._given_up: float | None = None

    def turn(self, happened: bool) -> None:
        """Goes on, or raises: TimeoutError as the socket itself would, StoppedError once the grace is over."""
        if happened:
            return
        now = time.monotonic()
        if self._stop.is_set():
            self._given_up = self._given_up or now + _GRACE_SECONDS
            if now >= self._given_up:
                raise StoppedError
        if now >= self._until:
            raise TimeoutError("timed out")


def unless_stopped(work: Callable[[], T], stop: Stop, too_late: Callable[[T], object] = lambda _: None) -> T:
    """What the work gives, which has a limit of its own. What comes after it was left is handed to `too_late`."""
    coming: futures.Future[T] = futures.Future()
    threading.Thread(target=_fulfil, args=(coming, work), name="left-when-stopped", daemon=True).start()
    waiting = Waiting(stop, None)
    try:
        while not coming.done():
            waiting.turn(bool(futures.wait((coming,), LOOK_SECONDS).done))
        return coming.result()
    except StoppedError:
        coming.add_done_callback(lambda done: None if done.exception() else too_late(done.result()))
        raise
    finally:
        # An error that came holds this frame, and would be held by it.
        del coming


def _fulfil(coming: futures.Future[T], work: Callable[[], T]) -> None:
    try:
        result = work()
    except BaseException as trouble:
        coming.set_exception(trouble)
    else:
        coming.set_result(result)
