"""A signal stored for the fast convolution: once for every column of the kernel, rows that overlap for free.

`Mark` says for the way back which product of each pooling window won.

The drawing at the top of fast_conv.py shows it.
"""

from __future__ import annotations

import numpy as np

from cnn_engine.nn.layers.base import Array, Site, zeros
from cnn_engine.nn.layers.columns import Order, natural, runs

BAND = 1 << 17  # numbers in work at once: half of a small second-level cache in float32
CONFLICT = 1024  # numbers: lines that lie a multiple of this apart compete for the same places of a cache
APART = 16
Sum = tuple[Array, Array, Array | None]  # the total, and the one or two arrays that it is made of


def bands(rows: int, numbers: int) -> list[slice]:
    """Return bands of nearly the same height, the first the tallest, for rows of so many numbers each."""
    height = -(-rows // -(-rows * numbers // BAND))
    return [slice(start, min(rows, start + height)) for start in range(0, rows, height)]


class Overlapping:
    """Rows in memory one after the other, and as one matrix for every `height` of them.

    `rows` is [row, line, column, sample]; `matrices[i]` holds the lines of rows i to i + height - 1.
    """

    def __init__(self, site: Site, shape: tuple[int, int, int, int], height: int) -> None:
        count, lines, columns, batch = shape
        line = columns * batch
        stride = line + APART if line % CONFLICT == 0 else line
        inside = site.empty((count, lines, stride))[:, :, :line]
        self.rows = inside.reshape(shape, copy=False)
        self.matrices = np.lib.stride_tricks.as_strided(
            inside, (count - height + 1, height * lines, line), inside.strides
        )


class Taps:
    """What the columns of a kernel read: the columns of the source, for every tap shifted by one more.

    `columns` are the columns of the output in the order in which they are stored; tap 0 reads `left` columns before.
    """

    def __init__(self, channels: int, taps: int, left: int, columns: Order, source: Order) -> None:
        self._lines = [slice(start, start + channels) for start in range(0, taps * channels, channels)]
        self._left, self._columns, self._source = left, columns, source

    def copies(self, stored: Array, source: Array) -> list[tuple[Array, Array]]:
        """Return (to, from) that bring rows of the source to every tap."""
        return [
            (stored[:, lines, to], source[:, :, of])
            for tap, lines in enumerate(self._lines)
            for to, of in runs(self._columns, self._source, tap - self._left)
        ]

    def sums(self, grad: Array, stored: Array) -> list[Sum]:
        """Return the sums of the source's gradient from that of every tap, in rows: the first set, the others add."""
        taps = [stored[: len(grad), lines] for lines in self._lines]
        moved = [runs(self._source, self._columns, self._left - tap) for tap in range(len(taps))]
        if self._source != self._columns or len(taps) == 1:
            found: list[Sum] = [(grad, np.broadcast_to(grad.dtype.type(0), grad.shape), None)]
        else:
            moved.pop(self._left)
            still, beside, copies = taps.pop(self._left), taps.pop(0), moved.pop(0)
            alone = set(natural(len(self._source))) - {at for to, _ in copies for at in range(to.start, to.stop)}
            found = [(grad[:, :, to], still[:, :, to], beside[:, :, of]) for to, of in copies]
            found += [(grad[:, :, at : at + 1], still[:, :, at : at + 1], None) for at in sorted(alone)]
        for tap, copies in zip(taps, moved, strict=True):
            found += [(grad[:, :, to], grad[:, :, to], tap[:, :, of]) for to, of in copies]
        return found


def add_up(sums: list[Sum]) -> None:
    """Do them, in order."""
    for total, one, other in sums:
        if other is None:
            total[...] = one
        else:
            np.add(one, other, out=total)


class Mark:
    """Which product of each window won: the first of the largest, if it is more than 0. `won` is as `products`."""

    def __init__(self, products: Array, out: Array) -> None:
        self._products, self._out, self._zero = products, out, np.zeros((), out.dtype)
        self._marks = zeros((len(products) + 1, *out.shape), bool)
        self.won, self._nobody = self._marks[:-1], self._marks[-1]

    def __call__(self) -> None:
        """Mark them. Ties and exact zeros are rare, and counting finds out whether there are any."""
        nobody, won = self._nobody, self.won
        np.less_equal(self._out, self._zero, out=nobody)
        np.equal(self._products, self._out, out=won)
        if np.count_nonzero(self._marks) == nobody.size:
            return
        for position in won:
            np.greater(position, nobody, out=position)
            np.logical_or(nobody, position, out=nobody)
