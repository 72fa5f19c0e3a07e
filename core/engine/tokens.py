"""What only so many hosts of a run may do at once, across the threads of its pool."""

import threading
from collections.abc import Callable, Mapping

from core.engine.effects import Token
from core.ports import Stop

_LOOK_SECONDS = 0.25


class Tokens:
    """A number of each token. A token that no number is given for is free."""

    def __init__(self, numbers: Mapping[Token, int]) -> None:
        self._left = {token: threading.BoundedSemaphore(number) for token, number in numbers.items()}

    def take(self, token: Token, stop: Stop, waiting: Callable[[], None]) -> bool:
        """Whether it was got: not when the stop flag was raised before one was free."""
        left = self._left.get(token)
        if left is None or left.acquire(blocking=False):
            return True
        waiting()
        while not left.acquire(timeout=_LOOK_SECONDS):
            if stop.is_set():
                return False
        return True

    def give(self, token: Token) -> None:
        if token in self._left:
            self._left[token].release()
