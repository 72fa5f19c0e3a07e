"""Assess: hosts in, facts out, several at a time. What one host refuses does not keep the others."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from core.app import composition
from core.app.choosing import meant_by
from core.app.workspace import Workspace, hosts, settings_of
from core.engine.assessing import UpdateQuestion, assess_host
from core.model.check import Check
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host
from core.model.selection import Selection
from core.model.unanswered import Unanswered
from core.ports import Stop
from core.settings.audit_config import seconds
from core.settings.values import policy_of
from core.settings.workspace import Settings

if TYPE_CHECKING:
    from core.store.database import Database

# More threads only wait for each other in one Python process.
_MOST_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Assessment:
    """One host, and what it said or why not."""

    host: Host
    result: Facts | Failure


@dataclass(frozen=True, slots=True)
class Advance:
    """How far an assessment of many has come."""

    done: int
    of: int


def unwatched(_one: Assessment, _advance: Advance) -> None:
    """For assessments that nobody looks at."""


def assess(
    workspace: Workspace,
    selection: Selection,
    told: Callable[[Assessment, Advance], None] = unwatched,
    stop: Stop | None = None,
    with_updates: bool = True,
) -> tuple[Assessment, ...]:
    """What comes is stored as it comes, so that what is there stays there; the answer is in the inventory's order."""
    stop = stop or threading.Event()
    settings = settings_of(workspace)
    known = hosts(settings)
    chosen = meant_by(workspace, known, selection)
    secrets = composition.secrets_of(workspace, settings, known)
    connect, ask_sql = composition.connect_with(secrets, stop), composition.ask_sql_with(secrets, settings, stop)
    question = update_question(settings) if with_updates else None
    clock = composition.SystemClock()
    from core.store import facts as fact_store

    def ask(host: Host) -> Facts | Failure:
        if stop.is_set():
            return Failure(Cause.CANCELLED, "it was not asked any more")
        return assess_host(host, connect, ask_sql, clock, question)

    found: dict[str, Assessment] = {}
    with composition.open_database(workspace) as database:
        fact_store.follow_inventory(database, known)
        with ThreadPoolExecutor(min(_MOST_AT_ONCE, max(1, len(chosen))), thread_name_prefix="assess") as pool:
            futures = {pool.submit(ask, host): host for host in chosen}
            for future in as_completed(futures):
                assessment = Assessment(futures[future], future.result())
                _keep(database, assessment, clock.now())
                found[assessment.host.name] = assessment
                told(assessment, Advance(len(found), len(chosen)))
    return tuple(found[host.name] for host in chosen)


def _keep(database: Database, one: Assessment, now: datetime) -> None:
    """Why a host could not be assessed is kept as well, unless it was not asked."""
    from core.store import facts, unanswered

    match one.result:
        case Facts() as taken:
            facts.keep(database, taken)
        case Failure(cause=Cause.CANCELLED):
            return
        case Failure() as failure:
            unanswered.keep(database, Unanswered(one.host.name, now, failure))


def update_question(settings: Settings) -> UpdateQuestion | None:
    """Nothing where policy leaves the operating system alone."""
    rules = policy_of(settings.policy).os
    return UpdateQuestion(rules.service, seconds(settings.audit.timeouts.update_search)) if rules.enabled else None


def way_to(workspace: Workspace, host: Host, stop: Stop | None = None) -> tuple[Check, ...]:
    """The steps of the connection, each with how it went: name, TCP, TLS, authentication, shell, script, SQL."""
    settings = settings_of(workspace)
    secrets = composition.secrets_of(workspace, settings, hosts(settings))
    way = composition.way_with(host, secrets, settings, stop or threading.Event())
    return tuple(way.walked())
