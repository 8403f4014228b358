"""One connection of a client, with the limits that uvicorn leaves open.

- A head has to be complete after some seconds and within some kilobytes, on every request of the connection.
- What was sent has to leave: where the system takes nothing for some seconds, because the client has stopped reading or
  has gone to sleep, the connection is cut. So its place is free, and nothing is kept for it.
- A client that closes its own side after its request still gets the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from cnn_engine.words import say
from cnn_server.web import SECURITY_HEADERS
from cnn_server.words import refusal

# What an answer has that no application was asked for: the policies of all others, and the end of the connection.
PROBLEM_HEADERS = [
    (b"content-type", b"application/problem+json"),
    (b"connection", b"close"),
    *((name.lower().encode(), value.encode()) for name, value in SECURITY_HEADERS.items()),
]
EXTENSION = "convoscope.connection"  # in an ASGI scope's extensions
HEAD_BYTES = 65_536
STREAM_BUFFER = 8_192  # bytes that the system may keep for a viewer: what it keeps, a sleeping viewer has not read
# How long the system waits for a client's machine to confirm what it was sent; Linux alone can be told.
UNCONFIRMED: int | None = getattr(socket, "TCP_USER_TIMEOUT", None)


@dataclass(frozen=True)
class ConnectionLimits:
    """In seconds, and how many connections there may be at once."""

    head: float
    stalled: float
    most: int


class Connection(HttpToolsProtocol):
    """A connection, and the request that is being answered."""

    limits: ConnectionLimits  # a subclass for each server has its own

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin with a client that has connected."""
        super().connection_made(transport)
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = self._unsent = 0
        self._stalled_since: float | None = None
        self._idle_since = self.loop.time()
        self.streaming: asyncio.Task[Any] | None = None
        transport.set_write_buffer_limits(0)  # one piece waits to be sent, and the next is made when it is gone
        self._set_option(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # head and body leave one after the other, at once
        self._set_option(socket.IPPROTO_TCP, UNCONFIRMED, int(1000 * self.limits.stalled))
        if len(self.connections) > self.limits.most:
            self._make_room()
        self._await_head()

    def _set_option(self, level: int, name: int | None, value: int) -> None:
        connected: socket.socket | None = self.transport.get_extra_info("socket")
        if name is not None and connected is not None:
            with contextlib.suppress(OSError):
                connected.setsockopt(level, name, value)

    def _make_room(self) -> None:
        """Cut the connection that has asked for nothing for longest; this one, if all the others ask for something."""
        others = [other for other in self.connections if isinstance(other, Connection) and other is not self]
        open_ones = [other for other in others if not other.transport.is_closing()]
        if len(open_ones) < self.limits.most:
            return  # some are cut already
        idle = (other for other in open_ones if not other.busy)
        min(idle, key=lambda other: other._idle_since, default=self).transport.abort()

    @property
    def busy(self) -> bool:
        """Whether a request is being read or answered."""
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request
        return cycle is not None and not cycle.response_complete

    # A head in time

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_bytes = 0
            self._head_timer = self.loop.call_later(self.limits.head, self.transport.abort)

    def _head_is_here(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def data_received(self, data: bytes) -> None:
        """Read some of a request, or of several, that has come."""
        if not self.busy:
            self._await_head()
        waited = self._head_timer
        super().data_received(data)
        if waited is not None and waited is self._head_timer:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self.refuse(431, "head_too_large")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"connection": self}}
        self._await_head()

    def on_headers_complete(self) -> None:
        """Note that the head of a request is complete."""
        self._head_is_here()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Note when a request was answered."""
        self._idle_since = self.loop.time()
        super().on_response_complete()

    # The end of it

    def eof_received(self) -> bool:  # type: ignore[override]
        """Leave our side open for the answer to what was asked."""
        if not self.busy or self.streaming is not None or self.cycle.more_body:
            return False
        self.cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go what belongs to a connection that has ended, whoever ended it."""
        self._head_is_here()
        self._unset_keepalive_if_required()
        super().connection_lost(exc)
        if self.streaming is not None:
            self.streaming.cancel()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP."""
        self.refuse(400, "not_http")

    def refuse(self, status: int, id: str) -> None:
        """Answer what no application is asked, and close: in English, since no head says another language."""
        if self.busy:  # an answer is under way, and this one cannot be told from it
            self.transport.abort()
            return
        self.transport.write(answer(status, say(refusal(id)), self.server_state.default_headers))
        self.transport.close()

    # Clients that read

    def become_stream(self, task: asyncio.Task[Any]) -> None:
        """From now on events are sent by this task, which ends with the connection."""
        self.streaming = task
        self._set_option(socket.SOL_SOCKET, socket.SO_SNDBUF, STREAM_BUFFER)
        if self.scope["http_version"] == "1.0":  # which has no chunks: the stream ends where the connection does
            self.cycle.chunked_encoding = False
            self.cycle.expected_content_length = sys.maxsize

    def end_stream(self) -> None:
        """All is sent but the end."""
        self.streaming = None
        self.cycle.expected_content_length = 0

    def check_progress(self, now: float) -> None:
        """Cut the connection where nothing of what waits to be sent has left for too long."""
        unsent = self.transport.get_write_buffer_size()
        if not unsent or unsent != self._unsent:
            self._stalled_since = None
        elif self._stalled_since is None:
            self._stalled_since = now
        elif now - self._stalled_since > self.limits.stalled:
            self.transport.abort()
        self._unsent = unsent


def problem(status: int, detail: str) -> bytes:
    """Return the body of a failure."""
    title = HTTPStatus(status).phrase
    return orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})


def answer(status: int, detail: str, headers: list[tuple[bytes, bytes]]) -> bytes:
    """Return a whole answer."""
    body = problem(status, detail)
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    lines += [name + b": " + value for name, value in headers]
    lines += [name + b": " + value for name, value in PROBLEM_HEADERS]
    lines.append(b"content-length: %d" % len(body))
    return b"\r\n".join([*lines, b"", body])
