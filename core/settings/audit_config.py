"""config/audit_config.json: how this audit PC works."""

from collections.abc import Iterable
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from core.model.host import RemotingAuth, Transport
from core.settings.phrases import UNIQUE, CredentialRef, Minutes, Port, like
from core.settings.reading import Section
from core.settings.zones import Zone

ShareName = Annotated[str, *like(r"^\\\\[^\\/:*?\"<>|\s]+(\\[^\\/:*?\"<>|]+)+$", r"a share, like \\server\patches")]


class ConcurrencySection(Section):
    """What this computer does at once. The policy may allow less."""

    max_concurrent_servers: Annotated[int, Field(ge=1, le=200)] = 3
    max_per_tenant: Annotated[int, Field(ge=1, le=200)] | None = None
    """How many hosts of one tenant are worked on at once."""
    stagger_seconds: Annotated[int, Field(ge=0, le=24 * 3600)] = 0
    """The least time between the starts of two hosts."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.max_per_tenant is not None and self.max_per_tenant > self.max_concurrent_servers:
            message = (
                f"is {self.max_per_tenant}, but max_concurrent_servers lets only {self.max_concurrent_servers} "
                "work at once; lower this one or raise that one"
            )
            yield "max_per_tenant", message


class TimeoutsSection(Section):
    """In minutes. A step's limit is when it is called overdue; the installer is never killed."""

    step: Minutes = 30
    hard_limit_factor: Annotated[int, Field(ge=1, le=20)] = 4
    """After this many times a step's limit its host is failed and patch-blocked. The installer is still not killed."""
    reboot: Minutes = 30
    connection_loss: Minutes = 15
    sql_startup: Minutes = 10
    update_search: Minutes = 30
    """How long a host may search for updates of its system. Its other facts are kept if it takes longer."""


def remoting_contradictions(
    transport: Transport | None, auth: RemotingAuth | None, ca_file: str | None
) -> Iterable[tuple[str, str]]:
    if transport == "http" and auth in ("basic", "credssp"):
        yield "auth", f'{auth} over http would send the password readably; write "transport": "https", or another auth'
    if transport == "http" and ca_file:
        yield "ca_file", 'certificates are checked with https only; write "transport": "https", or remove this'


class RemotingSection(Section):
    """How PowerShell remoting reaches the hosts, unless a target says otherwise."""

    transport: Transport = "https"
    port: Port | None = None
    """Without one 5986 for https, 5985 for http."""
    auth: RemotingAuth = "kerberos"
    """kerberos in a domain. The others must be asked for, and need https: negotiate, which may fall back to ntlm; ntlm;
    basic; credssp, which hands the password to the target and is journalled."""
    ca_file: str | None = None
    """The certificate authority's file (PEM), from the workspace's folder or absolute."""
    credential_ref: CredentialRef | None = None
    """A secret in the vault. Without one the operator's own account is used."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        return remoting_contradictions(self.transport, self.auth, self.ca_file)


class SqlSection(Section):
    """Driver is an ODBC driver's name or path; without one the newest that is installed is taken."""

    driver: str | None = None


class TransferSection(Section):
    """How packages come to the hosts."""

    routes: Annotated[
        tuple[Literal["share", "smb", "psrp"], ...], UNIQUE, Field(min_length=1, json_schema_extra={"x-ordered": True})
    ] = ("share", "smb", "psrp")
    """Tried in this order. share: the host fetches it, once a share is named. smb: pushed. psrp: in small pieces."""
    share: ShareName | None = None
    """Laid out like hotfixes, and readable by the hosts' computer accounts."""
    max_parallel: Annotated[int, Field(ge=1, le=200)] = 4
    """How many packages travel at once, in all hosts of a run together."""
    smb_port: Port = 445
    stall_minutes: Minutes = 1
    """A transfer that does not move for so long is cut and tried once more."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.share is not None and "share" not in self.routes:
            yield "share", 'is never used; add "share" to routes, or remove this'
        if self.routes == ("share",) and self.share is None:
            yield "routes", 'the only route is "share", but no share is named; name one in "share", or add a route'


class OutputSection(Section):
    time_zone: Zone | None = None
    """The zone of times in reports. Without one this computer's."""
    keep_logs_days: Annotated[int, Field(ge=1, le=36500)] = 365
    """The log files of commands. The journal and the folders of runs are never deleted."""
    excel: bool = True
    html: bool = True


class InventorySection(Section):
    """Where the hosts stand. Those in sql_targets.json always count; a live source adds what they do not name."""

    source: Literal["targets", "autodbaudit"] = "targets"
    database: Annotated[str, Field(min_length=1)] | None = None
    """AutoDBAudit's history database, from the workspace's folder or absolute. It is only read."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.source == "autodbaudit" and self.database is None:
            yield "database", 'source "autodbaudit" needs the path of its database; add it'
        if self.source == "targets" and self.database is not None:
            yield "database", 'is read only with "source": "autodbaudit"; write that, or remove this'


class AuditConfig(Section):
    schema_version: Literal[1]
    organization: str = ""
    practice: Annotated[bool, Field(json_schema_extra={"readOnly": True})] = False
    """Written by the practice fleet, and honoured for loopback addresses only."""
    concurrency: ConcurrencySection = ConcurrencySection()
    timeouts: TimeoutsSection = TimeoutsSection()
    remoting: RemotingSection = RemotingSection()
    sql: SqlSection = SqlSection()
    transfer: TransferSection = TransferSection()
    output: OutputSection = OutputSection()
    inventory: InventorySection = InventorySection()


def seconds(minutes: float) -> int:
    """At least one: a limit of nothing would end every wait at once."""
    return max(1, ceil(minutes * 60))
