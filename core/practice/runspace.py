"""A runspace pool on a host, on psrpcore's server side: pipelines in, output and errors out."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from typing import Any, Literal

from psrpcore import (
    CreatePipelineEvent,
    EndOfPipelineInputEvent,
    GetAvailableRunspacesEvent,
    PipelineInputEvent,
    PSRPPayload,
    ResetRunspaceStateEvent,
    ServerPipeline,
    ServerRunspacePool,
    SetMaxRunspacesEvent,
    SetMinRunspacesEvent,
    StreamType,
)
from psrpcore.types import (
    ErrorCategory,
    ErrorCategoryInfo,
    ErrorRecord,
    InformationalRecord,
    NETException,
    PSInvocationState,
    PSVersion,
    RunspacePoolState,
)

from core.practice.outbox import Outbox

_log = logging.getLogger(__name__)
_FRAGMENT_BYTES = 32_768
_FRAGMENT_HEAD = 21
_VERSIONS = {
    "PSVersion": PSVersion("5.1.20348.2849"),
    "PSEdition": "Desktop",
    "WSManStackVersion": PSVersion("3.0"),
    "PSRemotingProtocolVersion": PSVersion("2.3"),
    "SerializationVersion": PSVersion("1.1.0.1"),
}


class ScriptError(Exception):
    """The pipeline fails with this message, as a terminating error does."""


Execute = Callable[["Pipeline"], Awaitable[str]]


Stream = Literal["verbose", "debug", "warning", "information", "progress"]


class _Spoken(ServerPipeline):
    """PowerShell sends each record's text beside it, which is what clients print; psrpcore leaves it out."""

    def prepare_message(self, message: Any, *more: Any, **named: Any) -> None:
        if isinstance(message, InformationalRecord) and message.PSObject.to_string is None:
            message.PSObject.to_string = message.Message
        super().prepare_message(message, *more, **named)


class Pipeline:
    """One script that was sent: its text, its parameters, what is piped into it."""

    def __init__(self, pool: Pool, key: uuid.UUID) -> None:
        self._pool = pool
        self._core = _Spoken(pool.core, key)
        self._input: asyncio.Queue[Any] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.outbox = Outbox()
        self.script = ""
        self.parameters: dict[str, Any] = {}
        self.takes_input = False

    def begin(self, event: CreatePipelineEvent) -> None:
        command = event.pipeline.commands[0]
        self.script = command.command_text
        self.parameters = {str(name): value for name, value in command.parameters if name}
        self.takes_input = not event.pipeline.no_input
        self._task = asyncio.get_running_loop().create_task(self._run())

    def feed(self, item: Any) -> None:
        self._input.put_nowait(item)

    async def piped(self) -> list[Any]:
        """Everything that is piped in, when the client says that it is all."""
        items: list[Any] = []
        while self.takes_input and (item := await self._input.get()) is not _END:
            items.append(item)
        return items

    def say(self, stream: Stream, message: str) -> None:
        """Into a stream beside the output, at once."""
        match stream:
            case "verbose":
                self._core.write_verbose(message)
            case "debug":
                self._core.write_debug(message)
            case "warning":
                self._core.write_warning(message)
            case "information":
                self._core.write_information(message, "Write-Information")
            case "progress":
                self._core.write_progress(message, 0, " ")
        self._pool.pump()

    def complain(self, message: str) -> None:
        """An error that does not end the script."""
        self._core.write_error(NETException(Message=message), fully_qualified_error_id="WriteErrorException")
        self._pool.pump()

    def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def stopped(self) -> None:
        self.stop()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        core = self._core
        try:
            # psrpcore's start() would send a state that no client wants.
            core._change_state(PSInvocationState.Running, emit=False)
            if self._pool.is_fresh:
                self._pool.is_fresh = False
                self.say("progress", "Preparing modules for first use.")
            core.write_output(await self._pool.execute(self))
            core.complete()
        except asyncio.CancelledError:
            if core.state in (PSInvocationState.Running, PSInvocationState.Stopping):
                core.stop()
        except ScriptError as trouble:
            self._fail(str(trouble))
        except Exception:
            _log.exception("a script could not be answered")
            self._fail("the practice fleet has a bug; its log tells more")
        finally:
            self._pool.pump()
            self.outbox.finish()

    def _fail(self, message: str) -> None:
        """psrpcore has no way to fail a pipeline: moves it itself, with the error as PowerShell sends it."""
        error = ErrorRecord(
            Exception=NETException(Message=message, HResult=-2146233087),
            CategoryInfo=ErrorCategoryInfo(Category=ErrorCategory.OperationStopped, Reason="RuntimeException"),
            FullyQualifiedErrorId="RuntimeException",
        )
        self._core._change_state(PSInvocationState.Failed, error=error)


_END = object()


class Pool:
    """A runspace pool: what WS-Management calls a shell."""

    def __init__(self, key: str, owner: str, execute: Execute) -> None:
        self.key = key
        self.owner = owner
        self.execute = execute
        self.core = ServerRunspacePool(application_private_data={"PSVersionTable": _VERSIONS})
        self.outbox = Outbox()
        self.pipelines: dict[uuid.UUID, Pipeline] = {}
        self.session = ""
        self.uri = ""
        self.connected = True
        self.is_fresh = True
        self.used_at = 0.0
        self.idle_seconds = 0.0

    def feed(self, data: bytes) -> None:
        """Takes PSRP fragments in and does what they say."""
        self.core.receive_data(PSRPPayload(data, StreamType.default, None))
        while (event := self.core.next_event()) is not None:
            self._handle(event)
        self.pump()

    def _handle(self, event: Any) -> None:
        match event:
            case CreatePipelineEvent():
                self.pipelines[event.pipeline_id].begin(event)
            case PipelineInputEvent() if event.pipeline_id in self.pipelines:
                self.pipelines[event.pipeline_id].feed(event.data)
            case EndOfPipelineInputEvent() if event.pipeline_id in self.pipelines:
                self.pipelines[event.pipeline_id].feed(_END)
            case GetAvailableRunspacesEvent():
                self.core.runspace_availability_response(event.ci, self.core.max_runspaces)
            case SetMaxRunspacesEvent() | SetMinRunspacesEvent() | ResetRunspaceStateEvent():
                self.core.runspace_availability_response(event.ci, True)
            case _:
                pass

    def pump(self) -> None:
        """Moves what psrpcore has to say into the outboxes."""
        while (payload := self.core.data_to_send(_FRAGMENT_BYTES)) is not None:
            if payload.pipeline_id is None:
                self.outbox.put(payload.data)
            elif payload.pipeline_id in self.pipelines:
                self.pipelines[payload.pipeline_id].outbox.put(payload.data)

    def command(self, key: str, data: bytes) -> None:
        self.pipelines[uuid.UUID(key)] = Pipeline(self, uuid.UUID(key))
        self.feed(data)

    def forget(self, key: uuid.UUID) -> None:
        """The client is done with the pipeline."""
        pipeline = self.pipelines.pop(key, None)
        self.core.pipeline_table.pop(key, None)
        if pipeline is not None:
            pipeline.stop()

    @property
    def is_busy(self) -> bool:
        return any(not one.outbox.done for one in self.pipelines.values())

    def disconnect(self) -> None:
        self.connected = False
        for outbox in (self.outbox, *(one.outbox for one in self.pipelines.values())):
            outbox.detach()

    def connect(self, data: bytes) -> bytes:
        """Begins anew with another client. Its answer is the first message; the rest waits for its first Receive."""
        self.core.state = RunspacePoolState.Disconnected
        self.core.connect()
        self.outbox.drain()
        self.outbox.last = None
        self.feed(data)
        self.connected = True
        said = self.outbox.drain()
        end = _FRAGMENT_HEAD + int.from_bytes(said[_FRAGMENT_HEAD - 4 : _FRAGMENT_HEAD], "big")
        self.outbox.put(said[end:])
        return said[:end]

    def close(self) -> None:
        for pipeline in self.pipelines.values():
            pipeline.stop()
            pipeline.outbox.abort()
        self.outbox.abort()
