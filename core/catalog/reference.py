"""Answers questions about builds from the reference: what one is, what replaces it, how far behind it lies."""

from bisect import bisect_left, bisect_right
from datetime import date

from core.catalog.branches import baseline_of, has_service_packs, inferred, track_of
from core.model.build import Build
from core.model.reference import Behind, Branch, Reference, Release, Track


def release_of(reference: Reference, build: Build) -> Release | None:
    """The one release with these numbers. None if there is none, or if a short form fits several."""
    fitting = [one for one in _alike(reference, build) if one.build.is_same(build)]
    exact = [one for one in fitting if one.build == build]
    found = exact or fitting
    return found[0] if len(found) == 1 else None


def releases_with_kb(reference: Reference, kb: str) -> tuple[Release, ...]:
    """Usually one; a withdrawn release and what replaced it can share a KB."""
    return tuple(one for one in reference.releases if kb in one.kbs)


def neighbours(reference: Reference, build: Build) -> tuple[Release | None, Release | None]:
    """The nearest known releases of the same family below and above."""
    at = bisect_left(reference.releases, build, key=lambda one: one.build)
    below = reference.releases[at - 1] if at else None
    above = reference.releases[at] if at < len(reference.releases) else None
    return (_of_family(below, build), _of_family(above, build))


def branch_of(reference: Reference, build: Build) -> Branch:
    """As the reference says. By number an unknown build is told to be of the CU line, not what it is in there."""
    known = release_of(reference, build)
    return inferred(build, is_cu=True) if known is None else known.branch


def track(reference: Reference, build: Build) -> Track | None:
    return track_of(branch_of(reference, build))


def line_of(reference: Reference, build: Build) -> tuple[Release, ...]:
    """The releases of the build's branch on its baseline, oldest first; none if the branch is ambiguous."""
    wanted, base = track(reference, build), baseline_of(build)
    if wanted is None or base is None:
        return ()
    return tuple(
        one
        for one in _family(reference, build)
        if track_of(one.branch) is wanted and baseline_of(one.build) is base and one.branch is not Branch.RTM_SP
    )


def newest_in_branch(reference: Reference, build: Build, as_of: date) -> Release | None:
    """The newest usable release of the build's branch. May be the build's own, and older than an unknown build."""
    usable = [one for one in line_of(reference, build) if is_usable(one, as_of)]
    return usable[-1] if usable else None


def superseded_by(reference: Reference, build: Build, as_of: date) -> tuple[Release, ...]:
    """Newer usable releases of the same branch, oldest first; each contains the build."""
    return tuple(one for one in line_of(reference, build) if not build.reaches(one.build) and is_usable(one, as_of))


def supersedes(reference: Reference, build: Build) -> tuple[Release, ...]:
    """Older releases of the same branch, which the build contains."""
    return tuple(one for one in line_of(reference, build) if not one.build.reaches(build))


def behind(reference: Reference, build: Build, as_of: date) -> Behind | None:
    """Counted on the build's own branch and baseline, up to that day's newest; None if its branch is ambiguous."""
    if not line_of(reference, build):
        return None
    newer = superseded_by(reference, build, as_of)
    own = release_of(reference, build)
    cus = sum(1 for one in newer if one.branch is Branch.CU)
    if not newer:
        return Behind(0, 0, 0)
    return Behind(cus, len(newer), months_between(own.released if own else None, newer[-1].released))


def is_withdrawn(reference: Reference, build: Build) -> bool:
    known = release_of(reference, build)
    return known is not None and known.withdrawn


def is_usable(release: Release, as_of: date) -> bool:
    """Published by then and not withdrawn. A release without a date was there before dates were kept."""
    return not release.withdrawn and (release.released is None or release.released <= as_of)


def is_supported(release: Release, as_of: date) -> bool | None:
    """None if the reference has no date."""
    return None if release.support_ends is None else as_of <= release.support_ends


def baseline_release(reference: Reference, build: Build) -> Release | None:
    """RTM or the service pack that the build lies on."""
    bases = [one for one in _family(reference, build) if one.branch is Branch.RTM_SP and build.reaches(one.build)]
    return bases[-1] if bases else None


def service_pack_needed(reference: Reference, build: Build, target: Build) -> Release | None:
    """The service pack that must be there before the target, if the build lies on an older one."""
    base = baseline_release(reference, target)
    if base is None or build.family != target.family or not has_service_packs(base.family):
        return None
    return None if build.reaches(base.build) or base.build.is_same(target) else base


def crosses_branch(reference: Reference, build: Build, target: Build) -> bool:
    """Whether going there leaves the branch that was chosen.

    A baseline has chosen none, so that a CU on it crosses nothing. A service pack is the way on for both branches, and
    where a baseline has no CUs, its security updates are. The Azure Connect Pack adds features: it is always a choice.
    """
    before, after = branch_of(reference, build), branch_of(reference, target)
    if track_of(before) is track_of(after) or after is Branch.RTM_SP:
        return False
    if before is Branch.RTM_SP:
        return after is Branch.AZURE_CONNECT
    base, new_base = baseline_of(build), baseline_of(target)
    moves_on = base is not new_base and new_base is not None and new_base.cus_start is None
    return not (moves_on and after is Branch.GDR)


def months_between(first: date | None, last: date | None) -> int | None:
    """Whole months."""
    if first is None or last is None:
        return None
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))


def _short(release: Release) -> tuple[int, int, int]:
    return release.build.short


def _alike(reference: Reference, build: Build) -> tuple[Release, ...]:
    low = bisect_left(reference.releases, build.short, key=_short)
    return reference.releases[low : bisect_right(reference.releases, build.short, key=_short)]


def _family(reference: Reference, build: Build) -> tuple[Release, ...]:
    low = bisect_left(reference.releases, (build.major, build.minor), key=lambda one: one.build.short[:2])
    high = bisect_right(reference.releases, (build.major, build.minor), key=lambda one: one.build.short[:2])
    return reference.releases[low:high]


def _of_family(release: Release | None, build: Build) -> Release | None:
    return release if release is not None and release.build.short[:2] == build.short[:2] else None
