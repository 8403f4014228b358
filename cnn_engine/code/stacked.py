"""Two convolutions, one after the other, as a program."""

from __future__ import annotations

from collections.abc import Callable

from cnn_engine.code.surroundings import (
    CHANNELS_FIRST,
    any_of,
    channels_last,
    keras_pad,
    numpy_pad,
    sides_of,
    torch_pad,
)
from cnn_engine.code.text import MAPS
from cnn_engine.trace.base import Trace

NAMES = (("weight", "stride"), ("second_weight", "second_stride"))


def _numpy(trace: Trace) -> str:
    one, other = trace.params["stride"], trace.params["second_stride"]
    return f"""
def convolved(maps, weight, stride):
    windows = np.lib.stride_tricks.sliding_window_view(maps, weight.shape[2:], axis=(1, 2))
    return np.einsum("crsij,ocij->ors", windows[:, :: stride[0], :: stride[1]], weight)


hidden = convolved({numpy_pad("input", sides_of(trace))}, weight, {one})
output = convolved(hidden, second_weight, {other})
"""


def _torch(trace: Trace) -> str:
    padded = torch_pad("input", sides_of(trace))
    one, other = trace.params["stride"], trace.params["second_stride"]
    return (
        f"hidden = F.conv2d({padded}, weight, stride={one})\noutput = F.conv2d(hidden, second_weight, stride={other})"
    )


def _keras(trace: Trace) -> str:
    sides = sides_of(trace)
    body = channels_last() + (f"x = {keras_pad('x', sides)}\n" if any_of(sides) else "")
    for weight, stride in NAMES:
        kernel = f"keras.ops.transpose({weight}, (2, 3, 1, 0))"
        body += f'x = keras.ops.conv(x, {kernel}, {trace.params[stride]}, "valid", "channels_last")\n'
    return body + CHANNELS_FIRST


BODIES: dict[str, dict[str, Callable[[Trace], str]]] = {
    "stacked_conv2d": {"numpy": _numpy, "torch": _torch, "keras": _keras}
}
TENSORS = {"stacked_conv2d": {"input": MAPS, "weight": "", "second_weight": ""}}
