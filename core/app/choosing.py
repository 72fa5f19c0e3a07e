"""Which hosts a selection means, also where it speaks of those that failed in a run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from core.app import composition
from core.app.lookup import the_run
from core.app.workspace import Workspace
from core.inventory.hosts import meant, selected
from core.model.fault import Fault, RefusedError
from core.model.host import Host
from core.model.selection import Selection
from core.store.runs import load_record


def selected_by(workspace: Workspace, hosts: Iterable[Host], selection: Selection) -> tuple[Host, ...]:
    """Those that fit, if any do."""
    return selected(hosts, _resolved(workspace, selection))


def meant_by(workspace: Workspace, hosts: Iterable[Host], selection: Selection) -> tuple[Host, ...]:
    """Those to work on. Nobody at all is refused."""
    return meant(hosts, _resolved(workspace, selection))


def _resolved(workspace: Workspace, selection: Selection) -> Selection:
    if not selection.failed_in:
        return selection
    with composition.open_database(workspace) as database:
        records = [load_record(database, the_run(database, one).run_id) for one in selection.failed_in]
    failed = tuple(one.host for record in records for one in record.targets if one.is_to_be_tried_again)
    if not failed:
        where = f"failed in {' '.join(selection.failed_in)}"
        raise RefusedError((Fault(where, "none_failed", "no host failed there"),))
    return replace(selection, failed_in=(), among=failed)
