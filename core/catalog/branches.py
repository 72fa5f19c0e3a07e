"""Infers the branch of a build from its number: Microsoft reserves a range for each branch on a baseline."""

from dataclasses import dataclass

from core.model.build import Build
from core.model.reference import Branch, Track


@dataclass(frozen=True, slots=True)
class Baseline:
    """RTM or a service pack: where its numbers start, and where its CUs start if it has any."""

    level: str
    starts: int
    cus_start: int | None
    azure_connect_starts: int | None = None


# From 2014 on. Before, security updates and hotfixes shared ranges, so that numbers prove nothing.
BASELINES: dict[str, tuple[Baseline, ...]] = {
    "2014": (
        Baseline("RTM", 2000, 2300),
        Baseline("SP1", 4100, 4400),
        Baseline("SP2", 5000, 5500),
        Baseline("SP3", 6024, 6200),
    ),
    "2016": (
        Baseline("RTM", 1601, 2100),
        Baseline("SP1", 4001, 4400),
        Baseline("SP2", 5026, 5130),
        Baseline("SP3", 6300, None, azure_connect_starts=7000),
    ),
    "2017": (Baseline("RTM", 1000, 3000),),
    "2019": (Baseline("RTM", 2000, 4000),),
    "2022": (Baseline("RTM", 1000, 4000),),
    "2025": (Baseline("RTM", 1000, 4000),),
}

# Single fixes that were published between two CUs. Every other release there was a security update.
_HOTFIXES: dict[str, frozenset[int]] = {
    "2014": frozenset(
        {2405, 2423, 2436, 2464, 2472, 2474, 2485, 2488, 2504, 2505, 2506, 4419, 4432, 4433, 4437, 4449, 4463}
    ),
    "2016": frozenset({2169, 2170, 2190, 4577, 5270, 5343, 5382}),
    "2017": frozenset({3164, 3208, 3490}),
}

_TRACKS: dict[Branch, Track] = {
    Branch.RTM_SP: Track.GDR,
    Branch.GDR: Track.GDR,
    Branch.CU: Track.CU,
    Branch.SECURITY_ON_CU: Track.CU,
    Branch.HOTFIX_ON_CU: Track.CU,
    Branch.AZURE_CONNECT: Track.AZURE_CONNECT,
}


def track_of(branch: Branch) -> Track | None:
    """The line that a release continues. A baseline itself counts to the GDR line: nothing else was chosen yet."""
    return _TRACKS.get(branch)


def baseline_of(build: Build) -> Baseline | None:
    """None for previews and for families whose numbers prove nothing."""
    below = [one for one in BASELINES.get(build.family or "", ()) if one.starts <= build.number]
    return below[-1] if below else None


def inferred(build: Build, is_cu: bool = False) -> Branch:
    """The branch by number. Whether it is a CU in its own right, only its publisher can say."""
    family = BASELINES.get(build.family or "")
    if family is None:
        return Branch.AMBIGUOUS
    base = baseline_of(build)
    if base is None:
        return Branch.PREVIEW
    if base.starts == build.number:
        return Branch.RTM_SP
    if base.azure_connect_starts is not None and build.number >= base.azure_connect_starts:
        return Branch.AZURE_CONNECT
    if base.cus_start is None or build.number < base.cus_start:
        return Branch.GDR
    if is_cu:
        return Branch.CU
    return Branch.HOTFIX_ON_CU if build.number in _HOTFIXES.get(build.family or "", ()) else Branch.SECURITY_ON_CU


def has_service_packs(family: str) -> bool:
    """2017 ended them."""
    return family not in {"2017", "2019", "2022", "2025"}
