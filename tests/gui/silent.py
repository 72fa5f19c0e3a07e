"""A host that was asked a while ago and did not answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.app.workspace import Workspace
from core.model.failure import Cause, Failure
from core.model.unanswered import Unanswered
from core.store import unanswered
from core.store.database import open_database


def fail_to_assess(workspace: Workspace, host: str) -> datetime:
    """When that was."""
    at = datetime.now(UTC) - timedelta(minutes=5)
    database = open_database(workspace.database)
    failure = Failure(Cause.UNREACHABLE, "connection refused", "is WinRM on?")
    unanswered.keep(database, Unanswered(host, at, failure))
    database.close()
    return at
