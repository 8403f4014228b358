"""What a data set is: samples in three parts that are kept apart, and what there is to know about them.

The training part is learned from. The validation part tells during training how well that goes, and so what to
change. The test part is looked at once, at the end: whatever was chosen by looking at it, it no longer judges.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnn_engine.nn.criteria import OWN

Task = Literal["classification", "regression"]
Pixels = NDArray[np.float32]
Targets = NDArray[Any]
PARTS = ("train", "validation", "test")


class Part(NamedTuple):
    """Samples with their truth, as `fit` takes them.

    `x`: (N, C, H, W) float32 from 0 (black) to 1 (white). `y`: class indices (N,) int64, or targets (N, outputs)
    float32 where the task is a regression.
    """

    x: Pixels
    y: Targets

    @property
    def size(self) -> int:
        """How many samples."""
        return len(self.x)


class Skipped(NamedTuple):
    """A file that was left out of a data set, and why."""

    name: str
    why: str


@dataclass(frozen=True, eq=False)
class Dataset:
    """A data set. Its arrays are read-only: copy what is to be changed.

    `classes` are the names that class indices stand for, and none in a regression; `targets` are the names of what a
    regression predicts, and none in a classification. `provenance` says where the samples come from and on what
    terms. Of a person's own files, `skipped` lists what was left out, and `notes` what has to be said of the others.
    """

    name: str
    train: Part
    validation: Part
    test: Part
    classes: tuple[str, ...]
    input_shape: tuple[int, int, int]
    provenance: str
    task: Task = "classification"
    targets: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for part in self.parts.values():
            part.x.setflags(write=False)
            part.y.setflags(write=False)

    @property
    def parts(self) -> dict[str, Part]:
        """The three parts by name."""
        return {name: getattr(self, name) for name in PARTS}

    @property
    def sizes(self) -> dict[str, int]:
        """How many samples each part has."""
        return {name: part.size for name, part in self.parts.items()}

    @property
    def outputs(self) -> int:
        """How many outputs a network for this set has: one for each class or target."""
        return len(self.classes or self.targets)

    @property
    def loss(self) -> str:
        """The loss that fits the task, by the name that `Trainer` knows."""
        return OWN[self.task]


def pixels(levels: NDArray[Any]) -> Pixels:
    """Return grey or colour levels, whole numbers from 0 to 255, as float32 from 0 to 1."""
    return levels.astype(np.float32) / np.float32(255)
