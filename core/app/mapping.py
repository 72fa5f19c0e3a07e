"""The mapping: prove its statements, and look at the packages that it names."""

from __future__ import annotations

import json
from dataclasses import dataclass

from core.app import composition
from core.app.packages import hash_of, path_of, trouble_with
from core.app.workspace import Workspace, settings_of
from core.catalog.lint import Proof
from core.catalog.lint import lint as prove
from core.catalog.statements import kb_in
from core.catalog.switches import is_missing_one_of
from core.model.fault import Fault, RefusedError
from core.settings.build_reference import reference_of
from core.settings.hotfix_mapping import FORBIDDEN, FileSection, allowed_only
from core.settings.workspace import MAPPING

NOTHING: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """One installer as it lies on disk. Without a size it could not be looked at, and the faults say why."""

    where: str
    filename: str
    place: str
    size_bytes: int | None
    sha256: str | None
    faults: tuple[Fault, ...]


def lint(workspace: Workspace) -> Proof:
    """Forbidden switches are faults like any other here, where nothing is run; every other command refuses them."""
    try:
        settings, forbidden = settings_of(workspace), NOTHING
    except RefusedError as refused:
        if any(one.code != FORBIDDEN for one in refused.faults):
            raise
        forbidden = refused.faults
        settings = settings_of(workspace, {MAPPING: _without_forbidden(workspace)})
    today = composition.SystemClock().now().date()
    proof = prove(MAPPING, settings.mapping, reference_of(settings.reference), today)
    meant = {one.path: (one.expected or "").split() for one in forbidden}
    others = (one for one in proof.faults if not is_missing_one_of(one, meant.get(one.path, ())))
    return Proof((*forbidden, *others), proof.notes)


def _without_forbidden(workspace: Workspace) -> bytes:
    document = json.loads((workspace.path / MAPPING).read_bytes().decode("utf-8-sig"))
    for section in document["mappings"]:
        for file in section["files"]:
            file["parameters"] = allowed_only(file["parameters"])
    return json.dumps(document).encode()


def check(workspace: Workspace) -> tuple[Looked, ...]:
    """Every installer of every mapping. One that several mappings name is looked at for each: they may pin it."""
    settings = settings_of(workspace)
    return tuple(
        _look(workspace, f"{MAPPING}: mappings[{i}].files[{j}]", file)
        for i, section in enumerate(settings.mapping.mappings)
        for j, file in enumerate(section.files)
    )


def _look(workspace: Workspace, where: str, file: FileSection) -> Looked:
    place = path_of(workspace.path, file.path, file.filename)
    trouble = trouble_with(workspace.path, file.path, file.filename, where)
    named = _name_faults(where, file)
    if trouble is not None:
        return Looked(where, file.filename, str(place), None, None, (trouble, *named))
    size, sha256 = place.stat().st_size, hash_of(place)
    faults = (*named, *_content_faults(where, file, size, sha256))
    return Looked(where, file.filename, str(place), size, sha256, faults)


def _name_faults(where: str, file: FileSection) -> tuple[Fault, ...]:
    named = kb_in(file.filename)
    if file.kb is None or named is None or named == file.kb:
        return ()
    message = f"the file name says KB{named} and kb says {file.kb}; the check of the mapping tells which one is right"
    return (Fault(f"{where}.kb", "kb_contradicts_name", message, found=file.kb, expected=named),)


def _content_faults(where: str, file: FileSection, size: int, sha256: str) -> tuple[Fault, ...]:
    faults: list[Fault] = []
    if file.size_bytes not in (None, size):
        message = f"the file on disk has {size} bytes; download it again, or correct the mapping"
        faults.append(Fault(f"{where}.size_bytes", "wrong_size", message, str(size), str(file.size_bytes)))
    if file.sha256 not in (None, sha256):
        message = f"the file on disk has another hash, {sha256}; download it again, or correct the mapping"
        faults.append(Fault(f"{where}.sha256", "wrong_hash", message, sha256, file.sha256))
    return tuple(faults)
