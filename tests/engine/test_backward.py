"""Backward traces: on paper, against PyTorch and differences, term by term, and chained as a network."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnn_engine as engine
from cnn_engine import ShapeError
from cnn_engine.nn import Network, Trainer

from .gradient_cases import ANSWERS, CASES
from .nn.torch_cases import numbers
from .strategies import convolutions, pools, thorough
from .test_trace_invariants import added, keywords

INPUT, KERNEL, ABOVE = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]], [[1, 0], [0, 2]]


# ---- on paper


def test_each_weight_adds_up_what_it_met_times_the_gradient_there():
    trace = engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE)
    assert trace.tensors["output"].tolist() == [[[[11, 14], [20, 23]]]]  # 1 x 1 + 5 x 2, 2 x 1 + 6 x 2, ...
    first = trace[0]
    assert first.local.tolist() == [1, 2, 4, 5]
    assert first.above.tolist() == [1, 0, 0, 2]
    assert first.products.tolist() == [1, 0, 0, 10]
    assert first.term_cells.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]]


def test_each_input_adds_up_its_weights_times_the_gradients_that_they_reached():
    trace = engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, wrt="input")
    assert trace.tensors["output"].tolist() == [[[1, 0, 0], [0, 1, 0], [0, 0, -2]]]
    middle = trace[4]  # the kernel's first weight met it at the last position
    assert (middle.local.tolist(), middle.above.tolist()) == ([1, 0, 0, -1], [2, 0, 0, 1])
    assert trace[8].inside.sum() == 1
    assert trace[8].products.tolist() == [-2, 0, 0, 0]


def test_a_bias_adds_up_all_that_comes_from_above():
    trace = engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, wrt="bias")
    assert (trace.tensors["output"].tolist(), trace[0].local.tolist()) == ([3], [1, 1, 1, 1])


def test_a_dense_layer():
    given = [2, -1], [[1, 3], [0, 5]], [10, 1]
    gradients = {
        wrt: engine.trace_linear_backward(*given, wrt=wrt).tensors["output"].tolist()
        for wrt in ("weight", "input", "bias")
    }
    assert gradients == {"weight": [[20, -10], [2, -1]], "input": [10, 35], "bias": [10, 1]}
    step = engine.trace_linear_backward(*given, wrt="input")[1]
    assert (step.local.tolist(), step.above.tolist(), step.term_cells) == ([3, 5], [10, 1], (0, 1))


def test_the_first_of_the_largest_takes_the_gradient_of_its_window():
    """5 is in both windows and the largest of both; of the two 7 below the first one wins."""
    trace = engine.trace_max_pool2d_backward([[1, 5, 2], [7, 0, 7]], 2, [[10.0, 1.0]], stride=1)
    assert trace.tensors["output"].tolist() == [[[0, 0, 0], [10, 0, 1]]]
    tied = engine.trace_max_pool2d_backward([[5, 5, 5]], (1, 2), [[10.0, 1.0]], stride=1)
    assert tied.tensors["output"].tolist() == [[[10, 1, 0]]]
    middle = tied[1]
    assert (middle.inside.tolist(), middle.gate.tolist()) == ([True, True], [True, False])
    assert (middle.local.tolist(), middle.above.tolist()) == ([1, 0], [1, 10])


def test_averages_pass_on_equal_shares_that_count_padding_or_do_not():
    above = [[4.0, 8.0]]
    counted = engine.trace_avg_pool2d_backward([[1, 2]], (1, 2), above, padding=(0, 1))
    assert counted.tensors["output"].tolist() == [[[2, 4]]]
    own = engine.trace_avg_pool2d_backward([[1, 2]], (1, 2), above, padding=(0, 1), count_include_pad=False)
    assert own.tensors["output"].tolist() == [[[4, 8]]]
    assert engine.trace_global_avg_pool2d_backward([[1, 2], [3, 4]], [[2.0]]).tensors["output"].tolist() == [
        [[0.5, 0.5], [0.5, 0.5]]
    ]


def test_a_global_maximum_has_one_winner_in_each_channel():
    trace = engine.trace_global_max_pool2d_backward([[[1, 9], [9, 2]], [[0, 0], [0, 0]]], [[[5.0]], [[3.0]]])
    assert trace.tensors["output"].tolist() == [[[0, 5], [0, 0]], [[3, 0], [0, 0]]]


def test_what_was_copied_gathers_the_gradients_of_its_copies():
    above = [[1.0, 2, 3, 4, 5]]
    replicated = engine.trace_pad2d_backward([[1, 2, 3]], (0, 1), above, mode="replicate")
    assert replicated.tensors["output"].tolist() == [[[3, 3, 9]]]
    assert replicated[0].inside.tolist() == [True, True]
    zeros = engine.trace_pad2d_backward([[1, 2, 3]], (0, 1), above)
    assert zeros.tensors["output"].tolist() == [[[2, 3, 4]]]


def test_terms_that_lie_apart_or_come_twice_are_no_block():
    copied = {"padding": ((0, 0), (2, 2)), "padding_mode": "reflect", "wrt": "input"}
    trace = engine.trace_conv2d_backward([[1, 2, 3, 4]], [[[[1, 1, 1]]]], np.ones, **copied)
    columns = sorted(col for _, _, col in trace[1].term_cells[0:6])
    assert (columns, trace[1].above_size) == ([0, 1, 1, 2, 3, 5], (1, 0))  # as many as from 0 to 5
    once = engine.trace_conv2d_backward(
        [[1, 2, 3, 4]], [[[[1, 1, 1]]]], np.ones, **copied | {"padding_mode": "replicate"}
    )
    assert (once[1].above_from, once[1].above_size) == ((0, 0, 1), (1, 3))


def test_flattening_moves_gradients_back():
    trace = engine.trace_flatten_backward([[[1, 2]], [[3, 4]]], [5, 6, 7, 8])
    assert trace.tensors["output"].tolist() == [[[5, 6]], [[7, 8]]]
    assert trace[2].term_cells == (2,)


def test_gates_and_slopes():
    x, above = [-2.0, 0.0, 3.0], [10.0, 10.0, 10.0]
    relu = engine.trace_relu_backward(x, above)
    assert relu.columns()["gate"].tolist() == [[False], [False], [True]]
    assert relu.tensors["output"].tolist() == [0, 0, 10]
    assert relu.columns()["above"].tolist() == [[10], [10], [10]]  # a closed gate hides nothing
    assert engine.trace_leaky_relu_backward(x, above, negative_slope=0.5).tensors["output"].tolist() == [5, 5, 10]
    assert engine.trace_sigmoid_backward([0.0], [8.0]).tensors["output"].tolist() == [2]
    assert engine.trace_tanh_backward([0.0], [8.0]).tensors["output"].tolist() == [8]


# ---- against PyTorch


with np.load(ANSWERS, allow_pickle=False) as stored:
    EXPECTED = dict(stored)


def backward(kind, arrays, options, wrt, above):
    """The trace of a gradient; positional arguments as the operation's own."""
    function = getattr(engine, f"trace_{kind}_backward")
    taken = inspect.signature(function).parameters
    given = dict(zip(("input", "weight"), arrays, strict=False)) | options | {"grad_output": above}
    return function(**given, **({"wrt": wrt} if "wrt" in taken else {}))


@pytest.mark.parametrize("name", EXPECTED)
def test_gradients_are_those_of_pytorch(name):
    case, wrt = name.split("/")
    kind, shapes, options = CASES[case]
    arrays = [numbers(1 + k, *shape) for k, shape in enumerate(shapes)]
    above = numbers(9, *getattr(engine, kind)(*arrays, **options).shape)
    found = backward(kind, arrays, options, wrt, above).tensors["output"]
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, EXPECTED[name], rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("kind", ["relu", "leaky_relu", "sigmoid", "tanh", "global_max_pool2d", "global_avg_pool2d"])
def test_gradients_are_differences_of_the_operation(kind):
    operation, x = getattr(engine, kind), numbers(1, 2, 3, 4) * 4
    above, tiny = numbers(2, *operation(x).shape), 1e-6
    found = backward(kind, [x], {}, "input", above).tensors["output"]
    for cell in np.ndindex(x.shape):
        more, less = x.copy(), x.copy()
        more[cell] += tiny
        less[cell] -= tiny
        slope = ((operation(more) - operation(less)) * above).sum() / (2 * tiny)
        assert found[cell] == pytest.approx(slope, abs=1e-8)


# ---- what holds of every trace


def check_terms(trace, above):
    """Factors are where they are said to come from, and products add up to the output bit for bit."""
    columns, output = trace.columns(), trace.tensors["output"]
    local = next(iter(trace.way.read.values()), "")
    for step in range(len(trace)):
        there = columns["inside"][step]
        cells = columns["term_cells"][step].reshape(len(there), -1)
        factors = columns["local"][step].tolist(), columns["above"][step].tolist()
        assert factors[1] == [above[tuple(cell)] if inside else 0 for cell, inside in zip(cells, there, strict=True)]
        if local and trace.way.settled is None:
            met = columns["local_cells"][step].reshape(len(there), -1)
            values = [trace.tensors[local][tuple(cell)] if real else 0 for cell, real in zip(met, there, strict=True)]
            assert factors[0] == values
        products = columns["products"][step].tolist()
        assert products == [a * b for a, b in zip(*factors, strict=True)]
        each = trace.laid[1]
        ends = range(each, len(products) + 1, each)
        assert columns["row_totals"][step].tolist() == [added(products[:end]) for end in ends]
        assert added(products) == columns["output"][step] == output[tuple(np.atleast_1d(columns["output_cell"][step]))]


def check_slice(trace, data):
    start = data.draw(st.integers(0, len(trace)))
    stop = data.draw(st.integers(start, len(trace)))
    everything, some = trace.columns(), trace.columns(start, stop)
    assert list(some) == list(everything)
    for name, column in everything.items():
        np.testing.assert_array_equal(some[name], column[start:stop])
    assert len(trace.descriptions(start, stop)) == stop - start


@thorough
@given(convolutions(), st.sampled_from(["weight", "input", "bias"]), st.data())
def test_a_convolutions_terms_are_what_they_are_said_to_be(case, wrt, data):
    x, w, _, *rest = case
    options = keywords(rest)
    above = np.random.default_rng(3).standard_normal(engine.conv2d(x, w, **options).shape)
    trace = engine.trace_conv2d_backward(x, w, above, wrt=wrt, **options)
    check_terms(trace, above)
    check_slice(trace, data)


@thorough
@given(pools(), st.booleans(), st.booleans(), st.data())
def test_a_pools_terms_are_what_they_are_said_to_be(case, largest, flag, data):
    """With the flag a maximum has many ties, and an average does not count padding."""
    x, kernel, stride, padding, dilation, ceil_mode = case
    options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil_mode": ceil_mode}
    if largest:
        x = np.rint(x) if flag else x
        forward = engine.trace_max_pool2d(x, kernel, **options)
        above = np.random.default_rng(4).standard_normal(forward.output_shape)
        trace = engine.trace_max_pool2d_backward(x, kernel, above, **options)
        expected = np.zeros(x.shape)
        for step in forward:
            first = np.array(step.position) - [padding[0][0], padding[1][0]]
            row, col = first + np.array(step.selected) * dilation
            if step.inside.any():
                expected[step.output_cell[0], row, col] += above[step.output_cell]
        np.testing.assert_allclose(trace.tensors["output"], expected, rtol=1e-12, atol=1e-12)
    else:
        options["count_include_pad"] = not flag
        above = np.random.default_rng(4).standard_normal(engine.avg_pool2d(x, kernel, **options).shape)
        trace = engine.trace_avg_pool2d_backward(x, kernel, above, **options)
    check_terms(trace, above)
    check_slice(trace, data)


@pytest.mark.parametrize("padding", ["same", "same_lower", ((0, 1), (2, 0))])
def test_uneven_padding_leads_back_to_the_cells_that_were_read(padding):
    x, w = numbers(1, 1, 5, 4), numbers(2, 1, 1, 4, 3)
    above = numbers(3, *engine.conv2d(x, w, padding=padding).shape)
    found = engine.trace_conv2d_backward(x, w, above, wrt="input", padding=padding).tensors["output"]
    for cell in np.ndindex(x.shape):
        one = np.zeros(x.shape)
        one[cell] = 1.0
        assert found[cell] == pytest.approx((engine.conv2d(one, w, padding=padding) * above).sum(), abs=1e-12)


@thorough
@given(st.integers(0, 2**32 - 1), st.sampled_from(["weight", "input", "bias"]), st.data())
def test_a_transposed_convolutions_terms_are_what_they_are_said_to_be(seed, wrt, data):
    rng = np.random.default_rng(seed)
    groups, depth, per_group = map(int, rng.integers(1, 3, 3))
    stride, dilation = (tuple(map(int, rng.integers(1, 4, 2))) for _ in range(2))
    extra = tuple(int(rng.integers(0, max(pair))) for pair in zip(stride, dilation, strict=True))
    sides = tuple(tuple(map(int, rng.integers(0, 2, 2))) for _ in range(2))
    options = {"stride": stride, "dilation": dilation, "groups": groups, "padding": sides, "output_padding": extra}
    x = rng.standard_normal((groups * depth, *rng.integers(3, 5, 2)))
    w = rng.standard_normal((groups * depth, per_group, *rng.integers(1, 4, 2)))
    above = rng.standard_normal(engine.conv_transpose2d(x, w, **options).shape)
    trace = engine.trace_conv_transpose2d_backward(x, w, above, wrt=wrt, **options)
    check_terms(trace, above)
    check_slice(trace, data)


# ---- what is no number, and what does not fit


def test_a_closed_gate_lets_no_nan_through_and_an_open_one_does():
    above = [np.nan, np.nan, np.inf]
    assert engine.trace_relu_backward([-1.0, 1.0, 0.0], above).tensors["output"].tolist()[::2] == [0, 0]
    assert np.isnan(engine.trace_relu_backward([-1.0, 1.0, 0.0], above).tensors["output"][1])
    lost = engine.trace_max_pool2d_backward([[1.0, 2.0, 0.0]], (1, 2), [[np.nan, 1.0]], stride=1).tensors["output"]
    assert lost[0, 0, 0] == lost[0, 0, 2] == 0
    assert np.isnan(lost[0, 0, 1])


def test_a_nan_in_a_weight_spreads_to_the_inputs_that_it_met():
    found = engine.trace_conv2d_backward([[1.0, 1, 1]], [[np.nan, 1.0]], [[1.0, 1.0]], wrt="input")
    assert np.isnan(found.tensors["output"]).tolist() == [[[True, True, False]]]


def test_a_gradient_of_another_shape_is_refused_with_the_one_that_it_must_have():
    with pytest.raises(ShapeError, match=r"has the size 3 × 3, but the output has the size 2 × 2") as refused:
        engine.trace_conv2d_backward(INPUT, KERNEL, INPUT)
    assert refused.value.field == "grad_output"
    with pytest.raises(ShapeError, match=r"has the size 4, but the output has the size 2"):
        engine.trace_linear_backward([1], [[1], [2]], [1, 2, 3, 4])


def test_a_gradient_may_be_made_of_the_outputs_shape():
    trace = engine.trace_conv2d_backward(INPUT, KERNEL, np.ones)
    assert trace.tensors["output"].tolist() == [[[[12, 16], [24, 28]]]]  # the sums of the four windows
    with pytest.raises(ShapeError, match=r"grad_output: .* the size 1 × 1"):
        engine.trace_conv2d_backward(INPUT, KERNEL, lambda shape: [[[1]]]).columns()


def test_an_operand_that_there_is_not_is_refused():
    with pytest.raises(engine.ParameterError, match='wrt "filter" is none of "weight", "input", "bias"'):
        engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, wrt="filter")


# ---- as a network


ARCHITECTURE = [
    {"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1},
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "conv2d", "out_channels": 3, "kernel_size": 2},
    {"layer": "tanh"},
    {"layer": "avg_pool2d", "kernel_size": 2, "stride": 1},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 3},
]


def test_a_network_walked_back_trace_by_trace_has_the_trainers_gradients():
    network = Network(ARCHITECTURE, input_shape=(1, 6, 6), seed=3)
    x, p = numbers(1, 1, 6, 6).astype(np.float32), network.parameters()
    values = [x.astype(np.float64)]
    values.append(engine.conv2d(values[-1], p["0.weight"], p["0.bias"], padding=1))
    values.append(engine.relu(values[-1]))
    values.append(engine.max_pool2d(values[-1], 2))
    values.append(engine.conv2d(values[-1], p["3.weight"], p["3.bias"]))
    values.append(engine.tanh(values[-1]))
    values.append(engine.avg_pool2d(values[-1], 2, stride=1))
    values.append(engine.flatten(values[-1], 0))
    above = engine.softmax(engine.linear(values[-1], p["7.weight"], p["7.bias"])) - [0, 0, 1]

    found = {}

    def back(layer, trace, *arguments, **options):
        for wrt in ("weight", "bias"):
            found[f"{layer}.{wrt}"] = trace(*arguments, wrt=wrt, **options).tensors["output"]
        return trace(*arguments, wrt="input", **options).tensors["output"]

    above = back(7, engine.trace_linear_backward, values[7], p["7.weight"], above)
    above = engine.trace_flatten_backward(values[6], above).tensors["output"]
    above = engine.trace_avg_pool2d_backward(values[5], 2, above, stride=1).tensors["output"]
    above = engine.trace_tanh_backward(values[4], above).tensors["output"]
    above = back(3, engine.trace_conv2d_backward, values[3], p["3.weight"], above)
    above = engine.trace_max_pool2d_backward(values[2], 2, above).tensors["output"]
    above = engine.trace_relu_backward(values[1], above).tensors["output"]
    back(0, engine.trace_conv2d_backward, values[0], p["0.weight"], above, padding=1)
    expected = Trainer(network).gradients(x[None], np.array([2]))
    assert set(found) == set(expected)
    for name, gradient in expected.items():
        np.testing.assert_allclose(found[name], gradient, rtol=1e-5, atol=1e-6)
