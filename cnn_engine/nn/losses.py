"""Losses with the last activation in one: what a network's outputs [output, sample] cost, and the gradient by them.

PyTorch's means: cross-entropy over the samples, the other two over every output of every sample. The formulas are
those of `cnn_engine.losses`; here each works in buffers that are made once for a batch size.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.nn.errors import told_shape
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.wording import plural, shortest


class Loss(ABC):
    """A loss laid out for one batch size: `outputs` are read, `gradients` are written."""

    name: ClassVar[str]

    def __init__(self, outputs: Array, gradients: Array) -> None:
        self._outputs, self._gradients = outputs, gradients
        self._work = np.empty_like(outputs)
        self.classes, self.batch = outputs.shape
        self.target: Any = None

    @staticmethod
    @abstractmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """The truth for `count` samples in the form that `forward` takes, or an error."""

    @abstractmethod
    def forward(self, target: Array) -> float:
        """The loss; what `backward` needs is kept."""

    @abstractmethod
    def backward(self) -> None:
        """The gradient by the outputs."""

    def correct(self) -> int | None:
        """How many samples the last forward pass had right, where right and wrong mean something."""
        return None


def _as_array(target: ArrayLike) -> Array:
    try:
        return np.asarray(target)
    except ValueError as error:  # NumPy's word for rows of different lengths
        raise ShapeError("y is ragged: its rows have different lengths", "y") from error


def _check_values(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
    values = _as_array(target)
    if values.dtype.kind not in "fiub":
        raise ParameterError(f"y must hold real numbers, not {values.dtype}", "y")
    if values.shape not in ({(count, outputs), (count,)} if outputs == 1 else {(count, outputs)}):
        raise ShapeError(f"y of shape {values.shape} must have shape {(count, outputs)}: a value for each output", "y")
    with np.errstate(over="ignore"):  # found out in the next line
        taken = values.astype(dtype, copy=False)
    if not np.isfinite(taken).all():
        raise ParameterError(f"y holds {shortest(values[~np.isfinite(taken)][0])}, which is no finite {dtype}", "y")
    return taken.reshape(count, outputs)


class CrossEntropy(Loss):
    """Softmax and cross-entropy in one: −log softmax of the true class. y: class indices (N,)."""

    name = "cross_entropy"

    def __init__(self, outputs: Array, gradients: Array) -> None:
        super().__init__(outputs, gradients)
        self._column, self._chosen = np.empty((2, self.batch), outputs.dtype)
        self._samples, self._flat = np.arange(self.batch), np.empty(self.batch, np.intp)
        self._flat_work, self._flat_gradients = self._work.reshape(-1), gradients.reshape(-1)
        self._ones = np.ones(self.classes, outputs.dtype), np.ones(self.batch, outputs.dtype)
        self._best, self._right = np.empty(self.batch, np.intp), np.empty(self.batch, bool)
        self._size, self._share = np.array(self.batch), np.array(1 / self.batch, outputs.dtype)

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Whole numbers from 0 to outputs − 1, one a sample."""
        labels = _as_array(target)
        if labels.dtype.kind not in "iu":
            raise ParameterError(f"y must hold class indices, whole numbers, not {labels.dtype}", "y")
        if labels.shape != (count,):
            raise ShapeError(
                f"y of shape {labels.shape} must have one class index for each of {plural(count, 'sample')}", "y"
            )
        indices = labels.astype(np.intp, copy=False)  # a uint8 could not count to classes · batch
        if np.maximum.reduce(indices.view(np.uintp)) >= outputs:  # seen so, what is negative is large
            wrong = labels[(labels < 0) | (labels >= outputs)][0]
            raise ParameterError(f"y holds class {wrong} where the network has classes 0 to {outputs - 1}", "y")
        return indices

    def forward(self, target: Array) -> float:
        """The maximum is subtracted first, which changes nothing but overflow."""
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
        """(softmax − 1 for the true class) / N."""
        np.multiply(self._work, self._share, out=self._gradients)
        self._flat_gradients[self._flat] -= self._share

    def correct(self) -> int:
        """How often the largest output was the true class."""
        self._outputs.argmax(axis=0, out=self._best)
        np.equal(self._best, self.target, out=self._right)
        return int(np.count_nonzero(self._right))


class BinaryCrossEntropy(Loss):
    """Sigmoid and binary cross-entropy in one: max(x, 0) − x t + log(1 + exp(−|x|)). y: 0 to 1, (N, outputs)."""

    name = "binary_cross_entropy"

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Fractions, one for each output."""
        values = _check_values(target, count, outputs, dtype)
        if not ((values >= 0) & (values <= 1)).all():
            wrong = values[~((values >= 0) & (values <= 1))][0]
            raise ParameterError(f"y holds {shortest(wrong)}, which is not from 0 to 1", "y")
        return values

    def forward(self, target: Array) -> float:
        """Without the logarithm of a probability that may have become 0; the small term is added last, to be kept."""
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
        """(sigmoid(x) − t) / count, the sigmoid by tanh, which never overflows."""
        gradients = self._gradients
        np.multiply(self._outputs, 0.5, out=gradients)
        np.tanh(gradients, out=gradients)
        np.multiply(gradients, 0.5, out=gradients)
        np.add(gradients, 0.5, out=gradients)
        np.subtract(gradients, self.target, out=gradients)
        np.divide(gradients, gradients.size, out=gradients)

    def correct(self) -> int:
        """How many samples had every output on the right side of one half."""
        return int(np.count_nonzero(((self._outputs > 0) == (self.target >= 0.5)).all(axis=0)))


class MSE(Loss):
    """The mean of the squared differences. y: (N, outputs), or (N,) for one output."""

    name = "mse"

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Numbers, one for each output."""
        return _check_values(target, count, outputs, dtype)

    def forward(self, target: Array) -> float:
        """The differences are kept."""
        np.subtract(self._outputs, target.T, out=self._work)
        return float(np.vdot(self._work, self._work)) / self._work.size

    def backward(self) -> None:
        """Twice the difference / count."""
        np.multiply(self._work, 2 / self._work.size, out=self._gradients)


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MSE)}


def check_output(shape: Shape) -> int:
    """How many outputs a network has for a loss: (K,) or (K, 1, 1), and nothing wider."""
    if len(shape) == 3 and shape[1:] != (1, 1):
        raise ShapeError(
            f"the network ends in {told_shape(shape)}, and a loss needs one value for each output: end with flatten, "
            "linear or global pooling",
            "architecture",
        )
    return math.prod(shape)
