"""Puts together all that the reference knows about one build."""

from dataclasses import dataclass
from datetime import date

from core.catalog.branches import track_of
from core.catalog.reference import (
    baseline_release,
    behind,
    branch_of,
    is_supported,
    is_usable,
    neighbours,
    release_of,
    superseded_by,
    supersedes,
)
from core.model.build import Build
from core.model.reference import Behind, Branch, Reference, Release, Track


@dataclass(frozen=True, slots=True)
class Explanation:
    """Release is None for a build that the reference does not know; then the nearest known ones say where it lies."""

    build: Build
    release: Release | None
    branch: Branch
    baseline: Release | None
    contains: tuple[Release, ...]
    superseded_by: tuple[Release, ...]
    behind: Behind | None
    newest_by_track: dict[Track, Release]
    newer_service_pack: Release | None
    supported: bool | None
    below: Release | None = None
    above: Release | None = None


def explain(reference: Reference, build: Build, as_of: date) -> Explanation:
    known = release_of(reference, build)
    base = baseline_release(reference, build)
    source = known or base
    below, above = (None, None) if known is not None else neighbours(reference, build)
    return Explanation(
        build=build,
        release=known,
        branch=branch_of(reference, build) if known is None else known.branch,
        baseline=base,
        contains=supersedes(reference, build),
        superseded_by=superseded_by(reference, build, as_of),
        behind=behind(reference, build, as_of),
        newest_by_track=_newest_by_track(reference, base, as_of),
        newer_service_pack=_newer_service_pack(reference, base, as_of),
        supported=None if source is None else is_supported(source, as_of),
        below=below,
        above=above,
    )


def nearest_kbs(reference: Reference, kb: str, count: int = 4) -> tuple[Release, ...]:
    """Microsoft numbers the updates of one day in a row, so that near numbers tell when a KB came out."""
    wanted = int(kb)
    far = [(abs(int(one) - wanted), release) for release in reference.releases for one in release.kbs]
    nearest = sorted(far, key=lambda pair: (pair[0], pair[1].build))
    return tuple(dict.fromkeys(release for _, release in nearest[:count]))


def _newest_by_track(reference: Reference, base: Release | None, as_of: date) -> dict[Track, Release]:
    """Where each branch on the same baseline stands."""
    newest: dict[Track, Release] = {}
    for one in reference.releases:
        track = track_of(one.branch)
        if track is not None and base == baseline_release(reference, one.build) and is_usable(one, as_of):
            newest[track] = one
    return newest


def _newer_service_pack(reference: Reference, base: Release | None, as_of: date) -> Release | None:
    if base is None:
        return None
    packs = [
        one
        for one in reference.releases
        if one.branch is Branch.RTM_SP and one.family == base.family and one.build > base.build
    ]
    return next((one for one in reversed(packs) if is_usable(one, as_of)), None)
