"""A package on its way: the routes in their order, what ends a route, and what ends them all."""

from dataclasses import replace

import pytest

from core.contract.library import PULL_PACKAGE
from core.engine.effects import Ask, GiveToken, Push, TakeToken, Wait
from core.engine.phases.deliver import deliver
from core.engine.phases.routes import source_on
from core.model.events import ConnectionLost, PackageDelivered
from core.model.failure import Cause, Failure
from core.model.transfer import Delivery, Depot, Route, route_words
from tests.engine.hauling import (
    ARRIVES,
    CLOSED,
    CORRUPT,
    CUT,
    EVERY_ROUTE,
    PACKAGE,
    SIGNER,
    HaulingHost,
    Outcome,
    errand,
)

_ELSE = "ee" * 32


def _host(**outcomes: list[Outcome]) -> HaulingHost:
    return HaulingHost({Route(name): list(ways) for name, ways in outcomes.items()})


def _deliver(host: HaulingHost, routes: tuple[Route, ...] = EVERY_ROUTE) -> str | Failure:
    result: str | Failure = host.play(deliver(errand(routes), 1, PACKAGE))
    return result


def _failed(host: HaulingHost, routes: tuple[Route, ...] = EVERY_ROUTE) -> Failure:
    result = _deliver(host, routes)
    assert isinstance(result, Failure)
    assert not [body for body in host.told if isinstance(body, PackageDelivered)]
    return result


def test_what_lies_there_already_is_not_transferred() -> None:
    host = HaulingHost(lies=PACKAGE.sha256)
    assert _deliver(host) == SIGNER
    assert host.attempts == []
    assert (host.delivered.route, host.delivered.already_there) == ("none", True)


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_the_first_route_that_works_is_the_one_that_is_told(route: Route) -> None:
    host = HaulingHost({route: [ARRIVES]})
    assert _deliver(host, (route,)) == SIGNER
    assert (host.delivered.route, host.delivered.already_there) == (route, False)
    assert host.warnings == []


def test_routes_are_tried_in_the_order_that_is_wished() -> None:
    host = _host(share=[CLOSED], smb=[CLOSED], psrp=[ARRIVES])
    assert _deliver(host, (Route.SMB, Route.SHARE, Route.PSRP)) == SIGNER
    assert host.attempts == [Route.SMB, Route.SHARE, Route.PSRP]


def test_each_route_that_fails_is_journalled_with_its_reason() -> None:
    host = _host(share=[CLOSED], smb=[replace(CLOSED, detail="the account is locked")], psrp=[ARRIVES])
    _deliver(host)
    assert ["by share: the port is closed" in host.warnings[0], "by smb: the account is locked" in host.warnings[1]]
    assert len(host.warnings) == 2
    assert host.delivered.route == "psrp"


def test_a_line_that_broke_is_tried_once_more_on_the_same_route() -> None:
    host = _host(smb=[CUT, ARRIVES])
    assert _deliver(host, (Route.SMB, Route.PSRP)) == SIGNER
    assert host.attempts == [Route.SMB, Route.SMB]


def test_a_line_that_breaks_twice_gives_way_to_the_next_route() -> None:
    host = _host(smb=[CUT, CUT], psrp=[ARRIVES])
    assert _deliver(host, (Route.SMB, Route.PSRP)) == SIGNER
    assert host.attempts == [Route.SMB, Route.SMB, Route.PSRP]


def test_when_no_route_works_the_failure_names_them_all() -> None:
    failure = _failed(_host(share=[CLOSED], smb=[CLOSED], psrp=[CUT, CUT]))
    assert failure.cause is Cause.PACKAGE
    assert all(f"{route_words(route)}: " in failure.detail for route in EVERY_ROUTE)


def test_a_file_that_comes_changed_is_fetched_once_more_by_the_next_route() -> None:
    host = _host(share=[CORRUPT], smb=[ARRIVES])
    assert _deliver(host) == SIGNER
    assert host.attempts == [Route.SHARE, Route.SMB]


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_the_only_route_is_used_again_for_a_file_that_came_changed(route: Route) -> None:
    host = HaulingHost({route: [CORRUPT, ARRIVES]})
    assert _deliver(host, (route,)) == SIGNER


@pytest.mark.parametrize("routes", [*((one,) for one in EVERY_ROUTE), EVERY_ROUTE])
def test_a_file_that_comes_changed_twice_is_failed_and_never_accepted(routes: tuple[Route, ...]) -> None:
    host = HaulingHost({route: [CORRUPT, CORRUPT] for route in routes})
    failure = _failed(host, routes)
    assert failure.cause is Cause.PACKAGE
    assert "not executed" in failure.detail
    assert len(host.attempts) == 2


def test_a_wrong_file_under_the_right_name_is_replaced() -> None:
    host = HaulingHost({Route.SMB: [ARRIVES]}, lies=_ELSE)
    assert _deliver(host, (Route.SMB,)) == SIGNER
    assert host.lies == PACKAGE.sha256


@pytest.mark.parametrize("cause", [Cause.NOT_ENOUGH_SPACE, Cause.CLAIMED, Cause.CANCELLED])
def test_what_no_route_can_mend_ends_them_all(cause: Cause) -> None:
    host = _host(share=[Failure(cause, "so it is")])
    assert _failed(host).cause is cause
    assert host.attempts == [Route.SHARE]


def test_a_package_and_what_it_unpacks_must_both_fit() -> None:
    host = HaulingHost({Route.SMB: [ARRIVES]}, free_bytes=3 * PACKAGE.size_bytes - 1)
    assert _failed(host, (Route.SMB,)).cause is Cause.NOT_ENOUGH_SPACE
    assert host.attempts == []


@pytest.mark.parametrize("lies", [None, PACKAGE.sha256])
def test_what_lies_there_already_needs_no_new_room(lies: str | None) -> None:
    partial = PACKAGE.size_bytes if lies is None else 0
    host = HaulingHost({Route.SMB: [ARRIVES]}, lies, free_bytes=2 * PACKAGE.size_bytes, partial_bytes=partial)
    assert _deliver(host, (Route.SMB,)) == SIGNER


def test_a_package_of_somebody_else_is_refused_however_it_came() -> None:
    host = HaulingHost({Route.SMB: [ARRIVES]}, signature="HashMismatch")
    failure = _failed(host, (Route.SMB,))
    assert failure.cause is Cause.PACKAGE
    assert "HashMismatch" in failure.detail


def test_after_a_broken_line_the_host_is_waited_for_without_a_token() -> None:
    host = _host(smb=[CUT, ARRIVES])
    walk = deliver(errand((Route.SMB,)), 1, PACKAGE)
    original = host._answer

    def answer(effect: object) -> object:
        if isinstance(effect, GiveToken) and host.attempts == [Route.SMB]:
            host.silent = 3
        return original(effect)  # type: ignore[arg-type]  # an effect, as the driver hands them in

    host._answer = answer  # type: ignore[method-assign]  # the line dies at this very moment
    assert host.play(walk) == SIGNER
    held = 0
    for effect in host.effects:
        held += isinstance(effect, TakeToken) - isinstance(effect, GiveToken)
        assert held == 1 if isinstance(effect, Push) else not (held and isinstance(effect, Wait))
    assert held == 0
    assert sum(isinstance(body, ConnectionLost) for body in host.told) == 1


def test_a_token_is_held_during_each_attempt_and_given_back_after_it() -> None:
    host = _host(share=[CLOSED], smb=[CUT, CUT], psrp=[ARRIVES])
    _deliver(host)
    marks = [type(one).__name__ for one in host.effects if isinstance(one, TakeToken | GiveToken)]
    assert marks == ["TakeToken", "GiveToken"] * 4


def test_a_pull_that_stands_still_is_ended_on_the_host_and_tried_once_more() -> None:
    host = _host(share=[400, 500], smb=[ARRIVES])
    assert _deliver(host) == SIGNER
    pulls = [one.call.parameters for one in host.effects if isinstance(one, Ask) and one.call.script is PULL_PACKAGE]
    assert [one.pull_id for one in pulls if one.give_up] == sorted({one.pull_id for one in pulls})
    assert {one.done_bytes for one in host.shown} == {400, 500}
    assert "copied nothing" in host.warnings[0]


def test_a_resumed_run_pulls_anew_instead_of_watching_what_another_process_began() -> None:
    ids = set()
    for epoch in (1, 2):
        host = _host(share=[ARRIVES])
        host.play(deliver(errand((Route.SHARE,), epoch), 1, PACKAGE))
        ids |= {one.call.parameters.pull_id for one in host.effects if _is_pull(one)}  # type: ignore[union-attr]  # a pull
    assert len(ids) == 2


def _is_pull(effect: object) -> bool:
    return isinstance(effect, Ask) and effect.call.script is PULL_PACKAGE


def test_without_a_share_its_route_says_so_and_the_next_is_taken() -> None:
    lacking = replace(errand(), delivery=Delivery(EVERY_ROUTE, None))
    host = _host(smb=[ARRIVES])
    assert host.play(deliver(lacking, 1, PACKAGE)) == SIGNER
    assert "no share is named" in host.warnings[0]


def test_the_share_is_laid_out_like_the_folder_that_it_mirrors() -> None:
    depot = Depot("\\\\files\\patches\\", "/depot/hotfixes")
    assert source_on(depot, "/depot/hotfixes/2019/p.exe") == "\\\\files\\patches\\2019\\p.exe"
    assert source_on(depot, "/elsewhere/p.exe") == "\\\\files\\patches\\p.exe"
