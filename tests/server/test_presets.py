"""GET /api/presets: everything that has a name, and the files of the shipped pictures."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from cnn_engine.nn import Network


@pytest.fixture
def presets(client) -> dict:
    response = client.get("/api/presets")
    assert response.status_code == 200
    return response.json


def test_there_are_kernels_with_what_they_find(presets):
    kernels = {kernel["name"]: kernel for kernel in presets["kernels"]}
    assert len(kernels) == len(presets["kernels"]) >= 14
    assert kernels["lesson"]["values"] == [[0.0, 1.0], [2.0, 3.0]]
    assert kernels["vertical-edge"]["values"] == [[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]
    assert all(kernel["title"] and kernel["finds"].endswith(".") for kernel in kernels.values())


def test_there_are_inputs_at_their_own_size(presets):
    inputs = {preset["name"]: preset for preset in presets["inputs"]}
    assert inputs["lesson"]["values"] == [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]
    for preset in inputs.values():
        assert preset["title"]
        assert preset["note"]
        assert [len(preset["values"]), len(preset["values"][0])] == preset["size"]


def test_every_name_can_be_traced(client, presets):
    for preset in presets["inputs"]:
        for kernel in presets["kernels"]:
            body = {
                "input": {"preset": preset["name"], "size": [8, 8]},
                "weight": {"preset": kernel["name"]},
                "steps": {"count": 1},
            }
            assert client.post("/api/trace/conv2d", json=body).status_code == 200


def test_every_architecture_is_a_network_for_each_of_its_data_sets(presets):
    shapes = {dataset["name"]: dataset["input_shape"] for dataset in presets["datasets"]}
    assert presets["architectures"]
    for preset in presets["architectures"]:
        assert preset["title"]
        assert preset["for"]
        for name in preset["for"]:
            assert Network(preset["architecture"], input_shape=shapes[name]).output_shape


def test_there_are_data_sets_with_what_is_in_them(presets):
    datasets = {dataset["name"]: dataset for dataset in presets["datasets"]}
    assert datasets["digits"]["input_shape"] == [1, 8, 8]
    assert datasets["digits"]["classes"] == list("0123456789")
    assert sum(datasets["digits"]["sizes"].values()) == 1797
    for dataset in datasets.values():
        assert dataset["title"]
        assert dataset["description"].endswith(".")
        assert dataset["provenance"].endswith(".")
        assert list(dataset["sizes"]) == ["train", "validation", "test"]
        assert bool(dataset["classes"]) == (dataset["task"] == "classification") != bool(dataset["targets"])


def test_there_are_four_pictures_with_their_files(client, presets):
    assert len(presets["images"]) == 4
    for picture in presets["images"]:
        assert picture["title"]
        assert picture["alt"]
        assert picture["credit"]
        response = client.get(picture["url"])
        assert response.status_code == 200
        assert response.mimetype == "image/webp"
        assert "max-age" in response.headers["Cache-Control"]
        assert Image.open(io.BytesIO(response.data)).size == (picture["width"], picture["height"])
        again = client.get(picture["url"], headers={"If-None-Match": response.headers["ETag"]})
        assert again.status_code == 304


def test_each_picture_has_a_small_one_to_choose_by(client, presets):
    for picture in presets["images"]:
        response = client.get(picture["thumbnail"])
        assert response.mimetype == "image/webp"
        assert len(response.data) < 2_500
        small = Image.open(io.BytesIO(response.data)).size
        assert max(small) == 96
        assert small[0] / small[1] == pytest.approx(picture["width"] / picture["height"], rel=0.02)
    assert client.get("/samples/small/nobody.webp").status_code == 404


def test_a_shipped_picture_is_asked_for_by_name(client, presets):
    for picture in presets["images"]:
        answer = client.get(f"/api/images/{picture['name']}").json
        assert answer["id"] == picture["name"]
        assert answer["expires_in"] is None
        assert (answer["original_width"], answer["original_height"]) == (picture["width"], picture["height"])
        assert max(answer["pixels"]["shape"][:2]) <= 128
        maps = client.post("/api/feature-maps", json={"image": picture["name"], "kernels": ["vertical-edge"]})
        assert maps.status_code == 200


@pytest.mark.parametrize("name", ["nothing", "..%2f..%2fimages", ".."])
def test_a_picture_that_is_not_shipped(client, name):
    assert client.get(f"/samples/{name}.webp").status_code == 404
