"""Holds the switches of an installer against what an unattended patch needs."""

from collections.abc import Collection

from core.model.build import Build
from core.model.fault import Fault

_LICENSE = "/IAcceptSQLServerLicenseTerms"
_INSTANCE_SWITCHES = ("/allinstances", "/instancename=", "/instanceid=")
_QUIET_SWITCHES = ("/quiet", "/qs")


def switch_faults(where: str, parameters: str, target: Build) -> list[Fault]:
    """Each thing that is missing, rejected or contradicted, once."""
    words = tuple(word.casefold() for word in parameters.split())
    checks = (_quiet(words), _license(words, target), _action(words), _instances(words), _repeated(words))
    return [
        Fault(where, code, message, found=parameters, expected=expected)
        for code, message, expected in (one for one in checks if one is not None)
    ]


def is_missing_one_of(fault: Fault, meant: Collection[str]) -> bool:
    """Whether the switch is missing because it is misspelt, so that the slip was told already."""
    ways: dict[str, tuple[str, ...]] = {
        "missing_quiet": _QUIET_SWITCHES,
        "missing_license_switch": (_LICENSE.casefold(),),
        "missing_action": ("/action=patch",),
        "missing_instance_switch": _INSTANCE_SWITCHES,
    }
    return any(one.casefold() in ways.get(fault.code, ()) for one in meant)


Finding = tuple[str, str, str] | None


def _quiet(words: tuple[str, ...]) -> Finding:
    count = sum(1 for switch in _QUIET_SWITCHES if switch in words)
    if count == 2:
        return ("contradictory_switches", "/quiet and /qs exclude each other; keep /quiet", "/quiet")
    if count == 1:
        return None
    return ("missing_quiet", "setup would open a window that nobody sees, and wait for ever; add /quiet", "/quiet")


def _license(words: tuple[str, ...], target: Build) -> Finding:
    accepts = _LICENSE.casefold() in words
    if target.family == "2008":
        message = f"setup of SQL Server 2008 rejects {_LICENSE}; remove it"
        return ("rejected_license_switch", message, f"no {_LICENSE}") if accepts else None
    message = f"a quiet setup stops without {_LICENSE}; add it"
    return None if accepts else ("missing_license_switch", message, _LICENSE)


def _action(words: tuple[str, ...]) -> Finding:
    if "/action=patch" in words:
        return None
    return ("missing_action", "nothing says that this is to patch; add /Action=Patch", "/Action=Patch")


def _instances(words: tuple[str, ...]) -> Finding:
    kinds = {switch for switch in _INSTANCE_SWITCHES for word in words if word.startswith(switch)}
    if not kinds:
        message = "without an instance switch setup patches shared components only; add /AllInstances"
        return ("missing_instance_switch", message, "/AllInstances")
    if len(kinds) > 1:
        message = "several kinds of instance switches contradict each other; keep one of them"
        return ("contradictory_switches", message, "one of /AllInstances, /InstanceName=, /InstanceID=")
    return None


def _repeated(words: tuple[str, ...]) -> Finding:
    twice = sorted({word for word in words if words.count(word) > 1})
    if not twice:
        return None
    return ("repeated_switch", f"{', '.join(twice)} stands there more than once; keep one", "each switch once")
