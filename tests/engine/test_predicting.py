"""Predict first: a step says which sign and which size is right."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_engine import trace_network
from cnn_engine.trace.predicting import BOUNDS, SIZES, right_answers
from cnn_engine.wording import number
from cnn_server.page_texts import texts

from .test_network_trace import NETWORKS, network_and_sample


@pytest.mark.parametrize(
    ("gradient", "sign", "size"),
    [
        (-3.0, "negative", "large"),
        (-1.0, "negative", "large"),
        (-0.5, "negative", "middling"),
        (-0.1, "negative", "middling"),
        (-0.09, "negative", "small"),
        (-0.01, "negative", "small"),
        (-0.009, "negative", "tiny"),
        (-0.0, "zero", "tiny"),
        (0.0, "zero", "tiny"),
        (1e-9, "positive", "tiny"),
        (0.01, "positive", "small"),
        (0.1, "positive", "middling"),
        (0.999, "positive", "middling"),
        (40.0, "positive", "large"),
        (math.nan, "", ""),
        (-math.inf, "", ""),
    ],
)
def test_a_gradient_has_one_sign_and_one_size(gradient, sign, size):
    found = right_answers(np.array([gradient]))
    assert (found["sign"].tolist(), found["size"].tolist()) == ([sign], [size])


@pytest.mark.parametrize("name", NETWORKS)
def test_every_gradient_that_does_not_only_move_can_be_predicted(name):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture)
    trace = trace_network(architecture, network.state(), x, 1)
    columns, signs = trace.columns(), {-1: "negative", 0: "zero", 1: "positive"}
    for entry in trace.timeline:
        for step in range(entry.start, entry.start + entry.count):
            requested = entry.way == "backward" and entry.op != "flatten_backward"
            assert columns["sign"][step] == (signs[int(np.sign(trace[step].output))] if requested else "")
            assert bool(columns["size"][step]) == requested


def test_the_answers_of_the_page_name_the_same_bounds():
    low, middle, high = (number(bound) for bound in BOUNDS)
    sentence = [texts()[f"predict.{size}"] for size in SIZES]
    assert sentence == [f"< {low}", f"{low}–{middle}", f"{middle}–{high}", f"≥ {high}"]
