"""The memory that the runs of a machine take together, and whether there is enough for one more."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_engine.words import Message
from cnn_server.runs.record import Run

MB = 1024 * 1024


def machine(worker: str) -> str:
    """Return where a worker is: its name begins with that."""
    return worker.rpartition("/")[0]


class FreeMemory:
    """What the runs leave that the workers of one machine have, `most` MB together, for one of these workers."""

    def __init__(self, worker: str, held: Sequence[Run], most: int) -> None:
        beside = [run for run in held if machine(str(run.worker)) == machine(worker)]
        self._empty, self._most = not beside, most * MB
        self.taken = taken(beside)
        self._there = {_data(run) for run in beside if run.worker == worker}

    def needs(self, run: Run) -> int:
        """Return bytes that a run takes, its data set only where this worker does not have it."""
        return _bytes(run, "training") + (0 if _data(run) in self._there else _bytes(run, "data"))

    def fits(self, run: Run) -> bool:
        """Return whether a run fits. One that is alone always does: what never fits was refused as it was set."""
        return self._empty or self.taken + self.needs(run) <= self._most


def fits(run: Run, worker: str, held: Sequence[Run], most: int) -> bool:
    """Return whether a worker can take a run beside those that are held."""
    return FreeMemory(worker, held, most).fits(run)


def free_memory(held: Sequence[Run], most: int) -> list[FreeMemory]:
    """Return what each worker that has runs can still take."""
    return [FreeMemory(worker, held, most) for worker in {str(run.worker) for run in held}]


def why(run: Run, free: Sequence[FreeMemory], most: int) -> Message | None:
    """Return why a run that waits has to wait for memory; None where it does not."""
    if not free or any(each.fits(run) for each in free):
        return None
    needed, least = min(each.needs(run) for each in free), min(each.taken for each in free)
    megabytes = {"needed": _megabytes(needed), "taken": _megabytes(least), "most": most}
    return Message("runs.waits_for_memory", megabytes)


def taken(held: Sequence[Run]) -> int:
    """Return bytes of all these runs: a data set counts once in each worker, which shares it between its runs."""
    data = {(str(run.worker), _data(run)): _bytes(run, "data") for run in held}
    return sum(_bytes(run, "training") for run in held) + sum(data.values())


def _data(run: Run) -> tuple[str, str]:
    options = run.settings.get("dataset_options") or {}
    return run.settings.get("dataset", ""), str(sorted(options.items()))


def _bytes(run: Run, part: str) -> int:
    return int((run.facts.get("memory") or {}).get(part, 0))  # what was stored before it was counted has none


def _megabytes(count: int) -> int:
    return max(1, round(count / MB))
