"""Padding, and the one primitive under every windowed operation: a view of all windows."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

import numpy as np
from numpy.lib.stride_tricks import as_strided
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import (
    Border,
    Geometry,
    PaddingMode,
    Pair,
    Sides,
    check_padding_mode,
    kernel_laid,
    resolve_padding,
)
from cnn_engine.parameters import Accepts
from cnn_engine.tensors import Kernels, Maps, Values, axes_of
from cnn_engine.words.message import either

__all__ = ["pad2d"]

Array = NDArray[Any]
Filler = Annotated[float, Accepts("number", needs=("mode", "zeros"))]  # what the cells around an input are
Scalar = TypeVar("Scalar", bound=np.generic)

NOWHERE = -1  # the source of a cell of padding that was filled in
_NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def not_ragged(values: ArrayLike, name: str) -> Array:
    """Return `values` as an array, of whatever kind."""
    try:
        return np.asarray(values)
    except ValueError as error:  # NumPy's word for rows of different lengths
        raise ShapeError("ragged", name, name=name) from error


def as_array(values: ArrayLike, name: str, ranks: tuple[int, ...]) -> Array:
    """Return `values` as an array of integers or floats of one of these ranks, with no empty axis but the batch.

    Booleans are refused: whether they are to count as 0 and 1 is the caller's to say.
    """
    array = not_ragged(values, name)
    if array.dtype.kind not in "fiu":
        raise ParameterError("not_real_numbers", name, name=name, dtype=array.dtype)
    if array.ndim not in ranks:
        raise ShapeError("axes_needed", name, name=name, ndim=array.ndim, allowed=either(ranks))
    if 0 in array.shape[-3:]:
        raise ShapeError("empty", name, name=name, shape=array.shape)
    return array


def array_of(values: ArrayLike, name: str, kind: Any) -> Array:
    """Return `values` as an array of a kind that a signature names (`cnn_engine.tensors`), such as Maps."""
    return as_array(values, name, axes_of(kind))


def maps_of(input: Maps) -> Array:
    """Return maps (C, H, W), of which a plane (H, W) is one."""
    x = array_of(input, "input", Maps)
    return x if x.ndim == 3 else x[None]


def kernels_of(weight: Kernels, name: str = "weight") -> Array:
    """Return kernels (O, C, kH, kW), of which a plane (kH, kW) is the only one."""
    w = array_of(weight, name, Kernels)
    return w if w.ndim == 4 else w[None, None]


def pad2d(input: Values, padding: Border, *, mode: PaddingMode = "zeros", value: Filler = 0.0) -> Array:
    """Return cells around the last two axes: (..., H, W) -> (..., top + H + bottom, left + W + right), the dtype kept.

    Args:
        input: two axes or more.
        padding: an int, (height, width) or ((top, bottom), (left, right)).
        mode: "zeros" fills with `value` (1234 -> 012340), "reflect" mirrors about the edge cell (1234 -> 212343),
            "replicate" repeats the edge (1234 -> 112344), "circular" wraps around (1234 -> 412341).
        value: what "zeros" fills with; the other modes take none.

    Raises:
        ParameterError: padding wider than the mode allows, or a value that the mode or dtype cannot hold.
    """
    array = as_array(input, "input", tuple(range(2, 33)))
    return _pad(array, check_padding(array, padding, mode, value), mode, value)


def check_padding(array: Array, padding: Border, mode: str, value: float) -> Sides:
    """Return the padding of each side, refused where `pad2d` cannot give it to this array."""
    if isinstance(padding, str):
        raise ParameterError("padding_word_needs_kernel", "padding", padding=padding)
    size = (array.shape[-2], array.shape[-1])
    sides = resolve_padding(padding, size, (1, 1), (1, 1))
    check_padding_mode(mode, sides, size, "mode")
    if mode != "zeros" and value != 0:
        raise ParameterError("value_without_zeros", "value", value=value, mode=mode)
    if not _holds(array.dtype, value):
        raise ParameterError("value_cannot_be_held", "value", value=value, dtype=array.dtype)
    return sides


def _holds(dtype: np.dtype[Any], value: float) -> bool:
    """Return whether a value put into an array of this dtype stays what it is, rounding aside."""
    if dtype.kind == "f":
        return not np.isfinite(value) or abs(value) <= float(np.finfo(dtype).max)
    return bool(np.isfinite(value)) and value == int(value) and np.iinfo(dtype).min <= value <= np.iinfo(dtype).max


def padding_sources(size: int, around: Pair, mode: PaddingMode) -> NDArray[np.intp]:
    """Return which row or column of the input each one of the padded input comes from, or NOWHERE."""
    indices = np.arange(size)
    if mode == "zeros":
        return np.pad(indices, around, constant_values=NOWHERE)
    return np.asarray(pad2d(indices[:, None], (around, (0, 0)), mode=mode)[:, 0])


def _pad(array: Array, sides: Sides, mode: str, value: float) -> Array:
    if not any(map(sum, sides)):
        return array
    around = [(0, 0)] * (array.ndim - 2) + list(sides)
    if mode == "zeros":
        return np.pad(array, around, constant_values=np.asarray(value).astype(array.dtype))
    return np.pad(array, around, mode=_NUMPY_MODES[mode])  # type: ignore[call-overload, no-any-return]


def pad_for(array: Array, axes: Geometry, *, mode: str = "zeros", value: float = 0.0, overhang: bool = True) -> Array:
    """Return the padding that a geometry asks for, with what the last `ceil_mode` window overhangs filled too."""
    rows, cols = axes["height"], axes["width"]
    padded = _pad(array, (rows.padding, cols.padding), mode, value)
    if overhang and (rows.overhang or cols.overhang):
        padded = _pad(padded, ((0, rows.overhang), (0, cols.overhang)), "zeros", value)
    return padded


def windows(padded: NDArray[Scalar], axes: Geometry) -> NDArray[Scalar]:
    """Return every window of a padded input as a read-only view, without copying.

    (..., H, W) -> (..., output height, output width, kernel height, kernel width)
    """
    rows, cols = axes["height"], axes["width"]
    down, across = padded.strides[-2:]
    shape = (*padded.shape[:-2], rows.output_size, cols.output_size, rows.kernel_size, cols.kernel_size)
    _, apart = kernel_laid(rows, cols)
    steps = (down * rows.stride, across * cols.stride, down * apart[0], across * apart[1])
    return as_strided(padded, shape, (*padded.strides[:-2], *steps), writeable=False)
