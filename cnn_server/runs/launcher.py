"""The workers of a server: started with it, ended with it, started anew where one is lost.

However many processes serve the same data folder (gunicorn's workers, a reloader's two), one of them has the lock and
leads; when it ends, another takes over. Workers are new processes, not forks, because a server has threads. Each
holds the reading end of a pipe whose writing end is the leader's: the system closes it when the leader is gone, by
whatever signal. By another pipe it says that it gets on; one that has not said so for long is stuck, and is ended.
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson
from filelock import FileLock, Timeout

from cnn_server.runs.record import Run
from cnn_server.runs.store import RunGoneError, RunStore, StoreError, open_store

LOCK = "workers.lock"
LOOK = 0.1  # seconds between two looks at the workers
FOLLOW = 1.0  # seconds between two tries to lead
YOUNG = 5.0  # seconds: who ends earlier is started again later and later
SLOWEST = 30.0
PATIENCE = 2.5  # seconds for workers to end by themselves
BEGINNING = 120.0  # seconds that may pass until a worker says something first: a busy machine takes time to start it
SWEEP = 600.0  # seconds between two looks for runs that are too old
PASSED_ON = (
    *("DATA_DIR", "REDIS_URL", "RUNS_AT_ONCE", "RUNS_PER_CLIENT", "RUN_LEASE"),
    *("RUN_UNWATCHED", "FIRST_PLACES_PER_ADDRESS", "RUN_STUCK", "RUNS_MEMORY"),
)
ROOT = Path(__file__).resolve().parents[2]
# A worker is one of as many as there are cores, and the numbers do not depend on how many threads share a sum.
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

logger = logging.getLogger("convoscope.runs")


class Slot:
    """What a worker runs in: its process, and when a new one may be started."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.name, self.started, self.wait = "", 0.0, 0.0
        self._heard: float | None = None  # when it last said that it gets on

    def start(self, config: Mapping[str, Any]) -> None:
        """Start a new process with a new name."""
        self.name, self.started = f"{platform.node()}/{secrets.token_hex(6)}", time.monotonic()
        environment = os.environ | ONE_THREAD
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        command = [sys.executable, "-m", "cnn_server.runs"]
        self._heard = None
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        threading.Thread(target=self._hear, args=(self.process,), name="worker's word", daemon=True).start()
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            settings = {name: config[name] for name in PASSED_ON} | {"RUN_WORKER_NAME": self.name}
            self.process.stdin.write(orjson.dumps(settings) + b"\n")
            self.process.stdin.flush()

    def _hear(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as word:
            while os.read(word.fileno(), 4096):
                if process is self.process:
                    self._heard = time.monotonic()

    def stuck(self, now: float, seconds: float) -> bool:
        """Return whether it has not said for so long that it gets on."""
        if self.process is None:
            return False
        heard = self._heard
        return now - self.started > max(BEGINNING, seconds) if heard is None else now - heard > seconds

    def lost(self) -> bool:
        """Return whether the process has ended."""
        return self.process is not None and self.process.poll() is not None

    def let_go(self) -> None:
        """Close the pipe: the process puts down where its runs are, and ends."""
        if self.process is not None and self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()

    def end(self, latest: float) -> None:
        """Close the pipe, and wait; from this time of the monotonic clock on without patience."""
        if self.process is None:
            return
        self.let_go()
        try:
            self.process.wait(max(0.0, latest - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


class Launcher:
    """Leads the workers, or stands by to."""

    def __init__(self, config: Mapping[str, Any], *, lead_alone: bool = False) -> None:
        self._config = dict(config)
        self._lead_alone = lead_alone  # without the lock: on a machine that only works
        self._slots = [Slot() for _ in range(worker_count(config))]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="launcher", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own, unless it has."""
        if self._slots and not self._thread.is_alive():
            self._thread.start()

    def stop(self) -> None:
        """End the workers and wait for that."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        # The system releases it, however this process ends; a marker file in its stead would stay.
        lock = FileLock(Path(str(self._config["DATA_DIR"])) / LOCK, blocking=False, fallback_to_soft=False)
        trouble = ""
        while not self._lead_alone:
            try:
                lock.acquire()
                break
            except Timeout:
                pass  # another process leads
            except OSError as error:
                if str(error) != trouble:
                    trouble = str(error)
                    logger.warning("no workers yet: %s", error)
            if self._stop.wait(FOLLOW):
                return
        try:
            self._lead()
        finally:
            end_all(self._slots)
            lock.release()

    def _lead(self) -> None:
        store: RunStore | None = None
        sweep_at = 0.0
        try:
            while not self._stop.is_set():
                try:
                    if store is None:
                        store = open_store(self._config)
                        self._begin(store)
                    self._look(store)
                    if time.monotonic() >= sweep_at:
                        sweep_at = time.monotonic() + SWEEP
                        sweep(store, self._config)
                except (StoreError, OSError) as error:  # no store, or no process to be had now
                    logger.warning("the workers wait: %s", error)
                    self._stop.wait(FOLLOW)
                self._stop.wait(LOOK)
        finally:
            if store is not None:
                store.close()

    def _begin(self, store: RunStore) -> None:
        """Without Redis whoever leads knows that there are no workers but its own: none is waited for."""
        if not self._config.get("REDIS_URL"):
            for run in store.unfinished():
                if run.worker is not None:
                    _free(store, run.id, run.worker, lost=False)

    def _look(self, store: RunStore) -> None:
        now = time.monotonic()
        for slot in self._slots:
            if slot.stuck(now, self._config["RUN_STUCK"]):
                assert slot.process is not None
                logger.warning("a worker gets on no more, and is ended")
                slot.process.kill()
                slot.process.wait()
            if slot.lost():
                self._clear(slot, store, now)
            if slot.process is None and now >= slot.wait:
                slot.start(self._config)

    def _clear(self, slot: Slot, store: RunStore, now: float) -> None:
        """Give the runs of a worker that is gone to the others at once, and let a new one come."""
        assert slot.process is not None
        logger.warning("a worker ended (%s); another one takes over", slot.process.returncode)
        for run in store.unfinished():
            if run.worker == slot.name:
                _free(store, run.id, slot.name, lost=True)
        lived = now - slot.started
        slot.wait = now + (0.0 if lived > YOUNG else min(SLOWEST, max(1.0, 2 * lived)))
        slot.end(now)


def end_all(slots: Sequence[Slot]) -> None:
    """End all the processes, at the same time."""
    for slot in slots:
        slot.let_go()
    latest = time.monotonic() + PATIENCE
    for slot in slots:
        slot.end(latest)


def _free(store: RunStore, run_id: str, worker: str, *, lost: bool) -> None:
    """End a worker's lease."""

    def edit(run: Run) -> None:
        if run.worker == worker:
            run.lease = 0.0
            run.worker = worker if lost else None

    with contextlib.suppress(RunGoneError):
        store.change(run_id, edit)


def sweep(store: RunStore, config: Mapping[str, Any]) -> None:
    """Remove runs that ended too long ago, and end those that nobody has gone on with for as long."""
    oldest = time.time() - config["RUN_MAX_AGE"]
    for run_id in store.ended_before(oldest):
        store.remove(run_id)
    for run in store.unfinished():
        if run.created < oldest and not run.held(time.time()):
            store.remove(run.id)


def worker_count(config: Mapping[str, Any]) -> int:
    """Return as many workers as are configured, else as many as there are cores."""
    count = config["RUN_WORKERS"]
    if count is not None:
        return int(count)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
