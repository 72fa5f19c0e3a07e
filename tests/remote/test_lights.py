"""What answers on a host, as this PC sees it: real ports, and the system's own way to ping."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.model.signs import Light
from core.remote.lights import knock, ping, verdict

_ANSWER = "Antwort von 10.0.0.5: Bytes=32 Zeit<1ms TTL=128\n"
_ROUTER = (
    "Reply from 10.0.0.1: Destination host unreachable.\n\n    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss)\n"
)


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_port_answers_as_long_as_somebody_listens(listening: socket.socket) -> None:
    port = listening.getsockname()[1]
    assert knock("127.0.0.1", port) is Light.ANSWERS
    listening.close()
    assert knock("127.0.0.1", port) is Light.SILENT


@pytest.mark.skipif(os.name == "nt", reason="the program that stands in for ping is a shell script")
@pytest.mark.parametrize(("code", "light"), [(0, Light.ANSWERS), (1, Light.SILENT)])
def test_a_ping_is_the_systems_own(code: int, light: Light, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "ping"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\nexit {code}\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ping("127.9.9.9") is light
    assert (tmp_path / "asked").read_text(encoding="utf-8").split()[-1] == "127.9.9.9"


def test_without_a_program_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ping("127.9.9.9") is Light.UNKNOWN


def test_an_address_is_never_taken_for_an_option() -> None:
    assert ping("-f") is Light.UNKNOWN


@pytest.mark.parametrize(
    ("windows", "code", "said", "light"),
    [
        (True, 0, _ANSWER, Light.ANSWERS),
        (True, 0, "Reply from fe80::1: time<1ms\n", Light.ANSWERS),
        (True, 0, _ROUTER, Light.SILENT),
        (True, 1, "Request timed out.\n", Light.SILENT),
        (False, 0, "", Light.ANSWERS),
    ],
)
def test_a_routers_word_is_no_answer(windows: bool, code: int, said: str, light: Light) -> None:
    assert verdict(windows, code, said) is light
