"""POST /api/code/{operation}: programs for the very body that a trace is asked for with."""

from __future__ import annotations

import numpy as np
import pytest

LESSON = {"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[0, 1], [2, 3]]}


def test_the_lessons_convolution_as_code(client):
    answer = client.post("/api/code/conv2d", json=LESSON)
    assert answer.status_code == 200
    assert answer.json["op"] == "conv2d"
    assert list(answer.json["programs"]) == ["torch", "keras", "numpy"]
    space: dict = {"print": lambda *_: None}
    exec(answer.json["programs"]["numpy"], space)
    assert np.array_equal(space["output"], [[[19, 25], [37, 43]]])


def test_a_body_of_a_trace_serves_as_it_is(client):
    body = {**LESSON, "tensors": ["output"], "steps": {"start": 1, "count": 2}}
    assert client.post("/api/code/conv2d", json=body).json == client.post("/api/code/conv2d", json=LESSON).json


def test_presets_are_written_out(client):
    body = {"input": {"preset": "lesson", "size": [3, 3]}, "weight": {"preset": "lesson", "size": [2, 2]}}
    assert client.post("/api/code/conv2d", json=body).json == client.post("/api/code/conv2d", json=LESSON).json


def test_of_a_turned_kernel_the_turned_weights_are_written(client):
    answer = client.post("/api/code/conv2d", json={**LESSON, "flip_kernel": True})
    assert "weight = np.array([[[[3, 2], [1, 0]]]], dtype=np.float64)" in answer.json["programs"]["numpy"]


@pytest.mark.parametrize(
    ("operation", "body", "status", "said"),
    [
        ("conv2d", {**LESSON, "weight": [[1] * 4]}, 422, "kernel_size 4 exceeds the padded input width 3"),
        ("conv2d", {**LESSON, "strid": 2}, 422, "strid is not a parameter here"),
        ("relu", {"input": [[0] * 200] * 100}, 413, "20,000 numbers"),
        ("conv2d", {**LESSON, "padding": 100_000, "padding_mode": "replicate"}, 413, "with padding"),
        ("conv_transpose2d", {**LESSON, "dilation": 1_000_000}, 413, "dilation"),
    ],
)
def test_refusals(client, operation, body, status, said):
    answer = client.post(f"/api/code/{operation}", json=body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert said in answer.json["detail"]
