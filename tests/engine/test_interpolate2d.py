"""Upsampling: worked by hand, against loops, against its own differences, and what it refuses."""

from __future__ import annotations

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import (
    ConvoscopeError,
    ParameterError,
    ShapeError,
    interpolate2d,
    limits,
    trace_interpolate2d,
    trace_interpolate2d_backward,
)
from cnn_engine.interpolation import interpolated_axes
from cnn_engine.relations import operations
from cnn_engine.relations.gradients import gradient
from tests.engine.strategies import numbers, thorough

SQUARE = [[[1.0, 2.0], [3.0, 4.0]]]
WAYS = [("nearest", False), ("bilinear", False), ("bilinear", True)]


def test_nearest_repeats_cells():
    output = [[1, 1, 2, 2], [1, 1, 2, 2], [3, 3, 4, 4], [3, 3, 4, 4]]
    assert interpolate2d(SQUARE, 2).tolist() == [output]
    assert interpolate2d(SQUARE, 1.5).tolist() == [[[1, 1, 2], [1, 1, 2], [3, 3, 4]]]  # floor(i / 1.5): 0, 0, 1
    assert interpolate2d([[[0, 1, 2, 3]]], (1, 0.5)).tolist() == [[[0, 2]]]


def test_bilinear_weighs_the_two_nearest():
    """Output i lies at (i + 1/2) / 2 - 1/2: -1/4, which is 0, then 1/4, 3/4, and 5/4, which is 1."""
    assert interpolate2d([[[0, 4]]], (1, 2), mode="bilinear").tolist() == [[[0, 1, 3, 4]]]
    output = [[1, 1.25, 1.75, 2], [1.5, 1.75, 2.25, 2.5], [2.5, 2.75, 3.25, 3.5], [3, 3.25, 3.75, 4]]
    assert interpolate2d(SQUARE, 2, mode="bilinear").tolist() == [output]


def test_aligned_corners_lie_on_each_other():
    assert interpolate2d([[[0, 3]]], (1, 2), mode="bilinear", align_corners=True) == pytest.approx(
        np.array([[[0, 1, 2, 3]]])
    )
    assert interpolate2d([[[5, 7]]], (1, 0.5), mode="bilinear", align_corners=True).tolist() == [[[5]]]


def test_an_output_as_large_as_the_input_is_the_input():
    """floor(3 * 1.2) is 3, and no cell moves: PyTorch copies then."""
    for mode, corners in WAYS:
        output = interpolate2d([[[1.0, 5.0, 7.0]]], (1, 1.2), mode=mode, align_corners=corners)
        assert output.tolist() == [[[1, 5, 7]]]


def test_the_gradient_of_a_value_that_is_repeated_is_that_of_all_its_copies():
    trace = trace_interpolate2d_backward(SQUARE, 2, np.arange(1.0, 17).reshape(4, 4))
    assert trace.tensors["output"].tolist() == [[[14, 22], [46, 54]]]  # 1 + 2 + 5 + 6, 3 + 4 + 7 + 8 and so on
    step = trace[3]
    assert (step.above_from, step.above_size) == ((0, 2, 2), (2, 2))  # which are framed


def test_the_gradient_of_a_value_between_others_weighs_theirs():
    trace = trace_interpolate2d_backward([[[0, 4]]], (1, 2), [[[1, 2, 3, 4]]], mode="bilinear")
    assert trace[0].local.tolist() == [1, 0.75, 0.25]
    assert trace.tensors["output"].tolist() == [[[3.25, 6.75]]]  # 1 + 0.75 · 2 + 0.25 · 3
    assert trace.show().cards[0].terms.left == "local"  # its factors are on the card


def between(line, factor, mode, align_corners):
    """One line by the documentation's definition, number by number."""
    size, count = len(line), math.floor(len(line) * factor)
    found = []
    for i in range(count):
        if mode == "nearest":
            found.append(line[min(math.floor(i / factor), size - 1)])
            continue
        at = i * (size - 1) / (count - 1 or 1) if align_corners else (i + 0.5) / factor - 0.5
        at = i if size == count else min(max(at, 0), size - 1)
        low = math.floor(at)
        found.append((1 - (at - low)) * line[low] + (at - low) * line[min(low + 1, size - 1)])
    return found


@st.composite
def interpolations(draw):
    """(x, options) with something left; of halves and quarters, whose positions no rounding moves."""
    size = draw(st.tuples(st.integers(1, 6), st.integers(1, 6)))
    scales = tuple(draw(st.sampled_from([f for f in (0.25, 0.5, 2, 2.5, 3, 4) if f * side >= 1])) for side in size)
    mode, corners = draw(st.sampled_from(WAYS))
    return numbers(draw, (2, *size), integers=False), {
        "scale_factor": scales,
        "mode": mode,
        "align_corners": corners,
    }


@thorough
@given(interpolations())
def test_it_is_what_loops_give_and_what_the_steps_add_up_to(case):
    x, options = case
    ways = options["mode"], options["align_corners"]
    rows = [[between(row, options["scale_factor"][1], *ways) for row in plane] for plane in x.tolist()]
    columns = [[between(col, options["scale_factor"][0], *ways) for col in zip(*plane, strict=True)] for plane in rows]
    expected = np.array(columns).swapaxes(1, 2)
    output, trace = interpolate2d(x, **options), trace_interpolate2d(x, **options)
    np.testing.assert_allclose(output, expected, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(interpolate2d(np.stack([x, x]), **options)[1], output)
    np.testing.assert_allclose(trace.tensors["output"], output, rtol=1e-12, atol=1e-12)
    steps = trace.columns()
    assert len(trace) == output.size
    np.testing.assert_array_equal(steps["output"], trace.tensors["output"].ravel())
    if options["mode"] == "bilinear":
        products = steps["window"] * trace.tensors["weights"][steps["kernel"]]
        np.testing.assert_array_equal(steps["products"], products)
        np.testing.assert_allclose(trace.tensors["weights"].sum(axis=(1, 2)), 1, rtol=1e-15)
        sums = steps["row_sums"][:, 0]
        np.testing.assert_array_equal(steps["output"], sums[:, 0] + (sums[:, 1] if sums.shape[1] > 1 else 0))


@thorough
@given(interpolations(), st.data())
def test_its_gradient_is_its_difference(case, data):
    """It is linear, so a cell that grows by 1 changes the output by just what the gradient says."""
    x, options = case
    above = np.random.default_rng(0).integers(-5, 6, interpolate2d(x, **options).shape).astype(float)
    axes = interpolated_axes(x.shape[1:], **options)
    relation = operations.copied([axis.table() for axis in axes.values()], len(x))
    cell = data.draw(st.integers(0, x.size - 1))
    grown = np.zeros_like(x)
    grown.flat[cell] = 1
    (found,) = gradient(relation, "input", np.array([cell]), above).sums
    assert found == pytest.approx((interpolate2d(grown, **options) * above).sum(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize(("mode", "corners"), WAYS)
def test_links_go_to_what_a_step_reads_and_back(mode, corners):
    trace = trace_interpolate2d(np.ones((2, 3, 4)), (2.5, 0.5), mode=mode, align_corners=corners)
    links, steps = trace.links(["input", "output"]), trace.columns()
    size = steps["window"].shape[1:]
    inside = steps.get("inside", np.ones((len(trace), *size), bool))
    read = {
        (tuple(cell), (cell[0], top + i, left + j))
        for cell, (top, left), counts in zip(
            steps["output_cell"].tolist(), steps["position"].tolist(), inside, strict=True
        )
        for i, j in zip(*np.nonzero(counts), strict=True)
    }
    assert {
        (cell, met) for cell in np.ndindex(trace.output_shape) for met in met_by(links["output"]["input"], cell)
    } == read
    assert {(met, cell) for cell in np.ndindex(2, 3, 4) for met in met_by(links["input"]["output"], cell)} == read


def met_by(rules, cell):
    channels, rows, cols = rules
    assert channels == {"by": [0]}
    down, across = (
        rule["lists"][cell[axis]] if "lists" in rule else [found for found in [rule["at"][cell[axis]]] if found >= 0]
        for axis, rule in ((1, rows), (2, cols))
    )
    return [(cell[0], int(row), int(col)) for row in down for col in across]


def test_dtypes():
    for dtype in (np.float32, np.uint8, np.int64):
        assert interpolate2d(np.ones((1, 2, 2), dtype), 2).dtype == dtype
        assert trace_interpolate2d(np.ones((2, 2), dtype), 2).tensors["output"].dtype == dtype
    for dtype, expected in ((np.float32, np.float32), (np.uint8, np.float64)):
        assert interpolate2d(np.ones((1, 2, 3), dtype), 1.5, mode="bilinear").dtype == expected
        trace = trace_interpolate2d(np.ones((2, 3), dtype), 1.5, mode="bilinear")
        assert trace.tensors["output"].dtype == trace.columns()["products"].dtype == expected


def test_what_counts_for_nothing_is_not_read():
    line = [[[1.0, math.inf]]]
    assert interpolate2d(line, (1, 2), mode="bilinear").tolist() == [[[1, math.inf, math.inf, math.inf]]]
    assert trace_interpolate2d(line, (1, 2), mode="bilinear")[0].products.tolist() == [[1, 0]]


def test_a_trace_of_a_large_output_costs_nothing():
    x = np.zeros((1000, 1000))
    tracemalloc.start()
    trace = trace_interpolate2d(x, 16, mode="bilinear")
    assert (len(trace), trace[-1].output_cell) == (256_000_000, (0, 15_999, 15_999))
    assert trace.sizes() == {"input": 1_000_000, "weights": 1_024_000_000, "output": 256_000_000}
    assert trace.work() > 10e9  # nanoseconds
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("options", "error", "field", "sentence"),
    [
        ({"scale_factor": 0}, ParameterError, "scale_factor", "a number above 0, or a pair of them, not 0"),
        ({"scale_factor": "2"}, ParameterError, "scale_factor", "not '2'"),
        ({"scale_factor": True}, ParameterError, "scale_factor", "not True"),
        ({"scale_factor": math.nan}, ParameterError, "scale_factor", "not nan"),
        ({"scale_factor": (1, math.inf)}, ParameterError, "scale_factor", "not inf"),
        ({"scale_factor": [1, 2, 3]}, ParameterError, "scale_factor", "must be one number or a pair (height, width)"),
        ({"scale_factor": (1, 0.4)}, ShapeError, "scale_factor", "0.4 leaves nothing of the input width 2"),
        ({"mode": "cubic"}, ParameterError, "mode", 'mode "cubic" is none of "nearest", "bilinear"'),
        ({"align_corners": True}, ParameterError, "align_corners", 'align_corners is for mode "bilinear" alone'),
        ({"mode": "bilinear", "align_corners": 1}, ParameterError, "align_corners", "must be true or false, not 1"),
        ({"input": [[[True]]]}, ParameterError, "input", "not"),
    ],
)
def test_refusals_name_the_value_and_the_field(options, error, field, sentence):
    for call in (interpolate2d, trace_interpolate2d):
        with pytest.raises(error) as caught:
            call(**{"input": SQUARE, "scale_factor": 2, **options})
        assert isinstance(caught.value, ConvoscopeError)
        assert caught.value.field == field
        assert sentence in str(caught.value)


def test_an_input_may_grow_as_far_as_a_page_can_show():
    setting = trace_interpolate2d(SQUARE, (3, 1.5)).setting
    assert limits(setting, {"input_size": 32}) == {"input_size": {"height": (1, 13), "width": (1, 27)}}
