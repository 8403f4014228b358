"""The layers by the names that an architecture calls them."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from typing import Any

from cnn_engine.errors import ParameterError, ShapeError, at_layer, shape_text
from cnn_engine.nn.layers.activations import ACTIVATIONS, ReLU
from cnn_engine.nn.layers.base import Layer, Shape
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.dense import Flatten, Linear
from cnn_engine.nn.layers.dropout import Dropout
from cnn_engine.nn.layers.pools import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnn_engine.nn.options import call, named, one_of

OFFERED: tuple[type[Layer], ...] = (
    *(Conv2d, ReLU, MaxPool2d, AvgPool2d, Dropout, BatchNorm2d, Flatten, Linear, GlobalAvgPool2d, GlobalMaxPool2d),
    *ACTIVATIONS,  # of which ReLU stands above
)
LAYERS: dict[str, type[Layer]] = {layer.kind: layer for layer in OFFERED}
MOST_LAYERS = 256
MOST_SIDE = 4096  # rows or columns of a map
MOST_VALUES = 2**24  # of one sample, between two layers


def as_entries(architecture: Sequence[Mapping[str, Any] | str]) -> list[dict[str, Any]]:
    """Return an architecture's layers as {"layer": kind, its options}, a copy."""
    return [{"layer": entry} if isinstance(entry, str) else copy.deepcopy(dict(entry)) for entry in architecture]


def make_layers(architecture: object, input_shape: Shape) -> list[Layer]:
    """Return every layer of an architecture, each checked against the shape that the one before it gives."""
    if isinstance(architecture, str) or not isinstance(architecture, Sequence):
        raise ParameterError("architecture_not_layers", "architecture", architecture=architecture)
    if not 0 < len(architecture) <= MOST_LAYERS:
        raise ParameterError("too_many_layers", "architecture", count=len(architecture), most=MOST_LAYERS)
    layers: list[Layer] = []
    shape = input_shape
    _check_shape(shape, "input_shape")
    for index, entry in enumerate(architecture):
        layers.append(_make_layer(index, entry, shape))
        shape = layers[-1].output_shape
    return layers


def _make_layer(index: int, entry: Any, shape: Shape) -> Layer:
    kind = entry.get("layer", "unnamed") if isinstance(entry, dict) else entry
    with at_layer(index, str(kind), shape):
        name, options = named(entry, "layer", "layer")
        layer = call(LAYERS[one_of(name, "layer", tuple(LAYERS))], name, options, shape)
        _check_shape(layer.output_shape, "layer")
        return layer


def _check_shape(shape: Shape, field: str) -> None:
    if max(shape[1:], default=1) > MOST_SIDE:
        raise ShapeError("maps_too_large", field, shape=shape_text(shape[1:]), most=MOST_SIDE)
    if math.prod(shape) > MOST_VALUES:
        raise ShapeError("sample_too_large", field, shape=shape_text(shape), most=MOST_VALUES)
