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
