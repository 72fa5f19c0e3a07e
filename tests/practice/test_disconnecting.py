"""Every way in carries every stream; a client may leave its pool, and it or another may come back for what ran on."""

from __future__ import annotations

import asyncio
import threading
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pypsrp.complex_objects import PSInvocationState, RunspacePoolState
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool

from core.practice.envelope import (
    CONNECTED_ELSEWHERE,
    OTHER_SESSION,
    SHELL_DISCONNECTED,
    STREAM_DISCONNECTED,
    UNKNOWN_SHELL,
)
from core.practice.runspace import Pipeline
from tests.practice.remotings import EVERY_WAY, Service, remoting

_MUCH = 3_000_000


class _Script:
    """What runs on the host: it begins, and ends when the test lets it."""

    def __init__(self) -> None:
        self.began = threading.Event()
        self._go_on = threading.Event()
        self.stopped = False

    def go_on(self) -> None:
        self._go_on.set()

    async def __call__(self, pipeline: Pipeline) -> str:
        if pipeline.script == "much":
            return "x" * _MUCH
        if pipeline.script == "streams":
            pipeline.say("verbose", "v")
            pipeline.say("debug", "d")
            pipeline.say("warning", "w")
            pipeline.say("information", "i")
            pipeline.say("progress", "p")
            pipeline.complain("e")
            return "o"
        self.began.set()
        try:
            await asyncio.to_thread(self._go_on.wait, 60)
        except asyncio.CancelledError:
            self.stopped = True
            raise
        return "the answer"


@pytest.fixture
def script() -> Iterator[_Script]:
    one = _Script()
    yield one
    one.go_on()


@pytest.fixture(params=EVERY_WAY)
def service(request: pytest.FixtureRequest, script: _Script, tmp_path: Path) -> Iterator[Service]:
    with remoting(request.param, script, tmp_path) as one:
        yield one


def _begin(pool: RunspacePool, text: str) -> PowerShell:
    shell = PowerShell(pool)
    shell.add_script(text)
    shell.begin_invoke()
    return shell


def _output_of(shell: Any) -> list[Any]:
    """Of a script that ran on while nobody listened."""
    return list(shell.connect())


def _opened(client: Any) -> RunspacePool:
    pool = RunspacePool(client)
    pool.open()
    return pool


def test_all_streams_arrive_each_in_its_own(service: Service) -> None:
    with closing(service.client()) as client:
        pool = _opened(client)
        shell = _begin(pool, "streams")
        shell.end_invoke()
        told = shell.streams
        assert list(shell.output) == ["o"]
        assert [str(one) for one in (*told.verbose, *told.debug, *told.warning)] == ["v", "d", "w"]
        assert [str(one.message_data) for one in told.information] == ["i"]
        assert [str(one) for one in told.error] == ["e"]
        assert [one.activity for one in told.progress] == ["Preparing modules for first use.", "p"]
        pool.close()


def test_three_megabytes_arrive_whole(service: Service) -> None:
    with closing(service.client()) as client:
        pool = _opened(client)
        (output,) = _begin(pool, "much").end_invoke()
        assert len(output) == _MUCH
        pool.close()


def test_a_script_can_be_stopped_and_its_pool_used_again(service: Service, script: _Script) -> None:
    with closing(service.client()) as client:
        pool = _opened(client)
        shell = _begin(pool, "wait")
        assert script.began.wait(60)
        shell.stop()
        assert (shell.state, script.stopped) == (PSInvocationState.STOPPED, True)
        assert list(_begin(pool, "streams").end_invoke()) == ["o"]
        pool.close()


def test_whoever_left_comes_back_to_what_ran_on(service: Service, script: _Script) -> None:
    with closing(service.client()) as client:
        pool = _opened(client)
        shell = _begin(pool, "wait")
        assert script.began.wait(60)
        pool.disconnect()
        assert shell.state == PSInvocationState.DISCONNECTED
        script.go_on()
        pool.connect()
        assert pool.state == RunspacePoolState.OPENED
        assert _output_of(shell) == ["the answer"]
        assert list(_begin(pool, "streams").end_invoke()) == ["o"]
        pool.close()


def test_another_client_of_the_same_account_finds_the_pool_and_takes_it_over(service: Service, script: _Script) -> None:
    with closing(service.client()) as first:
        _begin(left := _opened(first), "wait")
        assert script.began.wait(60)
        left.disconnect()
    with closing(service.client()) as second:
        (pool,) = RunspacePool.get_runspace_pools(second)
        pool.connect()
        script.go_on()
        (shell,) = pool.create_disconnected_power_shells()
        assert _output_of(shell) == ["the answer"]
        pool.close()
        assert RunspacePool.get_runspace_pools(second) == []


def _code(act: Any) -> int:
    with pytest.raises(WSManFaultError) as refused:
        act()
    return int(refused.value.code)


def test_a_pool_that_was_left_answers_nothing_until_somebody_connects(service: Service, script: _Script) -> None:
    with closing(service.client()) as client, closing(service.client()) as other:
        pool = _opened(client)
        (found,) = RunspacePool.get_runspace_pools(other)
        assert _code(found.connect) == CONNECTED_ELSEWHERE
        pool.disconnect()
        pool.state = RunspacePoolState.OPENED
        assert _code(lambda: _begin(pool, "streams")) == SHELL_DISCONNECTED
        found._new_client = False
        assert _code(found.connect) == OTHER_SESSION
        pool.state = RunspacePoolState.DISCONNECTED
        pool.connect()
        pool.close()
        pool.state = RunspacePoolState.DISCONNECTED
        assert _code(pool.connect) == UNKNOWN_SHELL


def test_who_waits_for_output_while_the_pool_is_left_learns_it(service: Service, script: _Script) -> None:
    with closing(service.client()) as client, closing(service.client()) as other:
        pool = _opened(client)
        shell = _begin(pool, "wait")
        assert script.began.wait(60)
        codes: list[int] = []
        waiting = threading.Thread(target=lambda: codes.append(_code(shell.end_invoke)))
        waiting.start()
        _leave_for(other, pool)
        waiting.join(60)
        assert codes in ([STREAM_DISCONNECTED], [SHELL_DISCONNECTED])  # it was just between two questions
        script.go_on()


def _leave_for(other: Any, pool: RunspacePool) -> None:
    """From another connection, as the other half of the same client would."""
    (found,) = RunspacePool.get_runspace_pools(other)
    found.state = RunspacePoolState.OPENED
    found.id = str(uuid.UUID(pool.id)).upper()
    found.disconnect()
