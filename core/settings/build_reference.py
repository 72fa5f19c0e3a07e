"""config/build_reference.json: the releases of SQL Server, in our own form."""

import json
from collections import Counter
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from core.model.build import Build
from core.model.reference import Branch, Reference, Release
from core.settings.phrases import like
from core.settings.reading import Section

REFERENCE = "config/build_reference.json"
Kb = Annotated[str, *like(r"^[0-9]{4,8}$", "the digits of a KB, like 5044281")]


class BuildSection(Section):
    version: str
    family: Annotated[str, *like(r"^20[0-9]{2}(R2)?$", "a version like 2019 or 2008R2")]
    level: Annotated[str, Field(min_length=1)]
    kbs: tuple[Kb, ...] = ()
    branch: Branch
    released: date | None = None
    support_ends: date | None = None
    withdrawn: bool = False

    @field_validator("version")
    @classmethod
    def _parseable(cls, version: str) -> str:
        return str(Build.parse(version))

    @model_validator(mode="after")
    def _of_its_family(self) -> "BuildSection":
        known = Build.parse(self.version).family
        if known is not None and known != self.family:
            raise ValueError(f'build {self.version} is SQL Server {known}, not {self.family}; correct "family"')
        return self


class BuildReferenceFile(Section):
    schema_version: Literal[1]
    as_of: date
    builds: tuple[BuildSection, ...]

    @field_validator("builds")
    @classmethod
    def _each_once(cls, builds: tuple[BuildSection, ...]) -> tuple[BuildSection, ...]:
        twice = [version for version, times in Counter(one.version for one in builds).items() if times > 1]
        if twice:
            raise ValueError(f"stand there more than once: {', '.join(twice)}; keep one row for each build")
        return builds


def reference_of(file: BuildReferenceFile) -> Reference:
    releases = sorted((_release(one) for one in file.builds), key=lambda one: one.build)
    return Reference(file.as_of, tuple(releases))


def text_of(reference: Reference) -> str:
    """The file's text, a line for each build, so that a comparison of two versions shows builds."""
    rows = ",\n".join(f"    {json.dumps(_row(one))}" for one in reference.releases)
    return (
        "{\n"
        '  "$schema": "schemas/build_reference.schema.json",\n'
        '  "schema_version": 1,\n'
        f'  "as_of": "{reference.as_of.isoformat()}",\n'
        f'  "builds": [\n{rows}\n  ]\n'
        "}\n"
    )


def _release(section: BuildSection) -> Release:
    return Release(
        build=Build.parse(section.version),
        family=section.family,
        level=section.level,
        kbs=section.kbs,
        branch=section.branch,
        released=section.released,
        support_ends=section.support_ends,
        withdrawn=section.withdrawn,
    )


def _row(release: Release) -> dict[str, Any]:
    return {
        "version": str(release.build),
        "family": release.family,
        "level": release.level,
        "kbs": list(release.kbs),
        "branch": release.branch.value,
        "released": None if release.released is None else release.released.isoformat(),
        "support_ends": None if release.support_ends is None else release.support_ends.isoformat(),
        "withdrawn": release.withdrawn,
    }
