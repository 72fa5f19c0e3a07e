"""From working threads to the window: a queue that the event loop drains in small bites, however much comes."""

from collections import deque
from collections.abc import Callable
from time import perf_counter
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

Item = TypeVar("Item")

_TURN_MS = 25
_BUDGET_SECONDS = 0.004


class Bridge(QObject, Generic[Item]):
    """Takes items from any thread and hands them over in the window's own, in their order."""

    def __init__(self, parent: QObject, take: Callable[[Item], None], settled: Callable[[], bool | None]) -> None:
        """After each bite "settled" shows what has gathered; if it says that there is more, it gets another turn."""
        super().__init__(parent)
        self._queue: deque[Item] = deque()
        self._take = take
        self._settled = settled
        self._unsettled: bool | None = False
        self._timer = QTimer(self)
        self._timer.setInterval(_TURN_MS)
        self._timer.timeout.connect(self.drain)

    def put(self, item: Item) -> None:
        """From any thread."""
        self._queue.append(item)

    def open(self) -> None:
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        self._queue.clear()

    @property
    def waiting(self) -> int:
        return len(self._queue)

    def drain(self) -> None:
        if not self._queue and not self._unsettled:
            return
        until = perf_counter() + _BUDGET_SECONDS
        while self._queue:
            self._take(self._queue.popleft())
            if perf_counter() >= until:
                break
        self._unsettled = self._settled()
