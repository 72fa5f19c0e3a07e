"""A host's facts with what is installed on it: the same keys before and after, so that the two can be compared."""

from dataclasses import replace

from core.contract.library import HOST_INVENTORY
from core.contract.message import NoParameters
from core.contract.script import Call
from core.detection.windows import inventory_of
from core.engine.effects import Walk, ask, record
from core.engine.errand import Errand
from core.model.events import Warned
from core.model.facts import Facts
from core.model.failure import Failure
from core.model.phase import Phase


def with_inventory(errand: Errand, phase: Phase, facts: Facts) -> Walk[Facts]:
    """A host that does not tell its inventory is patched all the same; what is missing is said."""
    told = yield from ask(Call(HOST_INVENTORY, NoParameters()))
    if isinstance(told, Failure):
        words = f"the snapshot lacks applications, drivers and installed updates: {told}"
        yield from record(errand.event(phase, Warned("inventory", words)))
        return facts
    return replace(facts, inventory=inventory_of(told))
