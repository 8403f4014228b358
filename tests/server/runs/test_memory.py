"""All runs of a machine together are held to a memory setting: what never fits is refused, what does not now waits."""

from __future__ import annotations

import gc
import tracemalloc
import weakref
from dataclasses import replace

import pytest

from cnn_engine.words import say
from cnn_server.runs import data_sets, memory
from cnn_server.runs.memory import MB
from cnn_server.runs.waiting import Waiting, queue_of
from cnn_server.runs.worker import Worker

from .support import LIMITS, SETTINGS, a_run, work
from .test_api import BODY, ended, started
from .test_limits import OUT

SHAPES = {"dataset": "shapes", "dataset_options": {"train": 100}}


def sized(run_id: str, megabytes: int, data: int = 0, **other):
    """A run that takes so much, by what is written down of it."""
    run = a_run(run_id, created=float(len(run_id)), pace=1.0, **other)
    run.facts["memory"] |= {"training": megabytes * MB, "data": data * MB}
    return run


def held(run, worker: str):
    """As a worker has it."""
    run.state, run.worker, run.lease = "running", worker, 1e12
    return run


def test_a_data_set_counts_once_in_each_worker_that_has_it():
    runs = [
        held(sized("1", 10, 100), "here/a"),
        held(sized("22", 20, 100), "here/a"),  # shared
        held(sized("333", 30, 50, **SHAPES), "here/a"),
        held(sized("4444", 40, 100), "here/b"),  # another process
    ]
    assert memory.taken(runs) == (10 + 20 + 30 + 40 + 100 + 50 + 100) * MB


def test_each_machine_has_its_own_memory():
    runs = [held(sized("1", 900), "one/a"), held(sized("22", 300), "other/b")]
    run = sized("333", 200, 100, **SHAPES)
    assert not memory.fits(run, "one/c", runs, 1000)
    assert memory.fits(run, "other/b", runs, 1000)
    assert memory.fits(run, "third/d", runs, 100)  # alone it is taken: it would have been refused
    assert memory.why(run, memory.free_memory(runs, 1000), 1000) is None
    why = memory.why(run, memory.free_memory(runs, 500), 500)
    assert why
    assert say(why) == (
        "The run waits for memory: it needs about 300 MB, and those that are trained now take 300 of 500 MB. "
        "It goes on by itself as soon as there is room."
    )


def test_a_run_that_has_its_data_there_already_needs_less():
    runs = [held(sized("1", 100, 800), "here/a")]
    assert memory.fits(sized("22", 100, 800), "here/a", runs, 1000)
    assert not memory.fits(sized("22", 100, 800), "here/b", runs, 1000)


def test_a_run_that_does_not_fit_waits_and_a_smaller_one_goes_on(store):
    limits = replace(LIMITS, memory=1000)
    for run in (sized("1", 600), sized("22", 600, epochs=1), sized("333", 300)):
        store.add(run)
    worker = Worker(store, limits, "here/a")
    work(worker, lambda: {"1", "333"} <= set(worker._sessions))
    for _ in range(3):
        worker._claim_at = 0.0
        worker.turn()
    assert store.get("22").state == "queued"
    waiting = queue_of(store.unfinished(), limits, 0.0)["22"]
    assert (waiting.position, waiting.starts_in) == (1, None)
    assert "needs about 600 MB" in say(waiting.trouble)
    assert "900 of 1,000 MB" in say(waiting.trouble)
    store.remove("1")
    work(worker, lambda: "22" in worker._sessions)
    assert queue_of(store.unfinished(), limits, 0.0).get("22", Waiting()).trouble is None


def test_why_a_run_waits_is_told_with_it(make_app):
    app = make_app(RUNS_MEMORY=100)
    client = app.test_client()
    store = app.extensions["runs"].store()
    store.add(held(sized("large", 100), "here/a"))
    waits = client.post("/api/runs", json=BODY).json
    assert waits["state"] == "queued"
    assert waits["trouble"].startswith("The run waits for memory: it needs about ")
    assert (waits["place"], waits["starts_in"]) == (1, None)
    assert waits["memory"]["training"] > waits["memory"]["held"]
    store.remove("large")
    assert client.get(f"/api/runs/{waits['id']}").json["trouble"] is None


CONV = {"layer": "conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1}
EIGHT = [{"layer": "flatten"}, {"layer": "linear", "out_features": 8}]
DEEP = [CONV, {"layer": "batch_norm2d"}] * 3 + OUT


@pytest.mark.parametrize(("batch", "most", "field"), [(1200, 300, "batch_size"), (16, 4, "architecture")])
def test_a_run_that_never_fits_is_refused_as_it_is_set(make_app, batch, most, field):
    client = make_app(RUNS_MEMORY=most, RUN_MAX_STEP_WORK=10**12, RUN_MAX_STEP_MULTIPLICATIONS=10**12).test_client()
    change = {"architecture": DEEP, "batch_size": batch, "train_samples": None}
    check = client.post("/api/architectures/check", json={"dataset": "digits"} | change).json["problem"]
    assert (check["field"], check["limit"]) == (field, True)
    assert f"MB of memory for a run and its data are more than the {most} that this server takes" in check["message"]
    start = client.post("/api/runs", json=BODY | change)
    assert start.json["errors"] == [{"field": field, "message": check["message"]}]
    within = client.post("/api/architectures/check", json={"dataset": "digits"} | change | {"batch_size": 2})
    assert within.json["problem"] is None or field == "architecture"


def test_a_network_that_could_be_trained_and_not_judged_is_refused_as_it_is_set(make_app):
    """32 samples at once are within the largest buffer, and the 58 that are answered at once are not."""
    kernels = {"layer": "conv2d", "kernel_size": 15, "padding": 7, "out_channels": 32, "groups": 32}
    change = {
        "architecture": [{"layer": "conv2d", "kernel_size": 1, "out_channels": 32}, kernels, *EIGHT],
        "dataset": "shapes",
        "dataset_options": {},
        "train_samples": None,
    }
    client = make_app(RUN_MAX_EVALUATION_WORK=10**12).test_client()
    check = client.post("/api/architectures/check", json=change | {"batch_size": 16}).json["problem"]
    assert (check["field"], check["layer"]) == ("architecture.1.batch_size", 1)
    assert "for 58 samples at once, and at most 1 GiB is possible" in check["message"]
    start = client.post("/api/runs", json=BODY | change)
    assert start.json["errors"] == [{"field": check["field"], "message": check["message"]}]


def test_to_start_a_large_run_takes_no_memory_but_the_workers(make_app):
    client = make_app(RUN_MAX_STEP_WORK=10**12, RUN_MAX_STEP_MULTIPLICATIONS=10**12).test_client()
    tracemalloc.start()
    try:
        run = client.post("/api/runs", json=BODY | {"architecture": DEEP, "batch_size": 600, "train_samples": None})
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert run.status_code == 201, run.json
    assert run.json["memory"]["training"] > 400 * MB
    assert most < 100 * MB


def test_a_data_set_is_shared_while_a_run_has_it_and_no_longer_than_that(monkeypatch):
    monkeypatch.setattr(data_sets, "KEPT_BYTES", 0)
    given = SETTINGS | SHAPES
    first = data_sets.dataset_of(given)
    assert data_sets.dataset_of(given) is first
    forgotten = weakref.ref(first)
    del first
    gc.collect()
    assert forgotten() is None


def test_forty_usual_runs_leave_most_of_the_memory(app, worker):
    client = app.test_client()
    worker(app)
    needed = started(client, architecture="small-cnn")["memory"]
    assert needed["data"] + 40 * needed["training"] < app.config["RUNS_MEMORY"] * MB / 4
    assert ended(client, client.get("/api/runs").json["runs"][0]["id"])["state"] == "finished"
