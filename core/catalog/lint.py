"""Proves the statements of a mapping against each other and the reference."""

from dataclasses import dataclass
from datetime import date

from core.catalog.chain import chain_faults
from core.catalog.overlaps import edition_faults, overlap_faults
from core.catalog.proving import File, Settled, main_file, read_files, settle_mapping, statement_faults, target_of
from core.catalog.reference import is_supported, line_of, neighbours, superseded_by
from core.catalog.switches import switch_faults
from core.model.build import Build
from core.model.fault import Fault
from core.model.reference import Reference, Release
from core.settings.hotfix_mapping import MappingFile, MappingSection


@dataclass(frozen=True, slots=True)
class Proof:
    """What is wrong; and what is worth knowing, though nothing is wrong with it or nothing can be proven."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def lint(path: str, file: MappingFile, reference: Reference, as_of: date) -> Proof:
    """Path is how the faults name the file."""
    faults: list[Fault] = []
    notes: list[Fault] = []
    for index, section in enumerate(file.mappings):
        where = f"{path}: mappings[{index}]"
        files = read_files(reference, where, section)
        settled = settle_mapping(reference, where, section, main_file(reference, section, files))
        faults += statement_faults(reference, settled)
        faults += _target_faults(reference, where, section, settled, as_of)
        faults += _minimum_faults(where, section, settled.truth)
        faults += chain_faults(reference, where, section, files, settled)
        faults += _file_faults(section, files, settled.truth)
        notes += _notes(reference, where, section, settled, as_of)
    faults += edition_faults(path, file)
    faults += overlap_faults(path, file, reference)
    faults += _unsupported_faults(path, file)
    return Proof(tuple(faults), tuple(notes))


def _target_faults(
    reference: Reference, where: str, section: MappingSection, settled: Settled, as_of: date
) -> list[Fault]:
    """A target that nothing else contradicts can still be withdrawn, or be no release at all."""
    target = target_of(section)
    if not settled.truth.build.is_same(target):
        return []
    if settled.truth.withdrawn:
        newer = superseded_by(reference, target, as_of)
        better = f"; take {_with_kb(newer[0])}, or newer" if newer else ""
        message = f"Microsoft withdrew {_with_kb(settled.truth)}{better}"
        expected = str(newer[0].build) if newer else None
        return [Fault(f"{where}.target_build", "withdrawn_target", message, section.target_build, expected)]
    if settled.is_known or _may_be_newer(reference, target):
        return []
    below, above = neighbours(reference, target)
    near = " and ".join(_with_kb(one) for one in (below, above) if one is not None)
    message = f"there is no such build; the nearest are {near}"
    expected = " or ".join(str(one.build) for one in (below, above) if one is not None)
    return [Fault(f"{where}.target_build", "unknown_build", message, section.target_build, expected)]


def _may_be_newer(reference: Reference, target: Build) -> bool:
    """Whether the build can have come out after the reference was made, or before its first version."""
    line = line_of(reference, target)
    above = neighbours(reference, target)[1] if not line else None
    return above is None if not line else not line[-1].build.reaches(target)


def _minimum_faults(where: str, section: MappingSection, truth: Release) -> list[Fault]:
    if section.min_build is None:
        return []
    minimum, place = Build.parse(section.min_build), f"{where}.min_build"
    if minimum.short[:2] != truth.build.short[:2]:
        named = f"SQL Server {minimum.family}" if minimum.family else "no known version"
        message = f"this is a build of {named}, the mapping is for {truth.family}; write a build of {truth.family}"
        return [Fault(place, "wrong_min_build_family", message, section.min_build, f"a build of {truth.family}")]
    if minimum.reaches(truth.build):
        message = (
            f"no instance lies between this and target_build {truth.build}, so that nothing would ever be patched; "
            "lower it, or leave it out"
        )
        return [Fault(place, "min_build_above_target", message, section.min_build, f"below {truth.build}")]
    return []


def _file_faults(section: MappingSection, files: tuple[File, ...], truth: Release) -> list[Fault]:
    faults: list[Fault] = []
    orders: dict[int, str] = {}
    names: dict[str, str] = {}
    for one in files:
        faults += switch_faults(f"{one.where}.parameters", one.section.parameters, truth.build)
        order, name = one.section.order, one.section.filename.casefold()
        if order in orders:
            message = f"{orders[order]} has this order as well; give each file its own"
            free = next(n for n in range(1, len(files) + 1) if n not in {each.section.order for each in files})
            faults.append(Fault(f"{one.where}.order", "repeated_order", message, str(order), str(free)))
        if name in names:
            message = f"{names[name]} is the same installer; remove one"
            faults.append(Fault(f"{one.where}.filename", "repeated_file", message, one.section.filename))
        orders.setdefault(order, one.short)
        names.setdefault(name, one.short)
    return faults


def _unsupported_faults(path: str, file: MappingFile) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for index, one in enumerate(file.unsupported_versions):
        where, family = f"{path}: unsupported_versions[{index}].version_family", one.version_family
        if family in seen:
            message = f"SQL Server {family} stands in this list twice; remove one"
            faults.append(Fault(where, "repeated_family", message, family))
        seen.add(family)
    return faults


def _notes(reference: Reference, where: str, section: MappingSection, settled: Settled, as_of: date) -> list[Fault]:
    target = target_of(section)
    if not settled.is_known:
        if not _may_be_newer(reference, target):
            return []
        unproven = f"the reference of {reference.as_of} does not know {target}, so that nothing about it is proven"
        message = f"{unproven}; take in a newer build reference"
        return [Fault(f"{where}.target_build", "unproven_target", message, section.target_build)]
    notes = []
    newer = superseded_by(reference, settled.truth.build, as_of)
    if newer and not settled.truth.withdrawn:
        message = f"{_with_kb(newer[-1])} is the newest of this branch"
        notes.append(Fault(f"{where}.target_build", "not_newest", message, section.target_build, str(newer[-1].build)))
    if is_supported(settled.truth, as_of) is False:
        ended = settled.truth.support_ends
        message = f"support of SQL Server {settled.truth.family} {settled.truth.level} ended on {ended}"
        notes.append(Fault(where, "out_of_support", message))
    if not any((settled.main.name.kb, settled.main.section.kb)):
        message = "neither file name nor kb names a KB, so that it proves nothing"
        notes.append(Fault(settled.main.where, "no_kb", message))
    return notes


def _with_kb(release: Release) -> str:
    return f"{release}" + (f", KB{release.kbs[0]}" if release.kbs else "")
