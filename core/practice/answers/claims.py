"""Who holds the host."""

from core.contract.claim import ClaimResult, ReleaseClaim, ReleaseResult, TakeClaim
from core.contract.library import RELEASE_CLAIM, TAKE_CLAIM
from core.practice.answers.answer import RefusalError, assert_claim, to
from core.practice.host.jobs import Claim
from core.practice.host.machine import Machine


def _take_claim(machine: Machine, wanted: TakeClaim) -> ClaimResult:
    held = machine.claim
    if held is not None and held.run_id != wanted.run_id:
        since = f"{held.taken_at:%Y-%m-%d %H:%M:%S} UTC"
        raise RefusalError(
            "claimed", f"the host is claimed by run {held.run_id} of console {held.console} since {since}"
        )
    if held is not None and held.epoch > wanted.epoch:
        raise RefusalError("fenced", f"the claim was taken over: its epoch is {held.epoch}, not {wanted.epoch}")
    machine.claim = Claim(wanted.console, wanted.run_id, wanted.epoch, machine.now)
    return ClaimResult(schema_version=1, renewed=held is not None)


def _release_claim(machine: Machine, wanted: ReleaseClaim) -> ReleaseResult:
    if machine.claim is None:
        return ReleaseResult(schema_version=1, released=False)
    assert_claim(machine, wanted)
    running = [job.id for job in machine.jobs.values() if job.running]
    if running:
        raise RefusalError("job_running", f"job {running[0]} is still running")
    machine.claim = None
    machine.patched = False
    return ReleaseResult(schema_version=1, released=True)


ANSWERS = dict((to(TAKE_CLAIM, _take_claim), to(RELEASE_CLAIM, _release_claim)))
