"""/api/runs as a page uses it: made, found, told, looked at, named, deleted; what is refused and why."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from cnn_engine.data.datasets import load_dataset
from cnn_engine.nn import Network, Trainer, fit
from cnn_server.api import runs
from scripts.waiting import HANG

from .support import until

BODY = {
    "architecture": "linear",
    "dataset": "digits",
    "train_samples": 96,
    "batch_size": 16,
    "epochs": 4,
    "seed": 3,
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
    "steps_per_second": None,
}


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """A call waits for its worker until it has carried the command out, however busy the machine is."""
    monkeypatch.setattr(runs, "HEARD", HANG)


def started(client, **other) -> dict:
    response = client.post("/api/runs", json=BODY | other)
    assert response.status_code == 201, response.json
    assert response.headers["Location"] == f"/api/runs/{response.json['id']}"
    return response.json


def ended(client, run_id: str) -> dict:
    return until(lambda: (run := client.get(f"/api/runs/{run_id}").json)["end"] and run)


def commanded(client, run_id: str, command: str, **dials):
    return client.post(f"/api/runs/{run_id}/commands", json={"command": command, **dials})


def test_a_run_from_its_start_to_its_evaluation(app, worker):
    client = app.test_client()
    run = started(client)
    assert (run["state"], run["place"], run["mine"], run["step"]) == ("queued", 1, True, 0)
    assert (run["steps_per_epoch"], run["total_steps"], run["parameters"]) == (6, 24, 650)
    assert run["settings"]["architecture"][-1] == {"layer": "linear", "out_features": 10}
    assert run["settings"]["loss"] == "cross_entropy"
    assert run["layers"][1]["output_shape"] == [10]
    assert client.get(f"/api/runs/{run['id']}/evaluation").status_code == 409
    worker(app)
    run = ended(client, run["id"])
    assert (run["state"], run["step"], run["epoch"], run["place"]) == ("finished", 24, 4, None)
    points = client.get(f"/api/runs/{run['id']}/points").json
    assert [point[0] for point in points["points"]] == list(range(1, 25))
    assert [epoch["step"] for epoch in points["epochs"]] == [6, 12, 18, 24]
    assert run["metrics"]["validation_loss"] == points["epochs"][-1]["validation_loss"]

    digits = load_dataset("digits")
    network = Network([{"layer": "flatten"}, {"layer": "linear", "out_features": 10}], input_shape=(1, 8, 8), seed=3)
    trainer = Trainer(network, optimizer={"name": "sgd", "learning_rate": 0.1}, batch_size=16, seed=3)
    list(fit(trainer, (digits.train.x[:96], digits.train.y[:96]), epochs=4))
    logits = digits.test.x.reshape(-1, 64) @ network.parameters()["1.weight"].T + network.parameters()["1.bias"]
    guessed = logits.argmax(axis=1)
    evaluation = client.get(f"/api/runs/{run['id']}/evaluation").json
    assert evaluation["accuracy"] == pytest.approx((guessed == digits.test.y).mean())
    assert sum(map(sum, evaluation["confusion_matrix"])) == 359
    assert evaluation["confusion_matrix"][4][4] == ((digits.test.y == 4) & (guessed == 4)).sum()

    snapshot = client.get(f"/api/runs/{run['id']}/snapshot?sample=5").json
    weight = np.array(snapshot["layers"][1]["weight"]["values"])
    np.testing.assert_allclose(weight, network.parameters()["1.weight"], rtol=1e-6)
    image = np.array(snapshot["sample"]["image"]["values"])
    np.testing.assert_array_equal(image, digits.validation.x[5])
    np.testing.assert_allclose(snapshot["logits"], weight @ image.ravel() + network.parameters()["1.bias"], rtol=1e-4)
    assert snapshot["sample"]["label"] == digits.validation.y[5]
    assert snapshot["layers"][1]["weight_gradient"] is None

    cell = client.get(f"/api/runs/{run['id']}/examples?true=4&predicted=4&count=3").json
    assert cell["total"] == evaluation["confusion_matrix"][4][4]
    assert [item["label"] for item in cell["items"]] == [4, 4, 4]
    items = client.get(f"/api/runs/{run['id']}/predictions?count=7").json["items"]
    assert [item["correct"] for item in items] == [item["label"] == item["predicted"] for item in items]
    assert len(items) == 7


def test_commands_answer_with_what_they_did(app, worker):
    client = app.test_client()
    worker(app)
    run_id = started(client, steps_per_second=20.0, epochs=500)["id"]
    until(lambda: client.get(f"/api/runs/{run_id}").json["step"] >= 2)
    for command, state in (("pause", "paused"), ("resume", "running"), ("pause", "paused")):
        paused = commanded(client, run_id, command).json
        assert paused["state"] == state
    assert commanded(client, run_id, "step").json["step"] == paused["step"] + 1
    answer = commanded(client, run_id, "set", learning_rate=0.25, steps_per_second=None).json
    assert (answer["learning_rate"], answer["steps_per_second"], answer["state"]) == (0.25, None, "paused")
    assert commanded(client, run_id, "step").json["metrics"]["learning_rate"] == 0.25
    snapshot = client.get(f"/api/runs/{run_id}/snapshot").json
    assert snapshot["step"] == paused["step"] + 2
    assert commanded(client, run_id, "resume").json["state"] == "running"
    refused = commanded(client, run_id, "step")
    assert refused.status_code == 409
    assert "pause it" in refused.json["detail"]
    commanded(client, run_id, "stop")
    assert ended(client, run_id)["state"] == "stopped"
    assert commanded(client, run_id, "resume").status_code == 409


def test_two_people_pause_at_once(app, worker):
    owner, other = app.test_client(), app.test_client()
    worker(app)
    run_id = started(owner, steps_per_second=20.0, epochs=500, shared=True)["id"]
    until(lambda: owner.get(f"/api/runs/{run_id}").json["step"] >= 1)
    answers = []
    barrier = threading.Barrier(2)

    def pause(client) -> None:
        barrier.wait()
        answers.append(commanded(client, run_id, "pause"))

    threads = [threading.Thread(target=pause, args=(client,)) for client in (owner, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [(answer.status_code, answer.json["state"]) for answer in answers] == [(200, "paused")] * 2
    assert answers[0].json["step"] == answers[1].json["step"] == owner.get(f"/api/runs/{run_id}").json["step"]


def test_a_run_is_its_owners(app):
    owner, other = app.test_client(), app.test_client()
    run_id = started(owner)["id"]
    cookie = owner.get_cookie("convoscope")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert len(cookie.value) == 43
    path = f"/api/runs/{run_id}"
    assert other.get(path).json["mine"] is False
    assert [run["id"] for run in owner.get("/api/runs").json["runs"]] == [run_id]
    assert other.get("/api/runs").json["runs"] == []
    refusals = [commanded(other, run_id, "stop"), other.patch(path, json={"name": "theirs"}), other.delete(path)]
    assert [refusal.status_code for refusal in refusals] == [403] * 3
    assert owner.patch(path, json={"name": "mine", "shared": True}).json["name"] == "mine"
    assert commanded(other, run_id, "stop").json["state"] == "stopped"
    assert other.delete(path).status_code == 403
    assert owner.delete(path).status_code == 204
    assert owner.get(path).status_code == 404


def test_a_page_of_another_host_changes_nothing(app):
    client = app.test_client()
    run_id = started(client)["id"]
    evil = {"Origin": "http://evil.example"}
    assert client.delete(f"/api/runs/{run_id}", headers=evil).status_code == 403
    assert client.post("/api/runs", json=BODY, headers=evil).status_code == 403
    assert client.post("/api/runs", data="{}", content_type="text/plain").status_code == 415
    assert client.post("/api/runs", json=BODY, headers={"Origin": "http://localhost"}).status_code == 201


def test_runs_over_the_limits_wait_and_say_where(make_app, worker):
    app = make_app(RUNS_AT_ONCE=2, RUNS_PER_CLIENT=1, RUNS_WAITING_PER_CLIENT=3)
    ada, bob = app.test_client(), app.test_client()
    endless = {"steps_per_second": 5.0, "epochs": 500}
    first, second, third = (started(ada, **endless)["id"] for _ in range(3))
    assert ada.post("/api/runs", json=BODY).status_code == 429
    worker(app)
    until(lambda: ada.get(f"/api/runs/{first}").json["state"] == "running")
    fourth = started(bob, **endless)["id"]
    until(lambda: bob.get(f"/api/runs/{fourth}").json["state"] == "running")  # ada's wait for her own
    positions = [ada.get(f"/api/runs/{run_id}").json["place"] for run_id in (first, second, third, fourth)]
    assert positions == [None, 1, 2, None]
    refused = commanded(ada, second, "pause")
    assert refused.status_code == 409
    assert "waits in the queue" in refused.json["detail"]
    stopped = commanded(ada, second, "stop").json
    assert (stopped["state"], stopped["step"]) == ("stopped", 0)
    assert stopped["end"]["reason"] == "Stopped by hand before it began."
    assert ada.get(f"/api/runs/{third}").json["place"] == 1
    assert commanded(ada, third, "set", learning_rate=0.5).json["learning_rate"] == 0.5
    commanded(ada, first, "stop")
    run = until(lambda: (run := ada.get(f"/api/runs/{third}").json)["step"] and run)
    assert run["metrics"]["learning_rate"] == 0.5


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        (
            {"architecture": [{"layer": "conv2d", "out_channels": 4, "kernel_size": 9}]},
            "architecture.0.kernel_size",
            "9",
        ),
        ({"architecture": [{"layer": "flatten"}]}, "architecture", "64 outputs"),
        ({"architecture": "no-such"}, "architecture", "no-such"),
        ({"dataset": "no-such"}, "dataset", "no-such"),
        ({"dataset_options": {"train": 0}}, "dataset_options.train", "0"),
        ({"dataset": "strokes", "dataset_options": {"train": 60_000}}, "dataset_options.train", "47,824,000 values"),
        ({"dataset": "shapes", "dataset_options": {"size": 512}}, "dataset_options.size", "838,860,800 values"),
        ({"optimizer": {"name": "sgd", "learning_rate": -1}}, "optimizer.learning_rate", "-1"),
        ({"optimizer": {"name": "sgd", "speed": 1}}, "optimizer.speed", "speed"),
        ({"optimizer": "no-such"}, "optimizer", "no-such"),
        ({"schedule": {"name": "step"}}, "schedule.step_size", "step_size"),
        ({"loss": "mse", "dataset": "digits", "batch_size": 97}, "batch_size", "97"),
        ({"train_samples": 1260}, "train_samples", "1,260"),
        ({"early_stopping": {"patience": 0}}, "early_stopping.patience", "0"),
        ({"augmentation": {"shift": 2}}, "augmentation.shift", "2"),
        ({"initialisation": "no-such"}, "initialisation", "no-such"),
        ({"steps_per_second": 0}, "steps_per_second", "0"),
        ({"epochs": 1_000_000}, "epochs", "epochs"),
        ({"batch_size": 1, "train_samples": None, "epochs": 1000}, "epochs", "1,259,000 steps"),
        ({"speed": 3}, "speed", "not a parameter"),
    ],
)
def test_what_is_impossible_starts_nothing_and_names_the_field(app, change, field, words):
    client = app.test_client()
    response = client.post("/api/runs", json=BODY | change)
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == [field]
    assert words in response.json["errors"][0]["message"]
    assert client.get("/api/runs").json["runs"] == []


@pytest.mark.parametrize("path", ["check", "snapshot"])
def test_a_data_set_too_large_is_not_even_drawn_to_look_at_a_network(app, path):
    body = {"architecture": "small-cnn", "dataset": "angles", "dataset_options": {"test": 10**9}}
    response = app.test_client().post(f"/api/architectures/{path}", json=body)
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == ["dataset_options.test"]


def test_an_architecture_is_checked_layer_by_layer(app):
    client = app.test_client()
    layers = [
        {"layer": "conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1},
        {"layer": "max_pool2d", "kernel_size": 2},
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 10},
    ]
    body = {"architecture": layers, "dataset": "digits", "batch_size": 32}
    answer = client.post("/api/architectures/check", json=body).json
    assert answer["problem"] is None
    assert (answer["train_samples"], answer["updates"]) == (1259, 40)
    assert answer["parameters"] == 8 * 9 + 8 + 128 * 10 + 10
    conv, pool, flat, dense = answer["layers"]
    assert (conv["output_shape"], conv["parameters"], conv["multiplications"]) == ([8, 8, 8], 80, 8 * 64 * 9)
    assert (pool["output_shape"], flat["output_shape"], dense["multiplications"]) == ([8, 4, 4], [128], 1280)
    layers[1]["kernel_size"] = 9
    answer = client.post("/api/architectures/check", json={"architecture": layers, "dataset": "digits"})
    assert answer.status_code == 200
    assert [row["layer"] for row in answer.json["layers"]] == ["conv2d"]
    assert answer.json["problem"]["layer"] == 1
    assert answer.json["updates"] is None
    assert answer.json["problem"]["field"] == "architecture.1.kernel_size"
    answer = client.post("/api/architectures/check", json={"architecture": layers[:1], "dataset": "digits"}).json
    assert answer["problem"]["layer"] is None
    assert "8 × 8 × 8" in answer["problem"]["message"]


@pytest.mark.parametrize("path", ["", "/events", "/points", "/snapshot", "/predictions", "/evaluation"])
def test_an_unknown_run_is_not_found(app, path):
    response = app.test_client().get(f"/api/runs/guess{path}")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"


def test_the_least_and_greatest_loss_of_each_stretch_are_kept(app, worker):
    client = app.test_client()
    worker(app)
    run_id = started(client)["id"]
    ended(client, run_id)
    every = client.get(f"/api/runs/{run_id}/points").json["points"]
    thin = client.get(f"/api/runs/{run_id}/points?stride=8").json["points"]
    for start in (0, 8, 16):
        losses = [point[1] for point in every[start : start + 8]]
        kept = [point[1] for point in thin if start < point[0] <= start + 8]
        assert {min(losses), max(losses)} <= set(kept)
    assert thin == sorted(thin)
    assert thin[-1] == every[-1]
    assert client.get(f"/api/runs/{run_id}/points?after=20").json["points"] == every[20:]


def test_a_regression_is_looked_at_and_evaluated(app, worker):
    client = app.test_client()
    worker(app)
    layers = [{"layer": "flatten"}, {"layer": "linear", "out_features": len(load_dataset("angles").targets)}]
    run_id = started(client, architecture=layers, dataset="angles", optimizer={"name": "adam"})["id"]
    run = ended(client, run_id)
    assert (run["state"], run["task"], run["classes"]) == ("finished", "regression", [])
    evaluation = client.get(f"/api/runs/{run_id}/evaluation").json
    assert set(evaluation) >= {"loss", "mse", "mae", "r2"}
    assert evaluation["mse"] == pytest.approx(evaluation["loss"])
    snapshot = client.get(f"/api/runs/{run_id}/snapshot").json
    assert len(snapshot["prediction"]) == layers[1]["out_features"]
    assert client.get(f"/api/runs/{run_id}/examples?true=0&predicted=0").status_code == 422


def test_a_redis_that_is_not_there_is_told_without_its_password(make_app):
    client = make_app(REDIS_URL="redis://:secret@127.0.0.1:1/0").test_client()
    response = client.post("/api/runs", json=BODY)
    assert response.status_code == 503
    assert "Redis cannot be reached" in response.json["detail"]
    assert "secret" not in response.text


def test_a_network_that_diverged_is_shown_without_numbers_that_are_none(app, worker):
    client = app.test_client()
    worker(app)
    run_id = started(client, optimizer={"name": "sgd", "learning_rate": 3e38}, loss="mse")["id"]
    assert ended(client, run_id)["state"] == "diverged"
    snapshot = client.get(f"/api/runs/{run_id}/snapshot")
    assert snapshot.status_code == 200
    assert "NaN" not in snapshot.text
    assert client.get(f"/api/runs/{run_id}/predictions").status_code == 200
    evaluation = client.get(f"/api/runs/{run_id}/evaluation")
    assert evaluation.status_code == 200
    assert evaluation.json["loss"] is None
    assert "has diverged" in evaluation.json["reason"]
