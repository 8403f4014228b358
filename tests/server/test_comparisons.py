"""A turned kernel and a moved input over HTTP: what is answered, and what is refused."""

from __future__ import annotations

import io

import numpy as np
import pytest

CONV = {"input": [[0, 1, 2], [3, 4, 5], [6, 7, 8]], "weight": [[[[0, 1], [2, 3]]]]}
SPOT = [[9, 0, 0, 0], [0] * 4, [0] * 4, [0] * 4]


def test_a_turned_kernel(client):
    answer = client.post("/api/trace/conv2d", json={**CONV, "flip_kernel": True}).json
    assert answer["tensors"]["weight"]["values"] == [[[[3, 2], [1, 0]]]]
    assert answer["tensors"]["output"]["values"] == [[[5, 11], [23, 29]]]
    compared = answer["comparison"]  # against 19, 25, 37, 43
    assert compared["difference"] == {"shape": [1, 2, 2], "values": [[[-14, -14], [-14, -14]]]}
    assert (compared["changed"], compared["total"]) == (4, 4)
    assert compared["description"].startswith("Turned by 180° this kernel is another one")


def test_what_a_changed_step_finds_is_said_without_where_its_window_is(client):
    steps = client.post("/api/trace/conv2d", json={**CONV, "flip_kernel": True}).json["steps"]
    assert steps["description"][0] == f"The window covers rows 1–2 and columns 1–2. {steps['finding'][0]}"
    assert steps["finding"][0].startswith("Its products 0 + 2 + 3 + 0 add up to 5")
    assert "finding" not in client.post("/api/trace/conv2d", json=CONV).json["steps"]


def test_the_code_of_a_turned_kernel_has_the_turned_weights(client):
    programs = client.post("/api/code/conv2d", json={**CONV, "flip_kernel": True}).json["programs"]
    assert all("[[[[3,2],[1,0]]]]" in "".join(program.split()) for program in programs.values())


def test_without_the_switch_nothing_is_compared(client):
    for body in (CONV, {**CONV, "flip_kernel": False}, {**CONV, "flip_kernel": True, "tensors": []}):
        assert "comparison" not in client.post("/api/trace/conv2d", json=body).json


@pytest.mark.parametrize("operation", ["max_pool2d", "avg_pool2d"])
@pytest.mark.parametrize(("shift", "changed"), [([0, 1], 0), ([1, 0], 0), ([0, -1], 1), ([2, 0], 2)])
def test_a_moved_input(client, operation, shift, changed):
    body = {"input": SPOT, "kernel_size": 2, "shift": shift}
    answer = client.post(f"/api/trace/{operation}", json=body).json
    assert answer["comparison"]["changed"] == changed
    assert answer["comparison"]["total"] == 4


def test_a_global_pool_of_a_moved_input(client):
    body = {"input": SPOT, "shift": [0, 3]}
    answer = client.post("/api/trace/global_max_pool2d", json=body).json
    assert answer["tensors"]["input"]["values"][0][0] == [0, 0, 0, 9]
    assert answer["comparison"]["description"].endswith("by 3 columns to the right: the one output does not change.")


@pytest.mark.parametrize(
    ("operation", "body", "field"),
    [
        ("conv2d", {**CONV, "flip_kernel": "yes"}, "flip_kernel"),
        ("conv2d", {**CONV, "shift": [0, 1]}, "shift"),
        ("max_pool2d", {"input": SPOT, "kernel_size": 2, "shift": 1}, "shift"),
        ("max_pool2d", {"input": SPOT, "kernel_size": 2, "shift": [0, 33]}, "shift"),
        ("max_pool2d", {"input": SPOT, "kernel_size": 2, "flip_kernel": True}, "flip_kernel"),
        ("flatten", {"input": SPOT, "shift": [0, 1]}, "shift"),
    ],
)
def test_what_is_refused(client, operation, body, field):
    response = client.post(f"/api/trace/{operation}", json=body)
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == field


WINDOW = {"row": 2, "col": 3, "height": 8, "width": 8, "size": [2, 2]}


def test_a_window_of_an_upload(client, encoded):
    pixels = np.zeros((20, 20, 3), np.uint8)
    pixels[2:6, 3:7] = (255, 0, 0)
    upload = {"file": (io.BytesIO(encoded(pixels)), "a.png")}
    image_id = client.post("/api/images", data=upload).json["id"]
    colours = client.post(f"/api/images/{image_id}/crop", json={**WINDOW, "channels": 3}).json
    assert colours == {"shape": [3, 2, 2], "values": [[[9, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0], [0, 0]]]}
    grey = client.post(f"/api/images/{image_id}/crop", json=WINDOW).json
    assert grey == {"shape": [1, 2, 2], "values": [[[3, 0], [0, 0]]]}


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"width": 200}, 422, "width"),
        ({"row": 111}, 422, "height"),
        ({"height": 0}, 422, "height"),
        ({"size": [33, 2]}, 422, "size"),
        ({"channels": 0}, 422, "channels"),
        ({"zoom": 2}, 422, "zoom"),
    ],
)
def test_a_window_that_cannot_be(client, change, status, field):
    response = client.post("/api/images/cat/crop", json={**WINDOW, **change})
    assert response.status_code == status
    assert response.json["errors"][0]["field"] == field


def test_a_window_of_a_picture_that_is_gone(client):
    response = client.post("/api/images/gone/crop", json=WINDOW)
    assert response.status_code == 404
    assert "upload it again" in response.json["detail"]
