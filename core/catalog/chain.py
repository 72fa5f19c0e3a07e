"""Follows the files of a mapping in their order: service packs first, nothing beyond the target, one branch."""

from core.catalog.branches import has_service_packs, track_of
from core.catalog.proving import File, Settled, fault_of, minimum_of, settle
from core.catalog.reference import baseline_release
from core.catalog.statements import Statement
from core.model.fault import Fault
from core.model.reference import Branch, Reference, Release
from core.settings.hotfix_mapping import MappingSection


def chain_faults(
    reference: Reference, where: str, section: MappingSection, files: tuple[File, ...], settled: Settled
) -> list[Fault]:
    """About every file but the one that brings the target, and about the service pack that the target needs."""
    faults: list[Fault] = []
    brought: list[Release] = []
    for one in files:
        if one is settled.main:
            continue
        release = _release_of_file(reference, one, settled.truth)
        if release is None:
            continue
        brought.append(release)
        found = [fault_of(reference, said, about, release) for said, about in _wrong(one, release)]
        faults += found or _place_faults(section, one, release, settled)
    return faults + _service_pack_faults(reference, where, section, brought, settled)


def _release_of_file(reference: Reference, file: File, truth: Release) -> Release | None:
    """What an earlier file brings: between equals, the service pack that its name promises."""
    candidates = [
        one
        for one in reference.releases
        if one.family == truth.family and one.branch is Branch.RTM_SP and one.level == file.name.service_pack
    ]
    candidates += [one for each in file.statements for one in each.kb_releases if one.family == truth.family]
    return settle(list(file.statements), candidates) if candidates else None


def _wrong(file: File, release: Release) -> list[tuple[Statement, tuple[str, ...]]]:
    return [(one, about) for one in file.statements if (about := one.wrong_about(release))]


def _place_faults(section: MappingSection, file: File, release: Release, settled: Settled) -> list[Fault]:
    main, truth = settled.main, settled.truth
    if release.build > truth.build:
        message = f"{release} is beyond target_build {truth.build}; remove the file, or raise target_build"
        return [
            Fault(f"{file.where}.filename", "beyond_target", message, file.section.filename, f"at most {truth.build}")
        ]
    if release.branch is Branch.RTM_SP:
        return _service_pack_place(section, file, release, settled)
    if track_of(release.branch) is not track_of(truth.branch) and truth.branch is not Branch.RTM_SP:
        message = f"{release} is of another branch than {truth}; remove the file"
        return [Fault(f"{file.where}.filename", "wrong_branch", message, file.section.filename)]
    if file.position > main.position:
        message = f"{release} comes after {truth} and is older; remove the file, or put it first"
        return [Fault(f"{file.where}.order", "older_after_newer", message, str(file.section.order))]
    return []


def _service_pack_place(section: MappingSection, file: File, release: Release, settled: Settled) -> list[Fault]:
    if file.position > settled.main.position:
        message = (
            f"{release} comes after {settled.main.short}, which needs it; put the service pack first by a smaller order"
        )
        expected = f"below {settled.main.section.order}"
        return [Fault(f"{file.where}.order", "update_before_service_pack", message, str(file.section.order), expected)]
    minimum = minimum_of(section, settled.truth)
    if minimum is not None and minimum.reaches(release.build):
        message = (
            f"min_build {section.min_build} already has {release}, so that this file has nothing to do anywhere and "
            "fails; remove it, or lower min_build"
        )
        expected = f"no such file, or min_build below {release.build}"
        return [Fault(file.where, "service_pack_not_needed", message, file.section.filename, expected)]
    return []


def _service_pack_faults(
    reference: Reference, where: str, section: MappingSection, brought: list[Release], settled: Settled
) -> list[Fault]:
    truth = settled.truth
    base = baseline_release(reference, truth.build)
    if base is None or not has_service_packs(truth.family) or not base.level.startswith("SP") or base == truth:
        return []
    minimum = minimum_of(section, truth)
    is_demanded = minimum.reaches(base.build) if minimum is not None else section.min_build is not None
    if base in brought or is_demanded:
        return []
    kb = f", KB{base.kbs[0]}" if base.kbs else ""
    message = (
        f"{truth} needs {base}{kb} first, and the mapping neither installs nor demands it; "
        f"add its installer before, or set min_build to {base.build}"
    )
    expected = f"a file with KB{base.kbs[0]}, or min_build {base.build}" if base.kbs else f"min_build {base.build}"
    return [Fault(where, "service_pack_missing", message, section.min_build, expected)]
