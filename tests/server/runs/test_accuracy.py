"""Accuracy over HTTP: one share for every loss; what Start would refuse is refused by the check, in the same words."""

from __future__ import annotations

import numpy as np
import pytest

from .support import until

BODY = {
    "architecture": "linear",
    "dataset": "digits",
    "train_samples": 320,
    "epochs": 2,
    "seed": 3,
    "optimizer": {"name": "adam", "learning_rate": 0.03},
    "steps_per_second": None,
}
NORMALISED = [
    {"layer": "conv2d", "out_channels": 4, "kernel_size": 3},
    {"layer": "relu"},
    {"layer": "global_avg_pool2d"},
    {"layer": "batch_norm2d"},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 10},
]


def finished(app, worker, **other):
    client = app.test_client()
    response = client.post("/api/runs", json=BODY | other)
    assert response.status_code == 201, response.json
    path = f"/api/runs/{response.json['id']}"
    worker(app)
    run = until(lambda: (run := client.get(path).json)["end"] and run)
    return client, path, run


@pytest.mark.parametrize(
    "other",
    [
        {"loss": "binary_cross_entropy"},
        {"loss": "mse"},
        {"loss": "cross_entropy", "class_weights": [3, 1, 1, 1, 1, 1, 1, 1, 1, 0.5]},
    ],
)
def test_accuracy_is_the_diagonal_in_the_run_its_epochs_and_its_evaluation(app, worker, other):
    client, path, run = finished(app, worker, **other)
    evaluation = client.get(f"{path}/evaluation?split=validation").json
    matrix = np.array(evaluation["confusion_matrix"])
    share = matrix.trace() / matrix.sum()
    points = client.get(f"{path}/points").json
    assert share > 0.4
    assert evaluation["accuracy"] == run["metrics"]["validation_accuracy"] == share
    assert points["epochs"][-1]["validation_accuracy"] == share
    assert evaluation["loss"] == pytest.approx(run["metrics"]["validation_loss"], rel=1e-5)
    assert [epoch["accuracy"] for epoch in points["epochs"]] == pytest.approx(
        [np.mean([point[2] for point in points["points"][start : start + 10]]) for start in (0, 10)]
    )
    assert len(evaluation["per_class"]) == 10
    items = client.get(f"{path}/predictions?count=400").json["items"]
    assert np.mean([item["correct"] for item in items]) == share
    tested = client.get(f"{path}/evaluation").json
    assert tested["accuracy"] == np.trace(tested["confusion_matrix"]) / np.sum(tested["confusion_matrix"])
    assert run["end"]["reason"] == "2 epochs are complete"


def test_a_regression_has_no_accuracy_anywhere(app, worker):
    client, path, run = finished(app, worker, dataset="angles", epochs=1)
    assert (run["metrics"]["accuracy"], run["metrics"]["validation_accuracy"]) == (None, None)
    assert client.get(f"{path}/points").json["epochs"][0]["validation_accuracy"] is None
    assert client.get(f"{path}/evaluation").json.get("accuracy") is None
    assert run["end"]["reason"] == "1 epoch is complete"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"batch_size": 34}, "batch_size", ("layer 4 (batch_norm2d)", "1259 = 37 × 34 + 1", "batch_size 33 works")),
        ({"batch_size": 1, "train_samples": 2}, "batch_size", ("batch_size 2 works",)),
        ({"batch_size": 97, "train_samples": 96}, "batch_size", ("exceeds the 96 training samples",)),
        ({"loss": "cross_entropy", "dataset": "angles"}, "loss", ("cross_entropy is for classes",)),
        ({"loss": "mse", "class_weights": [1] * 10}, "class_weights", ("for cross_entropy, not for mse",)),
        ({"class_weights": [1, 2]}, "class_weights", ("2 weights", "10 outputs")),
        ({"class_weights": "balanced", "dataset": "angles", "loss": "mse"}, "class_weights", ("angles has none",)),
        ({"class_weights": [1] * 9 + [0]}, "class_weights", ("must be more than 0",)),
        ({"initialisation": {"name": "normal", "std": -1}}, "initialisation.std", ("must be more than 0",)),
        ({"dataset_options": {"imbalance": 0.5}}, "dataset_options.imbalance", ("from 1 to 1,000",)),
        ({"dataset_options": {"imbalance": 20}, "batch_size": 1000}, "batch_size", ("training samples",)),
        ({"batch_size": 33}, None, ()),
    ],
)
def test_the_check_and_start_give_the_same_answer(app, change, field, words):
    client = app.test_client()
    body = {"architecture": NORMALISED, "dataset": "digits", "epochs": 1} | change
    if body["dataset"] == "angles":
        body["architecture"] = [*NORMALISED[:-1], {"layer": "linear", "out_features": 1}]
    problem = client.post("/api/architectures/check", json=body).json["problem"]
    started = client.post("/api/runs", json=body | {"optimizer": "sgd", "steps_per_second": None})
    if field is None:
        assert (problem, started.status_code) == (None, 201)
        return
    assert started.status_code == 422
    assert started.json["errors"] == [{"field": field, "message": problem["message"]}]
    assert (problem["field"], problem["layer"]) == (field, None)
    for word in words:
        assert word in problem["message"]


def test_balanced_weights_and_an_imbalance_are_settings_of_a_run(app, worker):
    _, path, run = finished(
        app, worker, dataset_options={"imbalance": 10}, train_samples=None, class_weights="balanced", epochs=1
    )
    weights, sizes = run["class_weights"], run["settings"]["dataset_options"]
    assert run["settings"]["class_weights"] == "balanced"
    assert sizes == {"imbalance": 10}
    assert weights[9] == pytest.approx(10 * weights[0], rel=0.1)
    client = app.test_client()
    again = client.post(
        "/api/runs", json=BODY | {"dataset_options": sizes, "train_samples": None, "class_weights": weights}
    )
    assert again.json["settings"]["class_weights"] == again.json["class_weights"] == weights
    refused = client.post("/api/runs", json=BODY | {"class_weights": "heavy"})
    assert refused.json["errors"][0]["field"] == "class_weights"
    assert path


def test_how_weights_begin_is_a_setting_of_a_run_and_of_what_is_shown_before_it(app):
    client = app.test_client()
    begins = {"name": "constant", "val": 0.25}
    started = client.post("/api/runs", json=BODY | {"initialisation": begins})
    assert started.json["settings"]["initialisation"] == begins
    body = {"architecture": "linear", "dataset": "digits", "initialisation": begins, "loss": "mse"}
    shown = client.post("/api/architectures/snapshot", json=body).json
    assert np.all(np.array(shown["layers"][1]["weight"]["values"]) == 0.25)
    assert all(0 <= share <= 1 for share in shown["probabilities"])
