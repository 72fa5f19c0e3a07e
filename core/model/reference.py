"""The build reference: every release of SQL Server that is known, and the branch that it belongs to."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.model.build import Build


class Branch(StrEnum):
    """What a release brings. Microsoft's numbers do not say it, so it is inferred, or called ambiguous."""

    RTM_SP = "rtm_sp"
    GDR = "gdr"
    CU = "cu"
    SECURITY_ON_CU = "security_on_cu"
    HOTFIX_ON_CU = "hotfix_on_cu"
    AZURE_CONNECT = "azure_connect"
    PREVIEW = "preview"
    AMBIGUOUS = "ambiguous"


class Track(StrEnum):
    """A line of releases on one baseline, each of which contains the ones before it."""

    GDR = "gdr"
    CU = "cu"
    AZURE_CONNECT = "azure_connect"


@dataclass(frozen=True, slots=True)
class Release:
    """One build. Level names the service pack and the CU that it contains ("RTM", "SP2 CU17", "CU32")."""

    build: Build
    family: str
    level: str
    kbs: tuple[str, ...]
    branch: Branch
    released: date | None = None
    support_ends: date | None = None
    withdrawn: bool = False

    def __str__(self) -> str:
        """SQL Server 2019 CU32, build 15.0.4430"""
        return f"SQL Server {self.family} {self.title}, build {self.build}"

    @property
    def title(self) -> str:
        """CU32 · SP3 GDR · CU30 with security update · SP3 Azure Connect Pack"""
        return self.level + _ADDED.get(self.branch, "")


_ADDED: dict[Branch, str] = {
    Branch.GDR: " GDR",
    Branch.SECURITY_ON_CU: " with a security update",
    Branch.HOTFIX_ON_CU: " with a hotfix",
    Branch.AZURE_CONNECT: " Azure Connect Pack",
    Branch.AMBIGUOUS: " with an update of unknown branch",
}


@dataclass(frozen=True, slots=True)
class Reference:
    """All releases in the order of their builds, as they were known on one day."""

    as_of: date
    releases: tuple[Release, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """How far a build lies behind the newest of its own branch. Months are unknown where a release has no date."""

    cus: int
    updates: int
    months: int | None
