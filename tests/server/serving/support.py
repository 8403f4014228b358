"""What `make serve` starts, in a process of its own, and clients that behave as real ones do: badly."""

from __future__ import annotations

import contextlib
import http.client
import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

from cnn_server.serving.sockets import url
from scripts.waiting import HANG, until

ROOT = Path(__file__).resolve().parents[3]
ADDRESS = re.compile(r"http://\S+?:(\d+)(?!\S*\])")
RUN = {
    "architecture": "linear",
    "dataset": "digits",
    "train_samples": 96,
    "batch_size": 16,
    "epochs": 10_000,
    "optimizer": {"name": "sgd", "learning_rate": 0.001},
    "steps_per_second": None,
}


class Served:
    """A server of `make serve`, and one person who uses it."""

    def __init__(self, folder: Path, *arguments: str, host: str = "127.0.0.1", **environment: object) -> None:
        self.host = host
        settings = {"DATA_DIR": folder, "RUN_WORKERS": 1} | environment
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnn_server.serve", *(arguments or ("--host", "127.0.0.1", "--port", "0"))],
            cwd=ROOT,
            env=os.environ | {f"CONVOSCOPE_{name}": str(value) for name, value in settings.items()},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.lines: list[str] = []
        while not (found := ADDRESS.search("".join(self.lines))):
            line = self.process.stdout.readline()
            assert line, f"the server ended: {self.lines}"
            self.lines.append(line)
        self.port = int(found[1])
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        until(self.answers)

    def read_until(self, word: str) -> None:
        """Read what it says until a line has this in it."""
        assert self.process.stdout is not None
        while word not in self.lines[-1]:
            self.lines.append(self.process.stdout.readline())
            assert self.lines[-1], f"the server ended: {self.lines}"

    def call(self, path: str, body: Any = None, kind: str = "application/json") -> Any:
        """What a call answers."""
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        request = urllib.request.Request(f"{url(self.host, self.port)}{path}", data, {"Content-Type": kind})
        with self._opener.open(request, timeout=HANG) as response:
            return json.loads(response.read() or b"null")

    def answers(self) -> bool:
        """Whether /healthz answers."""
        with contextlib.suppress(OSError):
            return bool(self.call("/healthz"))
        return False

    def upload(self) -> str:
        """The id of a picture that was uploaded."""
        picture = BytesIO()
        Image.new("RGB", (8, 8), (200, 30, 30)).save(picture, "PNG")
        head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
        body = head + picture.getvalue() + b"\r\n--edge--\r\n"
        return str(self.call("/api/images", body, "multipart/form-data; boundary=edge")["id"])

    def start_run(self, **other: object) -> str:
        """The id of a new run."""
        return str(self.call("/api/runs", RUN | other)["id"])

    def connect(self, data: bytes, receive: int | None = None) -> socket.socket:
        """A connection on which this was sent, and nothing is read; the system keeps `receive` bytes for it."""
        connection = socket.socket()
        if receive is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive)
        connection.settimeout(HANG)
        connection.connect(("127.0.0.1", self.port))
        connection.sendall(data)
        return connection

    def watch(self, run_id: str, receive: int | None = None) -> socket.socket:
        """Somebody who has asked for the events of a run."""
        return self.connect(
            f"GET /api/runs/{run_id}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), receive=receive
        )

    def answer(self, data: bytes) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of the answer to these bytes."""
        method = data.partition(b" ")[0].decode()
        with self.connect(data) as connection, http.client.HTTPResponse(connection, method=method) as response:
            response.begin()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()

    def end(self, number: int = signal.SIGKILL) -> int:
        """End it by a signal. Its exit code."""
        self.process.send_signal(number)
        return self.process.wait(HANG)

    def workers(self) -> list[int]:
        """The processes that train for it: its children."""
        listed = subprocess.run(["ps", "-eo", "pid,ppid,stat"], capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in listed.splitlines()[1:]]
        return [int(pid) for pid, parent, state in rows if int(parent) == self.process.pid and state[0] != "Z"]


@contextlib.contextmanager
def served(folder: Path, *arguments: str, host: str = "127.0.0.1", **environment: object) -> Iterator[Served]:
    """One that ends with the block, whatever became of it."""
    server = Served(folder, *arguments, host=host, **environment)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait(HANG)
        assert server.process.stdout is not None
        server.process.stdout.close()


def gone(pid: int) -> bool:
    """Whether a process has ended."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False


def is_closed(connection: socket.socket) -> bool:
    """Whether the server has closed a connection, all that it sent before read."""
    connection.settimeout(HANG)
    try:
        while connection.recv(65_536):
            pass
    except ConnectionError:
        pass
    return True
