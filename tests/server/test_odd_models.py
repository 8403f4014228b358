"""What people bring that is odd, empty or hostile is answered, or refused with the field named; nothing fails."""

from __future__ import annotations

import io
import json
import pickle
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from cnn_engine.models import METHODS, SHIPPED, shipped
from cnn_server import create_app
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.packing import members, npy, packed

from .test_images import send
from .test_models import data_of, upload

WIDE = 10.0  # seconds of CPU, where a request may cost one
SMALL = (
    [
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1},
        "batch_norm2d",
        "relu",
        {"layer": "max_pool2d", "kernel_size": 2},
        "flatten",
        {"layer": "linear", "out_features": 10},
    ],
    (1, 8, 8),
)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})


def questions(model):
    """Every call about an input, with a body that asks for something."""
    last = len(model.layers) - 1
    maps = [at for at, layer in enumerate(model.layers) if len(layer.output_shape) == 3]
    cell = [0] * len(model.layers[0].output_shape)
    calls = [
        ("answer", {}),
        ("answer", {"compare": True, "off": [{"layer": 0, "channel": 0}]}),
        ("cell", {"layer": 0, "index": cell}),
        ("parts", {"layer": 0, "channel": 0}),
        ("parts", {"layer": last, "channel": 0}),
        ("reach", {"layer": 0, "index": cell}),
        ("nearest", {"layer": last}),
    ]
    for method in METHODS if maps else [name for name in METHODS if name != "grad_cam"]:
        index = [0] * (2 if method in {"occlusion", "grad_cam"} else len(model.input_shape))
        calls += [("why", {"method": method}), ("why-cell", {"method": method, "cell": index})]
        calls += [("why", {"method": method, "scramble": 1})] if method != "occlusion" else []  # twice as long
    return [*calls, ("why", {"largest": 5, "layer": maps[-1] if maps else last})]


def problems(client, name, model, given):
    """The calls that fail, or are refused, and how."""
    found = []
    for call, body in questions(model):
        answer = client.post(f"/api/models/{name}/{call}", json=given | body)
        json.loads(answer.text, parse_constant=pytest.fail)  # NaN and the like are no JSON
        if answer.status_code != 200:
            found.append((call, body, answer.status_code, answer.json))
    return found


# ---- pictures


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("size", [(1, 1), (1, 10_000), (10_000, 1)], ids=["one pixel", "wide", "high"])
def test_a_picture_of_one_pixel_or_ten_thousand_is_answered(client, encoded, name, size):
    picture = Image.new("RGB", size, (200, 30, 90))
    if size != (1, 1):
        picture.putpixel((size[0] // 2, size[1] // 2), (0, 0, 0))
    image = send(client, encoded(picture)).json["id"]
    assert problems(client, name, shipped(name), {"input": {"image": image}}) == []
    reply = client.post(f"/api/models/{name}/answer", json={"input": {"image": image}}).json
    assert reply["drawn"] is (size != (1, 1))
    assert np.shape(reply["input"]) == shipped(name).input_shape


def test_a_picture_of_ten_thousand_by_ten_thousand_is_refused_before_it_is_decoded(client, encoded):
    data = encoded(Image.new("1", (10_000, 10_000)))
    began = time.process_time()
    answer = send(client, data)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (413, "file")
    assert time.process_time() - began < WIDE


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("value", [0, 1, 0.5])
def test_an_empty_drawing_is_nothing_drawn(client, name, value):
    empty = [[[value] * 64] * 64]
    reply = client.post(f"/api/models/{name}/answer", json={"input": empty, "prepare": {}}).json
    assert reply["drawn"] is False
    assert np.isfinite(reply["probabilities"]).all()
    assert problems(client, name, shipped(name), {"input": empty, "prepare": {}}) == []


@pytest.mark.parametrize(
    "given",
    [
        [],
        [[]],
        [[[]]],
        [[[[0.5]]]],
        [[[0.5, 0.5], [0.5]]],
        [[[None]]],
        [[["0.5"]]],
        [[[1e999]]],
        [[[True]]],
        [[[0.5]]] * 2,
        {"image": ""},
        {"image": "none"},
        {"sample": 1.5},
        {},
        None,
    ],
)
def test_what_is_no_picture_is_refused_with_the_input_named(client, given):
    text = json.dumps({"input": given, "prepare": {}})
    for call in ("answer", "why", "nearest"):
        body = text if call != "nearest" else text[:-1] + ', "layer": 0}'
        answer = client.post(f"/api/models/digits/{call}", data=body, content_type="application/json")
        assert answer.status_code in (400, 404, 422), answer.json
        assert answer.json["errors"][0]["field"].partition(".")[0].partition("[")[0] in {"input", "image", "body"}


# ---- files


def test_a_model_whose_weights_are_no_numbers_is_asked_anything(client):
    model, sample = any_model(*SMALL, seed=1)
    for value in (np.nan, np.inf, -np.inf):
        numbers = {
            key: np.full(array.shape, value) for key, array in model.parameters.items() if array.dtype.kind == "f"
        }
        odd = type(model)(
            SMALL[0], dict(model.parameters) | numbers, SMALL[1], model.classes, dataset={"name": "digits"}
        )
        answer = upload(client, odd)
        assert answer.status_code == 201
        name = answer.json["id"]
        assert problems(client, name, odd, {"input": sample.tolist()}) == []
        reply = client.post(f"/api/models/{name}/answer", json={"input": sample.tolist()}).json
        assert set(reply["logits"]) == set(reply["probabilities"]) == {None}
        for call, body in (("exciting", {}), ("favourite", {"steps": 2})):
            request = {"layer": 0, "channel": 0} | body
            assert client.post(f"/api/models/{name}/{call}", json=request).status_code == 200
        assert client.post(f"/api/models/{name}/wiring", json={}).status_code == 200
        for path in ("", "/file", "/code", "/samples", "/certainty"):
            assert client.get(f"/api/models/{name}{path}").status_code == 200
        assert upload(client, data=client.get(f"/api/models/{name}/file").data).status_code == 201
        client.delete(f"/api/models/{name}")


def refused_file(client, data):
    """The sentence by which a file is refused; nothing of it is kept, and it took little."""
    began = time.process_time()
    answer = upload(client, data=data)
    assert time.process_time() - began < WIDE
    assert (answer.status_code, [fault["field"] for fault in answer.json["errors"]]) == (422, ["file"])
    assert [one["id"] for one in client.get("/api/models").json] == list(SHIPPED)
    return answer.json["detail"]


def test_a_file_that_was_cut_off_is_refused_wherever_it_was_cut(client):
    data = data_of(PAPER)
    for length in np.linspace(0, len(data) - 1, 25).astype(int):
        refused_file(client, data[:length])


BAIT = Path("sprung.by.a.file")


class Trap:
    """Unpickling it writes a file."""

    def __reduce__(self):
        return open, (str(BAIT), "w")


@pytest.mark.parametrize("way", ["an array of objects", "a pickle for an array", "a pickle"])
def test_nothing_in_a_file_is_run(client, way, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files = members(data_of(PAPER))
    objects = io.BytesIO()
    np.lib.format.write_array(objects, np.array([Trap()] * 2, object), allow_pickle=True)
    files["0.weight.npy"] = objects.getvalue() if way == "an array of objects" else pickle.dumps(Trap())
    refused_file(client, pickle.dumps(Trap()) if way == "a pickle" else packed(files))
    assert not BAIT.exists()


@pytest.mark.parametrize(
    ("name", "array"),
    [
        ("0.weight.npy", np.ones((2, 1, 3, 3))),
        ("0.bias.npy", np.ones(3)),
        ("4.weight.npy", np.ones((2, 3))),
        ("4.bias.npy", np.float64(1)),
        ("9.weight.npy", np.ones(2)),
        ("4.bias.npy", None),
    ],
)
def test_arrays_that_do_not_fit_the_architecture_are_refused_by_name(client, name, array):
    files = members(data_of(PAPER))
    if array is None:
        del files[name]
    else:
        files[name] = npy(np.asarray(array))
    assert name.removesuffix(".npy") in refused_file(client, packed(files))


@pytest.mark.parametrize(
    "about",
    [
        {"input_shape": [1, 3, 3], "architecture": [{"layer": "linear", "out_features": 2}]},
        {"input_shape": [2, 2, 2]},
        {"input_shape": [0, 2, 2]},
        {"input_shape": [-1]},
        {"classes": ["one", "two", "three"]},
        {"classes": []},
        {"architecture": []},
        {"architecture": [{"layer": "conv2d", "out_channels": 2, "kernel_size": 9}]},
    ],
)
def test_what_is_said_of_a_model_has_to_fit_its_arrays(client, about):
    files = members(data_of(PAPER))
    files["about.json"] = json.dumps(json.loads(files["about.json"]) | about)
    refused_file(client, packed(files))


def test_a_zip_that_swells_is_refused_unread(client):
    bomb = packed({"about.json": bytes(100_000_000)}, zipfile.ZIP_DEFLATED)
    assert "compressed" in refused_file(client, bomb)
    files = members(data_of(PAPER)) | {"0.weight.npy": npy(np.zeros((3_000, 3_000)))}
    assert "compressed" in refused_file(client, packed(files, zipfile.ZIP_DEFLATED))
    many = packed({f"{number}.npy": b"" for number in range(5_000)})
    assert "5,000" in refused_file(client, many)


def test_a_file_larger_than_is_taken_is_refused(client):
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="model.npz"\r\n\r\n'
    form = head + data_of(PAPER) + bytes(10_600_000) + b"\r\n--edge--\r\n"
    answer = client.post("/api/models", data=form, content_type="multipart/form-data; boundary=edge")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (413, "file")


def test_a_good_file_after_all_of_that_is_opened(client):
    name = upload(client).json["id"]
    assert client.post(f"/api/models/{name}/answer", json={"input": PAPER_INPUT}).json["logits"] == [16, -7]
    assert client.delete(f"/api/models/{name}").status_code == 204
