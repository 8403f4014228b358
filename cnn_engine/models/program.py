"""A model as a PyTorch program with its weights beside it: the same logits, to float32's rounding."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_engine.geometry import Geometry
from cnn_engine.models.model import Model
from cnn_engine.nn.layers import LAYERS
from cnn_engine.nn.layers.activations import ACTIVATIONS
from cnn_engine.nn.layers.base import Layer
from cnn_engine.ops import divisors
from cnn_engine.parameters import describe

PROGRAM, WEIGHTS = "model.py", "weights.npz"

HEAD = '''"""A convolutional network as a PyTorch module, its weights in {weights} beside this file.

>>> from model import CLASSES, load_model
>>> logits = load_model()(input)  # {axes}, float32
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
{functional}
NAME = {name}
CLASSES = {classes}
PREPARE = {prepare}  # what was done to a picture before the network received it
'''
PADDED_CONV = '''

class PaddedConv2d(nn.Conv2d):
    """A convolution whose padding, (left, right, top, bottom), is laid around its input first."""

    def __init__(self, *sizes, around, mode="constant", **options):
        super().__init__(*sizes, **options)
        self.around, self.mode = around, mode

    def forward(self, input):
        return super().forward(F.pad(input, self.around, self.mode))
'''
PADDED_MAX = '''

class PaddedMaxPool2d(nn.MaxPool2d):
    """Max pooling whose padding, (left, right, top, bottom), is laid around its input first and never wins."""

    def __init__(self, *sizes, around, **options):
        super().__init__(*sizes, **options)
        self.around = around

    def forward(self, input):
        return super().forward(F.pad(input, self.around, value=float("-inf")))
'''
PADDED_AVG = '''

class PaddedAvgPool2d(nn.AvgPool2d):
    """Average pooling whose padding, (left, right, top, bottom), is laid around its input first.

    Each window's sum is divided by a number of its row of windows times one of its column.
    """

    def __init__(self, *sizes, around, rows, cols, **options):
        super().__init__(*sizes, divisor_override=1, **options)
        self.around = around
        self.register_buffer("divisors", torch.outer(torch.tensor(rows), torch.tensor(cols)), persistent=False)

    def forward(self, input):
        return super().forward(F.pad(input, self.around)) / self.divisors
'''
CLASSES = {"PaddedConv2d": PADDED_CONV, "PaddedMaxPool2d": PADDED_MAX, "PaddedAvgPool2d": PADDED_AVG}
BODY = '''

def load_model():
    """Return the network in evaluation mode."""
    model = nn.Sequential(
{layers}
    )
    with np.load(Path(__file__).with_name({weights!r}), allow_pickle=False) as arrays:
        model.load_state_dict({{name: torch.from_numpy(arrays[name]) for name in arrays.files}})
    return model.eval()
'''


def to_torch(model: Model) -> dict[str, bytes]:
    """Return the files of a program by their names: `model.py`, whose `load_model()` gives the module, and its weights.

    The module takes (N, ...) in float32 and gives (N, classes). It needs PyTorch and NumPy and nothing of this project.
    """
    lines = [_line(layer) for layer in model.layers]
    if len(model.layers[-1].output_shape) == 3:
        lines.append("nn.Flatten()")
    used = [text for name, text in CLASSES.items() if any(line.startswith(name) for line in lines)]
    axes = "samples, channels, height, width" if len(model.input_shape) == 3 else "samples, features"
    head = HEAD.format(
        weights=WEIGHTS,
        axes=f"({axes}): (N, {', '.join(map(str, model.input_shape))})",
        functional="from torch.nn import functional as F\n" if used else "",
        name=ascii(model.name),
        classes=ascii(list(model.classes)),
        prepare=ascii(dict(model.prepare)),
    )
    body = BODY.format(layers="\n".join(f"        {line}," for line in lines), weights=WEIGHTS)
    return {PROGRAM: (head + "".join(used) + body).encode(), WEIGHTS: _weights(model)}


def _weights(model: Model) -> bytes:
    stream = io.BytesIO()
    own = {
        name: array.astype(np.float32) if array.dtype.kind == "f" else array for name, array in model.parameters.items()
    }
    np.savez(stream, **own)  # type: ignore[arg-type]  # names go in as keywords
    return stream.getvalue()


def _line(layer: Layer) -> str:
    return LINES[layer.kind](layer)


def _call(layer: Layer, name: str, *values: Any, **options: Any) -> str:
    """Return a call with what is not as by default, here as in PyTorch; one number for both axes if they are alike."""
    usual = {option.name: option.default for option in describe(LAYERS[layer.kind], 1)}
    own = {key: _short(value) for key, value in options.items()}
    given = [*map(repr, map(_short, values))]
    given += [f"{key}={value!r}" for key, value in own.items() if key not in usual or value != usual[key]]
    return f"{name}({', '.join(given)})"


def _short(value: Any) -> Any:
    return value[0] if isinstance(value, tuple) and len(value) == 2 and value[0] == value[1] else value


def _around(axes: Geometry) -> tuple[int, int, int, int]:
    """Return padding as `F.pad` takes it, with the cells that windows need beyond it."""
    rows, cols = axes["height"], axes["width"]
    (top, bottom), (left, right) = rows.padding, cols.padding
    return left, right + cols.overhang, top, bottom + rows.overhang


def _pair(axes: Geometry, name: str) -> tuple[int, int]:
    return getattr(axes["height"], name), getattr(axes["width"], name)


def _plain_padding(axes: Geometry) -> tuple[int, int] | None:
    """Return padding that PyTorch's own modules can have: as much before as after, and nothing beyond."""
    left, right, top, bottom = _around(axes)
    return (top, left) if (left, top) == (right, bottom) else None


def _conv2d(layer: Any) -> str:
    axes, plain = layer.axes, _plain_padding(layer.axes)
    own = {"stride": _pair(axes, "stride"), "dilation": _pair(axes, "dilation"), "groups": layer.groups}
    sizes = layer.input_shape[0], layer.out_channels, layer.kernel_size
    if plain is not None:
        own |= {"padding": plain, "bias": layer.bias, "padding_mode": layer.padding_mode}
        return _call(layer, "nn.Conv2d", *sizes, **own)
    mode = "constant" if layer.padding_mode == "zeros" else layer.padding_mode
    return _call(layer, "PaddedConv2d", *sizes, **own, bias=layer.bias, around=_around(axes), mode=mode)


def _pool_sizes(axes: Geometry) -> tuple[tuple[int, int], ...]:
    """Return a pool's kernel size, and its stride where that is another."""
    size, stride = _pair(axes, "kernel_size"), _pair(axes, "stride")
    return (size,) if size == stride else (size, stride)


def _fits_pool(axes: Geometry) -> bool:
    """Return whether PyTorch's own pools take this padding: as much before as after, at most half the kernel size."""
    plain = _plain_padding(axes)
    return plain is not None and all(2 * n <= size for n, size in zip(plain, _pair(axes, "kernel_size"), strict=True))


def _max_pool2d(layer: Any) -> str:
    axes, dilation = layer.axes, _pair(layer.axes, "dilation")
    if _fits_pool(axes):
        return _call(layer, "nn.MaxPool2d", *_pool_sizes(axes), padding=_plain_padding(axes), dilation=dilation)
    return _call(layer, "PaddedMaxPool2d", *_pool_sizes(axes), dilation=dilation, around=_around(axes))


def _avg_pool2d(layer: Any) -> str:
    axes, counted = layer.axes, layer.count_include_pad
    if _fits_pool(axes) and (not counted or _pair(axes, "overhang") == (0, 0)):  # overhang counts in no divisor
        return _call(layer, "nn.AvgPool2d", *_pool_sizes(axes), padding=_plain_padding(axes), count_include_pad=counted)
    rows, cols = (counts.astype(float).tolist() for counts in divisors(axes, counted))
    return _call(layer, "PaddedAvgPool2d", *_pool_sizes(axes), around=_around(axes), rows=rows, cols=cols)


def _batch_norm2d(layer: Any) -> str:
    own = {"eps": layer.eps, "momentum": layer.momentum, "affine": layer.affine, "track_running_stats": layer.tracks}
    return _call(layer, "nn.BatchNorm2d", layer.channels, **own)


def _activation(layer: Any) -> str:
    made = LAYERS[layer.kind]
    return _call(layer, f"nn.{made.__name__}", *(getattr(layer, option.name) for option in describe(made, 1)))


LINES: dict[str, Callable[[Any], str]] = {
    "conv2d": _conv2d,
    "linear": lambda layer: _call(layer, "nn.Linear", layer.in_features, layer.out_features, bias=layer.bias),
    "batch_norm2d": _batch_norm2d,
    "max_pool2d": _max_pool2d,
    "avg_pool2d": _avg_pool2d,
    "global_max_pool2d": lambda layer: "nn.AdaptiveMaxPool2d(1)",
    "global_avg_pool2d": lambda layer: "nn.AdaptiveAvgPool2d(1)",
    "flatten": lambda layer: "nn.Flatten()",
    "dropout": lambda layer: _call(layer, "nn.Dropout", layer.p),
    **{layer.kind: _activation for layer in ACTIVATIONS},
}
assert LINES.keys() == LAYERS.keys()
