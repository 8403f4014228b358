"""Why a run that should go on does not."""

from __future__ import annotations

import time

from cnn_engine.words import Message
from cnn_server.runs.record import Run
from cnn_server.runs.store import RunStore


def trouble_of(run: Run, store: RunStore, lease: float) -> Message | None:
    """Return why a run does not go on, for people; None where all is well.

    A worker renews its lease, of so many seconds, in good time.
    """
    if not run.open:
        return None
    left = run.lease - time.time()
    if run.state != "queued" and left > lease / 2:
        return None
    if trouble := store.trouble():
        return Message("runs.waits_to_be_written", {"trouble": trouble})
    if run.state == "running" and left < -lease / 2:
        return Message("runs.worker_silent", {})
    return None
