"""The console command and the other ways to start the server, as a person would use them."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from cnn_server import cli
from cnn_server.serving.sockets import listen
from scripts.waiting import HANG

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "cnn_server"]
ENVIRONMENT = os.environ | {"CONVOSCOPE_RUN_WORKERS": "0"}  # workers have tests of their own
ADDRESS = re.compile(r"http://127\.0\.0\.1:(\d+)")


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str], int]]:
    """The server in a process of its own, with what it said and its port."""
    process = subprocess.Popen(
        list(arguments), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=ENVIRONMENT
    )
    assert process.stdout is not None
    lines: list[str] = []
    try:
        while not (found := ADDRESS.search("".join(lines))):
            line = process.stdout.readline()
            assert line, f"the server ended: {lines}"
            lines.append(line)
        yield process, lines, int(found[1])
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def answer(port: int, path: str = "/healthz") -> bytes:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=HANG) as response:
        return response.read()


def free_port() -> int:
    """A port with a free one after it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_serves_where_it_says_and_ends_quietly():
    port = free_port()
    with started(sys.executable, "app.py", "--port", str(port)) as (process, lines, announced):
        assert announced == port
        assert len(lines) == 1
        assert answer(port) == b'{"status":"ok"}'
        process.send_signal(signal.SIGTERM)  # SIGINT may be ignored where tests run in the background
        assert process.wait(timeout=HANG) == 0
        assert "Traceback" not in process.stdout.read()


def test_a_port_that_another_server_has_on_every_address_is_taken():
    with socket.create_server(("", 0)) as taken:
        port = taken.getsockname()[1]
        (listener,) = listen("127.0.0.1", port)
        with listener:
            assert listener.getsockname()[1] > port


def test_port_5000_is_the_first_choice():
    assert (cli.HOST, cli.PORT) == ("127.0.0.1", 5000)
    options = cli._parser().parse_args([])
    assert (options.host, options.port) == ("127.0.0.1", 5000)


@pytest.mark.parametrize("port", ["-1", "65536", "five", "80.5", ""])
def test_what_is_no_port_is_refused(port, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main([f"--port={port}"])
    assert ended.value.code == 2
    assert "is not a port: 0 to 65535" in capsys.readouterr().err


def test_an_address_that_is_not_of_this_machine_is_refused():
    with pytest.raises(SystemExit, match=r"cannot serve on 192\.0\.2\.1"):
        cli.main(["--host", "192.0.2.1", "--port", "0"])


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:5000"),
        ("::1", "http://[::1]:5000"),
        ("0.0.0.0", "http://127.0.0.1:5000 and on every other address of this machine"),
    ],
)
def test_the_address_can_be_opened(host, address):
    assert cli._address(host, 5000) == address


def huge_bodies() -> Iterator[bytes | Iterator[bytes]]:
    """Twenty megabytes at once, and in chunks."""
    yield bytes(20_000_000)
    yield iter([bytes(1_000_000)] * 20)


def refusal_of_a_huge_upload(port: int, body: bytes | Iterator[bytes]) -> tuple[int, dict[str, object]]:
    """The answer to a large body, read by a client that sends all of it first; an iterator is sent in chunks."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
    headers = {"Content-Type": "multipart/form-data; boundary=edge"}
    connection.request("POST", "/api/images", body=body, headers=headers)
    response = connection.getresponse()
    problem = json.loads(response.read())
    connection.close()
    return response.status, problem


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Of a server that is as the command starts it: the next free one, where another was asked for."""
    with socket.create_server(("127.0.0.1", 0)) as first:
        taken = first.getsockname()[1]
        with started(*COMMAND, "--port", str(taken)) as (_, lines, announced):
            assert announced > taken
            assert lines[0] == f"Port {taken} is taken.\n"
            yield announced


def test_the_next_free_port_is_taken_and_said(port):
    assert answer(port) == b'{"status":"ok"}'


def test_a_huge_upload_is_refused_in_words_and_not_by_a_broken_connection(port):
    for body in huge_bodies():
        status, problem = refusal_of_a_huge_upload(port, body)
        assert status == 413
        assert [error["field"] for error in problem["errors"]] == ["file"]


def test_a_huge_body_in_chunks_is_refused_as_too_large(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
    body = iter([b" " * 1_000_000] * 20)
    connection.request("POST", "/api/trace/conv2d", body=body, headers={"Content-Type": "application/json"})
    assert connection.getresponse().status == 413
    connection.close()


def test_keep_alive_survives_a_refused_body(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=HANG)
    for _ in range(3):
        connection.request("POST", "/api/presets", body=b"x" * 100_000)
        response = connection.getresponse()
        response.read()
        assert response.status == 405
    connection.close()
