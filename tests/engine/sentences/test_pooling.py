"""Sentences of the pooling page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_avg_pool2d, trace_max_pool2d

LESSON = np.arange(9.0).reshape(3, 3)


@pytest.mark.parametrize(
    ("trace", "step", "sentence"),
    [
        (
            trace_max_pool2d(LESSON, 2, padding=((0, 1), (0, 0)), stride=1),
            4,
            (
                "The window covers row 3 and columns 1–2; 2 of its 4 cells are padding. "
                "The largest of 6 and 7 is kept: 7 at row 3, column 1."
            ),
        ),
        (
            trace_max_pool2d([[1, 1], [1, 0]], 2),
            0,
            (
                "The window covers rows 1–2 and columns 1–2. "
                "The largest of 1, 1, 1 and 0 is kept (3 cells hold it; the first one wins): 1 at row 1, column 1."
            ),
        ),
        (
            trace_max_pool2d([[1.0, 2]], (1, 2), padding=(0, 1)),
            0,
            (
                "The window covers row 1 and column 1; 1 of its 2 cells is padding. "
                "Its only value is kept: 1 at row 1, column 1."
            ),
        ),
        (
            trace_avg_pool2d([LESSON, LESSON], 2, ceil_mode=True),
            7,
            (
                "The window covers row 3 and column 3; 3 of its 4 cells lie outside the input. "
                "Its values add up to 8; divided by 1 cell that is 8 at row 2, column 2 of channel 2."
            ),
        ),
        (
            trace_avg_pool2d([[1.0, 0, 0]], (1, 3)),
            0,
            (
                "The window covers row 1 and columns 1–3. "
                "Its values add up to 1; divided by 3 cells that is ≈0.333 at row 1, column 1."
            ),
        ),
    ],
)
def test_a_step_says_itself(trace, step, sentence):
    assert trace[step].describe() == sentence
    assert trace.descriptions(step, step + 1) == [sentence]


@pytest.mark.parametrize(
    ("trace", "sentence"),
    [
        (trace_max_pool2d([[1.0, np.nan], [3, 2]], 2), "1 of its values is not a number (NaN), which max pooling"),
        (trace_max_pool2d(np.full((2, 2), np.nan), 2, padding=1), "1 of its values is not a number (NaN)"),
        (
            trace_avg_pool2d([[1.0, np.nan]], (1, 2)),
            "Its values add up to NaN, which is not a number; divided by 2 cells",
        ),
    ],
)
def test_a_sentence_says_where_a_number_is_none(trace, sentence):
    step = trace[0]
    assert np.isnan(step.output)
    assert sentence in step.describe()


def test_a_sum_of_integers_is_whole():
    x = np.full((2, 2), 200, np.uint8)
    assert "that is 200 at" in trace_avg_pool2d(x, 2)[0].describe()
    assert "add up to 800" in trace_avg_pool2d(x, 2)[0].describe()
