"""What an answer can be, and how a family of scripts names its answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from core.contract.claim import Held
from core.contract.message import Parameters, Result
from core.contract.script import Script
from core.practice.host.machine import Machine

P = TypeVar("P", bound=Parameters)
R = TypeVar("R", bound=Result)


class RefusalError(Exception):
    """The script ends with an error and a code of the contract."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Hold:
    """The answer waits: until it is ready, or until the time is up. Then ask again."""

    until: datetime
    ready: Callable[[], bool]


Answer = Callable[[Machine, Any, bytes], Result | Hold]


def to(script: Script[P, R], answered: Callable[[Machine, P], R | Hold]) -> tuple[str, Answer]:
    """A script's name, with what answers it."""
    return script.name, lambda machine, parameters, _: answered(machine, parameters)


def to_input(script: Script[P, R], answered: Callable[[Machine, P, bytes], R]) -> tuple[str, Answer]:
    """The same for a script into which something is piped."""
    return script.name, answered


def assert_no_job(machine: Machine) -> None:
    """Whatever must not happen beside a job that is still at work."""
    running = next((job.id for job in machine.jobs.values() if job.running), None)
    if running is not None:
        raise RefusalError("job_running", f"job {running} is still running")


def assert_task_scripts(machine: Machine) -> None:
    """A group policy of the machine outranks what powershell.exe is told."""
    policy = machine.spec.execution_policy
    if policy in ("AllSigned", "Restricted"):
        raise RefusalError("execution_policy", f"a group policy sets {policy}, so the job's script cannot run")


_FOLDER = r"C:\ProgramData\Drydock"
_UNSAFE = {
    "foreign": f"{_FOLDER} belongs to S-1-5-21-1-2-3-1001, not to SYSTEM or Administrators",
    "open": f"{_FOLDER} lets in S-1-5-32-545 besides SYSTEM and Administrators",
    "link": f"{_FOLDER} is a link, not a folder",
}


def assert_folder(machine: Machine) -> None:
    """Whatever changes the host writes there, and refuses to where a local user could have a hand in it."""
    unsafe = _UNSAFE.get(machine.spec.drydock_folder)
    if unsafe is not None:
        raise RefusalError("bad_folder", unsafe)


def assert_claim(machine: Machine, held: Held) -> None:
    claim = machine.claim
    if claim is None:
        raise RefusalError("not_claimed", "this run does not hold the claim of the host")
    if claim.run_id != held.run_id:
        raise RefusalError("claimed", f"the host is claimed by run {claim.run_id} of console {claim.console}")
    if claim.epoch != held.epoch:
        raise RefusalError("fenced", f"the claim was taken over: its epoch is {claim.epoch}, not {held.epoch}")
