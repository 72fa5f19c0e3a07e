"""Builds: take the community's index into the workspace, and explain one build or KB."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.app import composition, config_file
from core.app.workspace import Workspace
from core.catalog.explaining import Explanation, explain, nearest_kbs
from core.catalog.importing import Change, changes, imported, only_since
from core.catalog.reference import releases_with_kb
from core.model.build import Build
from core.model.count import counted
from core.model.fault import Fault, RefusedError
from core.model.reference import Branch, Reference, Release
from core.settings.build_reference import REFERENCE, BuildReferenceFile, reference_of, text_of
from core.settings.community_index import CommunityIndex
from core.settings.reading import read_file

__all__ = ["Change", "Family", "Import", "Known", "Shown", "import_index", "known", "show"]

_KB = re.compile(r"(?:kb)?\s*([0-9]{4,8})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Import:
    """What an import changes. Before is None where there was no reference that could be read."""

    before: Reference | None
    after: Reference
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]

    @property
    def is_older(self) -> bool:
        return self.before is not None and self.after.as_of < self.before.as_of


@dataclass(frozen=True, slots=True)
class Shown:
    """What a question about builds brings up: a KB can stand for several builds, or for none."""

    asked: str
    kb: str | None
    explanations: tuple[Explanation, ...]
    nearest: tuple[Release, ...]
    reference_as_of: date
    today: date


@dataclass(frozen=True, slots=True)
class Family:
    """A version of SQL Server in the reference; the newest is the one that Microsoft still offers."""

    name: str
    builds: int
    newest: str
    build: str
    released: date | None
    support_ends: date | None


@dataclass(frozen=True, slots=True)
class Known:
    """What the workspace's reference knows, the newest version first."""

    as_of: date
    builds: int
    families: tuple[Family, ...]


def known(workspace: Workspace) -> Known:
    reference = _reference(workspace)
    members: dict[str, list[Release]] = {}
    for one in reference.releases:
        members.setdefault(one.family, []).append(one)
    families = tuple(_family(name, members[name]) for name in sorted(members, reverse=True))
    return Known(reference.as_of, len(reference.releases), families)


def _family(name: str, releases: list[Release]) -> Family:
    offered = [one for one in releases if not one.withdrawn and one.branch is not Branch.PREVIEW] or releases
    newest = max(offered, key=lambda one: one.build)
    return Family(name, len(releases), newest.title, str(newest.build), newest.released, newest.support_ends)


def import_index(
    workspace: Workspace, file: Path, since: str | None, dry_run: bool, even_older: bool = False
) -> Import:
    """Raises RefusedError with every fault of the file, and for an index that is older unless that is wanted."""
    found = _content(workspace)
    after = _index(file)
    after = after if since is None else only_since(after, since)
    before, warnings = _present(found)
    made = Import(before, after, changes(before, after), warnings)
    if dry_run:
        return made
    if made.is_older and not even_older:
        raise RefusedError((_older(file, made),))
    if made.changes or before is None or before.as_of != after.as_of:
        _replace(workspace, found, text_of(after))
    return made


def _older(file: Path, made: Import) -> Fault:
    present = None if made.before is None else made.before.as_of
    gone = sum(one.kind == "removed" for one in made.changes)
    message = (
        f"this index is of {made.after.as_of}, older than the present reference of {present}: "
        f"{counted(gone, 'build')} would be lost; fetch the newest index, or add --yes if this is what you want"
    )
    return Fault(str(file), "older_index", message, found=str(made.after.as_of), expected=f"{present} or later")


def show(workspace: Workspace, asked: str) -> Shown:
    reference = _reference(workspace)
    today = composition.SystemClock().now().date()
    kb = _KB.fullmatch(asked.strip())
    if kb is not None:
        builds = tuple(one.build for one in releases_with_kb(reference, kb[1]))
        nearest = () if builds else nearest_kbs(reference, kb[1])
    else:
        builds, nearest = (_build(asked),), ()
    explanations = tuple(explain(reference, build, today) for build in builds)
    return Shown(asked, kb[1] if kb else None, explanations, nearest, reference.as_of, today)


def _build(asked: str) -> Build:
    try:
        return Build.parse(asked)
    except ValueError:
        message = "this is neither a build like 15.0.4430 or 15.0.4430.1 nor a KB like KB5054833"
        raise RefusedError((Fault("BUILD|KB", "not_a_build", message, found=asked),)) from None


def _index(file: Path) -> Reference:
    content = config_file.read_bytes(str(file), file)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    read = read_file(CommunityIndex, str(file), content)
    if isinstance(read, tuple):
        raise RefusedError(read)
    return imported(read)


def _content(workspace: Workspace) -> bytes | None:
    """None if there is no reference yet."""
    path = workspace.path / REFERENCE
    if not path.exists():
        return None
    content = config_file.read_bytes(REFERENCE, path)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    return content


def _present(content: bytes | None) -> tuple[Reference | None, tuple[str, ...]]:
    if content is None:
        return None, ()
    read = read_file(BuildReferenceFile, REFERENCE, content)
    if isinstance(read, tuple):
        return None, (f"{REFERENCE} cannot be read and is replaced; what was wrong first: {read[0]}",)
    return reference_of(read), ()


def _reference(workspace: Workspace) -> Reference:
    """This file alone: what stands in the others does not matter to a build."""
    content = _content(workspace)
    if content is None:
        message = "the file is missing; copy the sample of a new workspace, or take in a newer build reference"
        raise RefusedError((Fault(REFERENCE, "missing_file", message),))
    read = read_file(BuildReferenceFile, REFERENCE, content)
    if isinstance(read, tuple):
        raise RefusedError(read)
    return reference_of(read)


def _replace(workspace: Workspace, over: bytes | None, text: str) -> None:
    """Only over what was read: another writer's file is not overwritten."""
    path, content = workspace.path / REFERENCE, text.encode()
    if over is not None:
        lock = workspace.locks / "config.lock"
        config_file.replace(REFERENCE, path, content, config_file.fingerprint(over), lock)
        return
    try:
        with path.open("xb") as fresh:
            fresh.write(content)
    except OSError as trouble:
        message = f"the file cannot be made ({trouble.strerror or trouble}); import again"
        raise RefusedError((Fault(REFERENCE, "unwritable", message),)) from None
