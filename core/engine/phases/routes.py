"""The ways to a target, each tried once: nothing when the package was put in place, or why it was not."""

from pathlib import PurePath
from typing import Literal

from core.contract.library import PLACE_PACKAGE, PULL_PACKAGE, RECEIVE_PACKAGE
from core.contract.package import PlacePackage, PlaceResult, PullPackage, PullResult, ReceivePackage
from core.contract.script import Call
from core.engine.effects import Walk, ask, now, push, send, show
from core.engine.errand import Errand
from core.engine.persistence import persist
from core.model.failure import Cause, Failure
from core.model.phase import Phase
from core.model.size import size_in_words
from core.model.step import Package
from core.model.transfer import Depot, Progress, Route


def by_route(errand: Errand, step: int, package: Package, route: Route, attempt: int) -> Walk[Failure | None]:
    match route:
        case Route.SHARE:
            return (yield from _pull(errand, step, package, attempt))
        case Route.SMB:
            return (yield from _push(errand, package))
        case Route.PSRP:
            return (yield from _send(errand, package))


def progress(
    errand: Errand, package: Package, doing: Literal["waiting", "transferring"], done_bytes: int = 0
) -> Progress:
    return Progress(errand.host, package.filename, doing, done_bytes, package.size_bytes)


def source_on(depot: Depot, source: str) -> str:
    """Where the share holds what this PC holds; a package from elsewhere lies at the share's top."""
    path = PurePath(source)
    beside = path.relative_to(depot.mirrors) if path.is_relative_to(depot.mirrors) else PurePath(path.name)
    return "\\".join((depot.share.rstrip("\\"), *beside.parts))


def _pull(errand: Errand, step: int, package: Package, attempt: int) -> Walk[Failure | None]:
    """Asks until the host has it. Another attempt is another pull, which goes on where one was broken off."""
    if errand.delivery.depot is None:
        return Failure(Cause.PACKAGE, "no share is named", "name one in transfer.share, or take the route out")
    wanted = PullPackage(
        run_id=errand.run_id,
        epoch=errand.epoch,
        pull_id=f"{errand.run_id}.{errand.epoch}.{step}.{attempt}",
        sha256=package.sha256,
        file_name=package.filename,
        size_bytes=package.size_bytes,
        source=source_on(errand.delivery.depot, package.source),
        wait_seconds=errand.patience.long_poll,
        give_up=False,
    )
    stall = errand.delivery.stall_seconds
    furthest, moved_at = -1, (yield from now())
    while True:
        answer: PullResult | Failure = yield from persist(errand, Phase.INSTALL, Call(PULL_PACKAGE, wanted), stall)
        if isinstance(answer, Failure):
            return answer
        if answer.done:
            return None
        yield from show(progress(errand, package, "transferring", answer.received_bytes))
        time = yield from now()
        if answer.received_bytes > furthest:
            furthest, moved_at = answer.received_bytes, time
        elif (time - moved_at).total_seconds() >= stall:
            return (yield from _give_up(errand, wanted, furthest))


def _give_up(errand: Errand, wanted: PullPackage, furthest: int) -> Walk[Failure]:
    """Another route writes to the same place, so that the host must not go on copying."""
    stopped = yield from ask(Call(PULL_PACKAGE, wanted.model_copy(update={"give_up": True})))
    if isinstance(stopped, Failure):
        return stopped
    detail = f"the host copied nothing from {wanted.source} for {errand.delivery.stall_seconds} seconds"
    return Failure(
        Cause.NO_ANSWER, f"{detail}, {size_in_words(furthest)} had come", "look at the share's server and the line"
    )


def _push(errand: Errand, package: Package) -> Walk[Failure | None]:
    """The folder is made by the host itself, so that its rights are right before anything lies in it."""
    call = Call(
        PLACE_PACKAGE,
        PlacePackage(
            run_id=errand.run_id,
            epoch=errand.epoch,
            sha256=package.sha256,
            file_name=package.filename,
            size_bytes=package.size_bytes,
        ),
    )
    opened: PlaceResult | Failure = yield from ask(call)
    if isinstance(opened, Failure):
        return opened
    if opened.placed:
        return None
    failed = yield from push(package, f"{opened.folder}\\{package.filename}.partial")
    if failed is not None:
        return failed
    placed: PlaceResult | Failure = yield from ask(call)
    if isinstance(placed, Failure):
        return placed
    if placed.placed:
        return None
    return Failure(Cause.CORRUPT, f"{placed.received_bytes} of {package.size_bytes} bytes lie on the host")


def _send(errand: Errand, package: Package) -> Walk[Failure | None]:
    call = Call(
        RECEIVE_PACKAGE,
        ReceivePackage(
            run_id=errand.run_id,
            epoch=errand.epoch,
            sha256=package.sha256,
            file_name=package.filename,
            size_bytes=package.size_bytes,
        ),
    )
    sent = yield from send(call, package)
    return sent if isinstance(sent, Failure) else None
