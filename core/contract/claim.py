"""Parameters and results around the claim of a host."""

from core.contract.message import Parameters, Result


class Held(Parameters):
    """Carried by everything that changes a host: the run and the epoch that hold its claim."""

    run_id: str
    epoch: int


class TakeClaim(Held):
    console: str


class ClaimResult(Result):
    renewed: bool


class ReleaseClaim(Held):
    pass


class ReleaseResult(Result):
    released: bool
