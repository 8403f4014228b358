"""POST /api/trace/optimizers: a race by the page of steps, and what is refused."""

from __future__ import annotations

import pytest

from cnn_engine import trace_optimizers


def post(client, **body):
    return client.post("/api/trace/optimizers", json=body)


def test_a_race_is_the_engines(client):
    body = {
        "landscape": "saddle",
        "start": [-1.5, 0.25],
        "optimizers": ["sgd", {"name": "adam", "learning_rate": 0.25, "betas": [0.8, 0.9]}],
        "learning_rate": 0.125,
        "schedule": {"name": "cosine", "T_max": 20},
        "noise": 0.5,
        "seed": 3,
        "updates": 20,
    }
    response = post(client, **body, steps={"start": 5, "count": 4})
    assert response.status_code == 200, response.json
    answer = response.json
    engine = trace_optimizers(**body)
    assert answer["op"] == "optimizers"
    assert answer["tensors"]["output"]["values"] == engine.tensors["output"].tolist()
    steps = answer["steps"]
    assert (steps["total"], steps["start"], steps["count"]) == (20, 5, 4)
    columns = engine.columns(5, 9)
    for name in ("position", "gradient", "learning_rate", "adam.exp_avg", "sgd.step", "event", "running"):
        assert steps[name] == columns[name].tolist()
    assert steps["description"] == engine.descriptions(5, 9)
    runners = {runner["name"]: runner for runner in answer["params"]["runners"]}
    assert runners["adam"]["constants"] == {"beta1": 0.8, "beta2": 0.9, "eps": 1e-8}
    assert runners["sgd"]["lines"][0] == {"name": "step", "formula": ["rate", "×", "gradient"]}


def test_a_race_without_a_word_is_as_the_page_opens(client):
    answer = post(client).json
    assert answer["params"]["landscape"] == "valley"
    assert [runner["name"] for runner in answer["params"]["runners"]] == [
        "sgd",
        "momentum",
        "nesterov",
        "adagrad",
        "rmsprop",
        "adam",
    ]
    assert answer["tensors"]["relief"]["shape"] == [81, 121]


def test_a_divergence_has_no_number_that_json_lacks(client):
    answer = post(client, optimizers=["sgd"], learning_rate=2, updates=30).json
    assert answer["tensors"]["loss"]["values"][-1] == [None]
    assert all(number is not None for row in answer["tensors"]["output"]["values"] for point in row for number in point)
    assert "diverge" in answer["steps"]["description"][-1]


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"landscape": "hill"}, 422, "landscape"),
        ({"optimizers": ["lion"]}, 422, "optimizers[0]"),
        ({"optimizers": []}, 422, "optimizers"),
        ({"optimizers": ["adam", {"name": "adam"}]}, 422, "optimizers[1]"),
        ({"optimizers": [{"name": "adam", "learning_rate": 0}]}, 422, "optimizers[0].learning_rate"),
        ({"optimizers": [{"name": "adam", "momentum": 0.9}]}, 422, "optimizers[0].momentum"),
        ({"optimizers": [{"name": "adam", "betas": [[1]]}]}, 422, "optimizers[0]"),
        ({"learning_rate": 0}, 422, "learning_rate"),
        ({"learning_rate": -0.1}, 422, "learning_rate"),
        ({"learning_rate": "fast"}, 422, "learning_rate"),
        ({"start": [9, 0]}, 422, "start"),
        ({"start": [1]}, 422, "start"),
        ({"schedule": "slower"}, 422, "schedule"),
        ({"schedule": {"name": "cosine"}}, 422, "schedule.T_max"),
        ({"noise": -1}, 422, "noise"),
        ({"updates": 0}, 422, "updates"),
        ({"updates": 501}, 413, "updates"),
        ({"steps": {"start": 120}}, 422, "steps.start"),
        ({"epochs": 3}, 422, "epochs"),
    ],
)
def test_refusals_name_the_field(client, body, status, field):
    response = post(client, **body)
    assert response.status_code == status, response.json
    assert response.mimetype == "application/problem+json"
    assert field in [error["field"] for error in response.json["errors"]]


def test_a_rate_that_is_no_number_is_not_json(client):
    response = client.post("/api/trace/optimizers", data='{"learning_rate": NaN}', content_type="application/json")
    assert response.status_code == 400
    assert "NaN" in response.json["detail"]


def test_how_long_a_race_may_be_is_a_setting(make_client):
    client = make_client(MAX_RACE_UPDATES=10)
    assert post(client, updates=10).status_code == 200
    assert post(client, updates=11).status_code == 413


def test_the_presets_name_every_landscape_and_runner(client):
    presets = client.get("/api/presets").json
    for landscape in presets["landscapes"]:
        assert landscape["title"]
        body = {"landscape": landscape["name"], "optimizers": list(landscape["rates"]), "updates": 2}
        answer = post(client, **body).json
        assert answer["params"]["start"] == landscape["start"]
        rates = {runner["name"]: runner["learning_rate"] for runner in answer["params"]["runners"]}
        assert rates == landscape["rates"]
    assert [runner["name"] for runner in presets["runners"]] == list(presets["landscapes"][0]["rates"])
