"""Who may ask: the hosts that a server answers to, and the pages whose requests it takes."""

from __future__ import annotations

import socket
import subprocess
import sys
from http.client import HTTPConnection
from io import BytesIO

import numpy as np
import pytest

from cnn_server import create_app, doors
from cnn_server.serve import main as serve
from cnn_server.urls import host_name

ROOM = "http://192.168.7.20:5000 http://[2001:db8::7]:5000"
BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
HOSTILE = [
    "http://[",
    "//[",
    "http://]",
    "//]",
    "http://[::1",
    "http://[x]",
    "http://℀.example",
    "http://a:99999",
    "null",
]


@pytest.fixture(scope="module")
def loopback():
    return client_of("127.0.0.1")


def client_of(bound: str, **config):
    app = create_app(config)
    doors.trust(app, bound)
    return app.test_client()


def status(client, host: str | None, path: str = "/healthz") -> int:
    return client.get(path, headers={"Host": host} if host is not None else {}).status_code


# ---- hosts


@pytest.mark.parametrize("bound", ["127.0.0.1", "::1", "localhost"])
def test_on_loopback_it_answers_to_loopback_alone(bound):
    client = client_of(bound)
    for host in ("localhost", "localhost:5000", "127.0.0.1:5000", "[::1]:5000", "[::1]", "LOCALHOST", "localhost."):
        assert status(client, host) == 200, host
    for host in (
        "evil.example",
        "localhost.evil.example",
        "evil.example:5000",
        "192.168.7.20",
        "127.0.0.1.evil.example",
    ):
        assert status(client, host) == 400, host


@pytest.mark.parametrize(
    "host",
    [
        "",
        "[",
        "]",
        "[::1",
        "::1",
        "a b",
        "localhost@evil.example",
        "[::1]evil",
        "é",
        "a" * 300,
        ":",
        ":5000",
        "a..b",
        ".",
    ],
)
def test_what_is_no_host_is_none_of_ours(loopback, client, host):
    assert status(loopback, host) == 400
    answer = client.get("/classroom", headers={"Host": host, "Accept": BROWSER})
    assert answer.status_code == (200 if host == "" else 400)


def test_a_room_knows_its_addresses_and_the_name_of_its_machine(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "Teacher.lan")
    monkeypatch.setattr(doors, "own_addresses", lambda: ["192.168.7.21"])
    client = client_of("0.0.0.0", CLASSROOM_URLS=ROOM)
    known = ["localhost", "192.168.7.20:5000", "192.168.7.21:5000", "[2001:db8::7]:5000", "teacher.lan", "teacher"]
    for host in [*known, "teacher.local:5000", "TEACHER.local", "[2001:db8:0::7]:5000"]:
        assert status(client, host) == 200, host
    for host in ("192.168.7.22:5000", "evil.example", "other.local", "teacher.local.evil.example"):
        assert status(client, host) == 400, host


def test_under_a_server_of_ones_own_every_host_is_answered_unless_some_are_named(monkeypatch):
    assert status(create_app().test_client(), "convoscope.example") == 200
    named = create_app({"TRUSTED_HOSTS": ["convoscope.example", ".school.example"]}).test_client()
    for host, answered in (
        ("convoscope.example", 200),
        ("a.school.example", 200),
        ("school.example", 200),
        ("evil.example", 400),
        ("localhost", 400),
        ("notschool.example", 400),
    ):
        assert status(named, host) == answered, host
    monkeypatch.setenv("CONVOSCOPE_TRUSTED_HOSTS", "one.example, two.example [::1]")
    client = create_app().test_client()
    assert [status(client, host) for host in ("one.example", "two.example:80", "[::1]:5000", "three.example")] == [
        200,
        200,
        200,
        400,
    ]


def test_without_the_header_it_is_no_browser():
    app = create_app({"TRUSTED_HOSTS": ["convoscope.example"]})
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/healthz",
        "SERVER_NAME": "0.0.0.0",
        "SERVER_PORT": "5000",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
        "SERVER_PROTOCOL": "HTTP/1.0",
    }
    statuses = []
    b"".join(app.wsgi_app(environ, lambda status, headers, error=None: statuses.append(status)))
    assert statuses == ["200 OK"]


@pytest.mark.parametrize("path", ["/", "/api/presets", "/nothing", "/static/favicon.svg", "/l/x"])
def test_another_host_is_a_problem_that_says_what_to_do(loopback, path):
    answer = loopback.get(path, headers={"Host": "evil.example", "Accept": BROWSER})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert "evil.example" in answer.json["detail"]
    assert "CONVOSCOPE_TRUSTED_HOSTS" in answer.json["detail"]
    assert "Content-Security-Policy" in answer.headers


def test_the_command_line_answers_to_loopback_alone():
    command = [sys.executable, "-m", "cnn_server", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            port = int(server.stdout.readline().split("127.0.0.1:")[1].split()[0])
            statuses = []
            for host in ("localhost", "evil.example"):
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/healthz", headers={"Host": host})
                statuses.append(connection.getresponse().status)
                connection.close()
        finally:
            server.terminate()
    assert statuses == [200, 400]


# ---- pages


@pytest.fixture(scope="module")
def client():
    return create_app({"RUN_WORKERS": 0}).test_client()


CALLS = [
    ("POST", "/api/runs"),
    ("POST", "/api/images"),
    ("POST", "/api/images/camera/crop"),
    ("POST", "/api/trace/relu"),
    ("POST", "/api/code/relu"),
    ("POST", "/api/feature-maps"),
    ("POST", "/api/architectures/check"),
    ("PATCH", "/api/runs/x"),
    ("DELETE", "/api/runs/x"),
    ("POST", "/api/runs/x/commands"),
    ("GET", "/api/runs/x/evaluation"),
]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_a_page_elsewhere_can_have_nothing_done(client, method, path):
    for headers in (
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3000"},
    ):
        answer = client.open(path, method=method, headers=headers)
        assert (answer.status_code, answer.mimetype) == (403, "application/problem+json"), headers
    for headers in (
        {},
        {"Origin": "http://localhost"},
        {"Origin": "http://LOCALHOST:80"},
        {"Sec-Fetch-Site": "same-origin"},
    ):
        assert client.open(path, method=method, headers=headers).status_code != 403, headers


@pytest.mark.parametrize("origin", HOSTILE)
def test_an_origin_that_is_none_is_nobody_s(client, origin):
    answer = client.post("/api/runs", json={}, headers={"Origin": origin.encode().decode("latin-1")})
    assert answer.status_code == 403


def test_an_upload_from_elsewhere_is_not_kept(client, encoded):
    picture = encoded(np.zeros((4, 4), np.uint8))
    sent = client.post(
        "/api/images", data={"file": (BytesIO(picture), "a.png")}, headers={"Origin": "http://evil.example"}
    )
    assert sent.status_code == 403
    assert client.post("/api/images", data={"file": (BytesIO(picture), "a.png")}).status_code == 201


def test_behind_a_proxy_the_browser_s_word_counts_more_than_the_host(client):
    """A proxy may ask by another name than the person did, in http where the person has https."""
    proxied = {"Host": "127.0.0.1:5000", "Origin": "https://convoscope.example", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/trace/relu", json={}, headers=proxied).status_code == 422
    named = {"Host": "convoscope.example", "Origin": "https://convoscope.example"}
    assert client.post("/api/trace/relu", json={}, headers=named).status_code == 422


@pytest.mark.parametrize("path", ["/", "/training", "/static/favicon.svg"])
def test_what_is_only_read_can_be_linked_to(client, path):
    elsewhere = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client.get(path, headers=elsewhere).status_code == 200
    assert client.get("/api/presets", headers=elsewhere).status_code == 200


def test_serving_a_room_lets_its_application_know_the_hosts(monkeypatch):
    served = []
    monkeypatch.setattr(
        "cnn_server.serving.server.run",
        lambda app, listeners: served.append((app, [each.close() for each in listeners])),
    )
    monkeypatch.setenv("CONVOSCOPE_TRUSTED_HOSTS", "convoscope.example")
    monkeypatch.setenv("CONVOSCOPE_RUN_WORKERS", "0")
    serve(["--port", "0"])
    hosts = served[0][0].config["TRUSTED_HOSTS"]
    assert {"convoscope.example", *doors.LOOPBACK, socket.gethostname().lower()} <= set(hosts)


def test_a_host_that_cannot_be_written_in_letters_is_none():
    assert host_name("xn--x") == ""
    assert host_name("xn--bcher-kva.example:5000") == "xn--bcher-kva.example"
