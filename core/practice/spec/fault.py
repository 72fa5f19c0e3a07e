"""The faults that befall imaginary hosts, and the moments at which each makes sense."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from core.practice.spec.part import Part

When = Literal["connect", "assess", "transfer", "install", "reboot", "verify", "always"]
Kind = Literal[
    "refuse",
    "mute",
    "bad_tls",
    "auth_failed",
    "dns",
    "drop_network",
    "winrm_restart",
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
    "other_installer",
    "application_down",
    "logs_denied",
    "superseded",
    "wua_denied",
    "wua_loop",
    "role_changed",
    "script_upgrade_failed",
    "removal_fails",
]

_NETWORK: tuple[When, ...] = ("connect", "always")
_INSTALL: tuple[When, ...] = ("install",)
_REBOOT: tuple[When, ...] = ("reboot",)
_VERIFY: tuple[When, ...] = ("verify",)
_LOOKS: tuple[When, ...] = ("assess", "verify")

_MOMENTS: dict[Kind, tuple[When, ...]] = {
    "refuse": _NETWORK,
    "mute": _NETWORK,
    "bad_tls": _NETWORK,
    "auth_failed": _NETWORK,
    "dns": _NETWORK,
    "drop_network": ("assess", "transfer", "install", "reboot", "verify"),
    "winrm_restart": _INSTALL,
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
    "service_down": _LOOKS,
    "database_suspect": _LOOKS,
    "upgrade_mode": _VERIFY,
    "file_corrupt": ("transfer",),
    "pending_reboot": _LOOKS,
    "second_console": ("assess",),
    "job_running": ("assess",),
    "other_installer": ("assess",),
    "application_down": ("assess", "verify"),
    "logs_denied": ("verify",),
    "superseded": _INSTALL,
    "wua_denied": ("assess",),
    "wua_loop": _INSTALL,
    "role_changed": ("assess",),
    "script_upgrade_failed": _VERIFY,
    "removal_fails": _VERIFY,
}

# At which moments a kind of fault makes sense. Those of the network last until they are cleared, and so does whatever
# is there always, at each of its moments.
MOMENTS: dict[Kind, tuple[When, ...]] = {
    kind: tuple(dict.fromkeys((*moments, "always"))) for kind, moments in _MOMENTS.items()
}

_TO_INSTALL = ("instances", "os_updates")
# What a host must have for a fault to befall it: one of these.
NEEDS: dict[Kind, tuple[str, ...]] = {
    "installer_exit": _TO_INSTALL,
    "installer_hang": _TO_INSTALL,
    "installer_crash": _TO_INSTALL,
    "late_success": _TO_INSTALL,
    "job_lost": _TO_INSTALL,
    "winrm_restart": _TO_INSTALL,
    "removal_fails": _TO_INSTALL,
    "exit_ok_build_unchanged": _TO_INSTALL,
    "exit_bad_build_reached": ("instances",),
    "service_down": ("instances",),
    "database_suspect": ("instances",),
    "upgrade_mode": ("instances",),
    "script_upgrade_failed": ("instances",),
    "job_running": ("instances",),
    "application_down": ("applications",),
    "superseded": ("os_updates",),
    "wua_loop": ("os_updates",),
    "role_changed": ("group",),
}


class FaultSpec(Part):
    """A fault waits for its moment and happens so many times. Seconds are of the host's own life."""

    when: When
    kind: Kind
    after_percent: Annotated[int, Field(ge=0, le=100)] = 40
    times: Annotated[int, Field(ge=1, le=1000)] = 1
    code: int = 1603
    seconds: Annotated[int, Field(ge=1, le=86_400)] = 600

    def contradictions(self) -> Iterable[tuple[str, str]]:
        if self.tells("when", "kind") and self.when not in MOMENTS[self.kind]:
            moments = " or ".join(f'"{moment}"' for moment in MOMENTS[self.kind])
            yield "when", f'"{self.kind}" happens at {moments}, not at "{self.when}"'
