"""Pools as programs: the largest of each window, or its average."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent

from cnn_engine.code.surroundings import (
    CHANNELS_FIRST,
    any_of,
    channels_last,
    keras_pad,
    numpy_pad,
    sides_of,
    symmetric,
    torch_pad,
)
from cnn_engine.code.text import Programs, TraceWriter
from cnn_engine.geometry import Sides
from cnn_engine.trace.base import Trace

LOWEST = {"numpy": "-np.inf", "torch": 'float("-inf")', "keras": 'float("-inf")'}
ONES = (1, 1)


def _overhang(trace: Trace) -> Sides:
    """Return what the last windows of ceil_mode reach beyond the padding, as sides."""
    axes = trace.geometry or {}
    return (0, axes["height"].overhang), (0, axes["width"].overhang)


def all_sides(trace: Trace) -> Sides:
    """Return padding and overhang together."""
    (top, bottom), (left, right) = sides_of(trace)
    (_, below), (_, beside) = _overhang(trace)
    return (top, bottom + below), (left, right + beside)


def _whole_windows(trace: Trace) -> bool:
    """Return whether each average divides by the size of the kernel, zeros of the padding counted."""
    counted = trace.params["count_include_pad"] or not any_of(sides_of(trace))
    return bool(counted and not any_of(_overhang(trace)))


def _dilated(trace: Trace) -> bool:
    return bool(trace.params["dilation"] != ONES)


# ---- NumPy


CELL = "channel, top + i * dilation[0], left + j * dilation[1]"  # that of the tap (i, j) of the window of `numpy_loop`


def numpy_loop(trace: Trace, padded: str, made: str, lines: str) -> str:
    """Return a loop over all windows of a pool; `window` is where each is in `padded`."""
    return f"""
{padded}
kernel_size, stride, dilation = {trace.params["kernel_size"]}, {trace.params["stride"]}, {trace.params["dilation"]}
height, width = (dilation[i] * (kernel_size[i] - 1) + 1 for i in (0, 1))  # of a window
channels, rows, columns = len(input), {trace.output_shape[1]}, {trace.output_shape[2]}

{made}
for channel, row, column in np.ndindex(channels, rows, columns):
    top, left = row * stride[0], column * stride[1]
    window = channel, slice(top, top + height, dilation[0]), slice(left, left + width, dilation[1])
{indent(lines, " " * 4)}
"""


def _numpy(trace: Trace, padded: str, found: str) -> str:
    made = "output = np.zeros((channels, rows, columns))"
    return numpy_loop(trace, padded, made, f"output[channel, row, column] = {found}")


def numpy_padded_max(trace: Trace) -> str:
    """Return the line that pads what a maximum is taken of."""
    sides = all_sides(trace)
    padded = numpy_pad("input", sides, value="-np.inf")
    return f"padded = {padded}{'  # padding never wins' * any_of(sides)}"


def _numpy_max(trace: Trace) -> str:
    return _numpy(trace, numpy_padded_max(trace), "padded[window].max()")


def numpy_counted(trace: Trace) -> str:
    """Return the line that says which cells an average counts."""
    return f"counted = {_counted(trace, numpy_pad, 'np.ones(input.shape)')}  # 1 where a cell counts"


def _numpy_avg(trace: Trace) -> str:
    padded = f"padded = {numpy_pad('input', all_sides(trace))}"
    if _whole_windows(trace):
        return _numpy(trace, padded, "padded[window].mean()")
    return _numpy(trace, f"{padded}\n{numpy_counted(trace)}", "padded[window].sum() / counted[window].sum()")


def _counted(trace: Trace, pad: Callable[..., str], ones: str) -> str:
    """Return ones for the cells that an average counts, zeros for the rest."""
    if trace.params["count_include_pad"]:
        return pad(pad(ones, sides_of(trace), value="1"), _overhang(trace))
    return pad(ones, all_sides(trace))


# ---- PyTorch


def _torch_takes(trace: Trace) -> bool:
    """Return whether PyTorch pads so itself: both sides alike, and by half the kernel at most."""
    sides, kernel = sides_of(trace), trace.params["kernel_size"]
    return symmetric(sides) and all(2 * side[0] <= size for side, size in zip(sides, kernel, strict=True))


def _torch_options(trace: Trace) -> str:
    parts, ((top, _), (left, _)) = trace.params, sides_of(trace)
    padding = f", padding={(top, left)}" * (top + left > 0)
    return f"{parts['kernel_size']}, {parts['stride']}{padding}{', ceil_mode=True' * parts['ceil_mode']}"


def _torch_max(trace: Trace) -> str:
    parts = trace.params
    dilation = f", dilation={parts['dilation']}" * _dilated(trace)
    if _torch_takes(trace):
        return f"output = F.max_pool2d(input, {_torch_options(trace)}{dilation})"
    padded = torch_pad("input", all_sides(trace), value=LOWEST["torch"])
    return (
        "# max_pool2d itself pads both sides alike, by half the kernel at most; padding never wins\n"
        f"padded = {padded}\noutput = F.max_pool2d(padded, {parts['kernel_size']}, {parts['stride']}{dilation})"
    )


def _torch_avg(trace: Trace) -> str:
    parts, sides = trace.params, all_sides(trace)
    if _torch_takes(trace) and not _dilated(trace):
        counting = ", count_include_pad=False" * (not parts["count_include_pad"])
        return f"output = F.avg_pool2d(input, {_torch_options(trace)}{counting})"
    body = f"padded = {torch_pad('input', sides)}\n"
    body += f"counted = {_counted(trace, torch_pad, 'torch.ones_like(input)')}  # 1 where a cell counts\n"
    if _dilated(trace):
        why = "# avg_pool2d has no dilation: the cells of every window, tap by tap\n"
        return why + body + _taps(trace) + "output = sum(taps(padded)) / sum(taps(counted))"
    why = "# avg_pool2d itself pads both sides alike, by half the kernel at most\n"
    call = f"F.avg_pool2d({{}}, {parts['kernel_size']}, {parts['stride']})"
    return f"{why}{body}output = {call.format('padded')} / {call.format('counted')}"


def _taps(trace: Trace) -> str:
    """Return a function that gives, for each place of the kernel, what every window has there."""
    parts, (_, rows, cols) = trace.params, trace.output_shape
    return f"""

def taps(x):
    kernel_size, stride, dilation = {parts["kernel_size"]}, {parts["stride"]}, {parts["dilation"]}
    ends = {rows - 1} * stride[0] + 1, {cols - 1} * stride[1] + 1  # from a tap's first place to its last
    downwards = [slice(i, i + ends[0], stride[0]) for i in range(0, kernel_size[0] * dilation[0], dilation[0])]
    across = [slice(j, j + ends[1], stride[1]) for j in range(0, kernel_size[1] * dilation[1], dilation[1])]
    return [x[:, rows, columns] for rows in downwards for columns in across]


"""


# ---- Keras


def _keras_max(trace: Trace) -> str:
    sides, parts = all_sides(trace), trace.params
    body = channels_last()
    if any_of(sides):
        body += f"x = {keras_pad('x', sides, LOWEST['keras'])}  # padding never wins\n"
    if _dilated(trace):
        body += "# Keras has no dilation here: the cells of every window, tap by tap\n" + _taps(trace)
        return body + "x = keras.ops.max(keras.ops.stack(taps(x)), axis=0)\n" + CHANNELS_FIRST
    body += f'x = keras.ops.max_pool(x, {parts["kernel_size"]}, {parts["stride"]}, "valid", "channels_last")\n'
    return body + CHANNELS_FIRST


def _keras_avg(trace: Trace) -> str:
    sides, parts = all_sides(trace), trace.params
    counted = f"counted = {_counted(trace, keras_pad, 'keras.ops.ones_like(x)')}  # 1 where a cell counts\n"
    body = channels_last() + counted * (not _whole_windows(trace) or _dilated(trace))
    if any_of(sides):
        body += f"x = {keras_pad('x', sides)}\n"
    if _dilated(trace):
        body += "# Keras has no dilation here: the cells of every window, tap by tap\n" + _taps(trace)
        return body + "x = sum(taps(x)) / sum(taps(counted))\n" + CHANNELS_FIRST
    call = f'keras.ops.average_pool({{}}, {parts["kernel_size"]}, {parts["stride"]}, "valid", "channels_last")'
    whole = f"x = {call.format('x')}\n"
    each = f"x = {call.format('x')}\nx = x / {call.format('counted')}  # not of the whole kernel, but of what counts\n"
    return body + (whole if _whole_windows(trace) else each) + CHANNELS_FIRST


# ---- global


def _everywhere(call: str) -> TraceWriter:
    return lambda _: f"output = {call}"


def _keras_global_avg(trace: Trace) -> str:
    _, height, width = trace.tensors["input"].shape
    return (
        "# keras.ops.mean does the same; with PyTorch below it, it rounds to float32 on the way\n"
        f"output = keras.ops.sum(input, axis=(1, 2), keepdims=True) / ({height} * {width})"
    )


BODIES: Programs = {
    "max_pool2d": {"numpy": _numpy_max, "torch": _torch_max, "keras": _keras_max},
    "avg_pool2d": {"numpy": _numpy_avg, "torch": _torch_avg, "keras": _keras_avg},
    "global_max_pool2d": {
        "numpy": _everywhere("input.max(axis=(1, 2), keepdims=True)"),
        "torch": _everywhere("F.adaptive_max_pool2d(input, 1)"),
        "keras": _everywhere("keras.ops.max(input, axis=(1, 2), keepdims=True)"),
    },
    "global_avg_pool2d": {
        "numpy": _everywhere("input.mean(axis=(1, 2), keepdims=True)"),
        "torch": _everywhere("F.adaptive_avg_pool2d(input, 1)"),
        "keras": _keras_global_avg,
    },
}
