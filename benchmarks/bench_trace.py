"""Trace steps a second, encoded to JSON, against a plain Python loop: `python -m benchmarks.bench_trace`.

The loop does what a first version would: for each output cell a dictionary of lists, all encoded by `json`. The
trace is taken and encoded a page of steps at a time, as the server sends it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine, medians, table
from cnn_engine import trace_conv2d
from cnn_engine.words import sentences_of
from cnn_server.encoding import column, dumps

Array = NDArray[np.float64]
Values = Callable[[tuple[int, ...]], Array]

PAGE = 512
CASES = {"28 × 28 × 1": (1, 28, 9), "64 × 64 × 3": (3, 64, 3)}
FILTERS = 8
RNG = np.random.default_rng(0)
KINDS: dict[str, tuple[Values, Values]] = {
    "whole numbers": (
        lambda shape: RNG.integers(0, 256, shape).astype(np.float64),
        lambda shape: RNG.integers(-3, 4, shape).astype(np.float64),
    ),
    "fractions": (RNG.random, RNG.standard_normal),
}


def by_columns(image: Array, weight: Array, sentences: bool = False) -> list[bytes]:
    """Every step of the trace as JSON, a page at a time."""
    trace = trace_conv2d(image, weight)
    pages = []
    for start in range(0, len(trace), PAGE):
        stop = min(start + PAGE, len(trace))
        columns, messages = trace.page(start, stop) if sentences else (trace.columns(start, stop), [])
        steps: dict[str, Any] = {name: column(own) for name, own in columns.items()}
        if sentences:
            steps["description"] = [sentence for alike in messages for sentence in sentences_of(alike)]
        pages.append(dumps(steps))
    return pages


def by_loop(image: list[Any], weight: list[Any]) -> str:
    """Every step as a dictionary, by plain loops over lists: the same columns, the same order of addition."""
    steps = []
    for f in range(len(weight)):
        for row in range(len(image[0]) - 2):
            for col in range(len(image[0][0]) - 2):
                steps.append(step(image, weight[f], f, row, col))  # noqa: PERF401 - the plain loop is the point
    return json.dumps(steps)


def step(image: list[Any], kernels: list[Any], f: int, row: int, col: int) -> dict[str, Any]:
    """One step of the loop."""
    window, products, row_sums, channel_sums = [], [], [], []
    output = 0.0
    for c in range(len(kernels)):
        window.append([[image[c][row + i][col + j] for j in range(3)] for i in range(3)])
        products.append([[window[c][i][j] * kernels[c][i][j] for j in range(3)] for i in range(3)])
        row_sums.append([sum(products[c][i]) for i in range(3)])
        channel_sums.append(sum(row_sums[c]))
        output += channel_sums[c]
    return {
        "output_cell": [f, row, col],
        "position": [row, col],
        "window": window,
        "products": products,
        "row_sums": row_sums,
        "channel_sums": channel_sums,
        "bias": 0.0,
        "output": output,
    }


def row(name: str, kind: str, channels: int, size: int, rounds: int) -> list[str]:
    """One line of the table; first both are checked to agree on every output."""
    pixels, weights = KINDS[kind]
    image, weight = pixels((channels, size, size)), weights((FILTERS, channels, 3, 3))
    lists = image.tolist(), weight.tolist()
    count = len(trace_conv2d(image, weight))
    outputs = [output for page in by_columns(image, weight) for output in json.loads(page)["output"]]
    assert outputs == [one["output"] for one in json.loads(by_loop(*lists))]
    columns, loop, sentences = (
        count / seconds
        for seconds in medians(
            lambda: by_columns(image, weight),
            lambda: by_loop(*lists),
            lambda: by_columns(image, weight, sentences=True),
            rounds=rounds,
        )
    )
    return [
        f"{name}, {kind}",
        f"{count:,}",
        f"{columns:,.0f}",
        f"{loop:,.0f}",
        f"{columns / loop:.1f}×",
        f"{sentences:,.0f}",
    ]


def main() -> None:
    """Print the table."""
    header = ["input, 8 filters 3 × 3", "steps", "trace + orjson", "loop + json", "ratio", "with sentences"]
    rows = [row(name, kind, *case) for name, case in CASES.items() for kind in KINDS]
    print("### Trace steps a second, encoded to JSON\n")
    print(table(header, rows))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
