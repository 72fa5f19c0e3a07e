"""Which boot a host is on, and whether it is ready."""

from core.contract.host import BootStateResult
from core.contract.library import BOOT_STATE
from core.contract.message import NoParameters
from core.contract.script import Call
from core.engine.effects import Walk
from core.engine.errand import Errand
from core.engine.persistence import persist
from core.model.facts import BootMarks
from core.model.failure import Failure
from core.model.phase import Phase

ASK_BOOT_STATE = Call(BOOT_STATE, NoParameters())


def boot_state(errand: Errand) -> Walk[BootStateResult | Failure]:
    return (yield from persist(errand, Phase.REBOOT, ASK_BOOT_STATE, errand.patience.connection_loss))


def marks_of(state: BootStateResult) -> BootMarks:
    return BootMarks(state.boot.booted_at, state.boot.boot_id)
