"""What a practice fleet is like: hosts, instances, and the faults that befall them."""

import itertools
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, Field, field_validator, model_validator

from core.model.build import FAMILIES, Build
from core.settings.policy_file import PendingReason
from core.settings.reading import Section

When = Literal["connect", "assess", "transfer", "install", "reboot", "verify", "always"]
Kind = Literal[
    "refuse",
    "mute",
    "bad_tls",
    "auth_failed",
    "dns",
    "drop_network",
    "installer_exit",
    "installer_hang",
    "installer_crash",
    "late_success",
    "job_lost",
    "disk_full",
    "exit_ok_build_unchanged",
    "exit_bad_build_reached",
    "reboot_blocked",
    "no_boot",
    "slow_boot",
    "double_reboot",
    "service_down",
    "database_suspect",
    "upgrade_mode",
    "file_corrupt",
    "pending_reboot",
    "second_console",
    "job_running",
]

_NETWORK: tuple[When, ...] = ("connect", "always")
_INSTALL: tuple[When, ...] = ("install",)
_REBOOT: tuple[When, ...] = ("reboot",)
_VERIFY: tuple[When, ...] = ("verify",)

# At which moments a kind of fault makes sense. Those of the network last until they are cleared.
MOMENTS: dict[Kind, tuple[When, ...]] = {
    "refuse": _NETWORK,
    "mute": _NETWORK,
    "bad_tls": _NETWORK,
    "auth_failed": _NETWORK,
    "dns": _NETWORK,
    "drop_network": ("transfer", "install", "reboot", "verify"),
    "installer_exit": _INSTALL,
    "installer_hang": _INSTALL,
    "installer_crash": _INSTALL,
    "late_success": _INSTALL,
    "job_lost": _INSTALL,
    "disk_full": ("assess", "transfer", "install"),
    "exit_ok_build_unchanged": _INSTALL,
    "exit_bad_build_reached": _INSTALL,
    "reboot_blocked": _REBOOT,
    "no_boot": _REBOOT,
    "slow_boot": _REBOOT,
    "double_reboot": _REBOOT,
    "service_down": _VERIFY,
    "database_suspect": _VERIFY,
    "upgrade_mode": _VERIFY,
    "file_corrupt": ("transfer",),
    "pending_reboot": ("assess",),
    "second_console": ("assess",),
    "job_running": ("assess",),
}


class FaultSpec(Section):
    """A fault waits for its moment and happens so many times. Seconds are of the host's own life."""

    when: When
    kind: Kind
    after_percent: Annotated[int, Field(ge=0, le=100)] = 40
    times: Annotated[int, Field(ge=1, le=1000)] = 1
    code: int = 1603
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 600

    @model_validator(mode="after")
    def _at_its_moment(self) -> "FaultSpec":
        if self.when not in MOMENTS[self.kind]:
            moments = " or ".join(f'"{moment}"' for moment in MOMENTS[self.kind])
            raise ValueError(f'"{self.kind}" happens at {moments}, not at "{self.when}"')
        return self


def _known(build: str) -> str:
    if Build.parse(build).family is None:
        raise ValueError(f"{build} is of no version family; known are {', '.join(FAMILIES.values())}")
    return build


class InstanceSpec(Section):
    name: Annotated[str, Field(pattern=r"^[A-Za-z_#$][\w#$]{0,15}$")] = "MSSQLSERVER"
    build: Annotated[str, AfterValidator(_known)]
    edition: str = "Enterprise Edition: Core-based Licensing (64-bit)"
    encryption: Literal["none", "login", "required"] = "login"
    rights: Literal["sysadmin", "public"] = "sysadmin"
    """Those of the login that asks it: without any, msdb and the server's state are refused."""


class OsUpdateSpec(Section):
    """An update of the operating system that the host still misses."""

    kb: Annotated[str, Field(pattern=r"^\d{6,8}$")]
    title: str
    severity: Literal["Critical", "Important", "Moderate", "Low", ""] = ""
    category: str = "SecurityUpdates"
    reboot: Literal["never", "always", "can"] = "can"
    size_mb: Annotated[int, Field(ge=0)] = 0


class GroupSpec(Section):
    """The availability group or cluster that a host belongs to, and its part in it."""

    name: Annotated[str, Field(min_length=1, max_length=128)]
    kind: Literal["ag", "fci"] = "ag"
    role: Literal["primary", "secondary"] = "secondary"


Letter = Annotated[str, Field(pattern="^[A-Z]$")]
Label = Annotated[str, Field(min_length=1, max_length=255)]


class ServerSpec(Section):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")]
    tenant: Label = "default"
    client: Label = "default"
    site: Label = "default"
    os: Literal["windows-2016", "windows-2019", "windows-2022", "windows-2025"] = "windows-2022"
    transport: Literal["http", "https"] = "http"
    auth: Literal["ntlm", "negotiate", "basic"] = "ntlm"
    tags: tuple[Annotated[str, Field(pattern=r"^[^\s=]+(=[^=]*)?$")], ...] = ()
    instances: tuple[InstanceSpec, ...] = ()
    os_updates: tuple[OsUpdateSpec, ...] = ()
    disk_free_gb: dict[Letter, Annotated[int, Field(ge=0, le=100_000)]] = Field(default_factory=lambda: {"C": 60})
    pending_reboot: tuple[PendingReason, ...] = ()
    last_backup_hours: Annotated[int, Field(ge=0, le=100_000)] | None = 6
    clock_drift_seconds: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    group: GroupSpec | None = None
    faults: tuple[FaultSpec, ...] = ()

    @model_validator(mode="after")
    def _nobody_reads_the_password(self) -> "ServerSpec":
        if self.auth == "basic" and self.transport == "http":
            raise ValueError('"basic" sends the password as it is; give it "transport": "https"')
        if any(fault.kind == "bad_tls" for fault in self.faults) and self.transport == "http":
            raise ValueError('"bad_tls" needs "transport": "https"')
        return self

    @field_validator("instances")
    @classmethod
    def _each_once(cls, instances: tuple[InstanceSpec, ...]) -> tuple[InstanceSpec, ...]:
        return _distinct(instances, "instances")

    @field_validator("disk_free_gb")
    @classmethod
    def _with_a_system_drive(cls, drives: dict[str, int]) -> dict[str, int]:
        if "C" not in drives:
            raise ValueError('the system drive "C" is missing; give its free space, too')
        return drives


Version = Literal["2016", "2017", "2019", "2022", "2025"]


class Generate(Section):
    """Makes servers: of every three, two are behind and one is up to date."""

    count: Annotated[int, Field(ge=1, le=1000)]
    tenants: Annotated[int, Field(ge=1, le=1000)] = 1
    sites: Annotated[int, Field(ge=1, le=1000)] = 1
    versions: Annotated[tuple[Version, ...], Field(min_length=1)] = ("2019",)


class Scenario(Section):
    schema_version: Literal[1] = 1
    seed: int = 7
    time_scale: Annotated[int, Field(ge=1, le=10_000)] = 200
    generate: Generate | None = None
    shares: dict[Annotated[str, Field(pattern=r"^\\\\[^\\]+\\[^\\]+$")], str] = Field(default_factory=dict)
    """Folders of this PC, by the names of the shares under which the hosts read them."""
    servers: Annotated[tuple[ServerSpec, ...], Field(max_length=1000)] = ()

    @field_validator("servers")
    @classmethod
    def _each_once(cls, servers: tuple[ServerSpec, ...]) -> tuple[ServerSpec, ...]:
        return _distinct(servers, "servers")

    @model_validator(mode="after")
    def _somebody_is_there(self) -> "Scenario":
        if not self.servers and self.generate is None:
            raise ValueError('no servers: list some under "servers", or "generate" them')
        return self


Named = TypeVar("Named", ServerSpec, InstanceSpec)


def _distinct(named: tuple[Named, ...], what: str) -> tuple[Named, ...]:
    names = [one.name.casefold() for one in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"two {what} have the name {', '.join(twice)}; names differ by more than case")
    return named


def servers_of(scenario: Scenario) -> tuple[ServerSpec, ...]:
    """The listed servers and the generated ones."""
    wanted = scenario.generate
    if wanted is None:
        return scenario.servers
    taken = {server.name.casefold() for server in scenario.servers}
    free = (name for number in itertools.count(1) if (name := f"SQL{number:02}").casefold() not in taken)
    made = (_generated(wanted, number, name) for number, name in zip(range(wanted.count), free, strict=False))
    return (*scenario.servers, *made)


def partners_of(server: ServerSpec, servers: tuple[ServerSpec, ...]) -> tuple[ServerSpec, ...]:
    """All members of its group, itself among them."""
    if server.group is None:
        return ()
    name = server.group.name.casefold()
    return tuple(one for one in servers if one.group is not None and one.group.name.casefold() == name)


def _generated(wanted: Generate, number: int, name: str) -> ServerSpec:
    update = UPDATES[wanted.versions[number % len(wanted.versions)]]
    build = update.target if number % 3 == 2 else update.before
    tenant = number % wanted.tenants
    return ServerSpec(
        name=name,
        tenant="default" if wanted.tenants == 1 else f"tenant{tenant + 1}",
        site="default" if wanted.sites == 1 else f"site{number // wanted.tenants % wanted.sites + 1}",
        instances=(InstanceSpec(build=build),),
    )


class Update(Section):
    """An update that practice workspaces map: real builds and KB numbers, imaginary packages."""

    family: str
    before: str
    target: str
    kb: str
    title: str
    minimum: str | None = None
    """The service pack that has to be there first."""

    @property
    def filename(self) -> str:
        return f"SQLServer{self.family}-KB{self.kb}-x64.exe"


# Builds and KB numbers as the public reference has them; it leaves out the last number of a build.
UPDATES: dict[str, Update] = {
    "2016": Update(
        family="2016",
        before="13.0.6430.1",
        target="13.0.6435.1",
        kb="5029186",
        title="Security update for SQL Server 2016 SP3",
        minimum="13.0.6300.2",
    ),
    "2017": Update(
        family="2017",
        before="14.0.3436.1",
        target="14.0.3456.2",
        kb="5016884",
        title="CU31 for SQL Server 2017",
    ),
    "2019": Update(
        family="2019",
        before="15.0.4385.2",
        target="15.0.4430.1",
        kb="5054833",
        title="CU32 for SQL Server 2019",
    ),
    "2022": Update(
        family="2022",
        before="16.0.4135.4",
        target="16.0.4185.3",
        kb="5050771",
        title="CU18 for SQL Server 2022",
    ),
    "2025": Update(
        family="2025",
        before="17.0.4015.1",
        target="17.0.4025.1",
        kb="5077896",
        title="CU3 for SQL Server 2025",
    ),
}
