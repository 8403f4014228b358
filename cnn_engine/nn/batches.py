"""Which samples each step of a run learns from."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cnn_engine.errors import ParameterError, ShapeError, shape_text
from cnn_engine.nn.layers.base import Array, Layer
from cnn_engine.nn.trainer import DRAW_AUGMENTATION, DRAW_ORDER, random_of
from cnn_engine.words.message import part


def steps_per_epoch(samples: int, batch_size: int) -> int:
    """Return batches in a training set of so many samples, the last one perhaps smaller.

    Raises:
        ParameterError: it has fewer samples than one batch.
    """
    if batch_size > samples:
        raise ParameterError("batch_size_exceeds_samples", "batch_size", batch_size=batch_size, samples=samples)
    return math.ceil(samples / batch_size)


def batch_of(seed: int, step: int, samples: int, batch_size: int) -> Array:
    """Return which samples a step learns from: their indices in the training set, in the order of the batch.

    Args:
        seed: the trainer's.
        step: how many steps come before it.
        samples: in the training set.
        batch_size: how many a step learns from; the last one of an epoch from fewer, perhaps.
    """
    epoch, batch = divmod(step, steps_per_epoch(samples, batch_size))
    return batch_in(order_of(seed, epoch, samples), batch, batch_size)


def augmentation_of(seed: int, step: int) -> np.random.Generator:
    """Return the random numbers by which the batch of a step is augmented; `seed` and `step` as in `batch_of`."""
    return random_of(seed, DRAW_AUGMENTATION, step)


def order_of(seed: int, epoch: int, samples: int) -> Array:
    """Return the order in which an epoch takes the samples."""
    return random_of(seed, DRAW_ORDER, epoch).permutation(samples)


def batch_in(order: Array, index: int, size: int) -> Array:
    """Return the samples of one batch of an epoch."""
    return order[index * size : (index + 1) * size]


def check_batches(layers: Sequence[Layer], samples: int, batch_size: int) -> None:
    """Refuse a batch size that leaves a layer too few samples in the last batch of an epoch, or in every one.

    Raises:
        ShapeError: it names the layer, counted from 1, the cause, and the nearest batch size that works.
    """
    last = samples % batch_size or batch_size
    for index, layer in enumerate(layers):
        least = layer.least_samples()
        if last >= least:
            continue
        works = min(
            (size for size in range(least, samples + 1) if not 0 < samples % size < least),
            key=lambda size: (abs(size - batch_size), size),
            default=None,
        )
        advice = part("take_more_samples") if works is None else part("batch_size_works", works=works)
        few = part("each_batch_has", last=last)
        if last < batch_size:
            counts = {"samples": samples, "full": samples // batch_size, "batch_size": batch_size}
            few = part("last_batch_has", last=last, **counts)
        raise ShapeError(
            "batch_of_one_value",
            "batch_size",
            number=index + 1,
            kind=layer.kind,
            shape=shape_text(layer.input_shape),
            least=least,
            few=few,
            advice=advice,
        )
