"""A convolution's gradients as correlations: what slides over what adds up to the same numbers in the same order."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cnn_engine import trace_conv2d, trace_conv2d_backward
from cnn_engine.words import say

from .looked_up import cells

SETTINGS = {
    "one channel, one filter": {},
    "channels and filters": {"channels": 2, "filters": 3},
    "groups": {"channels": 4, "filters": 6, "groups": 2},
    "a filter for each channel": {"channels": 3, "filters": 3, "groups": 3},
    "stride, the last rows unread": {"size": (6, 7), "stride": (2, 3)},
    "padding": {"padding": 1},
    "padding on each side its own": {"padding": ((0, 2), (1, 0))},
    "padding beyond the kernel": {"padding": ((3, 1), (0, 4))},
    "dilation": {"size": (7, 8), "dilation": (2, 3)},
    "everything": {
        "channels": 2,
        "filters": 2,
        "size": (8, 7),
        "stride": (2, 1),
        "dilation": (1, 2),
        "padding": ((1, 2), (0, 3)),
    },
}


def made(wrt, *, channels=1, filters=1, size=(5, 6), kernel=(3, 2), groups=1, **setting):
    rng = np.random.default_rng(5)
    x, weight = rng.standard_normal((channels, *size)), rng.standard_normal((filters, channels // groups, *kernel))
    above = rng.standard_normal(trace_conv2d(x, weight, groups=groups, **setting).output_shape)
    return trace_conv2d_backward(x, weight, above, wrt=wrt, groups=groups, **setting), weight


@pytest.mark.parametrize("name", SETTINGS)
def test_the_gradient_by_the_input_is_the_spread_gradient_under_the_turned_kernel(name):
    trace, weight = made("input", **SETTINGS[name])
    spread, cells, turned = (trace.tensors[one] for one in ("spread_above", "spread_cells", "turned_weight"))
    window = trace.correlation().panels[0].regions[0]
    groups = SETTINGS[name].get("groups", 1)
    for step in trace:
        channel, row, col = step.output_cell
        first, last = window.planes[channel]
        assert last - first == len(weight) // groups
        indices = [
            at + apart * np.arange(n) for at, n, apart in zip((row, col), window.size, window.spread, strict=True)
        ]
        seen, there = spread[first:last][:, indices[0][:, None], indices[1]], cells[indices[0][:, None], indices[1]]
        assert seen.shape == turned[channel].shape
        products = [
            product
            for filter in (seen * turned[channel]).reshape(last - first, -1)
            for product in filter[::-1][there.ravel()[::-1] == 1]
        ]
        assert products == step.products[step.inside].tolist()


@pytest.mark.parametrize("name", SETTINGS)
def test_the_gradient_by_a_weight_is_the_input_under_the_gradient_as_a_kernel(name):
    trace, weight = made("weight", **SETTINGS[name])
    x, spread, cells = (trace.tensors[one] for one in ("padded_input", "spread_above", "spread_cells"))
    rows, cols = (trace.geometry[axis].dilation for axis in ("height", "width"))
    filters, depth = len(weight), weight.shape[1]
    groups = SETTINGS[name].get("groups", 1)
    for step in trace:
        filter, index, i, j = step.output_cell
        channel = filter // (filters // groups) * depth + index
        seen = x[channel, i * rows :, j * cols :][: cells.shape[0], : cells.shape[1]]
        assert (seen * spread[filter])[cells == 1].tolist() == step.products[step.inside].tolist()


def test_a_gradient_that_is_spread_by_hand():
    trace = trace_conv2d_backward(np.ones((3, 3)), [[1, 2]], [[1, 2], [3, 4], [5, 6]], wrt="input")
    assert trace.tensors["spread_above"].tolist() == [[[0, 1, 2, 0], [0, 3, 4, 0], [0, 5, 6, 0]]]
    assert trace.tensors["turned_weight"].tolist() == [[[[2, 1]]]]
    assert [say(panel.title) for panel in trace.correlation().panels] == [
        "From above, padded",
        "Kernel, turned",
        "Gradient of the input",
    ]


def test_what_is_no_correlation_has_none():
    x, weight = np.ones((4, 4)), np.ones((2, 2))
    assert trace_conv2d_backward(x, weight, np.ones, wrt="bias").correlation() is None
    copied = trace_conv2d_backward(x, weight, np.ones, wrt="input", padding=1, padding_mode="reflect")
    assert copied.correlation() is None
    assert trace_conv2d(x, weight).correlation() is None


def meetings(trace, weight, groups):
    """At every product of the convolution: the cells of each tensor, where they stand as a correlation is shown."""
    height, width = trace.geometry["height"], trace.geometry["width"]
    per_group, (filters, depth, rows, cols) = len(weight) // groups, weight.shape
    for f, c, i, j in np.ndindex(filters, depth, rows, cols):
        channel = f // per_group * depth + c
        for p, q in np.ndindex(height.output_size, width.output_size):
            padded = p * height.stride + i * height.dilation, q * width.stride + j * width.dilation
            row, col = padded[0] - height.padding[0], padded[1] - width.padding[0]
            if trace.wrt == "weight":
                index = p * height.stride, q * width.stride
                yield {"output": (f, c, i, j), "spread_above": (f, *index), "padded_input": (channel, *padded)}
            elif 0 <= row < height.input_size and 0 <= col < width.input_size:
                turned = rows - 1 - i, cols - 1 - j
                index = row + height.dilation * turned[0], col + width.dilation * turned[1]
                own = {"output": (channel, row, col), "turned_weight": (channel, f % per_group, *turned)}
                yield {**own, "spread_above": (f, *index)}


@pytest.mark.parametrize("wrt", ["weight", "input"])
@pytest.mark.parametrize("name", SETTINGS)
def test_each_cell_of_the_spread_gradient_is_linked_to_what_it_meets(name, wrt):
    trace, weight = made(wrt, **SETTINGS[name])
    other = "padded_input" if wrt == "weight" else "turned_weight"
    found = trace.links(["spread_above", "output", other])
    points = list(meetings(trace, weight, SETTINGS[name].get("groups", 1)))
    for source, target in (
        ("spread_above", "output"),
        ("output", "spread_above"),
        ("spread_above", other),
        (other, "spread_above"),
    ):
        expected = {}
        for point in points:
            expected.setdefault(point[source], set()).add(point[target])
        for cell in np.ndindex(*trace.tensors[source].shape):
            assert cells(found[source][target], cell) == expected.get(cell, set()), (source, target, cell)
    gap = next(
        (cell for cell in np.ndindex(*trace.tensors["spread_cells"].shape) if not trace.tensors["spread_cells"][cell]),
        None,
    )
    if gap is not None:
        assert cells(found["spread_above"]["output"], (0, *gap)) == set()  # nothing stands there


@pytest.mark.parametrize("wrt", ["weight", "input"])
def test_links_of_a_long_line_take_little_room(wrt):
    trace = trace_conv2d_backward(np.ones((1, 8_000)), np.ones((1, 400)), np.ones, wrt=wrt)
    tracemalloc.start()
    links = trace.links(["spread_above", "output", "padded_input", "turned_weight"])
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert "lists" not in str(links)


def test_padding_that_copies_is_no_correlation_and_has_no_such_links():
    trace, _ = made("input", padding=1, padding_mode="reflect")
    assert "spread_above" not in trace.links(list(trace.tensors))
