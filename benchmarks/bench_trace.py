"""Trace steps a second, encoded to JSON, against a plain Python loop: `python -m benchmarks.bench_trace`.

The loop does what a first version would: for each output cell a dictionary of lists, all encoded by `json`. The
trace is taken and encoded a page of steps at a time, as the server sends it.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import machine, medians, table
from cnn_engine import trace_conv2d
from cnn_server.encoding import dumps

Array = NDArray[np.float64]

PAGE = 512
CASES = {"28 × 28 × 1": (1, 28, 7), "64 × 64 × 3": (3, 64, 3)}
FILTERS = 8


def by_columns(image: Array, weight: Array, sentences: bool = False) -> list[bytes]:
    """Every step of the trace as JSON, a page at a time."""
    trace = trace_conv2d(image, weight)
    pages = []
    for start in range(0, len(trace), PAGE):
        stop = min(start + PAGE, len(trace))
        steps: dict[str, Any] = dict(trace.columns(start, stop))
        if sentences:
            steps["description"] = trace.descriptions(start, stop)
        pages.append(dumps(steps))
    return pages


def by_loop(image: list[Any], weight: list[Any]) -> str:
    """Every step as a dictionary, built by plain loops over lists; the same columns, the same order of addition."""
    rows, cols = len(image[0]) - 2, len(image[0][0]) - 2
    steps = [
        step(image, kernels, (f, row, col))
        for f, kernels in enumerate(weight)
        for row in range(rows)
        for col in range(cols)
    ]
    return json.dumps(steps)


def step(image: list[Any], kernels: list[Any], cell: tuple[int, int, int]) -> dict[str, Any]:
    """One step of the loop."""
    _, row, col = cell
    window = [[line[col : col + 3] for line in channel[row : row + 3]] for channel in image]
    products = [
        [[value * w for value, w in zip(*lines, strict=True)] for lines in zip(*channel, strict=True)]
        for channel in zip(window, kernels, strict=True)
    ]
    row_sums = [[sum(line) for line in channel] for channel in products]
    channel_sums = [sum(channel) for channel in row_sums]
    return {
        "output_cell": list(cell),
        "position": [row, col],
        "window": window,
        "products": products,
        "row_sums": row_sums,
        "channel_sums": channel_sums,
        "bias": 0.0,
        "output": sum(channel_sums),
    }


def row(name: str, channels: int, size: int, rounds: int) -> list[str]:
    """One line of the table; first both are checked to agree on every output."""
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (channels, size, size)) / 256
    weight = rng.integers(-128, 128, (FILTERS, channels, 3, 3)) / 128
    lists = image.tolist(), weight.tolist()
    count = len(trace_conv2d(image, weight))
    pages = [json.loads(page)["output"] for page in by_columns(image, weight)]
    assert sum(pages, []) == [one["output"] for one in json.loads(by_loop(*lists))]
    columns, loop, sentences = (
        count / seconds
        for seconds in medians(
            lambda: by_columns(image, weight),
            lambda: by_loop(*lists),
            lambda: by_columns(image, weight, sentences=True),
            rounds=rounds,
        )
    )
    return [name, f"{count:,}", f"{columns:,.0f}", f"{loop:,.0f}", f"{columns / loop:.1f}×", f"{sentences:,.0f}"]


def main() -> None:
    """Print the table."""
    header = ["input, 8 filters 3 × 3", "steps", "trace + orjson", "loop + json", "ratio", "with sentences"]
    rows = [row(name, *case) for name, case in CASES.items()]
    print("### Trace steps a second, encoded to JSON\n")
    print(table(header, rows))
    print(f"\n{machine()}")


if __name__ == "__main__":
    main()
