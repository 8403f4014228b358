"""What the costliest pictures take: the most CPU time and memory of any upload.

`python -m benchmarks.bench_pictures` prints a table, each picture in a process of its own; `--quick` sends those that
are quickly made to one process. Linux alone says how much memory a process had at the most.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask

from benchmarks.hostile_pictures import HOSTILE, MB, QUICKLY_MADE
from cnn_server import create_app


class Cost(NamedTuple):
    """Seconds of CPU time and MB at the peak that one upload took, and the status of its answer."""

    seconds: float
    megabytes: float
    status: int


def measure(name: str) -> Cost:
    """Send one hostile picture to an application in a new process, which has not made it and so begins small."""
    command = [sys.executable, "-m", "benchmarks.bench_pictures", "-"]
    done = subprocess.run(command, input=HOSTILE[name](), capture_output=True, check=True)
    return Cost(*json.loads(done.stdout.splitlines()[-1]))


def upload(picture: bytes) -> Cost:
    """Post a picture to an application in this process."""
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    form = head + picture + b"\r\n--edge--\r\n"
    client = application().test_client()
    client.get("/api/images/none")
    Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak begins anew
    before, start = _peak(), time.process_time()
    answer = client.post("/api/images", data=form, content_type="multipart/form-data; boundary=edge")
    return Cost(time.process_time() - start, (_peak() - before) / MB, answer.status_code)


@cache
def application() -> Flask:
    """The application that all of a process are sent to."""
    return create_app({"RUN_WORKERS": 0})


def _peak() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def main(*, quick: bool) -> None:
    """Print what each took, and the most of all."""
    costs = {}
    for name in QUICKLY_MADE if quick else HOSTILE:
        cost = costs[name] = upload(HOSTILE[name]()) if quick else measure(name)
        print(f"{name:42} {cost.status}  {cost.seconds:6.2f} s  {cost.megabytes:6.0f} MB", flush=True)
    seconds = max(cost.seconds for cost in costs.values())
    print(f"at the most: {seconds:.2f} s, {max(cost.megabytes for cost in costs.values()):.0f} MB")


if __name__ == "__main__":
    if "-" in sys.argv:
        print(json.dumps(upload(sys.stdin.buffer.read())))
    else:
        main(quick="--quick" in sys.argv)
