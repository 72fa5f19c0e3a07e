"""All answers of an imaginary host: it checks what a real one would check."""

from core.contract.claim import Held, ReleaseClaim, TakeClaim
from core.contract.library import (
    BOOT_STATE,
    CHECK_APPLICATIONS,
    COLLECT_DIAGNOSTICS,
    HOST_FACTS,
    HOST_INVENTORY,
    RECEIVE_PACKAGE,
)
from core.contract.message import Parameters, Result
from core.practice.answers import (
    applications,
    claims,
    diagnostics,
    facts,
    jobs,
    packages,
    restarts,
    surroundings,
    updates,
)
from core.practice.answers.answer import Answer, Hold, RefusalError, assert_claim, assert_folder
from core.practice.answers.names import assert_names
from core.practice.host.machine import Machine

# A family of scripts that is added gets a module of its own and a place here.
ANSWERS: dict[str, Answer] = {
    **facts.ANSWERS,
    **claims.ANSWERS,
    **packages.ANSWERS,
    **jobs.ANSWERS,
    **restarts.ANSWERS,
    **surroundings.ANSWERS,
    **applications.ANSWERS,
    **diagnostics.ANSWERS,
    **updates.ANSWERS,
}

# What only reads, and nothing of Drydock's own.
_WITHOUT_FOLDER = frozenset(
    one.name for one in (HOST_FACTS, HOST_INVENTORY, BOOT_STATE, CHECK_APPLICATIONS, COLLECT_DIAGNOSTICS)
)

# What goes through the session with content of its own.
TAKES_INPUT = frozenset({RECEIVE_PACKAGE.name})


def answer(machine: Machine, script: str, parameters: Parameters, content: bytes = b"") -> Result | Hold:
    """Raises RefusalError as the script would end."""
    try:
        _assert_allowed(machine, script, parameters)
        return ANSWERS[script](machine, parameters, content)
    except RefusalError as refused:
        machine.note("refused", script=script, code=refused.code, job=getattr(parameters, "job_id", None))
        raise


def _assert_allowed(machine: Machine, script: str, parameters: Parameters) -> None:
    if script not in _WITHOUT_FOLDER:
        assert_folder(machine)
    if isinstance(parameters, Held) and not isinstance(parameters, TakeClaim | ReleaseClaim):
        assert_claim(machine, parameters)
    assert_names(parameters)
