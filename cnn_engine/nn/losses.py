"""Losses with the last activation in one: what a network's outputs [output, sample] cost, and the gradient by them.

PyTorch's means: cross-entropy over the samples, the other two over every output of every sample. The formulas are
those of `cnn_engine.losses`; here each works in buffers that are made once for a batch size.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.windows import not_ragged


class Loss(ABC):
    """A loss laid out for one batch size: `outputs` are read, `gradients` are written."""

    name: ClassVar[str]
    choices: ClassVar[tuple[Choice, ...]]
    threshold: ClassVar[float] = 0.0  # a lone output above it says class 1, any other class 0

    def __init__(self, outputs: Array, gradients: Array, *, task: str | None = None) -> None:
        self._outputs, self._gradients, self._task = outputs, gradients, task
        self._work = np.empty_like(outputs)
        self.classes, self.batch = outputs.shape
        self.target: Any = None

    @staticmethod
    @abstractmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Return the truth for `count` samples in the form that `forward` takes, or an error."""

    @abstractmethod
    def forward(self, target: Array) -> float:
        """Return the loss; what `backward` needs is kept."""

    @abstractmethod
    def backward(self) -> None:
        """Compute the gradient by the outputs."""

    def correct(self) -> int | None:
        """Return how many samples the last forward pass took for their class, where the truth is a class."""
        if self._task != "classification":
            return None
        return int(np.count_nonzero(chosen(self._outputs, self.threshold) == chosen(self.target, 0.5)))


def chosen(outputs: Array, threshold: float) -> Array:
    """Return each sample's class from [output, sample]: the largest output's, or by the side that a lone one is on."""
    if len(outputs) > 1:
        return np.asarray(outputs.argmax(axis=0))
    return np.asarray(outputs[0] > threshold, np.intp)


def _check_values(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
    values = not_ragged(target, "y")
    if values.dtype.kind not in "fiub":
        raise ParameterError("not_real_numbers", "y", dtype=values.dtype, name="y")
    if values.shape not in ({(count, outputs), (count,)} if outputs == 1 else {(count, outputs)}):
        raise ShapeError("y_not_a_value_each", "y", shape=values.shape, expected=(count, outputs))
    with np.errstate(over="ignore"):  # found out in the next line
        taken = values.astype(dtype, copy=False)
    if not np.isfinite(taken).all():
        raise ParameterError("y_not_finite", "y", value=values[~np.isfinite(taken)][0], dtype=dtype)
    return taken.reshape(count, outputs)


class CrossEntropy(Loss):
    """Softmax and cross-entropy in one: −log softmax of the true class. y: class indices (N,)."""

    name = "cross_entropy"
    choices = (
        Choice(
            "Cross-entropy",
            "For classes: minus the logarithm of the true class's share, by softmax.",
            called="cross-entropy",
        ),
    )

    def __init__(self, outputs: Array, gradients: Array, *, task: str | None = None) -> None:
        super().__init__(outputs, gradients, task=task)
        self._column, self._chosen = np.empty((2, self.batch), outputs.dtype)
        self._samples, self._flat = np.arange(self.batch), np.empty(self.batch, np.intp)
        self._flat_work, self._flat_gradients = self._work.reshape(-1), gradients.reshape(-1)
        self._ones = np.ones(self.classes, outputs.dtype), np.ones(self.batch, outputs.dtype)
        self._best, self._right = np.empty(self.batch, np.intp), np.empty(self.batch, bool)
        self._size, self._share = np.array(self.batch), np.array(1 / self.batch, outputs.dtype)

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Return whole numbers from 0 to outputs − 1, one a sample."""
        labels = not_ragged(target, "y")
        if labels.dtype.kind not in "iu":
            raise ParameterError("not_class_indices", "y", dtype=labels.dtype, name="y")
        if labels.shape != (count,):
            raise ShapeError("y_not_one_class_each", "y", shape=labels.shape, count=count)
        indices = labels.astype(np.intp, copy=False)  # a uint8 could not count to classes · batch
        if np.maximum.reduce(indices.view(np.uintp)) >= outputs:  # seen so, what is negative is large
            wrong = labels[(labels < 0) | (labels >= outputs)][0]
            raise ParameterError("y_unknown_class", "y", wrong=wrong, last=outputs - 1)
        return indices

    def forward(self, target: Array) -> float:
        """Subtract the maximum first, which changes nothing but overflow."""
        work, column, chosen, (over_classes, over_samples) = self._work, self._column, self._chosen, self._ones
        np.maximum.reduce(self._outputs, axis=0, out=column)
        np.subtract(self._outputs, column, out=work)
        np.multiply(target, self._size, out=self._flat)
        np.add(self._flat, self._samples, out=self._flat)
        self._flat_work.take(self._flat, None, chosen, "clip")
        np.exp(work, out=work)
        over_classes.dot(work, column)
        np.divide(work, column, out=work)
        np.log(column, out=column)
        np.subtract(column, chosen, out=chosen)
        self.target = target
        return float(chosen.dot(over_samples) / self.batch)

    def backward(self) -> None:
        """Set the gradient to (softmax − 1 for the true class) / N."""
        np.multiply(self._work, self._share, out=self._gradients)
        self._flat_gradients[self._flat] -= self._share

    def correct(self) -> int:
        """Return how often the largest output was the true class."""
        self._outputs.argmax(axis=0, out=self._best)
        np.equal(self._best, self.target, out=self._right)
        return int(np.count_nonzero(self._right))


class WeightedCrossEntropy(CrossEntropy):
    """Cross-entropy with a weight for each class, as PyTorch's `weight`: Σ w[y] loss / Σ w[y] over the samples."""

    def __init__(self, outputs: Array, gradients: Array, weights: Sequence[float]) -> None:
        super().__init__(outputs, gradients)
        self._weights, self._shares = np.asarray(weights, outputs.dtype), np.empty(self.batch, outputs.dtype)

    def forward(self, target: Array) -> float:
        """Return the losses of the samples, each by its class's share of the weights."""
        super().forward(target)
        self._weights.take(target, None, self._shares, "clip")
        np.divide(self._shares, self._shares.sum(), out=self._shares)
        return float(self._chosen.dot(self._shares))

    def backward(self) -> None:
        """Set the gradient to (softmax − 1 for the true class) · w / Σ w."""
        np.multiply(self._work, self._shares, out=self._gradients)
        self._flat_gradients[self._flat] -= self._shares


class BinaryCrossEntropy(Loss):
    """Sigmoid and binary cross-entropy in one: max(x, 0) − x t + log(1 + exp(−|x|)). y: 0 to 1, (N, outputs)."""

    name = "binary_cross_entropy"
    choices = (
        Choice(
            "Binary cross-entropy",
            "A yes or no for each output alone, by the sigmoid.",
            called="binary cross-entropy",
        ),
    )

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Return fractions, one for each output."""
        values = _check_values(target, count, outputs, dtype)
        if not ((values >= 0) & (values <= 1)).all():
            wrong = values[~((values >= 0) & (values <= 1))][0]
            raise ParameterError("y_not_from_0_to_1", "y", wrong=wrong)
        return values

    def forward(self, target: Array) -> float:
        """Take no logarithm of a probability that may have become 0; the small term is added last, to be kept."""
        x, work, gradients, self.target = self._outputs, self._work, self._gradients, target.T
        np.multiply(x, self.target, out=gradients)
        np.maximum(x, 0, out=work)
        np.subtract(work, gradients, out=work)
        np.abs(x, out=gradients)
        np.negative(gradients, out=gradients)
        np.exp(gradients, out=gradients)
        np.log1p(gradients, out=gradients)
        np.add(work, gradients, out=work)
        return float(np.add.reduce(work, axis=None)) / work.size

    def backward(self) -> None:
        """Set the gradient to (sigmoid(x) − t) / count, the sigmoid by tanh, which never overflows."""
        gradients = self._gradients
        np.multiply(self._outputs, 0.5, out=gradients)
        np.tanh(gradients, out=gradients)
        np.multiply(gradients, 0.5, out=gradients)
        np.add(gradients, 0.5, out=gradients)
        np.subtract(gradients, self.target, out=gradients)
        np.divide(gradients, gradients.size, out=gradients)

    def correct(self) -> int | None:
        """Return the same of classes; else how many samples had every output on the right side of one half."""
        if self._task is not None:
            return super().correct()
        return int(np.count_nonzero(((self._outputs > 0) == (self.target >= 0.5)).all(axis=0)))


class MSE(Loss):
    """The mean of the squared differences. y: (N, outputs), or (N,) for one output."""

    name = "mse"
    choices = (
        Choice(
            "Squared error",
            "For numbers; of classes each output is to come to 1 or 0. The gradient is small where an answer is very "
            "wrong.",
            called="squared error",
        ),
    )
    threshold = 0.5  # between the 0 and the 1 that a lone output is to come to

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Return numbers, one for each output."""
        return _check_values(target, count, outputs, dtype)

    def forward(self, target: Array) -> float:
        """Keep the differences."""
        self.target = target.T
        np.subtract(self._outputs, target.T, out=self._work)
        return float(np.vdot(self._work, self._work)) / self._work.size

    def backward(self) -> None:
        """Set the gradient to twice the difference / count."""
        np.multiply(self._work, 2 / self._work.size, out=self._gradients)


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MSE)}
