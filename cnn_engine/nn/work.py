"""How much a network has to do: counted, so that what takes long is known before it is begun."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnn_engine.nn.layers.base import MOVED, Layer
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.pools import AvgPool2d, MaxPool2d
from cnn_engine.nn.network import ANSWER_BATCH

PASSES = 3  # of a step, each as much as the forward pass: backward is twice that
LONG = 1 << 30  # multiplications: a tenth of a second or so


def work(layers: Sequence[Layer]) -> int:
    """The multiplications of a forward pass of one sample, or what takes as long."""
    return sum(_products(layer) + MOVED * _moved(layer) for layer in layers)


def long_step(layers: Sequence[Layer], batch: int) -> bool:
    """Whether one step takes long."""
    return PASSES * batch * work(layers) > LONG


def long_pass(layers: Sequence[Layer], samples: int) -> bool:
    """Whether answers to so many samples take long."""
    return samples * work(layers) > LONG


def long_piece(layers: Sequence[Layer], batch: int) -> bool:
    """Whether some of it takes long that is done at once: a step, or the answers to some samples."""
    return long_step(layers, batch) or long_pass(layers, ANSWER_BATCH)


def _products(layer: Layer) -> int:
    weight = layer.parameters().get("weight")
    return 0 if weight is None else math.prod(layer.output_shape) * math.prod(weight.shape[1:])


def _moved(layer: Layer) -> int:
    """Numbers that are copied, compared or added: a window's for each of its taps."""
    cells = math.prod(layer.output_shape)
    if isinstance(layer, MaxPool2d | AvgPool2d):
        return cells * layer.axes["height"].kernel_size * layer.axes["width"].kernel_size
    if isinstance(layer, Conv2d):
        return cells // layer.out_channels * layer.input_shape[0] * math.prod(layer.kernel_size)
    return cells
