"""Looking inside a step of a run: its weights, optimizer and rate as they are now, on a picture of its batch."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.nn import Trainer
from cnn_server.runs.prepared import filled_in, prepare
from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, work

PAUSED = {
    "architecture": [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}],
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "schedule": {"name": "exponential", "gamma": 0.5},
}


@pytest.fixture
def service(app):
    return app.extensions["runs"]


def post(client, **body):
    return client.post("/api/trace/network", json=body)


def ended(service, **other):
    """A run that has been trained to its end."""
    service.store().add(a_run(**PAUSED | other))
    worker = Worker(service.store(), LIMITS, "worker")
    work(worker, lambda: not service.store().get("run").open)


def trained(**other) -> Trainer:
    """The same, without a worker."""
    prepared = prepare(filled_in(a_run(**PAUSED | other).settings))
    for _ in prepared.events(prepared.trainer):
        pass
    return prepared.trainer


def test_a_run_that_has_not_begun_shows_its_first_step(service, client):
    service.store().add(a_run(**PAUSED))
    answer = post(client, run="run", sample=3).json
    snapshot = client.get("/api/runs/run/snapshot?sample=3").json
    assert answer["step"] == 0
    np.testing.assert_allclose(answer["parameters"]["1.weight"], snapshot["layers"][1]["weight"]["values"], rtol=1e-6)
    assert answer["params"]["learning_rate"] == 0.01
    assert [entry["op"] for entry in answer["timeline"] if entry["pass"] == "update"] == ["adam", "adam"]


DRAWN = {
    "architecture": [{"layer": "flatten"}, {"layer": "linear", "out_features": 8}],
    "dataset": "shapes",
    "batch_size": 4,
    "train_samples": None,
}


@pytest.mark.parametrize(
    "other",
    [
        {},
        {"train_samples": 70},
        {"augmentation": {"shift": 0.2, "rotate": 10, "noise": 0.1}},
        DRAWN | {"dataset_options": {"train": 60, "validation": 20, "test": 20}},
        DRAWN | {"dataset_options": {"train": 60, "validation": 20, "test": 20, "imbalance": 6, "seed": 3}},
    ],
)
@pytest.mark.parametrize("ends", [False, True])
def test_the_pictures_are_those_of_the_batch_that_the_step_learns_from(service, client, other, ends):
    options = PAUSED | {"schedule": "constant", "batch_size": 6} | other
    if ends:
        ended(service, **options | {"epochs": 1})
    else:
        service.store().add(a_run(**options))
    answer = post(client, run="run", sample=0).json
    x, y, loss = learned_from(answer["step"], **options | {"epochs": 2})
    assert answer["step"] == (service.store().get("run").facts["steps_per_epoch"] if ends else 0)
    assert answer["batch"] == len(x)
    answers = [post(client, run="run", sample=index).json for index in range(len(x))]
    pairs = [(answer["tensors"]["input"]["values"], answer["tensors"]["target"]["values"]) for answer in answers]
    order = [next(at for at, own in enumerate(x) if np.allclose(own, values, atol=1e-6)) for values, _ in pairs]
    assert sorted(order) == list(range(len(x)))  # each picture of the batch, once
    assert [target for _, target in pairs] == [int(y[at]) for at in order]
    assert np.mean([answer["loss"] for answer in answers]) == pytest.approx(loss, rel=1e-4)
    refused = post(client, run="run", sample=len(x))
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "sample")


def learned_from(step: int, **options):
    """What a step of such a run learns from, as its trainer is given it: pictures, labels, and the loss."""
    prepared = prepare(filled_in(a_run(**options).settings))
    trainer, batches = prepared.trainer, []
    given = trainer.forward_backward

    def watched(x, y):
        batches.append((x.copy(), y.copy(), given(x, y)))
        return batches[-1][2]

    trainer.forward_backward = watched
    for _ in prepared.events(trainer):
        if len(batches) > step:
            break
    return batches[step]


def test_a_picture_that_takes_long_to_be_drawn_is_refused(service, client):
    service.store().add(a_run(**PAUSED | DRAWN))
    client.application.config["MAX_WORK"] = 10_000
    refused = post(client, run="run", sample=0)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "sample")
    assert "to draw the pictures" in refused.json["errors"][0]["message"]


def test_the_optimizer_goes_on_from_what_it_has_kept(service, client):
    ended(service, epochs=2)
    trainer = trained(epochs=2)
    answer = post(client, run="run", sample=1, steps={"start": 0, "count": 1}).json
    assert answer["step"] == 12
    assert answer["params"]["learning_rate"] == pytest.approx(0.01 * 0.5**2)  # of the epoch that would come next
    update = next(entry for entry in answer["timeline"] if entry["pass"] == "update")
    steps = post(client, run="run", sample=1, steps={"start": update["start"], "count": 64}).json["steps"]
    kept = trainer.optimizer_state()["exp_avg"]["1.weight"].ravel()[:64]
    np.testing.assert_allclose(steps["exp_avg_before"], kept, rtol=1e-5)


def test_the_sample_may_be_changed(service, client):
    service.store().add(a_run(**PAUSED))
    blank = [[[0.0] * 8] * 8]
    changed = post(client, run="run", sample=3, input=blank).json
    assert changed["tensors"]["input"]["values"] == [[[0] * 8] * 8]
    assert post(client, run="run", input=blank, target=4).json["tensors"]["target"]["values"] == 4


def test_a_larger_input_is_counted_too(service, client):
    layers = [{"layer": "conv2d", "out_channels": 10, "kernel_size": 3}, {"layer": "global_avg_pool2d"}]
    service.store().add(a_run(**PAUSED | {"architecture": layers}))
    large = {"preset": "random", "size": [32, 32]}
    assert post(client, run="run", input=large, target=1).status_code == 200
    client.application.config["MAX_NETWORK_STEPS"] = 10_000
    refused = post(client, run="run", input=large, target=1)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (413, "architecture")


def test_a_loss_of_numbers_takes_its_truth_from_the_class(service, client):
    service.store().add(a_run(**PAUSED, loss="mse"))
    answer = post(client, run="run", sample=0).json
    x, y, _ = learned_from(0, **PAUSED, loss="mse")
    label = next(
        label for own, label in zip(x, y, strict=True) if np.allclose(own, answer["tensors"]["input"]["values"])
    )
    assert answer["tensors"]["target"]["values"] == [int(k == int(np.argmax(label))) for k in range(10)]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({}, 422, "sample"),
        ({"sample": 100_000}, 422, "sample"),
        ({"sample": 0, "loss": "mse"}, 422, "loss"),
        ({"sample": 0, "optimizer": "sgd"}, 422, "optimizer"),
        ({"sample": 0, "seed": 0}, 422, "run"),
        ({"sample": 0, "architecture": [{"layer": "flatten"}]}, 422, "architecture"),
        ({"sample": 0, "target": 10}, 422, "target"),
    ],
)
def test_what_is_the_runs_own_is_not_given(service, client, body, status, field):
    service.store().add(a_run(**PAUSED))
    response = post(client, run="run", **body)
    assert response.status_code == status, response.json
    assert response.json["errors"][0]["field"] == field


def test_what_has_no_trace_is_refused(service, client):
    layers = [{"layer": "dropout", "p": 0.5}, *PAUSED["architecture"]]
    service.store().add(a_run(**PAUSED | {"architecture": layers}))
    response = post(client, run="run", sample=0)
    assert (response.status_code, response.json["errors"][0]["field"]) == (422, "architecture.0")


def test_a_run_that_diverged_is_looked_into_as_any(service, client):
    ended(service, optimizer={"name": "sgd", "learning_rate": 1e38}, epochs=1)
    assert service.store().get("run").end["state"] == "diverged"
    answer = post(client, run="run", sample=0)
    assert answer.status_code == 200
    assert answer.json["loss"] > 1e37  # which float64 still holds


def test_weights_that_are_no_numbers_spread(service, client):
    run = a_run(**PAUSED)
    service.store().add(run)
    with service.looker.at(service.store(), run) as look:
        look.network.parameters()["1.weight"][2, 0] = np.nan
    answer = post(client, run="run", sample=0)
    assert answer.status_code == 200
    assert answer.json["loss"] is None
    assert answer.json["parameters"]["1.weight"][2][:2][0] is None
    assert [logit is None for logit in answer.json["logits"]] == [k == 2 for k in range(10)]
    assert "not a finite number" in answer.json["outcome"]
