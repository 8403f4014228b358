"""What the tests of runs share: a run without HTTP, a real Redis, and waiting with an end."""

from __future__ import annotations

import contextlib
import queue
import socket
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from cnn_server.runs import sqlite_store
from cnn_server.runs.commands import stopped_by_hand
from cnn_server.runs.points import as_lists, read
from cnn_server.runs.prepared import filled_in, prepare
from cnn_server.runs.record import Run
from cnn_server.runs.slots import RunLimits
from cnn_server.runs.store import RunStore
from cnn_server.runs.worker import Worker
from scripts import ensure_redis
from scripts.waiting import HANG, until

BY_HAND = stopped_by_hand(6)
LIMITS = RunLimits(at_once=16, per_client=4, lease=1.0)
HELD = replace(LIMITS, lease=60.0)  # nobody takes a run from a worker that waits for its turn on a busy machine
SETTINGS: dict[str, Any] = {
    "architecture": "linear",
    "dataset": "digits",
    "dataset_options": {},
    "train_samples": 96,
    "optimizer": {"name": "sgd", "learning_rate": 0.1},
    "schedule": "constant",
    "loss": None,
    "batch_size": 16,
    "epochs": 4,
    "seed": 3,
    "clip_norm": None,
    "initialisation": "he",
    "augmentation": None,
    "early_stopping": None,
}


def a_run(
    run_id: str = "run", owner: str = "ada", pace: float | None = None, created: float = 1.0, **other: Any
) -> Run:
    """A run with these settings beside the usual ones."""
    prepared = prepare(filled_in(SETTINGS | other))
    rate = prepared.trainer.learning_rate
    run = Run(run_id, owner, created, dict(prepared.settings), prepared.facts(), learning_rate=rate)
    run.steps_per_second = pace
    return run


def work(worker: Worker, true: Callable[[], Any], seconds: float = HANG) -> Any:
    """Let a worker work in this thread until something is true."""

    def turn() -> Any:
        time.sleep(min(worker.turn(), 0.01))
        return true()

    return until(turn, seconds, rarely=0.01)


def work_to_the_end(store: RunStore, run_id: str = "run", name: str = "worker") -> Run:
    """Let a worker end a run."""
    worker = Worker(store, HELD, name)
    return work(worker, lambda: (run := store.get(run_id)) and not run.open and run)


def points(store: RunStore, run_id: str = "run", after: int = 0) -> list[list[Any]]:
    """Everything in the log."""
    return as_lists(read(entry.points for entry in store.log(run_id, after, 100_000)))


def epochs(store: RunStore, run_id: str = "run") -> list[dict[str, Any]]:
    """Every epoch in the log."""
    return [epoch for entry in store.log(run_id, 0, 100_000) for epoch in orjson.loads(entry.epochs)]


def parsed(text: bytes) -> list[tuple[str, str | None, dict]]:
    """(event, id, data) of each event; comments left out."""
    events = []
    for block in text.decode().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        if fields:
            events.append((fields["event"], fields.get("id"), orjson.loads(fields["data"])))
    return events


def steps_of(text: bytes) -> list[int]:
    """Every step that was told, in order."""
    return [point[0] for event, _, data in parsed(text) if event == "step" for point in data["points"]]


class Fault:
    """Breaks the databases in a folder, and mends them. Stores must be opened after this is made.

    Full is SQLite's own limit of pages, met as the end of a disk is (SQLITE_FULL); read-only is the file opened with
    mode=ro (SQLITE_READONLY). Both hold for root as well, as permissions of files do not.
    """

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder, self._kind = folder, ""
        self._connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", self._opened)
        monkeypatch.setattr(sqlite_store, "queue", SimpleNamespace(LifoQueue=NoPool, Empty=queue.Empty))
        monkeypatch.setattr(sqlite_store, "PROBED", 0.0)

    def make(self, kind: str) -> None:
        """From now on nothing can be written, or nothing more."""
        with contextlib.closing(self._connect(self._folder / sqlite_store.FILE)) as db:
            db.execute("VACUUM")  # no page is left free
        self._kind = kind

    def mend(self) -> None:
        """From now on it can."""
        self._kind = ""

    def _opened(self, path: Path, **options: Any) -> sqlite3.Connection:
        if not self._kind or path.parent != self._folder:
            return self._connect(path, **options)
        if self._kind == "read-only":
            return self._connect(f"{path.as_uri()}?mode=ro", uri=True, **options)
        db = self._connect(path, **options)
        db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
        return db


class NoPool:
    """Every use of a store has a connection of its own, and so one of the present kind."""

    def get_nowait(self) -> sqlite3.Connection:
        raise queue.Empty

    def put(self, db: sqlite3.Connection) -> None:
        db.close()

    def empty(self) -> bool:
        return True


class RedisServer:
    """A real redis-server on a free port of this machine, whose data outlives its process."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it, with what it had written down."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self._folder)]
        durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""]
        command = [ensure_redis.required(), *options, *durable]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        until(self._answers)

    def _answers(self) -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        return False

    def stop(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@contextlib.contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """One that ends with the block."""
    server = RedisServer(folder)
    try:
        yield server
    finally:
        server.stop()
