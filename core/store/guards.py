"""The triggers that keep the journal append-only, and the check that they stand."""

from sqlalchemy import Connection

# INSERT OR REPLACE skips delete triggers, so an insert over an existing row is refused as well.
TRIGGERS: dict[str, str] = {
    "journal_no_update": "BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "journal_no_delete": "BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "journal_no_replace": (
        "BEFORE INSERT ON journal"
        " WHEN EXISTS (SELECT 1 FROM journal WHERE run_id = NEW.run_id AND seq = NEW.seq)"
        " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
    ),
}


def missing_triggers(connection: Connection) -> tuple[str, ...]:
    """Guards that somebody, or a careless migration, has dropped or made harmless."""
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    there = {row.name: row.sql for row in connection.exec_driver_sql(asked)}
    return tuple(name for name, body in TRIGGERS.items() if there.get(name) != f"CREATE TRIGGER {name} {body}")
