"""One client's conversation: log in, then batches and calls, each answered whole."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Protocol

from core.practice.tds import tokens
from core.practice.tds.login import (
    ENCRYPTED,
    LOGIN_ONLY,
    NOT_SUPPORTED,
    Login,
    read_encryption,
    read_login,
    settled_encryption,
    write_prelogin,
)
from core.practice.tds.values import (
    TDS_72,
    Reader,
    Rows,
    TruncatedError,
    fitting,
    read_parameter,
    write_columns,
    write_row,
)
from core.practice.tds.wire import PRELOGIN, Wire

_log = logging.getLogger(__name__)
_NEWEST = 0x74000004
_STRICT = 0x08000000


class _Kind(IntEnum):
    """What a client's message is."""

    BATCH = 1
    CALL = 3
    ATTENTION = 6
    LOGIN = 16


class SqlError(Exception):
    """An error as the engine sends it, with its number."""

    def __init__(self, number: int, message: str, level: int = 16) -> None:
        super().__init__(message)
        self.number = number
        self.level = level


class Engine(Protocol):
    """The database engine behind a listener."""

    name: str

    def product(self) -> tuple[int, int, int]: ...

    def login(self, login: Login) -> None:
        """Raises SqlError to refuse."""
        ...

    async def batch(self, sql: str) -> Sequence[Rows]: ...

    def call(self, procedure: str, parameters: dict[str, Any]) -> Sequence[Rows]: ...

    def complain(self, why: str) -> None:
        """Somebody who was let in asked for what cannot be answered."""
        ...


@dataclass(frozen=True, slots=True)
class Encryption:
    """What the listener offers: LOGIN_ONLY unless the client wants all, REQUIRED, or NOT_SUPPORTED.

    Strict: with TLS before TDS, which older engines do not know, and some take nothing else."""

    offered: int
    context: Callable[[], ssl.SSLContext]
    strict: Callable[[], ssl.SSLContext] | None = None
    strict_only: bool = False


class Conversation:
    """One connection."""

    def __init__(self, engine: Engine, encryption: Encryption, wire: Wire) -> None:
        self._engine = engine
        self._encryption = encryption
        self._wire = wire
        self._version = self._accepted = _NEWEST

    async def hold(self) -> None:
        """Until the client leaves or says something that cannot be understood."""
        try:
            if await self._log_in():
                await self._go_on()
        except (ConnectionError, ssl.SSLError, TruncatedError):
            pass
        finally:
            self._wire.close()

    async def _go_on(self) -> None:
        while True:
            message = await self._wire.receive()
            try:
                await self._serve(*message)
            except TruncatedError:
                self._engine.complain("what was said is not understood")
                raise

    async def _serve(self, kind: int, body: bytes) -> None:
        """Answers, unless the client takes its question back: then with an end of each of the two."""
        if kind == _Kind.ATTENTION:
            await self._wire.send(tokens.done(self._version, tokens.ATTENTION))
            return
        answering = asyncio.ensure_future(self._answer(kind, body))
        listening = asyncio.ensure_future(self._wire.readable())
        try:
            await asyncio.wait({answering, listening}, return_when=asyncio.FIRST_COMPLETED)
            if answering.done():
                await self._wire.send(answering.result())
                return
            listening.result()
            await self._wire.receive()
        finally:
            answering.cancel()
            listening.cancel()
            await asyncio.gather(answering, listening, return_exceptions=True)
        await self._wire.send(tokens.done(self._version, tokens.ERROR))
        await self._wire.send(tokens.done(self._version, tokens.ATTENTION))

    async def _log_in(self) -> bool:
        if await self._wire.begins_with_tls():
            return await self._log_in_strictly()
        if self._encryption.strict_only:
            return False
        settled = NOT_SUPPORTED
        kind, body = await self._wire.receive()
        if kind == PRELOGIN:
            settled = settled_encryption(self._encryption.offered, read_encryption(body))
            await self._wire.send(write_prelogin(self._engine.product(), settled))
            if settled != NOT_SUPPORTED:
                await self._wire.secure(self._encryption.context())
            kind, body = await self._wire.receive()
        if kind != _Kind.LOGIN:
            return False
        if settled == LOGIN_ONLY:
            self._wire.leave_tls()
        return await self._admit(body)

    async def _log_in_strictly(self) -> bool:
        if self._encryption.strict is None:
            return False
        await self._wire.secure_at_once(self._encryption.strict())
        kind, body = await self._wire.receive()
        if kind == PRELOGIN:
            await self._wire.send(write_prelogin(self._engine.product(), ENCRYPTED))
            kind, body = await self._wire.receive()
        return kind == _Kind.LOGIN and await self._admit(body)

    async def _admit(self, body: bytes) -> bool:
        login = read_login(body)
        self._version = _NEWEST if login.version == _STRICT else min(login.version, _NEWEST)
        self._accepted = login.version if login.version == _STRICT else self._version
        try:
            self._engine.login(login)
        except SqlError as refused:
            await self._wire.send(self._error(refused) + tokens.done(self._version, tokens.ERROR))
            return False
        await self._wire.send(self._welcome(login))
        self._wire.packet_size = login.packet_size
        return True

    def _welcome(self, login: Login) -> bytes:
        database = login.database or "master"
        name, version = self._engine.name, self._version
        return b"".join(
            (
                tokens.database_changed(database),
                tokens.info(5701, f"Changed database context to '{database}'.", name, version),
                tokens.collation_changed(),
                tokens.language_changed(),
                tokens.info(5703, "Changed language setting to us_english.", name, version),
                tokens.login_accepted(self._accepted, self._engine.product()),
                tokens.packet_size_changed(login.packet_size),
                tokens.done(version),
            )
        )

    async def _answer(self, kind: int, body: bytes) -> bytes:
        try:
            match kind:
                case _Kind.BATCH:
                    return self._results(await self._engine.batch(self._after_headers(body).decode("utf-16-le")))
                case _Kind.CALL:
                    return self._called(self._after_headers(body))
                case _:
                    self._engine.complain(f"requests of type {kind} are not supported")
                    raise SqlError(4002, f"requests of type {kind} are not supported")
        except SqlError as wrong:
            return self._error(wrong) + tokens.done(self._version, tokens.ERROR)
        except UnicodeDecodeError:
            raise TruncatedError from None
        except TruncatedError:
            raise
        except Exception as bug:
            _log.exception("a question could not be answered")
            self._engine.complain(f"the practice fleet has a bug: {type(bug).__name__}")
            trouble = SqlError(50000, "the practice fleet has a bug; its log tells more")
            return self._error(trouble) + tokens.done(self._version, tokens.ERROR)

    def _after_headers(self, body: bytes) -> bytes:
        if self._version < TDS_72:
            return body
        length = Reader(body).number("<I")
        return body[length:]

    def _called(self, body: bytes) -> bytes:
        reader = Reader(body)
        length = reader.number("<H")
        if length == 0xFFFF:
            raise SqlError(2812, f"Could not find stored procedure {reader.number('<H')}.")
        procedure = reader.take(2 * length).decode("utf-16-le", "replace").lower()
        procedure = procedure.replace("[", "").replace("]", "").removeprefix("sys.")
        reader.number("<H")
        parameters: dict[str, Any] = {}
        while reader.has_more:
            name = reader.take(2 * reader.number("<B")).decode("utf-16-le", "replace")
            reader.number("<B")
            parameters[name or str(len(parameters))] = read_parameter(reader)
        results = self._engine.call(procedure, parameters)
        end = tokens.return_status(0) + tokens.done(self._version, kind=tokens.DONE_PROCEDURE)
        return self._sets(results, tokens.DONE_IN_PROCEDURE, more=True) + end

    def _results(self, results: Sequence[Rows]) -> bytes:
        return self._sets(results, tokens.DONE, more=False) if results else tokens.done(self._version)

    def _sets(self, results: Sequence[Rows], kind: int, *, more: bool) -> bytes:
        out = []
        for index, result in enumerate(results):
            columns = [
                fitting(column, [row[place] for row in result.rows]) for place, column in enumerate(result.columns)
            ]
            out.append(write_columns(columns, self._version))
            out.extend(write_row(columns, row) for row in result.rows)
            follows = tokens.MORE if more or index < len(results) - 1 else tokens.FINAL
            out.append(tokens.done(self._version, tokens.COUNT | follows, len(result.rows), kind))
        return b"".join(out)

    def _error(self, wrong: SqlError) -> bytes:
        return tokens.error(wrong.number, str(wrong), wrong.level, self._engine.name, self._version)
