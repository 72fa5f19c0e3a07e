"""An instance of SQL Server, as a scenario describes it."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.model.build import FAMILIES, Build
from core.settings.reading import Section


def _known(build: str) -> str:
    if Build.parse(build).family is None:
        raise ValueError(f"{build} is of no version family; known are {', '.join(FAMILIES.values())}")
    return build


class InstanceSpec(Section):
    name: Annotated[str, Field(pattern=r"^[A-Za-z_#$][\w#$]{0,15}$")] = "MSSQLSERVER"
    build: Annotated[str, AfterValidator(_known)]
    edition: str = "Enterprise Edition: Core-based Licensing (64-bit)"
    encryption: Literal["none", "login", "required"] = "login"
    start_mode: Literal["Auto", "Delayed", "Manual", "Disabled"] = "Auto"
    rights: Literal["sysadmin", "public"] = "sysadmin"
    """Those of the login that asks it: without any, msdb and the server's state are refused."""
