"""Sentences of the convolution page, word by word: plain, two layers, transposed and upsampling."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import (
    trace_conv2d,
    trace_conv2d_backward,
    trace_conv_transpose2d,
    trace_conv_transpose2d_backward,
    trace_interpolate2d,
    trace_interpolate2d_backward,
    trace_stacked_conv2d,
)
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


def test_a_gradient_says_what_it_adds_up_and_what_would_become_of_the_loss():
    given = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]], [[1, 0], [0, 2]]
    weight = trace_conv2d_backward(*given)[0]
    assert weight.describe() == (
        "The weight at row 1, column 1 is used at 4 positions: if it grows, it grows at all of them. Each adds the "
        "value that it met times the gradient there. 2 of the products are 0, because what comes from above is 0. "
        "Added up, they are 11. If this weight grew by 0.01, the loss would rise by about 0.11."
    )
    corner = trace_conv2d_backward(*given, wrt="input")[8]
    assert "the loss would fall by about 0.02" in corner.describe()
    none = trace_conv2d_backward([[1.0, 1, 1]], [[np.nan, 1.0]], [[1.0, 1.0]], wrt="input")[0]
    assert none.describe().endswith("is NaN, which is not a number. Nothing can be said of the loss.")


def test_a_transposed_weight_is_named_by_its_channel_and_filter():
    x, w, above = np.ones((2, 1, 1)), np.ones((2, 3, 1, 1)), np.ones((3, 1, 1))
    step = trace_conv_transpose2d_backward(x, w, above)[5]
    assert step.describe().startswith("The weight at row 1, column 1 of channel 2, filter 3 is used once: ")


def test_a_gradient_of_upsampling_says_where_its_value_stands():
    step = trace_interpolate2d_backward(SQUARE, 2, np.arange(1.0, 17).reshape(4, 4))[3]
    assert step.describe().startswith(
        "The input at row 2, column 2 stands 4 times in the output: their gradients, added"
    )
    assert trace_interpolate2d_backward([[1, 2, 3]], (1, 0.5), [[[5]]])[1].describe() == (
        "The input at row 1, column 2 is the nearest of no output: its gradient is 0. "
        "If this input grew by 0.01, the loss would stay as it is."
    )
    step = trace_interpolate2d_backward([[[0, 4]]], (1, 2), [[[1, 2, 3, 4]]], mode="bilinear")[0]
    assert step.describe() == (
        "The input at row 1, column 1 counts in 3 outputs, in each by how near it is: its weights times the gradients "
        "there, added up, are 3.25. If this input grew by 0.01, the loss would rise by about 0.033."
    )


def test_a_number_of_a_sentence_of_upsampling_is_the_output():
    trace = trace_interpolate2d(SQUARE, 2, mode="bilinear")
    for index, message in enumerate(trace.messages()):
        (span,) = spans(message)
        text = say(message)[span.start : span.start + span.length]
        assert float(text) == trace.tensors[span.tensor][span.index] == trace[index].output


def test_an_output_of_two_layers_says_what_it_depends_on_and_not_what_lies_between_two_windows():
    assert (
        "depend on rows 1–5 and columns 1–5 of the input: 5 × 5 cells"
        in trace_stacked_conv2d(np.ones((5, 5)), np.ones((3, 3)), np.ones((3, 3)))[9].describe()
    )
    trace = trace_stacked_conv2d(np.ones((5, 6)), np.ones((2, 2)), np.ones((2, 2)), stride=(3, 2))
    assert "depend on 4 of the rows 1–5 and columns 1–4 of the input: 4 × 4 cells." in trace[-2].describe()


def test_one_value_and_one_cell_are_said_as_one():
    trace = trace_stacked_conv2d([[1, 2], [3, 4]], [[1]], [[1]], padding=((1, 0), (0, 0)))
    assert "That value depends on row 2 and column 2 of the input: 1 × 1 cell. " in trace[-1].describe()
    assert "All that it depends on is padding." in trace[trace.hidden].describe()
