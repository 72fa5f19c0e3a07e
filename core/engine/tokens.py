"""What only so many hosts of a run may do at once."""

import threading
from collections.abc import Callable, Mapping

from core.engine.effects import Token
from core.ports import Stop

_LOOK_SECONDS = 0.25


class Purse:
    """Who holds how many of each token. A token that no number is given for is free.

    Kept: what hosts of a run that is taken up again may still be doing. It is theirs before anybody begins anew.
    """

    def __init__(self, numbers: Mapping[Token, int], kept: Mapping[Token, frozenset[str]] | None = None) -> None:
        self._numbers = dict(numbers)
        self._holders: dict[Token, set[str]] = {token: set((kept or {}).get(token, ())) for token in numbers}

    def take(self, token: Token, host: str) -> bool:
        """Whether the host has it now."""
        if token not in self._numbers:
            return True
        holders = self._holders[token]
        if host not in holders and len(holders) >= self._numbers[token]:
            return False
        holders.add(host)
        return True

    def give(self, token: Token, host: str) -> None:
        self._holders.get(token, set()).discard(host)

    def give_all(self, host: str) -> None:
        for holders in self._holders.values():
            holders.discard(host)


class Tokens:
    """The purse of a run, across the threads of its pool."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse
        self._changed = threading.Condition()

    def take(self, token: Token, host: str, stop: Stop, waiting: Callable[[], None]) -> bool:
        """Whether it was got: not when the stop flag was raised before one was free."""
        with self._changed:
            if self._purse.take(token, host):
                return True
        waiting()
        with self._changed:
            while not stop.is_set():
                if self._purse.take(token, host):
                    return True
                self._changed.wait(_LOOK_SECONDS)
        return False

    def give(self, token: Token, host: str) -> None:
        with self._changed:
            self._purse.give(token, host)
            self._changed.notify_all()

    def give_all(self, host: str) -> None:
        """Whatever the host still has: its walk is over."""
        with self._changed:
            self._purse.give_all(host)
            self._changed.notify_all()
