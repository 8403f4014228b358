"""Backward steps: against PyTorch, against differences of the operation itself, and term by term against loops."""

from __future__ import annotations

import gc
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine import (
    avg_pool2d,
    conv2d,
    conv_transpose2d,
    interpolate2d,
    linear,
    max_pool2d,
    pad2d,
    trace_conv2d_backward,
    trace_max_pool2d,
)
from cnn_engine.geometry import geometry
from cnn_engine.interpolation import interpolated_axes
from cnn_engine.ops import divisors, pool_geometry
from cnn_engine.relations import layout, operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.gradients import gradient
from cnn_engine.relations.kept import Kept
from cnn_engine.relations.table import Table
from cnn_engine.transposed import transposed_axes
from cnn_engine.windows import padding_sources

from .gradient_cases import ANSWERS, CASES
from .nn.torch_cases import numbers
from .strategies import convolutions, pools, thorough

OPERATIONS = {
    "conv2d": conv2d,
    "conv_transpose2d": conv_transpose2d,
    "avg_pool2d": avg_pool2d,
    "max_pool2d": max_pool2d,
    "pad2d": pad2d,
    "linear": linear,
    "interpolate2d": interpolate2d,
}


def terms(kind, arrays, options, wrt, above, cells=None):
    """The terms of some cells, or of all, of the gradient by one operand."""
    x, shape = arrays[0], dict(zip(("input", "weight", "bias"), (array.shape for array in arrays), strict=False))[wrt]
    cells = np.arange(np.prod(shape)) if cells is None else cells
    if wrt == "bias":
        return gradient(operations.bias(above.shape), "bias", cells, above)
    relation, local = RELATIONS[kind](x, arrays[1] if len(arrays) > 1 else None, wrt, **options)
    found = gradient(relation, wrt, cells, above, local)
    if kind == "max_pool2d":
        selected = trace_max_pool2d(x, **options).columns()["selected"].reshape(*above.shape, 2)
        found = found.gated((selected[tuple(np.moveaxis(found.index["output"], -1, 0))] == found.taps).all(axis=-1))
    return found


def of_conv2d(x, w, wrt, *, groups=1, padding_mode="zeros", **options):
    axes, channels = geometry(x.shape[1:], w.shape[2:], **options), Blocks.of(len(x), len(w), groups)
    if wrt == "input":
        return operations.windowed_input(axes, channels, padding_mode), {"weight": w}
    padded = pad2d(x, tuple(axis.padding for axis in axes.values()), mode=padding_mode)
    return operations.windowed(axes, channels), {"padded_input": padded}


def of_conv_transpose2d(x, w, wrt, *, groups=1, **options):
    relation = operations.transposed(
        transposed_axes(x.shape[1:], w.shape[2:], **options), Blocks.of(len(x), w.shape[1] * groups, groups)
    )
    return relation, {"weight": w} if wrt == "input" else {"input": x}


def of_pool(x, _, wrt, *, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, count_include_pad=None):
    axes = pool_geometry(x.shape[1:], kernel_size, stride, padding, dilation, ceil_mode)
    relation = operations.windowed_input(axes, Blocks.same(len(x)))
    counted = True if count_include_pad is None else count_include_pad
    return relation, {"share": 1 / np.multiply.outer(*divisors(axes, counted))}


def of_max_pool(*arguments, **options):
    return of_pool(*arguments, **options)[0], None


def of_pad2d(x, _, wrt, *, padding, mode="zeros"):
    sides = zip(x.shape[1:], padding, strict=True)
    tables = [Table(padding_sources(size, around, mode)[:, None], size) for size, around in sides]
    return operations.copied(tables, len(x)), None


def of_linear(x, w, wrt):
    return operations.linear(*reversed(w.shape)), {"weight": w} if wrt == "input" else {"input": x}


def of_interpolate2d(x, _, wrt, **options):
    return operations.copied(
        [axis.table() for axis in interpolated_axes(x.shape[1:], **options).values()], len(x)
    ), None


RELATIONS = {
    "conv2d": of_conv2d,
    "conv_transpose2d": of_conv_transpose2d,
    "avg_pool2d": of_pool,
    "max_pool2d": of_max_pool,
    "pad2d": of_pad2d,
    "linear": of_linear,
    "interpolate2d": of_interpolate2d,
}


with np.load(ANSWERS, allow_pickle=False) as stored:
    EXPECTED = dict(stored)


@pytest.mark.parametrize("name", EXPECTED)
def test_gradients_are_those_of_pytorch(name):
    case, wrt = name.split("/")
    kind, shapes, options = CASES[case]
    arrays = [numbers(1 + k, *shape) for k, shape in enumerate(shapes)]
    above = numbers(9, *OPERATIONS[kind](*arrays, **options).shape)
    found = terms(kind, arrays, options, wrt, above).sums.reshape(EXPECTED[name].shape)
    np.testing.assert_allclose(found, EXPECTED[name], rtol=1e-12, atol=1e-13)


def difference(operation, arrays, options, position, cell, above):
    """How the output, weighed by `above`, changes where one cell grows by 1: exact, as all is whole and linear."""
    changed = [array.copy() for array in arrays]
    changed[position].flat[cell] += 1
    return ((operation(*changed, **options) - operation(*arrays, **options)) * above).sum()


@thorough
@given(convolutions(integers=True), st.data())
def test_a_convolutions_gradients_are_its_differences(case, data):
    x, w, b, stride, padding, dilation, groups, mode = case
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "padding_mode": mode}
    arrays = [x, w, np.zeros(len(w)) if b is None else b]
    above = np.random.default_rng(0).integers(-5, 6, conv2d(*arrays, **options).shape).astype(float)
    for position, wrt in enumerate(("input", "weight", "bias")):
        cell = data.draw(st.integers(0, arrays[position].size - 1))
        (found,) = terms("conv2d", arrays, options, wrt, above, np.array([cell])).sums
        assert found == difference(conv2d, arrays, options, position, cell, above)


@thorough
@given(st.integers(0, 2**32 - 1))
def test_a_transposed_convolutions_gradients_are_its_differences(seed):
    rng = np.random.default_rng(seed)
    groups, depth, per_group = map(int, rng.integers(1, 3, 3))
    stride, dilation = (tuple(map(int, rng.integers(1, 5, 2))) for _ in range(2))
    options = {
        "stride": stride,
        "dilation": dilation,
        "groups": groups,
        "padding": tuple(map(int, rng.integers(0, 2, 2))),
    }
    x = rng.integers(-5, 6, (groups * depth, *rng.integers(3, 5, 2))).astype(float)
    w = rng.integers(-5, 6, (groups * depth, per_group, *rng.integers(1, 4, 2))).astype(float)
    above = rng.integers(-5, 6, conv_transpose2d(x, w, **options).shape).astype(float)
    for position, wrt in enumerate(("input", "weight")):
        cell = int(rng.integers((x, w)[position].size))
        (found,) = terms("conv_transpose2d", [x, w], options, wrt, above, np.array([cell])).sums
        assert found == difference(conv_transpose2d, [x, w], options, position, cell, above)


@thorough
@given(pools(integers=True), st.booleans(), st.data())
def test_a_pools_gradients_are_its_differences(case, counted, data):
    x, kernel, stride, padding, dilation, ceil_mode = case
    options = {
        "stride": stride,
        "padding": padding,
        "dilation": dilation,
        "ceil_mode": ceil_mode,
        "kernel_size": kernel,
    }
    above = np.random.default_rng(1).integers(-5, 6, avg_pool2d(x, **options).shape).astype(float)
    cell = data.draw(st.integers(0, x.size - 1))
    average = options | {"count_include_pad": counted}
    (found,) = terms("avg_pool2d", [x], average, "input", above, np.array([cell])).sums
    assert found == pytest.approx(difference(avg_pool2d, [x], average, 0, cell, above), rel=1e-12, abs=1e-12)
    x = np.random.default_rng(2).permutation(x.size).reshape(x.shape) * 2.0  # all different, and no two by 1
    (found,) = terms("max_pool2d", [x], options, "input", above, np.array([cell])).sums
    assert found == difference(max_pool2d, [x], options, 0, cell, above)


@thorough
@given(convolutions(), st.data())
def test_the_terms_of_an_input_come_by_filter_kernel_row_and_column_and_then_by_copy(case, data):
    x, w, _, stride, padding, dilation, groups, mode = case
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups, "padding_mode": mode}
    axes = geometry(x.shape[1:], w.shape[2:], stride=stride, padding=padding, dilation=dilation)
    rows, cols = (padding_sources(axis.input_size, axis.padding, mode).tolist() for axis in axes.values())
    above = np.random.default_rng(3).standard_normal(conv2d(x, w, **options).shape)
    cell = data.draw(st.integers(0, x.size - 1))
    channel, row, col = (int(part) for part in np.unravel_index(cell, x.shape))
    expected, per_group = [], len(w) // groups
    for f, c, i, j in np.ndindex(*w.shape):
        if f // per_group * w.shape[1] + c != channel:
            continue
        for y, z in np.ndindex(len(rows), len(cols)):
            (p, down), (q, across) = divmod(y - i * dilation[0], stride[0]), divmod(z - j * dilation[1], stride[1])
            if (
                (rows[y], cols[z], down, across) == (row, col, 0, 0)
                and 0 <= p < above.shape[1]
                and 0 <= q < above.shape[2]
            ):
                expected.append(((f, c, i, j), (f, p, q)))
    found = terms("conv2d", [x, w], options, "input", above, np.array([cell]))
    kept = found.inside[0]
    cells = [list(map(tuple, found.index[name][0][kept].tolist())) for name in ("weight", "output")]
    assert list(zip(*cells, strict=True)) == expected
    total = 0.0
    for local, incoming in expected:
        total += w[local] * above[incoming]
    assert found.sums[0] == total


def test_the_terms_of_a_weight_come_by_the_gradients_rows_and_then_its_columns():
    x, w = numbers(1, 2, 4, 5), numbers(2, 2, 2, 3, 2)
    above = numbers(3, *conv2d(x, w, stride=(1, 2)).shape)
    found = terms(
        "conv2d", [x, w], {"stride": (1, 2)}, "weight", above, np.array([13])
    )  # filter 1, channel 0, row 0, column 1
    assert found.index["output"][0].tolist() == [[1, row, col] for row in range(2) for col in range(2)]
    assert found.index["padded_input"][0].tolist() == [[0, row, 2 * col + 1] for row in range(2) for col in range(2)]
    assert found.inside.all()
    assert found.local.dtype == np.float64


def test_terms_that_some_cells_do_not_have_are_0_and_masked():
    """A kernel of 2 over 3 cells: the middle one is read twice. Beside a gradient of NaN elsewhere nothing is lost."""
    x, w, above = np.ones((1, 1, 3)), np.array([[[[2.0, 3.0]]]]), np.array([[[np.nan, 1.0]]])
    found = terms("conv2d", [x, w], {}, "input", above)
    assert found.inside.tolist() == [[True, False], [True, True], [True, False]]
    assert found.local.tolist() == [[2, 0], [2, 3], [3, 0]]
    assert found.sums[2] == 3
    assert np.isnan(found.sums[:2]).all()


def test_a_cell_that_nothing_reads_has_a_gradient_of_0():
    x, w = np.ones((1, 1, 3)), np.ones((1, 1, 1, 1))
    found = terms("conv2d", [x, w], {"stride": (1, 2)}, "input", np.ones((1, 1, 2)), np.array([1]))
    assert found.sums.tolist() == [0]


# Where terms come from is kept for the next numbers.


def one_convolution(side=6):
    x, w = numbers(1, 2, side, side), numbers(2, 3, 2, 3, 3)
    relation, _ = of_conv2d(x, w, "input", padding=1)
    return relation, x, w


def test_other_numbers_in_the_same_places_give_their_own_gradient():
    relation, _x, w = one_convolution()
    above, cells = numbers(9, 3, 6, 6), np.arange(10, 40)
    first = gradient(relation, "input", cells, above, {"weight": w})
    other = gradient(relation, "input", cells, -2 * above, {"weight": 3 * w})
    assert other.layout is first.layout
    np.testing.assert_allclose(other.sums, -6 * first.sums, rtol=1e-12)
    assert one_convolution()[0] is relation


def test_cells_that_do_not_follow_each_other_are_laid_out_as_they_stand():
    relation, _, w = one_convolution()
    above, whole = numbers(9, 3, 6, 6), np.arange(72)
    sums = gradient(relation, "input", whole, above, {"weight": w}).sums
    for cells in ([3, 9, 5], [5, 5, 5], [7, 6, 9], [71], []):
        picked = np.array(cells, int)
        np.testing.assert_array_equal(gradient(relation, "input", picked, above, {"weight": w}).sums, sums[picked])


def test_what_is_kept_cannot_be_written_to():
    relation, _, w = one_convolution()
    kept = gradient(relation, "input", np.arange(4), numbers(9, 3, 6, 6), {"weight": w}).layout
    shared = [kept.cell, kept.inside, kept.taps, *kept.index.values(), *kept.offsets.values(), *kept.extent("output")]
    assert not any(array.flags.writeable for array in shared)


@pytest.fixture
def kept(monkeypatch) -> Kept:
    """The layouts that are kept: none yet, and of less than there is room for."""
    monkeypatch.setattr(layout, "MOST", 100_000)
    monkeypatch.setattr(layout, "_KEPT", Kept(layout.ROOM))
    return layout._KEPT


@pytest.mark.parametrize("count", [1_000, 3_000, 8_000])
def test_what_is_kept_takes_no_more_than_its_share(kept, count):
    """Where each cell has a single term, a layout has the most numbers beside it."""
    trace = trace_conv2d_backward(np.ones((1, 32, 256)), np.ones((1, 1, 1, 1)), np.ones, wrt="input")
    tracemalloc.start()
    trace.columns(0, count)
    del trace
    gc.collect()
    assert tracemalloc.get_traced_memory()[0] < 8 * layout.MOST + 50_000
    tracemalloc.stop()
    assert (kept.taken > 0) == (count < 8_000)


def test_only_small_layouts_are_kept_and_none_with_a_table(kept):
    relation, x, w = one_convolution(40)
    above = numbers(9, 3, 40, 40)
    gradient(relation, "input", np.arange(x.size), above, {"weight": w})
    assert kept.taken == 0
    gradient(relation, "input", np.arange(200), above, {"weight": w})
    taken = kept.taken
    assert taken > 0
    reflected, local = of_conv2d(x, w, "input", padding=1, padding_mode="reflect")
    gradient(reflected, "input", np.arange(4), above, local)
    assert kept.taken == taken
