"""What is known of a host."""

from dataclasses import dataclass
from datetime import datetime

from core.app import composition
from core.app.review import titles_of
from core.app.workspace import Workspace, hosts, settings_of
from core.inventory.hosts import named
from core.model.build import Build
from core.model.facts import Facts
from core.model.fault import Fault, RefusedError
from core.model.unanswered import Unanswered
from core.store import facts as fact_store
from core.store import unanswered


@dataclass(frozen=True, slots=True)
class Known:
    """The newest facts, and the try to learn newer ones that failed since."""

    facts: Facts
    unanswered: Unanswered | None


@dataclass(frozen=True, slots=True)
class KnownBuild:
    """What is known of a host's SQL Server in a line: the oldest build of its instances, and when it was seen."""

    host: str
    assessed_at: datetime
    build: str | None
    title: str | None
    instances: int


def known_builds(workspace: Workspace) -> dict[str, KnownBuild]:
    """Of every host that was ever assessed. Thousands of them cost one query, and no facts are read."""
    with composition.open_database(workspace) as database:
        seen = fact_store.builds_of_all(database)
    oldest = {one.host: min(one.builds, key=Build.parse, default=None) for one in seen}
    titles = titles_of(workspace, (build for build in oldest.values() if build is not None))
    return {
        one.host: KnownBuild(
            one.host, one.collected_at, oldest[one.host], titles.get(oldest[one.host] or ""), len(one.builds)
        )
        for one in seen
    }


def known_of(workspace: Workspace, name: str) -> Known:
    host = named(hosts(settings_of(workspace)), name, "HOST")
    with composition.open_database(workspace) as database:
        found = fact_store.newest(database, host.name)
        silent = unanswered.of_host(database, host.name)
    if found is not None:
        return Known(found, silent)
    why = "it was never assessed" if silent is None else f"it could not be assessed: {silent.failure}"
    message = f'{why}; "drydock assess --server {host.name}" does that'
    raise RefusedError((Fault(f"facts of {host.name}", "no_facts", message),))
