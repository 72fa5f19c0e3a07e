"""Gets a package onto the target by the best route that works, and has it verified there."""

from dataclasses import dataclass, field

from core.contract.library import VERIFY_PACKAGE
from core.contract.package import VerifyPackage, VerifyResult
from core.contract.script import Call
from core.engine.effects import Token, Walk, give_token, record, take_token
from core.engine.errand import Errand
from core.engine.persistence import persist
from core.engine.phases.routes import by_route, progress
from core.model.events import PackageDelivered, Warned
from core.model.failure import SILENT, Cause, Failure
from core.model.phase import Phase
from core.model.size import size_in_words
from core.model.step import Package
from core.model.transfer import NO_ROUTE, Route, route_words

# A file that came changed is fetched once more, by another route if there is one: the copy behind this one may be bad.
# A line that broke is tried once more on its own route.
_MOST_CORRUPT = 2
_TRIES = 2

# No other route would help.
_ENDS_ALL = frozenset({Cause.NOT_ENOUGH_SPACE, Cause.CLAIMED, Cause.CANCELLED})


@dataclass
class _Story:
    """What became of the transfers so far."""

    corrupt: int = 0
    told: list[str] = field(default_factory=list)


def deliver(errand: Errand, step: int, package: Package) -> Walk[str | Failure]:
    """The verified signer of the package that now lies on the target. What is there already is not sent again."""
    found = yield from _verify(errand, package)
    refused = _no_room(errand, package, found)
    if refused is not None:
        return refused
    if _is_there(found, package):
        return (yield from _accept(errand, step, package, found, NO_ROUTE))
    story = _Story()
    for route in errand.delivery.routes:
        fetched = yield from _fetch(errand, step, package, route, story)
        if fetched is not None:
            return (yield from _accept(errand, step, package, fetched, route))
    detail = f"{package.filename} did not come to the host: {'; '.join(story.told)}"
    return Failure(Cause.PACKAGE, detail, "mend one of the routes, or put the package on the host by hand")


def _fetch(
    errand: Errand, step: int, package: Package, route: Route, story: _Story
) -> Walk[VerifyResult | Failure | None]:
    """What lies on the target after the route worked; nothing if another route is to be tried."""
    for attempt in range(_TRIES):
        failed = yield from _transfer(errand, step, package, route, attempt)
        if failed is None:
            found = yield from _verify(errand, package)
            if isinstance(found, Failure) or _is_there(found, package):
                return found
            failed = _not_it(package, found)
        if failed.cause in _ENDS_ALL:
            return failed
        yield from record(
            errand.event(Phase.INSTALL, Warned("transfer", f"{package.filename} {route_words(route)}: {failed}"))
        )
        story.told.append(f"{route_words(route)}: {failed.detail}")
        story.corrupt += int(failed.cause is Cause.CORRUPT)
        if story.corrupt == _MOST_CORRUPT:
            return _corrupt(package, story)
        if not _may_repeat(errand, route, failed):
            return None
        broken = yield from _wait_for_line(errand, package, failed)
        if broken is not None:
            return broken
    return None


def _may_repeat(errand: Errand, route: Route, failed: Failure) -> bool:
    return failed.cause in SILENT or (failed.cause is Cause.CORRUPT and route is errand.delivery.routes[-1])


def _transfer(errand: Errand, step: int, package: Package, route: Route, attempt: int) -> Walk[Failure | None]:
    yield from take_token(Token.TRANSFER, progress(errand, package, "waiting"))
    failed = yield from by_route(errand, step, package, route, attempt)
    yield from give_token(Token.TRANSFER)
    return failed


def _wait_for_line(errand: Errand, package: Package, failed: Failure) -> Walk[Failure | None]:
    """The token is not held while the host is out of reach."""
    if failed.cause not in SILENT:
        return None
    found = yield from _verify(errand, package)
    return found if isinstance(found, Failure) else None


def _verify(errand: Errand, package: Package) -> Walk[VerifyResult | Failure]:
    call = Call(VERIFY_PACKAGE, VerifyPackage(sha256=package.sha256, file_name=package.filename))
    answer = yield from persist(errand, Phase.INSTALL, call, errand.patience.connection_loss)
    return answer


def _is_there(found: VerifyResult | Failure, package: Package) -> bool:
    return isinstance(found, VerifyResult) and found.present and found.sha256 == package.sha256


def _no_room(errand: Errand, package: Package, found: VerifyResult | Failure) -> Failure | None:
    """The package unpacks itself beside its copy, so that both must fit. What lies there already needs no new room."""
    if isinstance(found, Failure):
        return found
    lying = package.size_bytes if _is_there(found, package) else min(found.partial_bytes, package.size_bytes)
    needed = errand.policy.space_factor * package.size_bytes - lying
    if found.free_bytes >= needed:
        return None
    free = size_in_words(found.free_bytes)
    detail = f"{package.filename} and what it unpacks need {size_in_words(needed)} more, {free} are free"
    return Failure(Cause.NOT_ENOUGH_SPACE, detail, "free some space on the system drive")


def _not_it(package: Package, found: VerifyResult) -> Failure:
    what = f"its hash there is {found.sha256}" if found.present else "it is not there"
    return Failure(Cause.CORRUPT, f"{package.filename} was transferred, but {what}")


def _corrupt(package: Package, story: _Story) -> Failure:
    detail = f"{package.filename} came changed twice and is not executed: {'; '.join(dict.fromkeys(story.told))}"
    return Failure(Cause.PACKAGE, detail, "compare the file's hash on this PC with the mapping, and look at the line")


def _accept(
    errand: Errand, step: int, package: Package, found: VerifyResult | Failure, route: str
) -> Walk[str | Failure]:
    if isinstance(found, Failure):
        return found
    refused = _untrusted(found, package, errand.trusted_signers)
    if refused is not None:
        return refused
    body = PackageDelivered(step, package.sha256, package.size_bytes, found.signer, route, route == NO_ROUTE)
    yield from record(errand.event(Phase.INSTALL, body))
    return found.signer


def _untrusted(found: VerifyResult, package: Package, trusted: tuple[str, ...]) -> Failure | None:
    if found.signature == "Valid" and found.signer in trusted:
        return None
    who = found.signer or "nobody"
    return Failure(
        Cause.PACKAGE,
        f"{package.filename} is signed by {who}, its signature is {found.signature}",
        "only packages signed by Microsoft are executed; download it again from Microsoft",
    )
