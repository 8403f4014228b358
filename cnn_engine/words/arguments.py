"""What sentences are about, beside numbers: a window, a sum of products. Indices are counted from 0."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache, partial
from itertools import repeat
from typing import Any, NamedTuple

from numpy.typing import NDArray

from cnn_engine.geometry import AxisGeometry

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


class Windows:
    """The window of each output cell, worked out a side at a time."""

    def __init__(self, rows: AxisGeometry, cols: AxisGeometry) -> None:
        sides = cache(partial(_side, rows)), cache(partial(_side, cols))
        self._kept = lru_cache(KEPT)(partial(_window, *sides, rows.kernel_size * cols.kernel_size))

    def of(self, cells: Iterable[Sequence[int]]) -> list[Window]:
        """Return the windows of output cells (channel, row, column)."""
        return [self._kept(row, col) for _, row, col in cells]


Lines = Callable[[int], tuple[Side, bool]]


def _window(rows: Lines, cols: Lines, cells: int, row: int, col: int) -> Window:
    (down, above), (across, beyond) = rows(row), cols(col)
    return Window(down, across, cells, above or beyond)


def _side(axis: AxisGeometry, index: int) -> tuple[Side, bool]:
    """What a window reads along one axis, and whether it reaches beyond the padding, as the last with `ceil_mode`."""
    cells = tuple(cell for cell in axis.read_by(index) if 0 <= cell < axis.input_size)
    side = Side(cells, not axis.taps_touch)
    return side, index * axis.stride + axis.effective_kernel_size > axis.padded_size


class Sum(NamedTuple):
    """Products and their sum: what the positive and the negative ones bring, None where there are none.

    `terms` are the products, where they are few enough to be listed.
    """

    size: int
    total: float
    positive: float | None
    negative: float | None
    terms: Sequence[float] | None


def sums(products: Array, totals: Array, positive: Array, negative: Array, listed: int) -> Iterator[Sum]:
    """Return the sum of each row of `products` (steps, count); up to `listed` products are kept one by one."""
    count = products.shape[1]
    terms = products.tolist() if 1 < count <= listed else repeat(None)
    signed = ([value or None for value in values.tolist()] for values in (positive, negative))
    return map(Sum._make, zip(repeat(count), totals.tolist(), *signed, terms))
