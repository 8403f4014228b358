"""Losses: how far an answer is from the truth, one number. PyTorch's names; always the mean over the samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import whole_in
from cnn_engine.pointwise import floating, log_softmax
from cnn_engine.tensors import Values
from cnn_engine.windows import as_array

__all__ = ["binary_cross_entropy", "binary_cross_entropy_with_logits", "cross_entropy", "mse"]

Array = NDArray[Any]

LOWEST_LOG = -100.0  # as PyTorch: the logarithm of a probability of 0 counts as this


def check_classes(target: ArrayLike, classes: int) -> NDArray[np.intp]:
    """Return class indices as integers, each from 0 to classes - 1."""
    labels = np.asarray(target)
    if labels.dtype.kind not in "iu":
        raise ParameterError("not_class_indices", "target", dtype=labels.dtype, name="target")
    for label in labels.ravel():
        whole_in(int(label), "target", 0, classes - 1)
    return labels.astype(np.intp)


def pair_of(input: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """Return answers and truths of one shape, as floating numbers."""
    x, t = floating(input), as_array(target, "target", tuple(range(33)))
    if x.shape != t.shape:
        raise ShapeError("target_of_another_shape", "target", shape=t.shape, expected=x.shape)
    return x, t.astype(x.dtype)


def check_fractions(values: Array, name: str) -> None:
    """Refuse what is not from 0 to 1."""
    wrong = ~((values >= 0) & (values <= 1))
    if wrong.any():
        value = values[wrong].flat[0]
        raise ParameterError("not_from_0_to_1", name, name=name, value=value)


def cross_entropy(input: Values, target: Values) -> float:
    """Return -log softmax(input) of the true class: logits (N, K) with N class indices, or (K,) with one; the mean."""
    x = floating(input)
    if x.ndim not in (1, 2):
        raise ShapeError("axes_needed", "input", ndim=x.ndim, name="input", allowed="1 or 2")
    labels = check_classes(target, x.shape[-1])
    if labels.shape != x.shape[:-1]:
        raise ShapeError("target_not_one_class_each", "target", shape=labels.shape, expected=x.shape[:-1])
    logs = log_softmax(x)
    return float(-np.take_along_axis(logs, labels[..., None], axis=-1).mean())


def binary_cross_entropy(input: Values, target: Values) -> float:
    """Return -(t log p + (1 - t) log(1 - p)), the mean: probabilities and targets from 0 to 1, of one shape."""
    p, t = pair_of(input, target)
    check_fractions(p, "input")
    check_fractions(t, "target")
    with np.errstate(divide="ignore"):
        yes, no = np.maximum(np.log(p), LOWEST_LOG), np.maximum(np.log1p(-p), LOWEST_LOG)
    return float(-(t * yes + (1 - t) * no).mean())


def binary_cross_entropy_with_logits(input: Values, target: Values) -> float:
    """Return sigmoid and binary cross-entropy in one: max(x, 0) - x t + log(1 + exp(-|x|)), the mean."""
    x, t = pair_of(input, target)
    check_fractions(t, "target")
    return float((np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x)))).mean())


def mse(input: Values, target: Values) -> float:
    """Return the mean of the squared differences (input - target)²."""
    x, t = pair_of(input, target)
    return float(np.square(x - t).mean())
