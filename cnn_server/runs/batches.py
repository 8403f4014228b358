"""The pictures that a run learns from in one step, each had without drawing or keeping the rest of the training set."""

from __future__ import annotations

import numpy as np

from cnn_engine.data.augment import Augmentation
from cnn_engine.data.dataset import Part
from cnn_engine.nn.batches import augmentation_of, batch_of
from cnn_server.runs.looking import Array
from cnn_server.runs.outlines import learned_sample, learned_work
from cnn_server.runs.record import Run


def in_batch(run: Run, step: int) -> Array:
    """Return which samples of the training set a step learns from, from the first one of the set to the last."""
    return np.sort(_batch(run, step))


def picture_work(run: Run, index: int) -> int:
    """What it costs to have one sample of the training set, in nanoseconds."""
    return learned_work(run.settings, index, int(np.prod(run.facts["input_shape"])))


def picture_in_batch(run: Run, step: int, index: int) -> Part:
    """Return one sample of the training set as a set of its own, as the step that learns from it has it: augmented."""
    part, options = learned_sample(run.settings, index), run.settings["augmentation"]
    if options is None:
        return part
    batch = _batch(run, step)
    position, random = int(np.flatnonzero(batch == index)[0]), augmentation_of(run.settings["seed"], step)
    return Part(Augmentation.from_options(options).of_one(part.x, position, len(batch), random), part.y)


def _batch(run: Run, step: int) -> Array:
    return batch_of(run.settings["seed"], step, run.facts["sizes"]["train"], run.settings["batch_size"])
