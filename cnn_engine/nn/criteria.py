"""Losses with the last activation in one: what a network's outputs [output, sample] cost, and the gradient by them.

PyTorch's means: cross-entropy over the samples, the other two over every output of every sample. The formulas are
those of `cnn_engine.losses`; here each works in buffers that are made once for a batch size.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.errors import shape_text
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.nn.options import one_of, positive
from cnn_engine.pointwise import sigmoid, softmax


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
        """The gradient by the outputs."""

    def correct(self) -> int | None:
        """Return how many samples the last forward pass took for their class, where the truth is a class."""
        if self._task != "classification":
            return None
        return int(np.count_nonzero(chosen(self._outputs, self.threshold) == chosen(self.target, 0.5)))


def chosen(outputs: Array, threshold: float) -> Array:
    """The class of each sample from [output, sample]: the largest output's, or by which side a lone one lies on."""
    if len(outputs) > 1:
        return np.asarray(outputs.argmax(axis=0))
    return np.asarray(outputs[0] > threshold, np.intp)


def _as_array(target: ArrayLike) -> Array:
    try:
        return np.asarray(target)
    except ValueError as error:  # NumPy's word for rows of different lengths
        raise ShapeError("ragged", "y", name="y") from error


def _check_values(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
    values = _as_array(target)
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
    choices = (Choice("Cross-entropy", "For classes: minus the logarithm of the true class's share, by softmax."),)

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
        """Whole numbers from 0 to outputs − 1, one a sample."""
        labels = _as_array(target)
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
        """(softmax − 1 for the true class) · w / Σ w."""
        np.multiply(self._work, self._shares, out=self._gradients)
        self._flat_gradients[self._flat] -= self._shares


class BinaryCrossEntropy(Loss):
    """Sigmoid and binary cross-entropy in one: max(x, 0) − x t + log(1 + exp(−|x|)). y: 0 to 1, (N, outputs)."""

    name = "binary_cross_entropy"
    choices = (Choice("Binary cross-entropy", "A yes or no for each output alone, by the sigmoid."),)

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Fractions, one for each output."""
        values = _check_values(target, count, outputs, dtype)
        if not ((values >= 0) & (values <= 1)).all():
            wrong = values[~((values >= 0) & (values <= 1))][0]
            raise ParameterError("y_not_from_0_to_1", "y", wrong=wrong)
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

    def correct(self) -> int | None:
        """Of classes as any loss; else how many samples had every output on the right side of one half."""
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
        ),
    )
    threshold = 0.5  # between the 0 and the 1 that a lone output is to come to

    @staticmethod
    def check(target: ArrayLike, count: int, outputs: int, dtype: np.dtype[Any]) -> Array:
        """Numbers, one for each output."""
        return _check_values(target, count, outputs, dtype)

    def forward(self, target: Array) -> float:
        """The differences are kept."""
        self.target = target.T
        np.subtract(self._outputs, target.T, out=self._work)
        return float(np.vdot(self._work, self._work)) / self._work.size

    def backward(self) -> None:
        """Twice the difference / count."""
        np.multiply(self._work, 2 / self._work.size, out=self._gradients)


LOSSES: dict[str, type[Loss]] = {loss.name: loss for loss in (CrossEntropy, BinaryCrossEntropy, MSE)}
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
        """(N, classes) from answers (N, outputs): what the loss takes them for. By mse they are shares themselves."""
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
