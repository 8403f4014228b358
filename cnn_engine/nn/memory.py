"""How much memory training takes: counted by laying the network out without any."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cnn_engine.nn.layers.base import Layer, counting
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.network import ANSWER_BATCH
from cnn_engine.nn.parts import part_sizes, samples_at_once
from cnn_engine.nn.plan import Plan
from cnn_engine.nn.store import Store

NUMBER = 4  # bytes
VECTORS = 8  # of parameters: they, their gradient, its sum over parts, two of work, two of an optimizer, the best
CHECKPOINT = 4 * 3  # parameters, two of an optimizer and the best, each as an array, in the file, and on its way
LOOKED_AT = 3  # the parameters alone, likewise
COPIES, CHANGING = 1, 5  # of a batch: as it is trained on, and on the way there where it is changed


def training_bytes(layers: Sequence[Layer], batch: int, *, samples: int, judged: int, augmented: bool = False) -> int:
    """Return bytes that a run takes beside its data.

    Args:
        layers: those of the network.
        batch: samples in a batch.
        samples: of the training set, whose last batch may be smaller.
        judged: samples of the validation set.
        augmented: whether each batch is changed before it is trained on.
    """
    store = Store(layers, np.dtype(np.float32))
    steps = _laid_out(layers, store, {batch, samples % batch} - {0}, samples_at_once(layers, batch), training=True)
    together = any(isinstance(layer, BatchNorm2d) and not layer.tracks for layer in layers)
    answers = _laid_out(layers, store, {judged}, judged if together else ANSWER_BATCH, training=False)
    looked = _plan(layers, store, samples_at_once(layers, batch), training=True, fast=False)
    numbers = (VECTORS + CHECKPOINT + LOOKED_AT) * store.flat.size
    numbers += batch * math.prod(layers[0].input_shape) * (CHANGING if augmented else COPIES)
    numbers += samples_at_once(layers, batch) * sum(math.prod(layer.output_shape) for layer in layers)  # looked at
    return steps + answers + looked + NUMBER * numbers


def _laid_out(layers: Sequence[Layer], store: Store, counts: set[int], most: int, *, training: bool) -> int:
    sizes = {size for count in counts for _, size in part_sizes(count, most)}
    return len(sizes) * _plan(layers, store, max(sizes), training=training)


def _plan(layers: Sequence[Layer], store: Store, size: int, *, training: bool, fast: bool = True) -> int:
    with counting() as ledger:
        Plan(layers, store, size, training=training, fast=fast)
    return ledger.bytes
