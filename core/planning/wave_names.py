"""What each wave is, in words: which hosts come in it, and why not earlier."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from core.planning.candidates import Candidate
from core.planning.groups import Circle
from core.planning.ordering import Bonds
from core.planning.waves import Order

# More names than these are counted.
_MOST_NAMES = 3


def wave_names(order: Order, bonds: Bonds, circles: Iterable[Circle], hosts: Mapping[str, Candidate]) -> list[str]:
    """Of the canaries, of the first wave behind them, and of what has to wait for the wave before."""
    groups: dict[str, list[Circle]] = {name: [] for wave in order.waves for name in wave}
    for circle in circles:
        for name in circle.hosts:
            groups.setdefault(name, []).append(circle)
    names = ["canary"] if order.canaries else []
    behind = order.waves[len(names) :]
    if len(behind) == 1:
        return [*names, "all others" if names else "all hosts"]
    if behind:
        names.append("all that need not wait")
    for before, wave in pairwise(behind):
        names.append(_waiting(wave, before, bonds, groups, hosts))
    return names


def _waiting(
    wave: tuple[str, ...],
    before: tuple[str, ...],
    bonds: Bonds,
    groups: Mapping[str, list[Circle]],
    hosts: Mapping[str, Candidate],
) -> str:
    """A host comes as early as it may: something in the wave before kept it from there."""
    shared: list[str] = []
    others: list[str] = []
    domains: list[str] = []
    for name in wave:
        partners = bonds.apart.get(name, set()) & set(before)
        found = [one for one in groups[name] if any(one in groups[partner] for partner in partners)]
        shared += _named(found)
        if partners and not found:
            others += sorted(partners)
        domain = hosts[name].host.failure_domain
        if not partners and domain is not None:
            domains.append(domain)
    return ", ".join(_told(shared, others, domains)) or "all that had to wait"


def _named(circles: list[Circle]) -> list[str]:
    """Nobody asks for the cluster below an availability group."""
    return [one.name for one in circles if one.kind != "cluster"] or [one.name for one in circles]


def _told(groups: list[str], partners: list[str], domains: list[str]) -> Iterator[str]:
    if groups:
        yield f"their partners in {_listed(groups)}"
    if partners:
        yield f"partners of {_listed(partners)}"
    if domains:
        yield f"the next of failure domain {_listed(domains)}"


def _listed(names: list[str]) -> str:
    told = list(dict.fromkeys(names))
    shown, more = told[:_MOST_NAMES], len(told) - _MOST_NAMES
    return ", ".join(shown) if more <= 0 else f"{', '.join(shown)} and {more} more"
