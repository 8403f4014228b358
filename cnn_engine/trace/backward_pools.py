"""The way back through pools: which windows hold a cell, who won them, and which share each passes on.

Inputs and gradients are as those of `backward_windows`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Unpack

import numpy as np

from cnn_engine.geometry import Averaging, Geometry, PoolOptions, Size, kernel_laid
from cnn_engine.ops import avg_pool2d, max_pool2d
from cnn_engine.parameters import options_of
from cnn_engine.relations import operations
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.gradients import GradientTerms
from cnn_engine.tensors import GradientOfMaps, Maps
from cnn_engine.trace.backward import CHUNK, TERM, BackwardTrace, Way, columns_of
from cnn_engine.trace.base import Array, Columns, Trace
from cnn_engine.trace.columns import CELL, POSITION, Column
from cnn_engine.trace.global_pool2d import trace_global_avg_pool2d, trace_global_max_pool2d
from cnn_engine.trace.pool2d import AvgPool2dTrace, PoolTrace, trace_avg_pool2d, trace_max_pool2d

__all__ = [
    "trace_avg_pool2d_backward",
    "trace_global_avg_pool2d_backward",
    "trace_global_max_pool2d_backward",
    "trace_max_pool2d_backward",
]

WON = "whether the cell is the one that its window selected"
WINDOWS = (
    Column("windows", "whole", TERM + POSITION, "the top left in padded_input of the window of each term; 0 for none"),
    Column("windows_from", "whole", CELL, "the first cell of padded_input that is in one of these windows"),
    Column("windows_size", "whole", ("rows, columns",), "how many of its rows and columns are; 1 by 1 for no window"),
    Column("cell_tap", "whole", POSITION, "which of these cells is the input's own"),
)
MAX_POOL_COLUMNS = (
    *columns_of(CELL, CELL, gate=WON),
    *WINDOWS,
    Column("winners", "whole", TERM + POSITION, "the cell of padded_input that each window selected; 0 for no window"),
)
AVG_POOL_COLUMNS = (*columns_of(CELL, CELL, ("share", ("row, column",))), *WINDOWS)


@options_of(max_pool2d)
def trace_max_pool2d_backward(
    input: Maps, kernel_size: Size, grad_output: GradientOfMaps, **options: Unpack[PoolOptions]
) -> Annotated[Trace, MAX_POOL_COLUMNS]:
    """Return the steps of the gradient of `max_pool2d` by its input, one for each cell of it.

    There is a term for each window that holds the cell; its `gate` is open, and `local` 1, where the cell is the one
    that the window selected: the first of the largest.
    """
    return _max_pool(trace_max_pool2d(input, kernel_size, **options), grad_output)


def trace_global_max_pool2d_backward(input: Maps, grad_output: GradientOfMaps) -> Annotated[Trace, MAX_POOL_COLUMNS]:
    """Return the steps of the gradient of `global_max_pool2d`, as `trace_max_pool2d_backward`, given (C, 1, 1)."""
    return _max_pool(trace_global_max_pool2d(input), grad_output)


def _max_pool(forward: PoolTrace, grad_output: GradientOfMaps) -> Trace:
    def windows_of(cells: Array) -> tuple[Array, Array]:
        """Return the numbers of the windows that these cells of the output have, each once, and which each cell has."""
        numbers = np.ravel_multi_index(tuple(np.moveaxis(cells, -1, 0)), forward.output_shape)
        windows, which = np.unique(numbers, return_inverse=True)
        return windows, which.reshape(numbers.shape)

    def settled(terms: GradientTerms) -> GradientTerms:
        windows, which = windows_of(terms.index["output"])
        selected = _of_windows(forward, windows, "selected")[which]
        return replace(terms.gated((selected == terms.taps).all(axis=-1)), selected=selected)

    def tied(columns: Columns) -> Array:
        """Count the windows of each cell that another one won with an equal value."""
        values = forward.x[tuple(columns["output_cell"].T)]
        windows, which = windows_of(columns["term_cells"])
        largest = _of_windows(forward, windows, "output")[which]
        lost = columns["inside"] & ~columns["gate"]
        return np.asarray(np.sum(lost & (largest == values[:, None]), axis=1))

    way = Way(_pooled(forward), "input", "backward.max_pool2d", settled=settled, gated=True, corner=tied)
    return PoolBackwardTrace(forward, grad_output, way)


class PoolBackwardTrace(BackwardTrace):
    """The steps of the gradient of a pool, which also say which windows each cell is in, and who won them."""

    has_windows = True

    def _more_columns(self, terms: GradientTerms) -> Columns:
        """Return which windows hold each cell. All their cells are one block: they lie in equal steps from the cell."""
        rows, cols = (self.geometry or {}).values()
        size, apart = np.array(kernel_laid(rows, cols))
        stride, before = np.array([[axis.stride, axis.padding[0]] for axis in (rows, cols)]).T
        there, inside = np.asarray(terms.inside.any(axis=1))[:, None], terms.inside[..., None]
        own = terms.layout.cell[:, 1:] + before
        windows = np.where(inside, terms.index["output"][..., 1:] * stride, 0)
        first = np.minimum(np.where(inside, windows, own[:, None]).min(axis=1, initial=own.max(initial=0)), own)
        last = np.where(there, windows.max(axis=1, initial=0), own)
        columns = {
            "windows": windows,
            "windows_from": np.concatenate([terms.layout.cell[:, :1], first], axis=1),
            "windows_size": np.where(there, (last - first) // apart + size, 1),
            "cell_tap": (own - first) // apart,
        }
        if terms.selected is not None:
            columns["winners"] = np.where(inside, windows + terms.selected * apart, 0)
        return columns


def _of_windows(forward: PoolTrace, windows: Array, column: str) -> Array:
    """Return what a column of the pool has for each of these windows."""
    together = max(1, CHUNK // (forward.rows.kernel_size * forward.cols.kernel_size))
    parts = [windows[first : first + together] for first in range(0, len(windows), together)]
    none = forward._columns(np.zeros(1, np.intp))[column][:0]
    return np.concatenate([none, *(forward._columns(part)[column] for part in parts)])


@options_of(avg_pool2d)
def trace_avg_pool2d_backward(
    input: Maps, kernel_size: Size, grad_output: GradientOfMaps, **options: Unpack[Averaging]
) -> Annotated[Trace, AVG_POOL_COLUMNS]:
    """Return the steps of the gradient of `avg_pool2d` by its input, one for each cell of it.

    There is a term for each window that holds the cell; `local` is 1 divided by what the window's sum is divided by, of
    which the tensor `share` (H', W') has all.
    """
    return _avg_pool(trace_avg_pool2d(input, kernel_size, **options), grad_output)


def trace_global_avg_pool2d_backward(input: Maps, grad_output: GradientOfMaps) -> Annotated[Trace, AVG_POOL_COLUMNS]:
    """Return the steps of the gradient of `global_avg_pool2d`, as `trace_avg_pool2d_backward`, given (C, 1, 1)."""
    return _avg_pool(trace_global_avg_pool2d(input), grad_output)


def _avg_pool(forward: AvgPool2dTrace, grad_output: GradientOfMaps) -> Trace:
    shares: Mapping[str, Any] = {"share": lambda: 1 / np.multiply.outer(*forward.divisors)}
    way = Way(_pooled(forward), "input", "backward.avg_pool2d", {"share": "share"}, tensors=shares)
    return PoolBackwardTrace(forward, grad_output, way)


def _pooled(forward: PoolTrace) -> operations.Relation:
    axes: Geometry = forward.geometry or {}
    return operations.windowed_input(axes, Blocks.same(len(forward.x)))
