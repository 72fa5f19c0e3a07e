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
    if selection.failed_in is None:
        return selection
    with composition.open_database(workspace) as database:
        run = the_run(database, selection.failed_in)
        failed = tuple(one.host for one in load_record(database, run.run_id).targets if one.is_to_be_tried_again)
    if not failed:
        raise RefusedError((Fault(f"--failed-in {run.run_id}", "none_failed", "none of its hosts failed"),))
    return replace(selection, failed_in=None, among=failed)
