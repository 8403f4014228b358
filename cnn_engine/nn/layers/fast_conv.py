"""Convolution, the fast plan: with the ReLU and the max pooling after it, for stride 1 without dilation or groups.

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
from dataclasses import dataclass

import numpy as np

from cnn_engine.geometry import AxisGeometry, Pair
from cnn_engine.nn.layers.activations import ReLU
from cnn_engine.nn.layers.base import Array, Layer, Shape, Site, Stage
from cnn_engine.nn.layers.columns import Order, before_pooling, natural, runs
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.pools import MaxPool2d

BAND = 1 << 17  # numbers in work at once: half of a small second-level cache in float32
CONFLICT = 1024  # numbers: rows that lie a multiple of this apart compete for the same lines of a cache
APART = 16
Sum = tuple[Array, Array, Array | None]  # the total, and the one or two that it is made of


@dataclass(frozen=True)
class Group:
    """A convolution with what follows it of ReLU and pooling: the layers that one stage covers.

    `columns` are those of the convolution's output that pooling reads, in the order in which they are stored; `pooled`
    is the order of the columns after it.
    """

    conv: Conv2d
    relu: bool
    pool: Pair  # rows and columns of a window; (1, 1) for none
    layers: int
    columns: Order
    pooled: Order
    output_shape: Shape

    @property
    def rows(self) -> int:
        """Rows of the convolution's output that are computed: those that pooling reads."""
        return self.output_shape[1] * self.pool[0]

    @property
    def source_columns(self) -> Order:
        """The order in which the input's columns are best stored: that of the output, where they are as many."""
        every = natural(self.conv.input_shape[2])
        return self.columns if sorted(self.columns) == list(every) else every

    @property
    def product(self) -> int:
        """Multiplications of the matrix product of a row, for one sample and one column of the pooling window."""
        depth, (height, width) = self.conv.input_shape[0], self.conv.kernel_size
        return self.conv.out_channels * height * (width * depth + 1) * self.output_shape[2]

    def stage(self, site: Site) -> Stage:
        """The fast plan."""
        return FastConv2d(self, site)


def group(layers: Sequence[Layer], at: int) -> Group | None:
    """The group that begins here, or nothing where the fast plan does not fit."""
    conv = layers[at] if at < len(layers) else None
    if not isinstance(conv, Conv2d) or conv.groups != 1 or conv.padding_mode != "zeros":
        return None
    if any(axis.stride != 1 or axis.dilation != 1 or max(axis.padding) >= axis.kernel_size for axis in _axes(conv)):
        return None
    following = layers[at + 1 : at + 3]
    relu = bool(following) and isinstance(following[0], ReLU)
    pool = _window(following[1]) if relu and len(following) > 1 else (1, 1)
    covered = 1 + relu + (pool != (1, 1))
    output_shape = layers[at + covered - 1].output_shape
    after = group(layers, at + covered)
    pooled = after.source_columns if after is not None else natural(output_shape[2])
    return Group(conv, relu, pool, covered, before_pooling(pooled, pool[1]), pooled, output_shape)


def groups(layers: Sequence[Layer]) -> list[Group]:
    """All groups of a network."""
    return [found for at in range(len(layers)) if (found := group(layers, at)) is not None]


def _axes(layer: Conv2d | MaxPool2d) -> tuple[AxisGeometry, AxisGeometry]:
    return layer.axes["height"], layer.axes["width"]


def _window(layer: Layer) -> Pair:
    """The size of pooling windows that stand side by side without padding; (1, 1) for anything else."""
    if not isinstance(layer, MaxPool2d):
        return 1, 1
    rows, cols = _axes(layer)
    if any(
        axis.stride != axis.kernel_size or axis.dilation != 1 or any(axis.padding) or axis.overhang
        for axis in (rows, cols)
    ):
        return 1, 1
    return rows.kernel_size, cols.kernel_size


def bands(rows: int, numbers: int) -> list[slice]:
    """Bands of nearly the same height for rows of so many numbers each."""
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
    """The input stored once for every column of the kernel, and the gradients by each of these going back together."""

    def __init__(self, found: Group, site: Site) -> None:
        conv, source = found.conv, site.source
        channels, height, width = conv.input_shape
        kernel_rows, kernel_cols = conv.kernel_size
        above, left = (axis.padding[0] for axis in _axes(conv))
        order = source.columns or natural(width)
        shape = (found.rows + kernel_rows - 1, kernel_cols * channels + 1, len(found.columns), site.batch)
        self.stored = Overlapping(site, shape, kernel_rows)
        self.stored.rows[:, -1] = 1
        held = min(height, shape[0] - above)  # rows of the input that are read at all
        self._copies = [
            (
                self.stored.rows[above : above + held, tap * channels : (tap + 1) * channels, to],
                source.value[:held, :, of],
            )
            for tap in range(kernel_cols)
            for to, of in runs(found.columns, order, tap - left)
        ]
        if site.training and site.wants_input:
            self.grads = site.empty((height, kernel_cols * channels, len(found.columns), site.batch))
            self._gatherings = _gatherings(found, source.grad, self.grads, order)

    def spread(self) -> None:
        """Copy the input to every tap."""
        for tap, value in self._copies:
            tap[...] = value

    def gathering(self, rows: slice) -> list[Sum]:
        """What adds up the gradient of these rows of the input from those of all taps."""
        return [
            (total[rows], one[rows], other if other is None else other[rows]) for total, one, other in self._gatherings
        ]


def _gatherings(found: Group, grad: Array, tap_grads: Array, order: Order) -> list[Sum]:
    """The sums of all taps, each tap's columns shifted to where they were read. The first ones set, the others add."""
    channels, left = found.conv.input_shape[0], _axes(found.conv)[1].padding[0]
    taps = [tap_grads[:, start : start + channels] for start in range(0, tap_grads.shape[1], channels)]
    moved = [runs(order, found.columns, left - tap) for tap in range(len(taps))]
    sums: list[Sum] = []
    if order != found.columns or len(taps) == 1:
        sums.append((grad, np.broadcast_to(grad.dtype.type(0), grad.shape), None))
    else:
        moved.pop(left)
        still, beside = taps.pop(left), taps.pop(0)
        places = moved.pop(0)
        alone = set(natural(len(order))) - {place for to, _ in places for place in range(to.start, to.stop)}
        sums += [(grad[:, :, to], still[:, :, to], beside[:, :, of]) for to, of in places]
        sums += [(grad[:, :, at : at + 1], still[:, :, at : at + 1], None) for at in alone]
    for tap, places in zip(taps, moved, strict=True):
        sums += [(grad[:, :, to], grad[:, :, to], tap[:, :, of]) for to, of in places]
    return sums


class FastConv2d(Stage):
    """See the drawing at the top of the file."""

    def __init__(self, found: Group, site: Site) -> None:
        self._found, self._wants_input = found, site.wants_input
        self._taps = Taps(found, site)
        self.output = site.signal(found.output_shape, found.pooled)
        filters, rows, _ = found.output_shape
        self._bands = bands(rows, filters * found.pool[0] * self._taps.stored.matrices.shape[2])
        self._plan_weights(site)
        self._plan_forward(site)
        if site.training:
            self._plan_backward(site)
        if site.training and site.wants_input:
            self._plan_turned(site)

    def _conv_rows(self, band: slice) -> slice:
        high = self._found.pool[0]
        return slice(band.start * high, band.stop * high)

    def _places(self, rows: Array) -> Array:
        """[row, line, place] as [row in the window, column in the window, pooled row, line, place of the pooled]."""
        count, lines, line = rows.shape
        high, wide = self._found.pool
        split = rows.reshape(count // high, high, lines, wide, line // wide, copy=False)
        return split.transpose(1, 3, 0, 2, 4)

    def _plan_weights(self, site: Site) -> None:
        """The weights as the matrices want them: (filters, K), the bias at the ones of the kernel's first row."""
        (height, width), channels = self._found.conv.kernel_size, self._found.conv.input_shape[0]
        filters, line = self._found.conv.out_channels, width * channels
        packed = site.empty((filters, height, line + 1))
        self._packed = packed.reshape(filters, -1)
        self._packs = [(packed[:, :, :-1], site.values["weight"].reshape(filters, height, line, copy=False))]
        if self._found.conv.bias:
            self._packs.append((packed[:, 0, -1], site.values["bias"]))

    def _plan_forward(self, site: Site) -> None:
        """For each band: the matrices, room for their products, where the largest go, and which of them won."""
        found, (filters, rows, cols) = self._found, self._found.output_shape
        line, tallest = cols * site.batch, max(band.stop - band.start for band in self._bands)
        out = self.output.value.reshape(rows, filters, line, copy=False)
        products = site.empty((*found.pool, tallest, filters, line)) if found.pool != (1, 1) else None
        learns = site.training and found.relu
        self._forward_steps, self._won = [], []
        for band in self._bands:
            here = out[band]
            room = (
                here[None, None]
                if products is None
                else products.reshape(-1)[: here.size * found.pool[0] * found.pool[1]].reshape(*found.pool, *here.shape)
            )
            mark = Mark(room, here) if learns else None
            self._won.append(mark.won if mark is not None else None)
            self._forward_steps.append(
                (self._places(self._taps.stored.matrices[self._conv_rows(band)]), room, here, mark)
            )

    def forward(self, random: np.random.Generator | None) -> None:
        """One product a row; the largest of each window and 0; which one it was."""
        self._taps.spread()
        for packed, parameter in self._packs:
            packed[...] = parameter
        relu, pooling = self._found.relu, self._found.pool != (1, 1)
        for matrices, products, out, mark in self._forward_steps:
            np.matmul(self._packed, matrices, out=products)
            if pooling:
                np.maximum.reduce(products, axis=(0, 1), initial=0, out=out)
            elif relu:
                np.maximum(out, 0, out=out)
            if mark is not None:
                mark()

    def _plan_backward(self, site: Site) -> None:
        """For each band: which products won, the output's gradient, the products', the matrices, the weights'."""
        found, (filters, rows, cols) = self._found, self._found.output_shape
        height, lines = found.conv.kernel_size[0], self._taps.stored.rows.shape[1]
        out_grad = self.output.grad.reshape(rows, filters, cols * site.batch, copy=False)
        grads = self._product_grads(site)
        self._row_grads = site.empty((found.rows, height * lines, filters))
        self._back_steps = []
        for band, won in zip(self._bands, self._won, strict=True):
            rows_here = self._conv_rows(band)
            mine = grads[rows_here] if site.wants_input else grads[: rows_here.stop - rows_here.start]
            matrices = self._taps.stored.matrices[rows_here]
            self._back_steps.append(
                (won, out_grad[band], self._places(mine), matrices, mine.swapaxes(1, 2), self._row_grads[rows_here])
            )
        self._plan_unpacking(site)

    def _product_grads(self, site: Site) -> Array:
        """The gradient of the convolution's output [row, filter, column · sample]: all of it, or one band's."""
        found, height = self._found, self._found.conv.kernel_size[0]
        filters, columns = found.conv.out_channels, len(found.columns)
        if not site.wants_input:
            tallest = max(band.stop - band.start for band in self._bands) * found.pool[0]
            return site.empty((tallest, filters, columns * site.batch))
        above = height - 1 - _axes(found.conv)[0].padding[0]
        rows = found.conv.input_shape[1] + height - 1
        self._overlapping = Overlapping(site, (rows, filters, columns, site.batch), height)
        inner = self._overlapping.rows[above : above + found.rows]
        return inner.reshape(found.rows, filters, columns * site.batch, copy=False)

    def _plan_unpacking(self, site: Site) -> None:
        (height, width), channels = self._found.conv.kernel_size, self._found.conv.input_shape[0]
        filters, line = self._found.conv.out_channels, width * channels
        self._total = site.empty((height * (line + 1), filters))
        total = self._total.reshape(height, line + 1, filters)
        weight_grad = site.grads["weight"].reshape(filters, height, line, copy=False)
        self._unpacks = [(weight_grad, total[:, :-1].transpose(2, 0, 1))]
        if self._found.conv.bias:
            self._unpacks.append((site.grads["bias"], total[0, -1]))

    def _plan_turned(self, site: Site) -> None:
        """The kernel turned by 180 degrees: (kernel column · channel, kernel row · filter)."""
        conv = self._found.conv
        filters, channels, (height, width) = conv.out_channels, conv.input_shape[0], conv.kernel_size
        turned = site.empty((width, channels, height, filters))
        weight = site.values["weight"].reshape(filters, height, width, channels, copy=False)
        self._turns = turned, weight[:, ::-1].transpose(2, 3, 1, 0)
        self._turned = turned.reshape(width * channels, height * filters)
        tap_grads = self._taps.grads.reshape(*self._taps.grads.shape[:2], -1, copy=False)
        self._input_steps = [
            (self._overlapping.matrices[rows], tap_grads[rows], self._taps.gathering(rows))
            for rows in bands(len(tap_grads), tap_grads.shape[1] * tap_grads.shape[2])
        ]

    def backward(self) -> None:
        """The gradient of what won; the weights' by the same matrices; the input's by the turned kernel."""
        for won, out_grad, places, matrices, grads, row_grads in self._back_steps:
            if won is None:
                places[...] = out_grad
            else:
                np.multiply(won, out_grad, out=places)
            np.matmul(matrices, grads, out=row_grads)
        np.add.reduce(self._row_grads, axis=0, out=self._total)
        for gradient, total in self._unpacks:
            gradient[...] = total
        if self._wants_input:
            turned, weight = self._turns
            turned[...] = weight
            for matrices, tap_grads, sums in self._input_steps:
                np.matmul(self._turned, matrices, out=tap_grads)
                for total, one, other in sums:
                    if other is None:
                        total[...] = one
                    else:
                        np.add(one, other, out=total)


class Mark:
    """Which product of each window won: the first of the largest, if it is more than 0."""

    def __init__(self, products: Array, out: Array) -> None:
        self._products, self._out = products, out
        self.won = np.zeros(products.shape, bool)
        self._open = np.zeros(out.shape, bool)
        *self._earlier, self._last = self.won.reshape(-1, *out.shape)

    def __call__(self) -> None:
        """Mark them. Ties and exact zeros are rare, and counting finds out whether there are any."""
        still_open, won = self._open, self.won
        np.greater(self._out, 0, out=still_open)
        np.equal(self._products, self._out, out=won)
        if np.count_nonzero(won) == np.count_nonzero(still_open):
            return
        for place in self._earlier:
            np.logical_and(place, still_open, out=place)
            np.greater(still_open, place, out=still_open)
        np.logical_and(self._last, still_open, out=self._last)
