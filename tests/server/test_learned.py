"""/api/models: what layers have learned, and what a threshold costs."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from cnn_engine.data.generated import Drawing
from cnn_engine.models import SHIPPED, shipped
from cnn_server.api import learned
from cnn_server.model_answers import ExcitingAnswer, NearestAnswer
from cnn_server.models import Models
from tests.engine.models.cases import any_model

from .test_models import WIDE, upload


def post(client, call, model="orientations", **body):
    return client.post(f"/api/models/{model}/{call}", json=body)


def test_each_picture_that_excites_a_map_can_be_asked_about_by_its_number(client):
    reply = post(client, "exciting", layer=1, channel=2).json
    values = [one["value"] for one in reply["pictures"]]
    assert (len(values), values) == (9, sorted(values, reverse=True))
    assert 9 < reply["of"] <= 500
    for one in reply["pictures"][:2]:
        answer = post(client, "answer", input={"sample": one["sample"]}, layers=[1]).json
        own = np.array(answer["maps"][0]["values"])
        assert own[2].max() == own[tuple(one["cell"])] == pytest.approx(one["value"], rel=1e-6)
        np.testing.assert_allclose(one["values"], answer["input"], atol=6e-4)
        (_, rows, cols) = one["box"]
        assert rows[1] - rows[0] <= 4
        assert cols[0] <= one["cell"][2] <= cols[1]
        assert one["label"] in shipped("orientations").classes


def test_a_picture_is_nearest_to_itself(client):
    answer = post(client, "nearest", input={"sample": 5}, layer=3, count=4).json
    assert (answer["pictures"][0]["sample"], answer["pictures"][0]["distance"]) == (5, pytest.approx(0, abs=1e-6))
    distances = [one["distance"] for one in answer["pictures"]]
    assert (len(distances), distances) == (4, sorted(distances))


def test_the_model_is_found_once_for_what_is_nearest(client, monkeypatch):
    names, find = [], Models.find
    monkeypatch.setattr(Models, "find", lambda *given: (names.append(1), find(*given))[1])
    assert post(client, "nearest", input={"sample": 5}, layer=3, count=1).status_code == 200
    assert len(names) == 1


def test_what_is_not_finite_is_told_as_null(client):
    model, _ = any_model(["flatten", {"layer": "linear", "out_features": 10}], (1, 8, 8), 1)
    endless = {name: np.full(array.shape, np.inf) for name, array in model.parameters.items()}
    model = type(model)(model.architecture, endless, (1, 8, 8), model.classes, dataset={"name": "digits"})
    name = upload(client, model).json["id"]
    excited = ExcitingAnswer.model_validate(post(client, "exciting", name, layer=1, channel=0).json)
    near = NearestAnswer.model_validate(post(client, "nearest", name, layer=1, input={"sample": 0}).json)
    assert {one.value for one in excited.pictures} == {one.distance for one in near.pictures} == {None}


def test_a_favourite_input_is_climbed_to(client):
    answer = post(client, "favourite", layer=1, channel=2, steps=6).json
    assert answer["shape"] == [7, 1, 16, 16]
    assert np.shape(answer["values"]) == (7, 1, 16, 16)
    assert answer["means"][6] > answer["means"][0]


def test_what_excites_a_map_and_what_it_likes_are_of_the_network_as_it_is_bent(client):
    change = {"parameter": "0.bias", "index": [2], "value": 40.0}
    plain, bent = (post(client, "exciting", layer=1, channel=2, changes=some).json for some in ([], [change]))
    assert min(one["value"] for one in bent["pictures"]) > 30 > max(one["value"] for one in plain["pictures"])
    means = post(client, "favourite", layer=1, channel=2, steps=2, changes=[change]).json["means"]
    assert min(means) > 30
    off = [{"layer": 1, "channel": 2}]
    assert {one["value"] for one in post(client, "exciting", layer=1, channel=2, off=off).json["pictures"]} == {0}
    assert post(client, "favourite", layer=1, channel=2, steps=2, off=off).json["means"] == [0, 0, 0]
    near = post(client, "nearest", layer=1, input={"sample": 5}, off=[{"layer": 1, "channel": n} for n in range(8)])
    assert {one["distance"] for one in near.json["pictures"]} == {0}
    for call in ("exciting", "favourite"):
        refused = post(client, call, layer=1, channel=2, changes=[change, change])
        assert refused.json["errors"][0]["field"] == "changes.1"
        refused = post(client, call, layer=1, channel=2, off=[{"layer": 99, "channel": 0}])
        assert refused.json["errors"][0]["field"] == "off.0.layer"


@pytest.mark.parametrize("name", SHIPPED)
def test_what_a_threshold_costs_the_shipped_models_agrees_with_their_accuracy(client, name):
    answer = client.get(f"/api/models/{name}/certainty").json
    assert answer["accuracy"][0] == pytest.approx(shipped(name).accuracy, abs=6e-5)
    assert answer["answered"] == sorted(answer["answered"], reverse=True)
    assert answer["answered"][0] == answer["total"]
    half = max(at for at, kept in enumerate(answer["kept"]) if kept >= 0.5)
    assert answer["accuracy"][half] > answer["accuracy"][0]
    assert answer["kept"][half] == pytest.approx(answer["answered"][half] / answer["total"])


def test_a_model_of_ones_own_is_measured_on_the_test_part_of_its_data_set(client):
    layers = ["global_avg_pool2d", "flatten", {"layer": "linear", "out_features": 8}]
    model, _ = any_model(layers, (1, 16, 16), 3)
    model = type(model)(layers, model.parameters, (1, 16, 16), model.classes, dataset={"name": "orientations"})
    name = upload(client, model).json["id"]
    answer = client.get(f"/api/models/{name}/certainty").json
    assert answer == client.get(f"/api/models/{name}/certainty").json
    assert 0 < answer["total"] <= 500
    assert answer["right"][0] < answer["total"] / 2  # nothing was learned
    client.delete(f"/api/models/{name}")
    assert client.get(f"/api/models/{name}/certainty").status_code == 404


@pytest.mark.parametrize(
    ("call", "body", "field"),
    [
        ("exciting", {"layer": 9, "channel": 0}, "layer"),
        ("exciting", {"layer": 1, "channel": 8}, "channel"),
        ("exciting", {"layer": 1, "channel": 0, "count": 51}, "count"),
        ("exciting", {"layer": 1}, "channel"),
        ("nearest", {"layer": 9, "input": {"sample": 0}}, "layer"),
        ("nearest", {"layer": 1, "input": {"sample": 0}, "count": 0}, "count"),
        ("favourite", {"layer": 1, "channel": 0, "steps": 61}, "steps"),
        ("favourite", {"layer": 1, "channel": 0, "seed": -1}, "seed"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(client, call, body, field):
    answer = post(client, call, **body)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, field)


def test_a_model_without_a_data_set_has_no_pictures(client):
    model, _ = any_model([{"layer": "linear", "out_features": 2}], (3,), 1)
    name = upload(client, model).json["id"]
    for answer in (post(client, "exciting", name, layer=0, channel=0), client.get(f"/api/models/{name}/certainty")):
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "model_id"


def test_pictures_of_another_kind_than_the_model_takes_are_refused(client):
    for dataset in ("digits", "angles"):
        model, _ = any_model([{"layer": "linear", "out_features": 2}], (3,), 1)
        model = type(model)(model.architecture, model.parameters, (3,), model.classes, dataset={"name": dataset})
        name = upload(client, model).json["id"]
        assert post(client, "exciting", name, layer=0, channel=0).status_code == 422
        assert client.get(f"/api/models/{name}/certainty").status_code == 422


@pytest.mark.parametrize("name", SHIPPED)
def test_nothing_takes_long(client, name):
    learned._drawn.cache_clear()
    last = len(shipped(name).layers) - 1
    for call, body in (
        ("exciting", {"layer": 0, "channel": 0, "count": 50}),
        ("nearest", {"layer": last, "input": {"sample": 0}}),
        ("favourite", {"layer": last, "channel": 0, "steps": 60}),
    ):
        began = time.process_time()
        answer = post(client, call, name, **body)
        assert answer.status_code == 200, answer.json
        assert time.process_time() - began < WIDE


def test_an_ascent_that_takes_too_long_is_refused_before_it_is_begun(client):
    layers = [{"layer": "conv2d", "out_channels": 16, "kernel_size": 5, "padding": 2}, "global_avg_pool2d"]
    model, _ = any_model(layers, (3, 128, 128), 0)
    name = upload(client, model).json["id"]
    began = time.process_time()
    answer = post(client, "favourite", name, layer=0, channel=0, steps=60)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "steps")
    assert time.process_time() - began < WIDE


def test_pictures_that_take_long_to_be_drawn_and_prepared_are_fewer(client):
    layers = ["global_avg_pool2d", "flatten", {"layer": "linear", "out_features": 10}]
    model, _ = any_model(layers, (1, 8, 8), 3)
    given = {"name": "strokes", "train": 1, "validation": 500, "test": 1, "size": 128}
    prepare = dict.fromkeys(("grey", "even", "crop", "deskew", "scale", "thicken", "centre"), True)
    own = replace(model, prepare=prepare, dataset=given)
    name = upload(client, own).json["id"]
    began = time.process_time()
    answer = post(client, "exciting", name, layer=0, channel=0).json
    assert 1 < answer["of"] < 50
    assert time.process_time() - began < WIDE
    plain = upload(client, replace(own, prepare={}, dataset={"name": "orientations"}, input_shape=(1, 16, 16)))
    assert post(client, "exciting", plain.json["id"], layer=0, channel=0).json["of"] == 400


SLOW = {"name": "strokes", "train": 1, "validation": 500, "test": 1, "size": 96}


def slow_model(client):
    """The id of a model whose samples take long to be drawn."""
    layers = ["global_avg_pool2d", "flatten", {"layer": "linear", "out_features": 10}]
    model, _ = any_model(layers, (1, 96, 96), 3)
    return upload(client, replace(model, dataset=SLOW)).json["id"]


def test_a_sample_that_was_drawn_belongs_to_what_its_question_may_take(client):
    name = slow_model(client)
    given = {"input": np.zeros((1, 96, 96)).tolist()}
    alone = post(client, "nearest", name, layer=0, **given).json["of"]
    began = time.process_time()
    answer = post(client, "nearest", name, layer=0, input={"sample": 127}).json
    assert time.process_time() - began < WIDE
    assert 1 < answer["of"] < alone


def test_of_a_large_set_only_the_first_samples_are_drawn_for_one_of_them(client, monkeypatch):
    name, drawn = slow_model(client), []
    draw = Drawing._part
    monkeypatch.setattr(
        Drawing, "_part", lambda *given: (drawn.append(given[2]) if given[1] == 1 else None, draw(*given))[1]
    )
    assert client.get(f"/api/models/{name}/samples").json["size"] == 500
    assert post(client, "answer", name, input={"sample": 3}, layers=[]).status_code == 200
    assert max(drawn) <= 64
    late = post(client, "answer", name, input={"sample": 499}, layers=[])
    assert (late.status_code, late.json["errors"][0]["field"]) == (422, "input")
    assert max(drawn) <= 64


def test_of_a_network_whose_samples_go_through_one_by_one_fewer_are_looked_at(client):
    """Batch normalisation by the batch itself: what a layer gives would depend on who else is in it."""
    norm = {"layer": "batch_norm2d", "track_running_stats": False}
    end = ["flatten", {"layer": "linear", "out_features": 8}]
    for layers, fewest, most in (([norm] * 200, 1, 100), (["relu"] * 200, 101, 500)):
        model, _ = any_model([*layers, "global_avg_pool2d", *end], (1, 16, 16), 1)
        name = upload(client, replace(model, dataset={"name": "orientations"})).json["id"]
        began = time.process_time()
        answer = post(client, "nearest", name, layer=0, input=np.zeros((1, 16, 16)).tolist()).json
        assert time.process_time() - began < WIDE
        assert fewest <= answer["of"] <= most
