"""Facts by their digest, and the newest of each host."""

from datetime import datetime

from sqlalchemy import Connection, and_, func, insert, select, update

from core.model.document import canonical, digest, from_json, to_document
from core.model.facts import Facts
from core.model.host import Host
from core.store.database import Database
from core.store.tables import facts, instances, servers


def keep(database: Database, taken: Facts) -> str:
    """Stores the facts once and returns their digest."""
    document = to_document(taken)
    key = digest(document)
    with database.write() as connection:
        if connection.execute(select(facts.c.id).where(facts.c.digest == key)).one_or_none() is None:
            text = canonical(document).decode()
            values = {"digest": key, "host": taken.host, "collected_at": taken.collected_at, "document": text}
            connection.execute(insert(facts).values(**values))
            _follow(connection, taken)
    return key


def load(database: Database, key: str) -> Facts:
    with database.read() as connection:
        return from_json(Facts, connection.execute(select(facts.c.document).where(facts.c.digest == key)).scalar_one())


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
        document = connection.execute(asked).scalar_one_or_none()
    return None if document is None else from_json(Facts, document)


def newest_of_all(database: Database) -> dict[str, Facts]:
    """The latest facts of every host that was ever assessed."""
    latest = select(facts.c.host, func.max(facts.c.collected_at).label("at")).group_by(facts.c.host).subquery("latest")
    same = and_(facts.c.host == latest.c.host, facts.c.collected_at == latest.c.at)
    with database.read() as connection:
        documents = connection.execute(select(facts.c.document).join(latest, same).order_by(facts.c.id)).scalars()
        return {one.host: one for one in (from_json(Facts, document) for document in documents)}


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
