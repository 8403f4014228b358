"""Integers never wrap: sums are those of Python's integers, in the operation, the trace and the sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine import (
    ParameterError,
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    flatten,
    global_avg_pool2d,
    global_max_pool2d,
    linear,
    max_pool2d,
    pad2d,
    relu,
    trace_avg_pool2d,
    trace_conv2d,
    trace_conv_transpose2d,
    trace_flatten,
    trace_global_avg_pool2d,
    trace_linear,
    trace_max_pool2d,
    trace_pad2d,
    trace_relu,
)
from cnn_engine.variations import compare, flipped
from cnn_engine.words import say

DTYPES = [np.uint8, np.int8, np.uint16, np.int16, np.uint32, np.int32, np.uint64, np.int64]
MOST = 2**63 - 1
thorough = settings(deadline=None, max_examples=60, derandomize=True)


@st.composite
def integers(draw, shape, dtype=None):
    """An array of any integer dtype, often with its largest and smallest values, and the same as Python's integers."""
    info = np.iinfo(draw(st.sampled_from(DTYPES)) if dtype is None else dtype)
    low, high = int(info.min), int(info.max)
    values = st.one_of(st.integers(low, high), st.sampled_from([low, high, 0]), st.integers(max(low, -9), 9))
    size = int(np.prod(shape))
    drawn = draw(st.lists(values, min_size=size, max_size=size))
    return np.array(drawn, info.dtype).reshape(shape)


def exactly(compute, *arrays):
    """The result, or None where it was refused, which it may only be if int64 could be too small."""
    try:
        return compute()
    except ParameterError:
        largest = [max(map(abs, array.ravel().tolist())) for array in arrays if array is not None]
        assert largest[0] * largest[1] * arrays[1].size + sum(largest[2:]) > MOST or max(largest) > MOST
        return None


def check_columns(trace):
    """Every column of a trace in Python's integers: no product, sum or output has wrapped."""
    columns = {name: column.tolist() for name, column in trace.columns().items()}
    for step in range(len(trace)):
        products = np.array(columns["products"][step], object)
        assert columns["row_sums"][step] == products.sum(axis=-1, keepdims=not products.ndim > 1).tolist()
        assert columns["output"][step] == products.sum() + columns["bias"][step]
    assert all(column.dtype == np.int64 for name, column in trace.columns().items() if name in {"products", "output"})


@thorough
@given(integers((2, 3, 3)), integers((2, 1, 2, 2)), st.one_of(st.none(), integers((2,))))
def test_a_convolution_adds_as_python_does(x, w, b):
    output = exactly(lambda: conv2d(x, w, b, groups=2, padding=1), x, w, b)
    if output is None:
        return
    padded = np.pad(x.astype(object), ((0, 0), (1, 1), (1, 1)))
    for f, row, col in np.ndindex(2, 4, 4):
        total = (padded[f, row : row + 2, col : col + 2] * w[f, 0].astype(object)).sum()
        assert output[f, row, col] == total + (0 if b is None else int(b[f]))
    trace = trace_conv2d(x, w, b, groups=2, padding=1)
    assert output.dtype == trace.tensors["output"].dtype == np.int64
    assert np.array_equal(trace.tensors["output"], output)
    check_columns(trace)


@thorough
@given(integers((2, 2, 2)), integers((2, 1, 2, 2)), st.one_of(st.none(), integers((1,))))
def test_a_transposed_convolution_adds_as_python_does(x, w, b):
    output = exactly(lambda: conv_transpose2d(x, w, b), x, w, b)
    if output is None:
        return
    canvas = np.full((3, 3), 0 if b is None else int(b[0]), object)
    for c, row, col, i, j in np.ndindex(2, 2, 2, 2, 2):
        canvas[row + i, col + j] += int(x[c, row, col]) * int(w[c, 0, i, j])
    assert (output.dtype, output[0].tolist()) == (np.int64, canvas.tolist())
    for mode in ("gather", "scatter"):
        trace = trace_conv_transpose2d(x, w, b, mode=mode)
        assert trace.tensors["output"].tolist() == output.tolist()
        if mode == "gather":
            check_columns(trace)


@thorough
@given(integers((3,)), integers((2, 3)), st.one_of(st.none(), integers((2,))))
def test_a_dense_layer_adds_as_python_does(x, w, b):
    output = exactly(lambda: linear(x, w, b), x, w, b)
    if output is None:
        return
    sums = [sum(int(v) * int(k) for v, k in zip(x, row, strict=True)) for row in w]
    biased = sums if b is None else [total + int(one) for total, one in zip(sums, b, strict=True)]
    assert (output.dtype, output.tolist()) == (np.int64, biased)
    check_columns(trace_linear(x, w, b))


@thorough
@given(integers((1, 3, 4)))
def test_pools_of_integers(x):
    total = sum(map(int, x.ravel()))
    mean = global_avg_pool2d(x)
    assert mean.dtype == np.float64
    assert float(mean[0, 0, 0]) == pytest.approx(total / 12, rel=1e-12, abs=1e-12 * int(np.abs(x.astype(object)).max()))
    windows = [x[0, row : row + 2, col : col + 2].ravel().tolist() for row in range(2) for col in range(3)]
    averages, largest = avg_pool2d(x, 2, stride=1), max_pool2d(x, 2, stride=1)
    exact = [float(sum(map(float, window)) / 4) for window in windows]
    assert averages.dtype == np.float64
    assert averages.ravel().tolist() == pytest.approx(exact, rel=1e-12, abs=1e-12 * float(np.abs(exact).max()))
    assert (largest.dtype, largest.ravel().tolist()) == (x.dtype, [max(window) for window in windows])
    assert global_max_pool2d(x).tolist() == [[[max(x.ravel().tolist())]]]
    for trace in (trace_avg_pool2d(x, 2, stride=1), trace_global_avg_pool2d(x)):
        columns = trace.columns()
        assert columns["output"].dtype == np.float64
        assert columns["output"].tolist() == [
            s / d for (s,), d in zip(columns["channel_sums"], columns["divisor"], strict=True)
        ]


@thorough
@given(integers((1, 2, 3)))
def test_max_pooling_with_padding_gives_the_integer_itself_and_says_where(x):
    """In float64, which has a -inf for padding, 2⁵³ + 1 would be 2⁵³, and 0 of uint8 would be what padding holds."""
    trace = trace_max_pool2d(x, 3, stride=2, padding=1)
    output = max_pool2d(x, 3, stride=2, padding=1)
    assert trace.tensors["output"].tolist() == output.tolist()
    columns = trace.columns()
    assert columns["output"].tolist() == output.ravel().tolist()
    for (row, col), (i, j), value in zip(columns["position"], columns["selected"], columns["output"], strict=True):
        assert x[0, row + i - 1, col + j - 1] == value


@pytest.mark.parametrize("dtype", DTYPES)
def test_what_moves_or_chooses_values_keeps_their_dtype(dtype):
    x = np.arange(12, dtype=dtype).reshape(1, 3, 4)
    outputs = [max_pool2d(x, 2), global_max_pool2d(x), pad2d(x, 1), flatten(x), relu(x)]
    assert [output.dtype for output in outputs] == [dtype] * 5
    traces = [trace_max_pool2d(x, 2), trace_pad2d(x, 1), trace_flatten(x), trace_relu(x)]
    assert [trace.columns()["output"].dtype for trace in traces] == [dtype] * 4


@pytest.mark.parametrize("kernel", [np.ones((3, 3), np.uint8), np.ones((3, 3), np.int8), np.ones((3, 3), np.int64)])
def test_nine_times_200_is_1800_and_the_sentence_says_so(kernel):
    x = np.full((3, 3), 200, np.uint8)
    assert conv2d(x[None], kernel[None, None]).tolist() == [[[1800]]]
    step = trace_conv2d(x, kernel)[0]
    assert (step.row_sums.tolist(), step.output) == ([[600, 600, 600]], 1800)
    assert "all positive or 0 and add up to 1800" in step.describe()


@pytest.mark.parametrize(
    ("x", "w", "b", "dtype"),
    [
        (np.uint8, np.float32, None, np.float32),
        (np.uint8, np.float64, None, np.float64),
        (np.int64, np.float32, None, np.float64),  # NumPy's: float32 does not hold an int64
        (np.uint64, np.float32, None, np.float64),
        (np.uint8, np.int8, np.float32, np.float32),
        (np.uint64, np.int64, None, np.int64),
        (np.float32, np.int64, np.float64, np.float32),
        (np.float16, np.uint8, None, np.float16),
    ],
)
def test_integers_beside_floats(x, w, b, dtype):
    image, weight = np.ones((1, 2, 2), x), np.ones((1, 1, 2, 2), w)
    bias = None if b is None else np.ones(1, b)
    for operation, trace in ((conv2d, trace_conv2d), (conv_transpose2d, trace_conv_transpose2d)):
        assert operation(image, weight, bias).dtype == dtype
        assert trace(image, weight, bias).tensors["output"].dtype == dtype
    assert linear(image[0], weight[0, 0], None if b is None else np.ones(2, b)).dtype == dtype


def test_what_int64_cannot_hold_is_refused_and_no_sooner():
    x = np.array([[[2**62 - 1, 2**62 - 1]]])
    assert conv2d(x, np.array([[[[1, 1]]]]), [1]).tolist() == [[[MOST]]]
    assert conv2d(np.full((1, 2, 2), 2**62), np.array([[[[1, 0], [0, 0]]]])).tolist() == [[[2**62]]]
    for operation in (conv2d, trace_conv2d):
        with pytest.raises(ParameterError, match=f"may add up to {2**63}, more than the {MOST} of int64"):
            operation(x, np.array([[[[1, 1]]]]), [2])
    with pytest.raises(ParameterError, match="input holds an integer of size"):
        linear(np.array([2**63], np.uint64), np.zeros((1, 1), np.int64))


def test_of_a_transposed_convolution_those_taps_count_that_land_on_one_output():
    """Each is the largest that there is: with stride 2 one tap of a kernel of 2 lands on a cell, without one all do."""
    large = np.full((1, 2, 2), 2**62)
    ones = np.ones((1, 1, 2, 2), int)
    apart = conv_transpose2d(large, ones, [2**62 - 1], stride=2)
    assert apart.tolist() == np.full((1, 4, 4), MOST).tolist()
    assert (
        trace_conv_transpose2d(large, ones, stride=2).tensors["output"].tolist() == np.full((1, 4, 4), 2**62).tolist()
    )
    assert conv_transpose2d(large[:, :1, :1], ones, stride=1).tolist() == large.tolist()
    assert conv_transpose2d(large, ones, padding=1, dilation=3).shape == (1, 3, 3)
    split = conv_transpose2d(np.full((2, 1, 1), 2**62), np.ones((2, 1, 1, 1), int), groups=2)
    assert split.tolist() == [[[2**62]], [[2**62]]]
    cases: list[tuple[np.ndarray, np.ndarray, dict[str, int]]] = [
        (large, ones, {}),
        (np.full((2, 1, 1), 2**62), np.ones((2, 1, 1, 1), int), {}),
        (large, np.ones((1, 1, 3, 1), int), {"stride": 2}),
    ]
    for x, w, options in cases:
        for operation in (conv_transpose2d, trace_conv_transpose2d):
            with pytest.raises(ParameterError, match="may add up to"):
                operation(x, w, **options)


def test_booleans_are_refused_by_name():
    yes = np.ones((1, 2, 2), bool)
    for call in (lambda: conv2d(yes, np.ones((1, 1, 1, 1))), lambda: max_pool2d(yes, 2), lambda: avg_pool2d(yes, 2)):
        with pytest.raises(ParameterError, match="input must hold real numbers, not bool"):
            call()


def test_padding_is_not_wrapped_either():
    for value in (300, -1, 2.5, np.inf, np.nan):
        for pad in (pad2d, trace_pad2d):
            with pytest.raises(ParameterError, match="cannot be held by uint8"):
                pad(np.ones((2, 2), np.uint8), 1, value=value)
    assert pad2d(np.ones((1, 1), np.uint8), ((1, 0), (0, 0)), value=255).tolist() == [[255], [1]]
    with pytest.raises(ParameterError, match="cannot be held by float16"):
        pad2d(np.ones((2, 2), np.float16), 1, value=1e6)


def test_differences_and_negatives_of_unsigned_numbers():
    assert compare(np.array([5], np.uint8), np.array([3], np.uint8)).difference.tolist() == [-2]
    kernel = np.array([[1, 255]], np.uint8)  # 255 is what −1 would be
    variation = flipped()
    assert "another one" in say(variation.message(kernel, compare(np.zeros(2), np.ones(2))))


def test_max_pooling_marks_the_nan_that_it_passes_on():
    assert trace_max_pool2d([[1.0, np.nan], [np.nan, 2]], 2)[0].selected == (0, 1)
