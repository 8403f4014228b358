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
    ("operation", "body", "status", "sentence"),
    [
        ("conv2d", {**LESSON, "weight": [[1] * 4]}, 422, "kernel_size 4 exceeds the padded input width 3"),
        ("conv2d", {**LESSON, "strid": 2}, 422, "strid is not a parameter here"),
        ("relu", {"input": [[0] * 200] * 100}, 413, "20,000 numbers"),
        ("conv2d", {**LESSON, "padding": 100_000, "padding_mode": "replicate"}, 413, "with padding"),
        ("conv_transpose2d", {**LESSON, "dilation": 1_000_000}, 413, "dilation"),
    ],
)
def test_refusals(client, operation, body, status, sentence):
    answer = client.post(f"/api/code/{operation}", json=body)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert sentence in answer.json["detail"]


def test_one_update_of_a_network_as_code(client):
    """By hand: (2 · 3 − 4)² = 4; gradients 2 · 2 · 3 and 2 · 2 · 2; 2 − 0.1 · 12 = 0.8, then (0.8 · 3 − 4)²."""
    line = [{"layer": "linear", "out_features": 1, "bias": False}]
    body = {"architecture": line, "parameters": {"0.weight": [[2]]}, "input": [3], "target": [4], "loss": "mse"}
    answer = client.post("/api/code/network", json=body)
    assert answer.status_code == 200, answer.json
    assert list(answer.json["programs"]) == ["torch", "keras", "numpy"]
    space: dict = {"print": lambda *_: None}
    exec(answer.json["programs"]["numpy"], space)
    assert space["loss"] == 4
    assert space["gradients"]["0.weight"].tolist() == [[12]]
    assert space["gradients"]["input"].tolist() == [8]
    assert np.isclose(space["parameters"]["0.weight"][0, 0], 0.8)
    assert np.isclose(space["loss_after"], 2.56)
    large = client.post(
        "/api/code/network", json={**body, "parameters": {"0.weight": [[2] * 11_000]}, "input": [3] * 11_000}
    )
    assert large.status_code == 413
