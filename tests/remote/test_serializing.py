"""A script goes over the wire as the library would write it, whatever it holds; what is not ready is written anew."""

from typing import Any

import pytest
from pypsrp.powershell import RunspacePool
from pypsrp.serializer import Serializer
from pypsrp.wsman import WSMan

from core.contract.library import ALL
from core.contract.script import Script
from core.remote.serializing import make_ready, use_what_is_ready


def _serializer() -> Serializer:
    pool = RunspacePool(WSMan("127.0.0.1", ssl=False, username="me", password="mine"))
    use_what_is_ready(pool)
    serializer: Serializer = pool._fragmenter.serializer
    assert pool._serializer is serializer, "both of them write"
    return serializer


@pytest.mark.parametrize("script", ALL, ids=lambda script: script.name)
def test_every_script_is_written_as_the_library_writes_it(script: Script[Any, Any]) -> None:
    wanted = Serializer()._serialize_string(script.text)
    make_ready(script.text)
    assert _serializer()._serialize_string(script.text) == wanted


def test_only_what_was_made_ready_is_not_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []
    write = Serializer._serialize_string

    def told(self: Serializer, value: str | None) -> str | None:
        asked.append(value)
        return write(self, value)

    script, other = "Get-Service\n# é _x", "what somebody typed\n"
    make_ready(script)
    monkeypatch.setattr(Serializer, "_serialize_string", told)
    serializer = _serializer()
    sent = [serializer._serialize_string(text) for text in (script, other, script, other, None)]
    assert asked == [other, other, None]
    assert sent[0] == sent[2] != sent[1]
