"""How long a run that waits will wait, from how far the others have come and how fast they go."""

from __future__ import annotations

import heapq
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from cnn_engine.words import Message
from cnn_server.runs import memory
from cnn_server.runs.pace import PHASES, interval
from cnn_server.runs.record import Run
from cnn_server.runs.slots import IDLE, RunLimits, Slots
from cnn_server.runs.store import RunStore

KEPT = 0.25  # seconds for which those who watch the same queue share one look at it


class Waiting(NamedTuple):
    """Where a run stands in the queue, from 1, and in about how many seconds it begins; None where that is unknown."""

    position: int | None = None
    starts_in: int | None = None
    trouble: Message | None = None  # why it cannot begin though it may be its turn

    def as_json(self) -> dict[str, int | None]:
        """Return where it stands."""
        return {"place": self.position, "starts_in": self.starts_in}


def queue_of(runs: Sequence[Run], limits: RunLimits, now: float) -> dict[str, Waiting]:
    """Return everybody who waits, by the id of the run."""
    slots = Slots(runs, limits, now)
    starts = _starts(slots, limits, now)
    found, free = {}, memory.free_memory(slots.held, limits.memory)
    for number, run in enumerate(slots.queue, 1):
        trouble = memory.why(run, free, limits.memory)
        found[run.id] = Waiting(number, None if trouble else starts.get(run.id), trouble)
    return found


def _starts(slots: Slots, limits: RunLimits, now: float) -> dict[str, int]:
    """Return seconds until each run that waits begins: slots are gone through in the order in which they come free."""
    ends = [(_free_in(run, slots, limits, now), run.person) for run in (*slots.held, *slots.lost)]
    heapq.heapify(ends)
    busy = Counter(person for _, person in ends)
    waiting, clock, found = list(slots.queue), 0.0, {}
    while waiting:
        free = len(ends) < limits.at_once
        run = next((run for run in waiting if free and busy[run.person] < limits.per_client), None)
        if run is not None:
            waiting.remove(run)
            found[run.id] = rounded(clock)
            busy[run.person] += 1
            heapq.heappush(ends, (clock + seconds_left(run), run.person))
            continue
        end, person = heapq.heappop(ends) if ends else (math.inf, "")
        if math.isinf(end):
            break
        clock = max(clock, end)
        busy[person] -= 1
    return found


def _free_in(run: Run, slots: Slots, limits: RunLimits, now: float) -> float:
    """Return seconds until a run has ended or gives its slot away, as far as can be told."""
    if slots.queue and slots.goes_before(slots.queue[0], run):
        return 0.0
    if slots.standings[run.id].need == IDLE:
        return 0.0
    if run.state == "paused":
        return max(0.0, run.commanded + limits.unwatched - now)
    return seconds_left(run)


def seconds_left(run: Run) -> float:
    """Return seconds of training, at its speed where that is known, else at its pace; infinite where neither is."""
    pace = interval(run.steps_per_second, phase=run.slow_motion) * (PHASES if run.slow_motion else 1)
    each = max(pace, 1 / run.speed if run.speed else 0.0)
    return float(run.facts["total_steps"] - run.step) * each if each else math.inf


def rounded(seconds: float) -> int:
    """Return a wait as exactly as it is known: to ten seconds, from three minutes on to a minute."""
    exact = 10 if seconds < 180 else 60
    return exact * math.ceil(seconds / exact)


class Queue:
    """The queue as a process sees it; many who ask within a moment get one answer."""

    def __init__(self, store: Callable[[], RunStore], limits: RunLimits) -> None:
        self._store, self._limits = store, limits
        self._lock = threading.Lock()
        self._read_at, self._waiting = -math.inf, dict[str, Waiting]()

    def now(self) -> dict[str, Waiting]:
        """Return everybody who waits at this moment."""
        return queue_of(self._store().unfinished(), self._limits, time.time())

    def lately(self, run: Run) -> Waiting:
        """Return where a run stands, as of a moment ago."""
        if run.state != "queued":
            return Waiting()
        with self._lock:
            if time.monotonic() - self._read_at > KEPT or run.id not in self._waiting:
                self._waiting, self._read_at = self.now(), time.monotonic()
            return self._waiting.get(run.id, Waiting())
