"""Finds the host that another host means: servers call each other by short names, full names or their own."""

from collections.abc import Iterable

from core.model.facts import Facts
from core.model.ids import folded


class Directory:
    """All hosts by the names they go by. A name that two hosts share means neither."""

    def __init__(self, known: Iterable[tuple[str, Facts]]) -> None:
        self._by_name: dict[str, str | None] = {}
        for host, facts in known:
            for name in {folded(host), _short(host), folded(facts.computer_name)}:
                self._by_name[name] = host if self._by_name.get(name, host) == host else None
        self._by_name |= {folded(host): host for host in set(self._by_name.values()) if host is not None}

    def find(self, name: str) -> str | None:
        key = folded(name)
        return self._by_name[key] if key in self._by_name else self._by_name.get(_short(name))


def _short(name: str) -> str:
    return folded(name).split(".", 1)[0]
