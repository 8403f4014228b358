"""/api/models: a model is kept, asked for an answer and why, taken along and deleted."""

from __future__ import annotations

import base64
import io
import json
import re
import time
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.models import SHIPPED, Model, load, save
from cnn_server import create_app
from cnn_server.room import COOKIE
from cnn_server.runs.owners import COOKIE as OWNER
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model

WIDE = 10.0  # seconds of CPU, where a request may cost one


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})


def data_of(model):
    stream = io.BytesIO()
    save(model, stream)
    return stream.getvalue()


def upload(client, model=PAPER, data=None):
    file = io.BytesIO(data_of(model) if data is None else data), "model.npz"
    return client.post("/api/models", data={"file": file}, content_type="multipart/form-data")


@pytest.fixture
def name(client):
    """The id of the model on paper, opened by this client."""
    return upload(client).json["id"]


def ask(client, name, what="answer", **body):
    return client.post(f"/api/models/{name}/{what}", json={"input": PAPER_INPUT} | body)


# ---- keeping


def test_a_file_that_is_opened_becomes_a_model_of_ones_own(client):
    answer = upload(client)
    assert answer.status_code == 201
    reply = answer.json
    assert answer.headers["Location"] == f"/api/models/{reply['id']}"
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", reply["id"])
    assert (reply["name"], reply["source"], reply["accuracy"]) == ("on paper", "made up", 0.5)
    assert reply["architecture"][1] == {"layer": "relu"}
    assert reply["input_shape"] == [1, 2, 2]
    assert reply["classes"] == ["yes", "no"]
    assert [row["output_shape"] for row in reply["layers"]] == [[2, 2, 2], [2, 2, 2], [2, 1, 1], [2], [2]]
    assert (reply["mine"], reply["shipped"]) == (True, False)
    listed = client.get("/api/models").json
    assert [one["id"] for one in listed] == [*SHIPPED, reply["id"]]
    assert listed[-1] == reply


def test_others_ask_it_and_do_not_see_it_among_their_own(app, client):
    answer = upload(client).json
    name = answer["id"]
    other = app.test_client()
    assert [one["id"] for one in other.get("/api/models").json] == list(SHIPPED)
    assert ask(other, name).json["logits"] == [16, -7]
    assert other.get(f"/api/models/{name}").json == answer | {"mine": False}
    refused = other.delete(f"/api/models/{name}")
    assert refused.status_code == 403
    assert "somebody else" in refused.json["detail"]


def test_a_model_is_deleted_by_its_owner(client, name):
    assert client.delete(f"/api/models/{name}").status_code == 204
    assert ask(client, name).status_code == 404
    assert client.delete(f"/api/models/{name}").status_code == 404
    assert name not in [one["id"] for one in client.get("/api/models").json]


def test_a_model_that_is_shared_is_in_the_list_of_everybody_and_still_its_owners(app, client, name):
    other = app.test_client()

    def listed(one):
        return [
            (kept["id"], kept["mine"], kept["shared"]) for kept in one.get("/api/models").json if not kept["shipped"]
        ]

    assert (listed(client), listed(other)) == ([(name, True, False)], [])
    assert other.patch(f"/api/models/{name}", json={"shared": True}).status_code == 403
    model = client.patch(f"/api/models/{name}", json={"shared": True})
    assert (model.status_code, model.json["shared"], model.json["mine"]) == (200, True, True)
    assert (listed(client), listed(other)) == ([(name, True, True)], [(name, False, True)])
    assert ask(other, name).json["logits"] == [16, -7]
    assert other.delete(f"/api/models/{name}").status_code == 403
    assert client.patch(f"/api/models/{name}", json={"shared": False}).json["shared"] is False
    assert listed(other) == []
    for body in ({}, {"shared": 1}, {"shared": True, "name": "x"}):
        refused = client.patch(f"/api/models/{name}", json=body)
        assert (refused.status_code, refused.json["errors"][0]["field"] in {"shared", "name"}) == (422, True)
    assert client.patch("/api/models/digits", json={"shared": True}).status_code == 403
    assert client.patch("/api/models/nobody", json={"shared": True}).status_code == 404
    assert client.delete(f"/api/models/{name}").status_code == 204


def test_the_owner_of_the_room_deletes_the_models_of_a_lesson(tmp_path):
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    client, owner = app.test_client(), app.test_client()
    name = upload(client).json["id"]
    room = app.extensions["room"]
    owner.set_cookie(COOKIE, room.trade(room.new_key()))
    assert owner.get("/api/room").json["made"]["models"] == 1
    assert owner.delete("/api/room/lesson").json["deleted"]["models"] == 1
    assert ask(client, name).status_code == 404
    assert not list(tmp_path.glob("models/*"))


def test_another_process_knows_it(app, name):
    folder = app.config["DATA_DIR"]
    other = create_app({"DATA_DIR": folder, "RUN_WORKERS": 0}).test_client()
    assert ask(other, name).json["logits"] == [16, -7]


def test_models_are_bounded_and_end(tmp_path):
    def served(folder, **config):
        return create_app({"DATA_DIR": str(tmp_path / folder), "RUN_WORKERS": 0, **config}).test_client()

    few = served("few", MODELS_KEPT_PER_CLIENT=2)
    answers = [upload(few) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 507]
    assert "You keep 2 models already" in answers[2].json["detail"]
    small = served("small", MODEL_STORE_BYTES=3_000)
    assert [upload(small).status_code for _ in range(2)] == [201, 507]
    over = served("over", MODEL_TTL=-1)
    assert ask(over, upload(over).json["id"]).status_code == 404


def test_only_so_many_stay_in_memory_and_the_others_are_read_again(tmp_path):
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "MODELS_MEMORY": 0})
    client = app.test_client()
    names = [upload(client).json["id"] for _ in range(3)]
    assert [ask(client, name).json["logits"] for name in names] == [[16, -7]] * 3


def test_a_file_that_was_damaged_is_told(tmp_path):
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "MODELS_MEMORY": 0})
    client = app.test_client()
    name, _ = upload(client).json["id"], upload(client)
    file = tmp_path / "models" / f"{name}.model"
    file.write_bytes(file.read_bytes()[:500])
    answer = ask(client, name)
    assert answer.status_code == 503
    assert "damaged" in answer.json["detail"]


def test_a_damaged_one_is_left_out_of_the_list_and_logged(tmp_path, caplog):
    app = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0, "MODELS_MEMORY": 0})
    client = app.test_client()
    name, other = upload(client).json["id"], upload(client).json["id"]
    file = tmp_path / "models" / f"{name}.model"
    file.write_bytes(file.read_bytes()[:500])
    answer = client.get("/api/models")
    assert (answer.status_code, [one["id"] for one in answer.json]) == (200, [*SHIPPED, other])
    assert name in caplog.text


def test_a_list_makes_no_network_and_holds_no_model(tmp_path, monkeypatch):
    config = {"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0}
    client, again = create_app(config).test_client(), create_app(config).test_client()
    name = upload(client).json["id"]
    again.set_cookie(OWNER, client.get_cookie(OWNER).value)
    monkeypatch.setattr(Model, "network", property(lambda model: pytest.fail("a network for a list")))
    assert [one["id"] for one in again.get("/api/models").json] == [*SHIPPED, name]
    assert not again.application.extensions["models"]._kept


# ---- what is refused


@pytest.mark.parametrize(
    "about",
    [
        {"name": "\ud800"},
        {"source": "\ud800"},
        {"classes": ["\ud800", "no"]},
        {"dataset": {"name": "\ud800"}},
        {"dataset": {"name": "digits", "\ud800": 1}},
        {"dataset": {"name": "digits", "train": 2**64}},
        {"dataset": {"name": "no such set"}},
    ],
)
def test_what_no_answer_can_hold_is_refused_and_not_kept(client, about):
    data = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data_of(PAPER))) as archive, zipfile.ZipFile(data, "w") as changed:
        for entry in archive.namelist():
            text = archive.read(entry)
            changed.writestr(entry, json.dumps(json.loads(text) | about) if entry == "about.json" else text)
    answer = upload(client, data=data.getvalue())
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")
    assert [one["id"] for one in client.get("/api/models").json] == list(SHIPPED)


def squeezed():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("about.json", bytes(100_000_000))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("made", "words"),
    [(bytes, "not a model"), (lambda: b"PK\x05\x06" + bytes(18), "not a model"), (squeezed, "compressed")],
    ids=["empty", "end", "squeezed"],
)
def test_a_file_that_is_no_model_is_refused_in_a_sentence(client, made, words):
    data = made()
    began = time.process_time()
    answer = upload(client, data=data)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")
    assert words in answer.json["detail"]
    assert time.process_time() - began < WIDE


def test_a_model_too_large_to_be_asked_is_refused_before_it_is_kept(client):
    layers = [{"layer": "conv2d", "out_channels": 32, "kernel_size": 3, "padding": 1}] * 3
    model, _ = any_model([*layers, "global_avg_pool2d"], (1, 256, 256), 0)
    began = time.process_time()
    answer = upload(client, model)
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "file")
    assert "for one answer" in answer.json["detail"]
    assert time.process_time() - began < WIDE


def test_occlusion_that_takes_too_long_is_refused_before_it_is_begun(client):
    layers = [{"layer": "conv2d", "out_channels": 8, "kernel_size": 5, "padding": 2}, "global_avg_pool2d"]
    model, sample = any_model(layers, (3, 96, 96), 0)
    name = upload(client, model).json["id"]
    began = time.process_time()
    answer = client.post(f"/api/models/{name}/why", json={"input": sample.tolist(), "method": "occlusion"})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "method")
    assert "for one answer" in answer.json["detail"]
    assert time.process_time() - began < WIDE
    for method in ("contribution", "gradient", "grad_cam"):
        assert (
            client.post(f"/api/models/{name}/why", json={"input": sample.tolist(), "method": method}).status_code == 200
        )


def test_scrambling_too_many_numbers_is_refused_before_it_is_begun(client):
    layers = [{"layer": "linear", "out_features": features} for features in (2000, 2)]
    shapes = {"0.weight": (2000, 1500), "0.bias": (2000,), "1.weight": (2, 2000), "1.bias": (2,)}
    parameters = {name: np.zeros(shape, np.float16) for name, shape in shapes.items()}
    name = "many-numbers"
    client.application.extensions["models"].add(name, Model(layers, parameters, (1500,), ["one", "two"]), "nobody")
    for what, body in (("why", {}), ("why-cell", {"cell": [0]})):
        request = {"input": [0.5] * 1500, "method": "gradient"} | body
        assert client.post(f"/api/models/{name}/{what}", json=request).status_code == 200
        began = time.process_time()
        refused = client.post(f"/api/models/{name}/{what}", json=request | {"scramble": 1})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "method")
        assert "for one answer" in refused.json["detail"]
        assert time.process_time() - began < WIDE


def test_what_is_neither_a_file_nor_a_run_is_refused(client):
    assert client.post("/api/models", data=b"x", content_type="text/plain").status_code == 415
    assert client.post("/api/models", json={}).json["errors"][0]["field"] == "run"
    assert client.post("/api/models", json={"run": "none"}).status_code == 404
    assert client.post("/api/models", json={"run": 3}).status_code == 422
    assert client.post("/api/models", json={"run": "a", "more": 1}).json["errors"][0]["field"] == "more"


def test_a_page_elsewhere_may_not_ask(client, name):
    evil = {"Origin": "http://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
    for method, path in (("post", ""), ("post", f"/{name}/answer"), ("delete", f"/{name}")):
        assert getattr(client, method)(f"/api/models{path}", headers=evil).status_code == 403


@pytest.mark.parametrize("name", ["none", "..", "a" * 300, "%2e%2e%2fruns"])
def test_what_is_no_model_is_not_there(client, name):
    for what in ("answer", "cell", "why", "why-cell"):
        assert ask(client, name, what, layer=0, index=[0]).status_code in (404, 422)
    assert ask(client, name).status_code == 404
    for path in ("file", "code"):
        assert client.get(f"/api/models/{name}/{path}").status_code == 404
    assert client.delete(f"/api/models/{name}").status_code == 404


@pytest.mark.parametrize(
    ("what", "body", "field"),
    [
        ("answer", {"input": [[1, 2]]}, "input"),
        ("answer", {"input": [1, 2]}, "input"),
        ("answer", {"input": [[["a"]]]}, "input"),
        ("answer", {"input": {"image": "none", "sample": 0}}, "input"),
        ("answer", {"input": {"sample": -1}}, "input.sample"),
        ("answer", {"input": "camera"}, "input"),
        ("answer", {"layers": [5]}, "layers"),
        ("answer", {"layers": "all"}, "layers"),
        ("answer", {"precision": "half"}, "precision"),
        ("answer", {"off": [{"layer": 0}]}, "off[0].channel"),
        ("answer", {"off": [{"layer": 0, "channel": 2}]}, "off.0.channel"),
        ("answer", {"prepare": {"dance": True}}, "prepare.dance"),
        ("answer", {"prepare": {"crop": 1}}, "prepare.crop"),
        ("answer", {"parameters": {"0.weight": [1]}}, "0.weight"),
        ("answer", {"parameters": {"9.weight": [1]}}, "9.weight"),
        ("answer", {"parameters": {"0.weight": [["a"]]}}, "parameters"),
        ("cell", {"layer": 0, "index": [0, 0, 9]}, "index.2"),
        ("cell", {"layer": 0, "index": [0]}, "index"),
        ("cell", {"layer": 0, "index": []}, "index"),
        ("cell", {"layer": 5, "index": [0]}, "layer"),
        ("cell", {"index": [0]}, "layer"),
        ("cell", {"layer": 0, "index": [0, 0, 0], "tensors": ["none"]}, "tensors"),
        ("why", {"method": "guess"}, "method"),
        ("why", {"class": 2}, "class"),
        ("why", {"class": [0, 0]}, "class"),
        ("why", {"class": "yes"}, "class"),
        ("why", {"class_": 0}, "class_"),
        ("why", {"layer": 5}, "layer"),
        ("why", {"method": "grad_cam", "layer": 4}, "layer"),
        ("why", {"scramble": -1}, "scramble"),
        ("why", {"scramble_layers": 1}, "scramble_layers"),
        ("why", {"baseline": 0.5}, "baseline"),
        ("why", {"size": 1}, "size"),
        ("why", {"seed": 1}, "seed"),
        ("why-cell", {"cell": [0, 0, 2]}, "cell.2"),
        ("cell", {"layer": 1, "index": [0, 0, 0], "off": [{"layer": 1, "channel": 0}]}, "index"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(client, name, what, body, field):
    answer = ask(client, name, what, **body)
    assert answer.status_code in (404, 422), answer.json
    assert answer.json["errors"][0]["field"] == field


# ---- asking


def test_an_answer_is_as_on_paper(client, name):
    answer = ask(client, name).json
    assert answer["logits"] == [16, -7]
    assert sum(answer["probabilities"]) == pytest.approx(1)
    assert answer["input"] == PAPER_INPUT
    assert [row["layer"] for row in answer["maps"]] == [0, 1, 2, 3, 4]
    assert answer["maps"][1] == {"layer": 1, "shape": [2, 2, 2], "values": [[[3, 0], [7, 1]], [[0, 2], [0, 0]]]}
    assert "stages" not in answer
    assert answer["largest"] == {"input": [0, 1, 0], "maps": [[0, 1, 0], [0, 1, 0], [0, 0, 0], [0], [0]]}


def test_an_answer_comes_as_bytes_where_that_is_asked_for(client, name):
    body = {"input": np.eye(9)[None].tolist(), "prepare": {}, "layers": [1, 4]}
    plain = ask(client, name, **body).json
    answer = client.post(f"/api/models/{name}/answer", json=body, headers={"Accept": "application/octet-stream"})
    assert (answer.headers["X-Tensor-Dtype"], answer.headers["X-Drawn"]) == ("float32", "true")
    numbers, found = np.frombuffer(answer.data, "<f4"), {}
    for part in answer.headers["X-Tensor-Parts"].split(";"):
        key, _, shape = part.partition("=")
        sizes = tuple(map(int, shape.split(",")))
        found[key], numbers = numbers[: np.prod(sizes)].reshape(sizes), numbers[np.prod(sizes) :]
    assert numbers.size == 0
    expected = {key: plain[key] for key in ("logits", "probabilities", "input")}
    expected |= {f"maps.{row['layer']}": row["values"] for row in plain["maps"]}
    expected |= {f"stages.{row['name']}": row["values"] for row in plain["stages"]}
    assert found.keys() == expected.keys()
    for key, values in expected.items():
        np.testing.assert_allclose(found[key], values, rtol=1e-6)


def test_an_answer_in_single_precision_has_two_thirds_of_the_letters_and_its_shares_in_full(client):
    body = {"input": np.linspace(0, 1, 400).reshape(1, 20, 20).tolist(), "prepare": {}}
    full, short = ask(client, "digits", **body), ask(client, "digits", **body, precision="single")
    assert len(short.data) < 2 * len(full.data) / 3
    assert (short.json["logits"], short.json["probabilities"]) == (full.json["logits"], full.json["probabilities"])
    for rows in ("maps", "stages"):
        for rounded, exact in zip(short.json[rows], full.json[rows], strict=True):
            assert (np.float32(rounded["values"]) == np.float32(exact["values"])).all()
    assert short.json["input"] == short.json["stages"][-1]["values"]


def numbers_in(packed):
    """The numbers of maps that came packed."""
    return np.frombuffer(base64.b64decode(packed["base64"]), "<f4").reshape(packed["shape"])


def test_a_packed_answer_has_the_same_numbers_and_is_smaller(client):
    body = {"input": np.linspace(0, 1, 400).reshape(1, 20, 20).tolist(), "prepare": {}}
    short, packed = ask(client, "digits", **body, precision="single"), ask(client, "digits", **body, precision="packed")
    assert len(packed.data) < 0.8 * len(short.data)
    rest = [{key: value for key, value in one.json.items() if key != "maps"} for one in (short, packed)]
    assert rest[0] == rest[1]
    for unpacked, exact in zip(packed.json["maps"], short.json["maps"], strict=True):
        assert unpacked.keys() == {"layer", "shape", "base64"}
        assert (unpacked["layer"], unpacked["shape"]) == (exact["layer"], exact["shape"])
        assert (numbers_in(unpacked) == np.float32(exact["values"])).all()


def test_what_is_no_number_or_beyond_single_precision_is_not_lost_where_it_is_packed(client):
    large = {"0.weight": PAPER.parameters["0.weight"] * 1e300}
    name = upload(client, PAPER.changed(large)).json["id"]
    assert ask(client, name, precision="packed").json["maps"][0] == ask(client, name).json["maps"][0]
    none = {"0.bias": np.full_like(PAPER.parameters["0.bias"], np.nan)}
    name = upload(client, PAPER.changed(none)).json["id"]
    assert np.isnan(numbers_in(ask(client, name, precision="packed").json["maps"][0])).all()


def test_what_is_beyond_single_precision_is_not_lost(client):
    parameters = {"0.weight": PAPER.parameters["0.weight"] * 1e300}
    name = upload(client, PAPER.changed(parameters)).json["id"]
    full, short = ask(client, name).json, ask(client, name, precision="single").json
    assert short["maps"][0] == full["maps"][0]
    assert max(np.ravel(short["maps"][0]["values"])) > 1e299


def test_layers_are_chosen_channels_switched_off_and_parameters_changed(client, name):
    answer = ask(client, name, layers=[3], off=[{"layer": 1, "channel": 0}]).json
    assert (answer["logits"], answer["maps"]) == ([9, 0], [{"layer": 3, "shape": [2], "values": [0, 2]}])
    assert answer["largest"]["maps"] == [[1]]
    assert ask(client, name, parameters={"4.bias": [0, 0.5]}).json["logits"] == [11, -5.5]
    assert ask(client, name).json["logits"] == [16, -7]


def test_a_picture_is_prepared_and_each_stage_of_it_is_told(client, name):
    answer = ask(client, name, input={"image": "astronaut"}).json
    stages = [stage["name"] for stage in answer["stages"]]
    assert (stages[0], "grey" in stages, "crop" in stages) == ("given", True, False)
    assert answer["stages"][-1]["values"] == answer["input"]
    assert np.shape(answer["input"]) == (1, 2, 2)
    assert answer["drawn"] is True
    other = ask(client, name, input={"image": "astronaut"}, prepare={"crop": True}).json
    assert "crop" in [stage["name"] for stage in other["stages"]]
    gone = ask(client, name, input={"image": "none"})
    assert gone.status_code == 404
    assert gone.json["errors"][0]["field"] == "input"


def test_numbers_are_prepared_where_that_is_asked_for(client, name):
    drawing = np.zeros((1, 9, 9))
    drawing[0, 2:7, 4] = 1
    assert ask(client, name, input=drawing.tolist()).status_code == 422
    answer = ask(client, name, input=drawing.tolist(), prepare={}).json
    assert np.shape(answer["input"]) == (1, 2, 2)
    empty = ask(client, name, input=np.zeros((1, 9, 9)).tolist(), prepare={}).json
    assert empty["drawn"] is False


def test_a_sample_is_one_of_the_validation_set(client):
    model, _ = any_model(["flatten", {"layer": "linear", "out_features": 10}], (1, 8, 8), 0)
    name = upload(client, replace(model, dataset={"name": "digits"})).json["id"]
    answer = ask(client, name, input={"sample": 5}).json
    np.testing.assert_allclose(answer["input"], load_dataset("digits").validation.x[5], rtol=1e-6)
    missing = ask(client, name, input={"sample": 900_000})
    assert (missing.status_code, missing.json["errors"][0]["field"]) == (422, "input")
    none = upload(client, model).json["id"]
    assert "does not say" in ask(client, none, input={"sample": 0}).json["detail"]


def test_shipped_models_are_asked_with_samples_as_they_learned_from(client):
    for shipped_name in SHIPPED:
        answer = ask(client, shipped_name, input={"sample": 3}).json
        assert ("stages" in answer) == (shipped_name == "digits")
        reason = client.post(f"/api/models/{shipped_name}/why", json={"input": {"sample": 3}, "method": "occlusion"})
        assert reason.status_code == 200
        body = {"input": {"sample": 3}, "method": "occlusion", "scramble": 1}
        assert client.post(f"/api/models/{shipped_name}/why", json=body).status_code == 200
    refused = client.delete("/api/models/digits")
    assert (refused.status_code, "always here" in refused.json["detail"]) == (403, True)


def test_samples_to_choose_from_are_one_of_each_class_of_the_validation_set(client):
    for shipped_name in SHIPPED:
        samples = client.get(f"/api/models/{shipped_name}/samples").json
        classes = [item["class"] for item in samples["items"]]
        assert len(set(classes)) == len(classes) >= 8
        last = samples["items"][-1]
        answer = client.post(f"/api/models/{shipped_name}/answer", json={"input": {"sample": last["index"]}}).json
        assert answer["truth"] == last["class"]
        if "stages" not in answer:
            np.testing.assert_allclose(answer["input"], last["image"]["values"], atol=1e-6)
        missing = client.post(f"/api/models/{shipped_name}/answer", json={"input": {"sample": samples["size"]}})
        assert f"the validation set has {samples['size']:,} (" in missing.json["detail"]
    model, _ = any_model(["flatten", {"layer": "linear", "out_features": 10}], (1, 8, 8), 0)
    assert client.get(f"/api/models/{upload(client, model).json['id']}/samples").json == {"size": 0, "items": []}
    assert client.get("/api/models/nobody/samples").status_code == 404


def test_what_is_received_is_moved_at_last(client, name):
    answer = ask(client, name, moved=[0, 1]).json
    assert answer["input"] == [[[1, 1], [3, 3]]]
    assert [(stage["name"], stage["values"]) for stage in answer["stages"]] == [
        ("given", PAPER_INPUT),
        ("moved", answer["input"]),
    ]
    plain, prepared = (ask(client, name, input={"image": "astronaut"}, **more).json for more in ({}, {"moved": [1, 0]}))
    assert [stage["name"] for stage in prepared["stages"]] == [*(stage["name"] for stage in plain["stages"]), "moved"]
    assert prepared["input"][0][1] == plain["input"][0][0]
    for moved, field in (([3, 0], "moved"), ([1], "moved"), ([0.5, 0], "moved[0]")):
        refused = ask(client, name, moved=moved)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, field)


def test_how_far_a_cell_reaches_is_told(client, name):
    answer = ask(client, name, "reach", layer=1, index=[0, 1, 0]).json
    assert answer["boxes"][0] == {"layer": None, "box": [[0, 0], [1, 1], [0, 0]]}
    assert answer["boxes"][-1] == {"layer": 4, "box": [[0, 1]]}
    assert (answer["logits"], answer["without"], answer["change"]) == ([16, -7], [12, -3], [4, -4])


ONE_STEP = "The window covers row 1 and column 2. Its one product is 2, the output at row 1, column 2"


def test_a_cell_is_a_step_of_the_layers_trace(client, name):
    answer = ask(client, name, "cell", layer=0, index=[1, 0, 1], tensors=["input", "weight"], parts=["card"]).json
    assert (answer["op"], answer["layer"]) == ("conv2d", 0)
    steps = answer["steps"]
    assert (steps["total"], steps["start"], steps["count"]) == (8, 5, 1)
    assert (steps["output_cell"], steps["products"], steps["output"]) == ([[1, 0, 1]], [[[[2]]]], [2])
    assert list(answer["tensors"]) == ["input", "weight"]
    assert answer["card"]
    alone = client.post(
        "/api/trace/conv2d",
        json={
            "input": PAPER_INPUT,
            "weight": [[[[2]]], [[[-1]]]],
            "bias": [1, 0],
            "steps": {"start": 5, "count": 1},
        },
    ).json
    (answer,) = steps.pop("description")
    assert (answer, alone["steps"].pop("description")) == (f"{ONE_STEP} of map 2.", [f"{ONE_STEP} of feature map 2."])
    assert steps == alone["steps"]
    assert ask(client, name, "cell", layer=4, index=[1]).json["steps"]["output"] == [-7]


def test_why_is_as_on_paper(client, name):
    answer = ask(client, name, "why", **{"class": 0}).json
    assert answer == {
        "method": "contribution",
        "class": [0],
        "layer": None,
        "shape": [1, 2, 2],
        "values": [[[0, 4], [6, 0]]],
        "strongest": [0, 1, 0],
        "sum": 10,
        "bias": 6,
        "logit": 16,
        "exact": True,
        "remainder": 0,
    }
    answer = ask(client, name, "why", largest=1, **{"class": 0}).json
    assert answer["largest"].pop("beats_chance") == (answer["controls"]["random"]["fall"] < 4)
    assert answer["largest"] == {"cells": [[0, 1, 0]], "sum": 6, "logit": 12, "fall": 4}
    assert set(answer["controls"]) == {"random"}
    answer = ask(client, name, "why-cell", cell=[0, 1, 0], **{"class": 0}).json
    assert (answer["index"], answer["value"], answer["terms"]) == ([0, 1, 0], 6, [[3, 2, 6]])
    assert answer["equation"] == "3 × 2 = 6"
    assert "covered" not in answer
    answer = ask(client, name, "why", method="occlusion", baseline=0.5, **{"class": [0, 1]}).json
    assert (answer["class"], answer["baseline"], answer["size"], answer["shape"]) == ([0, 1], 0.5, 1, [2, 2])
    answer = ask(client, name, "why", method="grad_cam", layer=1, scramble=3, scramble_layers=1).json
    assert (answer["scrambled"]["layers"], answer["layer"], answer["shape"]) == ([4], 1, [2, 2])
    assert np.shape(answer["scrambled"]["before"]) == (2, 2)
    assert "sum" not in answer


def test_numbers_that_are_none_are_null(client):
    weight = PAPER.parameters["0.weight"].copy()
    weight[0] = np.nan
    name = upload(client, PAPER.changed({"0.weight": weight})).json["id"]
    answer = ask(client, name).json
    assert answer["logits"] == answer["probabilities"] == [None, None]
    assert answer["best"] is None
    assert ask(client, name, "why").json["logit"] is None
    assert ask(client, name, "cell", layer=0, index=[0, 0, 0]).json["steps"]["output"] == [None]


def test_a_model_learns_from_one_sample_in_a_networks_timeline(client, name):
    body = {"input": PAPER_INPUT, "target": 1, "optimizer": {"name": "sgd", "learning_rate": 0.5}}
    own = client.post("/api/trace/network", json={"model": name, **body}).json
    parameters = {key: array.tolist() for key, array in PAPER.parameters.items()}
    given = {"architecture": own["params"]["architecture"], "parameters": parameters}
    assert own == client.post("/api/trace/network", json=given | body).json
    assert own["logits"] == [16, -7]
    other = client.post("/api/trace/network", json={"model": name, "architecture": [{"layer": "relu"}], **body})
    assert (other.status_code, other.json["errors"][0]["field"]) == (422, "architecture")


# ---- taking it along


def test_the_file_is_what_was_opened(client, name):
    answer = client.get(f"/api/models/{name}/file")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="on-paper.npz"'
    model = load(io.BytesIO(answer.data))
    assert {key: array.tolist() for key, array in model.parameters.items()} == {
        key: array.tolist() for key, array in PAPER.parameters.items()
    }
    assert upload(client, data=answer.data).status_code == 201


def test_the_program_has_its_weights_beside_it(client, name):
    answer = client.get(f"/api/models/{name}/code?framework=torch")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.namelist() == ["model.py", "weights.npz"]
        assert b"def load_model():" in archive.read("model.py")
    assert client.get(f"/api/models/{name}/code?framework=jax").status_code == 422
    assert client.get(f"/api/models/{name}/file?framework=torch").status_code == 422
