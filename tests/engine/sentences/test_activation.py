"""Sentences of the activation page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine import trace_relu

SENTENCES = [
    ("leaky_relu", [3.0], "Value 1: 3 is not negative and stays as it is."),
    ("tanh", [0.0], "Value 1: 0 is squeezed between −1 and 1: 0."),
    ("hardtanh", [-3.0], "Value 1: −3 is below −1 and becomes −1."),
    ("hardtanh", [4.0], "Value 1: 4 is above 1 and becomes 1."),
    ("hardtanh", [1.0], "Value 1: 1 is one of the bounds and stays as it is."),
    ("hardtanh", [0.5], "Value 1: 0.5 lies between −1 and 1 and stays as it is."),
]


@pytest.mark.parametrize(("name", "x", "sentence"), SENTENCES)
def test_a_step_says_what_becomes_of_a_value(name, x, sentence):
    assert getattr(engine, f"trace_{name}")(x).descriptions() == [sentence]


def test_a_sentence_says_where_a_number_is_none():
    step = trace_relu([np.nan])[0]
    assert np.isnan(step.output)
    assert "NaN, which is not a number, stays NaN." in step.describe()


def test_at_0_the_two_kinds_of_relu_have_a_corner():
    below, corner, _ = engine.trace_relu_backward([-2.0, 0.0, 3.0], [10.0, 10.0, 10.0]).descriptions()
    assert below.endswith("nothing passes. If this input grew by 0.01, the loss would stay as it is.")
    assert corner == (
        "The input 2 is 0, just at ReLU's corner: by convention its slope counts as 0 there, and of the gradient from "
        "above, 10, nothing passes. Above 0 the gate is open. If this input grew by 0.01, the loss would rise by "
        "about 0.1."
    )
    maps = engine.trace_leaky_relu_backward([[[1.0, 0.0]]], [[[10.0, 10.0]]], negative_slope=0.5)
    assert "corner" not in maps[0].describe()
    assert maps[1].describe() == (
        "The input at row 1, column 2 is 0, just at the curve's corner: by convention its slope counts as 0.5 there, "
        "as it is below 0; times the gradient from above, 10, that is 5. Above 0 the slope is 1. If this input grew by "
        "0.01, the loss would rise by about 0.1."
    )
    assert "corner" not in engine.trace_tanh_backward([0.0], [8.0])[0].describe()
