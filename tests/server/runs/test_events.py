"""The event stream: nothing lost, nothing twice, however many watch and whatever becomes of them."""

from __future__ import annotations

import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from cnn_server.runs import hub, stream
from cnn_server.runs.store import StoreError
from cnn_server.serving.server import serving_in_a_thread
from scripts.waiting import HANG

from .support import parsed, steps_of, until
from .test_api import commanded, ended, started


def epochs_of(text: bytes) -> list[dict]:
    """All the epochs told; an event is of the last that it tells."""
    events = [data for event, _, data in parsed(text) if event == "epoch"]
    assert all(data == data["epochs"][-1] | {"epochs": data["epochs"]} for data in events)
    return [epoch for data in events for epoch in data["epochs"]]


@pytest.fixture
def address(app) -> Iterator[tuple[str, int]]:
    """A server on a real socket."""
    with serving_in_a_thread(app) as port:
        yield "127.0.0.1", port


def opened(address: tuple[str, int], run_id: str, *headers: str, receive: int | None = None) -> socket.socket:
    """A viewer that has asked, and has read nothing yet."""
    connection = socket.socket()
    if receive is not None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    connection.settimeout(HANG)
    connection.connect(address)
    lines = [f"GET /api/runs/{run_id}/events HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    connection.sendall("\r\n".join([*lines, "", ""]).encode())
    return connection


def read_all(connection: socket.socket) -> bytes:
    with connection, http.client.HTTPResponse(connection) as response:
        response.begin()
        return response.read()


def test_a_run_is_told_from_its_start_to_its_end(app, worker):
    client = app.test_client()
    run_id = started(client)["id"]
    worker(app)
    response = client.get(f"/api/runs/{run_id}/events")
    assert response.mimetype == "text/event-stream"
    assert "Content-Encoding" not in response.headers
    events = parsed(response.data)
    assert events[0][0] == "state"
    assert events[-1] == ("end", None, {"state": "finished", "reason": "4 epochs are complete", "evidence": {}})
    assert [event for event, *_ in events].count("end") == 1
    for event, number, data in events:
        assert (event == "step") == (number is not None)
        if event == "step":
            assert int(number) == data["step"] == data["points"][-1][0]
            assert data["epoch"] == (data["step"] + 5) // 6
            assert data["seconds_left"] is None or data["seconds_left"] >= 0
            assert [data["loss"], data["accuracy"], data["learning_rate"]] == data["points"][-1][1:4]
    assert steps_of(response.data) == list(range(1, 25))
    assert [epoch["epoch"] for epoch in epochs_of(response.data)] == [1, 2, 3, 4]


@pytest.mark.parametrize("by", ["header", "address"])
def test_who_resumes_misses_nothing_and_hears_nothing_twice(app, worker, by):
    client = app.test_client()
    worker(app)
    run_id = started(client)["id"]
    ended(client, run_id)
    path = f"/api/runs/{run_id}/events"
    for after in (0, 1, 5, 6, 7, 23, 24, 99):
        headers = {"Last-Event-ID": str(after)} if by == "header" else {}
        text = client.get(path if by == "header" else f"{path}?after={after}", headers=headers).data
        assert steps_of(text) == list(range(after + 1, 25))
        assert [epoch["step"] for epoch in epochs_of(text)] == [step for step in (6, 12, 18, 24) if step > after]


@pytest.mark.parametrize("batch_size", [16, 96])
def test_at_most_20_events_a_second_and_all_the_steps(app, worker, batch_size):
    """With the whole set as a batch every step ends an epoch; these count too. The first and the last do not wait."""
    client = app.test_client()
    run_id = started(client, epochs=300, batch_size=batch_size)["id"]
    viewer = client.get(f"/api/runs/{run_id}/events", buffered=False)
    heard = [next(iter(viewer.response))]
    began = time.monotonic()
    worker(app)
    heard.extend(viewer.response)
    taken = time.monotonic() - began
    text = b"".join(heard)
    assert steps_of(text) == list(range(1, 300 * 96 // batch_size + 1))
    assert [epoch["epoch"] for epoch in epochs_of(text)] == list(range(1, 301))
    assert len([event for event, *_ in parsed(text) if event in {"step", "epoch"}]) <= 20 * taken + 4


def test_who_comes_back_amid_a_run_goes_on_where_it_was(app, worker, address):
    """Each time the line is cut wherever it happens to be, and the viewer comes back with the last id that it read."""
    client = app.test_client()
    run_id = started(client, steps_per_second=100.0, epochs=40)["id"]
    worker(app)
    heard, last = b"", 0
    for _ in range(4):
        with opened(address, run_id, f"Last-Event-ID: {last}") as viewer, http.client.HTTPResponse(viewer) as response:
            response.begin()
            part = b""
            while part.count(b"event: step") < 2 and (more := response.read1(4096)):
                part += more
        heard += part[: part.rindex(b"\n\n") + 2]
        last = steps_of(heard)[-1]
    assert last < 240
    commanded(client, run_id, "set", steps_per_second=None)
    heard += read_all(opened(address, run_id, f"Last-Event-ID: {last}"))
    assert steps_of(heard) == list(range(1, 241))
    assert [epoch["epoch"] for epoch in epochs_of(heard)] == list(range(1, 41))


def test_a_hundred_viewers_of_one_run_share_one_tail(app, worker, address, monkeypatch):
    reads = []
    look = hub.Tail.look
    monkeypatch.setattr(hub.Tail, "look", lambda self: (reads.append((self._id, threading.get_ident())), look(self))[1])
    client = app.test_client()
    run_id = started(client, steps_per_second=60.0, epochs=10)["id"]
    viewers = [opened(address, run_id) for _ in range(100)]
    until(lambda: app.extensions["runs"].hub._viewers == 100)
    worker(app)
    received: dict[int, bytes] = {}
    threads = [
        threading.Thread(target=lambda at=at, viewer=viewer: received.update({at: read_all(viewer)}))
        for at, viewer in enumerate(viewers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(received) == 100
    for heard in received.values():
        assert steps_of(heard) == list(range(1, 61))
        assert parsed(heard)[-1][0] == "end"
    assert len({thread for tail, thread in reads if tail == run_id}) == 1
    until(lambda: app.extensions["runs"].hub._viewers == 0)


def test_viewers_who_vanish_are_forgotten(app, worker, address, monkeypatch):
    monkeypatch.setattr(hub, "QUIET", 0.05)
    monkeypatch.setattr(hub, "LINGER", 0.05)
    client = app.test_client()
    run_id = started(client)["id"]
    viewers = [opened(address, run_id) for _ in range(5)]
    until(lambda: app.extensions["runs"].hub._viewers == 5)
    for viewer in viewers:
        viewer.close()
    until(lambda: app.extensions["runs"].hub._viewers == 0)
    until(lambda: not app.extensions["runs"].hub._tails)
    worker(app)
    assert ended(client, run_id)["state"] == "finished"


def test_a_viewer_who_sleeps_catches_up(app, worker, address, monkeypatch):
    """Its buffer is full while thousands of steps pass, more than the tail remembers."""
    monkeypatch.setattr(hub, "REMEMBERED", 4)
    client = app.test_client()
    run_id = started(client, epochs=400)["id"]
    sleeper = opened(address, run_id, receive=2048)
    until(lambda: app.extensions["runs"].hub._viewers == 1)
    worker(app)
    ended(client, run_id)
    heard = read_all(sleeper)
    assert steps_of(heard) == list(range(1, 2401))
    assert parsed(heard)[-1][0] == "end"


def test_a_viewer_who_sleeps_for_too_long_is_cut_off(make_app, monkeypatch):
    """It keeps its place no longer; and it resumes with its last id, should it wake up."""
    app = make_app(STALLED_SECONDS=0.2)
    monkeypatch.setattr(hub, "QUIET", 0.01)
    monkeypatch.setattr(stream, "COMMENT", b":" * 1_000_000 + b"\n\n")  # what fills every buffer on the way
    run_id = started(app.test_client())["id"]
    with serving_in_a_thread(app) as port, opened(("127.0.0.1", port), run_id, receive=2048):
        until(lambda: app.extensions["runs"].hub._viewers == 1)
        until(lambda: app.extensions["runs"].hub._viewers == 0)


def test_a_comment_shows_that_the_line_is_up(app, address, monkeypatch):
    assert hub.QUIET <= 10
    monkeypatch.setattr(hub, "QUIET", 0.02)
    run_id = started(app.test_client())["id"]
    with opened(address, run_id) as viewer:
        heard = b""
        while heard.count(b"\n: ") + heard.count(b"\n\n: ") < 3:
            heard += viewer.recv(4096)


def test_one_viewer_too_many_is_told_to_come_back(make_app, address):
    app = make_app(MAX_VIEWERS=1)
    client = app.test_client()
    run_id = started(client)["id"]
    first = client.get(f"/api/runs/{run_id}/events", buffered=False)
    assert next(iter(first.response)).startswith(b"event: state")
    second = client.get(f"/api/runs/{run_id}/events")
    assert second.status_code == 503
    assert "As many people watch" in second.json["detail"]
    first.close()


def test_the_queue_and_the_commands_are_told(app, worker):
    client = app.test_client()
    before = started(client)["id"]
    run_id = started(client, steps_per_second=10.0)["id"]
    response = client.get(f"/api/runs/{run_id}/events", buffered=False)
    heard = iter(response.response)
    assert parsed(next(heard))[0][2]["place"] == 2
    commanded(client, before, "stop")
    assert parsed(next(heard))[0][2]["place"] == 1
    worker(app)
    until_state = lambda true: next(  # noqa: E731
        data for part in heard for event, _, data in parsed(part) if event == "state" and true(data)
    )
    assert until_state(lambda data: data["state"] == "running")["place"] is None
    commanded(client, run_id, "set", learning_rate=0.5)
    assert until_state(lambda data: data["learning_rate"] == 0.5)["state"] == "running"
    assert client.delete(f"/api/runs/{run_id}").status_code == 204
    event, _, data = parsed(b"".join(heard))[-1]
    assert (event, data["reason"]) == ("end", "The run was deleted.")


def test_a_viewer_hears_that_a_run_was_stopped_while_it_waited(app):
    client = app.test_client()
    run_id = started(client)["id"]
    heard = iter(client.get(f"/api/runs/{run_id}/events", buffered=False).response)
    assert parsed(next(heard))[0][2]["state"] == "queued"
    commanded(client, run_id, "stop")
    end = {"state": "stopped", "reason": "Stopped by hand before it began.", "evidence": {}}
    assert parsed(b"".join(heard))[-1] == ("end", None, end)


def test_an_end_is_told_after_all_the_steps_even_if_the_log_cannot_be_read_at_once(app, worker, monkeypatch):
    monkeypatch.setattr(stream, "RETRY", 0.01)
    client = app.test_client()
    store = app.extensions["runs"].store()
    run_id = started(client)["id"]
    worker(app)
    ended(client, run_id)
    read, failures = store.log, []

    def log(*arguments):
        if len(failures) < 3:
            failures.append(arguments)
            raise StoreError("redis_not_reached", reason="gone for a moment")
        return read(*arguments)

    monkeypatch.setattr(store, "log", log)
    heard = client.get(f"/api/runs/{run_id}/events").data
    assert len(failures) == 3
    assert steps_of(heard) == list(range(1, 25))
    assert parsed(heard)[-1][0] == "end"


def test_a_log_that_cannot_be_read_for_a_moment_is_read_later(app, worker, monkeypatch):
    """The viewer asks for the log twice before it gets it, and its tail once amid the run."""
    client = app.test_client()
    store = app.extensions["runs"].store()
    run_id = started(client, epochs=60, steps_per_second=200.0)["id"]
    worker(app)
    until(lambda: store.get(run_id).step >= 10)
    read, failures = store.log, [2]

    def log(*arguments):
        if failures[0] or (arguments[1] > 200 and not failures[1:]):
            failures[0] = max(failures[0] - 1, 0)
            failures.extend([0] * (arguments[1] > 200))
            raise StoreError("redis_not_reached", reason="gone for a moment")
        return read(*arguments)

    monkeypatch.setattr(store, "log", log)
    commanded(client, run_id, "set", steps_per_second=None)
    assert steps_of(client.get(f"/api/runs/{run_id}/events").data) == list(range(1, 361))
    assert len(failures) > 1


@pytest.mark.parametrize("failing", ["look", "note"])
@pytest.mark.parametrize(
    "error", [StoreError("redis_not_reached", reason="nothing can be read"), ValueError("what nobody expected")]
)
def test_what_goes_wrong_again_and_again_is_logged_once(caplog, error, failing):
    class Broken:
        viewers = 1

        def look(self):
            if failing == "look":
                raise error

        def note(self, _unwatched):
            raise error

    trouble = ""
    for _ in range(5):
        trouble = hub._looked("run", Broken(), trouble, 60.0)
    assert len(caplog.records) == 1
    assert "what nobody expected" not in trouble or caplog.records[0].exc_info
