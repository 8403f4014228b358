"""Padding in the words of each framework, and pad2d itself."""

from __future__ import annotations

from typing import Any

from cnn_engine.code.text import Programs, literal
from cnn_engine.geometry import Sides
from cnn_engine.trace.base import Trace
from cnn_engine.windows import padding_sources

NUMPY_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}
ONES, ZEROS = (1, 1), (0, 0)
TORCH_MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "replicate", "circular": "circular"}


def sides_of(trace: Trace) -> Sides:
    """Return ((top, bottom), (left, right)) of a trace."""
    sides: Sides = trace.params["padding"]
    return sides


def any_of(sides: Sides) -> bool:
    """Return whether there is any padding at all."""
    return any(map(sum, sides))


def symmetric(sides: Sides) -> bool:
    """Return whether both ends of each axis have as much."""
    return all(first == last for first, last in sides)


def numpy_pad(of: str, sides: Sides, mode: str = "zeros", value: str = "0") -> str:
    """Return np.pad over the last two of three axes, where there is anything to pad."""
    if not any_of(sides):
        return of
    how = f', mode="{NUMPY_MODES[mode]}"' if mode != "zeros" else f", constant_values={value}" if value != "0" else ""
    return f"np.pad({of}, ((0, 0), {sides[0]}, {sides[1]}){how})"


def torch_pad(of: str, sides: Sides, mode: str = "zeros", value: str = "0") -> str:
    """Return a call of F.pad, which counts from the last axis: left, right, top, bottom."""
    if not any_of(sides):
        return of
    (top, bottom), (left, right) = sides
    how = f', mode="{TORCH_MODES[mode]}"' if mode != "zeros" else f", value={value}" if value != "0" else ""
    return f"F.pad({of}, ({left}, {right}, {top}, {bottom}){how})"


def torch_call(function: str, trace: Trace, of: str, usual: dict[str, Any], *, inside: bool) -> str:
    """Return a call of a convolution of PyTorch's, with options that are not as usual; `inside` it pads by itself."""
    (top, _), (left, _) = sides_of(trace)
    own = trace.params | {"padding": (top, left) if inside else ZEROS}
    options = [f"{name}={own[name]}" for name, value in usual.items() if own[name] != value]
    return f"output = F.{function}({', '.join([of, 'weight', *['bias'] * ('bias' in trace.tensors), *options])})"


def keras_pad(of: str, sides: Sides, value: str = "0") -> str:
    """Return keras.ops.pad over the middle two of four axes, with one value."""
    if not any_of(sides):
        return of
    how = f", constant_values={value}" if value != "0" else ""
    return f"keras.ops.pad({of}, ((0, 0), {sides[0]}, {sides[1]}, (0, 0)){how})"


def keras_copies(sides: Sides, size: tuple[int, int], mode: Any) -> str:
    """Return lines that pad `x` with copies of its rows and columns: not every backend of Keras knows such modes."""
    rows, cols = (padding_sources(size[i], sides[i], mode).tolist() for i in (0, 1))
    return (
        f"# {mode} padding: these rows and columns, some of them again\n"
        f"x = keras.ops.take(x, {rows}, axis=1)\n"
        f"x = keras.ops.take(x, {cols}, axis=2)\n"
    )


def channels_last(of: str = "input") -> str:
    """Return Keras's own order of axes, with a batch of one."""
    return f"x = keras.ops.transpose({of}, (1, 2, 0))[None]  # batch, height, width, channels\n"


CHANNELS_FIRST = "output = keras.ops.transpose(x[0], (2, 0, 1))  # back to channels, height, width"


def _numpy(trace: Trace) -> str:
    return f"output = {numpy_pad('input', sides_of(trace), trace.params['mode'], literal(trace.params['value']))}"


def _torch(trace: Trace) -> str:
    return f"output = {torch_pad('input', sides_of(trace), trace.params['mode'], literal(trace.params['value']))}"


def _keras(trace: Trace) -> str:
    mode, sides = trace.params["mode"], sides_of(trace)
    height, width = trace.tensors["input"].shape[-2:]
    padded = (
        f"x = {keras_pad('x', sides, literal(trace.params['value']))}\n"
        if mode == "zeros"
        else keras_copies(sides, (height, width), mode)
    )
    return channels_last() + padded + CHANNELS_FIRST


BODIES: Programs = {"pad2d": {"numpy": _numpy, "torch": _torch, "keras": _keras}}
