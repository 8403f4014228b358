"""Sentences of the convolution page, word by word: plain, transposed and upsampling."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_conv2d, trace_conv_transpose2d, trace_interpolate2d
from cnn_engine.words import say, spans

LESSON = np.arange(9.0).reshape(3, 3)
EDGE = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
SQUARE = [[[1.0, 2.0], [3.0, 4.0]]]


@pytest.mark.parametrize(
    ("trace", "step", "sentence"),
    [
        (
            trace_conv2d(LESSON, [[0, 1], [2, 3]]),
            0,
            (
                "The window covers rows 1–2 and columns 1–2. "
                "Its products 0 + 1 + 6 + 12 add up to 19, the output at row 1, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, [[0, 1], [2, 3]], [-0.5], padding=1),
            4,
            (
                "The window covers rows 1–2 and column 1; 2 of its 4 cells are padding. "
                "Its products 0 + 0 + 0 + 9 add up to 9; the bias of −0.5 makes it 8.5, the output at row 2, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, [[1, -1]]),
            5,
            "The window covers row 3 and columns 2–3. Its products 7 − 8 add up to −1, the output at row 3, column 2.",
        ),
        (
            trace_conv2d(LESSON, EDGE, padding=1),
            4,
            # left 0 + 6 + 6 = 12, right 2 + 10 + 8 = 20
            (
                "The window covers rows 1–3 and columns 1–3. The positive products add up to 12, "
                "the negative ones to −20: together −8, the output at row 2, column 2."
            ),
        ),
        (
            trace_conv2d(np.full((3, 3), 2.0), EDGE),
            0,
            (
                "The window covers rows 1–3 and columns 1–3. The positive products add up to 8, "
                "the negative ones to −8: together 0, the output at row 1, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, np.ones((3, 3))),
            0,
            (
                "The window covers rows 1–3 and columns 1–3. Its 9 products are all positive or 0 and add up to 36, "
                "the output at row 1, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, [[1, 0], [0, 0]], padding=1, stride=3),
            0,
            (
                "The window covers row 1 and column 1; 3 of its 4 cells are padding. "
                "Every product is 0 and so is their sum, 0, the output at row 1, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, [[2]], padding=1),
            0,
            (
                "The window lies wholly in the padding. Every product is 0 and so is their sum, 0, "
                "the output at row 1, column 1."
            ),
        ),
        (
            trace_conv2d(LESSON, [[[[1, 0], [0, 0]]], [[[0, 0], [0, 1]]]], dilation=2),
            1,
            (
                "The window covers rows 1 and 3 and columns 1 and 3. "
                "Its products 0 + 0 + 0 + 8 add up to 8, the output at row 1, column 1 of feature map 2."
            ),
        ),
        (
            trace_conv2d([LESSON, LESSON], np.ones((1, 2, 2, 1))),
            0,
            (
                "The window covers rows 1–2 and column 1 in each of 2 channels. "
                "Its products 0 + 3 + 0 + 3 add up to 6, the output at row 1, column 1."
            ),
        ),
    ],
)
def test_a_step_says_itself(trace, step, sentence):
    assert trace[step].describe() == sentence
    assert trace.descriptions(step, step + 1) == [sentence]


def test_a_sentence_says_where_a_number_is_none():
    step = trace_conv2d([[1.0, np.nan]], [[1.0, 1.0]])[0]
    assert np.isnan(step.output)
    assert "Its products add up to NaN, which is not a number" in step.describe()


def test_a_sentence_of_a_convolution_names_its_bias_and_its_output() -> None:
    message = next(iter(trace_conv2d(LESSON - 4, np.full((2, 1, 2, 2), 0.25), np.array([0.5, -1.25])).messages()))
    sentence = say(message)
    found = {(span.tensor, span.index): sentence[span.start : span.start + span.length] for span in spans(message)}
    assert found[("bias", (0,))] == "0.5"
    assert found[("output", (0, 0, 0))] == "−1.5"  # 0.25 × (−4 − 3 − 1 + 0) + 0.5


def test_a_sum_of_integers_is_whole():
    x = np.full((2, 2), 200, np.uint8)
    assert trace_conv2d(x, np.full((2, 2), -128, np.int8))[0].output == -102400


def test_a_transposed_sum_of_integers_is_whole():
    gathered = trace_conv_transpose2d(np.full((2, 2), 200, np.uint8), np.full((2, 2), 9, np.int8))
    assert gathered[4].describe().endswith(": 7200.")


def test_a_step_of_upsampling_says_what_it_reads():
    step = trace_interpolate2d(SQUARE, 2, mode="bilinear")[5]
    assert (step.output_cell, step.position) == ((0, 1, 1), (0, 0))
    assert step.products.tolist() == [[0.5625, 0.375], [0.5625, 0.25]]  # 9, 3, 3 and 1 sixteenths of 1, 2, 3 and 4
    assert step.output == 1.75
    assert step.describe() == (
        "The output at row 2, column 2 lies between 4 values of the input, and each counts by how near it is. "
        "Together that is 1.75."
    )
    first = trace_interpolate2d(SQUARE, 2, mode="bilinear")[0]
    assert first.describe() == (
        "The output at row 1, column 1 lies beyond the outermost values of the input and takes the nearest: 1."
    )
    edge = trace_interpolate2d(SQUARE, 2, mode="bilinear")[1]
    assert edge.describe() == (
        "The output at row 1, column 2 lies beyond the outermost values of the input: the nearest 2 are taken, "
        "and each counts by how near it is. Together that is 1.25."
    )
    for step in (0, 8):  # with aligned corners, and as large as the input, none lies outside
        assert "beyond" not in trace_interpolate2d(SQUARE, 1.5, mode="bilinear", align_corners=True)[step].describe()
    corner = trace_interpolate2d(SQUARE, 1.2, mode="bilinear")[0]
    assert corner.describe() == "The output at row 1, column 1 lies on one value of the input and takes it: 1."
    last = trace_interpolate2d(SQUARE, 1.5)[8]
    assert last.describe() == "The output at row 3, column 3 takes the nearest value, that at row 2, column 2: 4."
