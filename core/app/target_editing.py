"""One target of sql_targets.json, added or changed: judged with all else there is before it is written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.app import config_file
from core.app.targets import read_targets, written
from core.app.workspace import Workspace, settings_of
from core.model.fault import Fault, RefusedError
from core.settings.workspace import TARGETS

Target = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Book:
    """The targets as they stand in the file, and the file as it was read."""

    targets: tuple[Target, ...]
    content: bytes

    def of_server(self, server: str) -> tuple[int, ...]:
        """Where the targets of one host stand."""
        wanted = server.casefold().rstrip(".")
        return tuple(
            place
            for place, target in enumerate(self.targets)
            if str(target.get("server", "")).casefold().rstrip(".") == wanted
        )

    def fresh_id(self) -> str:
        taken = {str(target.get("id")) for target in self.targets}
        number = len(self.targets) + 1
        while f"target-{number}" in taken:
            number += 1
        return f"target-{number}"


@dataclass(frozen=True, slots=True)
class Draft:
    """The file as it would be. With faults it is never written; a fault's path is the field, where it is one."""

    content: bytes
    over: str
    faults: tuple[Fault, ...]


def open_book(workspace: Workspace) -> Book:
    content = config_file.read_bytes(TARGETS, workspace.path / TARGETS)
    if isinstance(content, Fault):
        raise RefusedError((content,))
    document, _ = read_targets(content)
    return Book(tuple(document["targets"]), content)


def drafted(workspace: Workspace, book: Book, place: int | None, target: Target) -> Draft:
    """The target put in its place, or behind the others; every fault that this brings, at once."""
    document, _ = read_targets(book.content)
    targets = document["targets"]
    at = len(targets) if place is None else place
    document["targets"] = [*targets[:at], dict(target), *targets[at + 1 :]]
    content = written(document, book.content)
    return Draft(content, config_file.fingerprint(book.content), _faults(workspace, content, at))


def keep(workspace: Workspace, draft: Draft) -> None:
    """Raises RefusedError for a draft with faults, and if somebody changed the file since."""
    if draft.faults:
        raise RefusedError(draft.faults)
    lock = workspace.locks / "config.lock"
    config_file.replace(TARGETS, workspace.path / TARGETS, draft.content, draft.over, lock)


def _faults(workspace: Workspace, content: bytes, at: int) -> tuple[Fault, ...]:
    try:
        settings_of(workspace, instead={TARGETS: content})
    except RefusedError as refused:
        here = re.compile(rf"{re.escape(TARGETS)}: targets\[{at}\]\.?(.*)")
        return tuple(_at_its_field(fault, here) for fault in refused.faults)
    return ()


def _at_its_field(fault: Fault, here: re.Pattern[str]) -> Fault:
    found = here.fullmatch(fault.path)
    return fault if found is None else replace(fault, path=found[1] or "target")
