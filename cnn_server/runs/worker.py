"""What a process that trains does: it takes runs from the store and lets each go on in turn."""

from __future__ import annotations

import logging
import os
import platform
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any

from cnn_engine.errors import ConvoscopeError
from cnn_engine.words import Message
from cnn_server.config import settings
from cnn_server.runs import commands, memory
from cnn_server.runs.apart import LISTEN, TOO_LONG, Apart
from cnn_server.runs.data_sets import slow_to_make
from cnn_server.runs.lease import LostError
from cnn_server.runs.prepared import Ready, make_ready
from cnn_server.runs.record import Run
from cnn_server.runs.session import Session
from cnn_server.runs.slots import RunLimits, Slots, take
from cnn_server.runs.store import RunGoneError, RunStore, StoreError, open_store

SLICE = 0.05  # seconds that a run goes on before others have their turn: to leave it has its price
TURN = 0.08  # seconds in which every run has one, so that commands are heard
# Seconds between two looks for a run: who has none is faster, and who has just found one looks soon for more.
IDLE_CLAIM, SOON_CLAIM, BUSY_CLAIM = 0.1, 0.12, 0.25

logger = logging.getLogger("convoscope.runs")


class Worker:
    """Takes runs and trains them until told to stop."""

    def __init__(
        self,
        store: RunStore,
        limits: RunLimits,
        name: str,
        only: str | None = None,
        beat: Callable[[], None] = lambda: None,
    ) -> None:
        self._store, self._limits, self.name = store, limits, name
        self._beat = beat  # is told again and again that this worker gets on
        self._only = only  # the one run that it takes, if not any
        self._sessions: dict[str, Session | Apart] = {}
        self._starting: dict[str, Future[Ready]] = {}
        self._claim_at = self._listen_at = self._renew_at = 0.0
        # What is soon ready does not wait for what takes its time; more threads would hold up this one.
        self._starters = {slow: ThreadPoolExecutor(1, "prepare") for slow in (False, True)}

    def work(self, stop: threading.Event) -> None:
        """Work until `stop` is set; then leave every run so that another worker goes on from here."""
        trouble = ""
        while not stop.is_set():
            try:
                stop.wait(self.turn())
                trouble = ""
            except StoreError as error:
                if str(error) != trouble:
                    trouble = str(error)
                    logger.warning("the worker waits: %s", error)
                stop.wait(0.5)
        for starter in self._starters.values():
            starter.shutdown(wait=False, cancel_futures=True)
        for session in self._sessions.values():
            if isinstance(session, Apart):
                session.ask_to_stop()
        for run_id in list(self._sessions):
            with suppress(StoreError):  # then others take it when its lease is over
                self._guarded(run_id, self._sessions[run_id].release)

    def turn(self) -> float:
        """Give every run its turn, and return the seconds until the next is needed."""
        now = time.monotonic()
        beat = self._beat if self._gets_on(now) else None
        if now >= self._claim_at:
            pause = SOON_CLAIM if self._claim() else BUSY_CLAIM
            self._claim_at = now + (pause if self._sessions or self._starting else IDLE_CLAIM)
        listening = now >= self._listen_at
        if listening:
            self._listen_at = now + LISTEN
        self._welcome(listening)
        self._keep_leases(now)
        slice_ = min(SLICE, TURN / max(len(self._sessions), 1))
        for run_id, session in list(self._sessions.items()):
            if beat is not None:
                beat()
            if listening and now >= session.listened + LISTEN / 2:  # else it was written, and so read, just now
                self._guarded(run_id, session.listen)
            if run_id in self._sessions:
                self._guarded(run_id, lambda session=session: session.attend(time.monotonic() + slice_))
            if session.over:
                self._sessions.pop(run_id, None)
        now = time.monotonic()
        if beat is not None:
            beat()
        wakes = [session.wake_at(now) for session in self._sessions.values()]
        if self._sessions or self._starting:
            wakes.append(self._listen_at)
        return max(0.0, min([self._claim_at, *wakes]) - now)

    def _gets_on(self, now: float) -> bool:
        """Return whether none of its runs has been in one piece of a step for far too long."""
        return all(
            session.busy_for(now) < TOO_LONG for session in self._sessions.values() if isinstance(session, Apart)
        )

    def _guarded(self, run_id: str, act: Any) -> None:
        """Do something with a run; what goes wrong ends this run and no other."""
        try:
            act()
        except (LostError, RunGoneError):
            self._forget(run_id)
        except StoreError:
            raise
        except Exception as error:
            logger.exception("run %s failed", run_id)
            self._forget(run_id)
            self._fail(run_id, error)

    def _forget(self, run_id: str) -> None:
        self._sessions.pop(run_id, None)
        self._starting.pop(run_id, None)

    def _claim(self) -> bool:
        """Take a run, if one is to be had."""
        now = time.time()
        slots = Slots(self._store.unfinished(), self._limits, now, self._fits)
        if slots.next() is None:
            self._make_way(slots)
            return False
        run = self._store.claim(self._pick)
        if run is not None and run.worker == self.name and not self._has(run):
            self._starting[run.id] = self._starters[slow_to_make(run.settings)].submit(make_ready, self._store, run)
        return run is not None

    def _make_way(self, slots: Slots) -> None:
        """Let a run give its slot to one that goes before it."""
        last = slots.giving_way()
        if last is not None and (session := self._sessions.get(last.id)):
            self._guarded(last.id, lambda: self._let_go(last.id, session))

    def _let_go(self, run_id: str, session: Session | Apart) -> None:
        """Put a run back into the queue; where that cannot be written now, it goes on here."""
        if session.release(give_way=True):
            self._forget(run_id)

    def _pick(self, runs: list[Run]) -> Run | None:
        now = time.time()
        if self._only is not None:
            runs = [run for run in runs if run.id == self._only or run.held(now)]
        run = Slots(runs, self._limits, now, self._fits).next()
        if run is not None and run.worker == self.name and self._has(run):
            self._renew(run)  # the store was out of reach for longer than the lease, and nobody else took it
        elif run is not None:
            take(run, self.name, self._limits, now)
        return run

    def _fits(self, run: Run, held: Sequence[Run]) -> bool:
        """Return whether there is memory for a run here."""
        return memory.fits(run, self.name, held, self._limits.memory)

    def _has(self, run: Run) -> bool:
        return run.id in self._sessions or run.id in self._starting

    def _welcome(self, listening: bool) -> None:
        """Let the runs that are ready begin, and hear what is asked of those that are not yet."""
        for run_id, starting in list(self._starting.items()):
            if starting.done():
                del self._starting[run_id]
                self._guarded(run_id, lambda: self._begin(run_id, starting.result()))  # noqa: B023
            elif listening:
                self._guarded(run_id, lambda: self._listen_early(run_id))  # noqa: B023

    def _begin(self, run_id: str, ready: Ready) -> None:
        run = self._own(run_id)
        session = Session(self._store, run, self.name, ready, self._limits.lease)
        self._sessions[run_id] = Apart(session) if session.long else session

    def _own(self, run_id: str) -> Run:
        run = self._store.get(run_id)
        if run is None or run.worker != self.name:
            raise LostError(run_id)
        return run

    def _listen_early(self, run_id: str) -> None:
        def obey(run: Run) -> None:
            self._renew(run)
            commands.obey_early(run, time.time())

        run = self._own(run_id)
        if run.pending and run.pending[0]["command"] != "step" and not self._store.change(run_id, obey).open:
            raise LostError(run_id)  # it was stopped before it began

    def _keep_leases(self, now: float) -> None:
        """Keep the leases of runs that cannot do so: they are not ready yet, or in the middle of a long step."""
        if now < self._renew_at:
            return
        self._renew_at = now + self._limits.lease / 3
        apart = [run_id for run_id, session in self._sessions.items() if isinstance(session, Apart)]
        for run_id in (*self._starting, *apart):
            with suppress(LostError, RunGoneError):  # which it finds out itself
                self._store.change(run_id, self._renew)

    def _renew(self, run: Run) -> None:
        if run.worker != self.name:
            raise LostError(run.id)
        run.lease = time.time() + self._limits.lease

    def _fail(self, run_id: str, error: Exception) -> None:
        unknown = Message("runs.error_in_worker", {"kind": type(error).__name__})
        message = error.message if isinstance(error, ConvoscopeError) else unknown

        def end(run: Run) -> None:
            if run.worker != self.name:
                raise LostError(run_id)
            run.finish("failed", message, {}, time.time())

        self._guarded(run_id, lambda: self._store.change(run_id, end))


def worker_name() -> str:
    """Return a name that no other worker has."""
    return f"{platform.node()}/{os.getpid()}-{secrets.token_hex(4)}"


def train(run_id: str) -> None:
    """Train this one run until its end, as a job of RQ, so that `rq worker convoscope` is a worker as well."""
    config = settings()
    store = open_store(config)
    worker = Worker(store, RunLimits.of(config), worker_name(), run_id)
    while (run := store.get(run_id)) is not None and run.open:
        latest = time.monotonic() + 1.0
        while (now := time.monotonic()) < latest:
            time.sleep(min(worker.turn(), latest - now))
    store.close()
