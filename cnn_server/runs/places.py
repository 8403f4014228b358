"""Which run a worker takes next, and where the others stand in the queue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnn_server.runs.record import Run

MOST_LOSSES = 3  # workers that a run may lose without getting on, before it is given up


@dataclass(frozen=True)
class Limits:
    """How many runs at once, of all and of one client, and for how many seconds a worker has a run."""

    at_once: int
    per_client: int
    lease: float

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Limits:
        """As configured."""
        return cls(config["RUNS_AT_ONCE"], config["RUNS_PER_CLIENT"], config["RUN_LEASE"])


def queued(runs: Sequence[Run]) -> list[Run]:
    """The runs that wait, the first first."""
    return [run for run in runs if run.state == "queued"]


def place(run: Run, runs: Sequence[Run]) -> int | None:
    """Where a run stands in the queue, from 1; None where it does not wait."""
    waiting = [other.id for other in queued(runs)]
    return waiting.index(run.id) + 1 if run.id in waiting else None


def next_run(runs: Sequence[Run], limits: Limits, now: float) -> Run | None:
    """The run to take: one that lost its worker, else the first in the queue whose client may have one more."""
    held = [run for run in runs if run.held(now)]
    free = [run for run in runs if not run.held(now)]
    lost = [run for run in free if run.state == "running" or (run.state == "paused" and run.pending)]
    if lost:
        return lost[0]
    if len(held) >= limits.at_once:
        return None
    clients = Counter(run.owner for run in held)
    return next((run for run in queued(free) if clients[run.owner] < limits.per_client), None)


def take(run: Run, worker: str, limits: Limits, now: float) -> None:
    """Mark a run as a worker's; one that has taken several workers with it is given up."""
    if run.worker is not None:
        run.losses += 1
    if run.losses > MOST_LOSSES:
        reason = f"its worker ended {run.losses} times at step {run.step} without getting on"
        run.finish("failed", reason, {}, now)
        return
    run.worker, run.lease = worker, now + limits.lease
    if run.state == "queued":
        run.state, run.parked = ("paused" if run.parked else "running"), False
