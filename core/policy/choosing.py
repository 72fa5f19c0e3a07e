"""Chooses the update for a build and an edition, or says by which rule there is none."""

from dataclasses import dataclass
from datetime import date

from core.catalog.branches import track_of
from core.catalog.reference import (
    branch_of,
    crosses_branch,
    is_withdrawn,
    release_of,
    releases_with_kb,
    service_pack_needed,
)
from core.catalog.statements import kb_of
from core.model.build import Build
from core.model.count import counted
from core.model.mapping import HotfixFile, HotfixMapping, Mapping
from core.model.policy import SqlBranch, SqlRules, SqlTarget
from core.model.reference import Branch, Reference, Release, Track
from core.model.verdict import PatchFile, Remark
from core.policy.remarks import remarks_about


@dataclass(frozen=True, slots=True)
class Chosen:
    """What brings the build to the mapping's target."""

    mapping: Mapping
    files: tuple[PatchFile, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    target: Build
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Barred:
    """Nothing may be installed, and the rule that says so."""

    code: str
    reason: str


Choice = Chosen | Reached | Barred


def choose(
    build: Build,
    edition: str,
    mapping: HotfixMapping,
    rules: SqlRules,
    reference: Reference,
    today: date,
    left_out: frozenset[str] = frozenset(),
) -> Choice:
    """Left out are files by their KBs or names, which somebody took out of one plan: policy has no part in it."""
    if not rules.enabled:
        return Barred("sql_disabled", "policy leaves SQL Server alone")
    fitting = _fitting(build, edition, mapping)
    if isinstance(fitting, Barred):
        return fitting
    bars = [
        (
            one,
            _left_out(one, left_out)
            or _bar(build, one, rules, reference)
            or _by_kb_and_age(one, rules, reference, today),
        )
        for one in fitting
    ]
    ways = _within(rules.target, [one for one, bar in bars if bar is None])
    ahead = [one for one in ways if not build.reaches(one.target_build)]
    possible = [one for one in ahead if one.min_build is None or build.reaches(one.min_build)]
    if possible:
        best = _best(build, possible, rules.branch, reference)
        return _prepared(build, edition, best, reference, today)
    if ahead:
        return _below(build, min(ahead, key=lambda one: one.target_build))
    there = [one.target_build for one in fitting if build.reaches(one.target_build)]
    waiting = [bar for one, bar in bars if bar is not None and not build.reaches(one.target_build)]
    if waiting and not ways:
        return waiting[0]
    if not there:
        return Barred("no_previous", "policy stays one update behind the newest, and the mapping has only one")
    return Reached(max(there), remarks_about(build, edition, max(there), reference, today))


def _within(target: SqlTarget, ways: list[Mapping]) -> list[Mapping]:
    """Under "previous" the newest of the mapped updates is left to others to try."""
    if target == "newest" or not ways:
        return ways
    newest = max(one.target_build for one in ways)
    return [one for one in ways if one.target_build != newest]


def _fitting(build: Build, edition: str, mapping: HotfixMapping) -> list[Mapping] | Barred:
    """A mapping that names the edition wins over one for all."""
    family = build.family
    told = next((one.message for one in mapping.unsupported if one.version_family == family), None)
    if told is not None:
        return Barred("unsupported", told)
    of_family = [one for one in mapping.mappings if one.version_family == family]
    if not of_family:
        return Barred("no_mapping", f"no mapping is available: the mapping has nothing for build {build}")
    named = [one for one in of_family if one.edition_filter and one.edition_filter.casefold() in edition.casefold()]
    fitting = named or [one for one in of_family if not one.edition_filter]
    if not fitting:
        filters = ", ".join(sorted({str(one.edition_filter) for one in of_family}))
        return Barred("edition_filter", f"the mappings for {family} are for {filters}; this is {edition}")
    return fitting


def _bar(build: Build, mapping: Mapping, rules: SqlRules, reference: Reference) -> Barred | None:
    """Why this mapping is no way for this build, whatever else there is."""
    target = mapping.target_build
    if is_withdrawn(reference, target):
        return Barred("withdrawn", f"build {target} was withdrawn by Microsoft; correct the mapping's target")
    if not crosses_branch(reference, build, target):
        return None
    here, there = branch_of(reference, build), _branch_there(mapping, reference)
    if Branch.AMBIGUOUS in (here, there):
        unclear = build if here is Branch.AMBIGUOUS else target
        reason = f"the branch of {unclear} cannot be told from its number, and a branch is never switched by chance"
        return None if mapping.branch and here is there else Barred("branch_ambiguous", reason)
    if rules.branch == "cu" and track_of(there) is Track.CU:
        return None
    return Barred(
        "branch_crossing",
        f"build {build} is on the {_word(here)} branch and {target} is not ({_word(there)}); "
        f"policy says {rules.branch!r}, so the mapping needs an update of its own branch",
    )


def _branch_there(mapping: Mapping, reference: Reference) -> Branch:
    found = branch_of(reference, mapping.target_build)
    if found is Branch.AMBIGUOUS and mapping.branch:
        return Branch.CU if mapping.branch.casefold() == "cu" else Branch.GDR
    return found


def _best(build: Build, possible: list[Mapping], wanted: SqlBranch, reference: Reference) -> Mapping:
    """The build's own branch first: a baseline counts to GDR, from where the way to the CUs stays open."""
    own = Track.CU if wanted == "cu" else track_of(branch_of(reference, build))
    return max(possible, key=lambda one: (track_of(branch_of(reference, one.target_build)) is own, one.target_build))


def _below(build: Build, mapping: Mapping) -> Barred:
    what = mapping.description or str(mapping.target_build)
    return Barred("below_min_build", f"build {build} is below {mapping.min_build}, which {what} needs first")


def _prepared(build: Build, edition: str, mapping: Mapping, reference: Reference, today: date) -> Choice:
    files = tuple(_with_build(file, mapping, reference) for file in mapping.files)
    pack = service_pack_needed(reference, build, mapping.target_build)
    if pack is not None and not _pack_comes_first(pack, files):
        return Barred(
            "service_pack_first",
            f"build {build} needs {pack.title} (KB{', KB'.join(pack.kbs) or ' unknown'}) before "
            f"{mapping.target_build}; add it to the mapping's files, before the others",
        )
    needed = tuple(one for one in files if not build.reaches(one.brings))
    return Chosen(mapping, needed, remarks_about(build, edition, mapping.target_build, reference, today))


def _left_out(mapping: Mapping, names: frozenset[str]) -> Barred | None:
    told = ((file.filename, kb_of(file)) for file in mapping.files)
    left = [f"KB{kb}" if kb in names else name for name, kb in told if kb in names or name in names]
    return Barred("excluded_update", f"{left[0]} was left out when the plan was reviewed") if left else None


def _by_kb_and_age(mapping: Mapping, rules: SqlRules, reference: Reference, today: date) -> Barred | None:
    kbs = {kb for file in mapping.files if (kb := kb_of(file)) is not None}
    refused = sorted(kbs & set(rules.kbs.exclude))
    if refused:
        return Barred("excluded_kb", f"policy excludes KB{', KB'.join(refused)}")
    known = release_of(reference, mapping.target_build)
    if known is None or known.released is None or kbs & set(rules.kbs.include):
        return None
    security = known.branch in (Branch.GDR, Branch.SECURITY_ON_CU)
    least = rules.min_age_security_days if security else rules.min_age_cu_days
    age = (today - known.released).days
    if age >= least:
        return None
    kind = "a security update" if security else "a CU"
    reason = f"{mapping.target_build} came out on {known.released}; policy waits {counted(least, 'day')} for {kind}"
    return Barred("too_young", reason)


def _with_build(file: HotfixFile, mapping: Mapping, reference: Reference) -> PatchFile:
    """What a file brings is known by its KB; a file that is not known counts for the mapping's target."""
    kb = kb_of(file)
    known = [] if kb is None else [one.build for one in releases_with_kb(reference, kb)]
    below = [one for one in known if one.family == mapping.version_family and mapping.target_build.reaches(one)]
    if not below or file is mapping.files[-1]:
        return PatchFile(file, mapping.target_build)
    return PatchFile(file, max(below))


def _pack_comes_first(pack: Release, files: tuple[PatchFile, ...]) -> bool:
    return bool(files) and files[0].brings.reaches(pack.build) and (files[0].brings.is_same(pack.build))


def _word(branch: Branch) -> str:
    words = branch.value.replace("_", " ")
    return words.upper() if branch in (Branch.GDR, Branch.CU) else words
