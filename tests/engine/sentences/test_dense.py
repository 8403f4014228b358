"""Sentences of the dense page, word by word."""

from __future__ import annotations

import numpy as np

from cnn_engine import trace_linear


def test_a_sentence_says_where_a_number_is_none():
    step = trace_linear([1.0, np.nan], [[1.0, 1.0]])[0]
    assert np.isnan(step.output)
    assert "The products add up to NaN, which is not a number." in step.describe()


def test_a_sum_of_integers_is_whole():
    assert "add up to 1800." in trace_linear(np.full(9, 200, np.uint8), np.ones((1, 9), np.int8))[0].describe()
