"""The configuration files as texts: read, held against all the others, written over exactly what was read."""

from __future__ import annotations

from dataclasses import dataclass

from core.app import config_file
from core.app.workspace import Workspace, settings_of
from core.model.fault import Fault, RefusedError
from core.settings.workspace import FILES

NAMES = tuple(FILES)


@dataclass(frozen=True, slots=True)
class FileText:
    """One file's text, and the fingerprint that a change is made over."""

    name: str
    text: str
    over: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What is wrong, and what is right but surely not meant."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def read(workspace: Workspace, name: str) -> FileText:
    content = config_file.read_bytes(name, workspace.path / name)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    try:
        return FileText(name, content.decode("utf-8-sig"), config_file.fingerprint(content))
    except UnicodeDecodeError:
        raise RefusedError((Fault(name, "not_utf8", "this is not UTF-8 text; save it as UTF-8"),)) from None


def prove(workspace: Workspace, name: str, text: str) -> Proof:
    """All of the configuration, as it would be with this text."""
    try:
        return Proof((), settings_of(workspace, instead={name: text.encode()}).notes)
    except RefusedError as refused:
        return Proof(refused.faults, ())


def save(workspace: Workspace, file: FileText, text: str) -> FileText:
    """Raises RefusedError for faults of this file, and if somebody changed it since."""
    faults = tuple(fault for fault in prove(workspace, file.name, text).faults if fault.path.startswith(file.name))
    if faults:
        raise RefusedError(faults)
    content = text.encode()
    config_file.replace(file.name, workspace.path / file.name, content, file.over, workspace.locks / "config.lock")
    return FileText(file.name, text, config_file.fingerprint(content))
