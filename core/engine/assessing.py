"""Collects the facts of one host over an open session."""

from dataclasses import dataclass
from uuid import uuid4

from core.contract.library import HOST_FACTS, SEARCH_UPDATES
from core.contract.message import NoParameters
from core.contract.script import Call
from core.contract.updates import SearchResult, SearchUpdates
from core.detection import sql
from core.detection.updates import UpdateWords, words_of
from core.detection.windows import facts_of
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host
from core.model.policy import UpdateService
from core.ports import AskSql, Clock, Connect, Session

_POLL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class UpdateQuestion:
    """Which service is asked what the host misses, and how long its answer is waited for."""

    service: UpdateService = "default"
    limit_seconds: int = 1800


def assess_host(
    host: Host, connect: Connect, ask_sql: AskSql, clock: Clock, question: UpdateQuestion | None = None
) -> Facts | Failure:
    """Opens a session, asks, and closes it."""
    session = connect(host)
    if isinstance(session, Failure):
        return session
    try:
        return facts_over(session, host, ask_sql, clock, question)
    finally:
        session.close()


def facts_over(
    session: Session, host: Host, ask_sql: AskSql, clock: Clock, question: UpdateQuestion | None = None
) -> Facts | Failure:
    """The host's own words first; an engine or an update service that is silent is part of the facts, not a failure."""
    result = session.run(Call(HOST_FACTS, NoParameters()))
    if isinstance(result, Failure):
        return result
    engines = tuple(sql.words_of(one.name, ask_sql(host, one, sql.QUESTIONS)) for one in host.instances)
    updates = None if question is None else _updates(session, question, clock)
    return facts_of(host.name, result, engines, clock.now(), updates)


def _updates(session: Session, question: UpdateQuestion, clock: Clock) -> UpdateWords:
    return words_of(_search(session, question, clock), clock.now())


def _search(session: Session, question: UpdateQuestion, clock: Clock) -> SearchResult | Failure:
    """The host asks by a task of its own; here it is waited for."""
    call = Call(
        SEARCH_UPDATES,
        SearchUpdates(search_id=uuid4().hex, service=question.service, wait_seconds=_POLL_SECONDS),
    )
    began = clock.now()
    while True:
        answer = session.run(call)
        if isinstance(answer, Failure) or answer.done:
            return answer
        if (clock.now() - began).total_seconds() >= question.limit_seconds:
            told = f"the search for updates did not end within {question.limit_seconds // 60} minutes"
            return Failure(Cause.UPDATE_SERVICE, told, "look at the host's update service")
