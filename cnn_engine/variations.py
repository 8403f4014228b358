"""One thing changed, and what becomes of the output: a kernel turned by 180°, an input moved by some cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ShapeError
from cnn_engine.geometry import Pair, whole_in
from cnn_engine.windows import as_array, pad2d
from cnn_engine.words import Message

Array = NDArray[Any]

MAX_SHIFT = 1_000_000
_ANY_MAP = tuple(range(2, 33))


def flip_kernel(weight: ArrayLike) -> Array:
    """Return every kernel of (..., kH, kW) turned by 180°: its last row comes first, its last column too.

    Sliding the turned kernel is convolution as mathematics defines it; sliding it as it is is cross-correlation,
    which every framework calls convolution (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 9.1).

    Raises:
        ShapeError: a weight of fewer than two axes.
    """
    return as_array(weight, "weight", _ANY_MAP)[..., ::-1, ::-1].copy()


def shift2d(input: ArrayLike, shift: Pair) -> Array:
    """Return maps (..., H, W) moved by (rows, columns), down and to the right where positive.

    What leaves on one side is gone; zeros come in on the other.

    Raises:
        ShapeError: an input of fewer than two axes.
        ParameterError: a shift that is not two whole numbers.
    """
    array = as_array(input, "input", _ANY_MAP)
    rows, cols = (whole_in(cells, "shift", -MAX_SHIFT, MAX_SHIFT) for cells in shift)
    height, width = array.shape[-2:]
    down, across = (max(-size, min(size, cells)) for cells, size in ((rows, height), (cols, width)))
    padded = pad2d(array, ((max(down, 0), max(-down, 0)), (max(across, 0), max(-across, 0))))
    top, left = max(-down, 0), max(-across, 0)
    return padded[..., top : top + height, left : left + width].copy()


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two outputs of one shape: `difference` is after minus before, 0 where both are the same."""

    difference: Array

    @property
    def total(self) -> int:
        """How many outputs there are."""
        return int(self.difference.size)

    @property
    def changed(self) -> int:
        """How many of them are not what they were."""
        return int(np.count_nonzero(self.difference))

    def counts(self) -> dict[str, int]:
        """Return both counts by their names."""
        return {"changed": self.changed, "total": self.total}


def compare(before: Array, after: Array) -> Comparison:
    """Return what changed between two outputs of the same shape; where neither has a value (-inf) nothing did.

    Raises:
        ShapeError: outputs of different shapes.
    """
    if before.shape != after.shape:
        raise ShapeError("outputs_of_two_shapes", before=before.shape, after=after.shape)
    same = before == after
    return Comparison(np.subtract(after, before, where=~same, out=np.zeros(same.shape), dtype=np.float64))


@dataclass(frozen=True)
class Variation:
    """A change of one argument of an operation, and the message about what it does."""

    argument: str
    change: Callable[[Array], Array]
    message: Callable[[Array, Comparison], Message]

    def applied(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments with this one changed."""
        return {**arguments, self.argument: self.change(arguments[self.argument])}


def flipped() -> Variation:
    """Return kernels turned by 180°: convolution instead of cross-correlation."""

    def message(weight: Array, comparison: Comparison) -> Message:
        turned = flip_kernel(weight)
        is_negative = np.array_equal(turned, np.negative(weight, dtype=np.float64))  # an unsigned -1 would be 255
        is_same = np.array_equal(turned, weight)
        what = "the same" if is_same else "its negative" if is_negative else "another"
        return Message("comparisons.flipped", {"turned": what, **comparison.counts()})

    return Variation("weight", flip_kernel, message)


def shifted(shift: Pair) -> Variation:
    """Return an input moved by (rows, columns)."""

    def message(_: Array, comparison: Comparison) -> Message:
        return Message("comparisons.shifted", {"shift": shift, **comparison.counts()})

    return Variation("input", lambda array: shift2d(array, shift), message)
