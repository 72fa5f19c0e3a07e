"""What is known of a host."""

from core.app import composition
from core.app.workspace import Workspace, hosts, settings_of
from core.inventory.hosts import selected
from core.model.facts import Facts
from core.model.fault import Fault, RefusedError
from core.model.selection import Selection
from core.store import facts as fact_store


def newest_facts(workspace: Workspace, name: str) -> Facts:
    host = selected(hosts(settings_of(workspace)), Selection((name,)))[0]
    database = composition.open_database(workspace)
    try:
        found = fact_store.newest(database, host.name)
    finally:
        database.close()
    if found is None:
        message = f'it was never assessed; "drydock assess --server {host.name}" does that'
        raise RefusedError((Fault(f"facts of {host.name}", "no_facts", message),))
    return found
