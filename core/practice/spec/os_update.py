"""An update of the operating system, as a scenario describes it."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from core.practice.spec.part import Part
from core.settings.phrases import like

Kb = Annotated[str, *like(r"^\d{6,8}$", "the digits of a KB, like 5044281")]
Category = Literal[
    "SecurityUpdates",
    "CriticalUpdates",
    "UpdateRollups",
    "ServicePacks",
    "Updates",
    "Drivers",
    "FeaturePacks",
    "Upgrades",
    "DefinitionUpdates",
]


class OsUpdateSpec(Part):
    """An update of the operating system that the host still misses, or has."""

    kb: Kb
    title: str
    severity: Literal["Critical", "Important", "Moderate", "Low", ""] = ""
    category: Category = "SecurityUpdates"
    product: str = "Windows Server"
    reboot: Literal["never", "always", "can"] = "can"
    size_mb: Annotated[int, Field(ge=0, le=100_000)] = 0
    supersedes: tuple[Kb, ...] = ()
    """Offered all the same, as the service does, until this one is installed."""
    servicing_stack: bool = False
    """Installed alone and first."""
    needs_stack: bool = False
    """Not offered as long as a servicing stack is missing."""
    revision: Annotated[int, Field(ge=1)] | None = None
    """The system's revision once it is installed."""
    permanent: bool = False
    """DISM refuses to remove it."""
    released: date = date(2025, 6, 10)
    cves: tuple[Annotated[str, *like(r"^CVE-\d{4}-\d{4,}$", "a CVE, like CVE-2026-12345")], ...] = ()
    installed: bool = False
