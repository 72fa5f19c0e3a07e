"""config/sql_targets.json: AutoDBAudit's targets as they are, and what we add to them."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.model.host import Criticality, RemotingAuth, Transport
from core.model.ids import folded
from core.settings.audit_config import remoting_contradictions
from core.settings.phrases import UNIQUE, CredentialRef, Name, Port, Tag, like
from core.settings.reading import Section

DEFAULT_INSTANCE = "MSSQLSERVER"

_PROTOCOL = re.compile(r"^(tcp|np|lpc|admin):", re.IGNORECASE)
_HERE = {".", "(local)"}


def _server(name: str) -> str:
    if _PROTOCOL.match(name):
        raise ValueError(f'must be a host name without a protocol: "{_PROTOCOL.sub("", name)}"')
    if "\\" in name:
        server, _, instance = name.partition("\\")
        raise ValueError(f'names an instance, too; write "server": "{server}" and "instance": "{instance}"')
    if "," in name:
        server, _, port = name.partition(",")
        raise ValueError(f'names a port, too; write "server": "{server.strip()}" and "port": {port.strip()}')
    if name.casefold() in _HERE or name.casefold().startswith("(localdb)"):
        raise ValueError('must name a machine; for this PC write its host name, or "localhost"')
    if not _is_address(name) and re.fullmatch(r"[^\W_](?:[\w.-]*\w)?\.?", name) is None:
        raise ValueError('must be a host name or an address, like "sql01", "sql01.example.com" or "10.0.0.5"')
    return name


def _address(text: str) -> str:
    if not _is_address(text):
        raise ValueError('is no IP address; a name stands in "server"')
    address = ipaddress.ip_address(text)
    if address.is_unspecified or address.is_multicast or text == "255.255.255.255":
        raise ValueError("is not the address of one host")
    return text


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


ServerName = Annotated[str, AfterValidator(_server), Field(min_length=1, max_length=255)]
InstanceName = Annotated[
    str, *like(r"^([A-Za-z_#$][A-Za-z0-9_#$]{0,15})?$", 'an instance name alone, like "MSSQLSERVER" or "PROD"')
]


class TargetMetadata(Section):
    tags: Annotated[tuple[Tag, ...], UNIQUE] = ()
    ip_address: Annotated[str, AfterValidator(_address)] | None = None
    description: str = ""


class TargetRemoting(Section):
    """What differs for this host from audit_config.json."""

    transport: Transport | None = None
    port: Port | None = None
    auth: RemotingAuth | None = None
    ca_file: str | None = None

    def contradictions(self) -> Iterable[tuple[str, str]]:
        return remoting_contradictions(self.transport, self.auth, self.ca_file)


class Target(Section):
    """A target without an instance is a host; several targets of one server are one host."""

    id: Name
    name: str = ""
    server: ServerName
    instance: InstanceName | None = None
    """Empty, or missing beside a port or an SQL login: the default instance."""
    port: Port | None = None
    database: str | None = None
    auth: Literal["integrated", "sql"] = "integrated"
    username: str | None = None
    credential_ref: CredentialRef | None = None
    """The SQL login, a secret in the vault."""
    os_credential_ref: CredentialRef | None = None
    """The account for remoting, a secret in the vault."""
    connect_timeout: Annotated[int, Field(ge=1, le=600)] | None = None
    enabled: bool = True
    metadata: TargetMetadata = TargetMetadata()
    tenant: Name = "default"
    client: Name = "default"
    site: Name = "default"
    os: str | None = None
    criticality: Criticality = "normal"
    owner: str = ""
    service: str = ""
    group: Name | None = None
    """An availability group or a cluster: its hosts are never worked on together."""
    failure_domain: Name | None = None
    """What fails together: a hypervisor, a storage, a rack."""
    remoting: TargetRemoting = TargetRemoting()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.auth == "sql" and not self.credential_ref:
            message = 'auth "sql" needs one; put the login into the vault and name it here'
            yield "credential_ref", message

    @property
    def host_key(self) -> str:
        """What targets of one host share."""
        return folded(self.server).rstrip(".")

    @property
    def sql_instance(self) -> str | None:
        """The instance that is meant; None for a host whose instances are not named."""
        if self.instance:
            return self.instance
        says_how_to_reach_one = self.instance == "" or self.port is not None or self.auth == "sql"
        return DEFAULT_INSTANCE if says_how_to_reach_one else None


class GlobalSettings(Section):
    timeout_seconds: Annotated[int, Field(ge=1, le=3600)] = 15
    encrypt_connection: bool = True
    trust_server_certificate: bool = False


class TargetsFile(Section):
    targets: tuple[Target, ...]
    global_settings: GlobalSettings = GlobalSettings()
