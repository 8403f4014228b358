"""What a client of HTTP may expect: connections that stay, old versions, bodies and streams of each kind."""

from __future__ import annotations

import asyncio
import http.client
import logging
import re
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from types import SimpleNamespace

import orjson
import pytest

from cnn_server import create_app
from cnn_server.serving import descriptors
from cnn_server.serving.bodies import Bodies, KeptBody, RefusedError
from cnn_server.serving.bridge import environment
from cnn_server.serving.connection import Connection
from cnn_server.serving.server import serving_in_a_thread
from scripts.waiting import HANG, until

HOST = b"Host: localhost\r\n"


@pytest.fixture(scope="module")
def port(tmp_path_factory) -> Iterator[int]:
    app = create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})

    @app.get("/environ")
    @app.post("/environ")
    def environ():
        from flask import request

        environment = {name: value for name, value in request.environ.items() if isinstance(value, str)}
        return environment | {"body": request.get_data(as_text=True)}

    @app.get("/broken")
    def broken():
        raise RuntimeError("not for everybody")

    with serving_in_a_thread(app) as number:
        yield number
    app.extensions["runs"].stop()


@pytest.fixture
def connection(port) -> Iterator[http.client.HTTPConnection]:
    opened = http.client.HTTPConnection("localhost", port, timeout=HANG)
    yield opened
    opened.close()


def exchange(port: int, data: bytes, *, half: bool = False) -> bytes:
    """Everything that the server sends for this until it closes."""
    with socket.create_connection(("127.0.0.1", port), HANG) as client:
        client.sendall(data)
        if half:
            client.shutdown(socket.SHUT_WR)
        received = b""
        while part := client.recv(65_536):
            received += part
        return received


def test_a_connection_serves_many_requests(connection):
    connection.connect()
    before = connection.sock
    for path in ("/healthz", "/training", "/static/js/api.js", "/nothing", "/healthz"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == (404 if path == "/nothing" else 200)
        assert connection.sock is before


def test_requests_that_follow_each_other_at_once_are_answered_in_order(port):
    answers = exchange(
        port,
        b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\nGET /nothing HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n",
    )
    assert re.findall(rb"HTTP/1.1 \d+", answers) == [b"HTTP/1.1 200", b"HTTP/1.1 404"]


def test_every_answer_says_the_date_once_and_not_the_server(connection):
    for path in ("/", "/healthz", "/static/js/api.js", "/broken", "/nothing"):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        assert len(answer.headers.get_all("Date")) == 1
        assert "Server" not in answer.headers


def test_head_has_the_headers_of_get_and_no_body(connection):
    for path in ("/", "/healthz", "/static/js/api.js"):
        connection.request("GET", path)
        answer = connection.getresponse()
        whole, length = answer.read(), answer.headers["Content-Length"]
        assert length == str(len(whole))
        connection.request("HEAD", path)
        answer = connection.getresponse()
        assert (answer.read(), answer.status) == (b"", 200)
        assert answer.headers["Content-Length"] == length


def test_http_1_0_is_answered_and_closed(port):
    head, _, body = exchange(port, b"GET /healthz HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")
    assert body == b'{"status":"ok"}'
    assert b"connection: close" in head
    assert b"transfer-encoding" not in head


def test_a_client_that_closes_its_side_is_answered(port):
    assert exchange(port, b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n", half=True).endswith(b'{"status":"ok"}')


def test_who_asks_before_sending_a_body_is_told_to(port):
    body = b'{"a": 1}'
    head = (
        b"POST /environ HTTP/1.1\r\n"
        + HOST
        + b"Expect: 100-continue\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port), HANG) as client:
        client.sendall(head % len(body))
        assert client.recv(4096) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(body)
        assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_a_body_in_chunks_is_whole_for_the_application(connection):
    connection.request("POST", "/environ", iter([b"one ", b"two"]))
    answer = orjson.loads(connection.getresponse().read())
    assert (answer["body"], answer["CONTENT_LENGTH"]) == ("one two", "7")


def test_paths_and_headers_come_as_they_were_sent(port):
    request = (
        b"GET /environ?a=%FF&b=%C3%A9 HTTP/1.1\r\n"
        + HOST
        + b"X-Two: 1\r\nX-Two: 2\r\nX_Two: 3\r\nCookie: a=1\r\nCookie: b=2\r\n"
    )
    answer = orjson.loads(exchange(port, request + b"Connection: close\r\n\r\n").partition(b"\r\n\r\n")[2])
    assert answer["QUERY_STRING"] == "a=%FF&b=%C3%A9"
    assert (answer["HTTP_X_TWO"], answer["HTTP_COOKIE"]) == ("1,2", "a=1; b=2")
    assert answer["REMOTE_ADDR"] == "127.0.0.1"
    assert answer["SERVER_PROTOCOL"] == "HTTP/1.1"


def test_bytes_of_a_path_are_those_of_the_address():
    scope = {
        "method": "GET", "raw_path": b"/%E2%88%92/%FF", "query_string": b"", "http_version": "1.1", "scheme": "http",
        "server": None, "client": None, "headers": [],
    }  # fmt: skip
    assert environment(scope, KeptBody(b"", 0))["PATH_INFO"].encode("latin-1") == b"/\xe2\x88\x92/\xff"


def test_an_error_of_the_application_is_a_problem_and_keeps_the_connection(connection, caplog):
    with caplog.at_level(logging.CRITICAL):
        connection.request("GET", "/broken")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Type"]) == (500, "application/problem+json")
        assert b"everybody" not in answer.read()
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200


@pytest.mark.parametrize(
    "line", [b"HELLO", b"GET / HTTP/9.9", b"GET http:// HTTP/1.1", b"GET /\xff\xfe HTTP/1.1", b"\x16\x03\x01\x02"]
)
def test_what_is_no_request_is_refused_in_words(port, line):
    head, _, body = exchange(port, line + b"\r\n" + HOST + b"\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400")
    assert orjson.loads(body)["status"] == 400
    assert b"\r\ncontent-security-policy: default-src 'none';" in head


def test_who_offers_another_version_gets_the_page(port):
    wants = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\n\r\n"
    assert b"200 OK" in exchange(port, wants)


async def body_of(parts: list[bytes], **limits: float) -> KeptBody:
    """What is kept of a body that comes in these parts."""
    left = list(parts)

    async def receive():
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(left)}

    options = {"most": 10, "seconds": HANG, "rate": 1000, "room": 1_000_000} | limits
    async with Bodies(**options).read(receive) as body:
        return body


def run(coroutine):
    """In a thread of its own: Playwright's event loop may run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, coroutine).result()


def test_of_a_body_that_is_too_large_the_length_is_known_and_little_is_kept():
    assert run(body_of([b"12345", b"67890", b"abcde"])) == KeptBody(b"1234567890a", 15)


def test_bodies_that_come_in_at_once_have_one_room():
    large = [bytes(70_000), bytes(70_000)]
    assert run(body_of(large, most=200_000, room=140_000)).length == 140_000
    with pytest.raises(RefusedError, match="Too many large requests") as refused:
        run(body_of(large, most=200_000, room=139_999))
    assert refused.value.status == 503


@pytest.mark.skipif(descriptors.raise_limit() < descriptors.ENOUGH, reason="this system lets nobody open so many files")
def test_viewers_follow_what_the_system_lets_a_program_open(monkeypatch, caplog):
    config = {"MAX_VIEWERS": 600}
    descriptors.fit_viewers(config)
    assert config == {"MAX_VIEWERS": 600}
    monkeypatch.setattr(descriptors, "raise_limit", lambda: 256)
    descriptors.fit_viewers(config)
    assert config == {"MAX_VIEWERS": 85}
    assert "at most 85 people can watch runs at once, not 600" in caplog.text
    assert "lets a program open 256 files" in caplog.text


def test_a_connection_too_many_takes_the_place_of_one_that_asks_for_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(descriptors, "connections", lambda: 5)
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    with serving_in_a_thread(app) as port, ExitStack() as idle:
        for _ in range(20):
            idle.enter_context(socket.create_connection(("127.0.0.1", port), HANG))
        assert b"200 OK" in exchange(port, b"GET /healthz HTTP/1.0\r\n\r\n")
    app.extensions["runs"].stop()


def test_of_connections_too_many_the_one_that_has_asked_for_nothing_longest_is_cut(tmp_path, monkeypatch):
    monkeypatch.setattr(descriptors, "connections", lambda: 5)
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    with serving_in_a_thread(app) as port, ExitStack() as opened:
        clients = [
            opened.enter_context(closing(http.client.HTTPConnection("127.0.0.1", port, timeout=HANG))) for _ in range(6)
        ]
        for client in (*clients[:5], clients[0], clients[5]):  # the second has waited for longest when the sixth comes
            client.request("GET", "/healthz")
            assert client.getresponse().read()
        assert clients[1].sock.recv(1) == b""
        for client in (clients[0], *clients[2:]):
            client.auto_open = 0  # it must not connect anew
            client.request("GET", "/healthz")
            assert client.getresponse().status == 200
    app.extensions["runs"].stop()


def test_a_body_does_not_wait_for_the_client_to_confirm_its_head(tmp_path, monkeypatch):
    """Which takes 40 ms where Nagle's algorithm is left on."""
    found = []

    def note(self, data):
        found.append(self.transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(Connection, "data_received", note)
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    with serving_in_a_thread(app) as port, socket.create_connection(("127.0.0.1", port), HANG) as client:
        client.sendall(b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n")
        assert until(lambda: found) == [1]
    app.extensions["runs"].stop()


def test_streams_of_http_1_0_end_with_the_connection(tmp_path):
    """A proxy may speak it."""
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    client = app.test_client()
    body = {"architecture": "linear", "dataset": "digits", "optimizer": {"name": "sgd", "learning_rate": 0.1}}
    run_id = client.post("/api/runs", json=body).json["id"]
    received = SimpleNamespace(text=b"")
    with serving_in_a_thread(app) as port:
        reader = threading.Thread(
            target=lambda: setattr(
                received, "text", exchange(port, f"GET /api/runs/{run_id}/events HTTP/1.0\r\n\r\n".encode())
            )
        )
        reader.start()
        until(lambda: app.extensions["runs"].hub._viewers == 1)
        client.post(f"/api/runs/{run_id}/commands", json={"command": "stop"})
        reader.join(HANG)
    head, _, stream = received.text.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200")
    assert b"transfer-encoding" not in head.lower()
    assert stream.startswith(b"event: state\ndata: {")
    assert stream.rstrip().endswith(b"}")
    assert b"event: end" in stream
    app.extensions["runs"].stop()
