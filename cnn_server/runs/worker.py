"""What a process that trains does: it takes runs from the store and lets each go on in turn."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from cnn_engine.errors import ConvoscopeError
from cnn_server.config import settings
from cnn_server.runs.places import Limits, Places, take
from cnn_server.runs.record import Run
from cnn_server.runs.session import LostError, Session
from cnn_server.runs.settings import prepare
from cnn_server.runs.store import RunGoneError, RunStore, StoreError, open_store

LISTEN = 0.04  # seconds between two looks for commands
SLICE = 0.05  # seconds that a run goes on before others have their turn: to leave it has its price
TURN = 0.08  # seconds in which every run has one, so that commands are heard
# Seconds between two looks for a run: who has none is faster, and who has just found one looks soon for more.
IDLE_CLAIM, SOON_CLAIM, BUSY_CLAIM = 0.1, 0.12, 0.25

logger = logging.getLogger("convoscope.runs")


class Worker:
    """Takes runs and trains them until told to stop."""

    def __init__(self, store: RunStore, limits: Limits, name: str, only: str | None = None) -> None:
        self._store, self._limits, self.name = store, limits, name
        self._only = only  # the one run that it takes, if not any
        self._sessions: dict[str, Session] = {}
        self._starting: dict[str, tuple[Run, Future[Session]]] = {}
        self._claim_at = self._listen_at = self._renew_at = 0.0
        self._starter = ThreadPoolExecutor(1, "prepare")

    def work(self, stop: threading.Event) -> None:
        """Until `stop` is set; then every run is left so that another worker goes on from here."""
        told = ""
        while not stop.is_set():
            try:
                stop.wait(self.turn())
                told = ""
            except StoreError as error:
                if str(error) != told:
                    told = str(error)
                    logger.warning("the worker waits: %s", error)
                stop.wait(0.5)
        self._starter.shutdown(wait=False, cancel_futures=True)
        for run_id in list(self._sessions):
            self._guarded(run_id, self._sessions[run_id].release)

    def turn(self) -> float:
        """One turn for every run. The seconds until the next is needed."""
        now = time.monotonic()
        if now >= self._claim_at:
            pause = SOON_CLAIM if self._claim() else BUSY_CLAIM
            self._claim_at = now + (pause if self._sessions or self._starting else IDLE_CLAIM)
        self._welcome()
        listening = now >= self._listen_at
        if listening:
            self._listen_at = now + LISTEN
        slice_ = min(SLICE, TURN / max(len(self._sessions), 1))
        for run_id, session in list(self._sessions.items()):
            if listening and now >= session.listened + LISTEN / 2:  # else it was written, and so read, just now
                self._guarded(run_id, session.listen)
            if run_id in self._sessions:
                self._guarded(run_id, lambda session=session: session.attend(time.monotonic() + slice_))
            if session.over:
                self._sessions.pop(run_id, None)
        now = time.monotonic()
        wakes = [session.wake_at(now) for session in self._sessions.values()]
        if self._sessions or self._starting:
            wakes.append(self._listen_at)
        return max(0.0, min([self._claim_at, *wakes]) - now)

    def _guarded(self, run_id: str, act: Any) -> None:
        """Do something with a run; what goes wrong ends this run and no other."""
        try:
            act()
        except (LostError, RunGoneError):
            self._sessions.pop(run_id, None)
        except StoreError:
            raise
        except Exception as error:
            logger.exception("run %s failed", run_id)
            self._sessions.pop(run_id, None)
            self._fail(run_id, error)

    def _claim(self) -> bool:
        """Take a run, if one is to be had."""
        places = Places(self._store.unfinished(), self._limits, time.time())
        if places.next() is None:
            self._make_way(places)
            return False
        run = self._store.claim(self._pick)
        if run is not None and run.worker == self.name and not self._has(run):
            self._starting[run.id] = run, self._starter.submit(self._start, run)
        return run is not None

    def _make_way(self, places: Places) -> None:
        """Let a run give its place to one that goes before it."""
        last = places.giving_way()
        if last is not None and (session := self._sessions.get(last.id)):
            self._guarded(last.id, lambda: session.release(give_way=True))
            self._sessions.pop(last.id, None)

    def _pick(self, runs: list[Run]) -> Run | None:
        now = time.time()
        if self._only is not None:
            runs = [run for run in runs if run.id == self._only or run.held(now)]
        run = Places(runs, self._limits, now).next()
        if run is not None and run.worker == self.name and self._has(run):
            self._renew(run)  # the store was out of reach for longer than the lease, and nobody else took it
        elif run is not None:
            take(run, self.name, self._limits, now)
        return run

    def _has(self, run: Run) -> bool:
        return run.id in self._sessions or run.id in self._starting

    def _start(self, run: Run) -> Session:
        return Session(self._store, run, self.name, prepare(run.settings), self._limits.lease)

    def _welcome(self) -> None:
        """Let the runs that are prepared begin, and keep the lease of those that are not yet."""
        now = time.monotonic()
        for run_id, (_, starting) in list(self._starting.items()):
            if starting.done():
                del self._starting[run_id]
                self._guarded(run_id, lambda: self._sessions.update({run_id: starting.result()}))  # noqa: B023
            elif now >= self._renew_at:
                self._renew_at = now + self._limits.lease / 3
                self._guarded(run_id, lambda: self._store.change(run_id, self._renew))  # noqa: B023

    def _renew(self, run: Run) -> None:
        if run.worker != self.name:
            raise LostError(run.id)
        run.lease = time.time() + self._limits.lease

    def _fail(self, run_id: str, error: Exception) -> None:
        told = str(error) if isinstance(error, ConvoscopeError) else f"{type(error).__name__} in the worker"

        def end(run: Run) -> None:
            if run.worker != self.name:
                raise LostError(run_id)
            run.finish("failed", told, {}, time.time())

        self._guarded(run_id, lambda: self._store.change(run_id, end))


def worker_name() -> str:
    """A name that no other worker has."""
    return f"{platform.node()}-{os.getpid()}-{secrets.token_hex(4)}"


def train(run_id: str) -> None:
    """What a job of RQ does: this one run until its end, so that `rq worker convoscope` is a worker as well."""
    config = settings()
    store = open_store(config)
    worker = Worker(store, Limits.of(config), worker_name(), run_id)
    while (run := store.get(run_id)) is not None and run.open:
        latest = time.monotonic() + 1.0
        while (now := time.monotonic()) < latest:
            time.sleep(min(worker.turn(), latest - now))
    store.close()
