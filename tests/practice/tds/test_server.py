"""A conversation that goes wrong on the fleet's own side is never silent."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Sequence
from typing import Any, cast

import pytest

from core.practice.tds.login import NOT_SUPPORTED, Login
from core.practice.tds.server import Conversation, Encryption
from core.practice.tds.values import Column, Rows
from core.practice.tds.wire import Wire

_BATCH = 1
_HEADERS = struct.pack("<I", 4)
_ERROR_TOKEN = b"\xaa"


class _Broken:
    """An engine whose answers are wrong."""

    name = "HOST"

    def __init__(self, answers: Sequence[Rows] | Exception) -> None:
        self._answers = answers
        self.complaints: list[str] = []

    def product(self) -> tuple[int, int, int]:
        return 15, 0, 4385

    def login(self, login: Login) -> None:
        pass

    async def batch(self, sql: str) -> Sequence[Rows]:
        if isinstance(self._answers, Exception):
            raise self._answers
        return self._answers

    def call(self, procedure: str, parameters: dict[str, Any]) -> Sequence[Rows]:
        return ()

    def complain(self, why: str) -> None:
        self.complaints.append(why)


def _conversation(engine: _Broken) -> Conversation:
    def none() -> Any:
        raise AssertionError

    return Conversation(engine, Encryption(NOT_SUPPORTED, none), cast("Wire", None))


_ONE = (Column("one", "int"),)


@pytest.mark.parametrize(
    "answers",
    [
        KeyError("a property that nobody knows"),
        (Rows(_ONE, ((1, 2),)),),
        (Rows(_ONE, ((10**30,),)),),
        (Rows((Column("one", "of no type"),), ((1,),)),),
    ],
    ids=["raises", "too many values", "too large a number", "unknown type"],
)
def test_an_answer_that_cannot_be_given_is_an_error_and_a_complaint(
    answers: Sequence[Rows] | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    engine = _Broken(answers)
    body = _HEADERS + "SELECT 1".encode("utf-16-le")
    told = asyncio.run(_conversation(engine)._answer(_BATCH, body))
    assert told.startswith(_ERROR_TOKEN)
    assert struct.unpack("<i", told[3:7]) == (50000,)
    assert len(engine.complaints) == 1
    assert "could not be answered" in caplog.text
