"""The one step that made one cell of a layer, by the layer's own trace."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.errors import ParameterError
from cnn_engine.models.model import Model, own_parameters, scale_and_shift
from cnn_engine.models.passes import INPUT, Off, Pass, read_index, read_layer, read_off, read_sample
from cnn_engine.nn.layers.base import Array, Layer
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.trace.base import Step, Trace
from cnn_engine.words.arguments import Called


def cell(model: Model, input: ArrayLike, layer: int, index: Sequence[int], *, off: Off = ()) -> Step:
    """Return the step that computes one cell of what a layer gives; `step.trace` is the layer's trace.

    Where a layer changes nothing (dropout in evaluation, flattening what is flat) it is the step of the one before.
    Batch normalisation in evaluation is shown as what it then is, a convolution of each channel with one weight. A cell
    of a channel that is `off` is refused: no step makes its 0.
    """
    sample, number = read_sample(model, input), read_layer(model, layer)
    flat = flat_index(model.layers[number], index)
    working, switched = _working(model, number), read_off(model, off)
    for at in range(working, number + 1):
        if any(index[0] in channels for (channels,) in switched.get(at, ())):
            raise ParameterError("cell_switched_off", "index", channel=index[0], number=at + 1)
    trace = layer_trace(model, working, Pass(model, sample, switched).outputs[working - 1][0])
    trace.called = called_in(model, number, working)
    return trace[flat]


def called_in(model: Model, layer: int, working: int) -> Called:
    """Return what a layer's maps and numbers are called, and what the layer reads that computes them."""
    is_last = layer == len(model.layers) - 1 and model.layers[layer].output_shape[0] == len(model.classes)
    classes = model.classes if is_last else ()
    return Called(reads_maps=working > 0, classes=tuple(classes))


def leading_channel(step: Step) -> int | None:
    """Return which channel brings the most to a step, for it or against it, from 0: of equal ones the first.

    None where the step adds up no channels, or their sums are no numbers.
    """
    sums = np.abs(np.asarray(getattr(step, "channel_sums", ()), float))
    return int(np.argmax(sums)) if sums.size and not np.isnan(sums).any() else None


def layer_trace(model: Model, layer: int, given: Array) -> Trace:
    """Return the trace of a layer for what it is given, (C, H, W) or (F,)."""
    kind = model.layers[layer]
    if isinstance(kind, BatchNorm2d):
        scale, shift = scale_and_shift(model, layer)
        return OPERATIONS["conv2d"].trace(given, scale[:, None, None, None], shift, groups=kind.channels)
    operation = OPERATIONS[kind.kind]
    entry = model.network.architecture[layer]
    known = {parameter.name for parameter in operation.parameters} - {"input", "weight", "bias"}
    return operation.trace(
        given, **own_parameters(model, layer), **{name: value for name, value in entry.items() if name in known}
    )


def _working(model: Model, layer: int) -> int:
    """Return the layer that computes what this one gives: an earlier one, where it changes nothing."""
    kind = model.layers[layer]
    if is_idle(kind):
        if layer - 1 == INPUT:
            raise ParameterError("nothing_computed", "layer", number=layer + 1, kind=kind.kind)
        return _working(model, layer - 1)
    return layer


def is_idle(layer: Layer) -> bool:
    """Return whether a layer gives what it is given."""
    return layer.kind == "dropout" or (layer.kind == "flatten" and len(layer.input_shape) == 1)


def flat_index(layer: Layer, index: Sequence[int]) -> int:
    """Return the number of a cell among all that a layer gives, row by row.

    Raises:
        ParameterError: there is no such cell.
    """
    return int(np.ravel_multi_index(read_index(layer.output_shape, index), layer.output_shape))
