"""Convolution as a program, and two of them, one after the other."""

from __future__ import annotations

from textwrap import indent

from cnn_engine.code.surroundings import (
    CHANNELS_FIRST,
    ONES,
    ZEROS,
    any_of,
    channels_last,
    keras_copies,
    keras_pad,
    numpy_pad,
    sides_of,
    symmetric,
    torch_call,
    torch_pad,
)
from cnn_engine.code.text import MAPS, Programs
from cnn_engine.geometry import Pair
from cnn_engine.trace.base import Trace


def _numpy(trace: Trace) -> str:
    bias = " + bias[f]" if "bias" in trace.tensors else ""
    line = f"window = padded[WINDOW]\noutput[f, row, column] = (window * weight[f]).sum(){bias}"
    return numpy_loop(trace, "output = np.zeros((filters, rows, columns))", line)


def numpy_loop(trace: Trace, made: str, lines: str) -> str:
    """Return a loop over all windows of a convolution, where WINDOW stands for a window's cells in `padded`."""
    parts, mode = trace.params, trace.params["padding_mode"]
    sides, grouped = sides_of(trace), parts["groups"] > 1
    padded = numpy_pad("input", sides, mode)
    first = "    first = f // (filters // groups) * depth  # of the channels that this filter reads\n" * grouped
    channels = "first : first + depth" if grouped else ":"
    window = f"{channels}, top : top + height : dilation[0], left : left + width : dilation[1]"
    names, values = ("stride, dilation, groups", f", {parts['groups']}") if grouped else ("stride, dilation", "")
    return f"""
padded = {padded}
{names} = {parts["stride"]}, {parts["dilation"]}{values}
filters, depth, kernel_height, kernel_width = weight.shape
height, width = dilation[0] * (kernel_height - 1) + 1, dilation[1] * (kernel_width - 1) + 1  # of a window
rows, columns = (padded.shape[1] - height) // stride[0] + 1, (padded.shape[2] - width) // stride[1] + 1

{made}
for f in range(filters):
{first}    for row in range(rows):
        for column in range(columns):
            top, left = row * stride[0], column * stride[1]
{indent(lines.replace("WINDOW", window), " " * 12)}
"""


def _torch(trace: Trace) -> str:
    mode, sides = trace.params["padding_mode"], sides_of(trace)
    inside = mode == "zeros" and symmetric(sides)
    usual = {"stride": ONES, "padding": ZEROS, "dilation": ONES, "groups": 1}
    call = torch_call("conv2d", trace, "input" if inside else "padded", usual, inside=inside)
    if inside:
        return call
    return f"padded = {torch_pad('input', sides, mode)}  # conv2d itself pads both sides alike, with zeros\n{call}"


def _keras(trace: Trace) -> str:
    parts, groups = trace.params, trace.params["groups"]
    body = channels_last() + _keras_padded(trace)
    body += "kernel = keras.ops.transpose(weight, (2, 3, 1, 0))  # height, width, channels of a group, filters\n"
    if groups > 1:
        body += f"# {groups} groups: Keras tells so from the kernel, which reads fewer channels than there are\n"
    body += _keras_call(parts["stride"], parts["dilation"])
    if "bias" in trace.tensors:
        body += "x = x + bias\n"
    return body + CHANNELS_FIRST


def _keras_padded(trace: Trace) -> str:
    sides, mode = sides_of(trace), trace.params["padding_mode"]
    if not any_of(sides):
        return ""
    if mode == "zeros":
        return f"x = {keras_pad('x', sides)}\n"
    height, width = trace.tensors["input"].shape[-2:]
    return keras_copies(sides, (height, width), mode)


def _keras_call(stride: Pair, dilation: Pair) -> str:
    call = 'x = keras.ops.conv(x, kernel, {}, "valid", "channels_last", {})\n'
    if ONES in {stride, dilation}:
        return call.format(stride, dilation)
    why = "# Keras takes a stride or a dilation, not both: the stride is taken afterwards\n"
    return f"{why}{call.format(1, dilation)}x = x[:, :: {stride[0]}, :: {stride[1]}]\n"


# ---- two, one after the other


def _numpy_twice(trace: Trace) -> str:
    one, other = trace.params["stride"], trace.params["second_stride"]
    return f"""
def convolved(maps, weight, stride):
    windows = np.lib.stride_tricks.sliding_window_view(maps, weight.shape[2:], axis=(1, 2))
    return np.einsum("crsij,ocij->ors", windows[:, :: stride[0], :: stride[1]], weight)


hidden = convolved({numpy_pad("input", sides_of(trace))}, weight, {one})
output = convolved(hidden, second_weight, {other})
"""


def _torch_twice(trace: Trace) -> str:
    padded = torch_pad("input", sides_of(trace))
    one, other = trace.params["stride"], trace.params["second_stride"]
    return (
        f"hidden = F.conv2d({padded}, weight, stride={one})\noutput = F.conv2d(hidden, second_weight, stride={other})"
    )


def _keras_twice(trace: Trace) -> str:
    sides = sides_of(trace)
    body = channels_last() + (f"x = {keras_pad('x', sides)}\n" if any_of(sides) else "")
    for weight, stride in (("weight", "stride"), ("second_weight", "second_stride")):
        kernel = f"keras.ops.transpose({weight}, (2, 3, 1, 0))"
        body += f'x = keras.ops.conv(x, {kernel}, {trace.params[stride]}, "valid", "channels_last")\n'
    return body + CHANNELS_FIRST


BODIES: Programs = {
    "conv2d": {"numpy": _numpy, "torch": _torch, "keras": _keras},
    "stacked_conv2d": {"numpy": _numpy_twice, "torch": _torch_twice, "keras": _keras_twice},
}
TENSORS = {
    "conv2d": {"input": MAPS, "weight": "filters, channels of a group, height, width", "bias": ""},
    "stacked_conv2d": {"input": MAPS, "weight": "", "second_weight": ""},
}
