"""What a network's layers are, one row each, as far as the architecture is possible."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from cnn_engine.counts import COSTS, window_work, work
from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn.layers import Layer, Shape, make_layers
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.pools import AvgPool2d, MaxPool2d
from cnn_engine.nn.parts import samples_at_once


def layer_rows(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """For each layer its kind, input and output shapes, how many numbers it learns and how many products it takes.

    `multiplications` are those with weights, for one sample: each output value times the weights that it meets.
    """
    return [
        {
            "layer": layer.kind,
            "input_shape": list(layer.input_shape),
            "output_shape": list(layer.output_shape),
            "parameters": sum(math.prod(parameter.shape) for parameter in layer.parameters().values()),
            "multiplications": _multiplications(layer),
        }
        for layer in layers
    ]


def _multiplications(layer: Layer) -> int:
    weight = layer.parameters().get("weight")
    if weight is None:
        return 0
    return math.prod(layer.output_shape) * math.prod(weight.shape[1:])


def answer_work(layers: Sequence[Layer], samples: int = 1, at_once: int = 64) -> int:
    """What the answers to so many samples cost, in nanoseconds of one core (see `counts`)."""
    return sum(_work(layer, samples, at_once) for layer in layers)


def step_work(layers: Sequence[Layer], samples: int) -> int:
    """What a forward and a backward pass of one batch cost, in nanoseconds of one core."""
    at_once = samples_at_once(layers, samples)
    return sum(round((1 + COSTS[layer.kind].backward) * _work(layer, samples, at_once)) for layer in layers)


def _work(layer: Layer, samples: int, at_once: int) -> int:
    """Of one layer forward: its calls are made once for all samples that are in work together."""
    if isinstance(layer, Conv2d):
        one = window_work(
            layer.kind, layer.input_shape[0], layer.axes, filters=layer.out_channels, groups=layer.groups
        )
        calls = math.prod(layer.kernel_size)
    elif isinstance(layer, MaxPool2d | AvgPool2d):
        one = window_work(layer.kind, layer.input_shape[0], layer.axes)
        calls = layer.axes["height"].kernel_size * layer.axes["width"].kernel_size
    else:
        values = math.prod(layer.input_shape) + math.prod(layer.output_shape)
        one, calls = work(layer.kind, calls=1, products=_multiplications(layer), values=values), 1
    together = work(layer.kind, calls=calls)
    return samples * (one - together) + -(-samples // at_once) * together


def activation_bytes(layers: Sequence[Layer], samples: int, itemsize: int = 4) -> int:
    """Bytes for the input, for what every layer gives, and for the gradient of each, of so many samples together."""
    values = math.prod(layers[0].input_shape) + sum(math.prod(layer.output_shape) for layer in layers)
    return 2 * itemsize * samples * values


def possible_layers(
    architecture: Sequence[Mapping[str, Any]], input_shape: Shape
) -> tuple[list[Layer], ConvoscopeError | None]:
    """The layers up to the first that cannot be, and the error that says why it cannot."""
    layers: list[Layer] = []
    try:
        return make_layers(architecture, input_shape), None
    except ConvoscopeError as error:
        for entry in architecture:
            shape = layers[-1].output_shape if layers else input_shape
            try:
                layers += make_layers([entry], shape)
            except ConvoscopeError:
                break
        return layers, error
