"""What the costliest pictures take: the most CPU time and memory of any upload.

`python -m benchmarks.bench_pictures` prints a table, each picture in a process of its own; `--quick` sends those that
are quickly made to one process, and prints what each took as JSON. Linux alone says how much memory a process had at
the most.
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

from benchmarks import machine, table
from benchmarks.bench_hostile import MOST_MB, MOST_SECONDS, SHOWN
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
    """Return the application that all of a process are sent to."""
    return create_app({"RUN_WORKERS": 0})


def _peak() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def main() -> None:
    """Print the costliest, and fail where one costs more than a request may."""
    costs = {name: measure(name) for name in HOSTILE}
    by_seconds = sorted(costs, key=lambda name: -costs[name].seconds)
    by_memory = sorted(costs, key=lambda name: -costs[name].megabytes)
    rows = [
        [name, f"{costs[name].seconds:.2f}", f"{costs[name].megabytes:.0f}"]
        for name in dict.fromkeys([*by_seconds[:SHOWN], *by_memory[:SHOWN]])
    ]
    print(f"### {len(costs)} hostile pictures, one at a time\n")
    print(table(["the costliest", "s of CPU", "MB"], rows))
    print(f"\n{machine()}")
    if costs[by_seconds[0]].seconds > MOST_SECONDS or costs[by_memory[0]].megabytes > MOST_MB:
        sys.exit(1)


if __name__ == "__main__":
    if "-" in sys.argv:
        print(json.dumps(upload(sys.stdin.buffer.read())))
    elif "--quick" in sys.argv:
        print(json.dumps({name: upload(HOSTILE[name]()) for name in QUICKLY_MADE}))
    else:
        main()
