"""*I don't know*: a model that answers only where it is certain enough, and what that costs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ShapeError
from cnn_engine.models.learned import logits_of
from cnn_engine.models.model import Model
from cnn_engine.models.storage import FOLDER
from cnn_engine.nn.layers.base import Array
from cnn_engine.pointwise import softmax

FILE = FOLDER / "certainty.json"
THRESHOLDS = np.arange(101) / 100
Counts = NDArray[np.int64]


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
        for name, one in json.loads(FILE.read_text("utf-8")).items()
    }
