"""A class that watches: `python -m benchmarks.bench_viewers [VIEWERS]`.

500 viewers of one run and 20 JSON calls a second, under `make serve` on loopback: how long the calls take while the
run is paused and while it trains at the page's pace, and whether every viewer heard every step once.
"""

from __future__ import annotations

import resource
import selectors
import socket
import subprocess
import sys
import time
from statistics import median, quantiles
from typing import Any, NamedTuple

import orjson

from benchmarks import machine, table
from benchmarks.serving import OURS, ROOT, Server, classroom

VIEWERS = 500
CALLS_A_SECOND = 20
SECONDS = 12
GRID = [[float((row * 7 + col * 3) % 10) for col in range(8)] for row in range(8)]
TRACE = {"input": [GRID], "weight": [[[[1.0, 0.0], [0.0, -1.0]]]], "steps": {"start": 0, "count": 49}}


def watch(port: int, run_id: str, count: int) -> None:
    """Be so many viewers until the run ends; print the steps that each heard, as one set of the different answers."""
    selector = selectors.DefaultSelector()
    heard: dict[socket.socket, list[bytes]] = {}
    for _ in range(count):
        viewer = socket.create_connection(("127.0.0.1", port))
        viewer.sendall(
            f"GET /api/runs/{run_id}/events HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
        )
        heard[viewer] = []
        selector.register(viewer, selectors.EVENT_READ)
    print("ready", flush=True)
    while selector.get_map():
        for key, _ in selector.select():
            source: Any = key.fileobj
            if part := source.recv(65_536):
                heard[source].append(part)
            else:
                selector.unregister(source)
                source.close()
    answers = [_steps(b"".join(parts)) for parts in heard.values()]
    right = sum(steps == list(range(1, len(steps) + 1)) and steps == answers[0] for steps in answers)
    print(orjson.dumps({"right": right, "steps": len(answers[0])}).decode(), flush=True)


def _steps(heard: bytes) -> list[int]:
    body = heard.partition(b"\r\n\r\n")[2]
    data = [line[6:] for line in body.split(b"\n") if line.startswith(b'data: {"step"') and b'"points"' in line]
    return [point[0] for line in data for point in orjson.loads(line)["points"]]


def calls(server: Server, run_id: str) -> list[float]:
    """Milliseconds of the calls that a class makes meanwhile, evenly spaced: a run, a snapshot, a trace, in turns."""
    kinds: list[tuple[str, str, dict[str, Any] | None]] = [
        ("GET", f"/api/runs/{run_id}", None),
        ("GET", f"/api/runs/{run_id}/snapshot", None),
        ("POST", "/api/trace/conv2d", TRACE),
        ("GET", "/healthz", None),
    ]
    taken, due = [], time.perf_counter()
    for number in range(CALLS_A_SECOND * SECONDS):
        due += 1 / CALLS_A_SECOND
        time.sleep(max(0.0, due - time.perf_counter()))
        start = time.perf_counter()
        server.call(*kinds[number % len(kinds)])
        taken.append(1000 * (time.perf_counter() - start))
    return taken


class Measured(NamedTuple):
    """Milliseconds of the calls while the run is paused and while it trains, and what the viewers heard."""

    paused: list[float]
    training: list[float]
    heard: dict[str, int]


def measured(count: int, way: str = OURS) -> Measured:
    """Let so many watch a run, and call meanwhile."""
    allow_many_sockets()
    with classroom(way) as server:
        run_id = server.start(steps_per_second=20.0, epochs=400)
        while not server.call("GET", f"/api/runs/{run_id}")["step"]:
            time.sleep(0.05)
        server.command(run_id, "pause")
        command = [sys.executable, "-m", "benchmarks.bench_viewers", "watch", str(server.port), run_id, str(count)]
        viewers = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert viewers.stdout is not None
        assert viewers.stdout.readline() == "ready\n"
        time.sleep(2)
        paused = calls(server, run_id)
        server.command(run_id, "resume")
        time.sleep(1)
        training = calls(server, run_id)
        server.command(run_id, "stop")
        heard = orjson.loads(viewers.stdout.readline())
        viewers.wait()
    return Measured(paused, training, heard)


def allow_many_sockets() -> None:
    """Let this process open a class's worth of them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(4096, most), most))


def main(count: int) -> None:
    """Print the table."""
    paused, training, heard = measured(count)
    print(f"### {count} viewers of one run and {CALLS_A_SECOND} JSON calls a second\n")
    header = ["the run", "ms, median", "ms, p95", "ms, most"]
    rows = [
        [name, f"{median(taken):.1f}", f"{quantiles(taken, n=20)[-1]:.1f}", f"{max(taken):.1f}"]
        for name, taken in (("is paused", paused), ("trains, 20 steps/s", training))
    ]
    print(table(header, rows))
    print(f"\n{heard['right']} of {count} viewers heard each of the {heard['steps']} steps once.\n\n{machine()}")
    if heard["right"] != count:
        sys.exit(1)


if __name__ == "__main__":
    if sys.argv[1:2] == ["watch"]:
        watch(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else VIEWERS)
