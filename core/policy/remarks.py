"""What the operator must know about a build and its target, though the decision stands."""

from collections.abc import Iterator
from datetime import date

from core.catalog.branches import track_of
from core.catalog.reference import branch_of, crosses_branch, is_supported, newest_in_branch, release_of
from core.model.build import Build
from core.model.reference import Reference, Track
from core.model.verdict import Remark


def remarks_about(build: Build, edition: str, target: Build, reference: Reference, today: date) -> tuple[Remark, ...]:
    return tuple(_remarks(build, edition, target, reference, today))


def _remarks(build: Build, edition: str, target: Build, reference: Reference, today: date) -> Iterator[Remark]:
    ahead = not build.reaches(target)
    if reference.releases:
        yield from _unknown(build, target, reference)
        yield from _support(build, reference, today)
        yield from _newer(max(build, target), reference, today)
    if ahead and (known := release_of(reference, target)) is not None and known.released is None:
        message = f"the reference does not say when {target} came out, so that no minimum age can be asked of it"
        yield Remark("unknown_age", message)
    if ahead and crosses_branch(reference, build, target):
        yield Remark(
            "branch_crossing", f"from {build} to {target} the branch is switched, as policy asks; this is one-way"
        )
    elif ahead and _leaves_gdr(build, target, reference):
        message = f"{target} puts {build} on the CU branch; back goes only by uninstalling every CU"
        yield Remark("one_way", message)
    if "express" in edition.casefold():
        message = "Express often takes no TCP connections; registry and file version are its witnesses then"
        yield Remark("express", message)


def _unknown(build: Build, target: Build, reference: Reference) -> Iterator[Remark]:
    for one, what in ((build, "the build found"), (target, "the mapping's target")):
        if release_of(reference, one) is None:
            message = f"{one}, {what}, is not in the reference of {reference.as_of}; it is planned by its number"
            yield Remark("unknown_build", message)


def _support(build: Build, reference: Reference, today: date) -> Iterator[Remark]:
    known = release_of(reference, build)
    if known is not None and is_supported(known, today) is False:
        yield Remark("out_of_support", f"support for {known} ended on {known.support_ends}")


def _newer(build: Build, reference: Reference, today: date) -> Iterator[Remark]:
    newest = newest_in_branch(reference, build, today)
    if newest is not None and not build.reaches(newest.build):
        kbs = ", ".join(f"KB{kb}" for kb in newest.kbs)
        message = f"{build} is not the latest of its branch: {newest.build} ({newest.title}, {kbs}) is out"
        yield Remark("newer_build_exists", message)


def _leaves_gdr(build: Build, target: Build, reference: Reference) -> bool:
    return track_of(branch_of(reference, build)) is Track.GDR and track_of(branch_of(reference, target)) is Track.CU
