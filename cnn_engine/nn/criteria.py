"""A loss as a network is trained and judged by it: for a task, with weights for the classes.

The losses themselves are in `cnn_engine.nn.losses`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError, shape_text
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.nn.losses import LOSSES, CrossEntropy, Loss, WeightedCrossEntropy, chosen
from cnn_engine.nn.options import one_of, positive
from cnn_engine.pointwise import sigmoid, softmax

OWN = {"classification": "cross_entropy", "regression": "mse"}  # the loss of each task, unless another is chosen


@dataclass(frozen=True)
class Criterion:
    """A loss as it is used: for so many outputs, for a task, with weights for the classes.

    `task` says what y is. "classification": class indices (N,), whatever the loss; binary cross-entropy and mse then
    compare with 1 for the true class and 0 for the others, and a lone output with 0 or 1 for two classes.
    "regression": numbers, of which none is right or wrong. None: as the loss takes it.
    """

    name: str
    outputs: int
    task: str | None = None
    class_weights: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        one_of(self.name, "loss", tuple(LOSSES))
        if self.task is not None:
            one_of(self.task, "task", tuple(OWN))
        if self.name == "cross_entropy" and self.task == "regression":
            raise ParameterError("cross_entropy_of_regression", "loss")
        if self.name == "cross_entropy" and self.outputs < 2:
            raise ParameterError("cross_entropy_of_one_output", "loss")
        if self.class_weights is not None:
            object.__setattr__(self, "class_weights", self._checked(self.class_weights))

    def _checked(self, weights: object) -> tuple[float, ...]:
        if self.name != "cross_entropy":
            raise ParameterError("class_weights_of_another_loss", "class_weights", name=self.name)
        if isinstance(weights, str) or not isinstance(weights, Sequence | np.ndarray):
            raise ParameterError("class_weights_not_numbers", "class_weights", weights=weights)
        if len(weights) != self.outputs:
            given = {"count": len(weights), "outputs": self.outputs}
            raise ParameterError("class_weights_count", "class_weights", **given)
        return tuple(positive(weight, "class_weights") for weight in weights)

    @property
    def classes(self) -> int:
        """How many classes so many outputs tell apart."""
        return max(self.outputs, 2)

    def check(self, target: ArrayLike, count: int, dtype: np.dtype[Any]) -> Array:
        """Return the truth for `count` samples in the form that `Loss.forward` takes, or an error."""
        if self.task != "classification" or self.name == "cross_entropy":
            return LOSSES[self.name].check(target, count, self.outputs, dtype)
        labels = CrossEntropy.check(target, count, self.classes, dtype)
        if self.outputs == 1:
            return labels.astype(dtype)[:, None]
        return np.eye(self.outputs, dtype=dtype)[labels]

    def lay_out(self, outputs: Array, gradients: Array) -> Loss:
        """Return the loss for arrays [output, sample]."""
        if self.class_weights is not None:
            return WeightedCrossEntropy(outputs, gradients, self.class_weights)
        return LOSSES[self.name](outputs, gradients, task=self.task)

    def mass(self, truth: Array) -> float:
        """Return how much checked samples count in a mean over more of them: each as 1, or as its class weighs."""
        if self.class_weights is None:
            return len(truth)
        return float(np.asarray(self.class_weights)[truth].sum())

    def labels(self, truth: Array) -> Array:
        """Return the class indices (N,) of checked samples; a lone truth of one half or more is of class 1."""
        if truth.ndim == 1:
            return truth
        return np.asarray(truth[:, 0] >= 0.5, np.intp) if self.outputs == 1 else truth.argmax(axis=1)

    def predicted(self, outputs: Array) -> Array:
        """Return the class indices (N,) that answers (N, outputs) say."""
        return chosen(outputs.T, LOSSES[self.name].threshold)

    def probabilities(self, outputs: Array) -> Array:
        """Return (N, classes) from answers (N, outputs), as the loss takes them. By mse they are shares themselves."""
        if self.name == "cross_entropy":
            return softmax(outputs)
        shares = sigmoid(outputs) if self.name == "binary_cross_entropy" else np.clip(outputs, 0, 1)
        return shares if self.outputs > 1 else np.concatenate([1 - shares, shares], axis=1)

    def value(self, outputs: Array, target: ArrayLike) -> float:
        """Return the loss of answers (N, outputs)."""
        laid = np.ascontiguousarray(outputs.T)
        return self.lay_out(laid, np.empty_like(laid)).forward(self.check(target, len(outputs), laid.dtype))


def check_output(shape: Shape) -> int:
    """Return how many outputs a network has for a loss: (K,) or (K, 1, 1), and nothing wider."""
    if len(shape) == 3 and shape[1:] != (1, 1):
        raise ShapeError("network_does_not_end_flat", "architecture", shape=shape_text(shape))
    return math.prod(shape)
