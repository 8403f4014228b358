"""From ASGI to WSGI: a whole request to a thread, a whole answer back, and event streams without one.

A WSGI bridge of the usual kind keeps a thread while a client sends or reads, and one for each stream. Here a call has
its thread only while the application computes. A view that answers with a stream gives it to the server where the
environment has `OFFER`; elsewhere it is iterated as every WSGI application's answer is.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header
from werkzeug.test import run_wsgi_app

from cnn_engine.words import ENGLISH, say
from cnn_server.serving.bodies import Bodies, ClientGoneError, KeptBody, Receive, RefusedError
from cnn_server.serving.connection import EXTENSION, PROBLEM_HEADERS, Connection, problem
from cnn_server.serving.streams import OFFER, Stream

Scope = MutableMapping[str, Any]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
CALL_THREADS = 24
STREAM_THREADS = 4  # for what streams read from the store


class AppResponse(NamedTuple):
    """What a WSGI application answered."""

    status: int
    headers: Headers
    body: bytes
    streams: Sequence[Stream] = ()


class Bridge:
    """An ASGI application that is this WSGI application."""

    def __init__(self, app: Callable[..., Iterable[bytes]], bodies: Bodies, languages: Sequence[str]) -> None:
        self._app, self._bodies, self._languages = app, bodies, languages
        self._calls = ThreadPoolExecutor(CALL_THREADS, "call")
        self._reads = ThreadPoolExecutor(STREAM_THREADS, "stream")

    def close(self) -> None:
        """Begin nothing more."""
        for threads in (self._calls, self._reads):
            threads.shutdown(wait=False, cancel_futures=True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            async with self._bodies.read(receive) as body:
                answer = await asyncio.get_running_loop().run_in_executor(self._calls, self._call, scope, body)
        except ClientGoneError:
            return
        except RefusedError as error:
            await _refuse(send, error, self._language_of(scope))
            return
        if answer.streams:
            await self._stream(scope, answer, send)
        else:
            await _send_whole(answer, scope, send)

    def _language_of(self, scope: Scope) -> str:
        accepted = _headers(scope["headers"]).get("ACCEPT_LANGUAGE")
        return parse_accept_header(accepted, LanguageAccept).best_match(self._languages, ENGLISH)

    def _call(self, scope: Scope, body: KeptBody) -> AppResponse:
        """Ask the application, in this thread."""
        streams: list[Stream] = []
        parts, status, headers = run_wsgi_app(self._app, environment(scope, body) | {OFFER: streams}, buffered=True)
        pairs = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        sent = [(name, value) for name, value in pairs if name != b"date"]  # the server says that itself
        return AppResponse(int(status[:3]), sent, b"".join(parts), streams)

    async def _stream(self, scope: Scope, answer: AppResponse, send: Send) -> None:
        """Send a stream, in this task, until it or the connection ends."""
        connection: Connection = scope["extensions"][EXTENSION]["connection"]
        (stream,) = answer.streams
        try:
            if scope["method"] == "HEAD" or answer.status != 200:
                await _send_whole(answer, scope, send)
                return
            if connection.transport.is_closing():  # the client left before there was a stream to cancel
                return
            task = asyncio.current_task()
            assert task is not None
            connection.become_stream(task)
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            with contextlib.suppress(asyncio.CancelledError):  # the client has gone
                await stream.deliver(lambda data: _send_part(send, data), self._blocking)
                connection.end_stream()
                await send({"type": "http.response.body", "body": b""})
        finally:
            stream.close()

    async def _blocking(self, act: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._reads, act)


async def _send_part(send: Send, data: bytes) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": True})


async def _send_whole(answer: AppResponse, scope: Scope, send: Send) -> None:
    headers = answer.headers
    if answer.status >= 200 and answer.status not in {204, 304} and scope["method"] != "HEAD":
        headers = [(name, value) for name, value in headers if name != b"content-length"]
        headers.append((b"content-length", b"%d" % len(answer.body)))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})


async def _refuse(send: Send, error: RefusedError, code: str) -> None:
    answer = AppResponse(error.status, PROBLEM_HEADERS, problem(error.status, say(error.message, code)))
    await _send_whole(answer, {"method": "GET"}, send)


def environment(scope: Scope, body: KeptBody) -> dict[str, Any]:
    """Return the WSGI environment of a request (PEP 3333), its bytes as they came."""
    host, port = scope["server"] or ("localhost", 80)
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    variables: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "REQUEST_URI": f"{path}?{query}" if query else path,
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "CONTENT_LENGTH": str(body.length),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(body.kept),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    if scope["client"]:
        variables["REMOTE_ADDR"], variables["REMOTE_PORT"] = scope["client"][0], str(scope["client"][1])
    for name, value in _headers(scope["headers"]).items():
        variables["CONTENT_TYPE" if name == "CONTENT_TYPE" else f"HTTP_{name}"] = value
    return variables


def _headers(pairs: Headers) -> dict[str, str]:
    """Return headers by their names in an environment, without those with underscores, which pass for dashes there."""
    merged: dict[str, str] = {}
    for raw, value in pairs:
        name = raw.decode("latin-1")
        if "_" in name or name in {"content-length", "transfer-encoding"}:  # the body is whole, and its length known
            continue
        key, text = name.upper().replace("-", "_"), value.decode("latin-1")
        joint = "; " if key == "COOKIE" else ","
        merged[key] = f"{merged[key]}{joint}{text}" if key in merged else text
    return merged
