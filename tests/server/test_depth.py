"""POST /api/trace/depth: a deep stack that learns by the page of steps, and what is refused."""

from __future__ import annotations

import pytest

from cnn_engine import trace_depth


def post(client, **body):
    return client.post("/api/trace/depth", json=body)


def test_a_stack_is_the_engines(client):
    body = {
        "activation": "tanh",
        "initialisation": {"name": "normal", "std": 0.5},
        "layers": 4,
        "width": 6,
        "learning_rate": 0.2,
        "updates": 7,
        "seed": 3,
    }
    answer = post(client, **body, steps={"start": 2, "count": 3}).json
    engine = trace_depth(**body)
    steps, columns = answer["steps"], engine.columns(2, 5)
    assert (steps["total"], steps["start"], steps["count"]) == (7, 2, 3)
    for name, column in columns.items():
        assert steps[name] == column.tolist(), name
    assert steps["description"] == engine.descriptions(2, 5)
    assert answer["tensors"]["loss"]["values"] == engine.tensors["loss"].tolist()
    assert answer["params"]["samples"] == 32


def test_what_is_no_number_is_null_and_told(client):
    steps = post(client, activation="relu", initialisation="he", learning_rate=5, updates=6).json["steps"]
    assert steps["values"][-1] == [None] * 10
    assert steps["value_states"][-1] == ["nan"] * 10
    assert any("infinite" in states for states in steps["value_states"])
    assert "NaN" in steps["description"][-1]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"activation": "softmax"}, "activation"),
        ({"initialisation": "glorot"}, "initialisation"),
        ({"initialisation": {"name": "normal", "std": -1}}, "initialisation.std"),
        ({"initialisation": {"name": "zeros", "std": 1}}, "initialisation.std"),
        ({"layers": 13}, "layers"),
        ({"width": 1000}, "width"),
        ({"learning_rate": 0}, "learning_rate"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"updates": 1000}, "updates"),
        ({"steps": {"start": 100}}, "steps.start"),
        ({"epochs": 3}, "epochs"),
    ],
)
def test_refusals_name_the_field(client, body, field):
    response = post(client, **body)
    assert response.status_code == 422, response.json
    assert field in [error["field"] for error in response.json["errors"]]


def test_what_it_takes_is_counted_before_it_begins(make_client):
    largest = {"layers": 12, "width": 64, "updates": 200}
    assert post(make_client(), **largest, steps={"count": 1}).status_code == 200
    refused = post(make_client(MAX_WORK=50_000_000), **largest, steps={"count": 1})
    assert refused.status_code == 413, refused.json


def test_the_presets_name_every_initialisation(client):
    for row in client.get("/api/presets").json["initialisations"]:
        assert row["title"]
        assert row["sentence"].endswith(".")
        answer = post(client, initialisation={"name": row["name"], **row["opens"]}, updates=1)
        assert answer.status_code == 200, row["name"]
