"""How traces are shown names nothing that they do not have: tensors, columns, phases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import cnn_engine as engine
from tests.pseudo_texts import in_english, unmarked

MAPS, KERNELS = np.arange(32.0).reshape(2, 4, 4), np.ones((4, 1, 2, 2))
LAYERS = [{"weight": np.ones((3, 2)), "activation": "relu"}, {"weight": np.ones((1, 3))}]
LEARNED = engine.trace_network(
    [{"layer": "conv2d", "out_channels": 4, "kernel_size": 2, "groups": 2}, "global_avg_pool2d"],
    {"0.weight": KERNELS, "0.bias": np.ones(4)},
    MAPS,
    1,
    optimizer={"name": "adamw", "weight_decay": 0.1},
)
TRACES = {
    "conv2d": engine.trace_conv2d(MAPS, KERNELS, [1, 2, 3, 4], groups=2, padding=1),
    "gather": engine.trace_conv_transpose2d(MAPS, np.ones((2, 1, 2, 2)), [1], stride=2),
    "scatter": engine.trace_conv_transpose2d(MAPS, np.ones((2, 1, 2, 2)), [1], stride=2, mode="scatter"),
    "stacked_conv2d": engine.trace_stacked_conv2d(MAPS[0], np.ones((2, 2)), np.ones((2, 3)), padding=1),
    "max_pool2d": engine.trace_max_pool2d(MAPS, 3, ceil_mode=True),
    "avg_pool2d": engine.trace_avg_pool2d(MAPS, 2),
    "global_avg_pool2d": engine.trace_global_avg_pool2d(MAPS),
    "nearest": engine.trace_interpolate2d(MAPS, 1.5),
    "bilinear": engine.trace_interpolate2d(MAPS, 2, mode="bilinear"),
    "pad2d": engine.trace_pad2d(MAPS, 1),
    "pad2d of one channel, by copies": engine.trace_pad2d(MAPS[0], 1, mode="reflect"),
    "flatten": engine.trace_flatten(MAPS),
    "relu": engine.trace_relu(MAPS),
    "dense": engine.trace_dense([1.0, 2.0], LAYERS),
    "softmax": engine.trace_softmax([1.0, 2.0, 3.0]),
    "log_softmax": engine.trace_log_softmax([1.0, 2.0, 3.0]),
    "binary_cross_entropy": engine.trace_binary_cross_entropy([0.25, 0.5], [1.0, 0.0]),
    "average_or_dense": engine.trace_average_or_dense(MAPS, np.ones((2, 2, 4, 4))),
    "cross_entropy": engine.trace_cross_entropy([1.0, 2.0, 3.0], 1),
    "binary": engine.trace_binary_cross_entropy_with_logits([1.0], [1.0]),
    "weight": engine.trace_conv2d_backward(MAPS, KERNELS, np.ones((4, 5, 5)), groups=2, padding=1),
    "input": engine.trace_conv2d_backward(MAPS, KERNELS, np.ones((4, 3, 3)), groups=2, wrt="input"),
    "bias": engine.trace_conv2d_backward(MAPS, KERNELS, np.ones((4, 3, 3)), groups=2, wrt="bias"),
    "dense, weight": engine.trace_linear_backward([1.0, 2.0], np.ones((3, 2)), [1.0, 2.0, 3.0]),
    "dense, input": engine.trace_linear_backward([1.0, 2.0], np.ones((3, 2)), [1.0, 2.0, 3.0], wrt="input"),
    "max_pool2d_backward": engine.trace_max_pool2d_backward(MAPS, 2, np.ones((2, 2, 2))),
    "avg_pool2d_backward": engine.trace_avg_pool2d_backward(MAPS, 3, np.ones((2, 2, 2)), ceil_mode=True),
    "pad2d_backward": engine.trace_pad2d_backward(MAPS, 1, np.ones((2, 6, 6)), mode="reflect"),
    "flatten_backward": engine.trace_flatten_backward(MAPS, np.ones(32)),
    "relu_backward": engine.trace_relu_backward(MAPS, MAPS),
    "tanh_backward": engine.trace_tanh_backward([1.0, 2.0], [1.0, 2.0]),
    "mse": engine.trace_mse([1.0, 2.0], [0.0, 2.0]),
    "linear": engine.trace_linear([1.0, 2.0], np.ones((3, 2)), [0, 1, 2]),
    "linear without bias": engine.trace_linear([1.0, 2.0], np.ones((3, 2))),
    "a line": engine.trace_tanh([1.0, 2.0]),
    "cross_entropy, backward": engine.trace_softmax_cross_entropy_backward([1.0, 2.0, 3.0], 1),
    "binary, backward": engine.trace_sigmoid_binary_cross_entropy_backward([1.0], [1.0]),
    "mse, backward": engine.trace_mse_backward([1.0, 2.0], [0.0, 2.0]),
    "update": LEARNED.part(len(LEARNED.timeline) - 1),
    "update of kernels": LEARNED.part(len(LEARNED.timeline) - 2),
}
SUMS = {"row_sums", "channel_sums", "row_totals"}
WINDOWS = {"windows", "winners", "won", "zero", "why"}
COLUMNS = {"at", "size", "inside", "tap", "column", "left", "value", "chosen", "result"} | SUMS | WINDOWS
TENSORS = {"tensor", "gaps", "right", "scale"}
FIELD = re.compile(r"\{(\w+)[^}]*\}")


def parts(shown: Any) -> Iterator[tuple[str, Any]]:
    """Every name with its value, however deep."""
    if isinstance(shown, dict):
        for name, value in shown.items():
            yield ("left" if name == "right" and "at" not in shown else name), value
            yield from parts(value)
    elif isinstance(shown, list):
        for one in shown:
            yield from parts(one)


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)


@pytest.mark.parametrize("name", TRACES)
def test_what_is_shown_is_there(name):
    trace = TRACES[name]
    show = trace.show()
    assert show
    columns, shown = trace.columns(), list(parts(show.plain()))
    named = {value.split(".")[0] for key, value in shown if key in COLUMNS and isinstance(value, str)}
    fields = {field for _, value in shown for text in texts(value) for field in FIELD.findall(text)}
    assert named | fields <= set(columns)
    assert {value for key, value in shown if key in TENSORS} <= set(trace.tensors)
    assert all(value for key, value in shown if key == "planes")  # what is by default is left out
    assert {value for key, value in shown if key == "over"} <= {panel.id for panel in show.panels}


@pytest.mark.parametrize("name", TRACES)
def test_every_step_has_one_card_and_what_fills_begins_at_a_step(name):
    trace = TRACES[name]
    show = trace.show()
    assert show
    kinds = set(trace.columns()[show.by].tolist()) if show.by else {None}
    assert {card.when for card in show.cards} == kinds
    assert {region.when for panel in show.panels for region in panel.regions} <= kinds | {None}
    assert all(panel.fills in (None, *range(len(trace))) for panel in show.panels)


def test_a_trace_that_no_page_shows_says_so():
    assert engine.trace_optimizers().show() is None


WORDED = {"title", "note", "label", "last_note", "name", "where", "lines", "labels", "factors", "text"}
FORMULAS = {"eˣ"}


@pytest.mark.parametrize("name", TRACES)
def test_what_is_shown_is_said_in_the_language_that_is_asked_for(name):
    show = TRACES[name].show()
    assert show
    english, other = (list(parts(show.plain(code))) for code in ("en", "qps"))
    assert [key for key, _ in english] == [key for key, _ in other]
    for (key, before), (_, after) in zip(english, other, strict=True):
        if key not in WORDED:
            assert isinstance(before, list | dict) or after == before
            continue
        for text, sentence in zip(texts(before), texts(after), strict=True):
            assert FIELD.findall(sentence) == FIELD.findall(text)
            assert in_english(sentence) == text
            assert not unmarked([FIELD.sub("", sentence)], FORMULAS), sentence
