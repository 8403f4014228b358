"""Activations and softmax: PyTorch's names and semantics; any shape in, the same shape out.

Integers are taken as float64, except by `relu`, which keeps every dtype.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole_in
from cnn_engine.parameters import Accepts
from cnn_engine.tensors import Values
from cnn_engine.windows import as_array

__all__ = ["hardtanh", "leaky_relu", "log_softmax", "relu", "sigmoid", "softmax", "tanh"]

Array = NDArray[Any]
ANY_RANK = tuple(range(33))
Slope = Annotated[float, Accepts("number", minimum=-1000, maximum=1000, opens=0.1)]  # any that is finite computes
Least = Annotated[float, Accepts("number", minimum=-1000, maximum=1000, title="Least value")]
Largest = Annotated[float, Accepts("number", minimum=-1000, maximum=1000, title="Largest value")]


def floating(input: Values) -> Array:
    """Return the input as an array of floating numbers: integers become float64."""
    x = as_array(input, "input", ANY_RANK)
    return x.astype(np.float64) if x.dtype.kind in "iu" else x


def finite(value: object, name: str) -> float:
    """Return a finite number, or the error that says why not."""
    is_number = isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)
    if not is_number or not np.isfinite(value):  # type: ignore[call-overload]
        raise ParameterError("not_a_finite_number", name, name=name, value=value)
    return float(value)  # type: ignore[arg-type]


def relu(input: Values) -> Array:
    """Return max(0, x) of every value, the shape and dtype kept."""
    x = as_array(input, "input", ANY_RANK)
    return np.asarray(np.maximum(x, x.dtype.type(0)))


def leaky_relu(input: Values, negative_slope: Slope = 0.01) -> Array:
    """Return x where it is positive, else x * negative_slope."""
    x = floating(input)
    return np.asarray(np.where(x > 0, x, x * x.dtype.type(finite(negative_slope, "negative_slope"))))


def hardtanh(input: Values, min_val: Least = -1.0, max_val: Largest = 1.0) -> Array:
    """Return x where it lies between `min_val` and `max_val`, else the nearer of the two.

    Raises:
        ParameterError: a bound is not finite, or `min_val` is not below `max_val`.
    """
    x, low, high = floating(input), finite(min_val, "min_val"), finite(max_val, "max_val")
    if low >= high:
        raise ParameterError("not_below", "min_val", name="min_val", value=min_val, below=high)
    return np.clip(x, x.dtype.type(low), x.dtype.type(high))


def sigmoid(input: Values) -> Array:
    """Return 1 / (1 + exp(-x)), written so that exp never overflows."""
    x = floating(input)
    small = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1 / (1 + small), small / (1 + small)), x.dtype)


def tanh(input: Values) -> Array:
    """Return the hyperbolic tangent of every value."""
    return np.asarray(np.tanh(floating(input)))


def softmax(input: Values, axis: int = -1) -> Array:
    """Return exp(x) over its sum along `axis`; the maximum is subtracted first, which changes nothing but overflow."""
    x = floating(input)
    powers = np.exp(shifted(x, axis))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def log_softmax(input: Values, axis: int = -1) -> Array:
    """Return the logarithm of softmax, without taking the logarithm of a probability that may have become 0."""
    x = shifted(floating(input), axis)
    return np.asarray(x - np.log(np.exp(x).sum(axis=axis, keepdims=True)))


def shifted(x: Array, axis: int) -> Array:
    """Return the values less their maximum along an axis."""
    whole_in(axis, "axis", -x.ndim, x.ndim - 1)
    return np.asarray(x - x.max(axis=axis, keepdims=True))


@dataclass(frozen=True)
class Pointwise:
    """A function of one number, and how steep it is.

    Attributes:
        function: of any values; what else it takes are numbers.
        slope: its derivative at values in float64, given the same numbers.
        corners: given the same numbers by name, where the derivative jumps, in ascending order. What `slope` says there
            is PyTorch's convention.
        gated: whether its slope is 1 or 0: a value passes or does not.
    """

    function: Callable[..., Array]
    slope: Callable[..., Array]
    corners: Callable[..., tuple[float, ...]] = lambda **_: ()
    gated: bool = False


def _at_zero(**_: float) -> tuple[float, ...]:
    return (0.0,)


ACTIVATIONS = {
    "relu": Pointwise(relu, lambda x: 1.0 - (x <= 0), _at_zero, gated=True),
    "leaky_relu": Pointwise(leaky_relu, lambda x, negative_slope: np.where(x > 0, 1.0, negative_slope), _at_zero),
    "hardtanh": Pointwise(
        hardtanh,
        lambda x, min_val, max_val: 1.0 - ((x <= min_val) | (x >= max_val)),
        lambda min_val, max_val: (min_val, max_val),
        gated=True,
    ),
    "sigmoid": Pointwise(sigmoid, lambda x: (s := sigmoid(x)) * (1 - s)),
    "tanh": Pointwise(tanh, lambda x: 1 - np.square(np.tanh(x))),
}
