"""Who has one of the slots at which runs are trained, who is next, and who gives a slot away.

There are so many slots for everybody together. They go to runs that somebody watches before those that nobody does,
within these to everybody's first run before anybody's second, and within these to whoever came first. A run that has
a slot loses it only to one that goes before it by this order; those that nobody watches take turns.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from cnn_engine.words import Message
from cnn_server.runs.record import Run

MOST_LOST_WORKERS = 3  # workers that a run may lose without getting on, before it is given up
WATCHED, UNWATCHED, IDLE = 0, 1, 2  # how much a run needs its slot; one that has been paused for long is idle


@dataclass(frozen=True)
class RunLimits:
    """How many runs at once, of all and of one person, for how many seconds a worker has a run, for how many a run
    that nobody watches keeps its slot, how many people of one address count as such, and how many MB the runs of one
    machine take together.
    """

    at_once: int
    per_client: int
    lease: float
    unwatched: float = 30.0
    firsts: int = 60
    memory: int = 2048

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> RunLimits:
        """Return the limits that the configuration sets."""
        names = ("RUNS_AT_ONCE", "RUNS_PER_CLIENT", "RUN_LEASE", "RUN_UNWATCHED", "FIRST_PLACES_PER_ADDRESS")
        return cls(*(config[name] for name in (*names, "RUNS_MEMORY")))


class Standing(NamedTuple):
    """How a run stands among those that want a slot: the least goes first.

    `level` is how many runs of the same person go before it. Each further sixty people of one address count one more.
    """

    need: int
    level: int


def _need(run: Run, limits: RunLimits, now: float) -> int:
    if run.state == "paused" and not run.pending and now - run.commanded > limits.unwatched:
        return IDLE
    return UNWATCHED if now - run.visited > limits.unwatched else WATCHED


def standings(runs: Sequence[Run], limits: RunLimits, now: float) -> dict[str, Standing]:
    """Return how each of these runs stands, by its id."""
    needs = {run.id: _need(run, limits, now) for run in runs}
    order = sorted(runs, key=lambda run: (needs[run.id], not run.held(now), run.created))
    before: Counter[str] = Counter()
    people: dict[str, dict[str, int]] = {}  # of each address, in the order in which they come up
    found = {}
    for run in order:
        neighbours = people.setdefault(run.address, {})
        number = neighbours.setdefault(run.person, len(neighbours))
        crowd = number // limits.firsts if run.address else 0
        found[run.id] = Standing(needs[run.id], before[run.person] + crowd)
        before[run.person] += 1
    return found


Fits = Callable[[Run, Sequence[Run]], bool]


class Slots:
    """The slots and the queue, as of one moment. `fits` says whether there is memory for a run beside others."""

    def __init__(self, runs: Sequence[Run], limits: RunLimits, now: float, fits: Fits = lambda run, held: True) -> None:
        self._limits, self._now, self._fits = limits, now, fits
        self.held = [run for run in runs if run.held(now)]
        self.lost = [run for run in runs if not run.held(now) and _begun(run)]
        waiting = [run for run in runs if run.state == "queued" and not run.held(now)]
        self.standings = standings([*self.held, *self.lost, *waiting], limits, now)
        self.queue = sorted(waiting, key=self._turn)
        self._last_first = sorted(self.held, key=lambda run: (self.standings[run.id], -run.taken), reverse=True)
        self._slots_of = Counter(run.person for run in self.held)

    def _turn(self, run: Run) -> tuple[Standing, float, float]:
        standing = self.standings[run.id]
        return standing, run.taken if standing.need == UNWATCHED else 0.0, run.created

    def next(self) -> Run | None:
        """Return the run to take: one that lost its worker, else the first in the queue whose owner may have one more;
        in either case one that there is memory for.
        """
        lost = next((run for run in self.lost if self._fits(run, self.held)), None)
        if lost is not None or len(self.held) >= self._limits.at_once:
            return lost
        for run in self.queue:
            if self._has_enough(run.person):
                continue
            if self._fits(run, self.held):
                return run
            if self._in_the_way_of(run) is not None:
                return None  # the memory that others are giving up for it is not for those behind it
        return None

    def _has_enough(self, person: str) -> bool:
        return self._slots_of[person] >= self._limits.per_client

    def giving_way(self) -> Run | None:
        """Return the run that is to give its slot to one that waits, if any is."""
        if self.next() is not None:
            return None
        return next(filter(None, map(self._in_the_way_of, self.queue)), None)

    def _in_the_way_of(self, run: Run) -> Run | None:
        """Return a run that it goes before and without which it could begin: the last that is enough by itself."""
        others = [other for other in self._last_first if self.goes_before(run, other)]
        if self._has_enough(run.person):
            others = [other for other in others if other.person == run.person]
        if not others or not self._fits(run, _without(self.held, others)):
            return None
        return next((other for other in others if self._fits(run, _without(self.held, [other]))), others[0])

    def goes_before(self, waiting: Run, holding: Run) -> bool:
        """Return whether a run that waits goes before one that has a slot."""
        one, other = self.standings[waiting.id], self.standings[holding.id]
        if waiting.person == holding.person:
            return one.need < other.need
        takes_turns = one == other and one.need == UNWATCHED
        return one < other or (takes_turns and self._now - holding.taken > self._limits.unwatched)


def _without(runs: Sequence[Run], others: Sequence[Run]) -> list[Run]:
    gone = {other.id for other in others}
    return [run for run in runs if run.id not in gone]


def _begun(run: Run) -> bool:
    """Return whether a run that no worker has should have one."""
    return run.state == "running" or (run.state == "paused" and bool(run.pending))


def take(run: Run, worker: str, limits: RunLimits, now: float) -> None:
    """Mark a run as a worker's; one that has taken several workers with it is given up."""
    if run.worker is not None:
        run.lost_workers += 1
    if run.lost_workers > MOST_LOST_WORKERS:
        lost = Message("runs.workers_lost", {"count": run.lost_workers, "step": run.step})
        run.finish("failed", lost, {}, now)
        return
    run.worker, run.lease, run.taken = worker, now + limits.lease, now
    run.claims += 1
    if run.state == "queued":
        run.state, run.parked = ("paused" if run.parked else "running"), False
