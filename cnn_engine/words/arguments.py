"""What sentences are about, beside numbers: a window, a sum of products. Indices are counted from 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn_engine.geometry import AxisGeometry
from cnn_engine.sums import add_in_order
from cnn_engine.wording import numbers

Array = NDArray[Any]

KEPT = 4096  # windows, which every channel and filter has again


class Called(NamedTuple):
    """What a layer of a network calls the channels and places of an operation: maps, numbers and classes.

    Attributes:
        reads_maps: whether the layer reads maps of the one before, and not the channels of what the network receives.
        classes: the names of what it gives, of the last layer; nothing before it.
    """

    reads_maps: bool
    classes: Sequence[str] = ()


class Side(NamedTuple):
    """Which rows or columns of the input a window reads: evenly spread where `spread` is true."""

    indices: tuple[int, ...]
    spread: bool


class Window(NamedTuple):
    """What a window covers of the input, how many cells it has, and whether some lie beyond even the padding."""

    rows: Side
    cols: Side
    cells: int
    overhangs: bool

    @property
    def outside(self) -> int:
        """How many of its cells are none of the input's."""
        return self.cells - len(self.rows.indices) * len(self.cols.indices)


class Stretch(NamedTuple):
    """How many rows or columns of the input a value depends on, and the first and the last of them."""

    size: int
    first: int
    last: int


def covered(rows: AxisGeometry, cols: AxisGeometry, cells: Iterable[Sequence[int]]) -> list[Window]:
    """Return the windows of output cells (channel, row, column)."""
    window = _windows(rows, cols)
    return [window(row, col) for _, row, col in cells]


Lines = Callable[[int], tuple[Side, bool]]


@lru_cache(8)  # pages of steps are asked for one after the other, and settings changed back and forth
def _windows(rows: AxisGeometry, cols: AxisGeometry) -> Callable[[int, int], Window]:
    """Return what finds the window of an output's row and column, worked out a side at a time."""
    sides = cache(partial(_side, rows)), cache(partial(_side, cols))
    return lru_cache(KEPT)(partial(_window, *sides, rows.kernel_size * cols.kernel_size))


def _window(rows: Lines, cols: Lines, cells: int, row: int, col: int) -> Window:
    (down, above), (across, beyond) = rows(row), cols(col)
    return Window(down, across, cells, above or beyond)


def _side(axis: AxisGeometry, index: int) -> tuple[Side, bool]:
    """Return what a window reads along one axis, and whether it reaches beyond the padding, as with `ceil_mode`."""
    cells = tuple(cell for cell in axis.read_by(index) if 0 <= cell < axis.input_size)
    side = Side(cells, not axis.taps_touch)
    return side, index * axis.stride + axis.effective_kernel_size > axis.padded_size


class Gradient(NamedTuple):
    """One cell of a gradient.

    Attributes:
        cell, shape: where it is, in a tensor of this shape.
        terms: how many products it adds up.
        passed: for how many of them the gate is open.
        local, above: what the first of them multiplies.
        output: what they come to.
        corner: of how many windows or values it lies just at the corner.
        zeros: why products are 0, and how many are so for each reason.
    """

    cell: Sequence[int]
    shape: Sequence[int]
    terms: int
    passed: int
    local: float
    above: float
    output: float
    corner: int
    zeros: Mapping[str, int]


class Sum(NamedTuple):
    """Products and their sum, `value`; as `number` says them that, `total`, and what those of each sign bring.

    `terms` are the products, where they are few enough to be listed.
    """

    size: int
    value: float
    total: str
    positive: str
    negative: str
    terms: Sequence[float] | None


class Sums:
    """The sum of each row of `products` (steps, count); up to `listed` products are kept one by one.

    Each is made when it is said: thousands that are kept would be looked through for garbage.
    """

    def __init__(self, products: Array, totals: Array, listed: int) -> None:
        self.products, self.totals, self.listed = products, totals, listed

    def __iter__(self) -> Iterator[Sum]:
        count = self.products.shape[1]
        terms = self.products.tolist() if 1 < count <= self.listed else repeat(None)
        signed = [add_in_order(most(self.products, 0)) for most in (np.maximum, np.minimum)]
        texts = iter(numbers(np.stack([self.totals, *signed], axis=1).ravel()))  # of each step three
        return map(Sum._make, zip(repeat(count), self.totals.tolist(), texts, texts, texts, terms))
