"""POST /api/trace/network: a network's timeline over HTTP, and what is refused."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest

from cnn_engine import trace_network
from cnn_engine.data import load_dataset
from cnn_engine.models import Model, save
from cnn_engine.nn import Network
from cnn_engine.relations.kept import Kept
from cnn_server import create_app, kept_networks
from cnn_server.api import learners


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})


HAND = [
    {"layer": "conv2d", "out_channels": 1, "kernel_size": 1},
    {"layer": "relu"},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 2},
]
PARAMETERS = {
    "0.weight": [[[[2]]]],
    "0.bias": [-5],
    "3.weight": [[1, 1, 1, 0], [0, 0, 1, 1]],
    "3.bias": [0, 0],
}
BODY = {
    "architecture": HAND,
    "parameters": PARAMETERS,
    "input": [[1, 2], [3, 4]],
    "target": [0, 2],
    "loss": "mse",
    "optimizer": {"name": "sgd", "learning_rate": 0.125},
}
CHECK = {"parameter": "3.weight", "index": [0, 2], "reach": 2}
CLASSES = BODY | {"target": 1, "loss": "cross_entropy"}


def post(client, **body):
    return client.post("/api/trace/network", json=body)


def without(body, *names):
    return {name: value for name, value in body.items() if name not in names}


def test_a_network_by_hand(client):
    response = post(client, **BODY)
    assert response.status_code == 200, response.json
    answer = response.json
    assert (answer["op"], answer["loss"], answer["loss_after"]) == ("network", 2.5, 2.5390625)
    assert answer["predicted_change"] == -46.125
    assert answer["logits"] == [1, 4]
    assert answer["gradients"] == {
        "0.weight": [[[[17]]]],
        "0.bias": [5],
        "3.weight": [[0, 0, 1, 3], [0, 0, 2, 6]],
        "3.bias": [1, 2],
    }
    assert answer["parameters"] == PARAMETERS
    assert answer["parameters_after"]["3.bias"] == [-0.125, -0.25]
    assert answer["input_gradient"] == [[[0, 0], [6, 4]]]
    assert answer["timeline"][0] == {
        "pass": "forward",
        "layer": 0,
        "op": "conv2d",
        "tensor": "0.output",
        "start": 0,
        "count": 4,
        "title": "Forward: layer 1, Convolution",
        "label": "1. Convolution",
    }
    loss = next(entry for entry in answer["timeline"] if entry["pass"] == "loss")
    assert (loss["layer"], loss["op"]) == (None, "mse")
    assert answer["tensors"]["1.gradient"]["values"] == [[[1, 1], [3, 2]]]
    assert answer["steps"]["total"] == sum(entry["count"] for entry in answer["timeline"])
    assert "the loss went up to ≈2.539" in answer["outcome"]
    assert "too large to keep the promise" in answer["outcome"]
    assert answer["optimizer_state"] == {"updates": 0}


def test_updates_go_before_the_one_that_is_shown(client):
    answer = post(client, **BODY, updates=2).json
    # After the first the map is negative, ReLU passes nothing, and only the biases of the answers still learn.
    assert answer["parameters"]["0.weight"] == [[[[-0.125]]]]
    assert answer["parameters"]["3.bias"] == [-0.125 + 0.125 / 8, -0.25 + 2.25 / 8]
    assert answer["logits"] == answer["parameters"]["3.bias"]
    assert answer["optimizer_state"] == {"updates": 2}


@pytest.mark.parametrize("optimizer", ["adam", {"name": "sgd", "momentum": 0.9}, {"name": "rmsprop", "momentum": 0.5}])
def test_what_an_answer_has_goes_on_as_many_updates_at_once_do(client, optimizer):
    body = CLASSES | {"optimizer": optimizer}
    step = post(client, **body).json
    for updates in (1, 2):
        given = {name: step[name] for name in ("parameters", "optimizer_state")}
        step = post(client, **body | given, updates=updates).json
    whole = post(client, **body, updates=3).json
    assert (step.pop("finite_updates"), whole.pop("finite_updates")) == (2, 3)
    assert step == whole
    assert whole["optimizer_state"]["updates"] == 3
    assert len(whole["optimizer_state"]) > 1


def test_a_learning_rate_that_is_not_the_optimizers_own_goes_on(client):
    first = post(client, **BODY, optimizer_state={"updates": 2, "learning_rate": 0.5}).json
    assert first["optimizer_state"] == {"updates": 2, "learning_rate": 0.5}
    assert first["parameters_after"]["3.bias"] == [-0.5, -1]  # the gradients are 1 and 2
    again = post(client, **BODY, optimizer_state=first["optimizer_state"]).json
    assert again["parameters_after"] == first["parameters_after"]


def test_the_loss_over_one_number(client, make_client):
    check = post(client, **BODY, check=CHECK).json["check"]
    assert (check["value"], check["gradient"], check["corners"]) == (1, 1, [])
    assert (check["values"][0], check["values"][-1]) == (-1, 3)
    assert (check["losses"][0], check["losses"][-1], check["tangent"][0], check["tangent"][-1]) == (2.5, 6.5, 0.5, 4.5)
    assert "they agree" in check["finding"]
    assert (len(check["crossed"]), set(check["crossed"])) == (41, {""})
    assert "check" not in post(client, **BODY).json
    unknown = post(client, **BODY | {"parameters": PARAMETERS | {"3.bias": [None, 0]}}, check=CHECK).json["check"]
    assert (unknown["gradient"], unknown["losses"][0]) == (None, None)
    refused = post(make_client(MAX_WORK=20_000_000), **BODY, check=CHECK)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (413, "check")


def test_the_paths_of_one_number(client, make_client):
    paths = {"tensor": "0.weight", "index": [0, 0, 0, 0]}
    found = post(client, **BODY, paths=paths).json["paths"]
    assert found["along"] == ["3.output", "2.output", "1.output", "0.output", "0.weight"]
    assert found["made_by"][:2] == ["Mean squared error", "Dense layer"]
    assert found["paths"][0] == {
        "cells": [[1], [3], [0, 1, 1], [0, 1, 1], [0, 0, 0, 0]],
        "local": [2, 1, 1, 1, 4],
        "product": 8,
    }
    assert (found["sum"], found["gradient"], found["total"], found["stopped"]) == (17, 17, 8, {"gate": 2, "weight": 3})
    assert found["reached"]["3.output"] == [[0], [1]]
    assert "8 paths lead from this weight" in found["finding"]
    assert "paths" not in post(client, **BODY).json
    unknown = post(client, **BODY | {"parameters": PARAMETERS | {"3.bias": [None, 0]}}, paths=paths).json["paths"]
    assert (unknown["gradient"], unknown["sum"]) == (None, None)
    refused = post(make_client(MAX_WORK=10_700_000), **BODY, paths=paths)  # the network alone takes 10.2 ms
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (413, "paths")


def test_as_many_updates_as_there_is_time_for(client, make_client):
    assert post(client, **BODY, updates=100).status_code == 200
    cap = 40_000_000
    refused = post(make_client(MAX_WORK=cap), **BODY, updates=100)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (413, "updates")
    most = int(refused.json["detail"].split("; ")[1].split(" would")[0])
    assert 0 < most < 100
    assert post(make_client(MAX_WORK=cap), **BODY, updates=most).status_code == 200
    assert post(make_client(MAX_WORK=cap), **BODY, updates=most + 1).status_code == 413


def test_the_steps_of_one_entry_are_those_of_its_own_trace(client):
    trace = trace_network(**BODY)
    index, entry = next((k, e) for k, e in enumerate(trace.timeline) if e.op == "conv2d_backward" and e.wrt == "weight")
    answer = post(
        client, **BODY, steps={"start": entry.start, "count": entry.count}, parts=["card", "links", "messages"]
    )
    steps = answer.json["steps"]
    own = trace.part(index).columns()
    assert steps["entry"] == [index]
    assert (own["zero"].tolist(), steps["zero"]) == ([["above", "above", "", ""]], [["gate", "gate", "", ""]])
    for name in own.keys() - {"zero"}:  # why what comes from above is 0 only the network knows
        assert steps[name] == own[name].tolist()
    assert len(steps["messages"]) == len(steps["description"]) == 1
    (shown,) = answer.json["traces"]
    assert (shown["entry"], shown["total"], shown["op"]) == (index, 1, "conv2d_backward")
    assert shown["tensors"]["output"]["values"] == [[[[17]]]]
    assert shown["panels"]
    assert shown["card"]["cards"]
    assert shown["links"]


def test_steps_of_several_entries_have_null_for_what_their_own_lacks(client):
    steps = post(client, **BODY, steps={"start": 2, "count": 8}).json["steps"]
    assert steps["entry"] == [0, 0, 1, 1, 1, 1, 2, 2]
    assert steps["output"] == [1, 3, 0, 0, 1, 3, 0, 0]
    assert steps["products"] == [[[[6]]], [[[8]]], *[None] * 6]
    assert steps["output_cell"] == [[0, 1, 0], [0, 1, 1], [0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], 0, 1]
    assert "traces" not in post(client, **BODY).json


def test_weights_of_a_seed_are_those_of_a_network(client):
    answer = post(client, **without(CLASSES, "parameters"), seed=7).json
    drawn = Network(HAND, input_shape=(1, 2, 2), seed=7, dtype="float64").parameters()
    for name, values in drawn.items():
        np.testing.assert_array_equal(answer["parameters"][name], values)
    assert answer["params"]["optimizer"] == {"name": "sgd", "learning_rate": 0.125}


def test_null_is_no_number_and_spreads(client):
    answer = post(client, **CLASSES | {"parameters": PARAMETERS | {"3.bias": [None, 0]}})
    assert answer.status_code == 200
    assert answer.json["logits"] == [None, 4]
    assert (answer.json["loss"], answer.json["loss_after"]) == (None, None)
    assert answer.json["parameters"]["3.bias"] == [None, 0]
    assert answer.json["gradients"]["0.weight"] == [[[[None]]]]


def broken(name):
    """The parameters with the first number of one of them missing, as in a run that has diverged."""
    values = np.array(PARAMETERS[name], object)
    values.flat[0] = None
    return PARAMETERS | {name: values.tolist()}


EVERYTHING = {
    "parts": ["card", "links", "messages"],
    "check": CHECK,
    "overview": True,
    "paths": {"tensor": "0.weight", "index": [0, 0, 0, 0]},
}


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "adagrad"])
@pytest.mark.parametrize("body", [BODY, CLASSES, CLASSES | {"target": [0, 1], "loss": "binary_cross_entropy"}])
@pytest.mark.parametrize("name", PARAMETERS)
def test_whatever_is_asked_of_numbers_that_are_none_is_answered(client, name, body, optimizer):
    answer = post(client, **body | EVERYTHING | {"parameters": broken(name), "optimizer": optimizer})
    assert answer.status_code == 200, answer.json
    json.loads(answer.text, parse_constant=pytest.fail)  # NaN and Infinity are no JSON
    assert len(answer.json["steps"]["description"]) == answer.json["steps"]["total"]
    first = np.array(answer.json["parameters"][name], object).flat[0]
    after = np.array(answer.json["parameters_after"][name], object).flat[0]
    assert (first, after) == (None, None)


@pytest.mark.parametrize("updates", [1, 5])
def test_numbers_beyond_all_floats_are_answered_as_none(client, updates):
    absurd = {"optimizer": {"name": "sgd", "learning_rate": 1e300}, "updates": updates}
    answer = post(client, **BODY | EVERYTHING | absurd)
    assert answer.status_code == 200, answer.json
    json.loads(answer.text, parse_constant=pytest.fail)  # NaN and Infinity are no JSON


def test_an_input_without_a_number_is_refused_where_it_is(client):
    answer = post(client, **BODY | {"input": [[1, None], [3, 4]]})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "input")
    assert "null" in answer.json["errors"][0]["message"]


def test_what_learning_made_is_taken_however_large_it_is_and_how_long_it_was_finite_is_said(client):
    given = BODY | {"loss": "mse", "target": [1.0, 0.0], "optimizer": {"name": "sgd", "learning_rate": 50}}
    whole = post(client, **given, updates=100).json
    finite = whole["finite_updates"]
    assert 10 < finite < 100
    last = post(client, **given, updates=finite).json
    assert last["finite_updates"] == finite
    assert last["loss"] is not None
    assert post(client, **given, updates=finite + 1).json["finite_updates"] == finite
    largest = np.max([np.abs(np.array(own)).max() for own in last["parameters"].values()])
    assert largest > 1e12
    again = post(client, **given | {key: last[key] for key in ("parameters", "optimizer_state")})
    assert (again.status_code, again.json["loss"]) == (200, last["loss"])


def test_an_absurd_rate_is_taken_and_said(client):
    answer = post(client, **BODY | {"optimizer": {"name": "sgd", "learning_rate": 1e300}}).json
    assert answer["loss_after"] is None
    assert "far too large" in answer["outcome"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (without(BODY, "parameters"), "parameters"),
        (BODY | {"seed": 1}, "seed"),
        (without(BODY, "architecture"), "architecture"),
        (without(BODY, "input"), "input"),
        (without(BODY, "target"), "target"),
        (BODY | {"sample": 1}, "sample"),
        (CLASSES | {"target": 2}, "target"),
        (CLASSES | {"target": -1}, "target"),
        (BODY | {"target": 1}, "target"),
        (BODY | {"target": [0, 1, 2]}, "target"),
        (BODY | {"target": [0, None]}, "target"),
        (CLASSES | {"target": 1.5}, "target"),
        (CLASSES | {"target": "yes"}, "target"),
        (CLASSES | {"target": [0, 1.5], "loss": "binary_cross_entropy"}, "target"),
        (CLASSES | {"target": [1], "loss": "binary_cross_entropy"}, "target"),
        (BODY | {"loss": "hinge"}, "loss"),
        (BODY | {"optimizer": {"name": "sgd", "learning_rate": 0}}, "optimizer.learning_rate"),
        (BODY | {"optimizer": {"name": "sgd", "learning_rate": -1}}, "optimizer.learning_rate"),
        (BODY | {"optimizer": {"name": "sgd", "learning_rate": None}}, "optimizer.learning_rate"),
        (BODY | {"optimizer": {"name": "sgd", "learning_rate": "fast"}}, "optimizer.learning_rate"),
        (BODY | {"optimizer": {"name": "sgd", "betas": [0, 1]}}, "optimizer.betas"),
        (BODY | {"parameters": PARAMETERS | {"3.bias": [0]}}, "parameters.3.bias"),
        (BODY | {"parameters": PARAMETERS | {"4.bias": [0]}}, "parameters.4.bias"),
        (BODY | {"parameters": PARAMETERS | {"3.bias": ["a"]}}, "parameters"),
        (BODY | {"parameters": [1]}, "parameters"),
        (BODY | {"architecture": "small"}, "architecture"),
        (BODY | {"architecture": [*HAND, {"layer": "dropout"}]}, "architecture.4"),
        (BODY | {"architecture": [HAND[0], {"layer": "batch_norm2d"}, *HAND[1:]]}, "architecture.1"),
        (BODY | {"check": CHECK | {"parameter": "weight"}}, "check.parameter"),
        (BODY | {"check": CHECK | {"index": [0, 9]}}, "check.index"),
        (BODY | {"check": CHECK | {"reach": 0}}, "check.reach"),
        (BODY | {"check": CHECK | {"reach": "1"}}, "check.reach"),
        (BODY | {"check": CHECK | {"more": 1}}, "check.more"),
        (BODY | {"paths": {"tensor": "loss", "index": [0]}}, "paths.tensor"),
        (BODY | {"paths": {"tensor": "0.output", "index": [0, 0]}}, "paths.index"),
        (BODY | {"paths": {"tensor": "0.output", "index": [0, 0, -1]}}, "paths.index[2]"),
        (BODY | {"updates": 101}, "updates"),
        (BODY | {"updates": -1}, "updates"),
        (BODY | {"updates": "all"}, "updates"),
        (BODY | {"optimizer_state": 1}, "optimizer_state"),
        (BODY | {"optimizer_state": {"updates": 1.5}}, "optimizer_state"),
        (BODY | {"optimizer_state": {"momentum_buffer": 1}}, "optimizer_state"),
        (BODY | {"optimizer_state": {"momentum_buffer": PARAMETERS}}, "optimizer_state"),
        (
            BODY | {"optimizer": "adam", "optimizer_state": {"exp_avg": PARAMETERS, "exp_avg_sq": {}}},
            "optimizer_state.exp_avg_sq.0.weight",
        ),
        (BODY | {"optimizer": "adam", "optimizer_state": {"updates": 5}}, "optimizer_state"),
        (BODY | {"optimizer_state": {"learning_rate": "0.5"}}, "optimizer_state"),
        (BODY | {"optimizer_state": {"learning_rate": -1}}, "optimizer_state"),
        (BODY | {"steps": {"start": 10_000}}, "steps.start"),
        (BODY | {"tensors": ["9.output"]}, "tensors"),
        (BODY | {"parts": ["everything"]}, "parts[0]"),
        (BODY | {"colour": "red"}, "colour"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(client, body, field):
    response = post(client, **body)
    assert response.status_code == 422, response.json
    assert field in [error["field"] for error in response.json["errors"]]


def test_the_weights_of_a_model(client):
    stream = io.BytesIO()
    save(
        Model(HAND, {name: np.array(v, np.float64) for name, v in PARAMETERS.items()}, (1, 2, 2), ("no", "yes")), stream
    )
    file = io.BytesIO(stream.getvalue()), "hand.npz"
    model = client.post("/api/models", data={"file": file}, content_type="multipart/form-data").json["id"]
    body = without(BODY, "architecture", "parameters") | {"model": model}
    answer = post(client, **body)
    assert answer.status_code == 200, answer.json
    assert answer.json["gradients"] == post(client, **BODY).json["gradients"]
    assert post(client, **body, architecture=HAND).status_code == 200
    refused = post(client, **body, architecture=HAND[:1])
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "architecture")
    assert post(client, **without(body, "target")).status_code == 422
    larger = post(client, **body | {"input": [[1.0] * 3] * 3})
    assert larger.status_code == 422


def test_a_model_on_a_picture_of_what_it_learned_from(client):
    answer = post(client, model="orientations", sample=2)
    assert answer.status_code == 200, answer.json
    model_answer = client.post("/api/models/orientations/answer", json={"input": {"sample": 2}}).json
    assert answer.json["logits"] == pytest.approx(model_answer["logits"], rel=1e-6)
    part = load_dataset("orientations").validation
    assert answer.json["tensors"]["target"]["values"] == part.y[2]
    other = post(client, model="orientations", sample=2, target=1)
    assert other.json["tensors"]["target"]["values"] == 1
    refused = post(client, model="orientations", sample=10**6)
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "sample")


def kept(client, input_shape, **known):
    """The id of a model of one dense layer, opened by this client."""
    layers, stream = ["flatten", {"layer": "linear", "out_features": 10}], io.BytesIO()
    drawn = Network(layers, input_shape=input_shape, seed=0)
    save(Model(layers, drawn.parameters(), input_shape, list("0123456789"), **known), stream)
    stream.seek(0)
    sent = {"data": {"file": (stream, "a.npz")}, "content_type": "multipart/form-data"}
    return client.post("/api/models", **sent).json["id"]


def test_a_sample_of_a_model_is_the_same_input_here_as_where_it_is_asked(client):
    scaled = kept(client, (1, 12, 12), dataset={"name": "digits"}, prepare={"scale": True, "centre": True})
    for model in ("digits", scaled):
        answer = post(client, model=model, sample=3)
        assert answer.status_code == 200, answer.json
        model_answer = client.post(f"/api/models/{model}/answer", json={"input": {"sample": 3}}).json
        np.testing.assert_allclose(answer.json["tensors"]["input"]["values"], model_answer["input"], atol=1e-6)
        assert answer.json["logits"] == pytest.approx(model_answer["logits"], rel=1e-5, abs=1e-6)


def test_samples_that_cannot_be_had_are_refused_by_the_field_that_asks_for_them(client):
    unknown = {"dataset": {"name": "digits", "colours": 7}}
    scaled = {"dataset": {"name": "shapes-colour"}, "prepare": {"scale": True}}  # three channels, to make two of
    for shape, known in (((1, 8, 8), unknown), ((2, 8, 8), scaled)):
        model = kept(client, shape, **known)
        model_answer = client.post(f"/api/models/{model}/answer", json={"input": {"sample": 0}})
        for answer, field in ((post(client, model=model, sample=0), "sample"), (model_answer, "input")):
            assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)
            assert answer.json["errors"][0]["message"].startswith(f"{field}: ")
    none = client.get(f"/api/models/{kept(client, (1, 8, 8), **unknown)}/samples")
    assert (none.status_code, none.json["errors"][0]["field"]) == (422, "model_id")


def test_an_unknown_run_or_model_is_not_found(client):
    assert post(client, run="nobody", sample=0).status_code == 404
    assert post(client, model="nothing", input=[[1.0]], target=0).status_code == 404


@pytest.mark.parametrize("padding", [0, 1])
def test_what_nobody_can_follow_is_refused_with_a_size_that_would_do(client, padding):
    conv = {"layer": "conv2d", "out_channels": 12, "kernel_size": 3, "padding": padding}
    body = {"architecture": [*[conv] * 4, *HAND[2:]], "seed": 0, "target": 0, "steps": {"count": 1}}

    def of(rows, cols):
        return {"preset": "random", "size": [rows, cols], "channels": 3}

    refused = post(client, **body, input=of(32, 32))
    assert refused.status_code == 413
    (error,) = refused.json["errors"]
    assert error["field"] == "architecture"
    rows, cols = map(int, error["message"].split("an input of ")[1].split(" it would")[0].split(" × "))
    assert post(client, **body, input=of(rows, cols)).status_code == 200
    assert post(client, **body, input=of(rows + 4, cols + 4)).status_code == 413


def test_too_many_layers_are_counted_before_they_are_followed(client, counted):
    body = {"architecture": [HAND[0]] * 250 + HAND[2:], "seed": 0, "input": [[1.0]], "target": 0}
    with counted() as work:
        refused = post(client, **body)
    assert refused.status_code == 413
    assert "fewer layers" in refused.json["detail"]
    assert work.lines < 2_000_000


def test_a_page_of_steps_has_an_end(make_client):
    client = make_client(STEP_PAGE=8)
    assert post(client, **BODY).json["steps"]["count"] == 8
    refused = post(client, **BODY, steps={"count": 9})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (413, "steps.count")


def test_a_network_that_is_kept_answers_as_one_that_is_new(client, monkeypatch):
    pages = [BODY | {"steps": {"start": start, "count": 8}, "parts": ["card", "messages"]} for start in (0, 8, 16, 8)]
    made: list[object] = []
    monkeypatch.setattr(learners, "trace_network", lambda **given: made.append(given) or trace_network(**given))
    monkeypatch.setattr(kept_networks, "_KEPT", Kept(1))
    kept = [post(client, **page).data for page in pages]
    assert len(made) == 1
    other = post(client, **BODY | {"target": [2, 0]}).json
    assert (len(made), other["loss"] != json.loads(kept[0])["loss"]) == (2, True)
    monkeypatch.setattr(kept_networks, "STEPS", 0)
    assert [post(client, **page).data for page in pages] == kept
    assert len(made) == 6


def test_a_network_is_read_by_one_request_at_a_time(monkeypatch):
    monkeypatch.setattr(kept_networks, "_KEPT", Kept(1))
    given = {"input": np.ones(3)}
    with kept_networks.in_turn(given, 1, 1, lambda: "made"):
        (network, _) = next(iter(kept_networks._KEPT._made.values()))
        assert network.turn.locked()
    assert not network.turn.locked()
