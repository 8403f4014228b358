"""Bad input to a trace: each a clear refusal that names the field by the request's own name."""

from __future__ import annotations

import pytest

INPUT = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
LESSON = {"input": INPUT, "weight": [[0, 1], [2, 3]]}
POOL = {"input": INPUT, "kernel_size": 2}


def post(client, operation: str, body: object):
    return client.post(f"/api/trace/{operation}", json=body)


def refused(response, status: int, field: str) -> str:
    """The sentence about this field."""
    assert response.status_code == status, response.json
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert {"type", "title", "status", "detail"} <= set(problem)
    errors = {error["field"]: error["message"] for error in problem["errors"]}
    assert field in errors, errors
    return errors[field]


# What is wrong, the field at fault, and words that its sentence must have.
STRUCTURE = [
    ({"weight": [[1]]}, "input", "required"),
    ({"input": INPUT}, "weight", "required"),
    ({**LESSON, "input": []}, "input", "empty"),
    ({**LESSON, "input": [[]]}, "input", "input[0] is empty"),
    ({**LESSON, "input": [[], []]}, "input", "empty"),
    ({**LESSON, "input": [[1, 2], [3]]}, "input", "ragged"),
    ({**LESSON, "input": [[[1, 2]], [[3]]]}, "input", "input[1][0]"),
    ({**LESSON, "input": [[1, [2]], [3, 4]]}, "input", "input[0][1] is a list of 1"),
    ({**LESSON, "input": [1, 2, 3]}, "input", "1 axis; it must have 2 or 3"),
    ({**LESSON, "input": [[[[1]]]]}, "input", "more than 3 axes"),
    ({**LESSON, "weight": [[[1]]]}, "weight", "3 axes; it must have 2 or 4"),
    ({**LESSON, "input": 5}, "input", "5"),
    ({**LESSON, "input": "lesson"}, "input", 'the text "lesson"'),
    ({**LESSON, "input": None}, "input", "null"),
    ({**LESSON, "input": [["a", 1]]}, "input", 'input[0][0] is the text "a", not a number'),
    ({**LESSON, "input": [["1", 1]]}, "input", "not a number"),
    ({**LESSON, "input": [[None, 1]]}, "input", "null, not a number"),
    ({**LESSON, "input": [[True, 1]]}, "input", "true, not a number"),
    ({**LESSON, "input": [[{"a": 1}, 1]]}, "input", "an object, not a number"),
    ({**LESSON, "input": [[1.1e12, 0]]}, "input", "1e12"),
    ({**LESSON, "input": [[-1.1e12, 0]]}, "input", "1e12"),
    ({**LESSON, "input": [[10**30, 0]]}, "input", "1e12"),
    ({**LESSON, "input": {}}, "input.preset", "required"),
    ({**LESSON, "input": {"preset": "nothing"}}, "input.preset", "lesson"),
    ({**LESSON, "input": {"preset": 3}}, "input.preset", "3"),
    ({**LESSON, "input": {"preset": "lesson", "size": [33, 1]}}, "input.size", "33"),
    ({**LESSON, "input": {"preset": "lesson", "size": [0, 1]}}, "input.size", "from 1 to 32"),
    ({**LESSON, "input": {"preset": "lesson", "size": 3}}, "input.size", "[height, width]"),
    ({**LESSON, "input": {"preset": "lesson", "channels": 0}}, "input.channels", "0"),
    ({**LESSON, "input": {"preset": "lesson", "seed": -1}}, "input.seed", "-1"),
    ({**LESSON, "input": {"preset": "lesson", "sise": [3, 3]}}, "input.sise", "not a parameter"),
    ({**LESSON, "weight": {"preset": "nothing"}}, "weight.preset", "vertical-edge"),
    ({**LESSON, "weight": {"preset": "lesson", "depth": 1}}, "weight.depth", "not a parameter"),
    ({**LESSON, "bias": 3}, "bias", "not a list of numbers"),
    ({**LESSON, "bias": [[3]]}, "bias", "more than 1 axis"),
    ({**LESSON, "stride": "2"}, "stride", 'the text "2"'),
    ({**LESSON, "stride": 1.5}, "stride", "1.5"),
    ({**LESSON, "stride": True}, "stride", "true"),
    ({**LESSON, "stride": [1, 2, 3]}, "stride", "pair"),
    ({**LESSON, "stride": [1, "2"]}, "stride", "pair"),
    ({**LESSON, "stride": None}, "stride", "null"),
    ({**LESSON, "stride": 10**7}, "stride", "1,000,000"),
    ({**LESSON, "stride": 10**30}, "stride", "1,000,000"),
    ({**LESSON, "padding": "sane"}, "padding", '"same"'),
    ({**LESSON, "padding": [[1, 1]]}, "padding", "[[top, bottom], [left, right]]"),
    ({**LESSON, "padding": [[1, 1], [1, 1, 1]]}, "padding", "[[top, bottom], [left, right]]"),
    ({**LESSON, "padding_mode": "mirror"}, "padding_mode", "reflect"),
    ({**LESSON, "groups": 0}, "groups", "0"),
    ({**LESSON, "groups": [1, 1]}, "groups", "whole number"),
    ({**LESSON, "strides": 2}, "strides", "not a parameter"),
    ({**LESSON, "kernel_size": 2}, "kernel_size", "not a parameter"),
    ({**LESSON, "steps": 3}, "steps", "3"),
    ({**LESSON, "steps": {"start": -1}}, "steps.start", "-1"),
    ({**LESSON, "steps": {"start": 1.5}}, "steps.start", "1.5"),
    ({**LESSON, "steps": {"start": 4}}, "steps.start", "steps.start 4 is outside the trace of 4 steps"),
    ({**LESSON, "steps": {"start": 1_000_000}}, "steps.start", "outside"),
    ({**LESSON, "steps": {"count": 0}}, "steps.count", "0"),
    ({**LESSON, "steps": {"stop": 3}}, "steps.stop", "not a parameter"),
    ({**LESSON, "tensors": "output"}, "tensors", "list"),
    ({**LESSON, "tensors": [1]}, "tensors[0]", "text"),
    ({**LESSON, "tensors": ["outptu"]}, "tensors", '"outptu"'),
]


@pytest.mark.parametrize(("body", "field", "words"), STRUCTURE)
def test_a_body_of_the_wrong_form(client, body, field, words):
    assert words in refused(post(client, "conv2d", body), 422, field)


# What the engine refuses: the form is right, the operation cannot be computed.
MEANING = [
    ("conv2d", {**LESSON, "stride": 0}, "stride"),
    ("conv2d", {**LESSON, "stride": [1, -1]}, "stride"),
    ("conv2d", {**LESSON, "padding": -1}, "padding"),
    ("conv2d", {**LESSON, "padding": [[0, -1], [0, 0]]}, "padding"),
    ("conv2d", {**LESSON, "dilation": 0}, "dilation"),
    ("conv2d", {**LESSON, "dilation": 3}, "weight"),
    ("conv2d", {**LESSON, "weight": [[1] * 4]}, "weight"),
    ("conv2d", {**LESSON, "padding": 3, "padding_mode": "reflect"}, "padding"),
    ("conv2d", {**LESSON, "padding": 4, "padding_mode": "circular"}, "padding"),
    ("conv2d", {**LESSON, "groups": 2}, "groups"),
    ("conv2d", {**LESSON, "bias": [1, 2]}, "bias"),
    ("conv2d", {"input": [INPUT, INPUT], "weight": [[[[1]]]]}, "weight"),
    ("max_pool2d", {**POOL, "kernel_size": 4}, "kernel_size"),
    ("max_pool2d", {**POOL, "kernel_size": 0}, "kernel_size"),
    ("max_pool2d", {**POOL, "stride": 0}, "stride"),
    ("max_pool2d", {**POOL, "padding": 2}, "padding"),
    ("avg_pool2d", {**POOL, "padding": -1}, "padding"),
    ("avg_pool2d", {**POOL, "dilation": 5}, "kernel_size"),
]


@pytest.mark.parametrize(("operation", "body", "field"), MEANING)
def test_what_cannot_be_computed(client, operation, body, field):
    refused(post(client, operation, body), 422, field)


def test_a_kernel_too_large_is_told_with_both_numbers(client):
    message = refused(post(client, "max_pool2d", {**POOL, "kernel_size": [5, 2], "padding": 0}), 422, "kernel_size")
    assert "kernel_size 5 exceeds the padded input height 3" in message


@pytest.mark.parametrize(
    ("operation", "body", "seen"),
    [
        ("max_pool2d", {**POOL, "kernel_size": 4}, "kernel_size 4 is larger than the padded input's height, 3"),
        (
            "avg_pool2d",
            {**POOL, "dilation": 5},
            "kernel_size 2, spread over 6 cells, is larger than the padded input's height, 3",
        ),
        (
            "max_pool2d",
            {**POOL, "padding": 2},
            "padding 2 must be smaller than the height that the kernel covers, 2",
        ),
        (
            "conv2d",
            {**LESSON, "padding": 3, "padding_mode": "reflect"},
            "padding 3 is too wide to reflect: it must be smaller than the input's height, 3",
        ),
        (
            "conv2d",
            {**LESSON, "padding": 4, "padding_mode": "circular"},
            "padding 4 is too wide to wrap around: it can be at most the input's height, 3",
        ),
        (
            "network",
            {"architecture": [{"layer": "batch_norm2d"}], "seed": 1, "input": [[[1, 2]]], "target": 0},
            (
                "layer 1, Batch norm, cannot be followed on one sample: batch norm needs a whole batch, and dropout "
                "draws at random; leave it out"
            ),
        ),
        ("conv2d", {**LESSON, "stride": 0}, None),
    ],
)
def test_a_page_says_what_does_not_fit_by_what_a_person_sees(client, operation, body, seen):
    problem = post(client, operation, body).json
    assert [set(fault) for fault in problem["errors"]] == [{"field", "message"}]
    assert problem.get("seen") == (None if seen is None else [seen])


def test_several_faults_are_told_at_once(client):
    response = post(client, "conv2d", {"input": [[1, 2], [3]], "weight": [["a"]], "stride": "x", "extra": 1})
    assert {error["field"] for error in response.json["errors"]} == {"input", "weight", "stride", "extra"}


@pytest.mark.parametrize("operation", ["max_pool2d", "avg_pool2d"])
def test_pools_do_not_take_what_is_not_theirs(client, operation):
    refused(post(client, operation, {**POOL, "padding_mode": "zeros"}), 422, "padding_mode")
    refused(post(client, operation, {**POOL, "ceil_mode": 1}), 422, "ceil_mode")
    refused(post(client, "max_pool2d", {**POOL, "count_include_pad": True}), 422, "count_include_pad")
    refused(post(client, "flatten", {"input": INPUT, "start_dim": 1}), 422, "start_dim")


# ---- what is over a cap


def test_arrays_may_hold_262_144_values_together(client):
    full = [[1] * 512 for _ in range(512)]
    options = {"kernel_size": 1, "tensors": [], "steps": {"count": 1}}
    assert post(client, "max_pool2d", {"input": full, **options}).status_code == 200
    message = refused(post(client, "max_pool2d", {"input": [*full, [1] * 512], **options}), 413, "input")
    assert "262,144" in message
    body = {"input": full, "weight": [[1]], "tensors": [], "steps": {"count": 1}}
    assert "262,144" in refused(post(client, "conv2d", body), 413, "body")


def test_a_large_array_is_read_as_a_whole(client, counted):
    """Not value by value, as there are 262,144 of them, and without an object for whatever each might be instead."""
    body = {
        "input": [[0.5] * 512 for _ in range(512)],
        "kernel_size": 1,
        "tensors": [],
        "steps": {"count": 1},
    }
    with counted() as work:
        assert post(client, "max_pool2d", body).status_code == 200
    assert work.lines < 100_000  # some 37,000
    assert work.bytes < 40_000_000  # some 27 million, of which the body and its list have most


def test_more_steps_than_a_page_are_refused(client):
    assert "512" in refused(post(client, "conv2d", {**LESSON, "steps": {"count": 513}}), 413, "steps.count")


def test_a_padded_input_too_large_to_send_is_refused(client):
    assert "padded input has 1,447,209" in refused(post(client, "conv2d", {**LESSON, "padding": 600}), 413, "padding")


@pytest.mark.parametrize("body", [{"padding": 1_000_000}, {"padding": [0, 1_000_000]}, {"padding": 999_999}])
def test_an_output_too_large_to_send_is_refused_before_there_is_any_of_it(client, counted, body):
    with counted() as work:
        assert post(client, "conv2d", {**LESSON, **body}).status_code == 413
    assert work.lines < 20_000  # some 4,400
    assert work.bytes < 1_000_000  # some 80,000


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("conv2d", {**LESSON, "stride": 1_000_000}),
        ("conv2d", {**LESSON, "padding": [0, 100_000], "stride": 1_000_000}),
        ("conv2d", {**LESSON, "weight": [[1]], "dilation": 1_000_000, "padding": "same"}),
        ("avg_pool2d", {**POOL, "kernel_size": 1, "dilation": 1_000_000, "count_include_pad": False}),
        ("max_pool2d", {**POOL, "stride": [1_000_000, 1], "ceil_mode": True}),
    ],
)
def test_numbers_far_beyond_the_controls_cost_nothing(client, counted, operation, body):
    with counted() as work:
        assert post(client, operation, {**body, "tensors": [], "steps": {"count": 1}}).status_code == 200
    assert work.lines < 200_000  # some 44,000 at most
    assert work.bytes < 7_000_000  # some 5 million where 200,000 columns of padding are told


def test_too_many_multiplications_are_refused(client):
    body = {"input": [[1] * 300] * 300, "weight": [[1] * 150] * 150}
    assert "513,022,500 multiplications" in refused(post(client, "conv2d", body), 413, "tensors")
    assert post(client, "conv2d", {**body, "tensors": [], "steps": {"count": 1}}).status_code == 200


# ---- bodies that are not JSON objects


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"   ", "empty"),
        (b"hello", "not JSON"),
        (b'{"input": [[1, 2]', "not JSON"),
        (b'{"input": [[NaN]], "weight": [[1]]}', "JSON has no NaN"),
        (b'{"input": [[Infinity]], "weight": [[1]]}', "JSON has no Infinity"),
        (b'{"input": [[-Infinity]], "weight": [[1]]}', "not JSON"),
        (b'{"input": [[1e999]], "weight": [[1]]}', "not JSON"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "not JSON"),
        (b"{'input': 1}", "not JSON"),
    ],
)
def test_what_is_not_json(client, data, words):
    response = client.post("/api/trace/conv2d", data=data, content_type="application/json")
    assert words in refused(response, 400, "body")


@pytest.mark.parametrize("body", ["[]", "[1]", '"text"', '"{}"', "3", "null", "true"])
def test_json_that_is_no_object(client, body):
    response = client.post("/api/trace/conv2d", data=body, content_type="application/json")
    assert "not an object" in refused(response, 422, "body")


def test_deep_nesting_in_an_array(client):
    nested: object = 1
    for _ in range(900):
        nested = [nested]
    assert "axes" in refused(post(client, "conv2d", {**LESSON, "input": nested}), 422, "input")


def test_a_crowd_of_keys(client):
    body = {f"key{index}": 1 for index in range(50_000)}
    assert "keys" in refused(post(client, "conv2d", body), 422, "body")


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "json",
        "application/json, text/plain",
        "application/json, application/json",
    ],
)
def test_a_media_type_that_is_not_json(client, kind):
    response = client.post("/api/trace/conv2d", data=b"{}", content_type=kind)
    assert response.status_code == 415
    assert "application/json" in response.json["detail"]


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "application/problem+json"])
def test_a_media_type_that_is_json(client, kind):
    import json

    response = client.post("/api/trace/conv2d", data=json.dumps(LESSON), content_type=kind)
    assert response.status_code == 200


def test_a_compressed_body(client):
    headers = {"Content-Encoding": "gzip"}
    assert client.post("/api/trace/conv2d", json=LESSON, headers=headers).status_code == 415
