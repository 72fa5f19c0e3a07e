"""What is known of a host."""

from core.app import composition
from core.app.workspace import Workspace, hosts, settings_of
from core.inventory.hosts import named
from core.model.facts import Facts
from core.model.fault import Fault, RefusedError
from core.store import facts as fact_store


def newest_facts(workspace: Workspace, name: str) -> Facts:
    host = named(hosts(settings_of(workspace)), name, "HOST")
    with composition.open_database(workspace) as database:
        found = fact_store.newest(database, host.name)
    if found is None:
        message = f'it was never assessed; "drydock assess --server {host.name}" does that'
        raise RefusedError((Fault(f"facts of {host.name}", "no_facts", message),))
    return found
