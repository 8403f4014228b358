"""One tail of a run's log for everybody in this process who watches it.

A thread for each run that is watched reads what is new and writes it once, as bytes; viewers wait for it and keep a
place of their own. Who falls behind what is remembered here reads the log itself, so that nobody waits for the
slowest and nothing is kept for anybody.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from typing import NamedTuple

from cnn_engine.words import Message
from cnn_server.runs import visits
from cnn_server.runs.record import Run
from cnn_server.runs.slots import RunLimits
from cnn_server.runs.sse import encoded, entry_events, state_event, state_of, warning_event
from cnn_server.runs.store import RunStore, StoreError, trouble_of
from cnn_server.runs.waiting import Queue, Waiting

POLL = 0.05  # seconds between two looks, and longer for each viewer: to wake a class has its price
EACH = 0.0001
GROUP = 20  # viewers that are woken at once, so that whoever else asks for something waits for no more than these
QUIET = 5.0  # seconds without an event until a viewer is to show that the line is up
RETRY = 0.5  # seconds until a store that failed is asked again
REMEMBERED = 256  # messages
LINGER = 5.0  # seconds that a tail goes on without viewers

logger = logging.getLogger("convoscope.runs")


Loop = asyncio.AbstractEventLoop
Worded = Callable[[str], bytes]


class Event(NamedTuple):
    """Something to tell: the bytes of an event in English, and for one with steps its first and last.

    `in_language` makes an event that has words in the language of a code, for those who read another one.
    """

    number: int
    data: bytes
    first: int = 0
    last: int = 0
    in_language: Worded | None = None


class Now(NamedTuple):
    """Where a tail is: the number of its latest message, the run as it was told, where it stands in the queue, what
    keeps it from going on, whether it is over.
    """

    number: int
    run: Run | None
    waiting: Waiting
    trouble: Message | None
    over: bool


class Tail:
    """What is new in one run. One thread looks; whatever that changes is changed at once, under `_news`.

    All who wait for it do so in one event loop.
    """

    def __init__(self, store: Callable[[], RunStore], run_id: str, lease: float, queue: Queue, loop: Loop) -> None:
        self._store, self._id, self._lease, self._queue, self._loop = store, run_id, lease, queue, loop
        self._news = threading.Lock()
        self._bells: dict[asyncio.Event, None] = {}  # of those who wait, in the order in which they came; for the loop
        self.closing = False
        self._messages: deque[Event] = deque(maxlen=REMEMBERED)
        run, waiting, trouble = self._read()
        self._now = Now(0, run, waiting, trouble, run is None or not run.open)
        self._step = run.step if run is not None else 0  # the last step told
        self._note_at = 0.0
        self.viewers = 0

    def now(self) -> Now:
        """Return where it is."""
        return self._now

    def _read(self) -> tuple[Run | None, Waiting, Message | None]:
        store = self._store()
        run = store.get(self._id)
        if run is None:
            return None, Waiting(), None
        waiting = self._queue.lately(run)
        return run, waiting, trouble_of(run, store, self._lease) or waiting.trouble

    def note(self, unwatched: float) -> None:
        """Note that somebody watches; where that cannot be written down, it is tried again later."""
        run, now = self._now.run, time.monotonic()
        if run is not None and now > self._note_at:
            self._note_at = now + unwatched / visits.OFTEN / 2
            visits.note(self._store(), run, unwatched)

    def look(self) -> None:
        """Tell what is new; nothing, if some of it cannot be read now."""
        run, waiting, trouble = self._read()
        number, before, *_ = self._now
        if run is None:
            news: list[tuple[bytes, int, int, Worded | None]] = []
        elif before is None or (run, waiting, trouble) == (before, self._now.waiting, self._now.trouble):
            return
        else:
            news = [(*steps, None) for steps in self._steps(run)]
            news += [(data, 0, 0, in_language) for data, in_language in _changes(self._now, run, waiting, trouble)]
        with self._news:
            for data, first, last, in_language in news:
                number += 1
                self._messages.append(Event(number, data, first, last, in_language))
                self._step = max(self._step, last)
            self._now = Now(number, run or before, waiting, trouble, run is None or not run.open)
        if news or self._now.over:
            self._wake()

    def _wake(self) -> None:
        with suppress(RuntimeError):  # the loop has ended, and so have those who wait in it
            self._loop.call_soon_threadsafe(self._ring, None)

    def _ring(self, bells: list[asyncio.Event] | None) -> None:
        """Wake all who wait, those first who have waited for longest, a few in each turn of the loop."""
        if bells is None:
            bells, self._bells = list(self._bells), {}
        for bell in bells[:GROUP]:
            bell.set()
        if others := bells[GROUP:]:
            self._loop.call_soon(self._ring, others)

    def _steps(self, run: Run) -> list[tuple[bytes, int, int]]:
        """Return what is new in the log, with its first and last step: mostly one entry."""
        events, step = [], self._step
        while step < run.step and (entries := self._store().log(self._id, step)):
            events.append((entry_events(run, entries), step + 1, entries[-1].step))
            step = entries[-1].step
        return events

    async def after(self, number: int) -> list[Event] | None:
        """Return the messages after this one, waiting for some; empty after `QUIET`; None where some are forgotten."""
        bell = asyncio.Event()
        try:
            async with asyncio.timeout(QUIET):
                while self._now.number <= number and not self._now.over and not self.closing:
                    self._bells[bell] = None
                    await bell.wait()
                    bell.clear()
        except TimeoutError:
            pass
        finally:
            self._bells.pop(bell, None)
        with self._news:
            if self._now.number <= number:
                return []
            if self._messages[0].number > number + 1:
                return None
            return [message for message in self._messages if message.number > number]

    def close(self) -> None:
        """Let nobody wait any longer."""
        self.closing = True
        self._wake()


def _changes(before: Now, run: Run, waiting: Waiting, trouble: Message | None) -> Iterator[tuple[bytes, Worded | None]]:
    """Yield what else is new, and of what has words what says it in another language."""
    assert before.run is not None
    if run.phase and run.phase != before.run.phase:
        yield encoded("substep", run.phase), None
    if run.warning and run.warning != before.run.warning:
        yield warning_event(run.warning), partial(warning_event, run.warning)
    if state_of(run, waiting, trouble) != state_of(before.run, before.waiting, before.trouble):
        yield state_event(run, waiting, trouble), partial(state_event, run, waiting, trouble)


class FullError(Exception):
    """One more wants to watch, and as many do as may."""


class Hub:
    """The tails of a process."""

    def __init__(self, store: Callable[[], RunStore], most: Callable[[], int], limits: RunLimits) -> None:
        self._store, self._most = store, most
        self._lease, self._unwatched = limits.lease, limits.unwatched
        self.queue = Queue(store, limits)
        self._lock = threading.Lock()
        self._tails: dict[tuple[str, Loop], Tail] = {}
        self._viewers = 0
        self.closing = False

    def enter(self) -> None:
        """Take the place of a viewer.

        Raises:
            FullError: there is none.
        """
        with self._lock:
            if self._viewers >= self._most():
                raise FullError
            self._viewers += 1

    def leave(self) -> None:
        """Give it back."""
        with self._lock:
            self._viewers -= 1

    def close(self) -> None:
        """Let all streams end, for the server does."""
        with self._lock:
            self.closing = True
            tails = list(self._tails.values())
        for tail in tails:
            tail.close()

    def part(self, tail: Tail) -> None:
        """Watch no longer."""
        with self._lock:
            tail.viewers -= 1

    def join(self, run_id: str, loop: Loop) -> Tail:
        """Return the tail of a run, to be watched in a loop. This may block.

        Raises:
            StoreError: the run cannot be read now.
        """
        key = run_id, loop
        # It reads, and so is not made under the lock of all tails.
        tail = self._going_on(key) or Tail(self._store, run_id, self._lease, self.queue, loop)
        with self._lock:
            tail = self._going_on(key) or tail
            tail.closing |= self.closing
            if self._tails.get(key) is not tail and not tail.now().over:
                self._tails[key] = tail
                threading.Thread(target=self._follow, args=(key, tail), name="tail", daemon=True).start()
            tail.viewers += 1
            return tail

    def _going_on(self, key: tuple[str, Loop]) -> Tail | None:
        tail = self._tails.get(key)
        return None if tail is None or tail.now().over else tail

    def _follow(self, key: tuple[str, Loop], tail: Tail) -> None:
        alone_since: float | None = None
        trouble = ""
        while not tail.now().over:
            trouble = _looked(key[0], tail, trouble, self._unwatched)
            now = time.monotonic()
            with self._lock:
                alone_since = None if tail.viewers else (now if alone_since is None else alone_since)
                if alone_since is not None and now - alone_since > LINGER:
                    self._tails.pop(key, None)
                    return
            time.sleep(RETRY if trouble else POLL + EACH * tail.viewers)
        with self._lock:
            if self._tails.get(key) is tail:
                del self._tails[key]


def _looked(run_id: str, tail: Tail, before: str, unwatched: float) -> str:
    """Let a tail look, and note that somebody watches. Return what is wrong, if anything; it is logged once."""
    try:
        tail.look()
        if tail.viewers:
            tail.note(unwatched)
    except StoreError as error:
        trouble = str(error)
        if trouble != before:
            logger.warning("run %s cannot be followed now: %s", run_id, trouble)
    except Exception as error:
        trouble = repr(error)
        if trouble != before:
            logger.exception("run %s cannot be followed", run_id)
    else:
        return ""
    return trouble
