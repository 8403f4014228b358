"""A run's events for one viewer: what there is, then what comes, nothing lost and nothing twice.

What a viewer does is written once, as a generator that never waits: it yields the bytes to send, or what it waits
for. `__iter__` waits in a thread, as any WSGI server's answer does; `deliver` waits in an event loop, so that viewers
take no threads.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Generator, Iterator
from typing import Any, NamedTuple

from cnn_engine.words import ENGLISH
from cnn_server.runs.hub import RETRY, Event, Hub, Tail
from cnn_server.runs.record import Run
from cnn_server.runs.sse import COMMENT, end_event, entry_events, state_event, warning_event
from cnn_server.runs.store import RunStore, StoreError
from cnn_server.runs.waking import Waker
from cnn_server.serving.streams import Blocking, SendPart

QUIET = 5.0  # seconds without an event until a comment shows that the line is up
ENTRIES = 400  # of the log at once


class News(NamedTuple):
    """Wait for messages after this one, for `QUIET` seconds at most. Answered with them, as `Tail.after` does."""

    tail: Tail
    number: int


class Read(NamedTuple):
    """Do this, which may block. Answered with what it gives."""

    act: Callable[[], Any]


class Pause(NamedTuple):
    """Wait so many seconds."""

    seconds: float


Step = bytes | News | Read | Pause
Steps = Generator[Step, Any, None]


class Viewer:
    """Somebody who watches a run. It has a place in the hub until it is closed."""

    def __init__(self, hub: Hub, store: RunStore, run_id: str, after: int, code: str = ENGLISH) -> None:
        """Take a place; `code` is of the language in which it is told what has words.

        Raises:
            FullError: there is none.
        """
        self._hub, self._store, self._id, self._code = hub, store, run_id, code
        self._step = after  # the last step told
        self._lock = threading.Lock()
        self._tail: Tail | None = None
        self._closed = False
        hub.enter()

    def close(self) -> None:
        """Give the place back."""
        with self._lock:
            closed, self._closed = self._closed, True
        if not closed:
            self._part()
            self._hub.leave()

    def __iter__(self) -> Iterator[bytes]:
        """Yield the events, for a server that gives a thread to each viewer."""
        steps = self._steps()
        try:
            step = next(steps)
            while True:
                if isinstance(step, bytes):
                    yield step
                    step = next(steps)
                else:
                    try:
                        found = _waiting(step)()
                    except StoreError as error:
                        step = steps.throw(error)
                    else:
                        step = steps.send(found)
        except StopIteration:
            return
        finally:
            self.close()

    async def deliver(self, send: SendPart, blocking: Blocking) -> None:
        """Send the events, in an event loop; what may block is done by `blocking`."""
        steps, waker = self._steps(), self._hub.waker()
        try:
            step = next(steps)
            while True:
                found = None
                if isinstance(step, bytes):
                    await send(step)
                elif isinstance(step, News):
                    found = await _news(step, waker)
                elif isinstance(step, Pause):
                    await asyncio.sleep(step.seconds)
                else:
                    try:
                        found = await blocking(step.act)
                    except StoreError as error:
                        step = steps.throw(error)
                        continue
                step = steps.send(found)
        except StopIteration:
            return

    def _steps(self) -> Steps:
        """Return the events after a step, until the run ends. While the store cannot be read there are comments."""
        while not self._hub.closing:
            try:
                yield Read(self._join)
                if (yield from self._events()):
                    return
            except StoreError:
                yield COMMENT
                yield Pause(RETRY)
            finally:
                self._part()

    def _join(self) -> None:
        """Watch the tail; not any more, where the viewer has gone meanwhile."""
        tail = self._hub.join(self._id)
        with self._lock:
            if not self._closed:
                self._tail = tail
                return
        self._hub.part(tail)

    def _part(self) -> None:
        with self._lock:
            tail, self._tail = self._tail, None
        if tail is not None:
            self._hub.part(tail)

    def _events(self) -> Generator[Step, Any, bool]:
        """Yield what there is and what comes, from the last step told on. Whether the end was told.

        Raises:
            StoreError: the log cannot be read now.
        """
        tail, over = self._tail, False
        if tail is None:
            return True
        while not over:
            number, run, waiting, trouble, over = tail.now()
            if run is not None:
                yield state_event(run, waiting, trouble, self._code)
                if run.warning:
                    yield warning_event(run.warning, self._code)
                yield from self._from_the_log(run)
            if not over:
                yield from self._live(tail, number)
            if tail.closing:
                return False
        last = yield Read(lambda: end_event(self._store.get(self._id), self._code))
        yield last
        return True

    def _from_the_log(self, run: Run) -> Steps:
        """Return what was logged before now."""
        while found := (yield Read(lambda: self._logged(run))):
            events, self._step = found
            yield events

    def _logged(self, run: Run) -> tuple[bytes, int] | None:
        """Return the next events of the log, and their last step."""
        entries = self._store.log(self._id, self._step, ENTRIES)
        return (entry_events(run, entries, self._step), entries[-1].step) if entries else None

    def _live(self, tail: Tail, number: int) -> Steps:
        """Return what comes, until it is over or some of it was missed."""
        while not tail.closing:
            messages: list[Event] | None = yield News(tail, number)
            if messages is None:
                return
            if messages:
                number = messages[-1].number
                events = [message for message in messages if not message.last or message.last > self._step]
                if not self._goes_on_from_here(events):
                    return
                if data := b"".join(map(self._in_language, events)):
                    yield data
                self._step = max([self._step, *(message.last for message in events)])
            elif tail.now().over:
                return
            else:
                yield COMMENT

    def _in_language(self, event: Event) -> bytes:
        """Return an event as it was made for everybody, or made anew where it has words and others are read here."""
        return event.data if event.in_language is None or self._code == ENGLISH else event.in_language(self._code)

    def _goes_on_from_here(self, events: list[Event]) -> bool:
        """Return whether the next step told is the next one: not where some were missed, or from amid an entry."""
        first = next((message.first for message in events if message.last), self._step + 1)
        return first == self._step + 1


def _waiting(step: News | Read | Pause) -> Callable[[], Any]:
    """Return what waits for a step in a thread."""
    if isinstance(step, News):
        return lambda: step.tail.after(step.number, QUIET)
    if isinstance(step, Pause):
        return lambda: time.sleep(step.seconds)
    return step.act


async def _news(step: News, waker: Waker) -> list[Event] | None:
    """Return the messages after one, once there are some or the time is over."""
    messages = step.tail.after(step.number, 0)
    if messages != []:
        return messages
    loop, rung = asyncio.get_running_loop(), asyncio.Event()

    def ring() -> None:
        waker.wake(rung)

    step.tail.ring_after(step.number, ring)
    timer = loop.call_later(QUIET, rung.set)
    try:
        await rung.wait()
    finally:
        timer.cancel()
        step.tail.forget(ring)
    return step.tail.after(step.number, 0)
