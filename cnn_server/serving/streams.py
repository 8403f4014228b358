"""What a view may give to our server instead of an answer in pieces: a stream that needs no thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

OFFER = "convoscope.offer"  # in a WSGI environment of our server: a list for one stream

SendPart = Callable[[bytes], Awaitable[None]]
Blocking = Callable[[Callable[[], Any]], Awaitable[Any]]  # does in a thread what may block


class Stream(Protocol):
    """A body that comes bit by bit."""

    async def deliver(self, send: SendPart, blocking: Blocking) -> None:
        """Send all of it."""

    def close(self) -> None:
        """Give back what it holds: called once it is over, also where it never began."""
