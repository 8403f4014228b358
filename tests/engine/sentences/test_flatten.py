"""Sentences of the flatten page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_flatten, trace_flatten_backward

LESSON = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("trace", "step", "sentence"),
    [
        (
            trace_flatten(LESSON),
            5,
            "The value 5 of row 2, column 3 moves to place 6 of the vector, unchanged.",
        ),
        (
            trace_flatten([LESSON, -LESSON]),
            10,
            "The value −1 of channel 2, row 1, column 2 moves to place 11 of the vector, unchanged.",
        ),
    ],
)
def test_a_step_says_itself(trace, step, sentence):
    assert trace[step].describe() == sentence
    assert trace.descriptions(step, step + 1) == [sentence]


@pytest.mark.parametrize(
    ("above", "change"),
    [
        (0.055, "0.00055"),
        (0.098, "0.00098"),
        (0.0073, "7.3 × 10⁻⁵"),
        (12.0, "0.12"),
        (-0.0123, "0.00012"),
        (1.2e-5, "1.2 × 10⁻⁷"),
        (1e-6, "10⁻⁸"),
        (2.34e-150, "2.3 × 10⁻¹⁵²"),
        (123.0, "1.2"),
        (1e9, "10000000"),
    ],
)
def test_by_how_much_the_loss_would_change_has_two_digits_however_little_it_is(above, change):
    trace = trace_flatten_backward([[[above]]], [above])
    way = "rise" if above > 0 else "fall"
    assert trace[0].describe().endswith(f"the loss would {way} by about {change}.")
