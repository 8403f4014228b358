"""One thing changed, and what becomes of the output: a kernel turned by 180°, an input moved by some cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ShapeError
from cnn_engine.geometry import Pair, whole_in
from cnn_engine.trace.wording import plural
from cnn_engine.windows import as_array, pad2d

Array = NDArray[Any]

MAX_SHIFT = 1_000_000
_ANY_MAP = tuple(range(2, 33))


def flip_kernel(weight: ArrayLike) -> Array:
    """Every kernel of (..., kH, kW) turned by 180°: its last row comes first, its last column too.

    Sliding the turned kernel is convolution as mathematics defines it; sliding it as it is is cross-correlation,
    which every framework calls convolution (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section 9.1).

    Raises:
        ShapeError: a weight of fewer than two axes.
    """
    return as_array(weight, "weight", _ANY_MAP)[..., ::-1, ::-1].copy()


def shift2d(input: ArrayLike, shift: Pair) -> Array:
    """Maps (..., H, W) moved by (rows, columns), down and to the right where positive.

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

    def describe(self) -> str:
        """'2 of 9 outputs change and 7 stay as they were'."""
        changed, stay = self.changed, self.total - self.changed
        if not changed:
            return "not one output changes" if self.total > 1 else "the one output does not change"
        if not stay:
            return f"all {self.total} outputs change" if self.total > 1 else "the one output changes"
        verbs = "changes" if changed == 1 else "change", "stays as it was" if stay == 1 else "stay as they were"
        return f"{changed} of {self.total} outputs {verbs[0]} and {stay} {verbs[1]}"


def compare(before: Array, after: Array) -> Comparison:
    """What changed between two outputs of the same shape; where neither has a value (-inf) nothing did.

    Raises:
        ShapeError: outputs of different shapes.
    """
    if before.shape != after.shape:
        raise ShapeError(f"outputs of shapes {before.shape} and {after.shape} cannot be compared")
    same = before == after
    return Comparison(np.subtract(after, before, where=~same, out=np.zeros(same.shape), dtype=np.float64))


@dataclass(frozen=True)
class Variation:
    """A change of one argument of an operation, and how what it does is said."""

    argument: str
    change: Callable[[Array], Array]
    describe: Callable[[Array, Comparison], str]

    def applied(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments with this one changed."""
        return {**arguments, self.argument: self.change(arguments[self.argument])}


def flipped() -> Variation:
    """Kernels turned by 180°: convolution instead of cross-correlation."""

    def describe(weight: Array, comparison: Comparison) -> str:
        turned = flip_kernel(weight)
        if np.array_equal(turned, weight):
            return "Turned by 180° this kernel is the same, so nothing changes."
        told = comparison.describe()
        if np.array_equal(turned, np.negative(weight, dtype=np.float64)):  # an unsigned -1 would be 255
            return f"Turned by 180° this kernel is its own negative, so every sum of products changes its sign: {told}."
        return f"Turned by 180° this kernel is another one: {told}."

    return Variation("weight", flip_kernel, describe)


def shifted(shift: Pair) -> Variation:
    """An input moved by (rows, columns)."""

    def describe(_: Array, comparison: Comparison) -> str:
        return f"The input is moved {_way(shift)}: {comparison.describe()}."

    return Variation("input", lambda array: shift2d(array, shift), describe)


def _way(shift: Pair) -> str:
    """'by 1 row down and 2 columns to the left'."""
    rows, cols = shift
    parts = [
        *([f"{plural(abs(rows), 'row')} {'down' if rows > 0 else 'up'}"] if rows else []),
        *([f"{plural(abs(cols), 'column')} to the {'right' if cols > 0 else 'left'}"] if cols else []),
    ]
    return f"by {' and '.join(parts)}" if parts else "by nothing"
