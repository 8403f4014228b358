"""How a server ends, how what it started ends with it, and how the next one goes on. And which address it says."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import sys
import urllib.request

import pytest

from cnn_server import serve
from cnn_server.serving.sockets import listen, own_addresses, port_of
from scripts.waiting import until

from .support import gone, is_closed, served

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX systems")
AT_ONCE = 60.0  # seconds for what takes two or three: only what waits for something else takes longer


def step(server, run_id: str) -> int:
    return int(server.call(f"/api/runs/{run_id}")["step"])


def test_a_server_ends_its_streams_and_gives_its_runs_back_and_what_trains_for_the_next_is_replaced(tmp_path):
    with served(tmp_path, RUN_LEASE=600.0) as server:
        run_id = server.start_run(steps_per_second=20.0)
        viewers = [server.watch(run_id) for _ in range(40)]
        until(lambda: step(server, run_id) >= 3)
        workers = server.workers()
        assert workers
        assert server.end(signal.SIGTERM) == 0
        assert all(gone(pid) for pid in workers)
        for viewer in viewers:
            with viewer:
                assert is_closed(viewer)
        printed = server.process.stdout.read()
        assert not [word for word in ("WARNING", "ERROR", "Traceback") if word in printed]
        before = server
    with served(tmp_path, "--host", "127.0.0.1", "--port", str(before.port)) as server:
        assert server.port == before.port
        reached = step(server, run_id)
        assert reached >= 3
        until(lambda: step(server, run_id) > reached, AT_ONCE)  # and not after a lease of ten minutes
        run = server.call(f"/api/runs/{run_id}")
        assert run["state"] == "running"
        (first,) = server.workers()
        os.kill(first, signal.SIGKILL)
        reached = step(server, run_id)
        until(lambda: step(server, run_id) > reached + 2)
        assert first not in server.workers()
        assert server.answers()
        assert server.end(signal.SIGINT) == 0
        assert "Traceback" not in server.process.stdout.read()


def test_all_that_a_server_started_ends_when_its_own_process_is_killed(tmp_path):
    with served(tmp_path, RUN_WORKERS=2) as server:
        run_id = server.start_run(steps_per_second=20.0)
        until(lambda: step(server, run_id) >= 2)
        workers = until(lambda: len(server.workers()) == 2 and server.workers())
        with server.watch(run_id) as viewer:
            server.end(signal.SIGKILL)
            assert is_closed(viewer)
        until(lambda: all(gone(pid) for pid in workers), AT_ONCE)


def test_a_port_that_is_taken_is_said_and_a_request_that_is_half_here_does_not_hold_up_the_end(tmp_path):
    half = b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as first:
        taken = first.getsockname()[1]
        arguments = ("--host", "127.0.0.1", "--port", str(taken))
        with served(tmp_path, *arguments, RUN_WORKERS=0) as server, server.connect(half):
            assert server.lines[0] == f"Port {taken} is taken.\n"
            assert server.port > taken
            assert server.end(signal.SIGTERM) == 0


def test_a_port_that_is_taken_on_one_family_is_taken():
    with contextlib.ExitStack() as sockets:
        ipv6 = sockets.enter_context(socket.socket(socket.AF_INET6, socket.SOCK_STREAM))
        try:
            ipv6.bind(("::1", 0))
        except OSError:
            pytest.skip("there is no IPv6 here")
        ipv6.listen()
        port = ipv6.getsockname()[1]
        listeners = [sockets.enter_context(listener) for listener in listen("0.0.0.0", port)]
        assert port_of(listeners) != port
        assert {listener.getsockname()[1] for listener in listeners} == {port_of(listeners)}


def test_every_address_that_is_listed_answers(tmp_path):
    """The teacher reads them from the terminal, and pupils from /classroom."""
    with served(tmp_path, "--port", "0", RUN_WORKERS=0) as server:
        server.read_until("the room")
        check_listed(server)


def test_an_address_that_was_chosen_is_the_one_that_is_listed(tmp_path):
    own = next(iter(own_addresses()), "127.0.0.1")
    with served(tmp_path, "--host", own, "--port", "0", RUN_WORKERS=0, host=own) as server:
        server.read_until("the room")
        check_listed(server)


def check_listed(server) -> None:
    """Open each address that was printed; /classroom has those that are for others."""
    printed = "".join(server.lines)
    listed = re.findall(r"http://[^\s/]+", printed)
    assert len(listed) >= 3
    for address in dict.fromkeys(listed):
        with urllib.request.urlopen(f"{address}/classroom") as answer:
            page = answer.read().decode()
        assert all(known in page for known in re.findall(r"http://[^\s/]+", server.lines[0]))


def test_an_address_that_does_not_answer_is_not_listed(monkeypatch):
    (listener,) = listen("127.0.0.1", 0)
    monkeypatch.setattr(serve, "own_addresses", lambda: ["127.0.0.1", "127.0.0.2", "192.0.2.1", "::1"])
    with listener:
        port = port_of([listener])
        assert serve.classroom_urls("0.0.0.0", port) == [f"http://127.0.0.1:{port}"]
