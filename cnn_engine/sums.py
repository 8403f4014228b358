"""In which dtype and in which order products are added: so that no sum wraps, and each is the one that is printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError

Array = NDArray[Any]
MOST = int(np.iinfo(np.int64).max)
FEW_LINES = 64  # an operation on arrays takes as long as so many additions, or longer


def summed_in(
    input: Array, weight: Array, bias: Array | None, heaviest: Callable[[], int] | None = None
) -> np.dtype[Any]:
    """Return the dtype in which an operation multiplies and adds: int64 for integers alone.

    A floating input keeps its own dtype. Integers that meet a floating weight or bias take NumPy's common dtype.

    Args:
        input: any shape.
        weight: its first axis is the output's channel, all others are what one output adds up.
        bias: one for each output, or None.
        heaviest: the largest sum of weights, signs aside, that one output adds up, where it is not all of `weight`'s.

    Raises:
        ParameterError: integers whose sums int64 may not hold.
    """
    if input.dtype.kind == "f":
        return input.dtype
    others = [weight] if bias is None else [weight, bias]
    if any(array.dtype.kind == "f" for array in others):
        return np.result_type(input, *others)
    if _most_by_dtype(input, weight, bias) > MOST:  # else there is no need to look at the values
        _check_values(input, weight, bias, heaviest or (lambda: _heaviest(weight)))
    return np.dtype(np.int64)


def _most_by_dtype(input: Array, weight: Array, bias: Array | None) -> int:
    """Return what a sum could come to if every value were the largest that its dtype holds."""
    x, w, b = (0 if array is None else _extent(np.iinfo(array.dtype)) for array in (input, weight, bias))
    return max(x * w * (weight.size // max(len(weight), 1)) + b, x, w)


def _extent(info: Any) -> int:
    return max(int(info.max), -int(info.min))


def _largest(array: Array | None) -> int:
    """Return the largest distance from 0."""
    return 0 if array is None else max(int(array.max(initial=0)), -int(array.min(initial=0)))


def _heaviest(weight: Array) -> int:
    """Return the largest sum of weights of one output in Python's integers, which have no limit."""
    return int(max(np.abs(weight.astype(object)).reshape(len(weight), -1).sum(axis=1), default=0))


def _check_values(input: Array, weight: Array, bias: Array | None, heaviest: Callable[[], int]) -> None:
    """Refuse integers that int64 cannot hold, or whose products may add up to such."""
    for name, array in (("input", input), ("weight", weight), ("bias", bias)):
        if (value := _largest(array)) > MOST:
            raise ParameterError("integer_too_large", name, name=name, value=value, most=MOST)
    x, b = _largest(input), _largest(bias)
    most = x * _largest(weight) * (weight.size // max(len(weight), 1)) + b
    if most > MOST:
        most = x * heaviest() + b
    if most > MOST:
        raise ParameterError("sum_may_not_fit", "input", largest=x, sum=most, most=MOST)


def add_in_order(values: Array) -> Array:
    """Return the sum over the last axis, strictly from first to last, as a person adds what is printed.

    np.sum adds pairwise, which rounds differently; np.add.accumulate keeps every partial sum, which
    pays for few and long lines alone.
    """
    if values[..., 0].size < FEW_LINES < values.shape[-1]:
        return np.asarray(np.add.accumulate(values, axis=-1, dtype=values.dtype)[..., -1].copy())
    total = values[..., 0].copy()
    for index in range(1, values.shape[-1]):
        total += values[..., index]
    return np.asarray(total)


def added(products: Array, bias: Array) -> dict[str, Array]:
    """Return the columns of steps that add up their products (steps, channels, rows, columns), and then a bias."""
    row_sums = add_in_order(products)
    channel_sums = add_in_order(row_sums)
    return {
        "products": products,
        "row_sums": row_sums,
        "channel_sums": channel_sums,
        "bias": bias,
        "output": add_in_order(channel_sums) + bias,
    }
