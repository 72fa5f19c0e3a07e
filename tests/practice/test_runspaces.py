"""What a host's runspaces carry: much output, every length of it, and the same answer again when it was lost."""

from __future__ import annotations

import asyncio
import base64
import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psrpcore import ClientPowerShell, ClientRunspacePool
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from core.model.secret import Credential, Secret
from core.practice.authentication import Users
from core.practice.envelope import (
    ACCESS_DENIED,
    ENUMERATION,
    SHELL,
    TIMED_OUT,
    TRANSFER,
    Message,
    WsmanFaultError,
    read_message,
)
from core.practice.host.machine import Machine
from core.practice.outbox import DetachedError, Outbox
from core.practice.remoting import Remoting
from core.practice.runspace import Pipeline
from core.practice.spec.server import ServerSpec
from core.practice.wsman import Shells
from tests.practice.listening import listening

_ACCOUNT = Credential("practice", Secret("right"))
_POWERSHELL = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"


async def _as_asked(pipeline: Pipeline) -> str:
    """Writes as many characters as its script says."""
    return "x" * int(pipeline.script)


@pytest.fixture
def open_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], RunspacePool]]:
    monkeypatch.setenv("NTLM_USER_FILE", os.environ.get("NTLM_USER_FILE", ""))
    machine = Machine(ServerSpec(name="HOST"), 1, 1, Ed25519PrivateKey.generate().public_key(), lambda *_: None)
    machine.start(datetime.now(UTC))
    remoting = Remoting(machine, Users(tmp_path / "users", (_ACCOUNT,)), _as_asked, None)
    opened: list[WSMan] = []

    with listening(remoting.connection) as (address, port):

        def connect() -> RunspacePool:
            opened.append(WSMan(address, port=port, ssl=False, auth="ntlm", username="practice", password="right"))
            pool = RunspacePool(opened[-1])
            pool.open()
            return pool

        yield connect
        for wsman in opened:
            wsman.close()


@pytest.mark.parametrize("length", [0, 1, 32_700, 32_768, 200_000, 3_000_000])
def test_output_of_every_length_arrives_whole(open_pool: Callable[[], RunspacePool], length: int) -> None:
    pool = open_pool()
    shell = PowerShell(pool)
    shell.add_script(str(length))
    (output,) = shell.invoke()
    pool.close()
    assert len(output) == length


def test_a_bug_in_a_script_is_an_error_of_its_pipeline_alone(
    open_pool: Callable[[], RunspacePool], caplog: pytest.LogCaptureFixture
) -> None:
    pool = open_pool()
    for script in ("no number", "5"):
        shell = PowerShell(pool)
        shell.add_script(script)
        shell.invoke()
    pool.close()
    assert list(shell.output) == ["xxxxx"]
    assert "a script could not be answered" in caplog.text


def _message(action: str, body: str, shell: str = "") -> Message:
    envelope = (
        '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        ' xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"'
        ' xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"'
        ' xmlns:rsp="http://schemas.microsoft.com/wbem/wsman/1/windows/shell">'
        f"<s:Header><a:Action>{action}</a:Action><a:MessageID>uuid:{uuid.uuid4()}</a:MessageID>"
        f"<w:ResourceURI>{_POWERSHELL}</w:ResourceURI><w:OperationTimeout>PT0.01S</w:OperationTimeout>"
        f'<w:SelectorSet><w:Selector Name="ShellId">{shell}</w:Selector></w:SelectorSet></s:Header>'
        f"<s:Body>{body}</s:Body></s:Envelope>"
    )
    return read_message(envelope.encode())


def _sent(client: ClientRunspacePool) -> str:
    data = b""
    while (payload := client.data_to_send()) is not None:
        data += payload.data
    return base64.b64encode(data).decode()


async def _opened(shells: Shells) -> ClientRunspacePool:
    client = ClientRunspacePool()
    client.open()
    creation = f'<creationXml xmlns="http://schemas.microsoft.com/powershell">{_sent(client)}</creationXml>'
    key = str(client.runspace_pool_id).upper()
    await shells.handle(_message(f"{TRANSFER}Create", f'<rsp:Shell ShellId="{key}">{creation}</rsp:Shell>'), "practice")
    return client


def test_a_receive_that_is_repeated_gets_the_same_answer_again() -> None:
    async def ask_twice() -> None:
        shells = Shells("HOST", _as_asked)
        client = await _opened(shells)
        wanted = "<rsp:Receive><rsp:DesiredStream>stdout</rsp:DesiredStream></rsp:Receive>"
        receive = _message(f"{SHELL}/Receive", wanted, str(client.runspace_pool_id).upper())
        first = await shells.handle(receive, "practice")
        assert b"<rsp:Stream" in first
        assert await shells.handle(receive, "practice") == first
        again = _message(f"{SHELL}/Receive", wanted, str(client.runspace_pool_id).upper())
        with pytest.raises(WsmanFaultError) as nothing:
            await shells.handle(again, "practice")
        assert nothing.value.code == TIMED_OUT

    asyncio.run(ask_twice())


def test_whoever_waits_learns_that_the_client_left_and_nothing_is_lost_for_who_comes_back() -> None:
    async def leave() -> None:
        outbox = Outbox()
        waiting = asyncio.create_task(outbox.take(60, 1000))
        await asyncio.sleep(0)
        outbox.detach()
        with pytest.raises(DetachedError):
            await waiting
        outbox.put(b"said meanwhile")
        assert await outbox.take(60, 1000) == [b"said meanwhile"]

    asyncio.run(leave())


def test_a_shell_that_nobody_uses_ends_when_its_time_is_up_and_one_that_works_does_not() -> None:
    async def forget() -> None:
        hours = [0.0]
        shells = Shells("HOST", _as_asked, lambda: hours[0] * 3600)
        await _opened(shells)
        hours[0] = 1.9
        await _opened(shells)
        assert len(shells) == 2
        hours[0] = 2.1
        await _opened(shells)
        assert len(shells) == 2

    asyncio.run(forget())


def test_nobody_gets_at_the_shell_of_another_account() -> None:
    async def reach() -> None:
        shells = Shells("HOST", _as_asked)
        client = await _opened(shells)
        key = str(client.runspace_pool_id).upper()
        for operation in ("Receive", "Disconnect", "Connect"):
            with pytest.raises(WsmanFaultError) as refused:
                await shells.handle(_message(f"{SHELL}/{operation}", "<rsp:X/>", key), "another")
            assert refused.value.code == ACCESS_DENIED
        found = await shells.handle(_message(f"{ENUMERATION}Enumerate", "<rsp:X/>"), "another")
        assert b"ShellId" not in found

    asyncio.run(reach())


def test_a_pipeline_whose_shell_ends_is_aborted_for_whoever_waits() -> None:
    async def end_in_between() -> None:
        asked = asyncio.Event()

        async def never(_: Pipeline) -> str:
            asked.set()
            await asyncio.Event().wait()
            return ""

        shells = Shells("HOST", never)
        client = await _opened(shells)
        shell = str(client.runspace_pool_id).upper()
        pipeline = ClientPowerShell(client)
        pipeline.add_script("anything")
        pipeline.start()
        command = str(pipeline.pipeline_id).upper()
        arguments = (
            f'<rsp:CommandLine CommandId="{command}"><rsp:Arguments>{_sent(client)}</rsp:Arguments></rsp:CommandLine>'
        )
        await shells.handle(_message(f"{SHELL}/Command", arguments, shell), "practice")
        await asked.wait()
        shells.close()
        assert len(shells) == 0
        with pytest.raises(WsmanFaultError):
            await shells.handle(_message(f"{SHELL}/Receive", "<rsp:Receive/>", shell), "practice")

    asyncio.run(end_in_between())
