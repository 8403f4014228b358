"""What a trace's tensors and steps take: counted from its geometry, before any of them is computed.

Nanoseconds of one core, by the table of `cnn_engine.costs`.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from cnn_engine.costs import STEPPED, work
from cnn_engine.geometry import Geometry
from cnn_engine.nn.layers import Layer
from cnn_engine.relations.axes import Blocks
from cnn_engine.relations.counts import window_work
from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array, Trace
from cnn_engine.trace.depth import DepthTrace
from cnn_engine.trace.passes import parts_of

NUMBERS = 11  # that the columns of a gradient hold for each of its terms
IN_ORDER = ("output", "partial")  # tensors whose sums are added in the trace's own order
WORDS = {"max_pool2d": "comparisons", "global_max_pool2d": "comparisons"}
WORDS |= {"avg_pool2d": "additions", "global_avg_pool2d": "additions"}


def tensor_sizes(trace: Trace) -> dict[str, int]:
    """How many numbers each of a trace's large tensors holds, known without computing it."""
    sizes = {name: trace.tensors[name].size for name in ("input", "weight") if name in trace.tensors}
    if isinstance(trace, BackwardTrace):
        sizes["grad_output"] = math.prod(trace.forward.output_shape)
        sizes |= trace.more_sizes()
    sizes["output"] = math.prod(trace.output_shape)
    if "weights" in trace.tensors:  # of upsampling: four for each output of a channel
        sizes["weights"] = 4 * math.prod(trace.output_shape[1:])
    axes = trace.geometry
    if axes is None:
        return sizes
    cells = math.prod(axis.padded_size for axis in axes.values())
    sizes["padded_input"] = cells * len(trace.tensors["input"])
    if trace.op == "conv2d":
        sizes["partial"] = sizes["output"] * trace.tensors["weight"].shape[1]
    if trace.op == "conv_transpose2d":
        sizes |= {"is_input": cells, "flipped_weight": sizes["weight"]}
    return sizes


def output_work(trace: Trace) -> int:
    """What the whole output costs."""
    return _backward_work(trace) if isinstance(trace, BackwardTrace) else _forward_work(trace)


def _backward_work(trace: BackwardTrace) -> int:
    steps = len(trace)
    return work(f"{STEPPED}backward", products=steps * trace.terms_each, met=_searched(trace, steps), values=steps)


def _forward_work(trace: Trace) -> int:
    axes, output = trace.geometry, math.prod(trace.output_shape)
    if trace.op == "conv_transpose2d":
        return _transposed_work(trace, output)
    if trace.op == "linear":
        outputs, inputs = trace.tensors["weight"].shape
        return work(f"{STEPPED}linear", calls=inputs, products=inputs * outputs, values=inputs + outputs)
    if trace.op == "interpolate2d":
        return work(f"{STEPPED}gather", products=4 * output, values=output)
    if axes is None:
        return work(f"{STEPPED}value", values=output)
    channels = len(trace.tensors["input"])
    if trace.op != "conv2d":
        return window_work(f"{STEPPED}pool2d", axes, Blocks.same(channels))
    blocks = Blocks.of(channels, trace.output_shape[0], trace.params["groups"])
    return window_work(f"{STEPPED}conv2d", axes, blocks, weighted=True)


def _searched(trace: BackwardTrace, steps: int) -> int:
    """How many values are compared to find the winners of the windows that so many steps have to do with."""
    if trace.forward.geometry is None or not trace.way.gated:
        return 0
    return min(math.prod(trace.forward.output_shape), steps * trace.terms_each) * window_size(trace.forward)


def _transposed_work(trace: Trace, output: int) -> int:
    channels, _, height, width = trace.tensors["weight"].shape
    if trace.params["mode"] == "scatter":
        return steps_work(trace, 0, len(trace))
    read = Blocks.of(channels, trace.output_shape[0], trace.params["groups"]).inputs
    products = output * read * height * width
    return work(f"{STEPPED}gather", products=products, values=output)


def steps_work(trace: Trace, start: int, stop: int) -> int:
    """What a range of steps costs where that is much: those that they are made from, long sums, winners to be found."""
    if isinstance(trace, BackwardTrace):
        each = trace.terms_each
        written = work("written", values=NUMBERS * each)
        return work(f"{STEPPED}backward", products=each, met=_searched(trace, stop - start)) + written
    if trace.params.get("mode") != "scatter":
        return 0
    each = trace.tensors["weight"][0].size
    return work(f"{STEPPED}scatter", calls=stop, products=stop * each, values=math.prod(trace.output_shape))


def answer_work(trace: Trace, names: Collection[str], start: int, stop: int) -> int:
    """What an answer costs that has these tensors and a range of steps: computed, and written."""
    sizes = tensor_sizes(trace)
    written = work("written", values=sum(sizes.get(name, 0) for name in names))
    computed = output_work(trace) if any(name in IN_ORDER for name in names) else 0
    first = trace.first_work if isinstance(trace, DepthTrace) else 0
    return first + computed + steps_work(trace, start, stop) + written


def acts(trace: Trace) -> tuple[int, str]:
    """How often two numbers are brought together in the whole output, and what that is called."""
    return math.prod(trace.output_shape) * window_size(trace), WORDS.get(trace.op, "multiplications")


def window_size(trace: Trace) -> int:
    """How many values one step reads."""
    if isinstance(trace, BackwardTrace):
        return trace.terms_each
    if "weight" in trace.tensors:
        return int(trace.tensors["weight"][0].size)
    axes: Geometry = trace.geometry or {}
    return math.prod(axis.kernel_size for axis in axes.values())


def network_steps(layers: Sequence[Layer]) -> int:
    """How many steps the timeline of a network has, those of its loss aside: every output, gradient and update."""
    learned = sum(math.prod(own.shape) for layer in layers for own in layer.parameters().values())
    return 2 * learned + sum(math.prod(layer.output_shape) + math.prod(layer.input_shape) for layer in layers)


def network_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> int:
    """What the answer about one update of a network costs: forward twice, backward, and all of it written."""
    forward, backward, gradients = _ways_work(layers, architecture)
    learned = sum(len(layer.parameters()) for layer in layers)
    made = work("trace", calls=2 * len(layers) + gradients + learned) + _loss_work(layers)
    return 2 * forward + backward + made + work("written", values=2 * network_steps(layers))


def update_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> int:
    """What one update of a network costs of which nothing is shown."""
    forward, backward, gradients = _ways_work(layers, architecture)
    return forward + backward + work("hidden trace", calls=len(layers) + gradients) + _loss_work(layers)


def check_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str], points: int) -> int:
    """What going forward so many times costs, for the loss alone."""
    forward, _, _ = _ways_work(layers, architecture)
    return points * (forward + work("hidden trace", calls=len(layers)) + _loss_work(layers))


def paths_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str], most: int) -> int:
    """What finding so many paths costs where all values of all layers are on the way of one number to the loss."""
    products = 0
    for part in parts_of(layers, architecture):
        own = {name: _anything(parameter.shape) for name, parameter in part.layer.parameters().items()}
        read, above = part.as_maps(_anything(part.layer.input_shape)), _anything(part.layer.output_shape)
        way = part.traced("_backward", input=read, grad_output=above, wrt="input", **own)
        products += len(way) * window_size(way)
    return work("paths", calls=len(layers), products=most * products)


def _ways_work(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> tuple[int, int, int]:
    """Return what the outputs of all layers cost, what the gradients cost, and how many of these there are."""
    forward = backward = gradients = 0
    for part in parts_of(layers, architecture):
        own = {name: _anything(parameter.shape) for name, parameter in part.layer.parameters().items()}
        read, above = part.as_maps(_anything(part.layer.input_shape)), _anything(part.layer.output_shape)
        forward += output_work(part.traced("", input=read, **own))
        for wrt in part.gradients():
            backward += output_work(part.traced("_backward", input=read, grad_output=above, wrt=wrt, **own))
            gradients += 1
    return forward, backward, gradients


def _loss_work(layers: Sequence[Layer]) -> int:
    return work("phases", values=math.prod(layers[-1].output_shape))


def _anything(shape: tuple[int, ...]) -> Array:
    """Return an array of this shape, whose values do not matter, without memory for them."""
    return np.broadcast_to(np.zeros(()), shape)
