"""What the preparation of a picture is worth to the shipped models, what moving it costs, and *I don't know*: counted.

`scripts/measure_preparation.py` and `scripts/measure_certainty.py` write the files; pages and benchmarks tell what is
in them. A model that says that it does not know answers only where it is certain enough.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.preparation import moved
from cnn_engine.errors import ShapeError
from cnn_engine.models.learned import logits_of
from cnn_engine.models.model import Model
from cnn_engine.models.storage import FOLDER
from cnn_engine.nn.layers.base import Array
from cnn_engine.pointwise import softmax

PREPARATION, CERTAINTY = FOLDER / "preparation.json", FOLDER / "certainty.json"
THRESHOLDS = np.arange(101) / 100
WAYS = ((-2, 0), (2, 0), (0, -2), (0, 2))  # down and to the right, in pixels
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Measured:
    """How many of some pictures that a model never learned from it gets right.

    Attributes:
        total: how many there are.
        right: as the model receives them.
        moved: the same, moved in each of `WAYS`.
        without: with one step of the preparation left out, by its name; nothing where that was not measured.
    """

    total: int
    right: int
    moved: Sequence[int]
    without: Mapping[str, int]

    @property
    def read(self) -> float:
        """The share that is right."""
        return self.right / self.total

    @property
    def read_moved(self) -> float:
        """The share that is right where they are moved: the mean of all ways."""
        return sum(self.moved) / (len(self.moved) * self.total)

    @property
    def read_without(self) -> dict[str, float]:
        """The share that is right without a step, by its name."""
        return {step: count / self.total for step, count in self.without.items()}


def measured(
    model: Model, pictures: Array, labels: NDArray[Any], others: Mapping[str, Array] | None = None
) -> Measured:
    """Count on pictures (N, ...) with the numbers of their classes (N,).

    Args:
        model: a `Model`.
        pictures: as the model receives them.
        labels: what is true of them.
        others: the same pictures with a step of the preparation left out, by its name.
    """

    def right(given: Array) -> int:
        return count_right(model, given, labels)

    ways = [right(np.stack([moved(one, *way) for one in pictures])) for way in WAYS]
    left_out = {step: right(given) for step, given in (others or {}).items()}
    return Measured(len(labels), right(pictures), ways, left_out)


def count_right(model: Model, pictures: Array, labels: NDArray[Any]) -> int:
    """Return how many pictures (N, ...) a model gets right."""
    return int(np.count_nonzero(logits_of(model, pictures).argmax(axis=1) == labels))


@cache
def shipped_measures() -> dict[str, Measured]:
    """Return what was counted for the models that are shipped, by name."""
    return {name: Measured(**one) for name, one in json.loads(PREPARATION.read_text("utf-8")).items()}


def write(found: Mapping[str, Measured]) -> None:
    """Write what was counted to the file."""
    PREPARATION.write_text(json.dumps({name: asdict(one) for name, one in found.items()}, indent=1) + "\n", "utf-8")


# ---- certainty


@dataclass(frozen=True)
class Certainty:
    """What becomes of some pictures when answers need a largest probability of at least each of `THRESHOLDS`.

    Attributes:
        total: how many pictures.
        answered, right: (101,), how many of them are answered then, and how many of those answers are right.
    """

    total: int
    answered: Counts
    right: Counts

    @property
    def kept(self) -> list[float]:
        """The share that is answered."""
        return [int(count) / self.total for count in self.answered]

    @property
    def accuracy(self) -> list[float | None]:
        """The share of the answers that is right; None where nothing is answered."""
        pairs = zip(self.right, self.answered, strict=True)
        return [int(right) / int(answered) if answered else None for right, answered in pairs]


def certainty(model: Model, pictures: Array, labels: Array) -> Certainty:
    """Return what thresholds cost on pictures (N, ...) with the numbers of their classes (N,).

    Raises:
        ShapeError: the pictures are not as the model takes them, or not as many as the labels.
    """
    if not len(pictures) or len(pictures) != len(labels):
        raise ShapeError("pictures_and_labels", "labels", pictures=len(pictures), labels=len(labels))
    with np.errstate(all="ignore"):
        likely = softmax(logits_of(model, pictures))
    largest, correct = np.nan_to_num(likely.max(axis=1), nan=0.0), likely.argmax(axis=1) == labels
    answered = largest >= THRESHOLDS[:, None]
    return Certainty(len(pictures), answered.sum(axis=1), (answered & correct).sum(axis=1))


@cache
def shipped_certainty() -> dict[str, Certainty]:
    """Return what was measured of the models that are shipped, by name."""
    return {
        name: Certainty(one["total"], np.array(one["answered"]), np.array(one["right"]))
        for name, one in json.loads(CERTAINTY.read_text("utf-8")).items()
    }
