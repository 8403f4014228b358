"""One tail of a run's log for everybody in this process who watches it.

A thread for each run that is watched reads what is new and writes it once, as bytes; viewers wait for it and keep a
place of their own. Who falls behind what is remembered here reads the log itself, so that nobody waits for the
slowest and nothing is kept for anybody.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cnn_server.runs import places
from cnn_server.runs.record import Run
from cnn_server.runs.sse import encoded, entry_events, state_event, state_of
from cnn_server.runs.store import RunStore, StoreError

POLL = 0.04  # seconds between two looks, and longer for each viewer: to wake a class has its price
EACH = 0.0002
RETRY = 0.5  # seconds until a store that failed is asked again
REMEMBERED = 256  # messages
LINGER = 5.0  # seconds that a tail goes on without viewers

logger = logging.getLogger("convoscope.runs")


@dataclass(frozen=True)
class Message:
    """Something to tell: the bytes of an event, and for one with steps its first and last."""

    number: int
    data: bytes
    first: int = 0
    last: int = 0


class Tail:
    """What is new in one run."""

    def __init__(self, store: Callable[[], RunStore], run_id: str) -> None:
        self._store, self._id = store, run_id
        self._news = threading.Condition()
        self._messages: deque[Message] = deque(maxlen=REMEMBERED)
        self._number = 0
        self._state: dict[str, Any] = {}
        self.run: Run | None = None
        self.place: int | None = None
        self.step = 0  # the last step told
        self.over = False
        self.viewers = 0

    def begin(self) -> None:
        """Look once: from here on everything is told."""
        run = self._read()
        if run is not None:
            self.step, self.run = run.step, run
            self._state = state_of(run, self.place)
        self.over = run is None or not run.open

    def _read(self) -> Run | None:
        store = self._store()
        run = store.get(self._id)
        queued = run is not None and run.state == "queued"
        self.place = places.place(run, store.unfinished()) if run is not None and queued else None
        return run

    def look(self) -> None:
        """Tell what is new."""
        run = self._read()
        news: list[Message] = []
        if run is None:
            self.over = True
        elif run != self.run or state_of(run, self.place) != self._state:
            news = self._news_of(run)
            self.run = run
            self.over = not run.open
        if news or self.over:
            with self._news:
                self._messages.extend(news)
                self._news.notify_all()

    def _news_of(self, run: Run) -> list[Message]:
        news = []
        while self.step < run.step:
            entries = self._store().log(self._id, self.step)
            if not entries:
                break
            for entry in entries:
                news.append(self._message(entry_events(run, [entry]), self.step + 1, entry.step))
                self.step = entry.step
        before = self.run
        if run.phase and (before is None or run.phase != before.phase):
            news.append(self._message(encoded("substep", run.phase)))
        if run.warning and (before is None or run.warning != before.warning):
            news.append(self._message(encoded("warning", run.warning)))
        state = state_of(run, self.place)
        if state != self._state:
            self._state = state
            news.append(self._message(state_event(run, self.place)))
        return news

    def _message(self, data: bytes, first: int = 0, last: int = 0) -> Message:
        self._number += 1
        return Message(self._number, data, first, last)

    def now(self) -> int:
        """The number of the latest message."""
        return self._number

    def after(self, number: int, timeout: float) -> list[Message] | None:
        """The messages after this one, waiting for some; empty after the time; None where some are forgotten."""
        with self._news:
            if self._number <= number and not self.over:
                self._news.wait(timeout)
            if not self._messages or self._number <= number:
                return []
            if self._messages[0].number > number + 1:
                return None
            return [message for message in self._messages if message.number > number]


class Hub:
    """The tails of a process."""

    def __init__(self, store: Callable[[], RunStore], most: int) -> None:
        self._store, self._most = store, most
        self._lock = threading.Lock()
        self._tails: dict[str, Tail] = {}
        self._viewers = 0

    @property
    def full(self) -> bool:
        """Whether there are as many viewers as this process takes."""
        return self._viewers >= self._most

    @contextmanager
    def watching(self, run_id: str) -> Iterator[Tail]:
        """The tail of a run, for as long as somebody watches it."""
        tail = self._join(run_id)
        try:
            yield tail
        finally:
            with self._lock:
                tail.viewers -= 1
                self._viewers -= 1

    def _join(self, run_id: str) -> Tail:
        with self._lock:
            tail = self._tails.get(run_id)
            if tail is None or tail.over:
                tail = Tail(self._store, run_id)
                tail.begin()
                if not tail.over:
                    self._tails[run_id] = tail
                    threading.Thread(target=self._follow, args=(run_id, tail), name="tail", daemon=True).start()
            tail.viewers += 1
            self._viewers += 1
            return tail

    def _follow(self, run_id: str, tail: Tail) -> None:
        alone_since: float | None = None
        while not tail.over:
            wait = _looked(run_id, tail)
            now = time.monotonic()
            with self._lock:
                alone_since = None if tail.viewers else (now if alone_since is None else alone_since)
                if alone_since is not None and now - alone_since > LINGER:
                    self._tails.pop(run_id, None)
                    return
            time.sleep(wait)
        with self._lock:
            if self._tails.get(run_id) is tail:
                del self._tails[run_id]


def _looked(run_id: str, tail: Tail) -> float:
    """Let a tail look, and say how long to wait until the next time."""
    try:
        tail.look()
    except StoreError as error:
        logger.warning("run %s cannot be followed: %s", run_id, error)
    except Exception:
        logger.exception("run %s cannot be followed", run_id)
    else:
        return POLL + EACH * tail.viewers
    return RETRY
