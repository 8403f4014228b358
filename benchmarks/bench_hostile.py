"""What one request may cost: `python -m benchmarks.bench_hostile [PART OF A NAME]`.

Each request of `benchmarks.hostile` in a process of its own: the processor time of all its threads, and how much memory
it took beside what the server holds anyway.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from flask_openapi3.openapi import OpenAPI

from benchmarks import machine, table
from benchmarks.hostile import Hostile, ready
from cnn_server import create_app

MOST_SECONDS, MOST_MB = 1.0, 200.0
LONGEST = 15  # seconds after which one is given up
SHOWN = 8  # of the costliest


class Cost(NamedTuple):
    """Of one request: seconds of all threads, the most MB at once, the status and bytes of its answer."""

    seconds: float
    mb: float
    status: int
    length: int


def measured(name: str, app: OpenAPI, hostile: Hostile, names: Mapping[str, str]) -> Cost:
    """Return what a request costs, in a copy of this process that ends with it."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST + int(time.process_time()), resource.RLIM_INFINITY))
        try:
            numbers: Any = _sent(app, hostile, dict(names))
        except BaseException as error:
            numbers = [repr(error)]
        os.write(writing, json.dumps(numbers).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        numbers = json.loads(pipe.read() or '["no answer"]')
    os.waitpid(child, 0)
    if len(numbers) == 1:
        print(numbers[0], hostile.path, file=sys.stderr, flush=True)
        return Cost(float(LONGEST), 0.0, 0, 0)
    cost = Cost(*numbers)
    if "-v" in sys.argv:
        print(f"{cost.seconds:7.2f} s {cost.mb:7.0f} MB {cost.status} {cost.length / 1e6:7.2f} MB  {name}", flush=True)
    return cost


def _sent(app: OpenAPI, hostile: Hostile, names: dict[str, str]) -> list[float]:
    data = hostile.data()
    made = Hostile(hostile.path, (lambda: data) if data is not None else None, hostile.method, hostile.headers)
    client = app.test_client()
    Path("/proc/self/clear_refs").write_text("5")  # the most that was held counts from here on
    before, start = _memory("VmRSS"), time.process_time()
    answer = made.send(client, names)
    length = len(answer.get_data())
    seconds = time.process_time() - start
    return [seconds, _memory("VmHWM") - before, answer.status_code, length]


def _memory(name: str) -> float:
    """MB of this process, by the name that the system gives it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1024


def main(part: str = "") -> None:
    """Print the costliest, and fail where one costs more than a request may."""
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"DATA_DIR": folder, "RUN_WORKERS": 0, "RUNS_WAITING_PER_CLIENT": 100})
        names, requests = ready(app, part)
        app.extensions["runs"].stop()
        costs = {
            name: measured(name, app, hostile, names)
            for name, hostile in requests.items()
            if part in name or part in hostile.path
        }
    by_seconds = sorted(costs, key=lambda name: -costs[name].seconds)
    by_mb = sorted(costs, key=lambda name: -costs[name].mb)
    print("### Hostile requests, one at a time\n")
    rows = [
        [name, f"{costs[name].seconds:.2f}", f"{costs[name].mb:.0f}"]
        for name in dict.fromkeys([*by_seconds[:SHOWN], *by_mb[:SHOWN]])
    ]
    print(table(["the costliest", "s of CPU", "MB"], rows))
    print(f"\n{len(costs)} requests. {machine()}")
    if costs[by_seconds[0]].seconds > MOST_SECONDS or costs[by_mb[0]].mb > MOST_MB:
        sys.exit(1)


if __name__ == "__main__":
    main(*[argument for argument in sys.argv[1:] if argument != "-v"])
