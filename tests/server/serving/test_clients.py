"""Clients that linger, sleep, trickle or say nothing, at what `make serve` starts: nobody else notices them.

Limits of time are shortened by settings, so that the tests need not wait for them; what is waited for has a limit that
only a blocked server meets.
"""

from __future__ import annotations

import contextlib
import resource
import socket
import sys
import time
import urllib.error
from collections.abc import Iterator

import pytest

from cnn_server.config import DEFAULTS
from cnn_server.web import SECURITY_HEADERS
from scripts.waiting import until

from .support import Served, is_closed, served

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the tests end a group of processes")

SECONDS = 2.0
VIEWERS = 40
CALLS = 5
LIMITS = {"HEAD_SECONDS": SECONDS, "BODY_SECONDS": SECONDS, "STALLED_SECONDS": 2 * SECONDS, "MAX_VIEWERS": VIEWERS}
LINGERING = {
    "closing": b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "of HTTP/1.0": b"GET /healthz HTTP/1.0\r\n\r\n",
    "with an unread body": b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n"
    + bytes(50_000),
    "with a bad first line": b"HELLO\r\n\r\n",
}
HEAD = b"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
POST = b"POST /api/trace/conv2d HTTP/1.1\r\n" + HEAD
TRICKLE = POST % 900 + b"{"


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Served]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 4096), hard), hard))
    with served(tmp_path_factory.mktemp("clients"), **LIMITS) as started:
        yield started
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextlib.contextmanager
def held(connections: list[socket.socket]) -> Iterator[list[socket.socket]]:
    try:
        yield connections
    finally:
        for connection in connections:
            connection.close()


def watched(server: Served, run_id: str) -> bool:
    """Whether somebody more can watch."""
    status, _, _ = server.answer(f"HEAD /api/runs/{run_id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    assert status in {200, 503}
    return status == 200


def answers_and_can_be_watched(server: Served, run_id: str) -> bool:
    assert server.answers()
    return watched(server, run_id)


def admitted(server: Served, run_id: str) -> list[socket.socket]:
    """One more viewer, where there is a place for one."""
    viewer = server.watch(run_id)
    if viewer.recv(12) == b"HTTP/1.1 200":
        return [viewer]
    viewer.close()
    return []


def test_clients_that_linger_and_viewers_that_sleep_stop_nobody(server):
    """60 connections that stay open and 40 viewers that read nothing; the viewers' places are free again soon."""
    assert DEFAULTS["STALLED_SECONDS"] <= 20
    picture, run_id = server.upload(), server.start_run()
    sleepers = [server.watch(run_id, receive=2048) for _ in range(VIEWERS)]
    lingering = [server.connect(data) for data in LINGERING.values() for _ in range(15)]
    with held(sleepers + lingering):
        assert all(viewer.recv(12) == b"HTTP/1.1 200" for viewer in sleepers)  # and read no more
        until(lambda: not watched(server, run_id))
        until(lambda: answers_and_can_be_watched(server, run_id))
        server.call(f"/api/runs/{run_id}/commands", {"command": "pause"})  # enough was told
        for _ in range(CALLS):
            assert server.answers()
        assert server.process.poll() is None
        assert server.call(f"/api/images/{picture}")["id"] == picture
        with held([]) as awake:

            def are_all_admitted() -> bool:
                awake.extend(admitted(server, run_id))
                return len(awake) == VIEWERS

            until(are_all_admitted)


@pytest.mark.parametrize("kind", LINGERING)
def test_a_client_that_lingers_is_let_go(server, kind):
    with server.connect(LINGERING[kind]) as connection:
        assert is_closed(connection)


@pytest.mark.parametrize(
    "half", [b"", b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n", TRICKLE], ids=["no", "half", "body"]
)
def test_600_requests_that_do_not_come_stop_nobody(server, half):
    with held([server.connect(half) for _ in range(600)]) as connections:
        for number in range(CALLS):
            assert server.answers()
            if half == TRICKLE:
                for connection in connections[number::CALLS]:
                    connection.sendall(b" ")
        assert all(is_closed(connection) for connection in connections)


def test_who_sends_too_slowly_is_told_so(server):
    status, headers, body = server.answer(TRICKLE)
    assert (status, headers["content-type"], headers["connection"]) == (408, "application/problem+json", "close")
    assert headers.items() >= {name.lower(): value for name, value in SECURITY_HEADERS.items()}.items()
    assert b"too slowly" in body


def test_a_body_that_comes_slowly_and_steadily_is_taken(server):
    """A slow line is no fault: it has a second more for each thousand bytes."""
    body = b"{" + b" " * 12_000
    with server.connect(POST % len(body)) as connection:
        began = time.monotonic()
        for at in range(0, len(body), 1000):
            connection.sendall(body[at : at + 1000])
            until(lambda at=at: time.monotonic() > began + at / 4000)  # the rate is what is tested
        assert connection.recv(12) == b"HTTP/1.1 400"


@pytest.mark.parametrize("pause", [b"\r\n" * 3, b"X-Long: " + b"a" * 100_000], ids=["empty lines", "endless"])
def test_no_head_is_endless(server, pause):
    with server.connect(b"GET /healthz HTTP/1.1\r\n" if pause.startswith(b"X") else b"") as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(pause)
        assert is_closed(connection)


def test_a_second_head_of_a_connection_has_its_time_too(server):
    with server.connect(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as connection:
        assert b"200 OK" in connection.recv(4096)
        connection.sendall(b"GET /healthz HTTP")
        assert is_closed(connection)


def test_a_viewer_who_is_refused_hears_why(server):
    run_id = server.start_run(steps_per_second=1.0)
    with held([server.watch(run_id) for _ in range(VIEWERS)]) as viewers:
        for viewer in viewers:
            assert viewer.recv(12) == b"HTTP/1.1 200"
        with pytest.raises(urllib.error.HTTPError, match="503"):
            server.call(f"/api/runs/{run_id}/events")
    until(lambda: watched(server, run_id))
