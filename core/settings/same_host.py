"""Targets held against each other: what is said twice, said differently, or said of one host under two names."""

import ipaddress
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

from core.model.fault import Fault
from core.model.host import RemotingAuth, Transport
from core.model.ids import folded
from core.settings.audit_config import RemotingSection, remoting_contradictions
from core.settings.targets import Target

# A target with its place in the file.
Placed = tuple[str, Target]

# What is true of a host, whatever instance a target is about.
_OF_THE_HOST = ("tenant", "client", "site", "os", "group", "failure_domain", "criticality", "os_credential_ref")


def faults_among(targets: Sequence[Placed], remoting: RemotingSection | None) -> Iterator[Fault]:
    enabled = [one for one in targets if one[1].enabled]
    yield from _repeated(targets, lambda one: folded(one.id), "id", "repeated_id", _say_id)
    yield from _repeated(enabled, _instance_key, "instance", "repeated_instance", _say_instance)
    yield from _told_differently(enabled)
    yield from _one_address(enabled, remoting or RemotingSection())
    yield from _short_and_long(enabled)
    if remoting is not None:
        yield from _remoting(enabled, remoting)


def _repeated(
    targets: Sequence[Placed],
    key: Callable[[Target], Hashable],
    field: str,
    code: str,
    say: Callable[[Target, str], str],
) -> Iterator[Fault]:
    first: dict[Hashable, str] = {}
    for place, target in targets:
        what = key(target)
        if what in first:
            found = str(getattr(target, field) or target.server)
            yield Fault(f"{place}.{field}", code, say(target, first[what]), found=found)
        else:
            first[what] = place


def _say_id(target: Target, first: str) -> str:
    return f'"{target.id}" is the id of {_short(first)}, too; rename one'


def _say_instance(target: Target, first: str) -> str:
    what = target.server if target.sql_instance is None else f"{target.server}\\{target.sql_instance}"
    return f"{what} is {_short(first)} already; remove one of them"


def _instance_key(target: Target) -> Hashable:
    return target.host_key, None if target.sql_instance is None else folded(target.sql_instance)


def _told_differently(targets: Sequence[Placed]) -> Iterator[Fault]:
    hosts: dict[str, list[Placed]] = defaultdict(list)
    for placed in targets:
        hosts[placed[1].host_key].append(placed)
    for together in hosts.values():
        for field in (*_OF_THE_HOST, "remoting", "ip_address"):
            yield from _differing(together, field)


def _differing(together: list[Placed], field: str) -> Iterator[Fault]:
    told = [(place, target, _value(target, field)) for place, target in together]
    told = [one for one in told if one[2] is not None]
    for place, target, value in told[1:]:
        first_place, _, first = told[0]
        if value != first:
            where = f"{place}.metadata.ip_address" if field == "ip_address" else f"{place}.{field}"
            other = _short(first_place)
            told_how = (
                f'is "{value}" here and "{first}" in {other}' if isinstance(value, str) else f"differs from {other}"
            )
            message = (
                f"{target.server} is one host, but its {field} {told_how}; "
                "write the same in both, or in one of them only"
            )
            yield Fault(where, "told_differently", message, found=str(value)[:200], expected=str(first)[:200])


def _value(target: Target, field: str) -> object | None:
    """None where the file says nothing, so that defaults contradict nobody."""
    if field == "ip_address":
        return target.metadata.ip_address
    if field not in target.model_fields_set:
        return None
    value = getattr(target, field)
    return folded(value) if isinstance(value, str) else value


def _one_address(targets: Sequence[Placed], common: RemotingSection) -> Iterator[Fault]:
    """Behind one address there may be many hosts if their ports differ."""
    seen: dict[tuple[str, int | None], Target] = {}
    for place, target in targets:
        address = _address(target)
        if address is None:
            continue
        first = seen.setdefault((address, target.remoting.port or common.port), target)
        if first.host_key != target.host_key:
            message = (
                f"{target.server} and {first.server} have one address, so they are one host under two names; "
                'write the same "server" in both, or correct the address'
            )
            yield Fault(f"{place}.server", "two_names", message, found=address)


def _address(target: Target) -> str | None:
    written = target.metadata.ip_address or ("127.0.0.1" if target.host_key == "localhost" else target.server)
    try:
        return str(ipaddress.ip_address(written))
    except ValueError:
        return None


def _short_and_long(targets: Sequence[Placed]) -> Iterator[Fault]:
    """SQL01 and sql01.example.com, unless their addresses tell them apart."""
    long: dict[str, list[Target]] = defaultdict(list)
    for _, target in targets:
        if "." in target.host_key and _address(target) != target.server:
            long[target.host_key.partition(".")[0]].append(target)
    told: set[str] = set()
    for place, target in targets:
        twins = [one for one in long.get(target.host_key, ()) if not _told_apart(one, target)]
        if twins and target.host_key not in told:
            told.add(target.host_key)
            message = (
                f'{target.server} and {twins[0].server} look like one host under two names; write the same "server" in '
                "both, or, if they are two hosts, give each its metadata.ip_address"
            )
            yield Fault(f"{place}.server", "two_names", message, found=target.server, expected=twins[0].server)


def _told_apart(one: Target, other: Target) -> bool:
    first, second = _address(one), _address(other)
    return first is not None and second is not None


def _remoting(targets: Iterable[Placed], common: RemotingSection) -> Iterator[Fault]:
    """What only contradicts itself together with the settings for all."""
    for place, target in targets:
        own = target.remoting
        if tuple(own.contradictions()):
            continue
        transport: Transport = own.transport or common.transport
        auth: RemotingAuth = own.auth or common.auth
        if (transport, auth) == (common.transport, common.auth) and not own.ca_file:
            continue
        for key, message in remoting_contradictions(transport, auth, own.ca_file):
            yield Fault(f"{place}.remoting.{key}", "contradiction", f"together with audit_config.json: {message}")


def _short(place: str) -> str:
    return place.rpartition(": ")[2]
