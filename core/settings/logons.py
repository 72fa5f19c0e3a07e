"""How hosts are logged on to, as all files together say: nothing that can be passed on, nobody without an account."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.model.fault import Fault
from core.model.host import RemotingAuth, is_loopback
from core.settings.audit_config import RemotingSection
from core.settings.same_host import Placed

# These hand the account's password over, so that there has to be one.
_NEEDING_ACCOUNT = ("basic", "credssp")


@dataclass(frozen=True, slots=True)
class _Way:
    """How one host is logged on to, and where that is written."""

    place: str
    written: str
    server: str
    outside: bool
    transport: str
    auth: RemotingAuth
    account: str | None


def unsafe_logons(path: str, common: RemotingSection, targets: Sequence[Placed]) -> Iterator[Fault]:
    """Once for each host; what hosts only follow is told once, where it is written."""
    told: set[str] = set()
    for way in _ways(path, common, targets):
        for fault in (*_relayable(way), *_without_account(way)):
            if fault.path not in told:
                told.add(fault.path)
                yield fault


def handed_over(path: str, common: RemotingSection, targets: Sequence[Placed]) -> Iterator[Fault]:
    """Notes on where CredSSP was asked for: it is allowed, but whoever owns such a host owns the account, too."""
    message = "hands the account's password to each host that it logs on to; kerberos does not, and is enough for all"
    places = {way.written for way in _ways(path, common, targets) if way.auth == "credssp"}
    yield from (Fault(place, "hands_over", message, found="credssp") for place in sorted(places))


def real_servers(path: str, common: RemotingSection, targets: Sequence[Placed]) -> Iterator[Fault]:
    """Servers that a practice fleet may not have: its accounts lie open, no real server is logged on to with them."""
    message = "the practice fleet takes imaginary servers alone; make a workspace of its own for real ones"
    for way in _ways(path, common, targets):
        if way.outside:
            yield Fault(f"{way.place}.server", "not_imaginary", message, found=way.server)


def _ways(path: str, common: RemotingSection, targets: Sequence[Placed]) -> Iterator[_Way]:
    hosts: dict[str, list[Placed]] = {}
    for placed in targets:
        if placed[1].enabled:
            hosts.setdefault(placed[1].host_key, []).append(placed)
    for together in hosts.values():
        place, target = next((one for one in together if "remoting" in one[1].model_fields_set), together[0])
        own = target.remoting
        address = next((one.metadata.ip_address for _, one in together if one.metadata.ip_address), target.server)
        yield _Way(
            place=place,
            written=f"{place}.remoting.auth" if own.auth or own.transport else f"{path}: remoting.auth",
            server=target.server,
            outside=not is_loopback(address),
            transport=own.transport or common.transport,
            auth=own.auth or common.auth,
            account=next(
                (one.os_credential_ref for _, one in together if one.os_credential_ref), common.credential_ref
            ),
        )


def _relayable(way: _Way) -> Iterator[Fault]:
    """Without the TLS channel to bind the logon to, whoever listens can pass it on."""
    if way.outside and way.transport == "http" and way.auth in ("ntlm", "negotiate"):
        other = 'write "transport": "https", or "auth": "kerberos"'
        yield Fault(
            way.written,
            "relayable",
            f"{way.auth} over http could be relayed to another server; {other}",
            found=way.auth,
        )


def _without_account(way: _Way) -> Iterator[Fault]:
    if way.auth in _NEEDING_ACCOUNT and way.account is None:
        put = "put it into the vault and name it here"
        message = f"{way.auth} to {way.server} needs an account; {put}"
        yield Fault(f"{way.place}.os_credential_ref", "no_account", message)
