"""Two convolutions, one after the other: what one output of the second depends on."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cnn_engine import ShapeError, conv2d, trace_stacked_conv2d
from cnn_engine.ranges import limits
from cnn_engine.relations.counts import receptive_field

from .looked_up import indices

ONES = np.ones((3, 3))
EDGES = {
    "weight": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    "second_weight": [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
}
SETTINGS = [
    ({}, (7, 7), (3, 3), (3, 3)),
    ({"stride": 2}, (9, 9), (3, 3), (3, 3)),
    ({"stride": (2, 1), "second_stride": (1, 2), "padding": 1}, (8, 9), (3, 2), (2, 3)),
    ({"stride": 3, "padding": ((1, 0), (0, 2))}, (11, 10), (2, 2), (2, 2)),
]


def test_ones_over_ones_count_the_windows_that_read_each_cell():
    """25 cells, read 1, 2, 3, 2, 1 times along each axis: 9 × 9 = 81 in all."""
    trace = trace_stacked_conv2d(np.ones((5, 5)), ONES, ONES)
    assert len(trace) == 9 + 1
    assert trace.tensors["hidden"].tolist() == np.full((1, 3, 3), 9).tolist()
    assert trace.tensors["output"].tolist() == [[[81]]]
    last = trace[9]
    assert (last.layer, last.field, last.field_size) == (1, (0, 0), (5, 5))
    assert (last.position, last.output, last.second_products.sum(), last.products.sum()) == ((0, 0), 81, 81, 0)


def test_a_vertical_edge_and_then_a_horizontal_one_find_corners():
    """Straight edges leave 0: the difference across of a difference down."""
    square = np.zeros((9, 9))
    square[:5, :5] = 9
    output = trace_stacked_conv2d(square, **EDGES).tensors["output"][0]
    assert output.max() == output[2, 2] != 0
    assert not output[0].any()
    assert not output[:, 0].any()


@pytest.mark.parametrize(("options", "size", "kernel", "second"), SETTINGS)
def test_it_is_one_convolution_after_the_other(options, size, kernel, second):
    rng = np.random.default_rng(1)
    x, one, other = (rng.integers(-5, 6, shape) for shape in (size, kernel, second))
    trace = trace_stacked_conv2d(x, one, other, **options)
    first = {name: options[name] for name in ("stride", "padding") if name in options}
    hidden = conv2d(x[None], one[None, None], **first)
    output = conv2d(hidden, other[None, None], stride=options.get("second_stride", 1))
    np.testing.assert_array_equal(trace.tensors["hidden"], hidden)
    np.testing.assert_array_equal(trace.tensors["output"], output)
    steps = trace.columns()["output"]
    np.testing.assert_array_equal(steps, np.concatenate([hidden.ravel(), output.ravel()]))


@pytest.mark.parametrize(("options", "size", "kernel", "second"), SETTINGS)
def test_an_output_depends_on_what_changes_it_and_on_nothing_else(options, size, kernel, second):
    """Each cell of the input is changed in turn; the field and the links say which outputs that reaches."""
    one, other = np.ones(kernel), np.ones(second)
    trace = trace_stacked_conv2d(np.zeros(size), one, other, **options)
    reached = {}
    for cell in np.ndindex(*size):
        x = np.zeros(size)
        x[cell] = 1
        for at in np.argwhere(trace_stacked_conv2d(x, one, other, **options).tensors["output"][0]):
            reached.setdefault(tuple(at.tolist()), set()).add(cell)
    (top, _), (left, _) = trace.params["padding"]
    rules = trace.links(["padded_input", "output"])["output"]["padded_input"]
    for step in list(trace)[trace.hidden :]:
        at = step.output_cell[1:]
        rows, cols = (set(indices(rule, step.output_cell)) for rule in rules[1:])
        inside = {(i - top, j - left) for i in rows for j in cols}
        assert {(i, j) for i, j in inside if 0 <= i < size[0] and 0 <= j < size[1]} == reached[at]
        (row, col), (height, width) = step.field, step.field_size
        assert (min(rows), max(rows) + 1) == (row, row + height)
        assert (min(cols), max(cols) + 1) == (col, col + width)
        seen = [len(set(axis)) for axis in zip(*reached[at], strict=True)]
        assert f" of the input: {seen[0]} × {seen[1]} cells. " in step.describe()


def test_a_long_line_of_cells_takes_little_room():
    """Windows that touch are one rule, and cells that are named one by one are linked where they are few."""
    tracemalloc.start()
    for stride, kernel in ((1, 80), (81, 80), (2, 1)):
        weight = np.ones((1, kernel))
        trace = trace_stacked_conv2d(np.ones((1, 16_000)), weight, np.ones((1, 80)), stride=(1, stride))
        links = trace.links(["padded_input", "hidden", "output"])
        assert ("padded_input" in links["output"]) == (stride == 1)
        assert len(list(trace.messages(trace.hidden, trace.hidden + 5))) == 5
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_the_field_is_as_large_as_the_formula_says():
    for stride in (1, 2):
        trace = trace_stacked_conv2d(np.ones((12, 12)), ONES, ONES, stride=stride)
        known = receptive_field([{"kernel_size": 3, "stride": stride}, {"kernel_size": 3}])["size"]
        assert trace[-1].field_size == known


def test_what_can_be_chosen_leaves_room_for_both():
    found = limits(
        trace_stacked_conv2d(np.ones((7, 7)), ONES, ONES).setting,
        {"input_size": 32, "kernel_size": 7, "second_kernel_size": 7, "stride": 8, "padding": 8, "second_stride": 8},
    )
    assert found["input_size"]["height"] == (5, 32)
    assert found["kernel_size"]["height"] == (1, 5)
    assert found["second_kernel_size"]["width"] == (1, 5)
    assert found["stride"]["height"] == (1, 2)
    assert found["second_stride"]["height"] == (1, 8)


@pytest.mark.parametrize(
    ("arguments", "field", "text"),
    [
        ((np.ones((4, 4)), ONES, ONES), "second_weight", "second layer: kernel_size 3 exceeds the padded input"),
        ((np.ones((2, 9)), ONES, ONES), "kernel_size", "exceeds"),
        ((np.ones((2, 9, 9)), np.ones((1, 2, 3, 3)), ONES), "input", "one channel"),
        ((np.ones((9, 9)), np.ones((2, 1, 3, 3)), ONES), "weight", "one channel"),
        ((np.ones((9, 9)), ONES, np.ones((1, 2, 3, 3))), "second_weight", "one channel"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(arguments, field, text):
    with pytest.raises(ShapeError, match=text) as refused:
        trace_stacked_conv2d(*arguments)
    assert refused.value.field == field
