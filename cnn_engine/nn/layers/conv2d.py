"""Convolution, the plain plan: any kernel, stride, padding, dilation and groups.

The windows are unfolded into one buffer whose rows are (kernel row, kernel column, channel), in the layout

    columns [output row, group, kernel row, kernel column, channel of the group, output column, sample]

so that each output row of each group is one matrix product, (filters, K) by (K, columns × samples), and each tap is
one copy with long contiguous runs. The weights are stored as (filter, kernel row, kernel column, channel): the same
order as K, so that they need no copy. `Network.parameters` shows them in PyTorch's order.
"""

from __future__ import annotations

from typing import Annotated

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import Count, PaddingMode, convolution_geometry, pair
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import MOVED, Array, Layer, LearnedArray, Pieces, PlainPieces, Shape, Site, cut, picture
from cnn_engine.nn.layers.padded import Around, Dilation, KernelSize, PaddedSource, Stride
from cnn_engine.nn.options import UNREAD, checked
from cnn_engine.parameters import Accepts
from cnn_engine.relations.blocks import Blocks


class PlainConv2d(PlainPieces):
    """Unfold, multiply; backward multiply, fold."""

    def __init__(self, layer: Conv2d, site: Site) -> None:
        super().__init__(layer, site)
        self._padded = padded = PaddedSource(site, layer.axes, layer.padding_mode)
        kernel_rows, kernel_cols = layer.kernel_size
        filters, rows, cols = layer.output_shape
        blocks, batch = layer.blocks(), site.batch
        groups, depth, per_group = blocks.groups, blocks.inputs, blocks.outputs
        k = kernel_rows * kernel_cols * depth

        columns = site.empty((rows, groups, kernel_rows, kernel_cols, depth, cols, batch))
        split = (rows, groups, depth, cols, batch)
        taps = list(np.ndindex(kernel_rows, kernel_cols))
        self._unfold = [(columns[:, :, i, j], padded.tap(padded.value, i, j).reshape(split)) for i, j in taps]
        self._fold = [(padded.tap(padded.grad, i, j).reshape(split), columns[:, :, i, j]) for i, j in taps]
        self._columns = columns.reshape(rows, groups, k, cols * batch)
        self._cut_taps = list(cut(len(taps), MOVED * columns.size // len(taps)))
        self._cut_rows = list(cut(rows, filters * k * cols * batch))

        by_row = (rows, groups, per_group, cols * batch)
        self._out, self._out_grad = self.output.value.reshape(by_row), self.output.grad.reshape(by_row)
        self._weight = site.values["weight"].reshape(groups, per_group, k)
        self._weight_grad = site.grads["weight"].reshape(groups, per_group, k)
        self._row_grads = site.scratch((rows, groups, per_group, k))
        self._bias: Array | None = None
        if layer.bias:
            self._bias, self._bias_grad = site.values["bias"][:, None, None], site.grads["bias"]

    def forward_pieces(self, random: np.random.Generator | None) -> Pieces:
        """Copy the taps, some at a time; then multiply the rows, some at a time."""
        self._padded.load()
        yield
        for taps in self._cut_taps:
            self._copy(taps)
            yield
        for rows in self._cut_rows:
            self._multiply(rows)
            yield
        self._add_bias()

    def backward_pieces(self) -> Pieces:
        """Compute the weights' gradient from the same columns; then these hold the input's, one addition a tap."""
        for rows in self._cut_rows:
            self._weigh(rows)
            yield
        self._sum()
        if not self._wants_input:
            return
        for rows in self._cut_rows:
            self._spread(rows)
            yield
        self._padded.grad.fill(0)
        for taps in self._cut_taps:
            self._add(taps)
            yield
        self._padded.unload()

    def _copy(self, taps: slice) -> None:
        for column, tap in self._unfold[taps]:
            column[...] = tap

    def _multiply(self, rows: slice) -> None:
        np.matmul(self._weight, self._columns[rows], out=self._out[rows])

    def _add_bias(self) -> None:
        if self._bias is not None:
            np.add(self.output.value, self._bias, out=self.output.value)

    def _weigh(self, rows: slice) -> None:
        np.matmul(self._out_grad[rows], self._columns[rows].swapaxes(-1, -2), out=self._row_grads[rows])

    def _sum(self) -> None:
        np.add.reduce(self._row_grads, axis=0, out=self._weight_grad)
        if self._bias is not None:
            np.add.reduce(self.output.grad, axis=(0, 2, 3), out=self._bias_grad)

    def _spread(self, rows: slice) -> None:
        np.matmul(self._weight.swapaxes(-1, -2), self._out_grad[rows], out=self._columns[rows])

    def _add(self, taps: slice) -> None:
        for tap, column in self._fold[taps]:
            np.add(tap, column, out=tap)


class Conv2d(Layer):
    """torch.nn.Conv2d's options; `in_channels` may be left out."""

    kind = "conv2d"
    plain = PlainConv2d
    straight = weighs = True
    choices = (
        Choice(
            "Convolution",
            "filters that slide over the maps",
            {"out_channels": 8, "kernel_size": 3, "stride": 1, "padding": 1},
        ),
    )

    @checked
    def __init__(
        self,
        input_shape: Shape,
        *,
        out_channels: Annotated[int, Accepts("whole", minimum=1, title="filters")],
        kernel_size: KernelSize,
        stride: Stride = 1,
        padding: Around = 0,
        dilation: Dilation = 1,
        groups: Count = 1,
        bias: bool = True,
        padding_mode: Annotated[PaddingMode, UNREAD] = "zeros",
        in_channels: Count | None = None,
    ) -> None:
        channels, height, width = picture(input_shape)
        self.out_channels, self.groups, self.bias = out_channels, groups, bias
        if in_channels is not None and in_channels != channels:
            raise ParameterError("in_channels_do_not_fit", "in_channels", in_channels=in_channels, channels=channels)
        Blocks.of(channels, out_channels, groups, of_layer=True)  # which checks the groups
        self.kernel_size, self.padding_mode = pair(kernel_size, "kernel_size"), padding_mode
        self.axes = convolution_geometry(
            (height, width),
            self.kernel_size,
            stride=stride,
            padding=padding,
            dilation=dilation,
            padding_mode=padding_mode,
        )
        rows, cols = self.axes["height"], self.axes["width"]
        super().__init__(input_shape, (self.out_channels, rows.output_size, cols.output_size))

    def blocks(self) -> Blocks:
        """Return the groups: a filter reads the maps of its own."""
        return Blocks.of(self.input_shape[0], self.out_channels, self.groups)

    def parameters(self) -> dict[str, LearnedArray]:
        """Return `weight` (out_channels, in_channels / groups, kH, kW) and `bias`."""
        blocks, taps = self.blocks(), self.kernel_size[0] * self.kernel_size[1]
        shape = (self.out_channels, blocks.inputs, *self.kernel_size)
        weight = LearnedArray(shape, "weights", (0, 2, 3, 1), blocks.inputs * taps, blocks.outputs * taps)
        return {"weight": weight} | ({"bias": LearnedArray((self.out_channels,))} if self.bias else {})
