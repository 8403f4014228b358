"""Convolution, the fast plan: with the ReLU and the max pooling after it, for stride 1, no groups and taps that touch.

How the input is stored. Each padded row is stored once for every column of the kernel, and under them one row of ones:

      stored row r                    tap 0, channel 0   | 0 a b c |   what the kernel's left column meets
      (3 taps, 1 channel,             tap 1, channel 0   | a b c d |   the middle one: the input itself
      input row a b c d)              tap 2, channel 0   | b c d 0 |   the right one
                                      ones               | 1 1 1 1 |   what the bias meets

Every column here is N neighbouring numbers, one for each sample. Stored rows follow each other in memory, so that the
rows i, i + 1, i + 2 that output row i needs are one matrix as they lie; the next output row's matrix begins one stored
row later and overlaps it. Nothing is copied for the kernel's rows, and three times the input instead of nine for its
columns:

      stored:    | row 0 | row 1 | row 2 | row 3 | ...       weights: (filters, K), K = kernel rows x lines of a row
      output 0:  '-----------------------'                   output row i = weights @ matrix i, the bias included
      output 1:          '-----------------------'

The columns lie in the order that pooling wants (see columns.py), so that each place of the pooling window is one
block, and ReLU and pooling together are the largest of the blocks and 0. What is remembered of it is one boolean for
each product: whether it won.

Backward, the gradient of what won is the output's gradient times those booleans. The weights' gradient is the same
matrices times it, the bias's among them, thanks to the ones. The input's gradient is a convolution with the kernel
turned by 180 degrees: again its rows overlap for free, one matrix product gives a map for each column of the kernel,
and those are added up, each shifted to its place.

Everything forward, and for a first layer everything backward too, goes in bands of rows, so that what is in work
stays in a core's cache.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn_engine.geometry import AXES
from cnn_engine.nn.layers.base import Array, Pieces, Site, Stage, cut
from cnn_engine.nn.layers.columns import natural
from cnn_engine.nn.layers.fast_groups import FusedLayers
from cnn_engine.nn.layers.taps import Mark, Overlapping, Sum, Taps, add_up, bands

_Forward = tuple[Array, Array, Array, Array, Mark | None]  # what a band takes forward, backward, and to the input
_Back = tuple[Array | None, Array, Array, Array, Array, Array]
_Input = tuple[Array, Array, list[Sum]]


class FastConv2d(Stage):
    """See the drawing at the top of the file."""

    def __init__(self, found: FusedLayers, site: Site) -> None:
        conv = found.conv
        self._found, self._wants_input, self._pools = found, site.wants_input, found.pool != (1, 1)
        self._filters, (self._channels, self._height, width) = conv.out_channels, conv.input_shape
        (self._kernel_rows, self._kernel_cols), (self._above, left) = (
            conv.kernel_size,
            (conv.axes[name].padding[0] for name in AXES),
        )
        order = site.source.columns or natural(width)
        self._taps = Taps(self._channels, self._kernel_cols, left, found.columns, order)
        self.output = site.signal(found.output_shape, found.pooled)
        self._bands = bands(found.output_shape[1], self._filters * found.pool[0] * len(found.columns) * site.batch)
        self._plan_input(site)
        self._plan_weights(site)
        self._plan_forward(site)
        if site.gradients:
            self._plan_backward(site)
        if site.gradients and site.wants_input:
            self._plan_input_gradient(site)

    def _conv_rows(self, band: slice) -> slice:
        high = self._found.pool[0]
        return slice(band.start * high, band.stop * high)

    def _by_position(self, rows: Array) -> Array:
        """Return [row, line, place] as [row and column in the window, pooled row, line, place of the pooled]."""
        count, lines, line = rows.shape
        high, wide = self._found.pool
        split = rows.reshape(count // high, high, lines, wide, line // wide, copy=False)
        return split.transpose(1, 3, 0, 2, 4)

    def _plan_input(self, site: Site) -> None:
        rows = self._found.rows + self._kernel_rows - 1
        shape = (rows, self._kernel_cols * self._channels + 1, len(self._found.columns), site.batch)
        self._stored = Overlapping(site, shape, self._kernel_rows)
        self._stored.rows[:, -1] = 1
        read = min(self._height, rows - self._above)  # pooling may leave the last ones unread
        self._copies = self._taps.copies(self._stored.rows[self._above : self._above + read], site.source.value[:read])

    def _split_weight(self, array: Array) -> Array:
        """Return the weights, or their gradient: [filter, kernel row, kernel column · channel]."""
        return array.reshape(self._filters, self._kernel_rows, self._kernel_cols * self._channels, copy=False)

    def _plan_weights(self, site: Site) -> None:
        """Plan the weights as the matrices want them: (filters, K), the bias at the ones of the kernel's first row."""
        packed = site.empty((self._filters, self._kernel_rows, self._kernel_cols * self._channels + 1))
        self._packed = packed.reshape(self._filters, -1)
        self._packs = [(packed[:, :, :-1], self._split_weight(site.values["weight"]))]
        if self._found.conv.bias:
            self._packs.append((packed[:, 0, -1], site.values["bias"]))

    def _plan_forward(self, site: Site) -> None:
        """Plan for each band the matrices, room for their products, where the largest go, and which of them won."""
        found, (filters, rows, cols) = self._found, self._found.output_shape
        out = self.output.value.reshape(rows, filters, cols * site.batch, copy=False)
        self._forward_steps: list[_Forward] = []
        self._won: list[Array | None] = []
        for band in self._bands:
            here = out[band]
            products = site.work.room((*found.pool, *here.shape)) if self._pools else here[None, None]
            mark = Mark(products.reshape(-1, *here.shape), here) if site.gradients and found.relu else None
            self._won.append(mark.won.reshape(products.shape) if mark is not None else None)
            matrices = self._by_position(self._stored.matrices[self._conv_rows(band)])
            self._forward_steps.append((matrices, products, products.reshape(-1, *here.shape), here, mark))

    def forward(self, random: np.random.Generator | None) -> None:
        """Compute one product a row, the largest of each window and 0, and which one it was."""
        self._load()
        self._compute(self._forward_steps)

    def forward_pieces(self, random: np.random.Generator | None) -> Pieces:
        """Compute some bands at a time."""
        self._load()
        yield
        for part in cut(len(self._forward_steps), self._band_products()):
            self._compute(self._forward_steps[part])
            yield

    def _band_products(self) -> int:
        """Return multiplications in a band of the output."""
        rows = self._stored.matrices[self._conv_rows(self._bands[0])]
        return rows.size * self._filters

    def _load(self) -> None:
        for tap, value in self._copies:
            tap[...] = value
        for packed, parameter in self._packs:
            packed[...] = parameter

    def _compute(self, steps: Sequence[_Forward]) -> None:
        for matrices, products, positions, out, mark in steps:
            np.matmul(self._packed, matrices, out=products)
            if self._pools:
                np.maximum.reduce(positions, axis=0, initial=0, out=out)
            elif self._found.relu:
                np.maximum(out, 0, out=out)
            if mark is not None:
                mark()

    def _plan_backward(self, site: Site) -> None:
        """Plan for each band which products won, the gradients of output and products, the matrices, the weights'."""
        found, (filters, rows, cols) = self._found, self._found.output_shape
        out_grad = self.output.grad.reshape(rows, filters, cols * site.batch, copy=False)
        grads = self._product_grads(site)
        lines = self._stored.rows.shape[1]
        row_grads = site.empty((found.rows, self._kernel_rows * lines, filters))
        self._back_steps: list[_Back] = []
        for band, won in zip(self._bands, self._won, strict=True):
            here = self._conv_rows(band)
            mine = grads[here] if site.wants_input else grads[: here.stop - here.start]
            matrices = self._stored.matrices[here]
            self._back_steps.append(
                (won, out_grad[band], self._by_position(mine), matrices, mine.swapaxes(1, 2), row_grads[here])
            )
        total = site.empty((self._kernel_rows, lines, filters))
        self._sum = np.ones(found.rows, site.dtype), row_grads.reshape(found.rows, -1), total.reshape(-1)
        self._unpacks = [(self._split_weight(site.grads["weight"]), total[:, :-1].transpose(2, 0, 1))]
        if found.conv.bias:
            self._unpacks.append((site.grads["bias"], total[0, -1]))

    def _product_grads(self, site: Site) -> Array:
        """Return the gradient of the convolution's output [row, filter, place]: all of it, or room for one band's."""
        found, columns = self._found, len(self._found.columns)
        if not site.wants_input:
            return site.work.room((self._conv_rows(self._bands[0]).stop, self._filters, columns * site.batch))
        shape = (self._height + self._kernel_rows - 1, self._filters, columns, site.batch)
        self._overlapping = Overlapping(site, shape, self._kernel_rows)
        first = self._kernel_rows - 1 - self._above
        inner = self._overlapping.rows[first : first + found.rows]
        return inner.reshape(found.rows, self._filters, columns * site.batch, copy=False)

    def _plan_input_gradient(self, site: Site) -> None:
        """Plan the kernel turned by 180 degrees and, by bands of the input, matrices, what each tap gives, sums."""
        filters, channels, rows, cols = self._filters, self._channels, self._kernel_rows, self._kernel_cols
        turned = site.empty((cols, channels, rows, filters))
        weight = site.values["weight"].reshape(filters, rows, cols, channels, copy=False)
        self._turns = turned, weight[:, ::-1].transpose(2, 3, 1, 0)
        self._turned = turned.reshape(cols * channels, rows * filters)
        columns, batch = len(self._found.columns), site.batch
        self._input_steps: list[_Input] = []
        for band in bands(self._height, cols * channels * columns * batch):
            height = band.stop - band.start
            taps = site.work.room((height, cols * channels, columns, batch))
            sums = self._taps.sums(site.source.grad[band], taps)
            self._input_steps.append(
                (self._overlapping.matrices[band], taps.reshape(height, cols * channels, -1), sums)
            )

    def backward(self) -> None:
        """Compute the gradient of what won, the weights' by the same matrices, and the input's by the turned kernel."""
        self._weigh(self._back_steps)
        self._sum_rows()
        if self._wants_input:
            self._turn()
            self._spread(self._input_steps)

    def backward_pieces(self) -> Pieces:
        """Compute some bands at a time."""
        for part in cut(len(self._back_steps), self._band_products()):
            self._weigh(self._back_steps[part])
            yield
        self._sum_rows()
        yield
        if self._wants_input:
            self._turn()
            for part in cut(len(self._input_steps), self._turned.shape[0] * self._input_steps[0][0].size):
                self._spread(self._input_steps[part])
                yield

    def _weigh(self, steps: Sequence[_Back]) -> None:
        for won, out_grad, positions, matrices, grads, row_grads in steps:
            if won is None:
                positions[...] = out_grad
            else:
                np.multiply(won, out_grad, out=positions)
            np.matmul(matrices, grads, out=row_grads)

    def _sum_rows(self) -> None:
        ones, row_grads, total = self._sum
        ones.dot(row_grads, total)
        for gradient, part in self._unpacks:
            gradient[...] = part

    def _turn(self) -> None:
        turned, weight = self._turns
        turned[...] = weight

    def _spread(self, steps: Sequence[_Input]) -> None:
        for matrices, taps, sums in steps:
            np.matmul(self._turned, matrices, out=taps)
            add_up(sums)
