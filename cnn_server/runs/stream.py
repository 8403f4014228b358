"""A run's events for one viewer: what there is, then what comes, nothing lost and nothing twice."""

from __future__ import annotations

import time
from collections.abc import Iterator

from cnn_server.runs.hub import RETRY, Hub, Message, Tail
from cnn_server.runs.record import Run
from cnn_server.runs.sse import COMMENT, encoded, end_event, entry_events, state_event
from cnn_server.runs.store import RunStore, StoreError

QUIET = 5.0  # seconds without an event until a comment shows that the line is up
ENTRIES = 400  # of the log at once


def follow(hub: Hub, store: RunStore, run_id: str, after: int) -> Iterator[bytes]:
    """The events after a step, until the run ends. While the store cannot be read there are comments."""
    viewer = _Viewer(store, run_id, after)
    while not viewer.done:
        try:
            with hub.watching(run_id) as tail:
                yield from viewer.events(tail)
        except StoreError:
            yield COMMENT
            time.sleep(RETRY)


class _Viewer:
    def __init__(self, store: RunStore, run_id: str, after: int) -> None:
        self._store, self._id = store, run_id
        self._step = after  # the last step told
        self.done = False

    def events(self, tail: Tail) -> Iterator[bytes]:
        """What there is and what comes, from the last step told on.

        Raises:
            StoreError: the log cannot be read now.
        """
        over = False
        while not over:
            number, run, waiting, trouble, over = tail.now()
            if run is not None:
                yield state_event(run, waiting, trouble)
                if run.warning:
                    yield encoded("warning", run.warning)
                yield from self._from_the_log(run)
            if not over:
                yield from self._live(tail, number)
        last = end_event(self._store.get(self._id))
        self.done = True
        yield last

    def _from_the_log(self, run: Run) -> Iterator[bytes]:
        """What was logged before now."""
        while entries := self._store.log(self._id, self._step, ENTRIES):
            yield entry_events(run, entries, self._step)
            self._step = entries[-1].step

    def _live(self, tail: Tail, number: int) -> Iterator[bytes]:
        """What comes, until it is over or some of it was missed."""
        while True:
            messages = tail.after(number, QUIET)
            if messages is None:
                return
            if messages:
                number = messages[-1].number
                told = [message for message in messages if not message.last or message.last > self._step]
                if not self._goes_on_from_here(told):
                    return
                if data := b"".join(message.data for message in told):
                    yield data
                self._step = max([self._step, *(message.last for message in told)])
            elif tail.now().over:
                return
            else:
                yield COMMENT

    def _goes_on_from_here(self, told: list[Message]) -> bool:
        """Whether the next step told is the next one: not where some were missed, or from amid an entry."""
        first = next((message.first for message in told if message.last), self._step + 1)
        return first == self._step + 1
