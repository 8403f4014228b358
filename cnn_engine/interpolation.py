"""Upsampling without weights that are learned: each output is the nearest input, or lies between the nearest ones.

Numbers and sizes are those of torch.nn.functional.interpolate with a scale_factor (recompute_scale_factor left out):
output size floor(input size * scale_factor), and output i of an axis lies at this position of its input:

    nearest                  floor(i / scale_factor), with PyTorch's rounding to float32
    bilinear                 (i + 1/2) / scale_factor - 1/2, but not outside the input
    bilinear, align_corners  i * (input size - 1) / (output size - 1)

Where the output is as large as the input it is the input.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import AXES, Cells, check_word, flag
from cnn_engine.parameters import Accepts, check_needs
from cnn_engine.relations.axes import Indices
from cnn_engine.relations.table import Table
from cnn_engine.tensors import Batch
from cnn_engine.windows import as_array
from cnn_engine.words.message import part

__all__ = ["interpolate2d"]

Array = NDArray[Any]
Mode = Literal["nearest", "bilinear"]
Scale = Annotated[float | Sequence[float], Accepts("scale", above=0, opens=2, suggested=(1.5, 2, 3, 4))]
Values = Annotated[Mode, Accepts("word", words=get_args(Mode), title="Values", linked="between")]
Corners = Annotated[bool, Accepts("flag", needs=("mode", "bilinear"))]


@dataclass(frozen=True)
class InterpolatedAxis:
    """Which cells of the input each output of one axis reads, and by how much each of them counts."""

    input_size: int
    scale_factor: float
    mode: Mode
    align_corners: bool

    @property
    def output_size(self) -> int:
        """How many outputs there are."""
        return math.floor(self.input_size * self.scale_factor)

    @property
    def kernel_size(self) -> int:
        """How many cells an output may read: two neighbours, or one."""
        return 2 if self.mode == "bilinear" and self.input_size > 1 else 1

    def positions(self, index: Indices) -> NDArray[np.float64]:
        """Return from where in the input these outputs take their values, from 0 to the last cell."""
        return np.clip(self._unclipped(index), 0, self.input_size - 1)

    def beyond(self, index: Indices) -> NDArray[np.bool_]:
        """Return which of these outputs lie beyond the outermost cells, and take their values from there."""
        at = self._unclipped(index)
        return (self.mode == "bilinear" and not self.align_corners) & ((at < 0) | (at > self.input_size - 1))

    def _unclipped(self, index: Indices) -> NDArray[np.float64]:
        """Return where these outputs lie, beyond the outermost cells as well."""
        size, count = self.input_size, self.output_size
        if size == count:
            return index.astype(np.float64)
        if self.mode == "nearest" and count == 2 * size:
            return (index // 2).astype(np.float64)
        if self.mode == "nearest":
            at: NDArray[np.float32] = np.floor(index.astype(np.float32) * np.float32(1 / self.scale_factor))
            return at.astype(np.float64)
        if self.align_corners:
            return index.astype(np.float64) * ((size - 1) / max(count - 1, 1))
        return (index.astype(np.float64) + 0.5) / self.scale_factor - 0.5

    def taps(self, index: Indices) -> tuple[Indices, NDArray[np.float64]]:
        """Return the first cell that these outputs read, and the weights (outputs, kernel) of it and the next one."""
        at = self.positions(index)
        first = np.minimum(np.floor(at), self.input_size - self.kernel_size).astype(np.intp)
        return first, np.stack([1 - (at - first), at - first], axis=1)[:, : self.kernel_size]

    def table(self) -> Table:
        """Return the axis as a relation knows it; a cell that counts for nothing is not read."""
        first, weights = self.taps(np.arange(self.output_size))
        sources = np.where(weights > 0, first[:, None] + np.arange(self.kernel_size), -1)
        return Table(sources, self.input_size, weights)


def _factor(value: object) -> float:
    number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not number or not 0 < float(value) < math.inf:  # type: ignore[arg-type]
        raise ParameterError("scale_factor_not_above_0", "scale_factor", value=value)
    return float(value)  # type: ignore[arg-type]


def _factors(value: object) -> list[float]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return [_factor(value)] * 2
    if len(value) != 2:
        raise ParameterError("not_a_pair", "scale_factor", name="scale_factor", value=list(value))
    return [_factor(part) for part in value]


def interpolated_axes(
    input_size: Cells, scale_factor: Scale, mode: Values = "nearest", align_corners: Corners = False
) -> dict[str, InterpolatedAxis]:
    """Return {"height", "width"} of an interpolation, or the error that says why there is none."""
    check_word(mode, "mode", get_args(Mode))
    check_needs(interpolated_axes, {"mode": mode, "align_corners": flag(align_corners, "align_corners")})
    axes = {}
    for axis, size, factor in zip(AXES, input_size, _factors(scale_factor), strict=True):
        axes[axis] = InterpolatedAxis(size, factor, mode, bool(align_corners))
        if axes[axis].output_size < 1:
            raise ShapeError("scale_factor_leaves_nothing", "scale_factor", factor=factor, axis=part(axis), size=size)
    return axes


def interpolate2d(
    input: Batch, scale_factor: Scale, *, mode: Values = "nearest", align_corners: Corners = False
) -> Array:
    """Return more rows and columns, or fewer: (N, C, H, W) -> (N, C, floor(H * scale), floor(W * scale)).

    Args:
        input: the batch axis may be left out. "nearest" keeps the dtype; "bilinear" that of floats, and weighs
            integers in float64.
        scale_factor: a number above 0, or a pair (height, width); fractions such as 1.5 as well.
        mode: "nearest" repeats cells (12 -> 1122), "bilinear" weighs the two nearest rows and columns.
        align_corners: for "bilinear", whether the corners of the output lie on those of the input, and not the
            outer edges of their cells.

    Raises:
        ParameterError: a factor that is no number above 0, an unknown mode, or align_corners with "nearest".
        ShapeError: a factor so small that nothing is left.
    """
    x = as_array(input, "input", (3, 4))
    axes = interpolated_axes((x.shape[-2], x.shape[-1]), scale_factor, mode, align_corners)
    values = x.astype(interpolated_in(x, mode), copy=False)
    return _along(_along(values, axes["width"], -1), axes["height"], -2)


def interpolated_in(x: Array, mode: Mode) -> np.dtype[Any]:
    """Return the dtype of the output."""
    return np.dtype(np.float64) if mode == "bilinear" and x.dtype.kind != "f" else x.dtype


def _along(values: Array, axis: InterpolatedAxis, dimension: int) -> Array:
    """Interpolate along one axis of an array."""
    first, weights = axis.taps(np.arange(axis.output_size))
    if axis.mode == "nearest":
        return values.take(first, axis=dimension)
    shape = (-1, *(1 for _ in range(-1 - dimension)))  # the weights lie along this axis of the values
    parts = []
    for tap, weight in enumerate(weights.T.astype(values.dtype)):
        read = values.take(first + tap, axis=dimension)
        parts.append(np.where((weight > 0).reshape(shape), read, 0) * weight.reshape(shape))
    return np.asarray(sum(parts))
