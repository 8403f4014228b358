"""A run's events for one viewer: what there is, then what comes, nothing lost and nothing twice.

A viewer waits in an event loop, and takes no thread. `deliver` is for a server that has one; `__iter__` is for those
that give a thread to each answer, and lets it wait for the loop that all of these share.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Iterator
from contextlib import aclosing
from functools import cache, partial
from typing import Any

from cnn_engine.words import ENGLISH
from cnn_server.runs.hub import RETRY, Event, Hub, Loop, Tail
from cnn_server.runs.record import Run
from cnn_server.runs.sse import COMMENT, end_event, entry_events, state_event, warning_event
from cnn_server.runs.store import RunStore, StoreError
from cnn_server.serving.streams import Blocking, SendPart

ENTRIES = 400  # of the log at once


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
        self._closed = self._ended = False
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
        loop, events = _loop(), self._events(asyncio.to_thread)
        try:
            while (data := _done(anext(events, None), loop)) is not None:
                yield data
        finally:
            self.close()
            _done(events.aclose(), loop)

    async def deliver(self, send: SendPart, blocking: Blocking) -> None:
        """Send the events, in an event loop; what may block is done by `blocking`."""
        async with aclosing(self._events(blocking)) as events:
            async for data in events:
                await send(data)

    async def _events(self, blocking: Blocking) -> AsyncGenerator[bytes]:
        """Yield the events after a step, until the run ends. While the store cannot be read there are comments."""
        while not (self._ended or self._hub.closing):
            try:
                await blocking(partial(self._join, asyncio.get_running_loop()))
                async for data in self._followed(blocking):
                    yield data
            except StoreError:
                yield COMMENT
                await asyncio.sleep(RETRY)
            finally:
                self._part()

    def _join(self, loop: Loop) -> None:
        """Watch the tail; not any more, where the viewer has gone meanwhile."""
        tail = self._hub.join(self._id, loop)
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

    async def _followed(self, blocking: Blocking) -> AsyncIterator[bytes]:
        """Yield what there is and what comes, from the last step told on.

        Raises:
            StoreError: the log cannot be read now.
        """
        tail, over = self._tail, False
        if tail is None:
            self._ended = True
            return
        while not over:
            number, run, waiting, trouble, over = tail.now()
            if run is not None:
                yield state_event(run, waiting, trouble, self._code)
                if run.warning:
                    yield warning_event(run.warning, self._code)
                while found := await blocking(partial(self._logged, run)):
                    events, self._step = found
                    yield events
            if not over:
                async for data in self._live(tail, number):
                    yield data
            if tail.closing:
                return
        yield await blocking(lambda: end_event(self._store.get(self._id), self._code))
        self._ended = True

    def _logged(self, run: Run) -> tuple[bytes, int] | None:
        """Return the next events of the log, and their last step."""
        entries = self._store.log(self._id, self._step, ENTRIES)
        return (entry_events(run, entries, self._step), entries[-1].step) if entries else None

    async def _live(self, tail: Tail, number: int) -> AsyncIterator[bytes]:
        """Yield what comes, until it is over or some of it was missed."""
        while not tail.closing:
            messages = await tail.after(number)
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


@cache
def _loop() -> Loop:
    """Return the event loop in which the viewers of threads wait, which runs in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="viewers", daemon=True).start()
    return loop


def _done(act: Awaitable[Any], loop: Loop) -> Any:
    """Wait in this thread until a loop of another one has done something. Return what it gives."""

    async def done() -> Any:
        return await act

    return asyncio.run_coroutine_threadsafe(done(), loop).result()
