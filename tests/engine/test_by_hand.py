"""Worked on paper: the lesson's own example first, then one case for each rule."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import (
    avg_pool2d,
    conv2d,
    flatten,
    global_avg_pool2d,
    global_max_pool2d,
    max_pool2d,
    output_size,
    pad2d,
    relu,
    trace_avg_pool2d,
    trace_conv2d,
    trace_max_pool2d,
)

LESSON = [[[0.0, 1, 2], [3, 4, 5], [6, 7, 8]]]
KERNEL = [[[[0.0, 1], [2, 3]]]]
ONE = [[[[1.0]]]]


def test_the_lessons_convolution():
    # 0*0 + 1*1 + 3*2 + 4*3 = 19, then 25, 37 and 43
    assert conv2d(LESSON, KERNEL).tolist() == [[[19, 25], [37, 43]]]


def test_the_lessons_first_step():
    step = trace_conv2d(LESSON, KERNEL)[0]
    assert step.output_cell == (0, 0, 0)
    assert step.position == (0, 0)
    assert step.window.tolist() == [[[0, 1], [3, 4]]]
    assert step.products.tolist() == [[[0, 1], [6, 12]]]
    assert step.row_sums.tolist() == [[1, 18]]
    assert step.channel_sums.tolist() == [19]
    assert (step.bias, step.output) == (0, 19)


def test_a_plane_and_a_kernel_need_no_channels():
    trace = trace_conv2d(LESSON[0], KERNEL[0][0])
    assert trace.tensors["output"].tolist() == [[[19, 25], [37, 43]]]
    assert [step.output for step in trace] == [19, 25, 37, 43]
    assert trace[-1].output_cell == (0, 1, 1)


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ({"stride": 2, "padding": 1}, [[0, 8], [21, 43]]),
        ({"padding": (1, 0)}, [[3, 8], [19, 25], [37, 43], [7, 8]]),
        ({"padding": ((1, 0), (0, 1))}, [[3, 8, 4], [19, 25, 10], [37, 43, 16]]),
        ({"padding": "same"}, [[19, 25, 10], [37, 43, 16], [7, 8, 0]]),  # the odd cell comes last
        ({"padding": "same_lower"}, [[0, 3, 8], [9, 19, 25], [21, 37, 43]]),  # or first
        ({"padding": "valid", "stride": (1, 2)}, [[19], [37]]),
        ({"dilation": 2}, [[0 * 0 + 2 * 1 + 6 * 2 + 8 * 3]]),
        ({"dilation": (1, 2)}, [[2 + 6 + 15], [5 + 12 + 24]]),
        ({"padding": ((0, 1), (0, 0)), "padding_mode": "replicate"}, [[19, 25], [37, 43], [7 + 12 + 21, 8 + 14 + 24]]),
        ({"padding": ((0, 1), (0, 0)), "padding_mode": "reflect"}, [[19, 25], [37, 43], [7 + 6 + 12, 8 + 8 + 15]]),
        ({"padding": ((0, 1), (0, 0)), "padding_mode": "circular"}, [[19, 25], [37, 43], [7 + 0 + 3, 8 + 2 + 6]]),
    ],
)
def test_the_lessons_convolution_otherwise(options, wanted):
    assert conv2d(LESSON, KERNEL, **options).tolist() == [wanted]
    assert trace_conv2d(LESSON, KERNEL, **options).tensors["output"].tolist() == [wanted]


def test_channels_are_added_and_the_bias_last():
    x = [[[1.0, 2]], [[3, 4]]]
    weight = [[[[1.0]], [[10]]], [[[2]], [[-1]]]]
    assert conv2d(x, weight, [0.5, -1]).tolist() == [[[31.5, 42.5]], [[-2, -1]]]
    step = trace_conv2d(x, weight, [0.5, -1])[2]
    assert step.output_cell == (1, 0, 0)
    assert step.channel_sums.tolist() == [2, -3]
    assert (step.bias, step.output) == (-1, -2)


def test_groups_see_their_own_channels_alone():
    x = [[[1.0]], [[10]], [[100]], [[1000]]]
    weight = [[[[1.0]], [[2]]], [[[3]], [[4]]]]
    assert conv2d(x, weight, groups=2).tolist() == [[[21]], [[4300]]]
    assert [step.window.ravel().tolist() for step in trace_conv2d(x, weight, groups=2)] == [[1, 10], [100, 1000]]


def test_the_order_of_addition_is_the_contracts():
    # left to right 1e16 + 1 is 1e16 again, and the 1 is lost; added last it would be kept
    assert trace_conv2d([[1e16, 1, -1e16]], [[1, 1, 1]])[0].output == 0.0
    # rows are added on their own first: (1e16 - 1e16) + (1 + 1)
    assert trace_conv2d([[1e16, -1e16], [1, 1]], [[1, 1], [1, 1]])[0].output == 2.0
    assert trace_conv2d([[1e16, 1], [-1e16, 1]], [[1, 1], [1, 1]])[0].row_sums.tolist() == [[1e16, -1e16]]


def test_max_pooling():
    assert max_pool2d(LESSON, 2).tolist() == [[[4]]]
    assert max_pool2d(LESSON, 2, stride=1).tolist() == [[[4, 5], [7, 8]]]
    assert max_pool2d(LESSON, 2, ceil_mode=True).tolist() == [[[4, 5], [7, 8]]]
    assert max_pool2d(LESSON, 2, dilation=2).tolist() == [[[8]]]
    assert max_pool2d([[[-1.0, -2], [-3, -4]]], 2, padding=1).tolist() == [[[-1, -2], [-3, -4]]]


def test_a_window_may_not_begin_in_the_padding_at_the_end():
    # 3 cells and 1 of padding each way, windows of 2 at stride 2: rounding 3 / 2 up gives 3 windows, beginning at the
    # padded cells 0, 2 and 4; the last would begin in the padding, which PyTorch leaves out
    assert max_pool2d([[[1.0, 2, 3]]], (1, 2), stride=2, padding=(0, 1), ceil_mode=True).tolist() == [[[1, 3]]]
    # 4 cells: the last window begins on the fourth cell, and stays
    assert max_pool2d([[[1.0, 2, 3, 4]]], (1, 2), stride=2, padding=(0, 1), ceil_mode=True).tolist() == [[[1, 3, 4]]]


def test_the_first_of_equal_values_is_selected():
    trace = trace_max_pool2d([[1.0, 5, 5], [5, 5, 0]], (2, 3))
    assert trace[0].selected == (0, 1)


def test_nan_wins():
    x = [[[1.0, np.nan], [3, 4]]]
    assert np.isnan(max_pool2d(x, 2)).all()
    step = trace_max_pool2d(x, 2)[0]
    assert step.selected == (0, 1)
    assert np.isnan(step.output)


def test_a_window_without_a_value_has_no_maximum():
    # 3 + 2 + 3 cells, taps 4 apart: the first window reads padding and 2, the last 1 and padding, the others neither
    x = [[[1.0, 2]]]
    assert max_pool2d(x, (1, 2), stride=1, padding=((0, 0), (3, 3)), dilation=(1, 4)).tolist() == [
        [[2, -np.inf, -np.inf, 1]]
    ]


@pytest.mark.parametrize(
    ("options", "divisors", "wanted"),
    [
        ({"stride": 2, "padding": 1}, [4, 4, 4, 4], [1, 2, 3, 4]),
        ({"stride": 2, "padding": 1, "count_include_pad": False}, [1, 1, 1, 1], [4, 8, 12, 16]),
        ({"stride": 1, "padding": ((0, 1), (0, 0))}, [4, 4], [10, 7]),
        ({"stride": 1, "padding": ((0, 1), (0, 0)), "count_include_pad": False}, [4, 2], [10, 14]),
    ],
)
def test_what_an_average_divides_by(options, divisors, wanted):
    x = [[[4.0, 8], [12, 16]]]
    assert avg_pool2d(x, 2, **options).ravel().tolist() == wanted
    trace = trace_avg_pool2d(x, 2, **options)
    assert trace.columns(0, len(trace))["divisor"].tolist() == divisors


def test_what_a_window_overhangs_is_never_counted():
    # PyTorch: a window is cut off at the end of the padding before its cells are counted
    assert avg_pool2d(LESSON, 2, ceil_mode=True).tolist() == [[[2, 3.5], [6.5, 8]]]
    trace = trace_avg_pool2d(LESSON, 2, ceil_mode=True)
    assert [step.divisor for step in trace] == [4, 2, 2, 1]
    # 4 cells and 1 of padding each way, windows of 3 at stride 2: the third holds cell 4, one of padding and nothing
    x = [[[1.0, 2, 3, 4]]]
    options = {"stride": (1, 2), "padding": (0, 1), "ceil_mode": True}
    assert [step.divisor for step in trace_avg_pool2d(x, (1, 3), **options)] == [3, 3, 2]
    assert avg_pool2d(x, (1, 3), **options).tolist() == [[[1, 3, 2]]]
    assert avg_pool2d(x, (1, 3), **options, count_include_pad=False).tolist() == [[[1.5, 3, 4]]]


def test_whole_numbers_are_averaged_as_fractions():
    output = avg_pool2d(np.array([[[1, 2]]]), (1, 2))
    assert (output.dtype, output.tolist()) == (np.float64, [[[1.5]]])
    assert trace_avg_pool2d(np.array([[1, 2]]), (1, 2))[0].output == 1.5
    small = np.array([[[100, 120]]], np.int8)  # their sum is more than an int8 holds
    assert avg_pool2d(small, (1, 2)).tolist() == [[[110]]]
    assert trace_avg_pool2d(small, (1, 2))[0].row_sums.tolist() == [[220]]


def test_the_largest_of_whole_numbers_stays_one():
    x = np.array([[[-5, -7]]], np.int8)
    output = max_pool2d(x, (1, 2), padding=(0, 1))
    assert (output.dtype, output.tolist()) == (np.int8, [[[-5, -7]]])
    trace = trace_max_pool2d(x, (1, 2), padding=(0, 1))
    assert trace.tensors["output"].dtype == np.int8
    assert trace.columns(0, 2)["window"].tolist() == [[[-np.inf, -5]], [[-7, -np.inf]]]


def test_global_pools():
    x = np.array([[[[1, 2], [3, 6]], [[-1, -2], [-3, -4]]]])
    assert global_max_pool2d(x).tolist() == [[[[6]], [[-1]]]]
    assert global_avg_pool2d(x).tolist() == [[[[3.0]], [[-2.5]]]]


def test_padding():
    plane = [[1, 2], [3, 4]]
    assert pad2d(plane, ((1, 0), (0, 1)), value=9).tolist() == [[9, 9, 9], [1, 2, 9], [3, 4, 9]]
    assert pad2d([[1, 2, 3, 4]], (0, 2), mode="reflect").tolist() == [[3, 2, 1, 2, 3, 4, 3, 2]]
    assert pad2d([[1, 2, 3, 4]], (0, 2), mode="replicate").tolist() == [[1, 1, 1, 2, 3, 4, 4, 4]]
    assert pad2d([[1, 2, 3, 4]], (0, 2), mode="circular").tolist() == [[3, 4, 1, 2, 3, 4, 1, 2]]


def test_flatten_and_relu():
    x = np.arange(8).reshape(2, 2, 1, 2)
    assert flatten(x).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert flatten(x, 0).tolist() == list(range(8))
    assert flatten(x, -2).shape == (2, 2, 2)
    output = relu(np.array([-1.5, -0.0, 2.0], np.float32))
    assert (output.dtype, output.tolist()) == (np.float32, [0, 0, 2])


@pytest.mark.parametrize(
    ("size", "kernel", "options", "wanted"),
    [
        (7, 3, {}, 5),
        (7, 3, {"padding": 1}, 7),
        (7, 3, {"padding": 1, "stride": 2}, 4),
        (8, 3, {"stride": 2}, 3),  # 5 / 2 rounded down
        (8, 3, {"stride": 2, "ceil_mode": True}, 4),
        (7, 3, {"dilation": 3}, 1),  # the kernel spans 7 cells
        (7, 3, {"padding": (2, 0)}, 7),
        (5, 2, {"padding": "same", "stride": 2}, 3),
        ((5, 6), (2, 3), {"stride": (1, 2)}, (4, 2)),
        ((224, 224), 7, {"stride": 2, "padding": 3}, (112, 112)),
    ],
)
def test_output_size(size, kernel, options, wanted):
    assert output_size(size, kernel, **options) == wanted


def test_a_traces_parameters_are_brought_to_one_form():
    trace = trace_conv2d(LESSON, KERNEL, stride=2, padding=(1, 0), dilation=1)
    assert trace.params["stride"] == (2, 2)
    assert trace.params["padding"] == ((1, 1), (0, 0))
    assert trace.params["kernel_size"] == (2, 2)
    height = trace.geometry["height"]
    # rows: 3 + 2 - 2 = 3 cells to move over, by 2: one and a half
    assert (height.span, height.quotient, height.output_size, height.unread) == (3, 1.5, 2, 1)
    computed = [name for name in trace.tensors if name not in trace.on_request]
    assert computed == ["input", "padded_input", "weight", "output"]
    assert trace.tensors["padded_input"].shape == (1, 5, 3)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_that_comes_in_goes_out(dtype):
    x, w = np.ones((1, 1, 30, 30), dtype), np.ones((1, 1, 3, 3), dtype)
    outputs = [conv2d(x, w), conv2d(x, w, stride=2), max_pool2d(x, 2), avg_pool2d(x, 2), global_avg_pool2d(x)]
    outputs += [trace.tensors["output"] for trace in (trace_conv2d(x[0], w), trace_avg_pool2d(x[0], 2))]
    outputs += [trace_conv2d(x[0], w).columns(0, 1)["output"], trace_avg_pool2d(x[0], 2).columns(0, 1)["output"]]
    assert [output.dtype for output in outputs] == [dtype] * len(outputs)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_list_of_weights_does_not_change_the_dtype(dtype):
    x = np.ones((1, 1, 3, 3), dtype)
    weight, bias = [[[[1.0, 2.0]]]], [0.5]  # lists, which NumPy reads as float64
    assert conv2d(x, weight, bias).dtype == dtype
    trace = trace_conv2d(x[0], weight, bias)
    assert trace.tensors["output"].dtype == dtype
    assert trace.columns()["products"].dtype == dtype


def test_integers_give_way_to_floating_weights():
    x = np.ones((1, 2, 2), np.int64)
    assert conv2d(x, np.ones((1, 1, 1, 1), np.int64)).dtype == np.int64
    assert conv2d(x, np.full((1, 1, 1, 1), 0.5)).dtype == np.float64
