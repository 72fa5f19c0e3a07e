"""Puts hosts into waves: canaries first, partners never together, and nobody before those who must be done."""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.model.host import CRITICALITIES
from core.model.plan import PlanWarning
from core.model.policy import Policy
from core.planning.candidates import Candidate
from core.planning.ordering import Bonds, Refusal


@dataclass(frozen=True, slots=True)
class Order:
    """The waves by host, who has no place in them, and what is to be said about it."""

    canaries: tuple[str, ...]
    waves: tuple[tuple[str, ...], ...]
    refused: Mapping[str, Refusal]
    warnings: tuple[PlanWarning, ...]


def order_of(working: tuple[Candidate, ...], bonds: Bonds, policy: Policy) -> Order:
    refused, warnings = dict(bonds.refused), list(bonds.warnings)
    hosts = {one.name: one for one in working if one.name not in refused}
    firsts = {name: _among(hosts, bonds.before.get(name, ()), bonds.rather_before.get(name, ())) for name in hosts}
    apart = {name: set(_among(hosts, bonds.apart.get(name, ()))) for name in hosts}
    stuck = _stuck(firsts)
    if stuck:
        warnings += _without_preferences(stuck, firsts, bonds)
        stuck = _stuck(firsts)
    for name in stuck:
        refused[name] = _no_order(name, firsts)
    for name in _waiting_for(refused, bonds, hosts):
        refused.setdefault(name, Refusal("partner_behind", _waits(name, refused, bonds)))
    rest = {name: one for name, one in hosts.items() if name not in refused}
    canaries = _canaries(rest, firsts, apart, bonds, policy)
    waves = _Places(rest, firsts, apart, bonds, policy, frozenset(canaries)).waves()
    return Order(canaries, waves, refused, tuple(warnings))


def _among(hosts: Mapping[str, Candidate], *names: Iterable[str]) -> set[str]:
    return {name for some in names for name in some if name in hosts}


def _stuck(firsts: Mapping[str, set[str]]) -> list[str]:
    """Those in a circle of waiting, and those who wait for them."""
    open_for = {name: len(befores) for name, befores in firsts.items()}
    after: dict[str, list[str]] = {}
    for name, befores in firsts.items():
        for one in befores:
            after.setdefault(one, []).append(name)
    free = [name for name, count in open_for.items() if count == 0]
    while free:
        for name in after.get(free.pop(), ()):
            open_for[name] -= 1
            if open_for[name] == 0:
                free.append(name)
    return [name for name, count in open_for.items() if count > 0]


def _without_preferences(stuck: list[str], firsts: dict[str, set[str]], bonds: Bonds) -> list[PlanWarning]:
    """Replication that runs both ways has no first: there partners are only kept apart."""
    loosened = []
    for name in stuck:
        soft = (firsts[name] & bonds.rather_before.get(name, set()) & set(stuck)) - bonds.before.get(name, set())
        if soft:
            firsts[name] -= soft
            loosened.append(name)
    if not loosened:
        return []
    message = "replication or log shipping runs in a circle here; they are patched one at a time, in no certain order"
    return [PlanWarning("order_unclear", None, message, tuple(sorted(loosened)))]


def _no_order(name: str, firsts: Mapping[str, set[str]]) -> Refusal:
    others = ", ".join(sorted(firsts[name]))
    reason = f"{others} must be patched before it, and it before them: move the primary roles to one host, plan again"
    return Refusal("no_safe_order", reason)


def _waiting_for(refused: Mapping[str, Refusal], bonds: Bonds, hosts: Mapping[str, Candidate]) -> list[str]:
    """Whoever leads one that is refused has to wait, too; and so on up."""
    found: list[str] = []
    gone = set(refused)
    while True:
        more = [name for name in hosts if name not in gone and bonds.before.get(name, set()) & gone]
        if not more:
            return found
        found += more
        gone.update(more)


def _waits(name: str, refused: Mapping[str, Refusal], bonds: Bonds) -> str:
    others = sorted(bonds.before.get(name, set()) & set(refused))
    return f"{', '.join(others) or 'a partner'} must be patched before it, and is refused"


def _canaries(
    hosts: Mapping[str, Candidate],
    firsts: Mapping[str, set[str]],
    apart: Mapping[str, set[str]],
    bonds: Bonds,
    policy: Policy,
) -> tuple[str, ...]:
    """The least critical that wait for nobody, as many of a failure domain as may work at once, and no two partners."""
    tag, count = policy.canary_tag, policy.canary_hosts
    if tag is None and count == 0:
        return ()
    fit = [name for name, one in hosts.items() if not firsts[name] and (tag is None or tag in one.host.tags)]
    fit.sort(key=lambda name: _urgency(hosts[name], bonds))
    chosen: dict[str, str | None] = {}
    for name in fit:
        domain = hosts[name].host.failure_domain
        crowded = domain is not None and list(chosen.values()).count(domain) >= policy.pace.max_per_failure_domain
        if (not count or len(chosen) < count) and not crowded and not apart[name] & chosen.keys():
            chosen[name] = domain
    return tuple(chosen)


def _urgency(candidate: Candidate, bonds: Bonds) -> tuple[int, int]:
    return (CRITICALITIES.index(candidate.host.criticality), bonds.soft_rank.get(candidate.name, 0))


class _Places:
    """Gives each host the first wave that suits it."""

    def __init__(
        self,
        hosts: Mapping[str, Candidate],
        firsts: Mapping[str, set[str]],
        apart: Mapping[str, set[str]],
        bonds: Bonds,
        policy: Policy,
        canaries: frozenset[str],
    ) -> None:
        self._hosts = hosts
        self._firsts = {name: firsts[name] & hosts.keys() for name in hosts}
        self._apart = apart
        self._bonds = bonds
        self._most = policy.pace.max_per_failure_domain
        self._canaries = canaries
        self._wave: dict[str, int] = {}
        self._in_domain: dict[tuple[int, str], int] = {}

    def waves(self) -> tuple[tuple[str, ...], ...]:
        for name in self._in_order():
            self._place(name)
        filled: dict[int, list[str]] = {}
        for name, wave in self._wave.items():
            filled.setdefault(wave, []).append(name)
        return tuple(tuple(filled[wave]) for wave in sorted(filled))

    def _in_order(self) -> list[str]:
        """Those who must be done come first; among the others the canaries and the least critical."""
        waiting = {name: set(befores) for name, befores in self._firsts.items()}
        after: dict[str, list[str]] = {}
        for name, befores in waiting.items():
            for one in befores:
                after.setdefault(one, []).append(name)
        place = {name: index for index, name in enumerate(self._hosts)}

        def key(name: str) -> tuple[bool, tuple[int, int], int, str]:
            return (name not in self._canaries, _urgency(self._hosts[name], self._bonds), place[name], name)

        free = [key(name) for name, befores in waiting.items() if not befores]
        heapq.heapify(free)
        order: list[str] = []
        while free:
            name = heapq.heappop(free)[-1]
            order.append(name)
            for other in after.get(name, ()):
                waiting[other].discard(name)
                if not waiting[other]:
                    heapq.heappush(free, key(other))
        return order

    def _place(self, name: str) -> None:
        is_late = bool(self._canaries) and name not in self._canaries
        wave = max((self._wave[one] + 1 for one in self._firsts[name]), default=0)
        wave = max(wave, 1 if is_late else 0)
        taken = {self._wave[one] for one in self._apart[name] if one in self._wave}
        domain = self._hosts[name].host.failure_domain
        while wave in taken or (domain and self._in_domain.get((wave, domain), 0) >= self._most):
            wave += 1
        self._wave[name] = wave
        if domain:
            self._in_domain[(wave, domain)] = self._in_domain.get((wave, domain), 0) + 1
