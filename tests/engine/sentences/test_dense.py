"""Sentences of the dense page, word by word."""

from __future__ import annotations

import numpy as np

from cnn_engine import trace_average_or_dense, trace_linear, trace_linear_backward


def test_a_sentence_says_where_a_number_is_none():
    step = trace_linear([1.0, np.nan], [[1.0, 1.0]])[0]
    assert np.isnan(step.output)
    assert "The products add up to NaN, which is not a number." in step.describe()


def test_a_sum_of_integers_is_whole():
    assert "add up to 1800." in trace_linear(np.full(9, 200, np.uint8), np.ones((1, 9), np.int8))[0].describe()


def test_a_gradient_beyond_all_numbers_says_nothing_of_the_loss():
    beyond = trace_linear_backward([1e200], [[1]], [1e200])[0]
    assert beyond.describe().endswith("times the gradient there is infinite. Nothing can be said of the loss.")


def test_a_class_says_the_average_of_its_map():
    maps = np.zeros((2, 4, 4))
    maps[0, 1:3, 1], maps[1, 1, 1:3] = 6, 2
    step = trace_average_or_dense(maps, np.zeros((2, 2, 4, 4)))[1]
    assert "adds up to 4, which divided by 16 cells is its average, 0.25" in step.describe()
