"""What holds of every trace: its columns reproduce its output in the contract's order, and the loops agree."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import avg_pool2d, conv2d, max_pool2d, trace_avg_pool2d, trace_conv2d, trace_flatten, trace_max_pool2d

from . import naive
from .strategies import convolutions, pools, thorough


def keywords(arguments):
    stride, padding, dilation, groups, mode = arguments
    return {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "padding_mode": mode}


def added(numbers):
    """Left to right, as a person adds."""
    total = numbers[0]
    for number in numbers[1:]:
        total += number
    return total


@thorough
@given(convolutions())
def test_the_products_of_a_step_add_up_to_its_output_bit_for_bit(case):
    x, w, b, *rest = case
    trace = trace_conv2d(x, w, b, **keywords(rest))
    output = trace.tensors["output"]
    assert len(trace) == output.size
    columns = {name: column.tolist() for name, column in trace.columns(0, len(trace)).items()}
    for step in range(len(trace)):
        channels = columns["products"][step]
        row_sums = [[added(line) for line in kernel] for kernel in channels]
        channel_sums = [added(sums) for sums in row_sums]
        assert columns["row_sums"][step] == row_sums
        assert columns["channel_sums"][step] == channel_sums
        assert columns["output"][step] == added(channel_sums) + columns["bias"][step]
        assert columns["output"][step] == output[tuple(columns["output_cell"][step])]


@thorough
@given(convolutions())
def test_a_step_reads_its_window_and_multiplies_it_by_its_weights(case):
    x, w, b, *rest = case
    stride, _, dilation, groups, _ = rest
    trace = trace_conv2d(x, w, b, **keywords(rest))
    padded = trace.tensors["padded_input"]
    columns = trace.columns(0, len(trace))
    for step in range(len(trace)):
        f, row, col = columns["output_cell"][step]
        top, left = columns["position"][step]
        assert (top, left) == (row * stride[0], col * stride[1])
        depth, height, width = w.shape[1:]
        first = f // (len(w) // groups) * depth
        reads = padded[
            first : first + depth,
            top : top + dilation[0] * (height - 1) + 1 : dilation[0],
            left : left + dilation[1] * (width - 1) + 1 : dilation[1],
        ]
        np.testing.assert_array_equal(columns["window"][step], reads)
        np.testing.assert_array_equal(columns["products"][step], reads * w[f])
        assert columns["bias"][step] == (0 if b is None else b[f])


@thorough
@given(convolutions())
def test_a_convolutions_outputs_are_those_of_the_loops_bit_for_bit(case):
    x, w, b, *rest = case
    output = trace_conv2d(x, w, b, **keywords(rest)).tensors["output"]
    np.testing.assert_array_equal(output, naive.conv2d(x, w, b, *rest))


@pytest.mark.parametrize(("channels", "kernel"), [(1, (3, 17)), (1, (17, 3)), (19, (1, 1))])
def test_long_sums_are_added_in_order_too(channels, kernel):
    """Beyond eight numbers NumPy's own sums are pairwise, and round differently."""
    rng = np.random.default_rng(5)
    x, w = rng.standard_normal((channels, 20, 20)), rng.standard_normal((1, channels, *kernel))
    wanted = naive.conv2d(x, w, None, (1, 1), ((0, 0), (0, 0)), (1, 1), 1, "zeros")
    trace = trace_conv2d(x, w)
    np.testing.assert_array_equal(trace.tensors["output"], wanted)
    np.testing.assert_array_equal(trace.columns(0, len(trace))["output"], wanted.ravel())


@thorough
@given(convolutions(), convolutions(integers=True))
def test_the_operation_agrees_with_the_trace(case, whole):
    x, w, b, *rest = case
    output = trace_conv2d(x, w, b, **keywords(rest)).tensors["output"]
    np.testing.assert_allclose(conv2d(x, w, b, **keywords(rest)), output, rtol=1e-12, atol=1e-12)
    x, w, b, *rest = whole
    output = trace_conv2d(x, w, b, **keywords(rest)).tensors["output"]
    np.testing.assert_array_equal(conv2d(x, w, b, **keywords(rest)), output)


@thorough
@given(pools(), st.booleans())
def test_a_max_pools_steps_are_those_of_the_loops(case, repeated):
    x, kernel, stride, padding, dilation, ceil_mode = case
    x = np.rint(x) if repeated else x  # small whole numbers have many ties
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    trace = trace_max_pool2d(x, kernel, **options)
    wanted = [naive.max_pool2d(plane, kernel, stride, padding, dilation, ceil_mode) for plane in x.tolist()]
    columns = {name: column.tolist() for name, column in trace.columns(0, len(trace)).items()}
    assert len(trace) == sum(map(len, wanted))
    for cell, selected, output, window in zip(
        *(columns[name] for name in ("output_cell", "selected", "output", "window")), strict=True
    ):
        channel, row, col = cell
        assert (output, tuple(selected)) == wanted[channel][row, col]
        assert window[selected[0]][selected[1]] == output
        assert trace.tensors["output"][tuple(cell)] == output
    np.testing.assert_array_equal(trace.tensors["output"], max_pool2d(x, kernel, **options))


@thorough
@given(pools(), st.booleans())
def test_an_average_pools_steps_are_those_of_the_loops_bit_for_bit(case, counted):
    x, kernel, stride, padding, dilation, ceil_mode = case
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    trace = trace_avg_pool2d(x, kernel, **options, count_include_pad=counted)
    wanted = [naive.avg_pool2d(plane, kernel, stride, padding, dilation, ceil_mode, counted) for plane in x.tolist()]
    assert len(trace) == sum(map(len, wanted))
    for step in trace:
        channel, row, col = step.output_cell
        total, divisor = wanted[channel][row, col]
        assert (step.channel_sums[0], step.divisor) == (total, divisor)
        assert step.output == total / divisor
        assert step.row_sums.tolist() == [[added(line) for line in step.window.tolist()]]
        assert trace.tensors["output"][channel, row, col] == step.output
    whole = avg_pool2d(x, kernel, **options, count_include_pad=counted)
    np.testing.assert_allclose(whole, trace.tensors["output"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1, 1), (2, 3, 4), (3, 1, 5)])
def test_flattening_moves_every_value_once(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    trace = trace_flatten(x)
    assert len(trace) == x.size
    for index, step in enumerate(trace):
        assert step.output_cell == index
        assert step.output == x[step.position] == trace.tensors["output"][index]
    assert sorted(step.position for step in trace) == [step.position for step in trace]


@thorough
@given(convolutions(), st.data())
def test_any_slice_of_the_columns_is_a_slice_of_all_of_them(case, data):
    x, w, b, *rest = case
    trace = trace_conv2d(x, w, b, **keywords(rest))
    start = data.draw(st.integers(0, len(trace)))
    stop = data.draw(st.integers(start, len(trace)))
    everything, some = trace.columns(0, len(trace)), trace.columns(start, stop)
    assert list(some) == list(everything)
    for name, column in everything.items():
        np.testing.assert_array_equal(some[name], column[start:stop])
    assert len(trace.descriptions(start, stop)) == stop - start
