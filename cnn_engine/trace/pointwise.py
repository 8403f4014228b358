"""Activations, one value at a time."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.pointwise import Slope, check_slope, floating, leaky_relu, relu, sigmoid, tanh
from cnn_engine.tensors import LineOrMaps
from cnn_engine.trace.base import Array, Columns, Tensors, Trace
from cnn_engine.trace.wording import number
from cnn_engine.windows import as_array

CURVE_POINTS = 121  # an odd number: the middle one is at 0
NAN_STAYS = "NaN, which is not a number, stays NaN"
LEAST_REACH = 4.0  # the curve goes at least from -4 to 4


def trace_relu(input: LineOrMaps) -> Trace:
    """The steps of `relu`: input (C, H, W), (H, W) or (n,).

    Columns: output_cell ((channel, row, col), or the index in a vector), window (the value that is read), output.
    The tensor `curve` (2, 121) holds points of the function, wide enough for every value of the input.
    """
    return _PointwiseTrace("relu", relu, _read(input), _relu_said)


def trace_leaky_relu(input: LineOrMaps, negative_slope: Slope = 0.01) -> Trace:
    """The steps of `leaky_relu`, as `trace_relu`."""
    slope = check_slope(negative_slope)
    said = _leaky_said(slope)
    trace = _PointwiseTrace("leaky_relu", lambda x: leaky_relu(x, slope), floating(_read(input)), said)
    trace.params["negative_slope"] = slope
    return trace


def trace_sigmoid(input: LineOrMaps) -> Trace:
    """The steps of `sigmoid`, as `trace_relu`."""
    return _PointwiseTrace("sigmoid", sigmoid, floating(_read(input)), _squashed(0, 1))


def trace_tanh(input: LineOrMaps) -> Trace:
    """The steps of `tanh`, as `trace_relu`."""
    return _PointwiseTrace("tanh", tanh, floating(_read(input)), _squashed(-1, 1))


def _read(input: ArrayLike) -> Array:
    return as_array(input, "input", (1, 2, 3))


def _relu_said(x: float, y: float) -> str:
    if math.isnan(x):
        return NAN_STAYS
    if x > 0:
        return f"{number(x)} is positive and stays as it is"
    return "0 stays 0" if x == 0 else f"{number(x)} is negative and becomes 0"


def _leaky_said(slope: float) -> Callable[[float, float], str]:
    def said(x: float, y: float) -> str:
        if math.isnan(x):
            return NAN_STAYS
        if x >= 0:
            return f"{number(x)} is not negative and stays as it is"
        return f"{number(x)} is negative and shrinks to {number(slope)} times itself, {number(y)}"

    return said


def _squashed(low: int, high: int) -> Callable[[float, float], str]:
    def said(x: float, y: float) -> str:
        if math.isnan(x):
            return NAN_STAYS
        after = f"so close to {number(y)} that it is rounded to it" if y in (low, high) else number(y)
        return f"{number(x)} is squeezed between {number(low)} and {number(high)}: {after}"

    return said


class _PointwiseTrace(Trace):
    def __init__(
        self, op: str, function: Callable[[Array], Array], x: Array, said: Callable[[float, float], str]
    ) -> None:
        self.op, self.function, self.said = op, function, said
        self.x = x[None] if x.ndim == 2 else x
        self.params: dict[str, Any] = {}
        self.tensors = Tensors({"input": self.x, "output": lambda: self.function(self.x), "curve": self._curve})

    def _curve(self) -> Array:
        finite = self.x[np.isfinite(self.x)]
        reach = max(LEAST_REACH, float(np.abs(finite).max(initial=0.0)))
        points = np.linspace(-reach, reach, CURVE_POINTS)
        return np.stack([points, self.function(points)])

    def _output_shape(self) -> tuple[int, ...]:
        return self.x.shape

    def _columns(self, cells: Array) -> Columns:
        values = self.x.reshape(-1)[cells]
        place = cells if self.x.ndim == 1 else np.stack(np.unravel_index(cells, self.x.shape), axis=1)
        return {"output_cell": place, "window": values, "output": self.function(values)}

    def _describe(self, columns: Columns) -> list[str]:
        steps = zip(
            columns["output_cell"].tolist(), columns["window"].tolist(), columns["output"].tolist(), strict=True
        )
        return [f"{self._where(cell)}: {self.said(x, y)}." for cell, x, y in steps]

    def _where(self, cell: int | list[int]) -> str:
        if isinstance(cell, int):
            return f"Value {cell + 1}"
        channel, row, col = cell
        where = f"Row {row + 1}, column {col + 1}"
        return f"{where} of channel {channel + 1}" if len(self.x) > 1 else where
