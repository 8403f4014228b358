"""What a worker has a run by: for some seconds, renewed in time, and never beside another worker."""

from __future__ import annotations

import time
from collections.abc import Iterator

from cnn_server.runs.commands import Command
from cnn_server.runs.record import Run
from cnn_server.runs.store import RunStore


class LostError(Exception):
    """Another worker has the run now."""


class Lease:
    """One worker's hold on a run, of `seconds` at a time, and how many of the run's commands it has carried out."""

    def __init__(self, store: RunStore, run: Run, worker: str, seconds: float) -> None:
        self._store, self._id, self._worker, self._seconds = store, run.id, worker, seconds
        self._claim = run.claims
        self._acted = run.seen  # the number of the last command that was carried out

    def read(self) -> Run:
        """Return the run as it is stored.

        Raises:
            LostError: it is no longer this worker's.
        """
        run = self._store.get(self._id)
        if run is None:
            raise LostError(self._id)
        self.check(run)
        return run

    def check(self, run: Run) -> None:
        """Raise LostError if another has the run, this worker took it anew, or another acted when it seemed free."""
        if (run.worker, run.claims) != (self._worker, self._claim) or run.seen > self._acted:
            raise LostError(self._id)

    def commands(self, run: Run) -> Iterator[Command]:
        """Yield the commands of a record that are new; each counts as carried out when the next one is asked for."""
        for command in run.pending[self._acted - run.seen :]:
            yield command
            self._acted += 1

    def is_short(self, run: Run) -> bool:
        """Return whether it is to be renewed: a third of it is over."""
        return time.time() > run.lease - 2 * self._seconds / 3

    def renew(self, run: Run) -> None:
        """Put into a record that it goes on from now, and which commands are carried out."""
        del run.pending[: max(self._acted - run.seen, 0)]
        run.seen = max(run.seen, self._acted)
        run.lease = time.time() + self._seconds

    def end(self, run: Run, *, queued: bool) -> None:
        """Put into a record that anybody may have the run now, or that it waits for its turn."""
        run.worker, run.lease = None, 0.0
        run.state = "queued" if queued else run.state

    def give_back(self, *, queued: bool) -> None:
        """Let somebody else go on from what is written down."""

        def edit(run: Run) -> None:
            self.check(run)
            self.end(run, queued=queued)

        self._store.change(self._id, edit)
