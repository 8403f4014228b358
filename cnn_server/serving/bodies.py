"""The body of a request, read whole before a thread is taken, in bounded time and memory."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from cnn_server.words import RefusalError

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
SMALL = 65_536  # bytes of a body that is always taken
DISCARDED = 64 * 1024 * 1024  # bytes that are read and dropped, so that who sends too much hears why it was refused


@dataclass(frozen=True)
class KeptBody:
    """What of a body was kept, and how long it was in all."""

    kept: bytes
    length: int


class RefusedError(RefusalError):
    """A body that is not taken, and the status of the answer."""

    def __init__(self, status: int, id: str) -> None:
        super().__init__(id)
        self.status = status


class ClientGoneError(Exception):
    """The client has gone before its request was complete."""


class Bodies:
    """Reads bodies.

    A body may pause for `seconds`, and be as far behind `rate` bytes a second, so that a slow line is no fault and a
    trickle is one. All the bodies that are being read have `room` bytes together, beside small ones.
    """

    def __init__(self, *, most: int, seconds: float, rate: float, room: int) -> None:
        self._most, self._seconds, self._rate = most, seconds, rate
        self._room = room

    @contextlib.asynccontextmanager
    async def read(self, receive: Receive) -> AsyncIterator[KeptBody]:
        """Yield the body; of one that is too large, the first `most` + 1 bytes. It has its room while it is used.

        Raises:
            RefusedError: it trickles, or there is no room for it now.
            GoneError: the client has gone.
        """
        kept, length, held, began = bytearray(), 0, 0, time.monotonic()
        try:
            while True:
                ahead = length / self._rate - (time.monotonic() - began)  # seconds, of the slowest that may be
                patience = self._seconds + min(0.0, ahead)
                part, more = await self._part(receive, patience)
                length += len(part)
                kept += part[: max(0, self._most + 1 - len(kept))]
                if length > SMALL:
                    self._take(len(kept) - held)
                    held = len(kept)
                if not more or length > DISCARDED:
                    break
            yield KeptBody(bytes(kept), length)
        finally:
            self._room += held

    @staticmethod
    async def _part(receive: Receive, patience: float) -> tuple[bytes, bool]:
        try:
            async with asyncio.timeout(patience):
                message = await receive()
        except TimeoutError:
            raise RefusedError(408, "body_too_slow") from None
        if message["type"] != "http.request":
            raise ClientGoneError
        return message.get("body", b""), message.get("more_body", False)

    def _take(self, count: int) -> None:
        if count > self._room:
            raise RefusedError(503, "too_many_large_requests")
        self._room -= count
