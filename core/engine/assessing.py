"""Collects the facts of one host over an open session."""

from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.detection import sql
from core.detection.windows import facts_of
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.host import Host
from core.ports import AskSql, Clock, Connect, Session


def assess_host(host: Host, connect: Connect, ask_sql: AskSql, clock: Clock) -> Facts | Failure:
    """Opens a session, asks, and closes it."""
    session = connect(host)
    if isinstance(session, Failure):
        return session
    try:
        return facts_over(session, host, ask_sql, clock)
    finally:
        session.close()


def facts_over(session: Session, host: Host, ask_sql: AskSql, clock: Clock) -> Facts | Failure:
    """The host's own words first; an engine that is silent is part of the facts, not a failure."""
    result = session.run(Call(HOST_FACTS, NoParameters()))
    if isinstance(result, Failure):
        return result
    engines = tuple(sql.words_of(one.name, ask_sql(host, one, sql.QUESTIONS)) for one in host.instances)
    return facts_of(host.name, result, engines, clock.now())
