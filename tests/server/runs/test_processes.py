"""The service as processes: workers that come and go with the server, and servers and workers that are killed."""

from __future__ import annotations

import contextlib
import http.cookiejar
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from scripts.waiting import HANG, until
from tests.server.test_cli import huge_bodies, refusal_of_a_huge_upload

from .test_api import BODY

ROOT = Path(__file__).resolve().parents[3]
GUNICORN = ("--workers", "2", "--threads", "2")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and gunicorn are of POSIX systems")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A server in a process of its own."""

    def __init__(self, way: str, folder: Path, **environment: str) -> None:
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(jar)
        command = {
            "python": ["app.py", "--port", str(self.port)],
            "flask": ["-m", "flask", "--app", "app", "run", "--port", str(self.port)],
            "granian": ["-m", "granian", "--interface", "wsgi", "--port", str(self.port), "app:app"],
            "gunicorn": ["-m", "gunicorn", "app:app", "--bind", f"127.0.0.1:{self.port}", *GUNICORN],
        }[way]
        environment = {"CONVOSCOPE_DATA_DIR": str(folder), "CONVOSCOPE_RUN_WORKERS": "2", **environment}
        self.process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        until(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError):
            return bool(self.get("/healthz"))
        return False

    def get(self, path: str) -> Any:
        with self._opener.open(self.base + path, timeout=HANG) as response:
            return json.loads(response.read())

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            self.base + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with self._opener.open(request, timeout=HANG) as response:
            return json.loads(response.read())

    def start_run(self, **other: Any) -> str:
        return str(self.post("/api/runs", BODY | other)["id"])

    def kill(self, number: int = signal.SIGKILL) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, number)
        self.process.wait(HANG)


def workers_of(folder: Path) -> list[int]:
    """The processes that train for a data folder."""
    setting = f"CONVOSCOPE_DATA_DIR={folder}".encode()
    return [
        int(process.name)
        for process in Path("/proc").glob("[0-9]*")
        if _parts(process / "cmdline")[-2:] == [b"-m", b"cnn_server.runs"] and setting in _parts(process / "environ")
    ]


def _parts(path: Path) -> list[bytes]:
    """What the system says of a process; nothing once it has ended."""
    try:
        return path.read_bytes().rstrip(b"\0").split(b"\0")
    except OSError:
        return []


@contextlib.contextmanager
def serving(way: str, folder: Path, **environment: str) -> Iterator[Server]:
    server = Server(way, folder, **environment)
    try:
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait(HANG)
        until(lambda: not workers_of(folder))


def steps(server: Server, run_id: str) -> list[int]:
    return [point[0] for point in server.get(f"/api/runs/{run_id}/points")["points"]]


def finished(server: Server, run_id: str) -> dict[str, Any]:
    return until(lambda: (run := server.get(f"/api/runs/{run_id}"))["end"] and run)


needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="finds processes by /proc")


@needs_proc
@pytest.mark.parametrize("way", ["flask", "granian", "gunicorn"])
def test_every_other_way_to_start_starts_as_many_workers_once_and_ends_them(way, tmp_path):
    with serving(way, tmp_path) as server:
        run_id = server.start_run()
        assert finished(server, run_id)["state"] == "finished"
        assert len(until(lambda: len(workers_of(tmp_path)) >= 2 and workers_of(tmp_path))) == 2
        if way == "gunicorn":
            assert [refusal_of_a_huge_upload(server.port, body)[0] for body in huge_bodies()] == [413, 413]
        server.kill(signal.SIGTERM if way == "gunicorn" else signal.SIGKILL)
        until(lambda: not workers_of(tmp_path))


def check_killed_workers(server: Server, folder: Path) -> None:
    """A run whose worker is killed has the numbers of one that was left in peace, and others come for the killed."""
    calm = server.start_run()
    finished(server, calm)
    run_id = server.start_run(steps_per_second=30.0)
    until(lambda: server.get(f"/api/runs/{run_id}")["step"] >= 4)
    started = until(lambda: len(workers_of(folder)) >= 2 and workers_of(folder))
    assert len(started) == 2
    for pid in started:
        os.kill(pid, signal.SIGKILL)
    run = finished(server, run_id)
    assert (run["state"], run["step"]) == ("finished", 24)
    assert server.get(f"/api/runs/{run_id}/points") == server.get(f"/api/runs/{calm}/points")
    assert len(until(lambda: len(workers_of(folder)) == 2 and workers_of(folder))) == 2


def goes_on(server: Server, run_id: str) -> None:
    """A run learns on, and no step is missing or told twice."""
    before = server.get(f"/api/runs/{run_id}")["step"]
    until(lambda: server.get(f"/api/runs/{run_id}")["step"] > before)
    seen = steps(server, run_id)
    assert seen == list(range(1, len(seen) + 1))


@needs_proc
def test_with_redis_a_killed_worker_loses_nothing_and_a_killed_server_takes_its_workers_along(tmp_path, redis):
    with Redis.from_url(redis.url) as connection:
        connection.flushall()
    with serving("python", tmp_path, CONVOSCOPE_REDIS_URL=redis.url) as server:
        check_killed_workers(server, tmp_path)
        server.kill()
        until(lambda: not workers_of(tmp_path))


@needs_proc
def test_killed_workers_killed_servers_and_stuck_workers_lose_nothing(tmp_path):
    """A stuck one is stopped as a debugger stops it: it ends by no signal but the last, and closes no pipe."""
    with serving("python", tmp_path) as server:
        check_killed_workers(server, tmp_path)
        run_id = server.start_run(steps_per_second=10.0, epochs=50)
        until(lambda: server.get(f"/api/runs/{run_id}")["step"] >= 3)
        server.kill()
        until(lambda: not workers_of(tmp_path))
    with serving("python", tmp_path, CONVOSCOPE_RUN_WORKERS="1", CONVOSCOPE_RUN_STUCK="5") as server:
        assert server.get(f"/api/runs/{run_id}")["step"] >= 3
        goes_on(server, run_id)
        stuck = workers_of(tmp_path)
        for pid in stuck:
            os.kill(pid, signal.SIGSTOP)
        until(lambda: not set(stuck) & set(workers_of(tmp_path)))
        goes_on(server, run_id)


@needs_proc
def test_workers_of_another_machine_take_runs_from_redis(tmp_path, redis):
    """`convoscope worker` beside a server that has no workers, and with a data folder of its own."""
    with Redis.from_url(redis.url) as connection:
        connection.flushall()
    elsewhere = tmp_path / "elsewhere"
    command = [sys.executable, "-m", "cnn_server", "worker", "--processes", "1"]
    environment = {"CONVOSCOPE_DATA_DIR": str(elsewhere), "CONVOSCOPE_REDIS_URL": redis.url}
    with serving("python", tmp_path, CONVOSCOPE_RUN_WORKERS="0", CONVOSCOPE_REDIS_URL=redis.url) as server:
        run_id = server.start_run()
        assert server.get(f"/api/runs/{run_id}")["place"] == 1
        helper = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
        )
        try:
            assert helper.stdout is not None
            assert helper.stdout.readline() == "Convoscope trains in 1 process  (Ctrl+C to stop)\n"
            assert finished(server, run_id)["step"] == 24
            assert len(server.get(f"/api/runs/{run_id}/snapshot")["layers"]) == 2
        finally:
            helper.kill()
            helper.wait()
            helper.stdout.close()
        until(lambda: not workers_of(elsewhere))


def test_a_worker_without_redis_says_what_is_missing():
    environment = {name: value for name, value in os.environ.items() if name != "CONVOSCOPE_REDIS_URL"}
    command = [sys.executable, "-m", "cnn_server", "worker"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "CONVOSCOPE_REDIS_URL is not set" in done.stderr
