"""Hostile requests are refused before the work begins, or cost little: what `make bench` measures, in short."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from benchmarks.hostile import CHECKS, CODES, MAPS, MODELS, TRACES, Hostile
from benchmarks.hostile.models import keep
from cnn_server import create_app

WIDE = 10.0  # seconds of CPU, where a request may cost one: only what is not counted meets it
REFUSED = {
    "conv2d: one window of many": "129,600 multiplications",
    "conv2d: filters of one weight": "750,004 lists",
    "conv2d: a preset kernel of 64 x 64 x 32 x 32": "4,194,304 values",
    "conv2d: what each channel brings": "the partial has 40,140,800 values",
    "conv2d: what each channel brings, with the output": "partial",
    "conv_transpose2d: as many products as may be": "multiplications",
    "conv_transpose2d: a preset kernel": "4,194,304 values",
    "conv_transpose2d: scattered far": "steps",
    "max_pool2d: as many comparisons as may be": "comparisons",
    "max_pool2d: one window of many": "262,144 comparisons",
    "avg_pool2d: one window of many": "262,144 additions",
    "conv2d_backward: windows as large as the gradient": "1,153,476 multiplications",
    "conv2d_backward: an input that meets every weight": "400,000,000 multiplications",
    "conv2d_backward: padding around one cell": "padding",
    "max_pool2d_backward: winners of large windows": "steps",
    "avg_pool2d_backward: many shares": "multiplications",
    "check: three pools of 127 x 127": "for one picture",
    "check: a grouped convolution": "for one picture",
    "check: a kernel of 127 x 127": "for one picture",
    "start: three pools of 127 x 127": "for one picture",
    "untrained: averages of 31 x 31": "for one picture",
}
MODELS_REFUSED = {
    "model: wiring of a million pairs": "MB of memory for one answer",
    "model: wiring of 20,000 groups": "for one answer is more than",
    "model: the smallest change of too many numbers": "MB of memory for one answer",
    "model: the smallest change of too large a map": "for one answer is more than",
}
SERVED = (
    "conv2d: large windows, no tensors",
    "conv_transpose2d: large windows",
    "linear: many inputs",
    "conv2d_backward: a bias",
    "conv2d_backward: copies of copies",
    "pad2d_backward: copies of a row",
    "linear_backward: square",
    "code: dense",
    "check: data set strokes",
    "check: 256 layers",
    "untrained: data set shapes",
    "untrained: a million parameters",
)
ALL: dict[str, Hostile] = {**TRACES, **CODES, **MAPS, **CHECKS}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    app = create_app({"DATA_DIR": str(tmp_path_factory.mktemp("data")), "RUN_WORKERS": 0})
    keep(app)
    yield app.test_client()
    app.extensions["runs"].stop()


@pytest.mark.parametrize("name", [*REFUSED, *SERVED])
def test_a_hostile_request_costs_little(client, name):
    began = time.process_time()
    response = replace(ALL[name], headers={"Accept-Encoding": "identity"}).send(client, {})
    assert time.process_time() - began < WIDE
    text = response.get_data(as_text=True) if name in REFUSED else ""
    assert response.status_code in ((200, 413, 422) if name in REFUSED else (200, 201, 413)), text
    assert REFUSED.get(name, "") in text


@pytest.mark.parametrize("name", MAPS)
def test_maps_of_a_picture_cost_little(client, name):
    began = time.process_time()
    response = ALL[name].send(client, {"image": "astronaut"})
    assert response.status_code in (200, 413, 422)
    assert time.process_time() - began < WIDE


@pytest.mark.parametrize("name", MODELS)
def test_what_a_large_model_is_asked_costs_little(client, name):
    began = time.process_time()
    response = MODELS[name].send(client, {})
    assert time.process_time() - began < WIDE
    text = response.get_data(as_text=True) if name in MODELS_REFUSED else ""
    assert response.status_code == (422 if name in MODELS_REFUSED else 200), text
    assert MODELS_REFUSED.get(name, "") in text
