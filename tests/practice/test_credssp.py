"""CredSSP over real messages: only a host that was given it takes it, and whoever uses it finds that in the log."""

from __future__ import annotations

import logging
from threading import Event
from typing import Any

import pytest

from core.app import practice
from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.model.failure import Cause, Failure
from core.model.host import Host
from core.model.secret import Credential, Secret
from core.remote.session import WinRmConnect
from tests.fleet.practising import until
from tests.practice.conftest import Network


class _Vault:
    """The Secrets port, with one credential under every name."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def get(self, reference: str) -> Credential:
        return self._credential


def _logons(network: Network, host: Host) -> list[tuple[str | None, bool]]:
    """What the host itself says of them."""
    noted = [one for one in practice.ledger(network.workspace) if one["host"] == host.name and one["kind"] == "login"]
    return [(one["detail"]["user"], one["detail"]["accepted"]) for one in noted]


def test_the_product_collects_facts_and_says_that_the_password_was_handed_over(
    network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "core.remote")
    session = network.connect("TRUSTED")
    facts = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert not isinstance(facts, Failure), facts
    assert facts.computer_name == "TRUSTED"
    assert _logons(network, network.host("TRUSTED"))[-1] == (network.windows.username, True)
    (line,) = [one for one in caplog.records if one.getMessage() == "the password was handed to the host"]
    assert vars(line)["target"] == "TRUSTED"
    assert network.windows.password.reveal() not in caplog.text


def test_a_wrong_password_is_told_as_such(network: Network) -> None:
    host = network.host("TRUSTED")
    failure = WinRmConnect(_Vault(Credential(network.windows.username, Secret("wrong"))), Event())(host)
    assert isinstance(failure, Failure)
    assert (failure.cause, "refused the logon" in failure.detail) == (Cause.ACCESS_DENIED, True)
    assert _logons(network, host)[-1] == (None, False)


def test_a_host_that_was_not_given_it_does_not_take_it(network: Network) -> None:
    host = network.host("SECURED")
    before = _logons(network, host)
    with pytest.raises(AssertionError, match="does not take CredSSP"):
        network.connect("SECURED", "credssp")
    assert _logons(network, host) == before


def test_a_session_that_a_restart_has_ended_is_gone_and_no_logon_that_was_refused(network: Network) -> None:
    session = network.connect("TRUSTED")
    network.tell(do="crash", host="TRUSTED")
    until(lambda: any(_is_boot(one) for one in practice.ledger(network.workspace)), "its next start")
    gone = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert isinstance(gone, Failure)
    assert gone.cause is Cause.UNREACHABLE, gone
    again = network.connect("TRUSTED")
    assert not isinstance(again.run(Call(HOST_FACTS, NoParameters())), Failure)
    again.close()


def _is_boot(entry: dict[str, Any]) -> bool:
    return bool(entry["host"] == "TRUSTED" and entry["kind"] == "boot")
