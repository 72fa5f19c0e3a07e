"""Which update brings which build: the hotfix mapping as frozen values."""

from dataclasses import dataclass

from core.model.build import Build


@dataclass(frozen=True, slots=True)
class HotfixFile:
    """One installer of a mapping, with the facts that the planner found about it on disk."""

    filename: str
    path: str
    order: int
    required: bool
    parameters: tuple[str, ...]
    kb: str | None
    sha256: str | None
    size_bytes: int | None
    timeout_seconds: int | None
    # Exit codes of this installer that mean success beside the known ones, without and with a restart.
    success_codes: tuple[int, ...] = ()
    reboot_codes: tuple[int, ...] = ()
    remove_parameters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """One update for one version family."""

    version_family: str
    edition_filter: str | None
    min_build: Build | None
    target_build: Build
    description: str
    files: tuple[HotfixFile, ...]
    requires_restart: bool
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Unsupported:
    version_family: str
    message: str


@dataclass(frozen=True, slots=True)
class HotfixMapping:
    mappings: tuple[Mapping, ...]
    unsupported: tuple[Unsupported, ...]
