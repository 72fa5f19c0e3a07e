"""Targets: who there is, and taking lists of servers in."""

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path

from core.app import config_file
from core.app.choosing import selected_by
from core.app.workspace import Workspace, hosts, settings_of
from core.inventory.autodbaudit import is_database, read_database
from core.inventory.changes import Change, Merged, merge
from core.inventory.csv_list import read_csv
from core.inventory.listing import Listing
from core.model.fault import Fault, RefusedError
from core.model.host import Host
from core.model.selection import Selection
from core.settings.content import parsed
from core.settings.reading import read_document
from core.settings.targets import TargetsFile
from core.settings.workspace import TARGETS

_INDENT = re.compile(rb"^([ \t]+)\S", re.MULTILINE)
_PLACE = re.compile(rf"^{re.escape(TARGETS)}: targets\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Import:
    """What a list changes in sql_targets.json, ready to be written over exactly the file that was read."""

    source: str
    changes: tuple[Change, ...]
    notes: tuple[str, ...]
    content: bytes
    over: str

    @property
    def changes_something(self) -> bool:
        return any(one.kind in ("added", "changed") for one in self.changes)


def list_targets(workspace: Workspace, selection: Selection) -> tuple[Host, ...]:
    return selected_by(workspace, hosts(settings_of(workspace)), selection)


def prepare_import(workspace: Workspace, source: Path) -> Import:
    """What would change. Raises RefusedError where the list, or the file as it would be, has faults."""
    listing = _listing(source)
    before = config_file.read_bytes(TARGETS, workspace.path / TARGETS)
    if isinstance(before, Fault):
        raise RefusedError((before,))
    document, file = read_targets(before)
    merged = merge(document["targets"], file.targets, listing.rows)
    content = written({**document, "targets": list(merged.targets)}, before)
    _refuse_faults(workspace, content, merged)
    return Import(source.name, merged.changes, listing.notes, content, config_file.fingerprint(before))


def carry_out(workspace: Workspace, prepared: Import) -> None:
    """Raises RefusedError if somebody changed the file since."""
    if prepared.changes_something:
        lock = workspace.locks / "config.lock"
        config_file.replace(TARGETS, workspace.path / TARGETS, prepared.content, prepared.over, lock)


def _listing(source: Path) -> Listing:
    if is_database(source):
        return read_database(source)
    content = config_file.read_bytes(str(source), source)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    if content.lstrip()[:1] in (b"{", b"["):
        message = (
            "this looks like JSON; CSV or AutoDBAudit's database is imported, a sql_targets.json is copied as it is"
        )
        raise RefusedError((Fault(str(source), "not_csv", message),))
    return read_csv(source.name, content)


def read_targets(content: bytes) -> tuple[dict[str, list[dict[str, object]]], TargetsFile]:
    """The file's document and what it means. Raises RefusedError for one that cannot be read."""
    document, faults = parsed(TARGETS, content)
    if document is None or faults:
        raise RefusedError(faults)
    file = read_document(TargetsFile, TARGETS, document)
    if isinstance(file, tuple):
        raise RefusedError(file)
    return document, file


def written(document: dict[str, list[dict[str, object]]], like: bytes) -> bytes:
    """Indented and ended as the file was."""
    found = _INDENT.search(like)
    indent = found.group(1).decode() if found else "  "
    text = json.dumps(document, indent=indent, ensure_ascii=False) + "\n"
    return (text.replace("\n", "\r\n") if b"\r\n" in like else text).encode()


def _refuse_faults(workspace: Workspace, content: bytes, merged: Merged) -> None:
    """Faults of what comes from the list are told with its lines: the file does not have them yet."""
    try:
        settings_of(workspace, instead={TARGETS: content})
    except RefusedError as refused:
        raise RefusedError(tuple(_at_its_source(fault, merged) for fault in refused.faults)) from None


def _at_its_source(fault: Fault, merged: Merged) -> Fault:
    found = _PLACE.match(fault.path)
    source = merged.sources.get(int(found.group(1))) if found else None
    if found is None or source is None:
        return fault
    return replace(fault, path=f"{source}: {fault.path[found.end() :].lstrip('.')}")
