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
    """The events after a step, until the run ends."""
    with hub.watching(run_id) as tail:
        viewer = _Viewer(tail, store, run_id, after)
        yield from viewer.events()


class _Viewer:
    def __init__(self, tail: Tail, store: RunStore, run_id: str, after: int) -> None:
        self._tail, self._store, self._id = tail, store, run_id
        self._step = after  # the last step told

    def events(self) -> Iterator[bytes]:
        while True:
            number, run, place, over = self._tail.now()
            if run is None:
                yield end_event(None)
                return
            yield state_event(run, place)
            if run.warning:
                yield encoded("warning", run.warning)
            yield from self._from_the_log(run)
            if over:
                yield end_event(self._store.get(self._id))
                return
            yield from self._live(number)

    def _from_the_log(self, run: Run) -> Iterator[bytes]:
        """What was logged before now, when it can be read."""
        while True:
            try:
                entries = self._store.log(self._id, self._step, ENTRIES)
            except StoreError:
                yield COMMENT
                time.sleep(RETRY)
                continue
            if not entries:
                return
            yield entry_events(run, entries, self._step)
            self._step = entries[-1].step

    def _live(self, number: int) -> Iterator[bytes]:
        """What comes, until it is over or some of it was missed."""
        while True:
            messages = self._tail.after(number, QUIET)
            if messages is None:
                return
            if messages:
                number = messages[-1].number
                told = [message for message in messages if not message.last or message.last > self._step]
                if not self._goes_on_from_here(told):
                    return
                self._step = max([self._step, *(message.last for message in told)])
                if data := b"".join(message.data for message in told):
                    yield data
            elif self._tail.now().over:
                return
            else:
                yield COMMENT

    def _goes_on_from_here(self, told: list[Message]) -> bool:
        """Whether the next step told is the next one: not where the log could not be read, or from amid an entry."""
        first = next((message.first for message in told if message.last), self._step + 1)
        return first == self._step + 1
