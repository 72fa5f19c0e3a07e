"""Asset: all that is known of one host, on one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from core.app import composition
from core.app.history import compliance
from core.app.review import titles_of
from core.app.workspace import Workspace, hosts, settings_of
from core.catalog.explaining import explain
from core.evidence.compliance import Moment, in_utc
from core.inventory.hosts import selected
from core.model.block import PatchBlock
from core.model.compliance import Compliance
from core.model.facts import Facts
from core.model.history import Visit
from core.model.host import Host
from core.model.reference import Behind
from core.model.selection import Selection
from core.settings.build_reference import reference_of
from core.store import facts as fact_store
from core.store import history as past
from core.store.blocks import open_blocks


@dataclass(frozen=True, slots=True)
class Sheet:
    """Facts are missing for a host that was never assessed; behind names the instances whose branch is known; blocks
    keep it from being patched, the oldest first."""

    host: Host
    standing: Compliance
    facts: Facts | None
    behind: Mapping[str, Behind]
    visits: tuple[Visit, ...]
    blocks: tuple[PatchBlock, ...]
    # What people call the builds of its visits.
    titles: Mapping[str, str]


def sheet_of(workspace: Workspace, name: str, max_age: timedelta, moment: Moment = in_utc) -> Sheet:
    settings = settings_of(workspace)
    host = selected(hosts(settings), Selection((name,)))[0]
    (standing,) = compliance(workspace, Selection((host.name,)), max_age, moment)
    with composition.open_database(workspace) as database:
        facts = fact_store.newest(database, host.name)
        known = past.known_name(database, host.name)
        visits = () if known is None else past.visits_of(database, known)
        blocks = () if known is None else open_blocks(database, known)
    reference, today = reference_of(settings.reference), composition.SystemClock().now().date()
    told = () if facts is None else facts.instances
    behind = {one.name: explain(reference, one.patch_level, today).behind for one in told}
    known_behind = {key: one for key, one in behind.items() if one is not None}
    builds = (build for visit in visits for one in visit.builds for build in (one.before, one.planned, one.after))
    titles = titles_of(workspace, filter(None, builds))
    return Sheet(host, standing, facts, known_behind, visits, blocks, titles)
