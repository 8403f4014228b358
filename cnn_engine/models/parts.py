"""What one channel of what a layer gives is made of: inputs, kernels, partial maps, their sum, bias and activation."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.geometry import convolution_geometry, whole_in
from cnn_engine.models.model import Model, own_parameters, scale_and_shift
from cnn_engine.models.passes import Off, Pass, read_layer, read_off, read_sample
from cnn_engine.nn.layers.activations import Activation
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.dense import Flatten, Linear
from cnn_engine.nn.layers.dropout import Dropout
from cnn_engine.ops import conv2d
from cnn_engine.parameters import describe

SLIDING = tuple(part.name for part in describe(convolution_geometry, 2))  # all but the sizes


@dataclass(frozen=True)
class ChannelParts:
    """What one channel of what a layer gives is made of, in float64. Of a line, a channel is one number.

    Attributes:
        channels: which channels of what the layer is given it is made of.
        read: the layer whose channels these are: not what flattened its maps, but that itself. `INPUT` is before all.
        inputs: (C, H, W): what they hold. Features that were maps are maps again, and others are one row.
        output: (H', W'): what the layer gives, 0 where the channel is switched off.
        kernels: (C, h, w): what meets the inputs, where the layer has such.
        partials: (C, H', W'): for each of the channels the sum of its products.
        sum: (H', W'): all partial maps together.
        bias: what is added.
        weight, bias_name: the parameters that kernels and bias belong to, where they are as the layer has learned them.
        activation: (H', W'): what the layer after it makes of it, where that changes each number by itself.
    """

    channels: tuple[int, ...]
    read: int
    inputs: Array
    output: Array
    kernels: Array | None = None
    partials: Array | None = None
    sum: Array | None = None
    bias: float | None = None
    weight: str | None = None
    bias_name: str | None = None
    activation: Array | None = None


def parts(model: Model, input: ArrayLike, layer: int, channel: int, *, off: Off = ()) -> ChannelParts:
    """Return what one channel of what a layer gives is made of."""
    sample, number = read_sample(model, input), read_layer(model, layer)
    kind = model.layers[number]
    channel = whole_in(channel, "channel", 0, kind.output_shape[0] - 1)
    forward = Pass(model, sample, read_off(model, off))
    given, output = forward.outputs[number - 1][0], _plane(forward.outputs[number][0], channel)
    with np.errstate(all="ignore"):
        found = _made(model, number, channel, given, output)
    following = number + 1
    if following < len(model.layers) and isinstance(model.layers[following], Activation):
        return replace(found, activation=_plane(forward.outputs[following][0], channel))
    return found


def _plane(values: Array, channel: int) -> Array:
    """Return one channel as (H, W), one feature as (1, 1)."""
    plane: Array = values[channel]
    return plane.reshape(values.shape[1:] or (1, 1))


def _made(model: Model, layer: int, channel: int, given: Array, output: Array) -> ChannelParts:
    kind = model.layers[layer]
    if isinstance(kind, Conv2d):
        return _convolved(model, layer, channel, given, output)
    if isinstance(kind, Linear):
        return _weighed(model, layer, channel, given, output)
    if isinstance(kind, BatchNorm2d) and kind.tracks:
        scale, shift = (float(one[channel]) for one in scale_and_shift(model, layer))
        product = scale * given[channel]
        kernels = np.full((1, 1, 1), scale)
        return ChannelParts((channel,), layer - 1, given[channel][None], output, kernels, product[None], product, shift)
    if given.ndim == 3 and output.size == 1 and len(kind.output_shape) == 1:  # flattened: the map that it was in
        channel //= given[0].size
    return ChannelParts((channel,), layer - 1, _plane(given, channel)[None], output)


def _convolved(model: Model, layer: int, channel: int, given: Array, output: Array) -> ChannelParts:
    own, entry = own_parameters(model, layer), model.network.architecture[layer]
    kernels = own["weight"][channel]
    channels = model.layers[layer].blocks().read(np.array([channel]))[0]
    inputs = given[channels]
    sliding = {name: entry[name] for name in SLIDING if name in entry}
    partials = conv2d(inputs, kernels[:, None], groups=len(kernels), **sliding)
    return _added(
        layer, channel, own, ChannelParts(tuple(channels.tolist()), layer - 1, inputs, output, kernels, partials)
    )


def _weighed(model: Model, layer: int, feature: int, given: Array, output: Array) -> ChannelParts:
    own, shape, read = own_parameters(model, layer), maps_before(model, layer), _read(model, layer)
    inputs, kernels = given.reshape(shape), own["weight"][feature].reshape(shape)
    partials = (inputs * kernels).sum(axis=(1, 2), keepdims=True)
    return _added(layer, feature, own, ChannelParts(tuple(range(shape[0])), read, inputs, output, kernels, partials))


def _added(layer: int, channel: int, own: dict[str, Array], made: ChannelParts) -> ChannelParts:
    partials = made.partials if made.partials is not None else np.zeros((1, 1, 1))
    bias = float(own["bias"][channel]) if "bias" in own else None
    name = None if bias is None else f"{layer}.bias"
    return replace(made, sum=partials.sum(axis=0), bias=bias, weight=f"{layer}.weight", bias_name=name)


def maps_before(model: Model, layer: int) -> Shape:
    """Return the shape of the maps that a layer of features is given as one row; (1, 1, F) where there were none."""
    flattening = _flattening_before(model, layer)
    return (1, 1, model.layers[layer].input_shape[0]) if flattening is None else model.layers[flattening].input_shape


def _read(model: Model, layer: int) -> int:
    """Return the layer whose maps a layer of features is made of, or whose features."""
    flattening = _flattening_before(model, layer)
    return (layer if flattening is None else flattening) - 1


def _flattening_before(model: Model, layer: int) -> int | None:
    """Return the layer that made a row of maps, where each number of it is still at its place."""
    for before in range(layer - 1, -1, -1):
        if not isinstance(model.layers[before], Flatten | Dropout | Activation):
            return None
        if len(model.layers[before].input_shape) == 3:
            return before
    return None
