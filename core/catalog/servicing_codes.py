"""What DISM's exit codes mean when it removes a package. Most are HRESULTs, negative in decimal."""

from dataclasses import dataclass
from enum import StrEnum

from core.catalog.setup_codes import spelled


class RemovalResult(StrEnum):
    REMOVED = "removed"
    REMOVED_REBOOT = "removed_reboot"
    PERMANENT = "permanent"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RemovalMeaning:
    result: RemovalResult
    words: str
    hint: str = ""


_KNOWN = {
    0: RemovalMeaning(RemovalResult.REMOVED, "removed"),
    3010: RemovalMeaning(RemovalResult.REMOVED_REBOOT, "removed; a restart finishes it"),
    0x800F0825: RemovalMeaning(RemovalResult.PERMANENT, "the package is permanent and cannot be removed"),
    0x800F0806: RemovalMeaning(
        RemovalResult.FAILED,
        "an operation of the servicing stack is pending",
        "restart the host, then try by hand",
    ),
    0x800F0805: RemovalMeaning(RemovalResult.FAILED, "the package is not there"),
    0x800F0831: RemovalMeaning(
        RemovalResult.FAILED, "the component store is damaged", "DISM /Online /Cleanup-Image /RestoreHealth may mend it"
    ),
    5: RemovalMeaning(RemovalResult.FAILED, "access was denied"),
}
_UNKNOWN = "see CBS.log and DISM's log on the host"


def removal_meaning(exit_code: int) -> RemovalMeaning:
    known = _KNOWN.get(exit_code if exit_code >= 0 else exit_code & 0xFFFFFFFF)
    return known or RemovalMeaning(RemovalResult.FAILED, f"DISM ended with {spelled(exit_code)}", _UNKNOWN)
