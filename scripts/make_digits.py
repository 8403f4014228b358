"""Make cnn_engine/data/digits.npz from the handwritten digits that scikit-learn carries.

    python -m pip install scikit-learn
    python -m scripts.make_digits

The file holds `levels`, (1797, 8, 8) from 0 to 16, and `labels`, in the order training, validation, test. The split
is drawn once, here, each class in its share. The same file comes out every time. Whose the digits are, and under
which terms, is in NOTICE.
"""

from __future__ import annotations

import numpy as np
from sklearn.datasets import load_digits

from cnn_engine.data.splits import stratified
from cnn_engine.data.stored import DIGITS
from scripts import npz

FILE, SIZES = DIGITS.file, DIGITS.sizes
SEED = 1998
VALIDATION, TEST = 0.1, 0.2
MOST_BYTES = 46_000


def main() -> None:
    """Write the file."""
    bunch = load_digits()
    levels, labels = bunch.images.astype(np.uint8), bunch.target.astype(np.uint8)
    if levels.shape != (1797, 8, 8) or levels.max() != DIGITS.brightest or not np.array_equal(levels, bunch.images):
        raise ValueError("these are not the 1,797 digits of 8 × 8 levels from 0 to 16")
    parts = stratified(labels, validation=VALIDATION, test=TEST, seed=SEED)
    counts = dict(zip(SIZES, map(len, parts), strict=True))
    if counts != SIZES:
        raise ValueError(f"the parts have {counts} samples where the data set says {SIZES}")
    order = np.concatenate(parts)
    npz.write(FILE, {"levels": levels[order], "labels": labels[order]})
    size = FILE.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{FILE.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{FILE.name}: {counts}, {size:,} bytes")


if __name__ == "__main__":
    main()
