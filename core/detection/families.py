"""Which family a host's operating system belongs to, and how each family is asked and read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.detection.sql import EngineWords
from core.detection.windows import facts_of
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host


class Family(StrEnum):
    WINDOWS = "Windows"
    LINUX = "Linux"
    MACOS = "macOS"


@dataclass(frozen=True, slots=True)
class Detector:
    """What a family's hosts are asked, and how their answer becomes facts."""

    call: Call[Any, Any]
    read: Callable[[str, Any, tuple[EngineWords, ...], datetime], Facts | Failure]


# A new family is one more line here, and its answer's way into Facts.
DETECTORS: dict[Family, Detector] = {Family.WINDOWS: Detector(Call(HOST_FACTS, NoParameters()), facts_of)}

_WORDS: dict[Family, tuple[str, ...]] = {
    Family.WINDOWS: ("windows", "win"),
    Family.MACOS: ("macos", "mac os", "darwin"),
    Family.LINUX: (
        "linux",
        "rhel",
        "red hat",
        "redhat",
        "ubuntu",
        "debian",
        "suse",
        "sles",
        "centos",
        "rocky",
        "alma",
        "fedora",
        "oracle",
        "amazon",
    ),
}


def family_of(os: str | None) -> Family:
    """By the words of the inventory. A host that says nothing is one of Windows, as AutoDBAudit's all are."""
    told = (os or "").strip().casefold()
    return next((family for family, words in _WORDS.items() if told.startswith(words)), Family.WINDOWS)


def detector_for(host: Host) -> Detector | Failure:
    family = family_of(host.os)
    found = DETECTORS.get(family)
    if found is None:
        hint = 'set "enabled": false for its targets, or correct their "os"'
        return Failure(Cause.UNSUPPORTED, f"{host.name} runs {family}, which this version does not patch", hint)
    return found
