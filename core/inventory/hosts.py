"""Turns the targets of the configuration into hosts: several targets of one server are one host."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from core.model.fault import Fault, RefusedError
from core.model.host import Host, Instance, Place, Remoting, SqlAccess
from core.model.ids import folded
from core.model.selection import Selection
from core.settings.audit_config import RemotingSection
from core.settings.targets import DEFAULT_INSTANCE, GlobalSettings, Target, TargetsFile
from core.settings.workspace import TARGETS

DEFAULT_SQL_PORT = 1433
_DEFAULT_PORTS = {"http": 5985, "https": 5986}


def hosts_of(file: TargetsFile, remoting: RemotingSection) -> tuple[Host, ...]:
    """The enabled hosts in the file's order."""
    servers: dict[str, list[Target]] = {}
    for target in file.targets:
        servers.setdefault(target.host_key, []).append(target)
    return tuple(
        _host(targets, file.global_settings, remoting)
        for targets in servers.values()
        if any(target.enabled for target in targets)
    )


def selected(hosts: Iterable[Host], selection: Selection) -> tuple[Host, ...]:
    """The hosts that were asked for. Names, tags and places that no host has are refused, all at once."""
    known = tuple(hosts)
    faults = (
        *_unknown("server", selection.servers, [host.name for host in known]),
        *_unknown("tag", selection.tags, [tag for host in known for tag in host.tags]),
        *_unknown("tenant", selection.tenants, [host.place.tenant for host in known]),
        *_unknown("client", selection.clients, [host.place.client for host in known]),
        *_unknown("site", selection.sites, [host.place.site for host in known]),
    )
    if faults:
        raise RefusedError(faults)
    return tuple(host for host in known if selection.covers(host))


def named(hosts: Iterable[Host], name: str, option: str) -> Host:
    """The one host of this name. Option is how whoever asks calls it."""
    there = {folded(host.name): host for host in hosts}
    host = there.get(folded(name))
    if host is None:
        raise RefusedError(
            (_no_such(f"{option} {name}", "server", name, {key: one.name for key, one in there.items()}),)
        )
    return host


def meant(hosts: Iterable[Host], selection: Selection) -> tuple[Host, ...]:
    """The hosts to work on. Nobody at all is refused: it is never what was meant, and must not look like work done."""
    known = tuple(hosts)
    found = selected(known, selection)
    if not known:
        message = "no target is enabled; put servers in, or import a list of them"
        raise RefusedError((Fault(f"{TARGETS}: targets", "no_hosts", message),))
    if not found:
        message = "no enabled target fits all of these together; look which targets there are"
        raise RefusedError((Fault("choice of servers", "no_hosts", message),))
    return found


def _unknown(kind: str, asked: tuple[str, ...], known: list[str]) -> list[Fault]:
    there = {folded(one): one for one in known}
    return [_no_such(f"{kind} {name}", kind, name, there) for name in asked if folded(name) not in there]


def _no_such(where: str, kind: str, name: str, there: dict[str, str]) -> Fault:
    near = get_close_matches(folded(name), there, n=1, cutoff=0.6)
    if near:
        hint = f'did you mean "{there[near[0]]}"?'
    elif there:
        hint = f"known are {', '.join(sorted(there.values())[:10])}"
    else:
        hint = "there is none; look which targets there are"
    return Fault(where, f"unknown_{kind}", f"no enabled target has this {kind}; {hint}", found=name)


def _host(all_targets: list[Target], common: GlobalSettings, remoting: RemotingSection) -> Host:
    targets = [one for one in all_targets if one.enabled]
    first = targets[0]
    tags = dict.fromkeys(tag for target in targets for tag in target.metadata.tags)
    address = next((one.metadata.ip_address for one in targets if one.metadata.ip_address), first.server)
    return Host(
        name=first.server,
        address=address,
        remoting=_remoting(targets, remoting),
        instances=tuple(_instance(name, one, common) for one in targets if (name := one.sql_instance) is not None),
        place=Place(_told(targets, "tenant"), _told(targets, "client"), _told(targets, "site")),
        tags=tuple(tags),
        target_ids=tuple(target.id for target in targets),
        group=_told(targets, "group"),
        failure_domain=_told(targets, "failure_domain"),
        criticality=_told(targets, "criticality"),
        disabled_instances=tuple(
            name for one in all_targets if not one.enabled and (name := one.sql_instance) is not None
        ),
        os=_told(targets, "os"),
        owner=_told(targets, "owner"),
        service=_told(targets, "service"),
    )


def _told(targets: list[Target], field: str) -> Any:
    """What the first target says that says anything; reading has seen to it that they agree."""
    return getattr(next((one for one in targets if field in one.model_fields_set), targets[0]), field)


def _remoting(targets: list[Target], common: RemotingSection) -> Remoting:
    own = _told(targets, "remoting")
    transport = own.transport or common.transport
    reference = next((one.os_credential_ref for one in targets if one.os_credential_ref), common.credential_ref)
    return Remoting(
        transport=transport,
        port=own.port or common.port or _DEFAULT_PORTS[transport],
        auth=own.auth or common.auth,
        ca_file=own.ca_file or common.ca_file,
        credential_ref=reference,
    )


def _instance(name: str, target: Target, common: GlobalSettings) -> Instance:
    port = target.port or (DEFAULT_SQL_PORT if folded(name) == folded(DEFAULT_INSTANCE) else 0)
    return Instance(
        name=name,
        sql=SqlAccess(
            port=port,
            credential_ref=target.credential_ref if target.auth == "sql" else None,
            encrypt=common.encrypt_connection,
            trust_server_certificate=common.trust_server_certificate,
            connect_timeout=target.connect_timeout or common.timeout_seconds,
        ),
    )
