"""/api/models/{id}: a model is bent, and its own answer stands beside; what a map is made of; what feeds what."""

from __future__ import annotations

import time

import numpy as np
import pytest

from cnn_engine.models import SHIPPED, Model, answer, bend, shipped
from cnn_server import create_app
from tests.engine.models.cases import PAPER_INPUT, any_model
from tests.server.test_models import WIDE, ask, upload

RAISED = {"parameter": "4.bias", "index": [1], "value": 30}


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})


@pytest.fixture
def name(client):
    """The id of the model on paper, opened by this client."""
    return upload(client).json["id"]


def test_a_changed_number_changes_every_answer_and_nothing_that_is_kept(client, name):
    assert ask(client, name, changes=[RAISED]).json["logits"] == [16, 24]
    assert ask(client, name, parameters={"4.bias": [0, 0]}, changes=[RAISED]).json["logits"] == [11, 24]
    step = ask(client, name, "cell", layer=4, index=[1], changes=[RAISED]).json["steps"]
    assert (step["bias"], step["output"]) == ([30], [24])
    why = ask(client, name, "why", changes=[RAISED], **{"class": 1}).json
    assert (why["logit"], why["exact"]) == (24, True)
    assert ask(client, name).json["logits"] == [16, -7]


def test_the_models_own_answer_stands_beside_with_what_it_took(client, name):
    answer = ask(client, name, changes=[RAISED], off=[{"layer": 3, "channel": 1}], compare=True, layers=[4]).json
    assert answer["logits"] == [12, 23]
    assert [row["layer"] for row in answer["maps"]] == [4]
    compared = answer["compared"]
    assert compared["logits"] == [16, -7]
    assert compared["weights"] == {"changed": 1, "of": 10, "largest": 31}
    assert (compared["distance"], compared["was"]) == (31, [-1])
    assert compared["cells"] == {"changed": 3, "of": 8 + 8 + 2 + 2 + 2, "largest": 30}
    assert compared["maps"][3:] == [
        {"layer": 3, "changed": 1, "of": 2, "largest": 2},
        {"layer": 4, "changed": 2, "of": 2, "largest": 30},
    ]
    assert "compared" not in ask(client, name, changes=[RAISED]).json


def test_a_comparison_comes_as_bytes_too(client, name):
    body = {"input": PAPER_INPUT, "changes": [RAISED], "compare": True, "layers": []}
    accepts = {"Accept": "application/octet-stream"}
    given = client.post(f"/api/models/{name}/answer", json=body, headers=accepts)
    shapes = dict(part.split("=") for part in given.headers["X-Tensor-Parts"].split(";"))
    assert shapes["compared.logits"] == shapes["logits"] == "2"
    sizes = [int(np.prod([int(side) for side in shape.split(",")])) for shape in shapes.values()]
    numbers = np.split(np.frombuffer(given.data, "<f4"), np.cumsum(sizes))
    found = dict(zip(shapes, numbers, strict=False))
    assert found["compared.weights"].tolist() == [1, 10, 31]
    assert found["compared.cells"].tolist() == [1, 22, 31]
    assert (found["compared.distance"].tolist(), found["compared.was"].tolist()) == ([31], [-1])


@pytest.mark.parametrize("model", SHIPPED)
def test_a_shipped_model_is_bent_as_the_engine_bends_it(client, model):
    learned = shipped(model)
    change = {"parameter": "0.weight", "index": [0] * 4, "value": -2.5}
    reply = ask(client, model, input={"sample": 1}, changes=[change]).json
    expected = answer(bend(learned, [change]), reply["input"]).logits
    np.testing.assert_allclose(reply["logits"], expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("answer", {"changes": [{"parameter": "4.bias", "index": [1]}]}, "changes[0].value"),
        ("answer", {"changes": [RAISED | {"value": None}]}, "changes[0].value"),
        ("answer", {"changes": [RAISED | {"value": "1"}]}, "changes[0].value"),
        ("answer", {"changes": [RAISED | {"value": 1e13}]}, "changes[0].value"),
        ("answer", {"changes": [RAISED | {"value": True}]}, "changes[0].value"),
        ("answer", {"changes": [RAISED | {"index": []}]}, "changes[0].index"),
        ("answer", {"changes": [RAISED | {"index": [-1]}]}, "changes[0].index[0]"),
        ("answer", {"changes": [RAISED | {"more": 1}]}, "changes[0].more"),
        ("answer", {"changes": [RAISED] * 1_001}, "changes"),
        ("answer", {"changes": {"4.bias": 1}}, "changes"),
        ("answer", {"changes": [RAISED, RAISED]}, "changes.1"),
        ("answer", {"changes": [RAISED | {"parameter": "1.weight"}]}, "changes.0.parameter"),
        ("answer", {"changes": [RAISED | {"index": [2]}]}, "changes.0.index.0"),
        ("cell", {"layer": 0, "index": [0, 0, 0], "changes": [RAISED | {"index": [0, 0]}]}, "changes.0.index"),
        ("why", {"changes": [RAISED | {"index": [2]}]}, "changes.0.index.0"),
        ("answer", {"compare": 1}, "compare"),
        ("parts", {"layer": 5, "channel": 0}, "layer"),
        ("parts", {"layer": 0, "channel": 2}, "channel"),
        ("parts", {"layer": 0}, "channel"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(client, name, what, body, field):
    given = ask(client, name, what, **body)
    assert given.status_code == 422, given.json
    assert given.json["errors"][0]["field"] == field


def test_what_takes_too_long_is_refused_before_it_is_begun(client):
    layers = ["flatten", *({"layer": "linear", "out_features": count} for count in (200, 2))]
    model, sample = any_model(layers, (1, 15, 15), 0)
    name = upload(client, model).json["id"]
    change = {"parameter": "2.bias", "index": [0], "value": 1}
    client.application.config["MAX_WORK"], most = 1_000_000, client.application.config["MAX_WORK"]
    try:
        given = ask(client, name, input=sample.tolist(), changes=[change])
    finally:
        client.application.config["MAX_WORK"] = most
    assert (given.status_code, given.json["errors"][0]["field"]) == (422, "changes")
    assert ask(client, name, input=sample.tolist(), changes=[change], compare=True).status_code == 200


def test_the_parts_of_a_map_are_as_on_paper(client, name):
    answer = ask(client, name, "parts", layer=0, channel=0).json
    assert answer == {
        "layer": 0,
        "channel": 0,
        "channels": [0],
        "inputs": {"shape": [1, 2, 2], "values": PAPER_INPUT},
        "kernels": {"shape": [1, 1, 1], "values": [[[2]]]},
        "partials": {"shape": [1, 2, 2], "values": [[[2, -4], [6, 0]]]},
        "sum": {"shape": [2, 2], "values": [[2, -4], [6, 0]]},
        "bias": 1,
        "weight": "0.weight",
        "bias_name": "0.bias",
        "output": {"shape": [2, 2], "values": [[3, -3], [7, 1]]},
        "activation": {"shape": [2, 2], "values": [[3, 0], [7, 1]]},
        "read": None,
    }
    pooled = ask(client, name, "parts", layer=2, channel=1).json
    assert (pooled["kernels"], pooled["sum"], pooled["weight"]) == (None, None, None)


def test_what_feeds_what_follows_the_changes(client, name):
    def strengths(**body):
        return [row["strengths"] for row in client.post(f"/api/models/{name}/wiring", json=body).json]

    assert strengths()[:4] == [[[2], [1]], None, None, [[2**0.5, 4.25**0.5]]]
    change = {"parameter": "0.weight", "index": [1, 0, 0, 0], "value": -3}
    assert strengths(changes=[change])[0] == [[2], [3]]
    rows = client.post(f"/api/models/{name}/wiring", json={}).json
    assert [row["strongest"] for row in rows[:4]] == [[0, 0], None, None, [1]]
    refused = client.post(f"/api/models/{name}/wiring", json={"changes": [change, change]})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "changes.1")


def test_a_bent_model_is_kept_as_another(client, name):
    made = client.post("/api/models", json={"model": name, "changes": [RAISED]})
    assert made.status_code == 201
    answer = made.json
    assert (answer["name"], answer["source"], answer["mine"]) == (
        "on paper (bent)",
        "on paper, 1 of its numbers changed",
        True,
    )
    assert answer["accuracy"] is None
    assert ask(client, answer["id"]).json["logits"] == [16, 24]
    assert ask(client, name).json["logits"] == [16, -7]
    refusals = [({"model": "none"}, 404, None), ({"model": 3}, 422, "model"), ({"model": name, "run": "a"}, 422, "run")]
    for body, status, field in [*refusals, ({"model": name, "changes": [RAISED, RAISED]}, 422, "changes.1")]:
        refused = client.post("/api/models", json=body)
        assert refused.status_code == status
        assert field is None or refused.json["errors"][0]["field"] == field


@pytest.mark.parametrize(("channels", "groups"), [(20_000, 20_000), (1900, 1)])
def test_strengths_of_too_many_pairs_of_maps_are_refused_before_they_are_told(client, channels, groups):
    layers = [{"layer": "conv2d", "out_channels": channels, "kernel_size": 1, "groups": groups, "bias": False}]
    layers += ["flatten", {"layer": "linear", "out_features": 2}]
    parameters = {
        "0.weight": np.zeros((channels, channels // groups, 1, 1), np.float16),
        "2.weight": np.zeros((2, channels), np.float16),
        "2.bias": np.zeros(2, np.float16),
    }
    model, name = Model(layers, parameters, (channels, 1, 1), ["one", "two"]), f"in-{groups}-groups"
    client.application.extensions["models"].add(name, model, "nobody")
    began = time.process_time()
    refused = client.post(f"/api/models/{name}/wiring", json={})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "model_id")
    assert "for one answer" in refused.json["detail"]
    assert time.process_time() - began < WIDE


# ---- the smallest change that turns an answer


def test_the_smallest_change_can_be_made_and_turns_the_answer(client):
    body = {"input": {"sample": 1}}
    best = ask(client, "digits", **body).json["best"]
    answer = ask(client, "digits", "smallest-change", **body).json
    assert (answer["class"] != best, answer["bound"]) == (True, 10)
    for one in (answer["bias"], answer["weight"]):
        change = {"parameter": one["parameter"], "index": one["index"], "value": one["after"]}
        bent = ask(client, "digits", **body, changes=[change], compare=True).json
        assert (bent["best"], bent["compared"]["best"], bent["compared"]["was"]) == (
            answer["class"],
            best,
            [one["before"]],
        )
        half = change | {"value": (one["before"] + one["after"]) / 2}
        assert ask(client, "digits", **body, changes=[half]).json["best"] != answer["class"]


def test_the_smallest_change_is_of_the_model_as_it_is_bent(client, name):
    answer = ask(client, name, "smallest-change", changes=[RAISED]).json  # logits 16 and 24: now the first is wanted
    assert (answer["class"], answer["bias"]["parameter"], answer["bias"]["index"]) == (0, "0.bias", [0])
    assert answer["bias"]["after"] == pytest.approx(
        1 + (24 - 16) / 2, rel=2e-3
    )  # it counts for one and against the other
    assert ask(client, name, "smallest-change", **{"class": 1, "bound": 0.5}).json["weight"] is None
    refused = ask(client, name, "smallest-change", **{"class": 0})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "class")
    assert refused.json["errors"][0]["message"] == 'class "yes" has the largest logit already, so nothing has to change'


def test_a_smallest_change_that_takes_too_long_is_refused_before_it_is_begun(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_WHY_WORK", 100_000_000)
    refused = ask(client, "digits", "smallest-change", input={"sample": 1})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "class")
    assert "takes" in refused.json["errors"][0]["message"]


def test_how_strong_a_line_is_comes_as_a_share(client, name):
    rows = client.post(f"/api/models/{name}/wiring", json={}).json
    assert [row["shares"] for row in rows[:3]] == [[[1], [0.5]], None, None]


def test_whether_a_model_is_sure_is_said_for_a_threshold(client):
    request = {"input": {"sample": 1}}
    most = max(ask(client, "digits", **request).json["probabilities"])
    for threshold, sure in ((0, True), (most, True), (min(1, most + 1e-6), most == 1)):
        assert ask(client, "digits", **request, threshold=threshold).json["sure"] is sure
    assert ask(client, "digits", **request, threshold=1.5).status_code == 422
