"""Links against loops over every product that an operation takes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import (
    trace_average_or_dense,
    trace_conv2d,
    trace_conv2d_backward,
    trace_conv_transpose2d,
    trace_cross_entropy,
    trace_dense,
    trace_flatten,
    trace_max_pool2d,
    trace_max_pool2d_backward,
    trace_relu,
    trace_stacked_conv2d,
)
from cnn_engine.geometry import geometry
from cnn_engine.relations import operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.links import links
from cnn_engine.relations.slide import Slide
from cnn_engine.transposed import transposed_axes

from .looked_up import cells
from .strategies import convolutions, thorough

CONVOLUTION = ("output", "weight", "padded_input", "partial")


def convolved(x, w, stride, padding, dilation, groups):
    """The cells of each tensor at every point of a convolution, in the padded input."""
    axes = geometry(x.shape[1:], w.shape[2:], stride=stride, padding=padding, dilation=dilation)
    rows, cols = axes["height"], axes["width"]
    depth, per_group = w.shape[1], len(w) // groups
    for f, c, i, j in np.ndindex(*w.shape):
        channel = f // per_group * depth + c
        for row, col in np.ndindex(rows.output_size, cols.output_size):
            cell = (channel, row * stride[0] + i * dilation[0], col * stride[1] + j * dilation[1])
            yield {
                "output": (f, row, col),
                "weight": (f, c, i, j),
                "padded_input": cell,
                "partial": (f, c, row, col),
            }


def check(relation, points, source, target):
    """A source's rules name those cells of the target that it meets, and no others."""
    rules = links(relation, [(source, target)])[source][target]
    expected = {}
    for point in points:
        expected.setdefault(point[source], set()).add(point[target])
    for cell in np.ndindex(*relation.shape(source)):
        assert cells(rules, cell) == expected.get(cell, set())


@thorough
@given(convolutions(), st.sampled_from([(a, b) for a in CONVOLUTION for b in CONVOLUTION if a != b]))
def test_a_convolutions_links(case, pair):
    x, w, _, stride, padding, dilation, groups, _ = case
    axes = geometry(x.shape[1:], w.shape[2:], stride=stride, padding=padding, dilation=dilation)
    relation = operations.windowed(axes, Blocks.of(len(x), len(w), groups))
    points = list(convolved(x, w, stride, padding, dilation, groups))
    check(relation, points, *pair)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("pair", [("input", "output"), ("output", "input"), ("weight", "input"), ("weight", "output")])
def test_a_transposed_convolutions_links(seed, pair):
    rng = np.random.default_rng(seed)
    size, kernel, stride, dilation = (tuple(map(int, rng.integers(1, 4, 2))) for _ in range(4))
    groups, depth, per_group = map(int, rng.integers(1, 3, 3))
    axes = transposed_axes(size, kernel, stride=stride, dilation=dilation)
    relation = operations.transposed(axes, Blocks.of(groups * depth, groups * per_group, groups))
    points = [
        {
            "input": (c, row, col),
            "weight": (c, kept, i, j),
            "output": (
                c // depth * per_group + kept,
                row * stride[0] + i * dilation[0],
                col * stride[1] + j * dilation[1],
            ),
        }
        for c, kept, row, col, i, j in np.ndindex(groups * depth, per_group, *size, *kernel)
    ]
    check(relation, points, *pair)


def plain(rules):
    return [{name: np.asarray(part).tolist() for name, part in rule.items()} for rule in rules]


def test_rules_are_small():
    axes = geometry((5, 5), 3)
    found = links(operations.windowed(axes, Blocks.of(1, 1)), [("output", "padded_input"), ("weight", "padded_input")])
    rows, cols = {"by": [1], "at": [[0, 3], [1, 3], [2, 3]]}, {"by": [2], "at": [[0, 3], [1, 3], [2, 3]]}
    assert plain(found["output"]["padded_input"]) == [{"at": [0, 1]}, rows, cols]
    rows, cols = rows | {"by": [2]}, cols | {"by": [3]}
    assert plain(found["weight"]["padded_input"]) == [{"at": [0, 1]}, rows, cols]


def test_padding_that_copies():
    axes = geometry((3, 3), 1, padding=1)
    both = [("input", "padded_input"), ("padded_input", "input")]
    found = links(operations.padding(axes, 1, "reflect"), both)
    assert cells(found["input"]["padded_input"], (0, 1, 1)) == {(0, r, c) for r in (0, 2, 4) for c in (0, 2, 4)}
    assert cells(found["padded_input"]["input"], (0, 0, 2)) == {(0, 1, 1)}
    zeros = links(operations.padding(axes, 1, "zeros"), both)
    assert cells(zeros["input"]["padded_input"], (0, 1, 1)) == {(0, 2, 2)}
    assert cells(zeros["padded_input"]["input"], (0, 0, 2)) == set()


def test_dense_layers_flattening_and_one_to_one():
    dense = links(
        operations.linear(3, 2), [("output", "weight"), ("input", "weight"), ("weight", "input"), ("output", "input")]
    )
    assert cells(dense["output"]["weight"], (1,)) == {(1, 0), (1, 1), (1, 2)}
    assert cells(dense["input"]["weight"], (2,)) == {(0, 2), (1, 2)}
    assert cells(dense["weight"]["input"], (1, 2)) == {(2,)}
    assert cells(dense["output"]["input"], (0,)) == {(0,), (1,), (2,)}
    line = links(operations.flattened((2, 3, 2)), [("input", "output"), ("output", "input")])
    assert cells(line["input"]["output"], (1, 2, 0)) == {(10,)}
    assert cells(line["output"]["input"], (10,)) == {(1, 2, 0)}
    same = links(operations.one_to_one((2, 3), "input", "output"), [("input", "output")])
    assert same["input"]["output"] == [{"by": [0]}, {"by": [1]}]


def test_a_turned_kernel_meets_by_a_negative_dilation():
    slide = Slide(3, 2, 4, 1, 1)
    turned = Slide(3, 2, 4, 1, -1, -1)
    assert (
        turned.progressions({"tap": np.arange(2)}).first["cell"].tolist()
        == slide.progressions({"tap": np.array([1, 0])}).first["cell"].tolist()
    )


WEIGHT = np.ones((2, 2, 3, 3))
TRACES = {
    "conv2d": (
        trace_conv2d(np.ones((4, 5, 6)), np.ones((2, 2, 3, 3)), padding=1, groups=2),
        ["partial", "visit_counts"],
    ),
    "pool": (trace_max_pool2d(np.ones((2, 5, 6)), 2, padding=1, ceil_mode=True), []),
    "transposed": (trace_conv_transpose2d(np.ones((2, 2, 3)), np.ones((2, 1, 3, 2)), stride=2, padding=1), []),
    "scatter": (trace_conv_transpose2d(np.ones((2, 2)), np.ones((3, 2)), dilation=2, mode="scatter"), []),
    "dense": (trace_dense(np.ones(3), [{"weight": np.ones((2, 3))}, {"weight": np.ones((1, 2))}]), []),
    "stacked": (
        trace_stacked_conv2d(np.ones((7, 9)), np.ones((2, 3)), np.ones((3, 2)), stride=2, padding=(1, 0)),
        [],
    ),
    "average_or_dense": (trace_average_or_dense(np.ones((2, 3, 4)), np.ones((2, 2, 3, 4))), []),
    "flatten": (trace_flatten(np.ones((2, 3, 2))), []),
    "relu": (trace_relu(np.ones((2, 3))), []),
    "weight": (trace_conv2d_backward(np.ones((4, 5, 6)), WEIGHT, np.ones((2, 5, 6)), padding=1, groups=2), []),
    "input": (trace_conv2d_backward(np.ones((2, 5, 6)), WEIGHT, np.ones((2, 3, 2)), wrt="input", stride=(1, 3)), []),
    "copies": (
        trace_conv2d_backward(
            np.ones((2, 3, 2)), WEIGHT, np.ones((2, 3, 2)), wrt="input", padding=1, padding_mode="reflect"
        ),
        [],
    ),
    "bias": (trace_conv2d_backward(np.ones((2, 3, 3)), WEIGHT, np.ones((2, 1, 1)), wrt="bias"), []),
    "pool backward": (trace_max_pool2d_backward(np.ones((2, 5, 6)), 2, np.ones((2, 2, 3))), []),
    "cross_entropy": (trace_cross_entropy([1.0, 2.0], 0), []),
}


@pytest.mark.parametrize("name", TRACES)
def test_a_trace_links_cells_that_there_are_between_tensors_that_are_asked_for(name):
    trace, more = TRACES[name]
    found = trace.links([name for name in trace.tensors if name not in trace.on_request or name in more])
    assert found
    for source, targets in found.items():
        for cell in np.ndindex(trace.tensors[source].shape):
            for target, rules in targets.items():
                for met in cells(rules, cell):
                    assert all(0 <= k < size for k, size in zip(met, trace.tensors[target].shape, strict=True))
                    back = found.get(target, {}).get(source)
                    assert back is None or cell in cells(back, met)
    assert trace.links([]) == {}


def test_the_kernel_of_a_gathered_output_meets_what_the_sum_reads():
    """Each weight times the inputs that it meets, which is what the turned kernel's products say."""
    trace = trace_conv_transpose2d(np.ones((2, 2, 3)), np.ones((2, 2, 3, 2)), stride=(2, 3), padding=1, groups=2)
    found = trace.links([*trace.tensors])
    for f, c, i, j in np.ndindex(trace.tensors["flipped_weight"].shape):
        expected = set()
        for step in trace:
            if step.output_cell[0] == f and step.inside[i, j]:
                row, col = step.position[0] + i, step.position[1] + j
                (met,) = cells(found["padded_input"]["input"], (f // 2, row, col))
                expected.add(met)
        assert cells(found["flipped_weight"]["input"], (f, c, i, j)) == expected
