"""What a runspace pool or one of its pipelines has to say, until its client comes for it."""

from __future__ import annotations

import asyncio
from collections import deque


class GoneError(Exception):
    """The shell or the command was ended while somebody waited for its output."""


class DetachedError(Exception):
    """The client left its shell while it waited for output, to come back later."""


class Outbox:
    """Data that waits for a Receive. The last answer is kept: a client repeats a Receive whose answer was lost."""

    def __init__(self) -> None:
        self._chunks: deque[bytes] = deque()
        self._changed = asyncio.Event()
        self.done = False
        self.gone = False
        self._detached = 0
        self.last: tuple[str, bytes] | None = None

    def put(self, data: bytes) -> None:
        self._chunks.append(data)
        self._changed.set()

    def finish(self) -> None:
        self.done = True
        self._changed.set()

    def abort(self) -> None:
        self.gone = True
        self._changed.set()

    def detach(self) -> None:
        """Nobody waits any more. What comes is kept for whoever asks next."""
        self._detached += 1
        self._changed.set()

    @property
    def is_empty(self) -> bool:
        return not self._chunks

    async def take(self, seconds: float, limit: int) -> list[bytes]:
        """What there is, up to a limit; nothing when the time is up."""
        detached = self._detached
        if not self._chunks and not self.done and not self.gone:
            self._changed.clear()
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                return []
        if detached != self._detached:
            raise DetachedError
        if self.gone:
            raise GoneError
        taken: list[bytes] = []
        size = 0
        while self._chunks and (not taken or size + len(self._chunks[0]) <= limit):
            taken.append(self._chunks.popleft())
            size += len(taken[-1])
        return taken

    def drain(self) -> bytes:
        data = b"".join(self._chunks)
        self._chunks.clear()
        return data
