"""What a network's layers are, one row each, as far as the architecture is possible."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Layer, Shape

MOST_READS = 32  # maps of a layer of which is told what they are made of


def layer_rows(layers: Sequence[Layer]) -> list[dict[str, Any]]:
    """Return for each layer its kind, its shapes, how many numbers it learns and how many products it takes.

    `multiplications` are those with weights, for one sample: each output value times the weights that it meets.
    `reads`: the first and the last map of the input that each of the first 32 maps of the output is made of.
    """
    return [
        {
            "layer": layer.kind,
            "input_shape": list(layer.input_shape),
            "output_shape": list(layer.output_shape),
            "parameters": sum(math.prod(parameter.shape) for parameter in layer.parameters().values()),
            "multiplications": multiplications(layer),
            "reads": _reads(layer),
        }
        for layer in layers
    ]


def _reads(layer: Layer) -> list[list[int]]:
    maps = np.arange(min(layer.output_shape[0], MOST_READS))
    spans: list[list[int]] = layer.blocks().span(maps).tolist()
    return spans


def multiplications(layer: Layer) -> int:
    """Return products with weights, for one sample."""
    weight = layer.parameters().get("weight")
    if weight is None:
        return 0
    return math.prod(layer.output_shape) * math.prod(weight.shape[1:])


def activation_bytes(layers: Sequence[Layer], samples: int) -> int:
    """Return bytes of float32 for the input, what every layer gives, and the gradient of each, of all samples."""
    values = math.prod(layers[0].input_shape) + sum(math.prod(layer.output_shape) for layer in layers)
    return 2 * 4 * samples * values


def possible_layers(
    architecture: Sequence[Mapping[str, Any]], input_shape: Shape
) -> tuple[list[Layer], ConvoscopeError | None]:
    """Return the layers up to the first that cannot be, and the error that says why it cannot."""
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
