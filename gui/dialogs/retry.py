"""Before failed hosts are tried again: who that is, and who stays as he is; begun once it is typed."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtWidgets import QWidget

from core.model.history import PatchedSince
from core.model.record import RunRecord
from gui.dialogs.confirm import Confirm
from gui.language import tr

_MOST_NAMED = 12


def confirm_retry(
    record: RunRecord,
    blocked: Collection[str],
    patched_since: tuple[PatchedSince, ...],
    begin: Callable[[], object],
    parent: QWidget,
) -> Confirm:
    done = {one.host for one in patched_since}
    tried = [one.host for one in record.targets if one.is_to_be_tried_again and one.host not in done]
    free, kept = [one for one in tried if one not in blocked], [one for one in tried if one in blocked]
    words = tr("A new run of the same plan begins at once, for what failed alone: {hosts}.", hosts=_named(free))
    if kept:
        words += "\n" + tr("Still patch-blocked, and left as they are: {hosts}.", hosts=_named(kept))
    if patched_since:
        told = "; ".join(map(str, patched_since[:_MOST_NAMED])) + (" …" if len(patched_since) > _MOST_NAMED else "")
        words += "\n" + tr("Not tried again: {why}.", why=told)
    return Confirm(tr("Retry the failed"), words, tr("retry"), begin, parent)


def _named(hosts: list[str]) -> str:
    return ", ".join(hosts[:_MOST_NAMED]) + (" …" if len(hosts) > _MOST_NAMED else "")
