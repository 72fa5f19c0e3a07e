"""The journal: a line of RFC 8785 JSON an event, with the hash of the line before. Events.jsonl is these lines."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from core.model.document import canonical, from_document, to_document
from core.model.events import EVENTS_VERSION, Body, Entry, Event
from core.model.fault import Fault, RefusedError
from core.model.phase import Phase
from core.store.tables import journal


def append(connection: Connection, run_id: str, at: datetime, events: Sequence[Event]) -> tuple[Entry, ...]:
    """Puts the events behind the last one of the run."""
    last = connection.execute(
        select(journal.c.seq, journal.c.hash).where(journal.c.run_id == run_id).order_by(journal.c.seq.desc()).limit(1)
    ).one_or_none()
    seq, previous = (last.seq, last.hash) if last is not None else (0, "")
    entries: list[Entry] = []
    for event in events:
        seq += 1
        entry = Entry(run_id, seq, at.astimezone(UTC), event)
        line = write_line(entry, previous)
        previous = hash_of(line)
        connection.execute(insert(journal).values(run_id=run_id, seq=seq, line=line, hash=previous))
        entries.append(entry)
    return tuple(entries)


def lines(connection: Connection, run_id: str, after: int = 0) -> Iterator[str]:
    rows = connection.execute(
        select(journal.c.line).where(journal.c.run_id == run_id, journal.c.seq > after).order_by(journal.c.seq)
    )
    for (line,) in rows:
        yield line


def entries(connection: Connection, run_id: str) -> Iterator[Entry]:
    """A run's story from its beginning. Raises RefusedError at a line that does not continue the chain, or that a newer
    version wrote: what was changed is no evidence, and nothing is derived from it."""
    previous = ""
    for place, (seq, line, stored) in enumerate(_rows(connection, run_id), start=1):
        if not _continues((seq, line, stored), place, run_id, previous):
            message = f"line {place} is not as it was written; restore the database from a backup"
            raise RefusedError((Fault(f"journal of run {run_id}", "chain_broken", message),))
        previous = stored
        try:
            entry = read_line(line)
        except ValueError:
            message = f"line {place} was written by a newer version of Drydock; use that version"
            raise RefusedError((Fault(f"journal of run {run_id}", "newer_journal", message),)) from None
        yield entry


def write_line(entry: Entry, previous: str) -> str:
    document = to_document(entry.event.body)
    line = {
        "schema_version": EVENTS_VERSION,
        "timestamp": entry.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "seq": entry.seq,
        "runId": entry.run_id,
        "event": document.pop("kind"),
        "level": entry.event.level,
        "phaseId": entry.event.phase,
        "target": entry.event.target,
        "data": document,
        "prevHash": previous,
    }
    return canonical(line).decode()


def read_line(line: str) -> Entry:
    """Raises ValueError for a line that a newer version wrote."""
    document = json.loads(line)
    if document["schema_version"] > EVENTS_VERSION:
        raise ValueError(f"event {document['seq']} was written by a newer version of Drydock")
    phase = document["phaseId"]
    body: Body = from_document(Body, {"kind": document["event"], **document["data"]})  # type: ignore[arg-type]
    event = Event(body, document["target"], None if phase is None else Phase(phase))
    return Entry(document["runId"], document["seq"], datetime.fromisoformat(document["timestamp"]), event)


def hash_of(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()


def broken_at(connection: Connection, run_id: str) -> int | None:
    """The place of the first line that does not continue the chain, or None if it is whole.

    Lines cut off at the end leave a whole chain: only a journal that has told of the run's end is known to be complete.
    """
    previous = ""
    for place, (seq, line, stored) in enumerate(_rows(connection, run_id), start=1):
        if not _continues((seq, line, stored), place, run_id, previous):
            return place
        previous = stored
    return None


def _rows(connection: Connection, run_id: str) -> Iterator[Any]:
    rows = connection.execute(
        select(journal.c.seq, journal.c.line, journal.c.hash).where(journal.c.run_id == run_id).order_by(journal.c.seq)
    )
    yield from rows


def _continues(row: tuple[int, str, str], place: int, run_id: str, previous: str) -> bool:
    seq, line, stored = row
    return seq == place and stored == hash_of(line) and _told(line) == (seq, run_id, previous)


def _told(line: str) -> tuple[Any, ...]:
    """What a line says of its own place; nothing for one that was damaged beyond reading."""
    try:
        document = json.loads(line)
        return (document["seq"], document["runId"], document["prevHash"])
    except (ValueError, LookupError, TypeError):
        return ()
