"""Networks for hypothesis: any layers in any order that fits, from maps to a few outputs."""

from __future__ import annotations

import math
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

Shape = tuple[int, ...]
Entry = dict[str, Any]

thorough = settings(deadline=None, max_examples=60, derandomize=True)  # the same cases in every run

MODES = ("zeros", "reflect", "replicate", "circular")
POINTWISE = ("relu", "leaky_relu", "sigmoid", "tanh", "dropout", "batch_norm2d")
SMOOTH = ("sigmoid", "tanh", "batch_norm2d")  # without corners, where a slope is not one number
MOST_LAYERS = 5


def windows(size: int, kernel: int, stride: int, around: Shape, dilation: int, ceil_mode: bool = False) -> int:
    """How many windows fit, counted one by one: none begins beyond the input and the padding before it."""
    last, count, start = size + sum(around) - (dilation * (kernel - 1) + 1), 0, 0
    while start <= last or (ceil_mode and last >= 0 and start < size + around[0] and start - stride < last):
        count, start = count + 1, start + stride
    return count


def _axis(draw: st.DrawFn, size: int, mode: str, lesson: bool) -> tuple[int, int, int, tuple[int, int]]:
    """(kernel, stride, dilation, padding) of a convolution along an axis, with at least one window."""
    if lesson:
        kernel = draw(st.integers(1, min(3, size)))
        return kernel, 1, 1, draw(st.tuples(*[st.integers(0, kernel - 1)] * 2))
    most = {"reflect": size - 1, "circular": size}.get(mode, 2)
    around = draw(st.tuples(*[st.integers(0, min(most, 2))] * 2))
    room = size + sum(around)
    kernel = draw(st.integers(1, min(3, room)))
    dilation = draw(st.integers(1, 2)) if 2 * (kernel - 1) + 1 <= room else 1
    return kernel, draw(st.integers(1, 2)), dilation, around


@st.composite
def convolutions(draw: st.DrawFn, shape: Shape) -> tuple[Entry, Shape]:
    """A convolution and what it gives; half of them as the lesson's are, one step at a time in zeros."""
    lesson = draw(st.booleans())
    mode = "zeros" if lesson else draw(st.sampled_from(MODES))
    groups = 1 if lesson else draw(st.sampled_from([groups for groups in (1, 2, 3) if shape[0] % groups == 0]))
    axes = [_axis(draw, size, mode, lesson) for size in shape[1:]]
    entry = {
        "layer": "conv2d",
        "out_channels": groups * draw(st.integers(1, 3)),
        "kernel_size": [axis[0] for axis in axes],
        "stride": [axis[1] for axis in axes],
        "dilation": [axis[2] for axis in axes],
        "padding": [list(axis[3]) for axis in axes],
        "groups": groups,
        "bias": draw(st.booleans()),
        "padding_mode": mode,
    }
    sides = [windows(size, k, s, a, d) for size, (k, s, d, a) in zip(shape[1:], axes, strict=True)]
    return entry, (entry["out_channels"], *sides)


@st.composite
def pools(draw: st.DrawFn, shape: Shape, kinds: tuple[str, ...] = ("max", "avg")) -> tuple[Entry, Shape]:
    """A pool and what it gives."""
    kind, ceil_mode = draw(st.sampled_from(kinds)), draw(st.booleans())
    kernel = [draw(st.integers(1, min(3, size))) for size in shape[1:]]
    stride = [draw(st.integers(1, 3)) for _ in kernel]
    padding = [draw(st.integers(0, size // 2)) for size in kernel]
    entry: Entry = {
        "layer": f"{kind}_pool2d",
        "kernel_size": kernel,
        "stride": stride,
        "padding": padding,
        "ceil_mode": ceil_mode,
    }
    if kind == "avg":
        entry["count_include_pad"] = draw(st.booleans())
    axes = zip(shape[1:], kernel, stride, padding, strict=True)
    sides = [windows(size, k, s, (p, p), 1, ceil_mode) for size, k, s, p in axes]
    return entry, (shape[0], *sides)


def _pointwise(draw: st.DrawFn, kinds: tuple[str, ...]) -> Entry:
    kind = draw(st.sampled_from(kinds))
    options = {"leaky_relu": {"negative_slope": draw(st.sampled_from([0.01, 0.3, 2.0]))}, "dropout": {"p": 0.3}}
    return {"layer": kind} | options.get(kind, {})


@st.composite
def architectures(draw: st.DrawFn, smooth: bool = False) -> tuple[list[Entry], Shape, list[Shape]]:
    """(architecture, input_shape, the shape that each layer gives): it ends in 2 to 4 outputs.

    With `smooth` no layer has corners, so that finite differences hold everywhere.
    """
    shape: Shape = (draw(st.integers(1, 3)), draw(st.integers(3, 9)), draw(st.integers(3, 9)))
    first, layers, shapes = shape, [], []
    for _ in range(draw(st.integers(1, MOST_LAYERS))):
        kind = draw(st.sampled_from(["conv2d", "conv2d", "pool", "pointwise"]))
        if kind == "conv2d":
            entry, shape = draw(convolutions(shape))
        elif kind == "pool":
            entry, shape = draw(pools(shape, ("avg",) if smooth else ("max", "avg")))
        else:
            kinds = SMOOTH if smooth else POINTWISE
            entry = _pointwise(draw, kinds if math.prod(shape[1:]) > 1 else tuple(k for k in kinds if k[:5] != "batch"))
        layers.append(entry)
        shapes.append(shape)
    outputs = draw(st.integers(2, 4))
    ending = draw(st.sampled_from(["dense", "global_avg_pool2d"] + ["global_max_pool2d"] * (not smooth)))
    if ending == "dense":
        tail = [{"layer": "flatten"}, {"layer": "linear", "out_features": outputs, "bias": draw(st.booleans())}]
        return [*layers, *tail], first, [*shapes, (math.prod(shape),), (outputs,)]
    tail = [{"layer": "conv2d", "out_channels": outputs, "kernel_size": 1}, {"layer": ending}]
    return [*layers, *tail], first, [*shapes, (outputs, *shape[1:]), (outputs, 1, 1)]
