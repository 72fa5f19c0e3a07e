"""Who holds the host."""

from core.contract.claim import (
    ClaimResult,
    ClearClaim,
    ClearResult,
    ReadClaimResult,
    ReleaseClaim,
    ReleaseResult,
    TakeClaim,
)
from core.contract.library import CLEAR_CLAIM, READ_CLAIM, RELEASE_CLAIM, TAKE_CLAIM
from core.contract.message import NoParameters
from core.practice.answers.answer import RefusalError, assert_claim, assert_no_job, to
from core.practice.host.jobs import Claim
from core.practice.host.machine import Machine


def _take_claim(machine: Machine, wanted: TakeClaim) -> ClaimResult:
    held = machine.claim
    if held is not None and held.run_id != wanted.run_id:
        told = f"the host is claimed by run {held.run_id} of console {held.console}"
        raise RefusalError("claimed", f"{told} since {held.taken_at:%Y-%m-%d %H:%M:%S} UTC")
    if held is not None and held.epoch > wanted.epoch:
        raise RefusalError("fenced", f"the claim was taken over: its epoch is {held.epoch}, not {wanted.epoch}")
    _remember(machine, wanted)
    since = machine.now if held is None else held.taken_at
    machine.claim = Claim(wanted.console, wanted.run_id, wanted.epoch, since)
    return ClaimResult(schema_version=1, renewed=held is not None)


def _release_claim(machine: Machine, wanted: ReleaseClaim) -> ReleaseResult:
    if machine.claim is None:
        _remember(machine, wanted)
        return ReleaseResult(schema_version=1, released=False)
    assert_claim(machine, wanted)
    assert_no_job(machine)
    machine.claim = None
    machine.patched = False
    return ReleaseResult(schema_version=1, released=True)


def _remember(machine: Machine, wanted: TakeClaim | ReleaseClaim) -> None:
    """Refused for whoever was replaced since."""
    last = machine.epochs.get(wanted.run_id, 0)
    if last > wanted.epoch:
        raise RefusalError("fenced", f"the run was taken over: its epoch is {last}, not {wanted.epoch}")
    machine.epochs[wanted.run_id] = wanted.epoch


def _read_claim(machine: Machine, _: NoParameters) -> ReadClaimResult:
    claim = machine.claim
    return ReadClaimResult(
        schema_version=1,
        claimed=claim is not None,
        run_id="" if claim is None else claim.run_id,
        console="" if claim is None else claim.console,
        epoch=0 if claim is None else claim.epoch,
        taken_at=None if claim is None else claim.taken_at,
        job=next((job.id for job in machine.jobs.values() if job.running), None),
    )


def _clear_claim(machine: Machine, wanted: ClearClaim) -> ClearResult:
    claim = machine.claim
    if claim is None:
        return ClearResult(schema_version=1, cleared=False)
    if claim.run_id != wanted.run_id:
        raise RefusalError("claimed", f"the host is claimed by run {claim.run_id} of console {claim.console}")
    assert_no_job(machine)
    machine.epochs[claim.run_id] = claim.epoch
    machine.claim = None
    machine.patched = False
    return ClearResult(schema_version=1, cleared=True)


ANSWERS = dict(
    (
        to(TAKE_CLAIM, _take_claim),
        to(READ_CLAIM, _read_claim),
        to(CLEAR_CLAIM, _clear_claim),
        to(RELEASE_CLAIM, _release_claim),
    )
)
