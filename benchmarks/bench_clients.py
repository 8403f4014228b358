"""Clients that linger and clients that sleep: `python -m benchmarks.bench_clients [--beside-gunicorn]`.

60 connections that are left open in four ways, and 40 viewers of a run that read nothing, under `make serve` on
loopback: how long /healthz takes at worst meanwhile, and when the viewers' places are free again. With
--beside-gunicorn the same under gunicorn with threads, and 500 viewers with both.
"""

from __future__ import annotations

import http.client
import socket
import sys
import time
from collections.abc import Sequence
from statistics import quantiles

from benchmarks import machine, table
from benchmarks.bench_viewers import VIEWERS, allow_many_sockets, measured
from benchmarks.serving import GUNICORN, OURS, Server, classroom

LINGERING, SLEEPING = 15, 40  # of each kind; viewers
SECONDS = 40  # longer than any server lets a viewer sleep
PATIENCE = 60.0  # seconds for one answer
WORST = 1.0  # seconds that the server of `make serve` may take
PAUSE = 0.1
KINDS = (
    b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /healthz HTTP/1.0\r\n\r\n",
    b"POST /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90000\r\n\r\n" + bytes(50_000),
    b"HELLO\r\n\r\n",
)


def opened(port: int, data: bytes, receive: int | None = None) -> socket.socket:
    """Return a client that has sent this and does nothing more."""
    client = socket.socket()
    if receive is not None:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    client.sendall(data)
    return client


def healthz(port: int) -> float:
    """Seconds until /healthz answers, by a connection of its own; the patience where it does not."""
    began = time.perf_counter()
    try:
        with opened(port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
            response = http.client.HTTPResponse(client)
            response.begin()
    except (OSError, http.client.HTTPException):
        return PATIENCE
    return time.perf_counter() - began


def sleepers(server: Server) -> list[socket.socket]:
    """Viewers of a run at full speed who read nothing."""
    run_id = server.start(epochs=5_000)
    ask = f"GET /api/runs/{run_id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    return [opened(server.port, ask, receive=2048) for _ in range(SLEEPING)]


def worst(way: str) -> float:
    """Return the longest that /healthz took, in seconds, beside all of them."""
    with classroom(way, CONVOSCOPE_RUN_WORKERS="1") as server:
        idle = sleepers(server)
        idle += [opened(server.port, kind) for kind in KINDS for _ in range(LINGERING)]
        latest, most = time.monotonic() + SECONDS, 0.0
        while time.monotonic() < latest:
            most = max(most, healthz(server.port))
            time.sleep(PAUSE)
        for client in idle:
            client.close()
        return most


def p95(taken: Sequence[float]) -> str:
    """In milliseconds."""
    return f"{quantiles(taken, n=20)[-1]:.1f}"


def main(ways: Sequence[str]) -> None:
    """Print the tables."""
    allow_many_sockets()
    found = {way: worst(way) for way in ways}
    print(f"### {len(KINDS) * LINGERING} clients that linger and {SLEEPING} viewers that sleep\n")
    rows = [[way, f"over {PATIENCE:.0f}" if most >= PATIENCE else f"{most:.2f}"] for way, most in found.items()]
    print(table(["the server", "worst /healthz, s"], rows))
    if len(ways) > 1:
        viewers = {way: measured(VIEWERS, way) for way in ways}
        print(f"\n### {VIEWERS} viewers and 20 JSON calls a second\n")
        rows = [[way, p95(paused), p95(training)] for way, (paused, training, _) in viewers.items()]
        print(table(["the server", "ms, p95, paused", "ms, p95, training"], rows))
    print(f"\n{machine()}")
    if found[OURS] > WORST:
        sys.exit(1)


if __name__ == "__main__":
    main([OURS, GUNICORN] if "--beside-gunicorn" in sys.argv else [OURS])
