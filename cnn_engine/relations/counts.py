"""What operations cost, learn and depend on: counted from their relations, not measured."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.costs import STEPPED, work
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import AXES, Geometry, Pair, pair
from cnn_engine.relations.blocks import Blocks

COUNTED = ("kernel_size", "stride", "dilation")


def multiplications(output_shape: Sequence[int], weight_shape: Sequence[int]) -> int:
    """Return how many products an operation takes: output values times the weights that each of them meets.

    `output_shape` is (O, H', W') or (out,), `weight_shape` (O, C / groups, kH, kW) or (out, in).
    """
    return math.prod(output_shape) * math.prod(weight_shape[1:])


def parameters(weight_shape: Sequence[int], bias: bool = True) -> int:
    """Return how many numbers a layer learns: its weights, and with `bias` one more for each output channel."""
    return math.prod(weight_shape) + (weight_shape[0] if bias else 0)


def window_work(kind: str, axes: Geometry, channels: Blocks, *, weighted: bool = False) -> int:
    """Return what a pool, or with weights a convolution, costs for one sample, in nanoseconds.

    A pool has no weights: each value that a window reads is compared or added once. A layer goes through the taps of
    its kernel; the output of a trace goes through those of each filter and channel.
    """
    slides = [axis.window_slide for axis in axes.values()]
    taps, cells = math.prod(slide.taps for slide in slides), math.prod(slide.positions for slide in slides)
    padded = math.prod(max(slide.cells, slide.reach) for slide in slides)
    inputs, kernels = channels.size("in"), channels.size("out") * channels.inputs if weighted else 0
    return work(
        kind,
        calls=taps * (kernels if weighted and kind.startswith(STEPPED) else 1),
        met=inputs * taps * cells,
        products=kernels * taps * cells,
        values=inputs * padded + max(channels.size("out"), inputs) * cells,
    )


def visit_counts(axes: Geometry) -> NDArray[np.intp]:
    """Return (H, W): how many windows read each cell of the input; reading a copy in the padding does not count."""
    rows, cols = (axis.input_slide.counts("cell") for axis in axes.values())
    return np.multiply.outer(rows, cols)


PICTURES = (28, 224)  # the sides of pictures that dense layers are counted for: MNIST's and ImageNet's
KERNEL = 3  # of the convolution that they are counted beside


def dense_counts(weight_shapes: Sequence[Sequence[int]], biases: Sequence[bool]) -> dict[str, int]:
    """Return what dense layers learn and multiply, and how many parameters others in their place would have.

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
        parameters((channels[index + 1], channels[index], KERNEL, KERNEL), bias) for index, bias in enumerate(biases)
    )
    return counts


def receptive_field(layers: Sequence[Mapping[str, Any]]) -> dict[str, Pair]:
    """Return how much of a network's input one value of its last layer depends on.

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
            raise ParameterError("not_a_windowed_layer", "layers", layer=dict(layer))
        kernel, stride, dilation = (pair(layer.get(name, 1), name) for name in COUNTED)
        for axis in range(len(AXES)):
            size[axis] += dilation[axis] * (kernel[axis] - 1) * jump[axis]
            jump[axis] *= stride[axis]
    return {"size": (size[0], size[1]), "jump": (jump[0], jump[1])}
