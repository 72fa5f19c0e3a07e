"""An instance of SQL Server, as a scenario describes it."""

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator

from core.model.build import FAMILIES, Build
from core.practice.spec.part import Part
from core.settings.phrases import like

FIRST_WITH_STRICT = 16

InstanceName = Annotated[str, *like(r"^[A-Za-z_#$][\w#$]{0,15}$", "the name of an instance, 16 characters at most")]


def _known(build: str) -> str:
    if Build.parse(build).family is None:
        raise ValueError(f"{build} is of no version family; known are {', '.join(FAMILIES.values())}")
    return build


class InstanceSpec(Part):
    name: InstanceName = "MSSQLSERVER"
    build: Annotated[str, AfterValidator(_known)]
    edition: str = "Enterprise Edition: Core-based Licensing (64-bit)"
    encryption: Literal["none", "login", "required", "strict"] = "login"
    start_mode: Literal["Auto", "Delayed", "Manual", "Disabled"] = "Auto"
    rights: Literal["sysadmin", "public"] = "sysadmin"
    """Those of the login that asks it: without any, msdb and the server's state are refused."""

    def contradictions(self) -> Iterable[tuple[str, str]]:
        """Strict where it is known."""
        if not self.tells("encryption", "build") or self.encryption != "strict":
            return
        if Build.parse(self.build).major < FIRST_WITH_STRICT:
            yield "encryption", '"strict" came with SQL Server 2022; give it "required", or a newer build'
