"""The applications of an imaginary host, and what somebody else installs on it."""

from collections.abc import Iterable


class Programs:
    """Each is a service and a process of the same name. They start with the host."""

    def __init__(self, names: Iterable[str]) -> None:
        self._running = dict.fromkeys(names, True)
        self.other_installer: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self._running)

    def find(self, name: str) -> str | None:
        """As Windows compares names."""
        return next((one for one in self._running if one.casefold() == name.casefold()), None)

    def runs(self, name: str) -> bool:
        return self._running.get(name, False)

    def set(self, name: str, running: bool) -> None:
        self._running[name] = running

    def start_all(self) -> None:
        self._running = dict.fromkeys(self._running, True)

    def break_down(self) -> None:
        """The first one ends and does not come back."""
        for name in self.names[:1]:
            self._running[name] = False

    def end_installer(self) -> None:
        self.other_installer = None
