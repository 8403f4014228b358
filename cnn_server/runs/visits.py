"""That somebody looks at a run is written down, so that it keeps its slot, or has it again."""

from __future__ import annotations

import time
from contextlib import suppress

from cnn_server.runs.record import Run
from cnn_server.runs.store import RunGoneError, RunStore, StoreError

NOTED = 1.5  # seconds between two notes that somebody looks at the network
OFTEN = 4  # notes in the time for which a run keeps its slot unwatched


def note(store: RunStore, run: Run, unwatched: float, visitor: str | None = None) -> None:
    """Note that somebody, by the name of their cookie, looks at a run that would keep its slot for so many seconds.

    Where nothing can be written, there is still something to look at.
    """
    with suppress(StoreError):
        claim(store, run, visitor)
        if run.open and time.time() - run.visited > unwatched / OFTEN:
            _change(store, run, visited=time.time())


def look(store: RunStore, run: Run) -> None:
    """Let the worker know that somebody looks at the network, so that it stores parameters more often."""
    if run.open and time.time() - run.watched > NOTED:
        with suppress(StoreError):
            _change(store, run, watched=time.time())


def claim(store: RunStore, run: Run, visitor: str | None) -> None:
    """Let a run count for its owner, once they come back with their cookie, and no longer for their address."""
    if run.open and run.person != run.owner == visitor:
        _change(store, run, person=run.owner)


def _change(store: RunStore, run: Run, **values: object) -> None:
    """Change a run both in the store and in hand."""

    def edit(stored: Run) -> None:
        for name, value in values.items():
            setattr(stored, name, value)

    with suppress(RunGoneError):
        edit(run)
        store.change(run.id, edit)
