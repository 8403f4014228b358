"""Pooling: the largest value or the mean of each window, and of each whole channel."""

from __future__ import annotations

from abc import abstractmethod

import numpy as np

from cnn_engine.geometry import Geometry, check_windows_hold_input
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import (
    MOVED,
    Layer,
    Pieces,
    Plain,
    PlainPieces,
    Shape,
    Site,
    cut,
    inner_shape,
    picture,
    zeros,
)
from cnn_engine.nn.layers.padded import Around, Dilation, KernelSize, PaddedSource, Stride
from cnn_engine.nn.options import checked
from cnn_engine.ops import avg_pool_geometry, divisors, pool_geometry
from cnn_engine.words.message import part


class _Taps(PlainPieces):
    """A view of the input, and of its gradient, for every tap of the window; taken one after the other."""

    def __init__(self, layer: _Pool, site: Site, fill: float) -> None:
        super().__init__(layer, site)
        self._padded = padded = PaddedSource(site, layer.axes, value=fill)
        size = layer.axes["height"].kernel_size, layer.axes["width"].kernel_size
        taps = list(np.ndindex(size))
        self._values = [padded.tap(padded.value, i, j) for i, j in taps]
        self._grads = [padded.tap(padded.grad, i, j) for i, j in taps]
        self._part = site.scratch(self.output.value.shape)
        self._cut = list(cut(len(taps), MOVED * self.output.value.size))
        later = cut(len(taps) - 1, MOVED * self.output.value.size)
        self._later_cut = [slice(taken.start + 1, taken.stop + 1) for taken in later]  # the first tap has begun it

    def forward_pieces(self, random: np.random.Generator | None) -> Pieces:
        """Take every tap, some at a time."""
        self._begin()
        yield
        for taps in self._later_cut:
            self._take(taps)
            yield
        self._finish()

    def backward_pieces(self) -> Pieces:
        """Give every tap its gradient, some at a time."""
        self._begin_back()
        yield
        for taps in self._cut:
            self._give(taps)
            yield
        self._padded.unload()

    def _begin(self) -> None:
        """Bring the input in; the first tap is the result so far."""
        self._padded.load()
        self.output.value[...] = self._values[0]

    @abstractmethod
    def _take(self, taps: slice) -> None: ...

    @abstractmethod
    def _finish(self) -> None: ...

    @abstractmethod
    def _begin_back(self) -> None: ...

    @abstractmethod
    def _give(self, taps: slice) -> None: ...


class PlainMaxPool2d(_Taps):
    """The first of equal values wins, as in PyTorch, and takes the whole gradient."""

    def __init__(self, layer: MaxPool2d, site: Site) -> None:
        super().__init__(layer, site, -np.inf)
        self._won = zeros(self.output.value.shape if site.gradients else (0,), bool)
        self._open = zeros(self._won.shape, bool)

    def _take(self, taps: slice) -> None:
        """Take the running maximum over the taps."""
        out = self.output.value
        for tap in self._values[taps]:
            np.maximum(out, tap, out=out)

    def _finish(self) -> None:
        pass

    def _begin_back(self) -> None:
        self._padded.grad.fill(0)
        self._open.fill(True)

    def _give(self, taps: slice) -> None:
        """Each window's gradient goes to the tap that won it."""
        for tap, grad in zip(self._values[taps], self._grads[taps], strict=True):
            np.equal(tap, self.output.value, out=self._won)
            np.logical_and(self._won, self._open, out=self._won)
            np.logical_xor(self._open, self._won, out=self._open)
            np.multiply(self.output.grad, self._won, out=self._part)
            np.add(grad, self._part, out=grad)


class PlainAvgPool2d(_Taps):
    """The sum of the taps times one over what the window counts."""

    def __init__(self, layer: AvgPool2d, site: Site) -> None:
        super().__init__(layer, site, 0.0)
        counts = np.multiply.outer(*divisors(layer.axes, layer.count_include_pad))
        self._shares = (1 / counts).astype(site.dtype)[:, None, :, None]

    def _take(self, taps: slice) -> None:
        """Add up the taps."""
        out = self.output.value
        for tap in self._values[taps]:
            np.add(out, tap, out=out)

    def _finish(self) -> None:
        """Compute the mean."""
        np.multiply(self.output.value, self._shares, out=self.output.value)

    def _begin_back(self) -> None:
        """Every tap gets the same share."""
        np.multiply(self.output.grad, self._shares, out=self._part)
        self._padded.grad.fill(0)

    def _give(self, taps: slice) -> None:
        for grad in self._grads[taps]:
            np.add(grad, self._part, out=grad)


class PlainGlobalMaxPool2d(Plain):
    """The first of equal values, row by row, takes the gradient."""

    def __init__(self, layer: GlobalMaxPool2d, site: Site) -> None:
        super().__init__(layer, site)
        channels, rows, cols = layer.input_shape
        self._by_cell = zeros((channels, site.batch, rows * cols), site.dtype)
        self._split = self._by_cell.reshape(channels, site.batch, rows, cols).transpose(2, 0, 3, 1)
        self._winners = zeros((channels, site.batch), np.intp)
        self._firsts = np.arange(0, self._by_cell.size, rows * cols).reshape(channels, site.batch)
        self._out = self.output.value[0, :, 0]
        self._out_grad = self.output.grad[0, :, 0]

    def forward(self, random: np.random.Generator | None) -> None:
        """Find the maximum over rows and columns, and where it was."""
        self._split[...] = self._source.value
        np.argmax(self._by_cell, axis=2, out=self._winners)
        np.maximum.reduce(self._by_cell, axis=2, out=self._out)

    def backward(self) -> None:
        """Give the gradient to the cell that won."""
        self._by_cell.fill(0)
        np.add(self._winners, self._firsts, out=self._winners)
        self._by_cell.reshape(-1)[self._winners] = self._out_grad
        self._source.grad[...] = self._split


class PlainGlobalAvgPool2d(Plain):
    """The mean over rows and columns; every cell gets the same share of the gradient."""

    def __init__(self, layer: GlobalAvgPool2d, site: Site) -> None:
        super().__init__(layer, site)
        self._share = site.dtype.type(1 / (layer.input_shape[1] * layer.input_shape[2]))
        self._part = site.scratch(inner_shape(layer.output_shape, site.batch))

    def forward(self, random: np.random.Generator | None) -> None:
        """Compute the mean."""
        out = self.output.value
        np.add.reduce(self._source.value, axis=(0, 2), keepdims=True, out=out)
        np.multiply(out, self._share, out=out)

    def backward(self) -> None:
        """Give every cell an equal share of the gradient."""
        np.multiply(self.output.grad, self._share, out=self._part)
        self._source.grad[...] = self._part


class _Pool(Layer):
    def __init__(self, input_shape: Shape, axes: Geometry) -> None:
        self.axes = axes
        super().__init__(input_shape, (input_shape[0], axes["height"].output_size, axes["width"].output_size))


class MaxPool2d(_Pool):
    """torch.nn.MaxPool2d's options."""

    kind = "max_pool2d"
    plain = PlainMaxPool2d
    choices = (Choice("Max pooling", "the largest of each window", {"kernel_size": 2}),)

    @checked
    def __init__(
        self,
        input_shape: Shape,
        *,
        kernel_size: KernelSize,
        stride: Stride | None = None,
        padding: Around = 0,
        dilation: Dilation = 1,
        ceil_mode: bool = False,
    ) -> None:
        size = picture(input_shape)[1:]
        super().__init__(input_shape, pool_geometry(size, kernel_size, stride, padding, dilation, ceil_mode))
        check_windows_hold_input(self.axes, part("no_largest_value"))


class AvgPool2d(_Pool):
    """torch.nn.AvgPool2d's options."""

    kind = "avg_pool2d"
    plain = PlainAvgPool2d
    straight = True
    choices = (Choice("Average pooling", "the mean of each window", {"kernel_size": 2}),)

    @checked
    def __init__(
        self,
        input_shape: Shape,
        *,
        kernel_size: KernelSize,
        stride: Stride | None = None,
        padding: Around = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        size, self.count_include_pad = picture(input_shape)[1:], count_include_pad
        axes = avg_pool_geometry(size, kernel_size, stride, padding, 1, ceil_mode, count_include_pad)
        super().__init__(input_shape, axes)


class GlobalMaxPool2d(Layer):
    """The largest value of each channel: (C, H, W) -> (C, 1, 1)."""

    kind = "global_max_pool2d"
    plain = PlainGlobalMaxPool2d
    choices = (Choice("Global maximum", "one maximum for each map"),)

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape, (picture(input_shape)[0], 1, 1))


class GlobalAvgPool2d(Layer):
    """The mean of each channel: (C, H, W) -> (C, 1, 1)."""

    kind = "global_avg_pool2d"
    plain = PlainGlobalAvgPool2d
    straight = True
    choices = (Choice("Global average", "one mean for each map"),)

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape, (picture(input_shape)[0], 1, 1))
