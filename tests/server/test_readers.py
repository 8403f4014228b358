"""What others write into an address, a header or a number is read or refused: nothing of it ends in a 500."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import EnvironBuilder

from cnn_engine.data.datasets import DATASETS
from cnn_server import create_app
from cnn_server.urls import host_and_port, host_name, own_path, split

RUN = {"architecture": "linear", "dataset": "digits", "optimizer": "sgd"}
FUZZ = settings(
    max_examples=150, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)
PIECES = [
    "http://",
    "https:",
    "//",
    "/",
    "[",
    "]",
    "[::1]",
    ":",
    "80",
    "99999",
    "@",
    "\\",
    "#",
    "?",
    "%",
    "%zz",
    ".",
    "a",
    "℀",
    "é",
    "\t",
    "\x00",
    "xn--",
    "localhost",
]
URLISH = st.one_of(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.text(max_size=30))
WRONG = ["[", "//[", "http://[", "http://]", "//]", "//[x]", "http://a:b", "http://℀.example"]
NUMBERS = [
    str(2**63),
    str(2**63 - 1),
    str(2**64),
    "1" + "0" * 400,
    "1" * 5000,
    "-1",
    "1_0",
    " 1",
    "+1",
    "1.0",
    "1e3",
    "0x1",
    "١",
    "",
    "null",
    "NaN",
    "-" * 9,
]
BITS = [
    "*",
    "*/*",
    "text/html",
    ";",
    "=",
    "q",
    "q=",
    "q=1e999",
    ",",
    '"',
    "W/",
    "bytes=",
    "-",
    "0",
    "9" * 30,
    "gzip",
    "br",
    "utf-16",
    "charset=",
    "boundary=",
    "application/json",
    "multipart/form-data; ",
    "\xff",
    "Mon, 99 Foo 99999 25:61:61 GMT",
    " ",
    "[",
    "]",
    "http://",
    "null",
]
HEADERS = [
    "Accept",
    "Accept-Encoding",
    "Content-Encoding",
    "Content-Length",
    "Content-Type",
    "Cookie",
    "Host",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "Last-Event-ID",
    "Origin",
    "Range",
    "Sec-Fetch-Site",
    "Transfer-Encoding",
]
TEXTS = st.lists(st.sampled_from(BITS), max_size=6).map("".join)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = create_app({"DATA_DIR": str(tmp_path_factory.mktemp("runs")), "RUN_WORKERS": 0})
    yield made
    made.extensions["runs"].stop()


@pytest.fixture(scope="module")
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def run(client):
    return f"/api/runs/{client.post('/api/runs', json=RUN).json['id']}"


# ---- what may be a URL


@FUZZ
@given(URLISH)
@example("//[")
@example("http://a:99999999999")
def test_reading_a_url_never_raises(text):
    split(text)
    name, port = host_and_port(text)
    assert name == name.lower()
    assert port is None or 0 <= port < 2**16
    assert host_name(host_name(text)) == host_name(text)
    path = own_path(text)
    if path is not None:
        assert path.startswith("/")
        assert not path.startswith("//")
        assert path.isascii()


@FUZZ
@given(URLISH)
def test_any_place_gets_a_code_or_a_refusal(client, to):
    assert client.get("/classroom", query_string={"to": to}, base_url="http://192.168.7.20").status_code in (200, 400)


@pytest.mark.parametrize("to", [*WRONG, "/" + "é" * 999, "/" + "😀" * 400])
def test_a_place_that_is_none_or_too_long_is_refused(client, to):
    assert client.get("/classroom", query_string={"to": to}, base_url="http://192.168.7.20").status_code == 400


# ---- numbers in an address and in a header


@pytest.mark.parametrize("value", NUMBERS)
def test_a_number_in_an_address_is_plain_and_in_its_range(client, run, value):
    names = {
        "points": ("after", "stride"),
        "snapshot": ("sample",),
        "predictions": ("count",),
        "examples": ("true", "predicted", "count"),
        "events": ("after",),
    }
    for view, numbers in names.items():
        for name in numbers:
            needed = {"true": "0", "predicted": "0", "split": "validation"} if view == "examples" else {}
            answer = client.get(f"{run}/{view}", query_string={**needed, name: value})
            assert answer.status_code == 422, (view, name)
            assert answer.json["errors"][0]["field"] == name
            assert f"{name} must be a whole number from" in answer.json["detail"]


def test_a_number_in_its_range_is_taken(client, run):
    assert client.get(f"{run}/points?after=0&stride=100000").status_code == 200
    assert client.get(f"{run}/points?after=1000000000").json["points"] == []
    assert client.get(f"{run}/predictions?count=1").status_code == 200


def test_a_parameter_that_is_given_twice_is_refused(client, run):
    answer = client.get(f"{run}/points?after=1&after=2")
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "after")


@pytest.mark.parametrize("value", [value for value in NUMBERS if value.strip() and value.isascii() and value != " 1"])
def test_a_number_in_a_header_is_plain_and_in_its_range(client, run, value):
    answer = client.get(f"{run}/events", headers={"Last-Event-ID": value})
    assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "Last-Event-ID")


# ---- headers


@settings(FUZZ, max_examples=250)
@given(
    st.sampled_from(
        [
            "GET /",
            "GET /classroom",
            "GET /static/favicon.svg",
            "GET /samples/camera.webp",
            "GET /nothing",
            "GET /api/presets",
            "GET /api/images/camera",
            "POST /api/images",
            "POST /api/trace/relu",
            "DELETE /api/runs/x",
        ]
    ),
    st.dictionaries(st.sampled_from(HEADERS), TEXTS, min_size=1, max_size=3),
    st.binary(max_size=12),
)
def test_no_header_ends_in_a_500(app, call, headers, body):
    method, path = call.split(" ")
    environ = EnvironBuilder(path=path, method=method, input_stream=BytesIO(body)).get_environ()
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key.startswith("CONTENT_") and key != "CONTENT_ENCODING" else f"HTTP_{key}"] = value
    statuses: list[str] = []
    answer = app.wsgi_app(environ, lambda status, headers, error=None: statuses.append(status))
    b"".join(answer)
    assert int(statuses[0][:3]) < 500, (statuses, headers)


# ---- options that the engine reads by name

ANYTHING = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**70), 2**70),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=5),
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)
OPTIONS = st.dictionaries(
    st.sampled_from(
        [
            "name",
            "self",
            "make",
            "what",
            "first",
            "given",
            "seed",
            "train",
            "size",
            "noise",
            "channels",
            "learning_rate",
            "momentum",
            "gamma",
            "warmup",
            "patience",
            "rotation",
            "",
        ]
    ),
    ANYTHING,
    max_size=3,
)
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "dataset_options": OPTIONS,
        "optimizer": OPTIONS.map(lambda options: {**options, "name": "adam"}),
        "schedule": OPTIONS.map(lambda options: {**options, "name": "cosine"}),
        "augmentation": OPTIONS,
        "early_stopping": OPTIONS,
        "initialisation": st.text(max_size=5),
        "architecture": st.lists(OPTIONS.map(lambda options: {**options, "layer": "linear"}), min_size=1, max_size=2),
    },
)


@settings(FUZZ, max_examples=100)
@given(BODIES)
def test_no_option_ends_in_a_500(client, body):
    assert client.post("/api/runs", json={**RUN, **body}).status_code in (201, 400, 422, 429)


@pytest.mark.parametrize("dataset", DATASETS)
@pytest.mark.parametrize("call", ["/api/runs", "/api/architectures/check", "/api/architectures/snapshot"])
def test_an_option_called_name_is_refused_like_any_that_is_unknown(client, dataset, call):
    body = {"architecture": "linear", "dataset": dataset, "dataset_options": {"name": 1}}
    answer = client.post(call, json=body | ({"optimizer": "sgd"} if call == "/api/runs" else {}))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "dataset_options.name"
