"""Activations: one number in, one number out, any shape."""

from __future__ import annotations

from typing import Annotated, ClassVar

import numpy as np

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Layer, Plain, Shape, Site, zeros
from cnn_engine.parameters import Accepts
from cnn_engine.pointwise import finite, hardtanh


class PlainReLU(Plain):
    """Where the output is positive the gradient passes."""

    def __init__(self, layer: Activation, site: Site) -> None:
        super().__init__(layer, site)
        self._passes = zeros(self.output.value.shape if site.gradients else (0,), bool)

    def forward(self, random: np.random.Generator | None) -> None:
        """Set the output to max(0, x)."""
        np.maximum(self._source.value, 0, out=self.output.value)

    def backward(self) -> None:
        """Multiplying by a boolean is far quicker than assigning through a mask."""
        np.greater(self.output.value, 0, out=self._passes)
        np.multiply(self.output.grad, self._passes, out=self._source.grad)


class PlainLeakyReLU(Plain):
    """x times a slope of 1 or of `negative_slope`."""

    def __init__(self, layer: LeakyReLU, site: Site) -> None:
        super().__init__(layer, site)
        self._slope = site.dtype.type(layer.negative_slope)
        self._slopes = site.empty(self.output.value.shape)
        self._positive = zeros(self.output.value.shape, bool)
        self._others = zeros(self.output.value.shape, bool)

    def forward(self, random: np.random.Generator | None) -> None:
        """Set the output to x times its slope."""
        np.greater(self._source.value, 0, out=self._positive)
        np.logical_not(self._positive, out=self._others)
        np.multiply(self._others, self._slope, out=self._slopes)
        np.add(self._slopes, self._positive, out=self._slopes)
        np.multiply(self._source.value, self._slopes, out=self.output.value)

    def backward(self) -> None:
        """Multiply the gradient by the slope."""
        np.multiply(self.output.grad, self._slopes, out=self._source.grad)


class PlainHardtanh(Plain):
    """Where the output lies between the bounds the gradient passes."""

    def __init__(self, layer: Hardtanh, site: Site) -> None:
        super().__init__(layer, site)
        self._low, self._high = site.dtype.type(layer.min_val), site.dtype.type(layer.max_val)
        self._passes, self._below = (zeros(self.output.value.shape if site.gradients else (0,), bool) for _ in "pb")

    def forward(self, random: np.random.Generator | None) -> None:
        """Keep every value between the bounds."""
        np.clip(self._source.value, self._low, self._high, out=self.output.value)

    def backward(self) -> None:
        """Pass the gradient on where the slope is 1."""
        np.greater(self.output.value, self._low, out=self._passes)
        np.less(self.output.value, self._high, out=self._below)
        np.logical_and(self._passes, self._below, out=self._passes)
        np.multiply(self.output.grad, self._passes, out=self._source.grad)


class PlainSigmoid(Plain):
    """1 / (1 + exp(−x)). Where exp overflows to infinity the sigmoid is 0, as it should be."""

    def forward(self, random: np.random.Generator | None) -> None:
        """Set the output to the sigmoid."""
        out = self.output.value
        np.negative(self._source.value, out=out)
        np.exp(out, out=out)
        np.add(out, 1, out=out)
        np.divide(1, out, out=out)

    def backward(self) -> None:
        """Multiply the gradient by s (1 − s)."""
        out, grad = self.output.value, self._source.grad
        np.subtract(1, out, out=grad)
        np.multiply(grad, out, out=grad)
        np.multiply(grad, self.output.grad, out=grad)


class PlainTanh(Plain):
    """The hyperbolic tangent."""

    def forward(self, random: np.random.Generator | None) -> None:
        """Set the output to tanh(x)."""
        np.tanh(self._source.value, out=self.output.value)

    def backward(self) -> None:
        """Multiply the gradient by 1 − tanh²."""
        out, grad = self.output.value, self._source.grad
        np.multiply(out, out, out=grad)
        np.subtract(1, grad, out=grad)
        np.multiply(grad, self.output.grad, out=grad)


class Activation(Layer):
    """A layer that changes each number by itself. Its class is called as PyTorch's, and so are its options."""

    cost = "activation"
    scales: ClassVar[bool] = False  # whether it multiplies each value by a slope that changes at corners alone

    def __init__(self, input_shape: Shape) -> None:
        super().__init__(input_shape, input_shape)


class ReLU(Activation):
    """max(0, x); its slope at 0 counts as 0, as in PyTorch."""

    kind = cost = "relu"
    plain = PlainReLU
    scales = True
    choices = (Choice("ReLU", "negative values become 0"),)


class LeakyReLU(Activation):
    """x where it is positive, else x times `negative_slope`."""

    kind = cost = "leaky_relu"
    plain = PlainLeakyReLU
    scales = True
    choices = (Choice("Leaky ReLU", "negative values become small", {"negative_slope": 0.01}),)

    def __init__(
        self, input_shape: Shape, *, negative_slope: Annotated[float, Accepts("number", title="slope")] = 0.01
    ) -> None:
        super().__init__(input_shape)
        self.negative_slope = finite(negative_slope, "negative_slope")


class Hardtanh(Activation):
    """x where it lies between `min_val` and `max_val`, else the nearer of the two."""

    kind = "hardtanh"
    plain = PlainHardtanh
    choices = (Choice("Hardtanh", "every value kept between two bounds", {"min_val": -1.0, "max_val": 1.0}),)

    def __init__(
        self,
        input_shape: Shape,
        *,
        min_val: Annotated[float, Accepts("number", title="least value")] = -1.0,
        max_val: Annotated[float, Accepts("number", title="largest value")] = 1.0,
    ) -> None:
        super().__init__(input_shape)
        hardtanh(0, min_val, max_val)  # which checks the bounds
        self.min_val, self.max_val = float(min_val), float(max_val)


class Sigmoid(Activation):
    """1 / (1 + exp(-x))."""

    kind = "sigmoid"
    plain = PlainSigmoid
    choices = (Choice("Sigmoid", "every value between 0 and 1", called="sigmoid"),)


class Tanh(Activation):
    """The hyperbolic tangent."""

    kind = "tanh"
    plain = PlainTanh
    choices = (Choice("Tanh", "every value between −1 and 1", called="tanh"),)


# In the order in which a page offers them.
ACTIVATIONS: tuple[type[Activation], ...] = (ReLU, LeakyReLU, Hardtanh, Sigmoid, Tanh)
