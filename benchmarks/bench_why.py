"""What the reasons of the shipped digits model are worth, and what they take: `python -m benchmarks.bench_why`."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine, on_one_thread, table
from cnn_engine.data import load_dataset
from cnn_engine.models import Model, Why, answer, shipped, why

PICTURES, CELLS, TIMED = 500, 20, 200


def remainders(model: Model, picture: NDArray[Any]) -> list[float]:
    """|sum + bias - logit| at the input and at every layer, as a part of the logit where that is more than 1."""
    found: list[Why] = [why(model, picture, layer=layer) for layer in (None, *range(len(model.layers)))]
    return [abs(one.remainder or 0.0) / max(1.0, abs(one.logit)) for one in found if one.exact]


def milliseconds(call: Callable[[], Any]) -> str:
    """The median of so many calls."""
    times = []
    for _ in range(TIMED):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return f"{1000 * float(np.median(times)):.2f} ms"


def main() -> None:
    """Print the figures."""
    model = shipped("digits")
    pictures = load_dataset("strokes").test.x[:PICTURES]
    layer = why(model, pictures[0], "grad_cam").layer
    assert layer is not None
    worst, blank, falls = 0.0, 0, []
    for index, picture in enumerate(pictures):
        worst = max(worst, *remainders(model, picture))
        blank += (why(model, picture, "grad_cam").highest or 0.0) <= 0
        reason = why(model, picture, layer=layer, largest=CELLS, seed=index)
        assert reason.largest
        assert reason.controls
        falls.append([one.fall for one in (reason.largest, reason.controls["grad_cam"], reason.controls["random"])])
    mean = np.mean(falls, axis=0)
    rows = [
        [f"the logit's mean fall without the {CELLS} largest contributions", f"{mean[0]:.2f}"],
        [f"without Grad-CAM's {CELLS}", f"{mean[1]:.2f}"],
        [f"without {CELLS} at random", f"{mean[2]:.2f}"],
        ["pictures for which Grad-CAM is blank", f"{100 * blank / len(pictures):.0f} %"],
        ["largest difference between sum + bias and the logit, at any layer", f"{worst:.0e}"],
        ["an answer with the maps of every layer", milliseconds(lambda: answer(model, pictures[0]))],
        ["contributions", milliseconds(lambda: why(model, pictures[0]))],
    ]
    print("### Why: the shipped digits model\n")
    print(table([f"{PICTURES} test pictures of strokes, layer {layer + 1} of {len(model.layers)}", ""], rows))
    print(f"\n{machine()}")


if __name__ == "__main__":
    on_one_thread("bench_why")
    main()
