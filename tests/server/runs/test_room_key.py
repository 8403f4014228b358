"""The key of the room as `make serve` gives it: in the terminal, and nowhere else."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scripts.waiting import HANG, until

from .test_processes import ROOT, free_port, workers_of

LINE = re.compile(r"(http://127\.0\.0\.1:\d+)/key/([A-Za-z0-9_-]{43})$")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks at what Linux shows of processes"
)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


class Served:
    """What somebody sees who types `make serve`."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        environment = {"CONVOSCOPE_DATA_DIR": str(folder), "CONVOSCOPE_RUN_WORKERS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cnn_server.serve", "--port", str(free_port()), *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.lines: list[str] = []
        assert self.process.stdout is not None
        while not (self.lines and (found := LINE.search(self.lines[-1]))):
            line = self.process.stdout.readline()
            assert line, self.lines
            self.lines.append(line.rstrip("\n"))
        self.base, self.key = found.groups()
        until(lambda: self.get("/healthz")[0] == 200)

    def get(self, path: str, cookie: str = "") -> tuple[int, Any, str]:
        """Status, headers, text."""
        opener = urllib.request.build_opener(NoRedirect)
        request = urllib.request.Request(self.base + path, headers={"Cookie": cookie} if cookie else {})
        try:
            with opener.open(request, timeout=HANG) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()
        except OSError:
            return 0, {}, ""

    def end(self) -> str:
        """Stop it. What it printed after its first lines."""
        self.process.send_signal(signal.SIGTERM)
        more, _ = self.process.communicate(timeout=HANG)
        return more


@contextlib.contextmanager
def served(folder: Path, *arguments: str) -> Iterator[Served]:
    server = Served(folder, *arguments)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.communicate(timeout=HANG)


def test_the_terminal_alone_shows_the_key(tmp_path):
    with served(tmp_path) as server:
        assert sum(server.key in line for line in server.lines) == 1
        status, headers, _ = server.get(f"/key/{server.key}")
        assert (status, headers["Location"]) == (303, "/room")
        cookie = headers["Set-Cookie"].partition(";")[0]
        assert server.get("/room", cookie)[0] == 200
        assert server.get("/room")[0] == 404
        for path in ("/classroom", "/training", "/room", "/api/room"):
            assert server.key not in server.get(path, cookie)[2]
        pids = [server.process.pid, *until(lambda: workers_of(tmp_path))]
        for pid in pids:
            for name in ("environ", "cmdline"):
                assert server.key.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()
        assert server.get("/key/wrong")[0] == 404
        assert server.end() == ""  # no log of requests
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and server.key.encode() in path.read_bytes()]
    with served(tmp_path, "--host", "127.0.0.1") as again:
        assert again.key != server.key
        assert again.get("/room", cookie)[0] == 404
        assert again.get(f"/key/{server.key}")[0] == 404
