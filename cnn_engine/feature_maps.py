"""What kernels see in a picture: a map of each, and how any one value of a map came about."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import Size, pair
from cnn_engine.ops import avg_pool2d, conv2d, max_pool2d
from cnn_engine.ops import relu as rectify
from cnn_engine.trace import Trace, trace_avg_pool2d, trace_conv2d, trace_max_pool2d
from cnn_engine.trace.wording import number, plural
from cnn_engine.windows import as_array

Pooling = dict[str, Any]  # {"op": "max" or "avg", "kernel_size": ..., "stride": ... (the kernel size unless given)}
Stage = dict[str, Any]

POOLS = {"max": (max_pool2d, trace_max_pool2d), "avg": (avg_pool2d, trace_avg_pool2d)}


def _pooling_of(pooling: Pooling) -> tuple[str, tuple[int, int], tuple[int, int]]:
    op = pooling.get("op")
    if op not in POOLS:
        raise ParameterError(f"pooling.op must be max or avg, not {op!r}", "pooling.op")
    kernel = pair(pooling.get("kernel_size"), "pooling.kernel_size")
    step = pooling.get("stride")
    return str(op), kernel, kernel if step is None else pair(step, "pooling.stride")


def feature_maps(
    image: ArrayLike, weight: ArrayLike, *, stride: Size = 1, relu: bool = False, pooling: Pooling | None = None
) -> NDArray[np.float32]:
    """The maps that kernels make of one picture, without padding.

    Args:
        image: (H, W).
        weight: (K, kH, kW), a kernel for each map.
        stride: of the convolution.
        relu: whether negative values become 0 before pooling.
        pooling: None, or {"op": "max" | "avg", "kernel_size", "stride"}.

    Returns:
        (K, H', W') float32.
    """
    picture, kernels = as_array(image, "image", (2,)), as_array(weight, "weight", (3,))
    x, w = picture[None].astype(np.float32), kernels[:, None].astype(np.float32)
    maps = conv2d(x, w, stride=stride)
    if relu:
        maps = rectify(maps)
    if pooling is not None:
        op, kernel, step = _pooling_of(pooling)
        try:
            maps = POOLS[op][0](maps, kernel, stride=step)
        except ShapeError as error:
            raise ShapeError(f"pooling.{error}", "pooling.kernel_size") from error
    return maps.astype(np.float32, copy=False)


def explain_pixel(
    image: ArrayLike,
    weight: ArrayLike,
    row: int,
    col: int,
    *,
    stride: Size = 1,
    relu: bool = False,
    pooling: Pooling | None = None,
) -> list[Stage]:
    """How the value at (row, col) of one map came about, in float64, by traces over no more than it depends on.

    Returns:
        A stage for each operation in order: its `op`, the trace's columns (places counted in the whole picture or
        map) and `description`, a sentence for each step. Convolution has a step for each cell that pooling reads.
    """
    picture, kernel = as_array(image, "image", (2,)), as_array(weight, "weight", (2,))
    step = pair(stride, "stride")
    reach, pool_step = (1, 1), (1, 1)
    if pooling is not None:
        _, reach, pool_step = _pooling_of(pooling)
    first = row * pool_step[0], col * pool_step[1]  # the first cell of the convolution's output that is needed
    _check_inside(picture.shape, kernel.shape, step, first, reach, (row, col))
    top, left = first[0] * step[0], first[1] * step[1]
    height = (reach[0] - 1) * step[0] + kernel.shape[0]
    width = (reach[1] - 1) * step[1] + kernel.shape[1]
    crop = picture[top : top + height, left : left + width].astype(np.float64)
    trace = trace_conv2d(crop, kernel.astype(np.float64), stride=step)
    stages = [_stage(trace, cell=(0, *first), position=(top, left))]
    values = trace.tensors["output"][0]
    if relu:
        stages.append(_relu_stage(values, first))
        values = rectify(values)
    if pooling is not None:
        op, kernel_size, _ = _pooling_of(pooling)
        stages.append(_stage(POOLS[op][1](values, kernel_size), cell=(0, row, col), position=first))
    return stages


def _check_inside(
    picture: tuple[int, ...],
    kernel: tuple[int, ...],
    stride: tuple[int, int],
    first: tuple[int, int],
    reach: tuple[int, int],
    asked: tuple[int, int],
) -> None:
    for i, name in enumerate(("row", "col")):
        outputs = (picture[i] - kernel[i]) // stride[i] + 1
        if not 0 <= first[i] <= outputs - reach[i]:
            raise ParameterError(f"{name} {asked[i]} is outside the map", name)


def _stage(trace: Trace, *, cell: tuple[int, ...], position: tuple[int, int]) -> Stage:
    columns = trace.columns()
    columns["output_cell"] = columns["output_cell"] + np.array(cell)
    columns["position"] = columns["position"] + np.array(position)
    return {"op": trace.op, **columns, "description": trace.descriptions()}


def _relu_stage(values: NDArray[np.float64], first: tuple[int, int]) -> Stage:
    before, after = values.ravel(), rectify(values).ravel()
    rows, cols = np.indices(values.shape).reshape(2, -1)
    lost = int((before < 0).sum())
    said = "ReLU changes nothing: no value is negative"
    if lost:
        said = f"ReLU turns {plural(lost, 'negative value')} into 0"
    if before.size == 1:
        said = f"ReLU turns {number(before[0])} into 0" if lost else f"ReLU leaves {number(before[0])} as it is"
    return {
        "op": "relu",
        "output_cell": np.stack([np.zeros_like(rows), rows + first[0], cols + first[1]], axis=1),
        "input": before,
        "output": after,
        "description": [f"{said}."],
    }
