"""Hosts and instances as the inventory knows them."""

import ipaddress
from dataclasses import dataclass
from typing import Literal

Transport = Literal["http", "https"]
RemotingAuth = Literal["kerberos", "ntlm", "negotiate", "basic", "credssp"]
Criticality = Literal["low", "normal", "high"]

# From the least to the most.
CRITICALITIES: tuple[Criticality, ...] = ("low", "normal", "high")


@dataclass(frozen=True, slots=True)
class Remoting:
    """How PowerShell remoting reaches a host."""

    transport: Transport
    port: int
    auth: RemotingAuth
    ca_file: str | None
    credential_ref: str | None


@dataclass(frozen=True, slots=True)
class SqlAccess:
    """How the database engine of one instance is asked. A port of 0 asks the SQL Browser."""

    port: int
    credential_ref: str | None
    encrypt: bool
    trust_server_certificate: bool
    connect_timeout: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One SQL Server instance that the inventory names."""

    name: str
    sql: SqlAccess


@dataclass(frozen=True, slots=True)
class Place:
    """Whose host it is and where it stands."""

    tenant: str = "default"
    client: str = "default"
    site: str = "default"


@dataclass(frozen=True, slots=True)
class Host:
    """A machine: one lock, one worker, one row in a run."""

    name: str
    address: str
    remoting: Remoting
    instances: tuple[Instance, ...] = ()
    place: Place = Place()
    tags: tuple[str, ...] = ()
    target_ids: tuple[str, ...] = ()
    group: str | None = None
    failure_domain: str | None = None
    criticality: Criticality = "normal"
    # Instances whose targets are disabled, beside enabled ones of the same server.
    disabled_instances: tuple[str, ...] = ()
    os: str | None = None
    owner: str = ""
    service: str = ""

    @property
    def name_in_domain(self) -> str | None:
        """By what a domain knows the host where an address is dialled; the address is no name there."""
        try:
            ipaddress.ip_address(self.address)
        except ValueError:
            return None
        return self.name

    def instance(self, name: str) -> Instance | None:
        return next((one for one in self.instances if one.name.casefold() == name.casefold()), None)


def host_named(name: str) -> Host:
    """A host of which nothing but the name is known: it is outside every scope but the one of all."""
    return Host(name, name, Remoting("https", 5986, "kerberos", None, None))


def is_loopback(address: str) -> bool:
    """What never leaves this PC. Names under "invalid" lead nowhere, by their definition."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return address == "localhost" or address.endswith(".invalid")
