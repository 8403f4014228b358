"""Sentences of the pooling page, word by word."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_avg_pool2d, trace_avg_pool2d_backward, trace_max_pool2d, trace_max_pool2d_backward

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


def test_a_gradient_says_how_many_windows_its_input_won():
    apart = trace_max_pool2d_backward([[5, 4, 3]], (1, 2), [[10.0, 1.0]], stride=1)[1]
    assert apart.describe().startswith("The input at row 1, column 2 won 1 of its 2 windows: ")


def test_a_tie_is_said_to_be_a_corner_where_the_loss_could_change():
    """Of 5 5 5 the middle loses the left window to an equal value and wins the right one; the last loses to it."""
    first, middle, last = trace_max_pool2d_backward([[5, 5, 5]], (1, 2), [[10.0, 1.0]], stride=1).descriptions()
    assert "corner" not in first
    corner = " At a tie the loss has a corner: if this input grew, it would win there, and the loss could change."
    assert middle == (
        "The input at row 1, column 2 ties with the winner of 1 of its 2 windows: of equal values the first one wins "
        "and takes the gradient. It won 1 other: its gradient is what comes from there, 1." + corner
    )
    assert last == (
        "The input at row 1, column 3 ties with the winner of its window: of equal values the first one wins and takes "
        "the gradient. Here the gradient is 0 by convention." + corner
    )
    lost = trace_max_pool2d_backward([[5, 4]], (1, 2), [[10.0]])[1].describe()
    assert lost.endswith("here it is 0. If this input grew by 0.01, the loss would stay as it is.")


def test_a_mean_has_its_shares_of_the_gradients_of_its_averages():
    middle = trace_avg_pool2d_backward([[1, 2, 3]], (1, 2), [[0.5, 0.5]], stride=1)[1].describe()
    assert middle == (
        "The input at row 1, column 2 counts in 2 averages. Its shares of their gradients, added up, are 0.5. If this "
        "input grew by 0.01, the loss would rise by about 0.005."
    )
