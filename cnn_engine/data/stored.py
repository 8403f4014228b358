"""Data sets that are shipped as a file, in a split that never changes.

DIGITS are the UCI handwritten digits, 1,797 of 8 × 8 (E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten
Digits, UCI Machine Learning Repository, 1998). The samples are UCI's test set, as scikit-learn carries it: digits that
13 people wrote. One person's digits may be in more than one part, so that the test set tells how well a network reads
these people, not how well it reads others.

CLOTHES are 7,000 pictures of Fashion-MNIST, as many of each kind (H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a
Novel Image Dataset for Benchmarking Machine Learning Algorithms, 2017). The training and the validation part are from
its 60,000 training pictures, the test part from its test part.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole


@dataclass(frozen=True, eq=False)
class StoredPictures:
    """An `.npz` with `levels` (N, H, W) of grey and `labels` (N,), in the order training, validation, test.

    `brightest` is the level of white, and `sizes` says how many samples each part has.
    """

    name: str
    brightest: int
    input_shape: tuple[int, int, int]
    classes: tuple[str, ...]
    sizes: dict[str, int]
    provenance: str

    @property
    def file(self) -> Path:
        """The file, called as the data set."""
        return Path(__file__).resolve().parent / f"{self.name}.npz"

    def load(self, *, train: int | None = None) -> Dataset:
        """Return the data set with so many samples to learn from, the first ones; None for all.

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


DIGITS = StoredPictures(
    "digits",
    16,
    (1, 8, 8),
    tuple("0123456789"),
    {"train": 1259, "validation": 179, "test": 359},
    "E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
    "CC BY 4.0: the 1,797 digits of its test set, as scikit-learn carries them, split anew.",
)
CLOTHES = StoredPictures(
    "clothes",
    255,
    (1, 28, 28),
    ("T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"),
    {"train": 5000, "validation": 1000, "test": 1000},
    "H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST, Zalando SE, MIT License: 600 pictures of each kind from "
    "its training part, 100 from its test part.",
)
