"""Requests to a run: written by anybody, taken up once by the run's own process."""

from sqlalchemy import insert, select, update

from core.model.requests import Action, Request
from core.store.database import Database
from core.store.tables import requests


def ask(database: Database, request: Request) -> int:
    """Writes the request and returns its number; the one it came with is not used."""
    values = {
        "run_id": request.run_id,
        "action": request.action,
        "host": request.host,
        "asked_by": request.by,
        "reason": request.reason,
        "asked_at": request.asked_at,
        "taken": False,
    }
    with database.write() as connection:
        inserted = connection.execute(insert(requests).values(**values)).inserted_primary_key
        return int(inserted[0]) if inserted is not None else 0


def open_requests(database: Database, run_id: str) -> tuple[Request, ...]:
    asked = select(requests).where(requests.c.run_id == run_id, requests.c.taken.is_(False)).order_by(requests.c.id)
    with database.read() as connection:
        return tuple(
            Request(row.id, row.run_id, Action(row.action), row.host, row.asked_by, row.reason, row.asked_at)
            for row in connection.execute(asked)
        )


def mark_taken(database: Database, request: Request) -> None:
    with database.write() as connection:
        connection.execute(update(requests).where(requests.c.id == request.id).values(taken=True))


class RunInbox:
    """The Inbox port of one run."""

    def __init__(self, database: Database, run_id: str) -> None:
        self._database = database
        self._run_id = run_id

    def waiting(self) -> tuple[Request, ...]:
        return open_requests(self._database, self._run_id)

    def taken(self, request: Request) -> None:
        mark_taken(self._database, request)
