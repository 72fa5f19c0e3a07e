"""Turns the community's index into our reference, and shows what that changes."""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from core.catalog import corrections
from core.catalog.branches import baseline_of, has_service_packs, inferred, track_of
from core.model.build import Build
from core.model.reference import Branch, Reference, Release, Track
from core.settings.community_index import CommunityIndex, IndexRow


@dataclass(frozen=True, slots=True)
class Change:
    """One build that an import adds, removes or corrects; details name the fields."""

    kind: str
    build: Build
    details: tuple[str, ...] = ()


def imported(index: CommunityIndex) -> Reference:
    """Rows name their service pack and its support end only where it starts: what follows inherits both."""
    names: dict[tuple[int, int], str] = {}
    baselines: dict[str, Release] = {}
    releases: list[Release] = []
    for row in sorted(index.rows, key=lambda one: one.build):
        series = row.build.short[:2]
        if row.name is not None:
            names[series] = row.name
        family = row.build.family or names.get(series, f"{row.build.major}.{row.build.minor}")
        release = _release(row, family, baselines.get(family))
        if release.branch is Branch.RTM_SP:
            baselines[family] = release
        releases.append(release)
    return Reference(index.last_updated.date(), tuple(_with_cus(releases)))


def only_since(reference: Reference, year: str) -> Reference:
    """Families are named by their year, so that text compares as years do."""
    return Reference(reference.as_of, tuple(one for one in reference.releases if one.family >= year))


def changes(before: Reference | None, after: Reference) -> tuple[Change, ...]:
    """In the order of builds."""
    old = {one.build: one for one in before.releases} if before is not None else {}
    new = {one.build: one for one in after.releases}
    found = (_change(build, old.get(build), new.get(build)) for build in sorted(old.keys() | new.keys()))
    return tuple(one for one in found if one is not None)


def _release(row: IndexRow, family: str, base: Release | None) -> Release:
    branch = _branch(row, base)
    starts = branch is Branch.RTM_SP
    ends = corrections.SUPPORT_ENDS.get(row.version) or _day(row.supported_until)
    return Release(
        build=row.build,
        family=family,
        level=_level(row, branch, base),
        kbs=corrections.KBS.get(row.version, row.kbs),
        branch=branch,
        released=_day(row.released),
        support_ends=ends if starts or base is None else base.support_ends,
        withdrawn=row.retired,
    )


def _branch(row: IndexRow, base: Release | None) -> Branch:
    branch = inferred(row.build, row.cu is not None)
    if branch is not Branch.AMBIGUOUS:
        return branch
    if row.service_pack is not None:
        return Branch.RTM_SP if row.service_pack.startswith(("RTM", "SP")) else Branch.PREVIEW
    if base is None:
        return Branch.PREVIEW
    return branch if row.cu is None else Branch.CU


def _level(row: IndexRow, branch: Branch, base: Release | None) -> str:
    if branch is Branch.PREVIEW:
        return row.service_pack or "CTP"
    known = baseline_of(row.build)
    level = known.level if known is not None else row.service_pack or (base.level if base is not None else "RTM")
    return f"{level} {row.cu}" if row.cu is not None else level


def _with_cus(releases: list[Release]) -> list[Release]:
    """Gives what lies on top of a CU that CU's level.

    A withdrawn release without a name is the CU that was published again after it.
    """
    done: list[Release] = []
    for index, release in enumerate(releases):
        if track_of(release.branch) is not Track.CU or release.branch is Branch.CU:
            done.append(release)
        elif release.withdrawn:
            again = next((one for one in releases[index:] if one.branch is Branch.CU), release)
            done.append(replace(release, level=again.level, branch=Branch.CU))
        else:
            below = next((one for one in reversed(done) if one.branch is Branch.CU), None)
            is_on_it = below is not None and baseline_of(below.build) is baseline_of(release.build)
            done.append(replace(release, level=below.level) if below is not None and is_on_it else release)
    return [replace(one, level=_short_level(one)) for one in done]


def _short_level(release: Release) -> str:
    """Without service packs "RTM" says nothing: CU32, not RTM CU32."""
    return release.level if has_service_packs(release.family) else re.sub(r"^RTM (?=CU)", "", release.level)


def _change(build: Build, old: Release | None, new: Release | None) -> Change | None:
    if old is None:
        return Change("added", build, (str(new),))
    if new is None:
        return Change("removed", build, (str(old),))
    details = tuple(
        f"{one.name} {_shown(getattr(old, one.name))} -> {_shown(getattr(new, one.name))}"
        for one in fields(Release)
        if getattr(old, one.name) != getattr(new, one.name)
    )
    return Change("changed", build, details) if details else None


def _shown(value: object) -> str:
    match value:
        case None:
            return "unknown"
        case bool():
            return "yes" if value else "no"
        case tuple():
            return "+".join(str(one) for one in value) or "none"
        case _:
            return str(value)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
