"""The configuration files as texts: read, held against all the others, written over exactly what was read."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, replace

from core.app import config_file
from core.app.workspace import Workspace, settings_of
from core.model.fault import Fault, RefusedError
from core.model.form import Group
from core.settings import forms
from core.settings.editing import put, remove, span, value_at
from core.settings.workspace import FILES

__all__ = [
    "NAMES",
    "FileText",
    "Proof",
    "document_of",
    "form_of",
    "prove",
    "put",
    "read",
    "remove",
    "save",
    "span",
    "value_at",
]

NAMES = tuple(FILES)


@dataclass(frozen=True, slots=True)
class FileText:
    """One file's text with bare line ends, the fingerprint that a change is made over, and how the file writes them."""

    name: str
    text: str
    over: str
    line_end: str = "\n"
    mark: bytes = b""

    def encoded(self, text: str) -> bytes:
        return self.mark + text.replace("\n", self.line_end).encode()


@dataclass(frozen=True, slots=True)
class Proof:
    """What is wrong, and what is right but surely not meant."""

    faults: tuple[Fault, ...]
    notes: tuple[Fault, ...]


def read(workspace: Workspace, name: str) -> FileText:
    content = config_file.read_bytes(name, workspace.path / name)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
    line_end = "\r\n" if b"\r\n" in content else "\n"
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
        return FileText(name, text, config_file.fingerprint(content), line_end, mark)
    except UnicodeDecodeError:
        raise RefusedError((Fault(name, "not_utf8", "this is not UTF-8 text; save it as UTF-8"),)) from None


def form_of(name: str) -> Group:
    """What there is to be set in the file."""
    return forms.form_of(FILES[name])


def document_of(text: str) -> dict[str, object] | None:
    """None for a text that no form can show, because it is no JSON object."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


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
    content = file.encoded(text)
    config_file.replace(file.name, workspace.path / file.name, content, file.over, workspace.locks / "config.lock")
    return replace(file, text=text, over=config_file.fingerprint(content))
