"""One host, as a scenario describes it."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

from pydantic import Field

from core.practice.spec.fault import NEEDS, FaultSpec, Kind
from core.practice.spec.group import GroupSpec
from core.practice.spec.instance import InstanceSpec
from core.practice.spec.os_update import OsUpdateSpec
from core.practice.spec.part import Part, repeated
from core.settings.phrases import like
from core.settings.policy_file import PendingReason

Letter = Annotated[str, *like("^[A-Z]$", "the letter of a drive, like C")]
Program = Annotated[str, *like(r"^[A-Za-z0-9_.-]{1,60}$", "a program: letters, digits, dots, hyphens, 60 at most")]
Label = Annotated[str, Field(min_length=1, max_length=255)]


class ServerSpec(Part):
    name: Annotated[str, *like(r"^[A-Za-z0-9-]{1,63}$", "the name of a host: letters, digits and hyphens, 63 at most")]
    tenant: Label = "default"
    client: Label = "default"
    site: Label = "default"
    os: Literal["windows-2016", "windows-2019", "windows-2022", "windows-2025"] = "windows-2022"
    transport: Literal["http", "https"] = "http"
    auth: Literal["ntlm", "negotiate", "kerberos", "basic", "credssp"] = "ntlm"
    tags: tuple[Annotated[str, *like(r"^[^\s=]+(=[^=]*)?$", "a word, or key=value")], ...] = ()
    instances: tuple[InstanceSpec, ...] = ()
    os_updates: tuple[OsUpdateSpec, ...] = ()
    update_service: Literal["windows_update", "wsus", "unreachable"] = "windows_update"
    """Who offers them to the host."""
    disk_free_gb: dict[Letter, Annotated[int, Field(ge=0, le=100_000)]] = Field(default_factory=lambda: {"C": 60})
    disk_fills_gb_per_hour: dict[Letter, Annotated[int, Field(ge=0, le=1000)]] = Field(default_factory=dict)
    pending_reboot: tuple[PendingReason, ...] = ()
    last_backup_hours: Annotated[int, Field(ge=0, le=100_000)] | None = 6
    applications: tuple[Program, ...] = ()
    """Services of this name, each with a process of the same name."""
    clock_drift_seconds: Annotated[int, Field(ge=-86_400, le=86_400)] = 0
    clock_set_at_boot: bool = False
    """Whether the time service puts the clock right when the host starts."""
    rights: Literal["administrator", "user"] = "administrator"
    """Those of the account that logs on: PowerShell remoting is open to administrators alone."""
    execution_policy: Literal["Undefined", "RemoteSigned", "AllSigned", "Restricted"] = "Undefined"
    """What a group policy of the machine says about script files."""
    drydock_folder: Literal["secured", "foreign", "open", "link"] = "secured"
    """What lies where claims, jobs and packages go: made by somebody else, open to others, or leading elsewhere."""
    chatty: bool = False
    """Whether what runs there writes into every stream beside its output, as some profiles and drivers do."""
    group: GroupSpec | None = None
    faults: tuple[FaultSpec, ...] = ()

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.tells("auth", "transport") and self.auth in ("basic", "credssp") and self.transport == "http":
            yield "auth", f'"{self.auth}" sends the password; give it "transport": "https"'
        for key, name in (("instances", "name"), ("os_updates", "kb")):
            if self.tells(key):
                yield from repeated(key, getattr(self, key), name)
        if self.tells("group", "instances") and self.group is not None and not self.instances:
            yield "instances", "a member of a group needs some"
        yield from self._about_disks()
        if self.tells("faults"):
            told = ((index, one.kind) for index, one in enumerate(self.faults) if one.tells("kind"))
            yield from ((f"faults[{index}].kind", why) for index, kind in told if (why := self.why_never(kind)))

    def _about_disks(self) -> Iterator[tuple[str, str]]:
        if self.tells("disk_free_gb") and "C" not in self.disk_free_gb:
            yield "disk_free_gb", 'the system drive "C" is missing; give its free space, too'
        if self.tells("disk_free_gb", "disk_fills_gb_per_hour"):
            for drive in sorted(self.disk_fills_gb_per_hour.keys() - self.disk_free_gb.keys()):
                yield "disk_fills_gb_per_hour", f'"disk_free_gb" does not name drive {drive}'

    def why_never(self, kind: Kind) -> str | None:
        """Why a fault of this kind could never befall the host."""
        if kind == "bad_tls" and self.tells("transport") and self.transport == "http":
            return '"bad_tls" needs "transport": "https"'
        needed = NEEDS.get(kind, ())
        if needed and self.tells(*needed) and not any(getattr(self, key) for key in needed):
            keys = " or ".join(f'"{key}"' for key in needed)
            return f'"{kind}" needs {keys}: else it never happens'
        return None
