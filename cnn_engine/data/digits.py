"""The UCI handwritten digits: 1,797 of 8 × 8, in a split that never changes.

E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998). The
samples are UCI's test set, as scikit-learn carries it: digits that 13 people wrote. One person's digits may be in
more than one part, so that the test set tells how well a network reads these people, not how well it reads others.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole

FILE = Path(__file__).resolve().parent / "digits.npz"
LEVELS = 16  # the brightest pixel
CLASSES = tuple("0123456789")
INPUT_SHAPE = (1, 8, 8)
SIZES = {"train": 1259, "validation": 179, "test": 359}
PROVENANCE = (
    "E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
    "CC BY 4.0: the 1,797 digits of its test set, as scikit-learn carries them, split anew."
)


def digits(*, train: int | None = None) -> Dataset:
    """The handwritten digits.

    Args:
        train: how many training samples to keep, from the first; None for all 1,259.

    Raises:
        ParameterError: more than there are, or fewer than one.
    """
    kept = SIZES["train"] if train is None else whole(train, "train", 1)
    if kept > SIZES["train"]:
        raise ParameterError("train_exceeds_digits", "train", kept=kept, most=SIZES["train"])
    with np.load(FILE, allow_pickle=False) as file:
        x = file["levels"].reshape(-1, *INPUT_SHAPE).astype(np.float32) / np.float32(LEVELS)
        y = file["labels"].astype(np.int64)
    ends = np.cumsum([SIZES[part] for part in PARTS])
    held = slice(0, kept), slice(ends[0], ends[1]), slice(ends[1], ends[2])
    first, validation, test = (Part(x[where].copy(), y[where].copy()) for where in held)
    return Dataset(
        "digits",
        first,
        validation,
        test,
        classes=CLASSES,
        input_shape=INPUT_SHAPE,
        provenance=PROVENANCE,
    )
