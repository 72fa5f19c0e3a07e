"""Assess: hosts in, facts out, several at a time. What one host refuses does not keep the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from core.app import composition
from core.app.workspace import Workspace, hosts, settings_of
from core.engine.assessing import UpdateQuestion, assess_host
from core.inventory.hosts import selected
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.host import Host
from core.model.selection import Selection
from core.settings.audit_config import seconds
from core.settings.values import policy_of
from core.settings.workspace import Settings


@dataclass(frozen=True, slots=True)
class Assessment:
    """One host, and what it said or why not."""

    host: Host
    result: Facts | Failure


def assess(
    workspace: Workspace,
    selection: Selection,
    told: Callable[[Assessment], None] = lambda _: None,
    stop: threading.Event | None = None,
    with_updates: bool = True,
) -> tuple[Assessment, ...]:
    """Facts are stored as they come; the answer is in the inventory's order."""
    stop = stop or threading.Event()
    settings = settings_of(workspace)
    known = hosts(settings)
    chosen = selected(known, selection)
    secrets = composition.secrets_of(workspace, settings, known)
    connect, ask_sql = composition.connect_with(secrets, stop), composition.ask_sql_with(secrets, settings)
    question = update_question(settings) if with_updates else None
    clock = composition.SystemClock()
    database = composition.open_database(workspace)
    from core.store import facts as fact_store

    found: dict[str, Assessment] = {}
    try:
        fact_store.follow_inventory(database, known)
        with ThreadPoolExecutor(min(32, max(1, len(chosen))), thread_name_prefix="assess") as pool:
            futures = {pool.submit(assess_host, host, connect, ask_sql, clock, question): host for host in chosen}
            for future in as_completed(futures):
                assessment = Assessment(futures[future], future.result())
                if isinstance(assessment.result, Facts):
                    fact_store.keep(database, assessment.result)
                found[assessment.host.name] = assessment
                told(assessment)
    finally:
        database.close()
    return tuple(found[host.name] for host in chosen)


def update_question(settings: Settings) -> UpdateQuestion | None:
    """Nothing where policy leaves the operating system alone."""
    rules = policy_of(settings.policy).os
    return UpdateQuestion(rules.service, seconds(settings.audit.timeouts.update_search)) if rules.enabled else None
