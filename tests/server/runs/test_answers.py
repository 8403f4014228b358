"""What is answered about runs is what /openapi.json describes, whatever became of the run."""

from __future__ import annotations

from tests.server.described import described

from .support import until

RUN = "/api/runs/{run_id}"
VIEWS = ("", "/points", "/snapshot?sample=1", "/predictions?count=3", "/evaluation?split=validation")
EXAMPLES = "/examples?split=validation&true=1&predicted=1"
RELU = [
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 4},
    {"layer": "relu"},
    {"layer": "linear", "out_features": 10},
]


def views(client, run_id, *more):
    """All that can be asked of a run, each as it is described."""
    return {view: described(client, "get", RUN + view, run_id=run_id) for view in (*VIEWS, *more)}


def begun(client, **settings):
    return described(client, "post", "/api/runs", {"dataset": "digits", "steps_per_second": None} | settings, 201)["id"]


def until_ended(client, run_id):
    until(lambda: client.get(f"/api/runs/{run_id}").json["end"])


def test_a_run_of_classes_from_the_queue_to_its_test_set(app, worker):
    client = app.test_client()
    setup = {
        "architecture": RELU,
        "optimizer": {"name": "adam", "learning_rate": 0.01},
        "schedule": {"name": "step", "step_size": 1},
    }
    more = {"class_weights": "balanced", "early_stopping": {"patience": 9}, "augmentation": {"shift": 0.1}, "epochs": 2}
    run_id = begun(client, **setup, **more, train_samples=64)
    assert views(client, run_id, EXAMPLES)[""]["state"] == "queued"
    worker(app)
    until_ended(client, run_id)
    seen = views(client, run_id, EXAMPLES, "/evaluation?split=test")
    assert seen[""]["end"]["state"] == "finished"
    assert len(seen["/points"]["epochs"]) == 2
    assert [run["id"] for run in described(client, "get", "/api/runs")["runs"]] == [run_id]


def test_a_run_of_numbers_has_neither_classes_nor_a_matrix(app, worker):
    client = app.test_client()
    run_id = begun(client, dataset="angles", architecture="linear", optimizer="sgd", epochs=1, train_samples=32)
    worker(app)
    until_ended(client, run_id)
    assert views(client, run_id)["/evaluation?split=validation"]["mse"] > 0


def test_a_run_that_diverged(app, worker):
    client = app.test_client()
    run_id = begun(
        client, architecture=RELU, optimizer={"name": "sgd", "learning_rate": 1e9}, loss="mse", train_samples=64
    )
    worker(app)
    until_ended(client, run_id)
    assert views(client, run_id, EXAMPLES)[""]["end"]["evidence"]["layers"]


def test_a_run_whose_relus_are_silent(app, worker):
    client = app.test_client()
    layers = [RELU[0], RELU[1] | {"out_features": 8}, *RELU[2:]]
    sizes = {"epochs": 40, "train_samples": 96, "batch_size": 16, "seed": 3}
    run_id = begun(client, architecture=layers, optimizer={"name": "sgd", "learning_rate": 500.0}, **sizes)
    worker(app)
    until_ended(client, run_id)
    assert views(client, run_id)[""]["warning"]["evidence"]["losses"]


def test_a_run_in_slow_motion(app, worker):
    client = app.test_client()
    run_id = begun(
        client, architecture="linear", optimizer="sgd", slow_motion=True, train_samples=64, steps_per_second=4
    )
    worker(app)
    for phase in ("backward", "update"):
        until(lambda phase=phase: (client.get(f"/api/runs/{run_id}").json["phase"] or {}).get("phase") == phase)
        views(client, run_id, "/weight?name=1.weight&cell=0,0")


def test_an_architecture_and_how_it_begins(app):
    client = app.test_client()
    for architecture in ("linear", RELU, [{"layer": "linear", "out_features": 10}]):
        body = {"architecture": architecture, "dataset": "digits"}
        check = described(client, "post", "/api/architectures/check", body)
        if check["problem"] is None:
            described(client, "post", "/api/architectures/snapshot", body)
    for dataset in ("digits", "angles"):
        described(client, "get", "/api/datasets/{name}/samples", name=dataset)
