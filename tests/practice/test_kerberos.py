"""The product logs on with Kerberos, against a real MIT KDC; the hosts have nothing but their keys."""

from __future__ import annotations

import importlib
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from pypsrp.exceptions import AuthenticationError
from pypsrp.negotiate import HTTPNegotiateAuth
from pypsrp.powershell import RunspacePool
from pypsrp.wsman import WSMan

from core.app import practice
from core.app.doctor import _ticket
from core.app.workspace import Workspace, hosts, settings_of
from core.contract.library import HOST_FACTS
from core.contract.message import NoParameters
from core.contract.script import Call
from core.model.check import CheckResult
from core.model.failure import Cause, Failure
from core.model.host import Host, RemotingAuth
from core.model.secret import Credential, Secret
from core.practice.handover import WINDOWS_ACCOUNT
from core.practice.spec.scenario import Scenario
from core.practice.spec.server import ServerSpec
from core.remote.session import WinRmConnect, WinRmSession
from core.vault.practice import FILE, PracticeVault
from tests.practice.kdc import REALM, Realm, age, lacking, realm

_LACKING = lacking()
krb5: Any = None if _LACKING else importlib.import_module("krb5")
pytestmark = [
    pytest.mark.skipif(platform.system() != "Linux", reason="MIT's KDC is started on Linux"),
    pytest.mark.skipif(bool(_LACKING), reason=f"Kerberos: {', '.join(_LACKING)} missing"),
]


@dataclass(frozen=True, slots=True)
class Domain:
    """A fleet whose hosts are members of a realm, and the account that the workspace names."""

    realm: Realm
    workspace: Workspace
    account: Credential

    def host(self, name: str, auth: RemotingAuth = "kerberos") -> Host:
        host = next(host for host in hosts(settings_of(self.workspace)) if host.name == name)
        return replace(host, remoting=replace(host.remoting, auth=auth))

    def client(self, name: str, **changed: object) -> WSMan:
        """Of an unmodified pypsrp."""
        host = self.host(name)
        return WSMan(
            host.address,
            port=host.remoting.port,
            ssl=host.remoting.transport == "https",
            auth="kerberos",
            username=self.account.username,
            password=self.account.password.reveal(),
            cert_validation=host.remoting.ca_file or True,  # type: ignore[arg-type]  # a path is taken, too
            no_proxy=True,
            negotiate_hostname_override=name,
            **changed,  # type: ignore[arg-type]  # whatever it takes
        )

    def logons(self, name: str) -> list[tuple[str | None, bool]]:
        """What the host itself says of them."""
        noted = [one for one in practice.ledger(self.workspace) if one["host"] == name and one["kind"] == "login"]
        return [(one["detail"]["user"], one["detail"]["accepted"]) for one in noted]


class OneSecret:
    """The Secrets port, with one credential under every name."""

    def __init__(self, credential: Credential) -> None:
        self._credential = credential

    def get(self, name: str) -> Credential:
        return self._credential


@pytest.fixture(scope="module")
def domain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    folder = tmp_path_factory.mktemp("realm")
    with realm(folder) as own, pytest.MonkeyPatch.context() as patch:
        for name, value in own.environment.items():
            patch.setenv(name, value)
        own.add_host("PLAIN")
        own.add_host("SECURED")
        own.add_stranger("KEYLESS")
        servers = (
            ServerSpec(name="PLAIN", auth="kerberos"),
            ServerSpec(name="SECURED", auth="kerberos", transport="https"),
            ServerSpec(name="KEYLESS", auth="kerberos", transport="https"),
            ServerSpec(name="UNKNOWN", auth="kerberos", transport="https"),
        )
        started = practice.start(folder / "workspace", Scenario(servers=servers, keytab=str(own.keytab)))
        workspace = Workspace(started.workspace)
        try:
            account = PracticeVault(workspace.path / FILE).get(WINDOWS_ACCOUNT)
            assert isinstance(account, Credential)
            own.add_user(account.username, account.password.reveal())
            own.add_user("trusted", account.password.reveal(), preauth=False)
            yield Domain(own, workspace, account)
        finally:
            practice.stop(workspace)


def _connect(domain: Domain, host: Host, credential: Credential | None = None) -> WinRmSession | Failure:
    return WinRmConnect(OneSecret(credential or domain.account), Event())(host)


@pytest.mark.parametrize(
    ("name", "auth"), [("PLAIN", "kerberos"), ("SECURED", "kerberos"), ("SECURED", "negotiate"), ("PLAIN", "negotiate")]
)
def test_the_product_collects_facts_with_a_ticket(domain: Domain, name: str, auth: RemotingAuth) -> None:
    session = _connect(domain, domain.host(name, auth))
    assert isinstance(session, WinRmSession), session
    facts = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert not isinstance(facts, Failure)
    assert facts.computer_name == name
    assert domain.logons(name)[-1] == (f"{domain.account.username}@{REALM}", True)


def test_the_workspace_asks_for_kerberos_where_the_scenario_says_so(domain: Domain) -> None:
    assert {host.remoting.auth for host in hosts(settings_of(domain.workspace))} == {"kerberos"}


@pytest.mark.parametrize("user", ["practice", "trusted"])
def test_a_wrong_password_is_told_as_such_and_no_host_is_asked(domain: Domain, user: str) -> None:
    before = domain.logons("SECURED")
    failure = _connect(domain, domain.host("SECURED"), Credential(user, Secret("wrong")))
    assert isinstance(failure, Failure)
    assert (failure.cause, "the password is wrong" in failure.detail) == (Cause.ACCESS_DENIED, True)
    assert domain.logons("SECURED") == before


def test_an_account_that_the_realm_does_not_know_is_told_as_such(domain: Domain) -> None:
    failure = _connect(domain, domain.host("SECURED"), replace(domain.account, username="nobody"))
    assert isinstance(failure, Failure)
    assert (failure.cause, "does not know the account" in failure.detail) == (Cause.ACCESS_DENIED, True)


def test_a_host_that_the_realm_does_not_know_is_told_as_such(domain: Domain) -> None:
    failure = _connect(domain, domain.host("UNKNOWN"))
    assert isinstance(failure, Failure)
    assert (failure.cause, "setspn" in failure.hint) == (Cause.ACCESS_DENIED, True)


def test_a_ticket_whose_key_the_host_has_not_is_refused_by_the_host(domain: Domain) -> None:
    failure = _connect(domain, domain.host("KEYLESS"))
    assert isinstance(failure, Failure)
    assert (failure.cause, "refused the logon" in failure.detail) == (Cause.ACCESS_DENIED, True)
    assert domain.logons("KEYLESS")[-1] == (None, False)


def test_without_a_ticket_or_a_credential_the_failure_says_so(domain: Domain) -> None:
    failure = _connect(domain, _without_credential(domain))
    assert isinstance(failure, Failure)
    assert (failure.cause, "no Kerberos ticket" in failure.detail) == (Cause.NO_CREDENTIAL, True)
    assert "kinit" in failure.hint


def _without_credential(domain: Domain) -> Host:
    host = domain.host("SECURED")
    return replace(host, remoting=replace(host.remoting, credential_ref=None))


@pytest.fixture
def ticket(domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with the ticket of somebody who has logged on to this PC."""
    path = tmp_path / "tickets"
    domain.realm.log_on(domain.account.username, domain.account.password.reveal(), path)
    monkeypatch.setenv("KRB5CCNAME", f"FILE:{path}")
    return path


def test_who_has_logged_on_to_the_domain_needs_no_credential(domain: Domain, ticket: Path) -> None:
    session = _connect(domain, _without_credential(domain))
    assert isinstance(session, WinRmSession), session
    session.close()


def test_a_ticket_that_has_expired_is_told_as_such(domain: Domain, ticket: Path) -> None:
    age(ticket, days=2)
    failure = _connect(domain, _without_credential(domain))
    assert isinstance(failure, Failure)
    assert (failure.cause, "ticket has expired" in failure.detail) == (Cause.NO_CREDENTIAL, True)
    assert "kinit" in failure.hint


def test_the_doctor_knows_how_long_the_ticket_lasts(domain: Domain, ticket: Path) -> None:
    (check,) = _ticket((_without_credential(domain),))
    assert check.result is CheckResult.PASSED
    assert "minutes" in check.found


def test_the_doctor_says_that_the_ticket_has_expired_and_whom_that_keeps_away(domain: Domain, ticket: Path) -> None:
    age(ticket, days=2)
    (check,) = _ticket((_without_credential(domain),))
    assert check.result is CheckResult.FAILED
    assert "kinit" in check.found
    assert "SECURED" in check.found


def test_the_doctor_says_that_there_is_no_ticket(domain: Domain) -> None:
    (check,) = _ticket((_without_credential(domain),))
    assert check.result is CheckResult.FAILED
    assert "there is no Kerberos ticket" in check.found


def test_the_doctor_asks_for_no_ticket_where_every_host_has_a_credential(domain: Domain) -> None:
    assert list(_ticket((domain.host("SECURED"),))) == []


def test_a_clock_that_is_an_hour_off_is_told_as_such(
    domain: Domain, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the library's own correction, which a domain controller of Windows does not always allow."""
    strict = tmp_path / "krb5.conf"
    ours = Path(domain.realm.environment["KRB5_CONFIG"]).read_text(encoding="utf-8")
    strict.write_text(ours.replace("[libdefaults]", "[libdefaults]\n  kdc_timesync = 0"), encoding="utf-8")
    monkeypatch.setenv("KRB5_CONFIG", str(strict))
    begin = krb5.init_context

    def an_hour_ahead() -> Any:
        context = begin()
        krb5.set_real_time(context, krb5.timeofday(begin()) + 3600, 0)
        return context

    monkeypatch.setattr(krb5, "init_context", an_hour_ahead)
    failure = _connect(domain, domain.host("SECURED"))
    assert isinstance(failure, Failure)
    assert (failure.cause, "clocks" in failure.detail) == (Cause.ACCESS_DENIED, True)
    assert "five minutes" in failure.hint


def test_messages_are_sealed_under_kerberos_own_name_where_that_scheme_was_chosen(
    domain: Domain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HTTPNegotiateAuth, "_check_auth_supported", staticmethod(lambda *_: "Kerberos"))
    client = domain.client("PLAIN")
    pool = RunspacePool(client)
    pool.open()
    assert client.transport.encryption is not None
    assert client.transport.encryption.protocol == "application/HTTP-Kerberos-session-encrypted"
    pool.close()
    client.close()


def test_a_logon_that_is_bound_to_another_channel_is_refused(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a relay in the middle would bring it."""
    elsewhere = b"tls-server-end-point:" + bytes(32)
    monkeypatch.setattr(HTTPNegotiateAuth, "_get_cbt_data", staticmethod(lambda *_: elsewhere))
    client = domain.client("SECURED")
    with pytest.raises(AuthenticationError):
        RunspacePool(client).open()
    client.close()
    assert domain.logons("SECURED")[-1] == (None, False)


def test_a_logon_with_a_password_leaves_no_ticket_on_this_pc(domain: Domain) -> None:
    session = _connect(domain, domain.host("SECURED"))
    assert isinstance(session, WinRmSession), session
    session.close()
    assert not Path(domain.realm.environment["KRB5CCNAME"].removeprefix("FILE:")).exists()
