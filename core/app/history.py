"""The past of all assets, or of one, and whether they are as policy wants them."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

from core.app import composition
from core.app.choosing import selected_by
from core.app.workspace import Workspace, hosts, settings_of
from core.catalog.reference import release_of
from core.evidence.compliance import Judged, Moment, Past, Titles, compliance_of, in_utc
from core.inventory.hosts import selected
from core.model.build import Build
from core.model.compliance import Compliance
from core.model.facts import Facts
from core.model.fault import Fault, RefusedError
from core.model.history import Visit
from core.model.host import Host
from core.model.ids import folded
from core.model.reference import Reference
from core.model.selection import Selection
from core.policy.judging import judge_by
from core.policy.rules import Rules
from core.settings.build_reference import reference_of
from core.settings.values import mapping_of, policy_of
from core.store import facts as fact_store
from core.store import history as past
from core.store import unanswered
from core.store.blocks import last_unblocked, open_blocks


def overview(workspace: Workspace) -> tuple[Visit, ...]:
    """What was done last to each asset that a run ever named."""
    with composition.open_database(workspace) as database:
        return past.latest_visits(database)


def of_server(workspace: Workspace, name: str) -> tuple[Visit, ...]:
    """All that was done to one asset, also one that has left the inventory since."""
    with composition.open_database(workspace) as database:
        host = past.known_name(database, name)
        found = () if host is None else past.visits_of(database, host)
    if not found:
        known = hosts(settings_of(workspace))
        selected(known, Selection((name,)))
        raise RefusedError((Fault(f"history of {name}", "no_history", "no run has named it so far", found=name),))
    return found


def compliance(
    workspace: Workspace, selection: Selection, max_age: timedelta, moment: Moment = in_utc
) -> tuple[Compliance, ...]:
    """Today's rules on the newest facts of each host, and what the last run left behind, in the reader's times."""
    settings = settings_of(workspace)
    chosen = selected_by(workspace, hosts(settings), selection)
    now = composition.SystemClock().now()
    rules = Rules(
        mapping_of(settings.mapping), policy_of(settings.policy), reference_of(settings.reference), now.date()
    )
    with composition.open_database(workspace) as database:
        facts = fact_store.newest_of_all(database)
        visits = {one.host: one for one in past.latest_visits(database)}
        patched = past.last_successes(database)
        blocks = {folded(one.host): one for one in reversed(open_blocks(database))}
        unblocked = last_unblocked(database)
        silent = unanswered.of_all(database)
    title = _titles(rules.reference)
    return tuple(
        compliance_of(
            host,
            _judged(rules, facts.get(host.name), host, title),
            Past(
                visits.get(host.name),
                patched.get(host.name),
                blocks.get(folded(host.name)),
                unblocked.get(host.name),
                silent.get(host.name),
            ),
            now - max_age,
            moment,
        )
        for host in chosen
    )


def _judged(rules: Rules, taken: Facts | None, host: Host, title: Titles) -> Judged | None:
    return None if taken is None else Judged(taken, judge_by(rules, taken, host), rules.policy.os.enabled, title)


def _titles(reference: Reference) -> Titles:
    """Thousands of instances are on a few dozen builds."""

    @cache
    def title(build: Build) -> str | None:
        release = release_of(reference, build)
        return None if release is None else release.title

    return title
