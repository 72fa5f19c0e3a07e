"""What the exit codes of SQL Server's setup mean. Setup writes 32-bit results, often negative in decimal."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class SetupResult(StrEnum):
    SUCCESS = "success"
    SUCCESS_REBOOT = "success_reboot"
    BUSY = "busy"
    REBOOT_PENDING = "reboot_pending"
    NOTHING_TO_DO = "nothing_to_do"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SetupMeaning:
    result: SetupResult
    words: str
    hint: str = ""


_CODES: dict[int, SetupMeaning] = {
    0: SetupMeaning(SetupResult.SUCCESS, "succeeded"),
    3010: SetupMeaning(SetupResult.SUCCESS_REBOOT, "succeeded, a restart is needed"),
    1641: SetupMeaning(SetupResult.SUCCESS_REBOOT, "succeeded, setup began a restart"),
    3011: SetupMeaning(SetupResult.SUCCESS_REBOOT, "succeeded, a restart is needed"),
    1618: SetupMeaning(SetupResult.BUSY, "another installation is in progress", "wait for it to end, then try again"),
    1603: SetupMeaning(SetupResult.FAILED, "a fatal error", "Detail.txt beside Summary.txt names the action"),
    1648: SetupMeaning(SetupResult.FAILED, "no valid sequence of patches", "check the installer cache"),
    -2067919934: SetupMeaning(SetupResult.REBOOT_PENDING, "a restart is pending", "restart, then run it again"),
    -2061893606: SetupMeaning(SetupResult.FAILED, "the engine did not come up afterwards", "read the ERRORLOG"),
    -2042429437: SetupMeaning(SetupResult.NOTHING_TO_DO, "the features are absent or already on a higher build"),
    -2068052310: SetupMeaning(SetupResult.FAILED, "setup needs the original media", "restore the installer cache"),
    -2068643839: SetupMeaning(
        SetupResult.FAILED, "setup probably needs the original media", "restore the installer cache"
    ),
    -2068709375: SetupMeaning(SetupResult.FAILED, "the installer cache is broken or a prerequisite is missing"),
    112: SetupMeaning(SetupResult.FAILED, "the disk is full", "free some space on the host's drives"),
    -2147024784: SetupMeaning(SetupResult.FAILED, "the disk is full", "free some space on the host's drives"),
    -1073741819: SetupMeaning(SetupResult.FAILED, "setup crashed", "the event log of the host tells where"),
    -2068052293: SetupMeaning(SetupResult.FAILED, "an installer action failed to run"),
}


def signed(code: int) -> int:
    """The code as setup's documentation writes it, whichever form it came in."""
    code &= 0xFFFFFFFF
    return code - 0x100000000 if code >= 0x80000000 else code


def meaning_of(code: int, success: Collection[int] = (), reboot: Collection[int] = ()) -> SetupMeaning:
    """The mapping's own codes come first, then the exact table. Any other failed, whatever its low word looks like."""
    code = signed(code)
    if code in {signed(one) for one in reboot}:
        return SetupMeaning(SetupResult.SUCCESS_REBOOT, "succeeded, as the mapping says, a restart is needed")
    if code in {signed(one) for one in success}:
        return SetupMeaning(SetupResult.SUCCESS, "succeeded, as the mapping says")
    known = _CODES.get(code)
    if known is not None:
        return known
    low = code & 0xFFFF
    hint = f"its low word is {low}: a hint only" if code < 0 else ""
    return SetupMeaning(SetupResult.FAILED, "a code that is not known", hint)


def spelled(code: int) -> str:
    """Both forms: -2067919934 (0x84BE0BC2)."""
    return f"{signed(code)} (0x{code & 0xFFFFFFFF:08X})"


# Setup's log folders, by version family.
LOG_FOLDERS: dict[str, str] = {
    "2008": "100",
    "2008R2": "100",
    "2012": "110",
    "2014": "120",
    "2016": "130",
    "2017": "140",
    "2019": "150",
    "2022": "160",
    "2025": "170",
}
