"""What each run adds to the trend, kept until its journal grows."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from core.model.document import canonical, from_json, to_document
from core.model.trend import TALLY_VERSION, Tally
from core.store.database import Database
from core.store.tables import hotfix_runs, journal, run_tallies

# Of a run that a tenant has no part in: that too need not be found out again.
_NO_PART = "null"


@dataclass(frozen=True, slots=True)
class Kept:
    """A run, the hash of its journal's last line, and its tally as far as it still is what the journal tells."""

    run_id: str
    journal_hash: str
    is_kept: bool
    tally: Tally | None


def kept_tallies(database: Database, tenant: str | None) -> tuple[Kept, ...]:
    """Of all runs, the oldest first."""
    last = (
        select(journal.c.hash)
        .where(journal.c.run_id == hotfix_runs.c.run_id)
        .order_by(journal.c.seq.desc())
        .limit(1)
        .correlate(hotfix_runs)
        .scalar_subquery()
    )
    same = (
        (run_tallies.c.run_id == hotfix_runs.c.run_id)
        & (run_tallies.c.tenant == (tenant or ""))
        & (run_tallies.c.journal_hash == last)
        & (run_tallies.c.version == TALLY_VERSION)
    )
    asked = (
        select(hotfix_runs.c.run_id, last, run_tallies.c.document)
        .select_from(hotfix_runs)
        .outerjoin(run_tallies, same)
        .order_by(hotfix_runs.c.id)
    )
    with database.read() as connection:
        return tuple(
            Kept(run_id, newest, document is not None, _read(document))
            for run_id, newest, document in connection.execute(asked)
        )


def keep_tallies(database: Database, tenant: str | None, tallies: Mapping[tuple[str, str], Tally | None]) -> None:
    """By run and hash of the journal's last line."""
    rows = [
        {
            "run_id": run_id,
            "tenant": tenant or "",
            "journal_hash": last,
            "version": TALLY_VERSION,
            "document": _NO_PART if tally is None else canonical(to_document(tally)).decode(),
        }
        for (run_id, last), tally in tallies.items()
    ]
    if not rows:
        return
    said = insert(run_tallies)
    anew = {name: said.excluded[name] for name in ("journal_hash", "version", "document")}
    with database.write() as connection:
        connection.execute(said.on_conflict_do_update(index_elements=["run_id", "tenant"], set_=anew), rows)


def _read(document: str | None) -> Tally | None:
    return None if document is None or document == _NO_PART else from_json(Tally, document)
