"""The place for runs is full, may only be read, or cannot be: SQLite itself says so, and a person hears a sentence."""

from __future__ import annotations

import shutil
import threading
import time
from types import SimpleNamespace

import pytest

from cnn_server.runs.slots import RunLimits
from cnn_server.runs.worker import Worker

from .support import Fault, a_run, points, steps_of, until
from .test_api import BODY, commanded, started

STATUS = {"full": 507, "read-only": 503}
WORDS = {"full": "is full: nothing more can be written there", "read-only": "cannot be written to: attempt to write a"}


@pytest.fixture
def fault(tmp_path, monkeypatch) -> Fault:
    return Fault(tmp_path / "data", monkeypatch)


both = pytest.mark.parametrize("kind", STATUS)


@both
def test_every_request_is_answered_and_nothing_is_lost(fault, app, kind):
    client = app.test_client()
    run_id = started(client, name="first")["id"]
    path = f"/api/runs/{run_id}"
    fault.make(kind)
    refused = [until(lambda: (answer := client.post("/api/runs", json=BODY)).status_code != 201 and answer)]
    if kind == "read-only":  # in a full place there may be room for as much as was there before
        refused += [client.patch(path, json={"name": "other"}), commanded(client, run_id, "stop"), client.delete(path)]
    for answer in refused:
        assert answer.status_code == STATUS[kind]
        assert answer.content_type == "application/problem+json"
        assert WORDS[kind] in answer.json["detail"]
        assert answer.headers["Retry-After"]
    for view in ("", "/points", "/snapshot", "/predictions", "/evaluation?split=validation"):
        assert client.get(path + view).status_code == 200
    assert WORDS[kind] in client.get(path).json["trouble"]
    assert client.get("/training").status_code == 200
    fault.mend()
    assert client.get(path).json["trouble"] is None
    assert client.get("/api/runs").json["runs"][-1]["name"] == "first"
    started(client)


@both
def test_a_run_waits_says_why_and_loses_no_step(fault, app, kind):
    """Its viewers hear the reason as it comes, and that it goes on."""
    store = app.extensions["runs"].store()
    app.config["RUN_LEASE"] = app.extensions["runs"].hub._lease = 1.0
    store.add(a_run(pace=100.0, epochs=40))
    store.change("run", lambda run: setattr(run, "shared", True))
    stop = threading.Event()
    worker = threading.Thread(target=Worker(store, RunLimits(16, 4, 1.0), "worker").work, args=(stop,))
    worker.start()
    client = app.test_client()
    stream = client.get("/api/runs/run/events").response
    heard = b""
    try:
        while b"event: step" not in heard:
            heard += next(stream)
        fault.make(kind)
        while WORDS[kind].encode() not in heard:
            heard += next(stream)
        held = client.get("/api/runs/run").json
        assert (held["state"], held["step"] < 240) == ("running", True)
        fault.mend()
        assert commanded(client, "run", "set", steps_per_second=None).status_code == 200
        heard += b"".join(stream)
    finally:
        fault.mend()
        stop.set()
        worker.join()
    assert steps_of(heard) == list(range(1, 241))
    assert [point[0] for point in points(store)] == list(range(1, 241))
    assert client.get("/api/runs/run").json["trouble"] is None


def test_a_server_started_on_what_may_only_be_read_shows_it(fault, make_app):
    first = make_app()
    owner = first.test_client()
    run_id = started(owner)["id"]
    first.extensions["runs"].stop()
    fault.make("read-only")
    second = make_app().test_client()
    assert second.get(f"/api/runs/{run_id}").json["step"] == 0
    assert second.post("/api/runs", json=BODY).status_code == 503
    assert second.get("/api/runs").json["runs"] == []


def test_a_data_folder_that_cannot_be_is_told_and_the_pages_go_on(make_app, tmp_path):
    (tmp_path / "file").write_text("in the way")
    client = make_app(DATA_DIR=str(tmp_path / "file" / "data")).test_client()
    response = client.post("/api/runs", json=BODY)
    assert response.status_code == 503
    assert "cannot be made: Not a directory" in response.json["detail"]
    assert response.headers["Retry-After"]
    assert client.get("/api/runs").status_code == 503
    assert [client.get(page).status_code for page in ("/", "/training")] == [200, 200]


def test_a_disk_without_room_is_told_before_sqlite_meets_its_end(fault, app, monkeypatch):
    client = app.test_client()
    run_id = started(client)["id"]
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=0))
    assert WORDS["full"] in client.get(f"/api/runs/{run_id}").json["trouble"]


def test_a_worker_of_which_nothing_is_heard_is_told(app):
    client = app.test_client()
    run_id = started(client)["id"]

    def lost(run):
        run.state, run.worker, run.lease = "running", "worker", time.time() - 60

    app.extensions["runs"].store().change(run_id, lost)
    assert "Nothing has been heard of the worker" in client.get(f"/api/runs/{run_id}").json["trouble"]
