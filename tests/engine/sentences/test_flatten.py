"""Sentences of the flatten page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_flatten

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
