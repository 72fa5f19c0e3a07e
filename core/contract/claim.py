"""Parameters and results around the claim of a host."""

from datetime import datetime

from core.contract.message import Parameters, Result, Text


class Held(Parameters):
    """Carried by everything that changes a host: the run and the epoch that hold its claim."""

    run_id: Text
    epoch: int


class TakeClaim(Held):
    console: Text


class ClaimResult(Result):
    renewed: bool


class ReadClaimResult(Result):
    """Who holds the host; the job is one of ours that is still at work there."""

    claimed: bool
    run_id: str
    console: str
    epoch: int
    taken_at: datetime | None
    job: str | None


class ClearClaim(Parameters):
    """Clears the claim of this run, and no other's."""

    run_id: Text


class ClearResult(Result):
    cleared: bool


class ReleaseClaim(Held):
    pass


class ReleaseResult(Result):
    released: bool
