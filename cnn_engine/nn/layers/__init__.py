"""The layers by the names that an architecture calls them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cnn_engine.errors import ParameterError
from cnn_engine.nn.errors import at_layer
from cnn_engine.nn.layers.activations import LeakyReLU, ReLU, Sigmoid, Tanh
from cnn_engine.nn.layers.base import Buffer, Layer, Parameter, Shape, Signal, Site, Stage
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.dense import Flatten, Linear
from cnn_engine.nn.layers.dropout import Dropout
from cnn_engine.nn.layers.pools import AvgPool2d, GlobalAvgPool2d, GlobalMaxPool2d, MaxPool2d
from cnn_engine.nn.options import call, named, one_of

__all__ = ["LAYERS", "Buffer", "Layer", "Parameter", "Shape", "Signal", "Site", "Stage", "make_layers"]

LAYERS: dict[str, type[Layer]] = {
    layer.kind: layer
    for layer in (
        Conv2d,
        MaxPool2d,
        AvgPool2d,
        GlobalMaxPool2d,
        GlobalAvgPool2d,
        ReLU,
        LeakyReLU,
        Sigmoid,
        Tanh,
        Flatten,
        Linear,
        Dropout,
        BatchNorm2d,
    )
}
MOST_LAYERS = 256


def make_layers(architecture: object, input_shape: Shape) -> list[Layer]:
    """Every layer of an architecture, each checked against the shape that the one before it gives."""
    if isinstance(architecture, str) or not isinstance(architecture, Sequence):
        raise ParameterError(f"architecture must be a list of layers, not {architecture!r}", "architecture")
    if not 0 < len(architecture) <= MOST_LAYERS:
        raise ParameterError(
            f"architecture has {len(architecture)} layers where 1 to {MOST_LAYERS} are possible", "architecture"
        )
    layers: list[Layer] = []
    shape = input_shape
    for index, entry in enumerate(architecture):
        layers.append(_make_layer(index, entry, shape))
        shape = layers[-1].output_shape
    return layers


def _make_layer(index: int, entry: Any, shape: Shape) -> Layer:
    kind = entry.get("layer", "unnamed") if isinstance(entry, dict) else entry
    with at_layer(index, str(kind), shape):
        name, options = named(entry, "layer", "layer")
        return call(LAYERS[one_of(name, "layer", tuple(LAYERS))], name, options, shape)
