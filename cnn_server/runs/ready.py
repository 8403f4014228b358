"""What takes its time before a run can go on: its data set is made, and its network laid out."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from typing import NamedTuple

from cnn_engine.data.dataset import Dataset
from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn import Event, Trainer, load
from cnn_server.runs.prepared import prepare
from cnn_server.runs.record import Run
from cnn_server.runs.store import RunStore

logger = logging.getLogger("convoscope.runs")


class Ready(NamedTuple):
    """A run that can go on: its trainer as of the last checkpoint, what it does next, whether its steps take long, and
    its data set, which other runs of this process share while it is held.
    """

    trainer: Trainer
    events: Iterator[Event]
    long: bool
    dataset: Dataset


def make_ready(store: RunStore, run: Run) -> Ready:
    """Return a run that can go on."""
    prepared = prepare(run.settings)
    trainer = _restored(store, run.id, prepared.trainer)
    return Ready(trainer, prepared.events(trainer), prepared.long, prepared.dataset)


def _restored(store: RunStore, run_id: str, fresh: Trainer) -> Trainer:
    """From the newest checkpoint that is whole, else from the beginning: the numbers are the same."""
    for blob in store.blobs(run_id, "checkpoint"):
        try:
            return load(io.BytesIO(blob.data))
        except ConvoscopeError as error:
            logger.warning("run %s: the checkpoint of step %d is left out: %s", run_id, blob.step, error)
    return fresh
