"""How much a network has to do, and how much memory training takes: counted, so that it is known before it is begun.

Work is in nanoseconds of one core throughout, by the table of `cnn_engine.costs`; memory is counted by laying the
network out without any.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cnn_engine.costs import COSTS, work
from cnn_engine.nn.layers.base import Layer, counting
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.pools import AvgPool2d, MaxPool2d
from cnn_engine.nn.network import ANSWER_BATCH
from cnn_engine.nn.parts import part_sizes, samples_at_once
from cnn_engine.nn.plan import Plan
from cnn_engine.nn.store import Store
from cnn_engine.nn.summary import multiplications
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.counts import window_work

LONG = 100_000_000  # a tenth of a second
AUGMENTED = 35  # for one number of a picture that is turned, shifted and made grainy


def cost_of(layer: Layer | type[Layer]) -> str:
    """Return which row of the table of costs is a layer's."""
    return layer.cost or layer.kind


def answer_work(layers: Sequence[Layer], samples: int = 1) -> int:
    """Return what the answers to so many samples cost."""
    return sum(_layer_work(layer, samples, ANSWER_BATCH) for layer in layers)


def step_work(layers: Sequence[Layer], batch: int) -> int:
    """Return what a forward and a backward pass of one batch cost."""
    at_once = samples_at_once(layers, batch)
    return sum(round((1 + COSTS[cost_of(layer)].backward) * _layer_work(layer, batch, at_once)) for layer in layers)


def answer_bytes(layers: Sequence[Layer], samples: int = 1, itemsize: int = 4) -> int:
    """Return bytes at most for answers to so many samples at once: outputs, padding and unfolded windows."""
    values = math.prod(layers[0].input_shape) + sum(_held(layer) for layer in layers)
    return itemsize * samples * values


def _held(layer: Layer) -> int:
    held = math.prod(layer.output_shape)
    if isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        rows, cols = layer.axes["height"], layer.axes["width"]
        held += layer.input_shape[0] * (rows.padded_size + rows.overhang) * (cols.padded_size + cols.overhang)
        if isinstance(layer, Conv2d):
            taps = rows.kernel_size * cols.kernel_size
            held += layer.input_shape[0] * taps * rows.output_size * cols.output_size
    return held


def long_step(layers: Sequence[Layer], batch: int) -> bool:
    """Return whether one step takes long."""
    return step_work(layers, batch) > LONG


def long_pass(layers: Sequence[Layer], samples: int) -> bool:
    """Return whether answers to so many samples take long."""
    return answer_work(layers, samples) > LONG


def long_piece(layers: Sequence[Layer], batch: int, *, augmented: bool = False) -> bool:
    """Return whether a part that is done at once takes long: a step, some answers, or changing a batch."""
    changing = AUGMENTED * batch * math.prod(layers[0].input_shape) if augmented else 0
    return long_step(layers, batch) or long_pass(layers, ANSWER_BATCH) or changing > LONG


def _layer_work(layer: Layer, samples: int, at_once: int) -> int:
    """Return what a layer costs forward: its calls are made once for all samples that are in work together."""
    taps = 1
    if isinstance(layer, Conv2d | MaxPool2d | AvgPool2d):
        taps = layer.axes["height"].kernel_size * layer.axes["width"].kernel_size
    calls = work(cost_of(layer), calls=taps)
    return samples * (_one_sample(layer) - calls) + -(-samples // at_once) * calls


def _one_sample(layer: Layer) -> int:
    if isinstance(layer, Conv2d):
        return window_work(cost_of(layer), layer.axes, layer.blocks(), weighted=True)
    if isinstance(layer, MaxPool2d | AvgPool2d):
        return window_work(cost_of(layer), layer.axes, Blocks.same(layer.input_shape[0]))
    values = math.prod(layer.input_shape) + math.prod(layer.output_shape)
    return work(cost_of(layer), calls=1, products=multiplications(layer), values=values)


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
