"""Transposed convolution as a program: each input cell adds a kernel's worth to the output."""

from __future__ import annotations

import math
from textwrap import indent
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.code.surroundings import (
    CHANNELS_FIRST,
    ONES,
    ZEROS,
    channels_last,
    keras_pad,
    sides_of,
    symmetric,
    torch_call,
)
from cnn_engine.code.text import MAPS, Programs, declared
from cnn_engine.trace.base import Trace


def _numpy(trace: Trace) -> str:
    ((top, bottom), (left, right)) = sides_of(trace)
    bias = " + bias[:, None, None]" if "bias" in trace.tensors else ""
    cut = f"output = full[:, {top} : rows - {bottom}, {left} : columns - {right}]{bias}  # padding cuts the border off"
    line = "full[WINDOW] += (\n    input[channel, row, column] * weight[channel]\n)"
    return numpy_loop(trace, "", line, cut)


def numpy_loop(trace: Trace, made: str, lines: str, after: str = "") -> str:
    """Return a loop over all inputs, where WINDOW stands for the cells of `full` that each one's kernels lie on."""
    parts, groups = trace.params, trace.params["groups"]
    first = f"    first = channel // (len(input) // {groups}) * depth  # of the filters of its group\n" * (groups > 1)
    filters = f"{groups} * depth" if groups > 1 else "depth"
    target = "first : first + depth" if groups > 1 else ":"
    window = f"{target}, top : top + height : dilation[0], left : left + width : dilation[1]"
    return f"""
stride, dilation, output_padding = {parts["stride"]}, {parts["dilation"]}, {parts["output_padding"]}
_, depth, kernel_height, kernel_width = weight.shape
height, width = dilation[0] * (kernel_height - 1) + 1, dilation[1] * (kernel_width - 1) + 1  # of what a value adds
rows = (input.shape[1] - 1) * stride[0] + height + output_padding[0]
columns = (input.shape[2] - 1) * stride[1] + width + output_padding[1]

full = np.zeros(({filters}, rows, columns))
{made}for channel, row, column in np.ndindex(input.shape):
{first}    top, left = row * stride[0], column * stride[1]
{indent(lines.replace("WINDOW", window), " " * 4)}
{after}
"""


def _torch(trace: Trace) -> str:
    inside = symmetric(sides_of(trace))
    usual = {"stride": ONES, "padding": ZEROS, "output_padding": ZEROS, "groups": 1, "dilation": ONES}
    call = torch_call("conv_transpose2d", trace, "input", usual, inside=inside)
    if inside:
        return call
    return f"{call}\n{_cut(trace, 'output')}  # its own padding cuts both sides alike; here each has its own"


def _cut(trace: Trace, name: str) -> str:
    """Return the lines that keep the output's cells of a larger one."""
    (top, _), (left, _) = sides_of(trace)
    rows, cols = trace.output_shape[1:]
    return f"{name} = {name}[:, {top} : {top + rows}, {left} : {left + cols}]"


def _keras(trace: Trace) -> str:
    parts, groups = trace.params, trace.params["groups"]
    body = channels_last()
    if spread_in_keras(trace):
        body += "# Keras takes a stride or a dilation, not both: the kernel is written with its gaps\n"
        body += declared("keras", "weight", _with_gaps(trace)) + "\n"
    body += "kernel = keras.ops.transpose(weight, (2, 3, 1, 0))  # height, width, filters of a group, channels\n"
    call = f'keras.ops.conv_transpose({{}}, {{}}, {parts["stride"]}, padding="valid", data_format="channels_last")'
    if groups > 1:
        body += "# Keras has no groups here: each by itself, then together\n"
        body += f"pairs = zip(keras.ops.split(x, {groups}, axis=-1), keras.ops.split(kernel, {groups}, axis=-1))\n"
        body += f"x = keras.ops.concatenate([{call.format('part', 'of_part')} for part, of_part in pairs], axis=-1)\n"
    else:
        body += f"x = {call.format('x', 'kernel')}\n"
    body += _missing(trace) + f"{_cut(trace, 'x')}  # padding cuts the border off\n"
    return body + ("x = x + bias\n" if "bias" in trace.tensors else "") + CHANNELS_FIRST


def spread_in_keras(trace: Trace) -> bool:
    """Return whether the program for Keras writes the kernels with the gaps of their dilation."""
    return bool(trace.params["dilation"] != ONES)


def gaps(trace: Trace) -> int:
    """Return how many numbers the kernels hold with the gaps of their dilation."""
    filters, depth, *kernel = trace.tensors["weight"].shape
    spread = (step * (size - 1) + 1 for size, step in zip(kernel, trace.params["dilation"], strict=True))
    return math.prod((filters, depth, *spread))


def without_gaps(weights: str, trace: Trace) -> str:
    """Return the text of weights that are written with their gaps, without these."""
    down, across = trace.params["dilation"]
    return f"{weights}[:, :, ::{down}, ::{across}]  # no gaps"


def _with_gaps(trace: Trace) -> NDArray[Any]:
    """Return the weights with the zeros that dilation puts between them."""
    weight, (down, across) = trace.tensors["weight"], trace.params["dilation"]
    height, width = ((size - 1) * step + 1 for size, step in zip(weight.shape[2:], (down, across), strict=True))
    spread = np.zeros((*weight.shape[:2], height, width))
    spread[:, :, ::down, ::across] = weight
    return spread


def _missing(trace: Trace) -> str:
    """Return a line for cells of the output that no kernel reaches and that Keras does not make: output_padding's."""
    short = []
    for i, (size, kernel) in enumerate(zip(trace.tensors["input"].shape[1:], trace.params["kernel_size"], strict=True)):
        stride, reach = trace.params["stride"][i], trace.params["dilation"][i] * (kernel - 1) + 1
        made = (size - 1) * stride + max(reach, stride)
        short.append(max(0, sides_of(trace)[i][0] + trace.output_shape[1 + i] - made))
    if not any(short):
        return ""
    return f"x = {keras_pad('x', ((0, short[0]), (0, short[1])))}  # output_padding: nothing reaches these cells\n"


BODIES: Programs = {"conv_transpose2d": {"numpy": _numpy, "torch": _torch, "keras": _keras}}
TENSORS = {"conv_transpose2d": {"input": MAPS, "weight": "channels, filters of a group, height, width", "bias": ""}}
GAPS = {"conv_transpose2d": gaps}
