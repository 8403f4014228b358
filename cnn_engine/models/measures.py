"""What the preparation of a picture is worth to the shipped models, and what moving it costs: counted.

`scripts/measure_preparation.py` writes the file; pages, and the benchmark of the same name, tell what is in it.
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
from cnn_engine.models.learned import logits_of
from cnn_engine.models.model import Model
from cnn_engine.models.storage import FOLDER
from cnn_engine.nn.layers.base import Array

FILE = FOLDER / "preparation.json"
WAYS = ((-2, 0), (2, 0), (0, -2), (0, 2))  # down and to the right, in pixels


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
    return {name: Measured(**one) for name, one in json.loads(FILE.read_text("utf-8")).items()}


def write(found: Mapping[str, Measured]) -> None:
    """Write what was counted to the file."""
    FILE.write_text(json.dumps({name: asdict(one) for name, one in found.items()}, indent=1) + "\n", "utf-8")
