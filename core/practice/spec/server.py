"""One host, as a scenario describes it."""

from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from core.practice.spec.distinct import distinct
from core.practice.spec.fault import FaultSpec
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.settings.policy_file import PendingReason
from core.settings.reading import Section

Letter = Annotated[str, Field(pattern="^[A-Z]$")]
Label = Annotated[str, Field(min_length=1, max_length=255)]


class ServerSpec(Section):
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,63}$")]
    tenant: Label = "default"
    client: Label = "default"
    site: Label = "default"
    os: Literal["windows-2016", "windows-2019", "windows-2022", "windows-2025"] = "windows-2022"
    transport: Literal["http", "https"] = "http"
    auth: Literal["ntlm", "negotiate", "kerberos", "basic", "credssp"] = "ntlm"
    tags: tuple[Annotated[str, Field(pattern=r"^[^\s=]+(=[^=]*)?$")], ...] = ()
    instances: tuple[InstanceSpec, ...] = ()
    os_updates: tuple[OsUpdateSpec, ...] = ()
    update_service: Literal["windows_update", "wsus", "unreachable"] = "windows_update"
    """Who offers them to the host."""
    disk_free_gb: dict[Letter, Annotated[int, Field(ge=0, le=100_000)]] = Field(default_factory=lambda: {"C": 60})
    disk_fills_gb_per_hour: dict[Letter, Annotated[int, Field(ge=0, le=1000)]] = Field(default_factory=dict)
    pending_reboot: tuple[PendingReason, ...] = ()
    last_backup_hours: Annotated[int, Field(ge=0, le=100_000)] | None = 6
    applications: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,60}$")], ...] = ()
    """Services of this name, each with a process of the same name."""
    clock_drift_seconds: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    clock_set_at_boot: bool = False
    """Whether the time service puts the clock right when the host starts."""
    rights: Literal["administrator", "user"] = "administrator"
    """Those of the account that logs on: PowerShell remoting is open to administrators alone."""
    drydock_folder: Literal["secured", "foreign", "open", "link"] = "secured"
    """What lies where claims, jobs and packages go: made by somebody else, open to others, or leading elsewhere."""
    chatty: bool = False
    """Whether what runs there writes into every stream beside its output, as some profiles and drivers do."""
    group: GroupSpec | None = None
    faults: tuple[FaultSpec, ...] = ()

    @model_validator(mode="after")
    def _nobody_reads_the_password(self) -> "ServerSpec":
        if self.auth in ("basic", "credssp") and self.transport == "http":
            raise ValueError(f'"{self.auth}" sends the password; give it "transport": "https"')
        if any(fault.kind == "bad_tls" for fault in self.faults) and self.transport == "http":
            raise ValueError('"bad_tls" needs "transport": "https"')
        return self

    @model_validator(mode="after")
    def _whole(self) -> "ServerSpec":
        strangers = sorted(self.disk_fills_gb_per_hour.keys() - self.disk_free_gb.keys())
        if strangers:
            raise ValueError(f'"disk_fills_gb_per_hour" names {", ".join(strangers)}, which "disk_free_gb" does not')
        if self.group is not None and not self.instances:
            raise ValueError(f'a member of group "{self.group.name}" needs "instances"')
        if self.group is None and any(fault.kind == "role_changed" for fault in self.faults):
            raise ValueError('"role_changed" needs a "group" whose roles can change')
        return self

    @field_validator("instances")
    @classmethod
    def _each_once(cls, instances: tuple[InstanceSpec, ...]) -> tuple[InstanceSpec, ...]:
        return distinct(instances, "instances")

    @field_validator("disk_free_gb")
    @classmethod
    def _with_a_system_drive(cls, drives: dict[str, int]) -> dict[str, int]:
        if "C" not in drives:
            raise ValueError('the system drive "C" is missing; give its free space, too')
        return drives
