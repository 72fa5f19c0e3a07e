"""An update of the operating system, as a scenario describes it."""

from typing import Annotated, Literal

from pydantic import Field

from core.settings.reading import Section


class OsUpdateSpec(Section):
    """An update of the operating system that the host still misses."""

    kb: Annotated[str, Field(pattern=r"^\d{6,8}$")]
    title: str
    severity: Literal["Critical", "Important", "Moderate", "Low", ""] = ""
    category: str = "SecurityUpdates"
    reboot: Literal["never", "always", "can"] = "can"
    size_mb: Annotated[int, Field(ge=0)] = 0
