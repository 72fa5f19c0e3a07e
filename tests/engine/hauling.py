"""A host to which packages travel, as a script of outcomes: whoever drives a walk asks it for the answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from core.contract.library import PLACE_PACKAGE, PULL_PACKAGE, VERIFY_PACKAGE
from core.contract.package import PlaceResult, PullResult, ReceiveResult, VerifyResult
from core.engine.effects import Ask, Effect, GiveToken, Now, Push, Record, Send, Show, TakeToken, Wait, Walk
from core.engine.errand import Errand, Patience
from core.engine.standing import Standing
from core.model.events import Body, PackageDelivered, Warned
from core.model.failure import Cause, Failure
from core.model.mapping import HotfixMapping
from core.model.record import TargetRecord
from core.model.state import TargetState
from core.model.step import Package
from core.model.transfer import Delivery, Depot, Progress, Route
from tests.samples import AT, PLAN, POLICY, RUN

SIGNER = "CN=Microsoft Corporation"
PACKAGE = Package("ab" * 32, "SQLServer2019-KB5054833-x64.exe", "/depot/hotfixes/2019/p.exe", 1_000_000, "5054833")
EVERY_ROUTE = (Route.SHARE, Route.SMB, Route.PSRP)
ARRIVES, CORRUPT = "arrives", "corrupt"
CUT = Failure(Cause.UNREACHABLE, "the line broke")
CLOSED = Failure(Cause.PACKAGE, "the port is closed")

# One attempt: it arrives, comes changed, fails, or stands still after so many bytes were seen.
Outcome = str | Failure | int


@dataclass
class HaulingHost:
    """What lies there, and how the next attempts of each route will go."""

    outcomes: dict[Route, list[Outcome]] = field(default_factory=dict)
    lies: str | None = None
    signature: str = "Valid"
    free_bytes: int = 100 * PACKAGE.size_bytes
    partial_bytes: int = 0
    clock: float = 0.0
    attempts: list[Route] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    told: list[Body] = field(default_factory=list)
    shown: list[Progress] = field(default_factory=list)
    silent: int = 0
    _pull: str = ""
    _stalled: int | None = None

    def play(self, walk: Walk[Any]) -> Any:
        """Drives the walk to its end."""
        try:
            effect = next(walk)
            while True:
                self.effects.append(effect)
                effect = walk.send(self._answer(effect))
        except StopIteration as end:
            return end.value

    def _answer(self, effect: Effect) -> Any:
        match effect:
            case Ask(call) if call.script is VERIFY_PACKAGE:
                return self._verify()
            case Ask(call) if call.script is PULL_PACKAGE:
                return self._pulled(call.parameters)
            case Ask(call) if call.script is PLACE_PACKAGE:
                whole = self.lies == "whole"
                if whole:
                    self.lies = PACKAGE.sha256
                return PlaceResult(schema_version=1, placed=whole, folder=r"C:\D\packages", received_bytes=0)
            case Push():
                return self._attempt(Route.SMB, "whole")
            case Send():
                failed = self._attempt(Route.PSRP, PACKAGE.sha256)
                return failed or ReceiveResult(schema_version=1, size_bytes=PACKAGE.size_bytes)
            case Record(events):
                self.told += [event.body for event in events]
            case Show(progress):
                self.shown.append(progress)
            case Wait(seconds):
                self.clock += seconds
            case Now():
                return AT + timedelta(seconds=self.clock)
            case TakeToken() | GiveToken():
                pass
            case _:
                raise AssertionError(f"{effect} has no business here")
        return None

    def _verify(self) -> VerifyResult | Failure:
        if self.silent:
            self.silent -= 1
            return CUT
        present = self.lies not in (None, "whole")
        return VerifyResult(
            schema_version=1,
            present=present,
            sha256=self.lies if present else None,
            signature=self.signature if present else "none",
            signer=SIGNER if present else "",
            partial_bytes=self.partial_bytes,
            free_bytes=self.free_bytes,
        )

    def _pulled(self, wanted: Any) -> PullResult | Failure:
        self.clock += wanted.wait_seconds
        if wanted.give_up:
            self._stalled = None
            return PullResult(schema_version=1, done=False, received_bytes=0)
        if wanted.pull_id != self._pull:
            self._pull = wanted.pull_id
            failed = self._attempt(Route.SHARE, PACKAGE.sha256)
            if failed is not None:
                return failed
        if self._stalled is not None:
            return PullResult(schema_version=1, done=False, received_bytes=self._stalled)
        return PullResult(schema_version=1, done=True, received_bytes=PACKAGE.size_bytes)

    def _attempt(self, route: Route, whole: str) -> Failure | None:
        self.attempts.append(route)
        match self.outcomes[route].pop(0):
            case Failure() as failure:
                return failure
            case int(seen):
                self._stalled = seen
            case "corrupt" if route is Route.SMB:
                self.lies = "ee" * 32
            case "corrupt":
                return Failure(Cause.CORRUPT, "the hash of what arrived is ee")
            case _:
                self.lies = whole
        return None

    @property
    def warnings(self) -> list[str]:
        return [body.message for body in self.told if isinstance(body, Warned)]

    @property
    def delivered(self) -> PackageDelivered:
        return next(body for body in self.told if isinstance(body, PackageDelivered))


def errand(routes: Sequence[Route] = EVERY_ROUTE, epoch: int = 1) -> Errand:
    past = replace(TargetRecord("SQL01"), state=TargetState.IN_PROGRESS)
    return Errand(
        run_id=RUN,
        epoch=epoch,
        console="AUDIT-PC",
        planned=PLAN.target("SQL01"),
        packages=(PACKAGE,),
        policy=POLICY,
        mapping=HotfixMapping((), ()),
        trusted_signers=(SIGNER,),
        patience=Patience(connection_loss=600, sql_startup=60, long_poll=10),
        past=past,
        standing=Standing(past),
        delivery=Delivery(tuple(routes), Depot(r"\\files\patches", "/depot/hotfixes"), stall_seconds=60),
    )
