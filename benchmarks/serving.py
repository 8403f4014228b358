"""A Convoscope in a process of its own on loopback, and calls to it, for the benchmarks of training runs."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parent.parent
RUN = {
    "architecture": "small-cnn",
    "dataset": "digits",
    "optimizer": {"name": "adam", "learning_rate": 0.003},
    "batch_size": 32,
    "steps_per_second": None,
}


class Server:
    """The address of a server and calls of one client, with its cookie."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """Return what a call answers."""
        headers = {"Content-Type": "application/json"} | ({"Cookie": self._cookie} if self._cookie else {})
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        self._connection.close()  # the server would close it between two calls that are far apart
        if given := answer.headers.get("Set-Cookie"):
            self._cookie = given.partition(";")[0]
        if answer.status >= 400:
            sys.exit(f"{method} {path}: {answer.status} {content.decode()}")
        return orjson.loads(content) if content else None

    def start(self, **other: Any) -> str:
        """Return a new run."""
        return str(self.call("POST", "/api/runs", RUN | other)["id"])

    def command(self, run_id: str, command: str, **dials: Any) -> Any:
        """Tell a run what to do."""
        return self.call("POST", f"/api/runs/{run_id}/commands", {"command": command} | dials)

    def events(self, run_id: str) -> Iterator[tuple[float, str, Any]]:
        """(when it came, event, data) until the end."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", f"/api/runs/{run_id}/events")
        event = ""
        with connection.getresponse() as stream:
            for line in stream:
                if line.startswith(b"event: "):
                    event = line[7:].decode().strip()
                elif line.startswith(b"data: "):
                    yield time.perf_counter(), event, orjson.loads(line[6:])
        connection.close()


OURS, GUNICORN = "make serve", "gunicorn, threads"


@contextlib.contextmanager
def classroom(way: str = OURS, root: Path = ROOT, **environment: str) -> Iterator[Server]:
    """Yield the server of `make serve`, or gunicorn, of a checkout, on loopback alone, with its own data folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            _command(way, port),
            cwd=root,
            env={**os.environ, "CONVOSCOPE_DATA_DIR": folder, **environment},
            stdout=subprocess.DEVNULL,
            stderr=None if way == OURS else subprocess.DEVNULL,  # where it tells that it is killed
        )
        try:
            yield _ready(port)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            time.sleep(0.5)  # the workers end with the pipe


def _command(way: str, port: int) -> list[str]:
    if way == GUNICORN:  # as gunicorn.conf.py has it
        return [sys.executable, "-m", "gunicorn", "app:app", "--bind", f"127.0.0.1:{port}"]
    return [sys.executable, "-m", "cnn_server.serve", "--host", "127.0.0.1", "--port", str(port)]


def _ready(port: int) -> Server:
    latest = time.monotonic() + 60
    while True:
        try:
            server = Server(port)
            server.call("GET", "/healthz")
        except OSError:
            if time.monotonic() > latest:
                raise
            time.sleep(0.1)
        else:
            return server
