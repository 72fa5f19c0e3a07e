"""The last assessment of each host, where it failed: kept until the host is assessed."""

from datetime import datetime

from sqlalchemy import Connection, Row, delete, insert, select

from core.model.failure import Cause, Failure
from core.model.unanswered import Unanswered
from core.store.database import Database
from core.store.tables import facts, unanswered


def keep(database: Database, one: Unanswered) -> None:
    """In the place of an earlier one. A host that somebody else has assessed since then has answered."""
    failure = one.failure
    values = {"cause": failure.cause, "detail": failure.detail, "hint": failure.hint}
    answered = select(facts.c.id).where(facts.c.host == one.host, facts.c.collected_at >= one.at).limit(1)
    with database.write() as connection:
        if connection.execute(answered).one_or_none() is None:
            connection.execute(delete(unanswered).where(unanswered.c.host == one.host))
            connection.execute(insert(unanswered).values(host=one.host, at=one.at, **values))


def forget(connection: Connection, host: str, answered_at: datetime) -> None:
    connection.execute(delete(unanswered).where(unanswered.c.host == host, unanswered.c.at <= answered_at))


def of_host(database: Database, host: str) -> Unanswered | None:
    with database.read() as connection:
        row = connection.execute(select(unanswered).where(unanswered.c.host == host)).one_or_none()
        return None if row is None else _told(row)


def of_all(database: Database) -> dict[str, Unanswered]:
    with database.read() as connection:
        return {row.host: _told(row) for row in connection.execute(select(unanswered))}


def _told(row: Row[tuple[str, datetime, str, str, str]]) -> Unanswered:
    return Unanswered(row.host, row.at, Failure(Cause(row.cause), row.detail, row.hint))
