"""Collects the facts of one host over an open session."""

from core.detection import sql
from core.detection.families import detector_for
from core.model.facts import Facts
from core.model.failure import Cause, Failure
from core.model.host import Host
from core.ports import AskSql, Clock, Connect, Session

# Reading changes nothing, so that a line that broke meanwhile is opened once more.
_ATTEMPTS = 2


def assess_host(host: Host, connect: Connect, ask_sql: AskSql, clock: Clock) -> Facts | Failure:
    """Opens a session, asks, and closes it. A host of a family that nobody reads is not even knocked at."""
    known = detector_for(host)
    if isinstance(known, Failure):
        return known
    for attempt in range(1, _ATTEMPTS + 1):
        session = connect(host)
        if isinstance(session, Failure):
            return session
        try:
            found = facts_over(session, host, ask_sql, clock)
        finally:
            session.close()
        if not _broke(found) or attempt == _ATTEMPTS:
            return found
    raise AssertionError("the last attempt returns")


def facts_over(session: Session, host: Host, ask_sql: AskSql, clock: Clock) -> Facts | Failure:
    """The host's own words first; an engine that is silent is part of the facts, not a failure."""
    detector = detector_for(host)
    if isinstance(detector, Failure):
        return detector
    result = session.run(detector.call)
    if isinstance(result, Failure):
        return result
    engines = tuple(sql.words_of(one.name, ask_sql(host, one, sql.QUESTIONS)) for one in host.instances)
    return detector.read(host.name, result, engines, clock.now())


def _broke(found: Facts | Failure) -> bool:
    """A host that stayed silent has had its time already."""
    return isinstance(found, Failure) and found.cause is Cause.UNREACHABLE
