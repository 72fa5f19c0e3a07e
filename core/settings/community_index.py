"""The community's build index, as its maintainers publish it. It is imported, never kept."""

from collections import Counter
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, ConfigDict, Field, field_validator

from core.model.build import Build
from core.settings.reading import Section


def _listed(value: object) -> object:
    """The index writes one entry without its list."""
    return [value] if isinstance(value, str) else value


KbNumber = Annotated[str, Field(pattern=r"^[0-9]{4,8}$")]
ServicePack = Annotated[str, Field(pattern=r"^(RTM|SP[0-9]|RC|CTP|LATEST)$")]


class IndexRow(Section):
    """Its publishers may add keys of their own."""

    model_config = ConfigDict(extra="ignore", strict=False)

    version: str = Field(alias="Version")
    name: str | None = Field(alias="Name", default=None)
    service_packs: Annotated[tuple[ServicePack, ...], BeforeValidator(_listed)] = Field(alias="SP", default=())
    cu: str | None = Field(alias="CU", default=None, pattern=r"^CU[0-9]{1,3}$")
    kbs: Annotated[tuple[KbNumber, ...], BeforeValidator(_listed)] = Field(alias="KBList", default=())
    released: datetime | None = Field(alias="ReleaseDate", default=None)
    supported_until: datetime | None = Field(alias="SupportedUntil", default=None)
    retired: bool = Field(alias="Retired", default=False)

    @field_validator("version")
    @classmethod
    def _parseable(cls, version: str) -> str:
        return str(Build.parse(version))

    @property
    def build(self) -> Build:
        return Build.parse(self.version)

    @property
    def service_pack(self) -> str | None:
        return next((one for one in self.service_packs if one != "LATEST"), None)


class CommunityIndex(Section):
    model_config = ConfigDict(extra="ignore", strict=False)

    last_updated: datetime = Field(alias="LastUpdated")
    rows: tuple[IndexRow, ...] = Field(alias="Data")

    @field_validator("rows")
    @classmethod
    def _each_once(cls, rows: tuple[IndexRow, ...]) -> tuple[IndexRow, ...]:
        if not rows:
            raise ValueError("holds no builds; this is not the whole index, fetch it again")
        twice = [version for version, times in Counter(row.version for row in rows).items() if times > 1]
        if twice:
            raise ValueError(f"stand there more than once: {', '.join(twice)}; keep one row for each build")
        return rows
