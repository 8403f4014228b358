"""The key of the room as `make serve` gives it: in the terminal, and nowhere else."""

from __future__ import annotations

import re
import signal
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from scripts.waiting import HANG, until

from .support import Served, served

LINE = re.compile(r"http://127\.0\.0\.1:\d+/key/([A-Za-z0-9_-]{43})$")
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="looks at what Linux shows of processes"
)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


def key_of(server: Served) -> str:
    """What stands at the end of the last line that it says as it starts."""
    server.read_until("/key/")
    found = LINE.search(server.lines[-1].rstrip())
    assert found
    return found[1]


def get(server: Served, path: str, cookie: str = "") -> tuple[int, Any, str]:
    """Status, headers, text."""
    opener = urllib.request.build_opener(NoRedirect)
    address = f"http://127.0.0.1:{server.port}{path}"
    request = urllib.request.Request(address, headers={"Cookie": cookie} if cookie else {})
    try:
        with opener.open(request, timeout=HANG) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_the_terminal_alone_shows_the_key(tmp_path):
    with served(tmp_path, "--port", "0") as server:
        key = key_of(server)
        assert sum(key in line for line in server.lines) == 1
        status, headers, _ = get(server, f"/key/{key}")
        assert (status, headers["Location"]) == (303, "/room")
        cookie = headers["Set-Cookie"].partition(";")[0]
        assert get(server, "/room", cookie)[0] == 200
        assert get(server, "/room")[0] == 404
        for path in ("/classroom", "/training", "/room", "/api/room"):
            assert key not in get(server, path, cookie)[2]
        pids = [server.process.pid, *until(server.workers)]
        for pid in pids:
            for name in ("environ", "cmdline"):
                assert key.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()
        assert get(server, "/key/wrong")[0] == 404
        assert server.end(signal.SIGTERM) == 0
        assert server.process.stdout.read() == ""  # no log of requests
        assert not [path for path in tmp_path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    with served(tmp_path) as again:
        assert key_of(again) != key
        assert get(again, "/room", cookie)[0] == 404
        assert get(again, f"/key/{key}")[0] == 404
