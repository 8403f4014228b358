"""How well a network does on samples it has not learned from: more than one number.

`Trainer.evaluate` gives the loss and the accuracy, quickly, after each epoch. `evaluate` here says which classes are
taken for which, which samples are furthest off, and whether a probability of 0.9 means right nine times in ten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn.criteria import Criterion, check_output
from cnn_engine.nn.network import Network
from cnn_engine.nn.trainer import Trainer
from cnn_engine.pointwise import sigmoid
from cnn_engine.windows import as_array

Values = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True)
class ClassScore:
    """One class among all.

    Of the samples that were taken for the class, `precision` is the share that belongs to it: TP / (TP + FP). Of the
    `support` samples that belong to it, `recall` is the share that was found: TP / (TP + FN). Where nothing was taken
    for the class there is no precision, and where nothing belongs to it no recall: they are None, not 0.
    (T. Fawcett, An introduction to ROC analysis, 2006.)
    """

    precision: float | None
    recall: float | None
    support: int
    predicted: int


@dataclass(frozen=True)
class Mistake:
    """A sample that was taken for another class, and how probable the network held the two."""

    index: int
    true: int
    predicted: int
    probability: float
    true_probability: float


@dataclass(frozen=True)
class Bin:
    """The samples whose confidence is more than `low` and at most `high`; None where there are none."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """Whether probabilities mean what they say.

    The confidence of an answer is its probability. `bins` compare the mean confidence with the share that is right.
    `expected_error` is the expected calibration error, the mean of |accuracy − confidence| weighted by the bins'
    counts. (C. Guo and others, On Calibration of Modern Neural Networks, 2017, equations 2 to 5.)
    """

    bins: tuple[Bin, ...]
    expected_error: float


@dataclass(frozen=True, eq=False)
class Classification:
    """How a network does where right and wrong mean something.

    `confusion_matrix` (K, K): how many samples of each class, by rows, were taken for each class, by columns.
    `predicted` (N,) are the classes answered and `confidence` (N,) their probabilities. `most_confused` are the
    mistakes that the network was surest of.
    """

    loss: float
    accuracy: float
    samples: int
    confusion_matrix: Labels
    per_class: tuple[ClassScore, ...]
    most_confused: tuple[Mistake, ...]
    calibration: Calibration
    predicted: Labels
    confidence: Values
    task: ClassVar[str] = "classification"


@dataclass(frozen=True, eq=False)
class Regression:
    """How far numbers are off.

    With e the differences between truth and answer: `mse` is the mean of e², `mae` the mean of |e|. `r2`, the
    coefficient of determination, is 1 − Σ e² / Σ (truth − mean truth)²: 1 for perfect answers, 0 for always answering
    the mean; of several outputs the mean of theirs. It is None where the truth of an output never varies. `predicted`
    (N, K) are the answers. (N. Draper and H. Smith, Applied Regression Analysis, 1998.)
    """

    loss: float
    samples: int
    mse: float
    mae: float
    r2: float | None
    predicted: Values
    task: ClassVar[str] = "regression"


def evaluate(
    network: Network | Trainer,
    x: ArrayLike,
    y: ArrayLike,
    *,
    loss: str | None = None,
    task: str | None = None,
    class_weights: Sequence[float] | None = None,
    bins: int = 10,
    most_confused: int = 10,
    answers: ArrayLike | None = None,
) -> Classification | Regression:
    """Return how a network does on samples: dropout off, batch normalisation by its running statistics.

    Args:
        network: a network, or a trainer with one.
        x: (N, C, H, W).
        y: as the loss takes it.
        loss: "cross_entropy", "binary_cross_entropy" with one output (classes 0 and 1, parted at one half), or "mse";
            None for the trainer's, and without a trainer for "cross_entropy".
        task: as a `Trainer` has it; with "classification" any loss has classes to confuse. None for the trainer's.
        class_weights: as a `Trainer` has them, for the loss alone; None for the trainer's where `loss` is its own.
        bins: into how many equal parts of 0 to 1 the confidences are sorted.
        most_confused: how many mistakes to tell of at most.
        answers: (N, outputs), what the network says to these samples, where it was asked before; None to ask it.

    Raises:
        ParameterError, ShapeError: samples and truth that do not fit; a network whose outputs are not finite.
    """
    criterion = _criterion(network, loss, task, class_weights)
    network = network.network if isinstance(network, Trainer) else network
    whole(bins, "bins", 1)
    whole(most_confused, "most_confused", 0)
    samples = network.check_input(x)
    truth = criterion.check(y, len(samples), np.dtype(np.float64))
    outputs = network(samples) if answers is None else as_array(answers, "answers", (2,))
    answers = outputs.reshape(len(samples), criterion.outputs).astype(np.float64)
    if not np.isfinite(answers).all():
        raise ParameterError("network_diverged", "network")
    cost = criterion.value(answers, y)
    if criterion.task == "regression" or (criterion.task is None and criterion.name == "mse"):
        return _regression(cost, sigmoid(answers) if criterion.name == "binary_cross_entropy" else answers, truth)
    if criterion.task is None and criterion.name == "binary_cross_entropy" and criterion.outputs != 1:
        raise ParameterError("nothing_to_confuse", "loss", outputs=criterion.outputs)
    judged = criterion.probabilities(answers), criterion.predicted(answers), criterion.labels(truth)
    return _classification(cost, *judged, bins, most_confused)


def _criterion(
    network: Network | Trainer, loss: str | None, task: str | None, class_weights: Sequence[float] | None
) -> Criterion:
    """Return what is asked for, and of the rest what the trainer has."""
    if isinstance(network, Trainer):
        own = network.criterion
        if loss is None or loss == own.name:
            loss, class_weights = own.name, own.class_weights if class_weights is None else class_weights
        task, network = own.task if task is None else task, network.network
    weights = None if class_weights is None else tuple(class_weights)
    return Criterion(loss or "cross_entropy", check_output(network.output_shape), task, weights)


def _classification(
    loss: float, probabilities: Values, predicted: Labels, labels: Labels, bins: int, most_confused: int
) -> Classification:
    rows = np.arange(len(labels))
    confidence = probabilities[rows, predicted]
    matrix = confusion_matrix(labels, predicted, probabilities.shape[1])
    wrong = np.flatnonzero(predicted != labels)
    surest = wrong[np.argsort(-confidence[wrong], kind="stable")][:most_confused]
    mistakes = zip(
        surest,
        labels[surest],
        predicted[surest],
        confidence[surest],
        probabilities[surest, labels[surest]],
        strict=True,
    )
    return Classification(
        loss=loss,
        accuracy=accuracy_of(matrix),
        samples=len(labels),
        confusion_matrix=matrix,
        per_class=_per_class(matrix),
        most_confused=tuple(Mistake(*(value.item() for value in mistake)) for mistake in mistakes),
        calibration=_calibration(confidence, predicted == labels, bins),
        predicted=predicted,
        confidence=confidence,
    )


def accuracy_of(matrix: Labels) -> float:
    """Return the share of the samples that lies on a confusion matrix's diagonal."""
    return float(matrix.trace() / matrix.sum())


def confusion_matrix(true: Labels, predicted: Labels, classes: int) -> Labels:
    """Return how often each true class, by rows, was taken for each class, by columns: (classes, classes)."""
    counts = np.bincount(true * classes + predicted, minlength=classes * classes)
    return counts.reshape(classes, classes).astype(np.int64)


def _per_class(matrix: Labels) -> tuple[ClassScore, ...]:
    right, support, predicted = matrix.diagonal().tolist(), matrix.sum(axis=1).tolist(), matrix.sum(axis=0).tolist()
    return tuple(
        ClassScore(hits / taken if taken else None, hits / there if there else None, there, taken)
        for hits, there, taken in zip(right, support, predicted, strict=True)
    )


def _calibration(confidence: Values, right: NDArray[np.bool_], bins: int) -> Calibration:
    edges = np.linspace(0, 1, bins + 1)
    bin_of = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, bins - 1)
    filled, error = [], 0.0
    for number in range(bins):
        inside = bin_of == number
        count = int(np.count_nonzero(inside))
        sure, hit = (float(values[inside].mean()) for values in (confidence, right)) if count else (None, None)
        if sure is not None and hit is not None:
            error += count / len(confidence) * abs(hit - sure)
        filled.append(Bin(float(edges[number]), float(edges[number + 1]), count, sure, hit))
    return Calibration(tuple(filled), error)


def _regression(loss: float, answers: Values, truth: Any) -> Regression:
    errors = truth - answers
    mse = float((errors**2).mean())
    spread = ((truth - truth.mean(axis=0)) ** 2).sum(axis=0)
    r2 = float((1 - (errors**2).sum(axis=0) / spread).mean()) if (np.ptp(truth, axis=0) > 0).all() else None
    return Regression(loss, samples=len(truth), mse=mse, mae=float(np.abs(errors).mean()), r2=r2, predicted=answers)
