"""What is known of a host."""

from dataclasses import dataclass

from core.app import composition
from core.app.workspace import Workspace, hosts, settings_of
from core.inventory.hosts import named
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
