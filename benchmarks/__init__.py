"""Where the README's figures come from: each module prints Markdown tables.

`python -m benchmarks.bench_trace` and so on. Times are medians of one run in one process; what is compared takes
turns, so that a busy moment of the machine falls on both.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable, Sequence
from statistics import median

import numpy as np


def medians(*blocks: Callable[[], object], rounds: int) -> list[float]:
    """Median seconds of each block over `rounds` rounds, the blocks taking turns; a first round is not counted."""
    times: list[list[float]] = [[] for _ in blocks]
    for round_number in range(rounds + 1):
        for block, taken in zip(blocks, times, strict=True):
            start = time.perf_counter()
            block()
            if round_number:
                taken.append(time.perf_counter() - start)
    return [median(taken) for taken in times]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, its first column text and the others numbers."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (header, rule, *rows))


def machine() -> str:
    """Return what the figures were measured on, in a line."""
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()} {platform.machine()}, "
        f"{os.cpu_count()} cores; medians of one run."
    )


def on_one_thread(module: str, package: str = "benchmarks") -> None:
    """Begin anew with one thread for NumPy's matrix products, which is settled when NumPy is loaded."""
    if "OPENBLAS_NUM_THREADS" not in os.environ:
        one = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        os.execve(sys.executable, [sys.executable, "-m", f"{package}.{module}", *sys.argv[1:]], one)
