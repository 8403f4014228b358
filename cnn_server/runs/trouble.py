"""Why a run that should go on does not."""

from __future__ import annotations

import time

from cnn_server.runs.record import Run
from cnn_server.runs.store import RunStore


def trouble_of(run: Run, store: RunStore, lease: float) -> str | None:
    """A sentence for people; None where all is well. A worker renews its lease, of so many seconds, in good time."""
    if not run.open:
        return None
    left = run.lease - time.time()
    if run.state != "queued" and left > lease / 2:
        return None
    if trouble := store.trouble():
        return f"{trouble} This run waits, keeps what it has learned, and goes on once it can be written down."
    if run.state == "running" and left < -lease / 2:
        return "Nothing has been heard of the worker of this run for a while; another one takes over when it can."
    return None
