"""What kernels make of a picture: whole maps, and how one value of a map came about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.geometry import Geometry, Padding, Pair, Size, flag, geometry
from cnn_engine.ops import avg_pool2d, conv2d, max_pool2d, pool_geometry
from cnn_engine.pointwise import relu as rectified
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.counts import window_work
from cnn_engine.trace import Trace
from cnn_engine.trace.conv2d import trace_conv2d
from cnn_engine.trace.pool2d import trace_avg_pool2d, trace_max_pool2d
from cnn_engine.windows import as_array
from cnn_engine.words import ENGLISH, Message, say

Maps = NDArray[np.float32]
Stage = dict[str, Any]
PoolSettings = Mapping[str, Any]

SPELLED_OUT = 9  # up to this many values, a sentence lists them
_POOLS: dict[str, Callable[..., NDArray[Any]]] = {"max": max_pool2d, "avg": avg_pool2d}
_POOL_TRACES: dict[str, Callable[..., Trace]] = {"max": trace_max_pool2d, "avg": trace_avg_pool2d}


def feature_maps(
    image: ArrayLike,
    weight: ArrayLike,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    relu: bool = False,
    pooling: PoolSettings | None = None,
) -> Maps:
    """Convolve a picture with each kernel; then, on request, ReLU and pooling.

    Args:
        image: (H, W).
        weight: (K, kH, kW), a kernel a map.
        stride: of the convolution.
        padding: of the convolution, with zeros.
        relu: whether negative values become 0.
        pooling: None or {"op": "max" or "avg", "kernel_size", "stride"}; the stride is the kernel size unless given.

    Returns:
        (K, H', W') in float32.

    Raises:
        ShapeError, ParameterError: `field` is "pooling.kernel_size" and the like where pooling is wrong.
    """
    picture = as_array(image, "image", (2,)).astype(np.float32)
    kernels = as_array(weight, "weight", (3,)).astype(np.float32)
    maps = conv2d(picture[None], kernels[:, None], stride=stride, padding=padding)
    if flag(relu, "relu"):
        maps = rectified(maps)
    pool = _read_pooling(pooling)
    if pool is not None:
        name, window = pool
        _pool_geometry((maps.shape[1], maps.shape[2]), window)
        maps = _POOLS[name](maps, **window)
    return maps


def maps_work(image: Pair, weight: Sequence[int], *, stride: Size = 1, pooling: PoolSettings | None = None) -> int:
    """Return what `feature_maps` costs for a picture (H, W) and kernels (K, kH, kW), in nanoseconds (see `costs`).

    Raises:
        ShapeError, ParameterError: as `feature_maps`.
    """
    count, *kernel = weight
    axes = geometry(image, (kernel[0], kernel[1]), stride=stride)
    work = window_work("conv2d", axes, Blocks.of(1, count), weighted=True)
    if (pool := _read_pooling(pooling)) is not None:
        axes = _pool_geometry((axes["height"].output_size, axes["width"].output_size), pool[1])
        work += window_work(f"{pool[0]}_pool2d", axes, Blocks.same(count))
    return work


def explain_pixel(
    image: ArrayLike,
    weight: ArrayLike,
    row: int,
    col: int,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    relu: bool = False,
    pooling: PoolSettings | None = None,
    code: str = ENGLISH,
) -> list[Stage]:
    """Return how the value at (row, col) of one kernel's map came about, in float64; only what it needs is computed.

    Args:
        image: (H, W).
        weight: (kH, kW).
        row: of the finished map, from 0.
        col: of the finished map, from 0.
        stride: as in `feature_maps`, and so are the others.
        padding: of the convolution, with zeros.
        relu: whether negative values become 0.
        pooling: None or {"op", "kernel_size", "stride"}.
        code: the language of the sentences.

    Returns:
        The stages in order, each {"op", columns of its steps as in a trace, "description": a sentence a step}:
        "conv2d" has one step without pooling, or one for each cell of the pool's window, row by row; "relu" has
        columns input and output; "max_pool2d" or "avg_pool2d" has one step. Places are those of the whole
        picture and of the whole maps.
    """
    picture = as_array(image, "image", (2,))
    kernel = as_array(weight, "weight", (2,)).astype(np.float64)
    trace = trace_conv2d(picture, kernel, stride=stride, padding=padding)
    height, width = trace.output_shape[1:]
    pool = _read_pooling(pooling)
    if pool is None:
        _check_cell((row, col), (height, width))
        rows, cols = range(row, row + 1), range(col, col + 1)
    else:
        axes = _pool_geometry((height, width), pool[1])
        _check_cell((row, col), (axes["height"].output_size, axes["width"].output_size))
        rows, cols = _under(axes, row, col)
    stages = [_convolved(trace, rows, cols)]
    if flag(relu, "relu"):
        stages.append(_rectified(stages[-1]))
    if pool is not None:
        values = stages[-1]["output"].reshape(len(rows), len(cols))
        stages.append(_pooled(pool[0], values, (row, col), (rows.start, cols.start)))
    return [_described(stage, code) for stage in stages]


def _described(stage: Stage, code: str) -> Stage:
    """Return the stage with its messages as sentences of a language."""
    messages = stage.pop("messages")
    return {**stage, "description": [say(message, code) for message in messages]}


# ---- the arguments


def _read_pooling(pooling: PoolSettings | None) -> tuple[str, dict[str, Any]] | None:
    """Return which pool, and its kernel_size and stride; None for none."""
    if pooling is None:
        return None
    unknown = sorted(set(pooling) - {"op", "kernel_size", "stride"})
    if unknown:
        raise ParameterError("pooling_unknown_option", f"pooling.{unknown[0]}", unknown=unknown[0])
    name = pooling.get("op")
    if name not in _POOLS:
        raise ParameterError("pooling_unknown_op", "pooling.op", name=name)
    if "kernel_size" not in pooling:
        raise ParameterError("pooling_without_kernel_size", "pooling.kernel_size")
    return name, {"kernel_size": pooling["kernel_size"], "stride": pooling.get("stride")}


def _pool_geometry(size: tuple[int, int], window: dict[str, Any]) -> Geometry:
    """Return where the pool's windows go on maps of this size; its errors name the argument as `pooling.…`."""
    try:
        return pool_geometry(size, **window)
    except ConvoscopeError as error:
        raise error.within(f"pooling.{error.field}", "at", where="pooling") from error


def _check_cell(cell: tuple[int, int], size: tuple[int, int]) -> None:
    for name, index, count in zip(("row", "col"), cell, size, strict=True):
        if not 0 <= index < count:
            raise ParameterError("outside_the_map", name, name=name, index=index, last=count - 1)


def _under(axes: Geometry, row: int, col: int) -> tuple[range, range]:
    """Return the rows and columns of the convolved map that one window of the pool covers."""
    indices = zip((row, col), (axes["height"], axes["width"]), strict=True)
    starts = [(index * axis.stride, axis.kernel_size) for index, axis in indices]
    down, across = (range(start, start + size) for start, size in starts)
    return down, across


# ---- the stages


def _convolved(trace: Trace, rows: range, cols: range) -> Stage:
    """Return the steps of these cells of the map: a run of steps for each row of them."""
    width = trace.output_shape[2]
    runs = [(row * width + cols.start, row * width + cols.stop) for row in rows]
    parts = [trace.columns(*run) for run in runs]
    stage: Stage = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return {"op": trace.op, **stage, "messages": [message for run in runs for message in trace.messages(*run)]}


def _rectified(before: Stage) -> Stage:
    values = before["output"]
    output = rectified(values)
    return {
        "op": "relu",
        "output_cell": before["output_cell"],
        "input": values,
        "output": output,
        "messages": [Message("steps.rectified", {"value": value}) for value in values.tolist()],
    }


def _pooled(name: str, values: NDArray[Any], cell: tuple[int, int], position: tuple[int, int]) -> Stage:
    """Return the one step of a pool over these values; `cell` and `position` are its places in the whole maps."""
    trace = _POOL_TRACES[name](values, values.shape)
    stage: Stage = {"op": trace.op, **trace.columns(0, 1)}
    stage["output_cell"], stage["position"] = np.array([(0, *cell)]), np.array([position])
    known = {"name": name, "values": values.ravel().tolist(), "listed": SPELLED_OUT}
    message = Message("steps.pooled", known | {"output": float(stage["output"][0]), "row": cell[0], "col": cell[1]})
    return {**stage, "messages": [message]}
