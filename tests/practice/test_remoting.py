"""An unmodified pypsrp client against an imaginary host."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from pypsrp.complex_objects import PSInvocationState
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from core.contract.claim import ReleaseClaim, TakeClaim
from core.contract.job import StartJob, WatchJob
from core.contract.library import (
    HOST_FACTS,
    RECEIVE_PACKAGE,
    RELEASE_CLAIM,
    START_JOB,
    TAKE_CLAIM,
    VERIFY_PACKAGE,
    WATCH_JOB,
)
from core.contract.message import NoParameters
from core.contract.package import ReceivePackage, VerifyPackage
from core.contract.script import Call
from core.model.failure import Cause, Failure
from core.model.host import RemotingAuth
from core.practice.packages import SIGNER
from tests.practice.conftest import Network

logging.getLogger("pypsrp").setLevel(logging.ERROR)

EVERY_LOGON: list[tuple[str, RemotingAuth]] = [
    ("PLAIN", "ntlm"),
    ("PLAIN", "negotiate"),
    ("SECURED", "ntlm"),
    ("SECURED", "basic"),
]


@contextmanager
def _pool(network: Network, name: str, auth: str = "ntlm", **changed: Any) -> Iterator[RunspacePool]:
    """A pool of an unmodified client."""
    host = network.host(name)
    secured = host.remoting.transport == "https"
    arguments: dict[str, Any] = {
        "port": host.remoting.port,
        "ssl": secured,
        "auth": auth,
        "username": network.windows.username,
        "password": network.windows.password.reveal(),
        "cert_validation": str(network.authority) if secured else False,
        "operation_timeout": 5,
        "read_timeout": 60,
        "no_proxy": True,
    }
    wsman = WSMan(host.address, **(arguments | changed))
    pool = RunspacePool(wsman)
    try:
        pool.open()
        yield pool
        pool.close()
    finally:
        wsman.close()


def _run(pool: RunspacePool, script: str, **parameters: object) -> PowerShell:
    shell = PowerShell(pool)
    shell.add_script(script)
    for name, value in parameters.items():
        shell.add_parameter(name, value)
    shell.invoke()
    return shell


@pytest.mark.parametrize(("host", "auth"), EVERY_LOGON)
def test_each_way_to_log_on_carries_a_script_and_its_answer(network: Network, host: str, auth: RemotingAuth) -> None:
    session = network.connect(host, auth)
    facts = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert not isinstance(facts, Failure)
    assert facts.computer_name == host


@pytest.mark.parametrize(("host", "auth"), EVERY_LOGON)
def test_a_wrong_password_is_refused(network: Network, host: str, auth: RemotingAuth) -> None:
    with pytest.raises(AuthenticationError), _pool(network, host, auth, password="wrong"):
        pass


def test_an_unknown_account_is_refused(network: Network) -> None:
    with pytest.raises(AuthenticationError), _pool(network, "PLAIN", username="nobody"):
        pass


def test_basic_is_not_taken_where_the_password_could_be_read(network: Network) -> None:
    with pytest.raises(AuthenticationError), _pool(network, "PLAIN", "basic", encryption="never"):
        pass


def test_a_body_that_is_not_sealed_is_refused_over_http(network: Network) -> None:
    with pytest.raises(Exception, match=r"500|HTTP"), _pool(network, "PLAIN", "ntlm", encryption="never"):
        pass


def test_a_logon_that_is_not_bound_to_the_channel_is_refused_over_tls(network: Network) -> None:
    """As a relay in the middle would try it."""
    with (
        pytest.raises(AuthenticationError),
        _pool(network, "SECURED", "ntlm", negotiate_send_cbt=False),
    ):
        pass


def test_the_certificate_is_the_hosts_own(network: Network) -> None:
    with pytest.raises(requests.exceptions.SSLError), _pool(network, "SECURED", cert_validation=True):
        pass


def test_a_script_that_the_contract_does_not_know_is_refused(network: Network) -> None:
    with _pool(network, "PLAIN") as pool:
        shell = _run(pool, HOST_FACTS.text + " ")
    assert shell.state == PSInvocationState.FAILED
    assert "only scripts of the contract" in str(shell.streams.error[0])


@pytest.mark.parametrize(
    "parameters", [{"JobId": 7, "Seen": 0, "WaitSeconds": 0}, {"JobId": "a", "Seen": 0}, {"Stranger": 1}]
)
def test_parameters_of_another_type_or_name_are_refused(network: Network, parameters: dict[str, object]) -> None:
    with _pool(network, "PLAIN") as pool:
        shell = _run(pool, WATCH_JOB.text, **parameters)
    assert shell.state == PSInvocationState.FAILED
    assert "Cannot validate argument" in str(shell.streams.error[0])


def test_an_error_of_a_script_keeps_its_code(network: Network) -> None:
    session = network.connect("PLAIN")
    assert not isinstance(session.run(Call(TAKE_CLAIM, TakeClaim(run_id="mine", epoch=1, console="here"))), Failure)
    refused = session.run(Call(TAKE_CLAIM, TakeClaim(run_id="other", epoch=1, console="there")))
    assert isinstance(refused, Failure)
    assert refused.cause is Cause.CLAIMED
    assert not isinstance(session.run(Call(RELEASE_CLAIM, ReleaseClaim(run_id="mine", epoch=1))), Failure)
    session.close()


def test_a_script_that_waits_can_be_stopped_and_the_pool_stays_usable(network: Network) -> None:
    _start_held_job(network)
    with _pool(network, "BUSY") as pool:
        shell = PowerShell(pool)
        shell.add_script(WATCH_JOB.text)
        for name, value in WatchJob(job_id="job", seen=2, wait_seconds=60).model_dump(by_alias=True).items():
            shell.add_parameter(name, value)
        shell.begin_invoke()
        assert shell.state == PSInvocationState.RUNNING
        shell.stop()
        assert shell.state == PSInvocationState.STOPPED
        assert _run(pool, HOST_FACTS.text).state == PSInvocationState.COMPLETED


def _start_held_job(network: Network) -> None:
    """An installer that stands still."""
    network.tell(do="hold", host="BUSY", at="installer_start")
    package = next(network.workspace.path.glob("hotfixes/*/*.exe"))
    content = package.read_bytes()
    file = {"run_id": "run", "sha256": hashlib.sha256(content).hexdigest(), "file_name": package.name}
    session = network.connect("BUSY")
    calls = [
        session.run(Call(TAKE_CLAIM, TakeClaim(run_id="run", epoch=1, console="here"))),
        session.send(
            Call(RECEIVE_PACKAGE, ReceivePackage(**file, epoch=1, size_bytes=len(content))), package, lambda _: None
        ),
        session.run(Call(START_JOB, StartJob(**file, epoch=1, job_id="job", signer=SIGNER, arguments=()))),
    ]
    session.close()
    assert not [one for one in calls if isinstance(one, Failure)]


def test_an_account_that_is_no_administrator_is_turned_away(network: Network) -> None:
    with pytest.raises(WSManFaultError) as refused, _pool(network, "GUARDED"):
        pass
    assert refused.value.code == 5


def test_what_a_host_says_beside_its_answer_does_not_spoil_it(network: Network) -> None:
    session = network.connect("CHATTY")
    facts = session.run(Call(HOST_FACTS, NoParameters()))
    session.close()
    assert not isinstance(facts, Failure)
    with _pool(network, "CHATTY") as pool:
        told = _run(pool, HOST_FACTS.text).streams
    for name, stream in (("verbose", told.verbose), ("debug", told.debug), ("warning", told.warning)):
        assert [str(one) for one in stream] == [f"{name} that nobody asked for"]


def test_no_more_shells_than_the_quota_allows(network: Network) -> None:
    pools: list[RunspacePool] = []
    host = network.host("HARD")
    wsman = WSMan(
        host.address,
        port=host.remoting.port,
        ssl=False,
        auth="ntlm",
        username=network.windows.username,
        password=network.windows.password.reveal(),
        no_proxy=True,
    )
    with pytest.raises(WSManFaultError) as refused:
        for _ in range(31):
            pools.append(RunspacePool(wsman))
            pools[-1].open()
    for pool in pools[:-1]:
        pool.close()
    wsman.close()
    assert refused.value.code == 2150859173
    assert len(pools) == 31


def test_pools_of_one_host_do_not_mix_their_answers(network: Network) -> None:
    names = [f"file{number}.exe" for number in range(8)]
    found: dict[str, bool] = {}

    def ask(name: str) -> None:
        session = network.connect("PLAIN")
        answer = session.run(Call(VERIFY_PACKAGE, VerifyPackage(sha256="0" * 64, file_name=name)))
        session.close()
        found[name] = not isinstance(answer, Failure) and not answer.present

    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == dict.fromkeys(names, True)


def test_kerberos_is_not_offered_where_no_host_has_a_key(network: Network) -> None:
    host = network.host("PLAIN")
    url = f"http://{host.address}:{host.remoting.port}/wsman"
    answer = requests.post(url, headers={"Authorization": "Kerberos YQ=="}, timeout=60)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Negotiate")


def test_another_path_is_not_found(network: Network) -> None:
    host = network.host("PLAIN")
    answer = requests.get(f"http://{host.address}:{host.remoting.port}/", timeout=60)
    assert answer.status_code == 404
