"""What an answer of a trace costs and weighs: `python -m benchmarks.bench_answers [--beside CHECKOUT]`.

The application answers in this process, packed as browsers take it, other numbers each time: what a page asks for as it
opens, with all that it shows of a trace, and a page of 512 steps by themselves. With --beside the same is measured of
another checkout, which may be older than the parts that are asked for: it then answers without them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from werkzeug.test import TestResponse

from benchmarks import machine, table
from cnn_server import create_app

ROOT = Path(__file__).resolve().parent.parent
MEASURE = "--measure"

PARTS = ["card", "links", "messages"]
KERNEL = [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
TURNS, ROUNDS, AT_ONCE = 3, 3, 20
# The operation, the size of its input, its other arguments, how many steps are asked for, and whether as a page opens.
CASES: dict[str, tuple[str, int, dict[str, Any], int, bool]] = {
    "conv2d as its page opens": ("conv2d", 7, {"weight": KERNEL, "padding": 1}, 128, True),
    "max_pool2d as its page opens": ("max_pool2d", 6, {"kernel_size": 2, "stride": 2}, 128, True),
    "conv2d, 512 steps": ("conv2d", 28, {"weight": KERNEL}, 512, False),
    "max_pool2d, 512 steps": ("max_pool2d", 32, {"kernel_size": 3, "stride": 1}, 512, False),
}


def body(size: int, options: dict[str, Any], count: int, seed: int) -> dict[str, Any]:
    """Return a request with numbers of its own."""
    values = np.random.default_rng(seed).integers(-9, 10, (size, size)).tolist()
    return {"input": values, **options, "steps": {"start": 0, "count": count}}


def measured() -> dict[str, tuple[float, float]]:
    """Of each case the milliseconds of CPU and the bytes of an answer, by the application that is imported."""
    client = create_app({"RUN_WORKERS": 0}).test_client()

    def post(operation: str, given: dict[str, Any]) -> TestResponse:
        return client.post(f"/api/trace/{operation}", json=given, headers={"Accept-Encoding": "br"})

    found = {}
    for name, (operation, size, options, count, opens) in CASES.items():
        more: dict[str, Any] = {"parts": PARTS} if opens else {"tensors": []}
        if post(operation, body(size, options, count, 0) | more).status_code != HTTPStatus.OK:
            more = {}
        spent, weighed = [], []
        for turn in range(ROUNDS):
            bodies = [body(size, options, count, AT_ONCE * turn + seed) | more for seed in range(AT_ONCE)]
            began = time.process_time()
            answers = [post(operation, given) for given in bodies]
            spent.append((time.process_time() - began) * 1000 / AT_ONCE)
            weighed += [len(answer.data) for answer in answers]
        found[name] = median(spent), median(weighed)
    return found


def measured_in(checkout: Path) -> dict[str, tuple[float, float]]:
    """Return the same by the application of a checkout, in a process of its own."""
    command = [sys.executable, __file__, MEASURE]
    environment = os.environ | {"PYTHONPATH": str(checkout)}
    printed = subprocess.run(command, cwd=checkout, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, tuple[float, float]] = json.loads(printed.stdout)
    return found


def main(others: Sequence[str]) -> None:
    """Print the table."""
    checkouts = [ROOT, *(Path(other).resolve() for other in others)]
    turns = [[measured_in(checkout) for checkout in checkouts] for _ in range(TURNS)]
    names = ["", *(f"{path.name}: " for path in checkouts[1:])]
    header = ["answer", *(f"{name}{what}" for name in names for what in ("ms of CPU", "bytes"))]
    rows = [[case] for case in CASES]
    for own in zip(*turns, strict=True):
        for cells in rows:
            spent, weighed = (median(turn[cells[0]][part] for turn in own) for part in (0, 1))
            cells += [f"{spent:.2f}", f"{weighed:,.0f}"]
    print("### Answers of traces, packed by Brotli\n")
    print(table(header, rows))
    print(f"\nWith the card, the links and the messages as pages open; 512 steps alone. {machine()}")


if __name__ == "__main__":
    if sys.argv[1:] == [MEASURE]:
        print(json.dumps(measured()))
    else:
        main(sys.argv[2:] if sys.argv[1:2] == ["--beside"] else [])
