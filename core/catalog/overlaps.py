"""Finds mappings that claim the same instance, so that nobody could say which one it gets."""

from itertools import combinations

from core.catalog.branches import track_of
from core.catalog.reference import branch_of
from core.model.build import Build
from core.model.fault import Fault
from core.model.reference import Reference
from core.settings.hotfix_mapping import MappingFile, MappingSection

# As SERVERPROPERTY('Edition') writes them, without the "(64-bit)".
EDITIONS = (
    "Enterprise Edition",
    "Enterprise Edition: Core-based Licensing",
    "Enterprise Evaluation Edition",
    "Enterprise Developer Edition",
    "Standard Edition",
    "Standard Developer Edition",
    "Developer Edition",
    "Business Intelligence Edition",
    "Express Edition",
    "Express Edition with Advanced Services",
    "Web Edition",
    "Data Center Edition",
    "Workgroup Edition",
    "Small Business Edition",
)
# These came with 2025: older versions have no edition that is both.
_SINCE_2025 = frozenset({"Enterprise Developer Edition", "Standard Developer Edition"})


def overlap_faults(path: str, file: MappingFile, reference: Reference) -> list[Fault]:
    """One for each mapping that shares instances with one before it."""
    faults: dict[int, Fault] = {}
    for (i, first), (j, second) in combinations(enumerate(file.mappings), 2):
        edition = shared_edition(first, second)
        if j in faults or edition is None or not _share_builds(first, second) or _apart(first, second, reference):
            continue
        message = (
            f"an instance of SQL Server {first.version_family} {edition} fits mappings[{i}] "
            f"({_named(first)}) as well; remove one, or tell them apart by edition_filter or min_build"
        )
        expected = f"one mapping for SQL Server {first.version_family} {edition}"
        faults[j] = Fault(f"{path}: mappings[{j}]", "overlapping_mappings", message, _named(second), expected)
    return list(faults.values())


def edition_faults(path: str, file: MappingFile) -> list[Fault]:
    return [
        Fault(
            f"{path}: mappings[{index}].edition_filter",
            "unknown_edition",
            "no edition of SQL Server has these words in its name, so that no instance would ever fit",
            found=one.edition_filter,
            expected='words of an edition\'s name, like "Enterprise" or "Standard"',
        )
        for index, one in enumerate(file.mappings)
        if one.edition_filter is not None and not _editions(one)
    ]


def shared_edition(first: MappingSection, second: MappingSection) -> str | None:
    """An edition that both take. A filter wins over a mapping for all editions, so those two do not compete."""
    if first.version_family != second.version_family:
        return None
    if first.edition_filter is None and second.edition_filter is None:
        return "of any edition"
    if first.edition_filter is None or second.edition_filter is None:
        return None
    return next((one for one in _editions(first) if one in _editions(second)), None)


def _editions(section: MappingSection) -> tuple[str, ...]:
    words = (section.edition_filter or "").casefold()
    known = EDITIONS if section.version_family == "2025" else tuple(one for one in EDITIONS if one not in _SINCE_2025)
    return tuple(one for one in known if words in one.casefold() or words in f"{one} (64-bit)".casefold())


def _share_builds(first: MappingSection, second: MappingSection) -> bool:
    """A mapping takes instances from min_build up to target_build. One may begin where the other ends."""
    start = max((_start(one) for one in (first, second)), default=Build(0, 0, 0))
    return all(not start.reaches(Build.parse(one.target_build)) for one in (first, second))


def _start(section: MappingSection) -> Build:
    return Build(0, 0, 0) if section.min_build is None else Build.parse(section.min_build)


def _apart(first: MappingSection, second: MappingSection, reference: Reference) -> bool:
    """On different branches they serve different instances: each instance stays on its own."""
    return _track(first, reference) != _track(second, reference)


def _track(section: MappingSection, reference: Reference) -> str | None:
    return section.branch or track_of(branch_of(reference, Build.parse(section.target_build)))


def _named(section: MappingSection) -> str:
    return f"{section.description or section.version_family} to {section.target_build}"
