"""Facts by their digest, and the newest of each host."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, select, true, update

from core.model.document import canonical, digest, to_document
from core.model.facts import Facts, UpdateAnswer
from core.model.host import Host
from core.store import unanswered
from core.store.database import Database
from core.store.stored import stored
from core.store.tables import facts, instances, servers


def keep(database: Database, taken: Facts) -> str:
    """Stores the facts once and returns their digest."""
    document = to_document(taken)
    key = digest(document)
    with database.write() as connection:
        if connection.execute(select(facts.c.id).where(facts.c.digest == key)).one_or_none() is None:
            text = canonical(document).decode()
            values = {"digest": key, "host": taken.host, "collected_at": taken.collected_at, "document": text}
            connection.execute(insert(facts).values(tells_updates=_tells_updates(taken), **values))
            _follow(connection, taken)
            unanswered.forget(connection, taken.host, taken.collected_at)
    return key


def load(database: Database, key: str) -> Facts:
    with database.read() as connection:
        document = connection.execute(select(facts.c.document).where(facts.c.digest == key)).scalar_one()
        return stored(Facts, document, "facts")


class StoredFacts:
    """The FactStore port on the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, facts: Facts) -> str:
        return keep(self._database, facts)

    def load(self, digest: str) -> Facts:
        return load(self._database, digest)


def newest(database: Database, host: str, not_before: datetime | None = None) -> Facts | None:
    """The latest facts of a host, unless they are older than asked for."""
    asked = select(facts.c.document).where(facts.c.host == host).order_by(facts.c.collected_at.desc()).limit(1)
    if not_before is not None:
        asked = asked.where(facts.c.collected_at >= not_before)
    with database.read() as connection:
        found = _read(connection, asked)
        if not found or found[0].update_witness is not None:
            return found[0] if found else None
        return _with_updates(found[0], _read(connection, asked.where(facts.c.tells_updates)))


def newest_of_all(database: Database) -> dict[str, Facts]:
    """The latest facts of every host that was ever assessed."""
    with database.read() as connection:
        found = {one.host: one for one in _read(connection, _latest())}
        silent = {host for host, one in found.items() if one.update_witness is None}
        told = {one.host: one for one in _read(connection, _latest(facts.c.tells_updates))} if silent else {}
    return found | {host: _with_updates(found[host], (told[host],)) for host in silent & told.keys()}


@dataclass(frozen=True, slots=True)
class BuildsSeen:
    host: str
    collected_at: datetime
    builds: tuple[str, ...]


def builds_of_all(database: Database) -> tuple[BuildsSeen, ...]:
    """The builds in the latest facts of every host, picked out where they lie."""
    latest = select(facts.c.host, func.max(facts.c.collected_at).label("at")).group_by(facts.c.host).subquery("newest")
    each = func.json_each(facts.c.document, "$.instances").table_valued("value").alias("instance")
    asked = (
        select(
            facts.c.id,
            facts.c.host,
            facts.c.collected_at,
            func.json_extract(each.c.value, "$.patch_level").label("build"),
        )
        .join(latest, and_(facts.c.host == latest.c.host, facts.c.collected_at == latest.c.at))
        .outerjoin(each, true())
        .order_by(facts.c.id)
    )
    found: dict[int, BuildsSeen] = {}
    with database.read() as connection:
        for number, host, at, build in connection.execute(asked):
            before = found.get(number, BuildsSeen(host, at, ()))
            found[number] = replace(before, builds=(*before.builds, build)) if build is not None else before
    # Of two of one moment the later one counts.
    return tuple({one.host: one for one in found.values()}.values())


def _latest(*only: ColumnElement[bool]) -> Select[Any]:
    latest = select(facts.c.host, func.max(facts.c.collected_at).label("at")).where(*only).group_by(facts.c.host)
    newest = latest.subquery("newest")
    same = and_(facts.c.host == newest.c.host, facts.c.collected_at == newest.c.at)
    return select(facts.c.document).join(newest, same).where(*only).order_by(facts.c.id)


def _read(connection: Connection, asked: Select[Any]) -> tuple[Facts, ...]:
    return tuple(stored(Facts, document, "facts") for document in connection.execute(asked).scalars())


def _with_updates(newest: Facts, told: tuple[Facts, ...]) -> Facts:
    """A look that asked nobody for updates leaves the last answer standing; it says itself when it was given."""
    if not told or told[0].machine_id != newest.machine_id:
        return newest
    return replace(newest, updates=told[0].updates, update_witness=told[0].update_witness)


def _tells_updates(taken: Facts) -> bool:
    return isinstance(taken.update_witness, UpdateAnswer)


def follow_inventory(database: Database, hosts: tuple[Host, ...]) -> None:
    """The files are the truth about targets; the table of servers follows them."""
    with database.write() as connection:
        connection.execute(update(servers).values(is_active=False))
        for host in hosts:
            values = {"ip_address": host.address, "is_active": True}
            row = update(servers).where(servers.c.hostname == host.name).values(**values)
            if connection.execute(row).rowcount == 0:
                connection.execute(insert(servers).values(hostname=host.name, **values))


def _follow(connection: Connection, taken: Facts) -> None:
    server = connection.execute(select(servers.c.id).where(servers.c.hostname == taken.host)).scalar_one_or_none()
    if server is None:
        return
    connection.execute(update(servers).where(servers.c.id == server).values(machine_id=taken.machine_id))
    for one in taken.instances:
        values = {
            "port": one.tcp_port,
            "version": str(one.patch_level),
            "version_major": one.patch_level.major,
            "edition": one.edition,
        }
        row = update(instances).where(instances.c.server_id == server, instances.c.instance_name == one.name)
        if connection.execute(row.values(**values)).rowcount == 0:
            connection.execute(insert(instances).values(server_id=server, instance_name=one.name, **values))
