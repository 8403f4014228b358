"""Make cnn_engine/data/clothes.npz from Fashion-MNIST, as Debian's package dataset-fashion-mnist carries it.

    apt-get install dataset-fashion-mnist
    python -m scripts.make_clothes [FOLDER]

The file holds `levels`, (7000, 28, 28) from 0 to 255, and `labels`, in the order training, validation, test: of each
class the same number, drawn once, here, from Fashion-MNIST's own training part, and for the test from its test part.
The same file comes out every time. Whose the pictures are, and under which terms, is in NOTICE.
"""

from __future__ import annotations

import gzip
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.stored import CLOTHES
from scripts import npz

FILE, SIZES, CLASSES = CLOTHES.file, CLOTHES.sizes, CLOTHES.classes
FOLDER = Path("/usr/share/datasets/fashion-mnist")
SEED = 2017
HEADS = {"images": 16, "labels": 8}  # bytes before the first value
MOST_BYTES = 4_000_000


def read(folder: Path, part: str) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Pictures (N, 28, 28) and labels (N,) of a part."""
    images, labels = (
        np.frombuffer(gzip.decompress((folder / f"{part}-{kind}-idx{axes}-ubyte.gz").read_bytes()), np.uint8, -1, head)
        for (kind, head), axes in zip(HEADS.items(), (3, 1), strict=True)
    )
    return images.reshape(-1, 28, 28), labels


def chosen(labels: NDArray[np.uint8], counts: list[int], random: np.random.Generator) -> list[NDArray[np.intp]]:
    """Return indices for parts of so many samples, each in an order of its own, with as many of each class."""
    of_class = [random.permutation(np.flatnonzero(labels == label)) for label in range(len(CLASSES))]
    parts = pairwise(np.cumsum([0, *counts]) // len(CLASSES))
    return [random.permutation(np.concatenate([drawn[first:last] for drawn in of_class])) for first, last in parts]


def main() -> None:
    """Write the file."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    random = np.random.default_rng(SEED)
    learned, held = read(folder, "train"), read(folder, "t10k")
    train, validation = chosen(learned[1], [SIZES["train"], SIZES["validation"]], random)
    (test,) = chosen(held[1], [SIZES["test"]], random)
    parts = [(learned, train), (learned, validation), (held, test)]
    levels, labels = (np.concatenate([source[which][indices] for source, indices in parts]) for which in (0, 1))
    npz.write(FILE, {"levels": levels, "labels": labels})
    size = FILE.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{FILE.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{FILE.name}: {SIZES}, {size:,} bytes")


if __name__ == "__main__":
    main()
