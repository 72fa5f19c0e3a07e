"""Collects the facts of one host over an open session."""

from dataclasses import dataclass
from uuid import uuid4

from core.contract.library import SEARCH_UPDATES
from core.contract.script import Call
from core.contract.updates import SearchResult, SearchUpdates
from core.detection import sql
from core.detection.families import detector_for
from core.detection.updates import with_updates, words_of
from core.model.count import counted
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host
from core.model.policy import UpdateService
from core.ports import AskSql, Clock, Connect, Session

# Reading changes nothing, so that a line that broke meanwhile is opened once more.
_ATTEMPTS = 2
_POLL_SECONDS = 10


@dataclass(frozen=True, slots=True)
class UpdateQuestion:
    """Which service is asked what the host misses, and how long its answer is waited for."""

    service: UpdateService = "default"
    limit_seconds: int = 1800


def assess_host(
    host: Host, connect: Connect, ask_sql: AskSql, clock: Clock, question: UpdateQuestion | None = None
) -> Facts | Failure:
    """Opens a session, asks, and closes it. A host of a family that nobody reads is not even knocked at."""
    known = detector_for(host)
    if isinstance(known, Failure):
        return known
    for attempt in range(1, _ATTEMPTS + 1):
        session = connect(host)
        if isinstance(session, Failure):
            return session
        try:
            found = facts_over(session, host, ask_sql, clock, question)
        finally:
            session.close()
        if not _broke(found) or attempt == _ATTEMPTS:
            return found
    raise AssertionError("the last attempt returns")


def facts_over(
    session: Session, host: Host, ask_sql: AskSql, clock: Clock, question: UpdateQuestion | None = None
) -> Facts | Failure:
    """The host's own words first; an engine or an update service that is silent is part of the facts, not a failure."""
    detector = detector_for(host)
    if isinstance(detector, Failure):
        return detector
    result = session.run(detector.call)
    if isinstance(result, Failure):
        return result
    answers = [ask_sql(host, one, sql.QUESTIONS) for one in host.instances]
    for answer in answers:
        if isinstance(answer, Failure) and answer.cause is Cause.CANCELLED:
            # An engine that was left in the middle is not one that was silent.
            return answer
    engines = tuple(sql.words_of(one.name, answer) for one, answer in zip(host.instances, answers, strict=True))
    facts = detector.read(host.name, result, engines, clock.now())
    if isinstance(facts, Failure) or question is None:
        return facts
    return with_updates(facts, words_of(_search(session, question, clock), clock.now()))


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
            told = f"the search for updates did not end within {counted(question.limit_seconds // 60, 'minute')}"
            return Failure(Cause.UPDATE_SERVICE, told, "look at the host's update service")


def _broke(found: Facts | Failure) -> bool:
    """A host that stayed silent has had its time already."""
    return isinstance(found, Failure) and found.cause is Cause.UNREACHABLE
