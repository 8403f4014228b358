"""What an operation costs and what it reads: counted, not measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import AXES, AxisGeometry, Geometry, Pair, pair

COUNTED = ("kernel_size", "stride", "dilation")


def multiplications(output_shape: Sequence[int], weight_shape: Sequence[int]) -> int:
    """How many products an operation takes: output values times the weights that each of them meets.

    `output_shape` is (O, H', W') or (out,), `weight_shape` (O, C / groups, kH, kW) or (out, in).
    """
    return math.prod(output_shape) * math.prod(weight_shape[1:])


def parameters(weight_shape: Sequence[int], bias: bool = True) -> int:
    """How many numbers a layer learns: its weights, and with `bias` one more for each output channel."""
    return math.prod(weight_shape) + (weight_shape[0] if bias else 0)


@dataclass(frozen=True)
class Cost:
    """What one of each of these takes, in nanoseconds of one core: measured, and rounded up.

    Attributes:
        call: an operation on whole arrays, however small they are.
        met: a value that an output reads, whichever weights it meets.
        product: a value times a weight.
        value: a value of the padded input or of the output.
        backward: how many times as much as the pass forward the pass backward takes.
    """

    call: float = 0
    met: float = 0
    product: float = 0
    value: float = 0
    backward: float = 2


STEPPED = "stepped "  # begins the name of an operation whose sums are added in the order that a trace shows
COSTS = {
    # Layers, in float32: a batch at once, convolutions as matrix products
    "conv2d": Cost(call=6000, met=1.5, product=0.07, value=2),
    "linear": Cost(call=6000, product=0.1, value=2),
    "max_pool2d": Cost(call=6000, met=1.5, value=2, backward=4),
    "avg_pool2d": Cost(call=6000, met=1.5, value=2),
    "global_max_pool2d": Cost(call=6000, value=4),
    "global_avg_pool2d": Cost(call=6000, value=2),
    "flatten": Cost(call=6000, value=1),
    "relu": Cost(call=6000, value=1),
    "leaky_relu": Cost(call=6000, value=2),
    "sigmoid": Cost(call=6000, value=2.5),
    "tanh": Cost(call=6000, value=2.5),
    "dropout": Cost(call=6000, value=4),
    "batch_norm2d": Cost(call=6000, value=4),
    # Whole outputs of traces, in float64
    f"{STEPPED}conv2d": Cost(call=5000, product=3, value=5),
    f"{STEPPED}gather": Cost(product=45, value=100),
    f"{STEPPED}scatter": Cost(call=100_000, product=50, value=5),
    f"{STEPPED}linear": Cost(call=3000, product=3, value=5),
    f"{STEPPED}pool2d": Cost(call=4000, met=3, value=5),
    f"{STEPPED}value": Cost(value=20),
    # Pictures of data sets
    "drawn digits": Cost(value=20),
    "drawn shapes": Cost(value=150),
    "drawn shapes-colour": Cost(value=80),
    "drawn strokes": Cost(value=600),
    "drawn orientations": Cost(value=70),
    "drawn angles": Cost(value=70),
    # An answer
    "pixel": Cost(call=40_000, value=150),  # a window that is explained, and each of its values
    "written": Cost(value=200),  # a number as JSON, compressed
}


def work(kind: str, *, calls: int = 0, met: int = 0, products: int = 0, values: int = 0) -> int:
    """What so many of each cost in an operation, in nanoseconds: see `COSTS`, whose key `kind` is."""
    cost = COSTS[kind]
    return round(calls * cost.call + met * cost.met + products * cost.product + values * cost.value)


def window_work(kind: str, channels: int, axes: Geometry, *, filters: int = 0, groups: int = 1) -> int:
    """What a pool, or a convolution with so many filters, costs for one sample, in nanoseconds.

    A pool has no filters: each value that a window reads is compared or added once. A layer goes through the taps of
    its kernel; the output of a trace goes through those of each filter and channel.
    """
    rows, cols = axes["height"], axes["width"]
    taps, cells = rows.kernel_size * cols.kernel_size, rows.output_size * cols.output_size
    padded = (rows.padded_size + rows.overhang) * (cols.padded_size + cols.overhang)
    kernels = filters * (channels // groups)
    return work(
        kind,
        calls=taps * (kernels if filters and kind.startswith(STEPPED) else 1),
        met=channels * taps * cells,
        products=kernels * taps * cells,
        values=channels * padded + max(filters, channels) * cells,
    )


PICTURES = (28, 224)  # the sides of pictures that dense layers are counted for: MNIST's and ImageNet's
KERNEL = 3  # of the convolution that they are counted beside


def dense_counts(weight_shapes: Sequence[Sequence[int]], biases: Sequence[bool]) -> dict[str, int]:
    """What dense layers learn and multiply, and how many parameters others in their place would have.

    Args:
        weight_shapes: (out, in) of each layer, from the first.
        biases: whether each has a bias.

    Returns:
        "parameters" and "multiplications"; "parameters_28x28" and "parameters_224x224", with such a picture, flattened,
        as the input; "convolution_parameters" of 3 x 3 convolutions with a filter for each output of a layer, over an
        input of one channel, which do not depend on its size.
    """
    layers = list(zip(weight_shapes, biases, strict=True))
    learned = [parameters(shape, bias) for shape, bias in layers]
    counts = {"parameters": sum(learned), "multiplications": sum(math.prod(shape) for shape in weight_shapes)}
    outputs = weight_shapes[0][0]
    for side in PICTURES:
        first = parameters((outputs, side * side), biases[0])
        counts[f"parameters_{side}x{side}"] = first + sum(learned[1:])
    channels = [1, *(shape[0] for shape in weight_shapes)]
    counts["convolution_parameters"] = sum(
        parameters((channels[place + 1], channels[place], KERNEL, KERNEL), bias) for place, bias in enumerate(biases)
    )
    return counts


def _visits(axis: AxisGeometry) -> NDArray[np.intp]:
    taps = axis.taps()[axis.inside()] - axis.padding[0]
    return np.bincount(taps, minlength=axis.input_size)


def visit_counts(axes: Geometry) -> NDArray[np.intp]:
    """(H, W): how many windows read each cell of the input; reading a copy of it in the padding does not count."""
    return np.multiply.outer(_visits(axes["height"]), _visits(axes["width"]))


def receptive_field(layers: Sequence[Mapping[str, Any]]) -> dict[str, Pair]:
    """How much of a network's input one value of its last layer depends on.

    Args:
        layers: for each windowed layer, from the first, its kernel_size, stride (1) and dilation (1).

    Returns:
        {"size", "jump"}: (height, width) in cells of the input: how many one output value sees, and how far apart two
        neighbours' fields lie. size grows by dilation * (kernel - 1) * jump, and jump by the stride
        (Araujo, Norris and Sim, "Computing receptive fields of convolutional neural networks", 2019).
    """
    size, jump = [1, 1], [1, 1]
    for layer in layers:
        unknown = sorted(set(layer) - set(COUNTED))
        if unknown or "kernel_size" not in layer:
            raise ParameterError(f"a layer has kernel_size, stride and dilation; not {dict(layer)}", "layers")
        kernel, stride, dilation = (pair(layer.get(name, 1), name) for name in COUNTED)
        for axis in range(len(AXES)):
            size[axis] += dilation[axis] * (kernel[axis] - 1) * jump[axis]
            jump[axis] *= stride[axis]
    return {"size": (size[0], size[1]), "jump": (jump[0], jump[1])}
