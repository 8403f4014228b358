"""The operations against loops written from their definitions, for parameters of every kind."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import avg_pool2d, conv2d, max_pool2d, pad2d
from cnn_engine.ops import LONG_ROW

from . import naive
from .strategies import MODES, convolutions, pools, thorough


def keywords(arguments):
    stride, padding, dilation, groups, mode = arguments
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "padding_mode": mode}


@thorough
@given(convolutions())
def test_a_convolution_of_fractions_agrees_to_rounding(case):
    x, w, b, *rest = case
    np.testing.assert_allclose(conv2d(x, w, b, **keywords(rest)), naive.conv2d(x, w, b, *rest), rtol=1e-12, atol=1e-12)


@thorough
@given(convolutions(integers=True), st.sampled_from([np.float64, np.float32, np.int64]))
def test_a_convolution_of_whole_numbers_agrees_exactly(case, dtype):
    x, w, b, *rest = case
    bias = None if b is None else b.astype(dtype)
    output = conv2d(x.astype(dtype), w.astype(dtype), bias, **keywords(rest))
    assert output.dtype == dtype
    np.testing.assert_array_equal(output, naive.conv2d(x, w, b, *rest))


@pytest.mark.parametrize("kernel", [(3, 3), (1, 2), (4, 2), (2, 1), (5, 7)])
@pytest.mark.parametrize("size", [(9, LONG_ROW + 12), (40, LONG_ROW + 5)])
@pytest.mark.parametrize("padding", [((0, 0), (0, 0)), ((2, 0), (1, 3))])
def test_long_rows_agree_exactly(kernel, size, padding):
    """Rows this long are convolved by another path."""
    rng = np.random.default_rng(1)
    x, w = rng.integers(-9, 10, (3, *size)), rng.integers(-9, 10, (2, 3, *kernel))
    wanted = naive.conv2d(x, w, None, (1, 1), padding, (1, 1), 1, "zeros")
    for dtype in (np.float32, np.float64):
        output = conv2d(x.astype(dtype), w.astype(dtype), padding=padding)
        assert output.dtype == dtype
        np.testing.assert_array_equal(output, wanted)


def test_bands_of_long_rows_meet_without_a_seam():
    rng = np.random.default_rng(2)
    x, w = rng.integers(-9, 10, (1, 150, 700)).astype(np.float32), rng.integers(-9, 10, (1, 1, 3, 3))
    wanted = sum(w[0, 0, i, j] * x[0, i : i + 148, j : j + 698] for i in range(3) for j in range(3))
    np.testing.assert_array_equal(conv2d(x, w.astype(np.float32))[0], wanted)


def test_every_sample_of_a_batch_is_convolved_alone():
    rng = np.random.default_rng(3)
    for width in (6, LONG_ROW + 8):
        x, w = rng.integers(-9, 10, (3, 2, 5, width)).astype(float), rng.integers(-9, 10, (4, 2, 3, 3)).astype(float)
        wanted = [naive.conv2d(sample, w, None, (1, 1), ((1, 1), (1, 1)), (1, 1), 1, "zeros") for sample in x]
        np.testing.assert_array_equal(conv2d(x, w, padding=1), wanted)


def test_nan_stays_where_its_windows_are():
    x = np.zeros((1, 5, LONG_ROW + 20))
    x[0, 2, 10] = np.nan
    output = conv2d(x, np.ones((1, 1, 3, 3)), padding=1)[0]
    wanted = np.zeros_like(x[0])
    wanted[1:4, 9:12] = np.nan
    np.testing.assert_array_equal(output, wanted)


@thorough
@given(pools())
def test_max_pooling_agrees(case):
    x, kernel, stride, padding, dilation, ceil_mode = case
    output = max_pool2d(x, kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    for plane, given_plane in zip(output, x.tolist(), strict=True):
        wanted = naive.max_pool2d(given_plane, kernel, stride, padding, dilation, ceil_mode)
        assert plane.size == len(wanted)
        assert all(plane[index] == value for index, (value, _) in wanted.items())


@thorough
@given(pools(integers=True), st.sampled_from([np.int64, np.int8, np.uint8]))
def test_max_pooling_keeps_whole_numbers_whole(case, dtype):
    x, kernel, stride, padding, dilation, ceil_mode = case
    whole = (np.abs(x) if dtype is np.uint8 else x).astype(dtype)
    output = max_pool2d(whole, kernel, stride=stride, padding=padding, dilation=dilation, ceil_mode=ceil_mode)
    assert output.dtype == dtype
    for plane, given_plane in zip(output, whole.tolist(), strict=True):
        wanted = naive.max_pool2d(given_plane, kernel, stride, padding, dilation, ceil_mode)
        assert {index: int(plane[index]) for index in wanted} == {index: best for index, (best, _) in wanted.items()}


@thorough
@given(pools(), st.booleans())
def test_average_pooling_agrees(case, count_include_pad):
    x, kernel, stride, padding, dilation, ceil_mode = case
    output = avg_pool2d(
        x,
        kernel,
        stride=stride,
        padding=padding,
        dilation=dilation,
        ceil_mode=ceil_mode,
        count_include_pad=count_include_pad,
    )
    for plane, given_plane in zip(output, x.tolist(), strict=True):
        wanted = naive.avg_pool2d(given_plane, kernel, stride, padding, dilation, ceil_mode, count_include_pad)
        assert plane.size == len(wanted)
        for index, (total, divisor) in wanted.items():
            assert plane[index] == pytest.approx(total / divisor, rel=1e-12, abs=1e-12)


@thorough
@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from(MODES), st.data())
def test_padding_agrees(height, width, mode, data):
    most = {"reflect": (height - 1, width - 1), "circular": (height, width)}.get(mode, (4, 4))
    (top, bottom), (left, right) = ((data.draw(st.integers(0, side)), data.draw(st.integers(0, side))) for side in most)
    plane = np.arange(1.0, height * width + 1).reshape(height, width)
    padded = pad2d(plane, ((top, bottom), (left, right)), mode=mode)
    lines = plane.tolist()
    wanted = [
        [naive.cell(lines, row, col, mode) for col in range(-left, width + right)]
        for row in range(-top, height + bottom)
    ]
    assert padded.tolist() == wanted
