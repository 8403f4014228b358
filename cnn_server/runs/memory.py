"""The memory that the runs of a machine take together, and whether there is enough for one more."""

from __future__ import annotations

import json
from collections.abc import Sequence

from cnn_server.runs.record import Run

MB = 1024 * 1024


def machine(worker: str) -> str:
    """Where a worker is: its name begins with that."""
    return worker.rpartition("/")[0]


def fits(run: Run, worker: str, held: Sequence[Run], most: int) -> bool:
    """Whether a worker can take a run beside those that the workers of its machine have, `most` MB together.

    One that is alone can always be taken: a run that never fits was refused as it was set.
    """
    beside = [other for other in held if machine(str(other.worker)) == machine(worker)]
    return not beside or taken(beside) + _needs(run, worker, beside) <= most * MB


def why(run: Run, held: Sequence[Run], most: int) -> str | None:
    """Why a run that waits has to wait for memory, in a sentence; None where it does not."""
    workers = {str(other.worker) for other in held}
    if not workers or any(fits(run, worker, held, most) for worker in workers):
        return None
    needs = min(_needs(run, worker, held) for worker in workers)
    machines: dict[str, list[Run]] = {}
    for other in held:
        machines.setdefault(machine(str(other.worker)), []).append(other)
    least = min(taken(beside) for beside in machines.values())
    return (
        f"The run waits for memory: it needs about {_told(needs)} MB, and those that are trained now take "
        f"{_told(least)} of {most:,} MB. It goes on by itself as soon as there is room."
    )


def taken(held: Sequence[Run]) -> int:
    """Bytes of all these runs: a data set counts once in each worker, which shares it between its runs."""
    data = {(str(run.worker), _data(run)): _bytes(run, "data") for run in held}
    return sum(_bytes(run, "training") for run in held) + sum(data.values())


def _needs(run: Run, worker: str, held: Sequence[Run]) -> int:
    there = any(other.worker == worker and _data(other) == _data(run) for other in held)
    return _bytes(run, "training") + (0 if there else _bytes(run, "data"))


def _data(run: Run) -> tuple[str, str]:
    return run.settings.get("dataset", ""), json.dumps(run.settings.get("dataset_options") or {}, sort_keys=True)


def _bytes(run: Run, part: str) -> int:
    return int((run.facts.get("memory") or {}).get(part, 0))  # what was stored before it was counted has none


def _told(count: int) -> str:
    return f"{max(1, round(count / MB)):,}"
