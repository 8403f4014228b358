"""POST /api/trace/{operation}_backward: gradients on paper, their links and cards, and what is refused."""

from __future__ import annotations

import pytest

INPUT, KERNEL, ABOVE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]], [[1, 0], [0, 2]]
CONVOLUTION = {"input": INPUT, "weight": KERNEL, "grad_output": ABOVE}


def post(client, operation, **body):
    return client.post(f"/api/trace/{operation}_backward", json=body)


def trace(client, operation, **body):
    answer = post(client, operation, **body)
    assert answer.status_code == 200, answer.json
    return answer.json


def test_a_convolutions_weight(client):
    answer = trace(client, "conv2d", **CONVOLUTION)
    assert (answer["op"], answer["params"]["wrt"]) == ("conv2d_backward", "weight")
    assert answer["tensors"]["output"] == {"shape": [1, 1, 2, 2], "values": [[[[11, 14], [20, 23]]]]}
    assert answer["tensors"]["grad_output"]["values"] == [ABOVE]
    assert "limits" not in answer  # this gradient fits no other size
    steps = answer["steps"]
    assert (steps["total"], steps["output"]) == (4, [11, 14, 20, 23])
    assert steps["local"][0] == [1, 2, 4, 5]
    assert steps["term_cells"][0] == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]
    assert steps["description"][3].endswith("the loss would rise by about 0.23.")


@pytest.mark.parametrize(
    ("wrt", "values"), [("input", [[[1, 0, 0], [0, 1, 0], [0, 0, -2]]]), ("bias", [3])], ids=["input", "bias"]
)
def test_a_convolutions_input_and_bias(client, wrt, values):
    assert trace(client, "conv2d", **CONVOLUTION, wrt=wrt)["tensors"]["output"]["values"] == values


def test_a_page_of_steps_says_how_it_is_shown_and_what_belongs_together(client):
    answer = trace(client, "conv2d", **CONVOLUTION, steps={"start": 2, "count": 1}, parts=["card", "links", "messages"])
    assert [panel["title"] for panel in answer["panels"]] == ["Input", "From above", "Gradient of the weight"]
    assert answer["links"]["output"]["grad_output"]
    assert answer["steps"]["output"] == [20]
    assert answer["steps"]["messages"][0]["id"] == "backward.weight"
    assert answer["steps"]["messages"][0]["numbers"][0]["index"] == [0, 0, 1, 0]


def test_what_no_window_holds_has_a_gradient_of_0(client):
    body = {"input": [[1, 2, 9]], "kernel_size": [1, 1], "stride": [1, 2], "grad_output": [[4, 5]]}
    steps = trace(client, "max_pool2d", **body)["steps"]
    assert steps["output"] == [4, 0, 5]
    assert steps["inside"] == steps["gate"] == [[True], [False], [True]]


@pytest.mark.parametrize(
    ("gradient", "values"),
    [
        ({"preset": "ones"}, [[12, 16], [24, 28]]),  # the sums of the four windows
        ({"preset": "one"}, [[1, 2], [4, 5]]),  # the first of two by two is the middle one
    ],
    ids=["ones", "one"],
)
def test_a_gradient_by_name_has_the_shape_of_the_output(client, gradient, values):
    answer = trace(client, "conv2d", **{**CONVOLUTION, "grad_output": gradient})
    assert answer["tensors"]["output"]["values"] == [[values]]
    assert answer["tensors"]["grad_output"]["shape"] == [1, 2, 2]
    assert answer["limits"]["stride"]["height"] == [1, 8]
    strided = trace(client, "conv2d", **{**CONVOLUTION, "grad_output": gradient}, stride=2)
    assert strided["tensors"]["grad_output"]["shape"] == [1, 1, 1]


def test_a_random_gradient_comes_from_its_seed(client):
    first, again, other = (
        trace(client, "linear", input=[1] * 4, weight=[[1] * 4] * 9, grad_output={"preset": "random", "seed": seed})
        for seed in (1, 1, 2)
    )
    assert first["tensors"]["grad_output"] == again["tensors"]["grad_output"] != other["tensors"]["grad_output"]


def test_a_gradient_by_name_of_an_output_too_large_to_send_is_refused_before_it_is_made(client):
    body = {"input": [[1] * 300] * 300, "weight": [[[[1]]]] * 100, "grad_output": {"preset": "ones"}, "tensors": []}
    answer = post(client, "conv2d", **body)
    assert answer.status_code == 413
    assert answer.json["errors"][0]["field"] == "grad_output"
    assert "9,000,000 values" in answer.json["detail"]


REFUSED = [
    ("conv2d", {**CONVOLUTION, "grad_output": INPUT}, "grad_output", "but the output has the size 2 × 2"),
    ("conv2d", {**CONVOLUTION, "grad_output": [[1, None], [0, 2]]}, "grad_output", "null, not a number"),
    ("conv2d", {"input": INPUT, "weight": KERNEL}, "grad_output", "required"),
    ("conv2d", {**CONVOLUTION, "grad_output": {"preset": "twos"}}, "grad_output.preset", "ones"),
    ("conv2d", {**CONVOLUTION, "grad_output": {"preset": "ones", "size": [2, 2]}}, "grad_output.size", "parameter"),
    ("conv2d", {**CONVOLUTION, "wrt": "filter"}, "wrt", "weight"),
    ("conv2d", {**CONVOLUTION, "stride": 3}, "grad_output", "the size 1 × 1"),
    ("conv2d", {**CONVOLUTION, "bias": [1]}, "bias", "not a parameter"),
    ("linear", {"input": [1], "weight": [[1], [2]], "grad_output": [1]}, "grad_output", "the size 2"),
    ("linear", {"input": [1], "weight": [[1, 2]], "grad_output": [1]}, "weight", "2"),
    ("max_pool2d", {"input": INPUT, "kernel_size": 4, "grad_output": [[1]]}, "kernel_size", "4"),
    ("relu", {"input": INPUT, "grad_output": [[1]]}, "grad_output", "the size 3 × 3"),
    ("sigmoid", {"input": [1, 2], "grad_output": [1, 2, 3]}, "grad_output", "the size 2"),
    ("avg_pool2d", {"input": INPUT, "kernel_size": 2, "grad_output": [[1, 2]]}, "grad_output", "the size 1 × 1"),
    ("global_max_pool2d", {"input": INPUT, "grad_output": INPUT}, "grad_output", "the size 1 × 1"),
    ("conv_transpose2d", {**CONVOLUTION, "grad_output": [[1]]}, "grad_output", "the size 4 × 4"),
    ("softmax_cross_entropy", {"logits": [1, 2], "target": 2}, "target", "2"),
    ("softmax_cross_entropy", {"logits": [1, 2], "target": -1}, "target", "-1"),
    ("sigmoid_binary_cross_entropy", {"logits": [1, 2], "target": [1, 1.5]}, "target", "1.5"),
    ("mse", {"prediction": [1, 2], "target": [1]}, "target", "1"),
    ("flatten", {"input": INPUT, "grad_output": [[1]]}, "grad_output", "1 axis"),
    ("pad2d", {"input": INPUT, "padding": 3, "mode": "reflect", "grad_output": [[1]]}, "padding", "reflect"),
]


@pytest.mark.parametrize(("operation", "body", "field", "words"), REFUSED)
def test_what_does_not_fit_is_refused_by_its_name(client, operation, body, field, words):
    answer = post(client, operation, **body)
    assert answer.status_code == 422, answer.json
    errors = {error["field"]: error["message"] for error in answer.json["errors"]}
    assert words in errors[field]
