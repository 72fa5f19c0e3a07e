"""Settles which release a mapping means: the one that most of its statements agree on."""

from dataclasses import dataclass

from core.catalog.branches import inferred, track_of
from core.catalog.reference import release_of
from core.catalog.statements import (
    Statement,
    corrected_filename,
    cu_in,
    said_by_description,
    said_by_filename,
    said_by_kb,
)
from core.model.build import Build
from core.model.fault import Fault
from core.model.reference import Branch, Reference, Release, Track
from core.settings.hotfix_mapping import FileSection, MappingSection

_TRACK_WORDS = {Track.GDR: "GDR", Track.CU: "CU", Track.AZURE_CONNECT: "Azure Connect Pack"}


@dataclass(frozen=True, slots=True)
class File:
    """One installer of the mapping: its place, and what its name and its kb say."""

    index: int
    where: str
    section: FileSection
    name: Statement
    kb: Statement | None

    @property
    def short(self) -> str:
        return f"files[{self.index}] ({self.section.filename})"

    @property
    def position(self) -> tuple[int, int]:
        """Where it runs; of two with one order, the one that stands first."""
        return (self.section.order, self.index)

    @property
    def statements(self) -> tuple[Statement, ...]:
        """A kb that repeats the file name's is no second statement: one slip of the pen is one fault."""
        repeats = self.kb is not None and self.kb.kb == self.name.kb
        return (self.name,) if self.kb is None or repeats else (self.name, self.kb)


@dataclass(frozen=True, slots=True)
class Settled:
    """The release that is meant, and the statements that speak of it. An unknown one has a build and no level."""

    truth: Release
    main: File
    statements: tuple[Statement, ...]

    @property
    def is_known(self) -> bool:
        return bool(self.truth.level)


def target_of(section: MappingSection) -> Build:
    return Build.parse(section.target_build)


def minimum_of(section: MappingSection, truth: Release) -> Build | None:
    """None if there is none, and if it is a fault in itself: what is wrong once must not look wrong twice."""
    minimum = None if section.min_build is None else Build.parse(section.min_build)
    if minimum is None or minimum.short[:2] != truth.build.short[:2] or minimum.reaches(truth.build):
        return None
    return minimum


def read_files(reference: Reference, where: str, section: MappingSection) -> tuple[File, ...]:
    """In the order in which they run."""
    files: list[File] = []
    for index, one in enumerate(section.files):
        place = f"{where}.files[{index}]"
        name = said_by_filename(reference, f"{place}.filename", one.filename)
        kb = None if one.kb is None else said_by_kb(reference, f"{place}.kb", one.kb)
        files.append(File(index, place, one, name, kb))
    return tuple(sorted(files, key=lambda one: one.position))


def main_file(reference: Reference, section: MappingSection, files: tuple[File, ...]) -> File:
    """The file that brings the target. Service packs only prepare it, unless there is nothing else."""
    target = release_of(reference, target_of(section))
    updates = [one for one in files if not _is_service_pack(one)] or list(files)
    for one in reversed(updates):
        if target is not None and any(statement.kb in target.kbs for statement in one.statements):
            return one
    return updates[-1]


def settle_mapping(reference: Reference, where: str, section: MappingSection, main: File) -> Settled:
    family = section.version_family
    statements = [
        Statement(f"{where}.target_build", section.target_build, build=target_of(section)),
        Statement(f"{where}.version_family", family, family=family),
        *main.statements,
    ]
    if section.description:
        statements.append(said_by_description(reference, f"{where}.description", section.description, family))
    if section.branch is not None:
        statements.append(Statement(f"{where}.branch", section.branch, track=Track(section.branch)))
    target = release_of(reference, target_of(section)) or _unknown(target_of(section), family)
    candidates = [target, *(one for each in main.statements for one in each.kb_releases)]
    return Settled(settle(statements, candidates), main, tuple(statements))


def settle(statements: list[Statement], candidates: list[Release]) -> Release:
    """Most votes win. Between equals, a known release, and then the first candidate."""

    def votes(release: Release) -> tuple[int, bool]:
        return (sum(1 for one in statements if not one.wrong_about(release)), bool(release.level))

    return max(candidates, key=votes)


def statement_faults(reference: Reference, settled: Settled) -> list[Fault]:
    """Every statement that does not fit what the others agree on."""
    wrong = [(one, one.wrong_about(settled.truth)) for one in settled.statements]
    return [fault_of(reference, one, about, settled.truth) for one, about in wrong if about]


def fault_of(reference: Reference, one: Statement, about: tuple[str, ...], truth: Release) -> Fault:
    """The wrong statement, with what it really names and what would be right."""
    code, message, expected = _judgement(reference, one, about, truth)
    return Fault(one.where, code, message, found=one.found, expected=expected)


def _judgement(
    reference: Reference, one: Statement, about: tuple[str, ...], truth: Release
) -> tuple[str, str, str | None]:
    right = _with_kb(truth)
    match one.where.rpartition(".")[2]:
        case "target_build":
            named = release_of(reference, one.build) if one.build else None
            is_named = f"{one.found} is {named}" if named else f"the reference does not know {one.found}"
            return ("wrong_target", f"{is_named}; the file is {right}: write {truth.build}", str(truth.build))
        case "version_family":
            return ("wrong_family", f"target and file are {right}: write {truth.family}", truth.family)
        case "branch":
            track = track_of(truth.branch)
            expected = track.value if track else None
            return ("wrong_branch", f"{right} is not of this branch: write {expected}", expected)
        case "description":
            evidence = _named_cu(reference, one, truth)
            expected = f"{truth.title} for SQL Server {truth.family}"
            return ("wrong_description", f"the mapping means {right}{evidence}: write {expected}", expected)
        case "kb":
            expected = truth.kbs[0] if truth.kbs else None
            return (_kb_code(one, truth), f"{_is_really(one, truth)}{right}: write {expected}", expected)
        case _:
            name = corrected_filename(one.found, truth)
            if "family" in about:
                message = f"this is an installer of SQL Server {one.family}, and the mapping means {right}: take {name}"
                return ("wrong_product", message, name)
            return (_kb_code(one, truth), f"{_is_really(one, truth)}{right}: take {name}", name)


def _is_really(one: Statement, truth: Release) -> str:
    """What the KB stands for instead."""
    if not one.kb_releases:
        return f"the reference does not know KB{one.kb}; the mapping means " if one.kb else "the mapping means "
    release = one.kb_releases[0]
    other = track_of(release.branch)
    crossed = other is not None and _kb_code(one, truth) == "wrong_branch"
    aside = f", of another branch ({_TRACK_WORDS[other]})" if crossed and other is not None else ""
    return f"KB{one.kb} is {release}{aside}; the mapping means "


def _kb_code(one: Statement, truth: Release) -> str:
    """A KB of another branch is worse than a KB of another build: setup may install it, and there is no way back."""
    release = one.kb_releases[0] if one.kb_releases else None
    if release is None or release.family != truth.family or Branch.RTM_SP in (release.branch, truth.branch):
        return "wrong_kb"
    return "wrong_kb" if track_of(release.branch) is track_of(truth.branch) else "wrong_branch"


def _named_cu(reference: Reference, one: Statement, truth: Release) -> str:
    """Where the CU that the words name really is."""
    if one.cu in (None, cu_in(truth.level)):
        return ""
    named = [
        each
        for each in reference.releases
        if each.family == truth.family
        and each.branch is Branch.CU
        and not each.withdrawn
        and cu_in(each.level) == one.cu
    ]
    return f"; {one.cu} is {_with_kb(named[-1])}" if named else ""


def _is_service_pack(file: File) -> bool:
    releases = [one for each in file.statements for one in each.kb_releases]
    return any(one.branch is Branch.RTM_SP for one in releases) or (not releases and file.name.service_pack is not None)


def _unknown(build: Build, family: str) -> Release:
    return Release(build, build.family or family, "", (), inferred(build, is_cu=True))


def _with_kb(release: Release) -> str:
    if not release.level:
        return f"build {release.build}"
    return f"{release}" + (f", KB{release.kbs[0]}" if release.kbs else "")
