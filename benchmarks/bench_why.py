"""What the reasons of the shipped models are worth, and what they take: `python -m benchmarks.bench_why`.

For up to 500 pictures that a model never learned from: whether contributions and biases add up to the logit, at the
input and at every layer; by how much the logit falls without the twenty cells that contributions, Grad-CAM and chance
name in the last layer that gives maps; and for how many pictures Grad-CAM has nothing to show. Exits non-zero where an
equation that is said to be exact is not, or where the cells that contributions name matter less than those of others.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine, on_one_thread, table
from cnn_engine.data import load_dataset
from cnn_engine.data.preparation import prepare
from cnn_engine.models import SHIPPED, Model, Why, answer, shipped, why

PICTURES, CELLS, TIMED = 500, 20, 200
EXACT = 1e-9  # of the logit, where that is more than 1

Pictures = list[NDArray[Any]]


class Worth(NamedTuple):
    """Of a model: the layer whose cells are switched off, and what became of its pictures.

    `apart` is the largest |sum + bias − logit| where that is said to be 0, and `part` the same as a part of the logit;
    `falls` has the mean fall without the cells of contributions, Grad-CAM and chance, `blank` the share for which
    Grad-CAM shows nothing.
    """

    layer: int
    apart: float
    part: float
    falls: list[float]
    blank: float


def test_pictures(name: str) -> Pictures:
    """Pictures that a model never learned from, as it receives them: of the digits, pen strokes that are prepared."""
    model = shipped(name)
    options = dict(model.dataset or {})
    test = load_dataset(
        options.pop("name"), **options | ({"train": 1, "test": PICTURES} if name == "digits" else {})
    ).test
    if not model.prepare.get("scale", False):
        return list(test.x[:PICTURES])
    return [prepare(one, dict(model.prepare), input_shape=model.input_shape).input for one in test.x[:PICTURES]]


def exact_reasons(model: Model, picture: NDArray[Any]) -> list[Why]:
    """Return the contributions at the input and at every layer, where they are said to add up."""
    found = [why(model, picture, layer=layer) for layer in (None, *range(len(model.layers)))]
    return [one for one in found if one.exact]


def worth(model: Model, pictures: Pictures) -> Worth:
    """Return what the reasons of a model are worth."""
    apart, part, blank, falls = 0.0, 0.0, 0, []
    layer = why(model, pictures[0], "grad_cam").layer
    for index, picture in enumerate(pictures):
        for one in exact_reasons(model, picture):
            gap = abs(one.remainder or 0.0)
            apart, part = max(apart, gap), max(part, gap / max(1.0, abs(one.logit)))
        blank += (why(model, picture, "grad_cam").highest or 0.0) <= 0
        reason = why(model, picture, layer=layer, largest=CELLS, seed=index)
        assert reason.largest
        assert reason.controls
        falls.append([one.fall for one in (reason.largest, reason.controls["grad_cam"], reason.controls["random"])])
    return Worth(layer or 0, apart, part, np.mean(falls, axis=0).tolist(), blank / len(pictures))


def milliseconds(call: Callable[[], Any]) -> str:
    """Return the median of so many calls."""
    times = []
    for _ in range(TIMED):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return f"{1000 * float(np.median(times)):.2f}"


def main() -> None:
    """Print the figures."""
    rows, times, wrong = [], [], []
    for name in SHIPPED:
        model, pictures = shipped(name), test_pictures(name)
        found = worth(model, pictures)
        where = f"{found.layer + 1} of {len(model.layers)}"
        falls = [f"{fall:.2f}" for fall in found.falls]
        rows.append([model.name, f"{len(pictures)}", f"{found.apart:.0e}", where, *falls, f"{100 * found.blank:.0f} %"])
        one = pictures[0]
        calls = (lambda: answer(model, one), lambda: why(model, one), lambda: why(model, one, "grad_cam"))  # noqa: B023
        times.append([model.name, *(milliseconds(call) for call in calls)])
        print(*rows[-1], *times[-1], sep=", ", file=sys.stderr, flush=True)
        if found.part > EXACT or found.falls[0] < max(found.falls[1:]):
            wrong.append(name)
    print("### Why: whether it adds up, and what the cells that it names matter\n")
    without = [f"logit's fall without {what}" for what in (f"the {CELLS} largest", "Grad-CAM's", "random ones")]
    header = ["model", "test pictures", "largest \\|sum + bias − logit\\|", "layer", *without, "Grad-CAM is blank"]
    print(table(header, rows))
    print(f"\nSums at the input and at every layer where they are exact; {CELLS} cells of the layer that is named.\n")
    print(table(["milliseconds", "an answer with all maps", "contributions", "Grad-CAM"], times))
    print(f"\n{machine()}")
    if wrong:
        sys.exit(f"what is promised does not hold: {', '.join(wrong)}")


if __name__ == "__main__":
    on_one_thread("bench_why")
    main()
