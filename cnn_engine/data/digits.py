"""The UCI handwritten digits: 1,797 of 8 × 8, in a split that never changes.

E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository (1998). The
samples are UCI's test set, as scikit-learn carries it: digits that 13 people wrote. One person's digits may be in
more than one part, so that the test set tells how well a network reads these people, not how well it reads others.
"""

from __future__ import annotations

from pathlib import Path

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.stored import StoredPictures

FILE = Path(__file__).resolve().parent / "digits.npz"
LEVELS = 16  # the brightest pixel
CLASSES = tuple("0123456789")
INPUT_SHAPE = (1, 8, 8)
SIZES = {"train": 1259, "validation": 179, "test": 359}
PROVENANCE = (
    "E. Alpaydin and C. Kaynak (1998), Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, "
    "CC BY 4.0: the 1,797 digits of its test set, as scikit-learn carries them, split anew."
)
STORED = StoredPictures("digits", FILE, LEVELS, INPUT_SHAPE, CLASSES, SIZES, PROVENANCE)


def digits(*, train: int | None = None) -> Dataset:
    """The handwritten digits.

    Args:
        train: how many training samples to keep, from the first; None for all 1,259.

    Raises:
        ParameterError: more than there are, or fewer than one.
    """
    return STORED.load(train)
