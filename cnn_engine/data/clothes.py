"""Clothes: 7,000 pictures of Fashion-MNIST, 28 × 28, as many of each kind.

H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a Novel Image Dataset for Benchmarking Machine Learning Algorithms
(2017). The training and the validation part are from its 60,000 training pictures, the test part from its test part.
"""

from __future__ import annotations

from pathlib import Path

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.stored import StoredPictures

FILE = Path(__file__).resolve().parent / "clothes.npz"
CLASSES = (
    *("T-shirt", "trousers", "pullover", "dress", "coat"),
    *("sandal", "shirt", "sneaker", "bag", "ankle boot"),
)
INPUT_SHAPE = (1, 28, 28)
SIZES = {"train": 5000, "validation": 1000, "test": 1000}
PROVENANCE = (
    "H. Xiao, K. Rasul and R. Vollgraf (2017), Fashion-MNIST, Zalando SE, MIT License: 600 pictures of each kind from "
    "its training part, 100 from its test part."
)
STORED = StoredPictures("clothes", FILE, 255, INPUT_SHAPE, CLASSES, SIZES, PROVENANCE)


def clothes(*, train: int | None = None) -> Dataset:
    """Clothes, shoes and bags.

    Args:
        train: how many training samples to keep, from the first; None for all 5,000.

    Raises:
        ParameterError: more than there are, or fewer than one.
    """
    return STORED.load(train)
