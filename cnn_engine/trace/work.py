"""What an answer about a trace takes, and one about a network: counted before any of it is computed.

Nanoseconds of one core, by the table of `cnn_engine.costs`. What a trace takes it says itself (`Trace.work`).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from cnn_engine.costs import work
from cnn_engine.nn.layers.base import Layer
from cnn_engine.trace.base import Array, Trace
from cnn_engine.trace.passes import parts_of

IN_ORDER = ("output", "partial")  # tensors whose sums are added in the trace's own order


def answer_work(trace: Trace, names: Collection[str], start: int, stop: int) -> int:
    """Return what an answer costs that has these tensors and a range of steps: computed, and written."""
    sizes = trace.sizes()
    written = work("written", values=sum(sizes.get(name, 0) for name in names))
    computed = trace.work() if any(name in IN_ORDER for name in names) else 0
    return trace.first_work + computed + trace.steps_work(start, stop) + written


def acts(trace: Trace) -> tuple[int, str]:
    """Return how often two numbers are brought together in the whole output, and what that is called."""
    return math.prod(trace.output_shape) * trace.window_size, trace.acts


def network_steps(layers: Sequence[Layer]) -> int:
    """Return how many steps a network has, those of its loss aside: every output, gradient and update."""
    learned = sum(math.prod(own.shape) for layer in layers for own in layer.parameters().values())
    return 2 * learned + sum(math.prod(layer.output_shape) + math.prod(layer.input_shape) for layer in layers)


def network_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> int:
    """Return what the answer about one update of a network costs: forward twice, backward, and all of it written."""
    forward, backward, gradients = _ways_work(layers, architecture)
    learned = sum(len(layer.parameters()) for layer in layers)
    made = work("trace", calls=2 * len(layers) + gradients + learned) + _loss_work(layers)
    return 2 * forward + backward + made + work("written", values=2 * network_steps(layers))


def update_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> int:
    """Return what one update of a network costs of which nothing is shown."""
    forward, backward, gradients = _ways_work(layers, architecture)
    return forward + backward + work("hidden trace", calls=len(layers) + gradients) + _loss_work(layers)


def check_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str], points: int) -> int:
    """Return what going forward so many times costs, for the loss and for which gates are open and which values win."""
    forward, _, _ = _ways_work(layers, architecture)
    return points * (2 * forward + work("hidden trace", calls=len(layers)) + _loss_work(layers))


def paths_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str], most: int) -> int:
    """Return what finding so many paths costs where all values of all layers lie between a number and the loss."""
    products = 0
    for part in parts_of(layers, architecture):
        own = {name: _anything(parameter.shape) for name, parameter in part.layer.parameters().items()}
        read, above = part.as_maps(_anything(part.layer.input_shape)), _anything(part.layer.output_shape)
        way = part.traced("_backward", input=read, grad_output=above, wrt="input", **own)
        products += len(way) * way.window_size
    return work("paths", calls=len(layers), products=most * products)


def _ways_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> tuple[int, int, int]:
    """Return what the outputs of all layers cost, what the gradients cost, and how many of these there are."""
    forward = backward = gradients = 0
    for part in parts_of(layers, architecture):
        own = {name: _anything(parameter.shape) for name, parameter in part.layer.parameters().items()}
        read, above = part.as_maps(_anything(part.layer.input_shape)), _anything(part.layer.output_shape)
        forward += part.traced("", input=read, **own).work()
        for wrt in part.gradients():
            backward += part.traced("_backward", input=read, grad_output=above, wrt=wrt, **own).work()
            gradients += 1
    return forward, backward, gradients


def _loss_work(layers: Sequence[Layer]) -> int:
    return work("phases", values=math.prod(layers[-1].output_shape))


def _anything(shape: tuple[int, ...]) -> Array:
    """Return an array of this shape, whose values do not matter, without memory for them."""
    return np.broadcast_to(np.zeros(()), shape)
