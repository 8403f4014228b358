"""Data sets that are shipped as a file, in a split that never changes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole


@dataclass(frozen=True)
class StoredPictures:
    """An `.npz` with `levels` (N, H, W) of grey and `labels` (N,), in the order training, validation, test.

    `brightest` is the level of white, and `sizes` says how many samples each part has.
    """

    name: str
    file: Path
    brightest: int
    input_shape: tuple[int, int, int]
    classes: tuple[str, ...]
    sizes: dict[str, int]
    provenance: str

    def load(self, train: int | None) -> Dataset:
        """Return the data set with so many samples to learn from, the first ones, or with all.

        Raises:
            ParameterError: more than there are, or fewer than one.
        """
        kept = self.sizes["train"] if train is None else whole(train, "train", 1)
        if kept > self.sizes["train"]:
            raise ParameterError("train_exceeds_samples", "train", kept=kept, most=self.sizes["train"], name=self.name)
        with np.load(self.file, allow_pickle=False) as file:
            levels, labels = file["levels"].reshape(-1, *self.input_shape), file["labels"]
        ends = np.cumsum([self.sizes[part] for part in PARTS])
        held = slice(0, kept), slice(ends[0], ends[1]), slice(ends[1], ends[2])
        first, validation, test = (
            Part(levels[where].astype(np.float32) / np.float32(self.brightest), labels[where].astype(np.int64))
            for where in held
        )
        return Dataset(
            self.name,
            first,
            validation,
            test,
            classes=self.classes,
            input_shape=self.input_shape,
            provenance=self.provenance,
        )
