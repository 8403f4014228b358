"""Every refusal that a client can cause is said in the language of its request: a table of hostile requests."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any, NamedTuple

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from cnn_engine.models import Model, save
from cnn_engine.words.pseudo import FIRST
from cnn_server import create_app
from cnn_server.api import learners, runs
from cnn_server.runs.commands import stopped_by_hand
from cnn_server.words.en.errors import TEXTS
from tests.engine.models.cases import PAPER, any_model
from tests.pseudo_texts import assert_said

NOT_BY_A_CLIENT = {  # what a disk, Redis or a fault of ours causes, or the server before the application is asked
    *("went_wrong", "not_written_in_folder", "redis_not_installed", "not_an_address_of_redis", "redis_not_reached"),
    *("redis_full", "folder_not_made", "folder_not_written", "folder_full", "runs_not_reached", "network_damaged"),
    "model_damaged",
    *("head_too_large", "not_http", "body_too_slow", "too_many_large_requests"),
    *("several", "of_field"),  # around others
    *("smaller_input_would_do", "fewer_layers_would_do"),  # in others
    "optimizer_not_stored",  # of a run that an earlier version trained
    "outputs_not_finite",  # part of an answer
}
IN_STEPS = {  # what takes more than one request: see the tests after the table
    *("kept_by_somebody_else", "no_room_to_keep", "too_many_kept"),
    "form_of_unknown_size_too_large",
    *("somebody_elses_model", "run_without_classes", "features_not_a_picture", "model_without_samples"),
    *("model_without_pictures", "pictures_without_classes"),
    *("no_such_sample", "model_file_too_large", "not_a_model_input", "not_classes"),
    *("too_many_own_runs", "too_many_runs_before", "somebody_elses_run", "run_not_shared", "run_has_ended"),
    *(
        "run_is_being_stopped",
        "run_waits",
        "run_is_running",
        "test_set_kept_apart",
        "sample_not_there",
        "sample_not_in_batch",
        "sample_takes_too_long",
        "network_and_sample_take_too_long",
    ),
    "weight_not_there",
    *("another_architecture", "judging_takes_too_long", "no_confusion_matrix", "not_a_class", "too_many_viewers"),
}
SMALL = {
    "MAX_CONTENT_LENGTH": 4_000,
    "MAX_JSON_ELEMENTS": 300,
    "MAX_JSON_KEYS": 50,
    "MAX_JSON_TEXTS": 60,
    "MAX_JSON_DEPTH": 20,
    "MAX_ARRAY_VALUES": 100,
    "MAX_STEPPED_VALUES": 3,
    "MAX_RACE_UPDATES": 5,
    "MAX_CODE_VALUES": 3,
    "STEP_PAGE": 8,
    "IMAGE_TTL": 120,
    "MAX_IMAGE_BYTES": 1_000,
    "RUN_MAX_EPOCHS": 5,
    "RUN_MAX_DATA_VALUES": 1_000_000,
}
FORM = "multipart/form-data; boundary=x"  # whose length does not change from one request to the next
LARGE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 9_000 + b"\r\n--x--\r\n"
FOUR = [[1, 2], [3, 4]]
NETWORK = {
    "architecture": [{"layer": "flatten"}, {"layer": "linear", "out_features": 2}],
    "input": [FOUR],
    "target": 0,
}
MAPS = {"image": "astronaut", "kernels": ["laplacian"]}
RUN = {"architecture": "linear", "dataset": "digits", "optimizer": "sgd", "train_samples": 64}


class Hostile(NamedTuple):
    """A request that is refused, to an application with these settings."""

    method: str
    path: str
    options: dict[str, Any]
    settings: dict[str, Any]


def get(path: str, settings: dict[str, Any] | None = None, **headers: str) -> Hostile:
    return Hostile("GET", path, {"headers": headers}, settings or {})


def post(path: str, body: Any, settings: dict[str, Any] | None = None, **headers: str) -> Hostile:
    return Hostile("POST", path, {"json": body, "headers": headers}, settings or {})


def trace(operation: str, settings: dict[str, Any] | None = None, **body: Any) -> Hostile:
    return post(f"/api/trace/{operation}", body, settings)


def sent(data: bytes, kind: str | None = "application/json", settings: Any = None, **headers: str) -> Hostile:
    options = {"data": data, "content_type": kind, "headers": headers}
    return Hostile("POST", "/api/trace/relu", options, settings or {})


def form(*files: bytes, settings: dict[str, Any] | None = None, **texts: str) -> Hostile:
    data = {**texts, **({"file": [(BytesIO(file), "a.png") for file in files]} if files else {})}
    options = {"data": data, "content_type": "multipart/form-data"}
    return Hostile("POST", "/api/images", options, settings or {})


def checked(settings: dict[str, Any] | None = None, **more: Any) -> Hostile:
    body = {"architecture": "linear", "dataset": "digits", **more}
    return post("/api/architectures/check", body, settings)


HOSTILE: dict[str, Hostile] = {
    "nothing_here": get("/nowhere"),
    "method_not_answered": Hostile("DELETE", "/api/trace/relu", {}, {}),
    "body_too_large": trace("relu", SMALL, input=[1] * 3_000),
    "http": get("/samples/astronaut.webp", Range="bytes=99999999-"),
    "not_a_host": get("/", {"TRUSTED_HOSTS": "here"}, Host="elsewhere"),
    "from_another_site": post("/api/links", {"to": "/"}, **{"Sec-Fetch-Site": "cross-site"}),
    "from_another_origin": post("/api/links", {"to": "/"}, Origin="http://elsewhere"),
    "only_on_this_machine": get("/classroom/code.svg"),
    "key_opens_nothing": get("/key/guessed"),
    "not_the_rooms_owner": get("/api/room"),
    "short_link_leads_nowhere": get("/l/guessed"),
    "to_is_no_place": post("/api/links", {"to": "//elsewhere"}),
    "given_to_is_no_place": get("/classroom?to=//elsewhere"),
    "to_too_long": get(f"/classroom?to=/{'a' * 1_001}"),
    "no_picture": get("/api/images/guessed", SMALL),
    "no_picture_after_an_hour": get("/api/images/guessed"),
    "no_sample_picture": get("/samples/guessed.webp"),
    "no_kept_photo": Hostile("DELETE", "/api/images/guessed/keeping", {}, {}),
    "no_upload": get("/api/images/astronaut/keeping"),
    "no_data_set": get("/api/datasets/guessed/samples"),
    "no_run": get("/api/runs/guessed"),
    "no_model": get("/api/models/guessed/file"),
    "no_content_type": sent(b"{}", None),
    "not_sent_as_json": sent(b"{}", "text/plain"),
    "body_compressed": sent(b"{}", **{"Content-Encoding": "gzip"}),
    "body_empty": sent(b" "),
    "no_such_number_in_json": sent(b'{"input": [NaN]}'),
    "not_json": sent(b"{"),
    "body_too_deep": sent(b"[" * 30 + b"]" * 30, settings=SMALL),
    "body_not_an_object": sent(b"[]"),
    "body_too_many": post("/api/trace/relu", {f"key{k}": k for k in range(70)}),
    "body_holds_too_many": trace("relu", SMALL, input=[1] * 400),
    "file_sent_as": Hostile("POST", "/api/images", {"data": b"x", "content_type": "image/png"}, {}),
    "file_sent_without_type": Hostile("POST", "/api/images", {"data": b"x"}, {}),
    "form_too_large": Hostile("POST", "/api/images", {"data": LARGE, "content_type": FORM}, SMALL),
    "not_a_field_of_the_form": form(b"x", other="1"),
    "not_one_file": form(b"x", b"x"),
    "no_file": form(),
    "given_several_times": get("/api/runs/guessed/events?after=1&after=2"),
    "not_a_parameter_of_the_address": get("/api/presets?page=2"),
    "required": trace("relu"),
    "not_a_parameter": trace("relu", input=[1], strides=2),
    "not_true_or_false": trace("avg_pool2d", input=FOUR, kernel_size=1, ceil_mode=1),
    "not_an_object": trace("relu", input=[1], steps=2),
    "not_a_list": trace("relu", input=[1], tensors="input"),
    "not_text": trace("relu", input=[1], tensors=[1]),
    "not_one_of_words": trace("pad2d", input=FOUR, padding=1, mode="mirror"),
    "text_too_long": post("/api/feature-maps", MAPS | {"image": "a" * 101}),
    "text_too_short": post("/api/links", {"to": ""}),
    "list_too_long": trace("relu", input=[1], tensors=["input"] * 17),
    "list_too_short": post("/api/feature-maps", MAPS | {"kernels": []}),
    "value_empty": trace("relu", input=[]),
    "list_ragged": trace("relu", input=[[1], [1, 2]]),
    "value_not_a_number": trace("relu", input=["1"]),
    "not_a_list_of_numbers": trace("softmax", input="1"),
    "not_nested_lists": trace("conv2d", input=3, weight=[[1]]),
    "more_axes": trace("softmax", input=FOUR),
    "other_axes": trace("conv2d", input=[1], weight=[[1]]),
    "values_too_large": trace("relu", input=[1e13]),
    "arrays_too_large": trace("relu", SMALL, input=[1] * 101),
    "not_whole_within": trace("relu", input=[1], steps={"start": -1}),
    "not_within": trace("leaky_relu", input=[1], negative_slope="1"),
    "not_a_size": trace("max_pool2d", input=FOUR, kernel_size="2"),
    "not_a_padding": trace("conv2d", input=FOUR, weight=[[1]], padding="wide"),
    "not_a_scale": trace("interpolate2d", input=FOUR, scale_factor=100),
    "not_a_small_pair": trace("max_pool2d", input=FOUR, kernel_size=1, shift=[99, 0]),
    "not_one_of": trace("optimizers", landscape="moon"),
    "names_none_of": trace("optimizers", optimizers=["moon"]),
    "too_many_options": trace("optimizers", optimizers=[{"name": "sgd", **{f"o{k}": 1 for k in range(20)}}]),
    "option_not_taken": trace("optimizers", optimizers=[{"name": "sgd", "momentum": {}}]),
    "not_more_than_0": trace("optimizers", learning_rate=0),
    "option_text_too_long": checked(initialisation="a" * 201),
    "option_key_too_long": checked(dataset_options={"a" * 201: 1}),
    "option_too_large": checked(dataset_options={"a": [1] * 65}),
    "option_too_deep": checked(dataset_options={"a": [[[[[1]]]]]}),
    "neither_name_nor_object": checked(initialisation=1),
    "not_layers": checked(architecture=1),
    "not_a_layer": checked(architecture=[1]),
    "not_class_weights": checked(class_weights=1),
    "updates_too_many": trace("optimizers", SMALL, updates=6),
    "stepped_too_many": trace("softmax", SMALL, input=[1, 2, 3, 4]),
    "program_too_long": post("/api/code/conv2d", {"input": FOUR, "weight": [[1]]}, SMALL),
    "no_tensor": trace("relu", input=[1], tensors=["moon"]),
    "output_takes_too_much": trace("conv2d", {"MAX_MULTIPLICATIONS": 3}, input=FOUR, weight=[[1]]),
    "output_takes_too_long": trace("conv2d", {"MAX_WORK": 1}, input=FOUR, weight=[[1]]),
    "tensor_too_large": trace("conv2d", {"MAX_TENSOR_VALUES": 4}, input=FOUR, weight=[[[[1]]], [[[1]]]]),
    "sums_too_many": trace(
        "conv2d", {"MAX_TENSOR_VALUES": 8}, input=[[[1]]] * 8, weight=[[[[1]]] * 8] * 8, tensors=["output"]
    ),
    "steps_take_too_long": trace(
        "conv_transpose2d", {"MAX_WORK": 1}, input=FOUR, weight=[[[[1]]]], mode="scatter", tensors=[]
    ),
    "padded_input_too_large": trace("conv2d", {"MAX_TENSOR_VALUES": 9}, input=FOUR, weight=[[1]], padding=1),
    "output_too_large": trace(
        "conv_transpose2d", {"MAX_TENSOR_VALUES": 8}, input=FOUR, weight=[[[[1]]]], stride=2, mode="scatter"
    ),
    "page_too_long": trace("relu", SMALL, input=[1], steps={"count": 9}),
    "page_outside_the_trace": trace("relu", input=[1], steps={"start": 1}),
    "page_too_large": trace("conv2d", {"MAX_PAGE_VALUES": 1}, input=FOUR, weight=[[1]], steps={"count": 2}),
    "picture_smaller_than_kernel": post("/api/feature-maps", MAPS | {"kernels": [{"values": [[0] * 300]}]}),
    "maps_take_too_much": post("/api/feature-maps", MAPS, {"MAX_MULTIPLICATIONS": 3}),
    "maps_take_too_long": post("/api/feature-maps", MAPS, {"MAX_WORK": 1}),
    "windows_too_large": post(
        "/api/feature-maps/pixel",
        {"image": "astronaut", "kernel": "laplacian", "row": 0, "col": 0},
        {"MAX_PAGE_VALUES": 1},
    ),
    "windows_take_too_long": post(
        "/api/feature-maps/pixel", {"image": "astronaut", "kernel": "laplacian", "row": 0, "col": 0}, {"MAX_WORK": 1}
    ),
    "wall_smaller_than_kernel": post(
        "/api/feature-maps/pixel",
        {"image": "astronaut", "kernel": "laplacian", "row": 0, "col": 0, "kernel_size": [1, 1]},
    ),
    "wall_exceeds_picture": post(
        "/api/feature-maps/pixel",
        {"image": "astronaut", "kernel": "laplacian", "row": 0, "col": 0, "kernel_size": [500, 3]},
    ),
    "not_a_list_of_layers": trace("network", architecture=1),
    "no_weights_given": trace("network", **NETWORK),
    "weights_given_twice": trace("network", **NETWORK, seed=1, model="guessed"),
    "the_runs_own": trace("network", run="guessed", sample=0, loss="mse"),
    "sample_needed": trace("network", run="guessed"),
    "sample_without_run": trace("network", **NETWORK, seed=1, sample=0),
    "parameters_beyond_any_network": trace("network", **NETWORK, parameters={"a" * 65: [1]}),
    "network_too_long": trace("network", {"MAX_NETWORK_STEPS": 1}, **NETWORK, seed=1),
    "network_takes_too_long": trace("network", {"MAX_WORK": 1}, **NETWORK, seed=1),
    "updates_take_too_long": trace("network", {"MAX_WORK": 10_000_000}, **NETWORK, seed=1, updates=100),
    "check_takes_too_long": trace(
        "network",
        {"MAX_WORK": 10_000_000},
        **NETWORK,
        seed=1,
        check={"parameter": "input", "index": [0, 0, 0], "reach": 1},
    ),
    "paths_take_too_long": trace(
        "network", {"MAX_WORK": 5_400_000}, **NETWORK, seed=1, paths={"tensor": "input", "index": [0, 0, 0]}
    ),
    "dial_of_another_command": post("/api/runs/guessed/commands", {"command": "stop", "slow_motion": True}),
    "set_without_dial": post("/api/runs/guessed/commands", {"command": "set"}),
    "null_dial": post("/api/runs/guessed/commands", {"command": "set", "learning_rate": None}),
    "data_set_too_large": post("/api/runs", RUN | {"dataset": "shapes", "dataset_options": {"train": 99_000}}),
    "class_weights_without_classes": post("/api/runs", RUN | {"dataset": "angles", "class_weights": "balanced"}),
    "outputs_do_not_fit_classes": post("/api/runs", RUN | {"architecture": [{"layer": "flatten"}]}),
    "outputs_do_not_fit_targets": post(
        "/api/runs", RUN | {"dataset": "angles", "architecture": [{"layer": "flatten"}]}
    ),
    "train_samples_too_many": post("/api/runs", RUN | {"train_samples": 900_000}),
    "loss_does_not_fit": post("/api/runs", RUN | {"dataset": "angles", "loss": "binary_cross_entropy"}),
    "more_than_this_server_takes": post("/api/runs", RUN | {"epochs": 6}, SMALL),
    "longer_than_this_server_takes": post("/api/runs", RUN, {"MAX_VIEW_WORK": 1}),
}


@pytest.fixture(scope="module")
def client_with(tmp_path_factory) -> Callable[[dict[str, Any]], FlaskClient]:
    """A client of an application with these settings: one for all tests that need the same."""
    made: dict[str, Any] = {}
    fixed = {"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0, "PSEUDO_LANGUAGE": True}

    def client(settings: dict[str, Any]) -> FlaskClient:
        key = repr(settings)
        if key not in made:
            made[key] = create_app(fixed | settings)
        return made[key].test_client()

    yield client
    for app in made.values():
        app.extensions["runs"].stop()


def as_pattern(id: str) -> re.Pattern[str]:
    """What the English sentence of an id looks like, whatever its values."""
    parts = re.split(r"\{\w+[^{}]*\}", TEXTS[id].replace("{{", "\0").replace("}}", "\1"))
    return re.compile(".+".join(re.escape(part.replace("\0", "{").replace("\1", "}")) for part in parts), re.DOTALL)


def assert_refused_in_both(id: str, english: TestResponse, other: TestResponse) -> None:
    """The same refusal, word for word in English, and with no word past the languages."""
    assert (english.status_code, english.mimetype) == (other.status_code, "application/problem+json")
    assert 400 <= english.status_code < 500 or english.status_code in (503, 507)
    before, after = english.get_json(), other.get_json()
    assert as_pattern(id).search(before["detail"]), before["detail"]
    assert FIRST not in str(before)
    assert_said(before["title"], after["title"])
    assert_said(before["detail"], after["detail"])
    for one, two in zip(before.get("errors", []), after.get("errors", []), strict=True):
        assert one["field"] == two["field"]
        assert_said(one["message"], two["message"])


def ask(client: FlaskClient, hostile: Hostile, code: str) -> TestResponse:
    options = dict(hostile.options)
    if "data" in options and isinstance(options["data"], dict):  # a stream is read once
        files = [(BytesIO(file.getvalue()), name) for file, name in options["data"].get("file", [])]
        options["data"] = options["data"] | ({"file": files} if files else {})
    options["headers"] = {"Accept-Language": code, **options.get("headers", {})}
    return client.open(hostile.path, method=hostile.method, **options)


@pytest.mark.parametrize("id", HOSTILE)
def test_a_refusal_is_in_the_language_of_the_request(client_with, id):
    hostile = HOSTILE[id]
    client = client_with(hostile.settings)
    assert_refused_in_both(id, *(ask(client, hostile, code) for code in ("en", "qps")))


def test_the_table_has_every_refusal_that_a_client_can_cause():
    assert HOSTILE.keys() | NOT_BY_A_CLIENT | IN_STEPS == TEXTS.keys()


def test_an_upload_of_no_known_length_is_refused_in_the_language_of_the_request(client_with):
    def sent(code: str) -> TestResponse:
        return client_with(SMALL).post(
            "/api/images",
            input_stream=BytesIO(LARGE),
            content_type=FORM,
            headers={"Accept-Language": code},
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )

    assert_refused_in_both("form_of_unknown_size_too_large", sent("en"), sent("qps"))


def picture() -> bytes:
    stream = BytesIO()
    Image.new("L", (8, 8)).save(stream, "PNG")
    return stream.getvalue()


def uploaded(client: FlaskClient) -> str:
    data = {"file": (BytesIO(picture()), "a.png")}
    return client.post("/api/images", data=data, content_type="multipart/form-data").get_json()["id"]


def both(client: FlaskClient, method: str, path: str, **options: Any) -> tuple[TestResponse, TestResponse]:
    english, other = (
        client.open(path, method=method, headers={"Accept-Language": code}, **options) for code in ("en", "qps")
    )
    return english, other


def test_refusals_of_photos_are_in_the_language_of_the_request(client_with):
    client = client_with({})
    image = uploaded(client)
    assert client.post(f"/api/images/{image}/keeping").status_code == 200
    stranger, small = client_with({}), client_with({"IMAGE_KEPT_BYTES": 10})
    assert_refused_in_both("kept_by_somebody_else", *both(stranger, "DELETE", f"/api/images/{image}/keeping"))
    assert_refused_in_both("no_room_to_keep", *both(small, "POST", f"/api/images/{uploaded(small)}/keeping"))
    few = client_with({"IMAGES_KEPT_PER_CLIENT": 0})
    assert_refused_in_both("too_many_kept", *both(few, "POST", f"/api/images/{uploaded(few)}/keeping"))


def test_refusals_of_models_are_in_the_language_of_the_request(client_with):
    client, stranger = client_with({}), client_with({"MAX_MODEL_BYTES": 10})

    def kept(model: Model) -> str:
        stream = BytesIO()
        save(model, stream)
        stream.seek(0)
        sent = {"data": {"file": (stream, "a.npz")}, "content_type": "multipart/form-data"}
        return client.post("/api/models", **sent).headers["Location"]

    maps, line = kept(PAPER), kept(any_model([{"layer": "linear", "out_features": 2}], (3,), 0)[0])
    plain = kept(replace(PAPER, dataset=None))
    assert_refused_in_both("somebody_elses_model", *both(stranger, "DELETE", maps))
    for id, path, body in (
        ("features_not_a_picture", line, {"input": {"image": "astronaut"}}),
        ("model_without_samples", plain, {"input": {"sample": 0}}),
        ("no_such_sample", maps, {"input": {"sample": 900_000}}),
        ("not_a_model_input", maps, {"input": "camera"}),
    ):
        assert_refused_in_both(id, *both(client, "POST", f"{path}/answer", json=body))
    angled, first = kept(replace(PAPER, dataset={"name": "angles"})), {"layer": 0, "channel": 0}
    assert_refused_in_both("model_without_pictures", *both(client, "POST", f"{plain}/exciting", json=first))
    assert_refused_in_both("pictures_without_classes", *both(client, "POST", f"{angled}/exciting", json=first))
    own = {"model": maps.rpartition("/")[2], "architecture": [{"layer": "relu"}], "input": [1], "target": 0}
    assert_refused_in_both("another_architecture", *both(client, "POST", "/api/trace/network", json=own))
    assert_refused_in_both("not_classes", *both(client, "POST", f"{maps}/why", json={"input": [1], "class": "a"}))
    too_large = {"data": b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + b"x" * 20}
    too_large["data"] += b"\r\n--x--\r\n"
    assert_refused_in_both(
        "model_file_too_large", *both(stranger, "POST", "/api/models", content_type=FORM, **too_large)
    )
    run = client.post("/api/runs", json=RUN | {"dataset": "angles"}).headers["Location"].rpartition("/")[2]
    assert_refused_in_both("run_without_classes", *both(client, "POST", "/api/models", json={"run": run}))


@pytest.mark.parametrize(
    ("id", "settings"),
    [("too_many_own_runs", {"RUNS_WAITING_PER_CLIENT": 0}), ("too_many_runs_before", {"RUNS_WAITING": 0})],
)
def test_one_run_too_many_is_refused_in_the_language_of_the_request(client_with, id, settings):
    assert_refused_in_both(id, *both(client_with(settings), "POST", "/api/runs", json=RUN))


def test_refusals_of_what_a_run_shows_are_in_the_language_of_the_request(client_with):
    client = client_with({"MAX_VIEWERS": 0})
    run, angles = (
        client.post("/api/runs", json=RUN | {"dataset": name}).headers["Location"] for name in ("digits", "angles")
    )
    for id, path in (
        ("test_set_kept_apart", f"{run}/evaluation"),
        ("sample_not_there", f"{run}/snapshot?sample=999999"),
        ("weight_not_there", f"{run}/weight?name=9.weight&cell=0"),
        ("not_a_class", f"{run}/examples?split=validation&true=10&predicted=0"),
        ("no_confusion_matrix", f"{angles}/examples?split=validation&true=0&predicted=0"),
        ("too_many_viewers", f"{run}/events"),
    ):
        assert_refused_in_both(id, *both(client, "GET", path))
    body = {"run": run.rpartition("/")[2], "sample": 0, "architecture": NETWORK["architecture"]}
    assert_refused_in_both("another_architecture", *both(client, "POST", "/api/trace/network", json=body))
    beyond = {"run": run.rpartition("/")[2], "sample": 99_999}
    assert_refused_in_both("sample_not_in_batch", *both(client, "POST", "/api/trace/network", json=beyond))
    drawn = client.post("/api/runs", json=RUN | {"dataset": "shapes"}).headers["Location"].rpartition("/")[2]
    client.application.config["MAX_WORK"] = 1
    slow = {"run": drawn, "sample": 0}
    assert_refused_in_both("sample_takes_too_long", *both(client, "POST", "/api/trace/network", json=slow))
    client.application.config["MAX_VIEW_WORK"] = 1
    assert_refused_in_both("judging_takes_too_long", *both(client, "GET", f"{run}/evaluation?split=validation"))


def test_a_network_and_the_sample_that_is_drawn_for_it_are_counted_together(client_with, monkeypatch):
    client = client_with({})
    drawn = client.post("/api/runs", json=RUN | {"dataset": "shapes"}).headers["Location"].rpartition("/")[2]
    body, most = {"run": drawn, "sample": 0}, client.application.config["MAX_WORK"]
    for spare, allowed in ((1, False), (0.9 * most, True)):  # alone each would do
        monkeypatch.setattr(learners, "picture_work", lambda run, index, left=spare: int(most - left))
        answers = both(client, "POST", "/api/trace/network", json=body)
        if allowed:
            assert [answer.status_code for answer in answers] == [200, 200]
        else:
            assert_refused_in_both("network_and_sample_take_too_long", *answers)


def test_refusals_of_commands_are_in_the_language_of_the_request(client_with, monkeypatch):
    monkeypatch.setattr(runs, "HEARD", 0.0)
    client, stranger = client_with({}), client_with({})
    path = client.post("/api/runs", json=RUN).headers["Location"]
    commands = f"{path}/commands"
    stranger.get(path)

    def refused(id: str, command: str, who: FlaskClient = client) -> None:
        assert_refused_in_both(id, *both(who, "POST", commands, json={"command": command}))

    assert_refused_in_both("somebody_elses_run", *both(stranger, "PATCH", path, json={"name": "mine"}))
    refused("run_not_shared", "stop", stranger)
    refused("run_waits", "pause")
    store = client.application.extensions["runs"].store()
    store.change(path.rpartition("/")[2], lambda run: setattr(run, "state", "running"))
    refused("run_is_running", "step")
    client.post(commands, json={"command": "stop"})
    refused("run_is_being_stopped", "pause")
    store.change(path.rpartition("/")[2], lambda run: run.finish("stopped", stopped_by_hand(1), {}, 0.0))
    refused("run_has_ended", "pause")


def test_why_a_run_does_not_go_on_is_said_in_the_language_of_who_asks_and_of_who_watches(client_with):
    client = client_with({})
    path = client.post("/api/runs", json=RUN).headers["Location"]
    store = client.application.extensions["runs"].store()

    def fall_silent(run: Any) -> None:
        run.state, run.worker, run.lease = "running", "lost", 1.0

    store.change(path.rpartition("/")[2], fall_silent)
    english, other = (answer.get_json()["trouble"] for answer in both(client, "GET", path))
    assert english.startswith("Nothing has been heard of the worker of this run")
    assert_said(english, other)
    for answer, trouble in zip(both(client, "GET", f"{path}/events"), (english, other), strict=True):
        first = next(answer.iter_encoded()).decode()
        answer.close()
        assert json.loads(first.partition("data: ")[2])["trouble"] == trouble
    store.change(path.rpartition("/")[2], lambda run: run.finish("stopped", stopped_by_hand(1), {}, 0.0))
