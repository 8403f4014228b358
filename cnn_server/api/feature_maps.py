"""POST /api/feature-maps: a wall of maps of a picture.

POST /api/feature-maps/pixel: how one value of a map came about.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import Response, current_app
from numpy.typing import NDArray

from cnn_engine import explain_pixel, feature_maps
from cnn_engine.costs import work
from cnn_engine.data.images import luma
from cnn_engine.data.presets import KERNELS, Values, kernel_values
from cnn_engine.errors import ConvoscopeError
from cnn_engine.feature_maps import maps_work
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.images import find
from cnn_server.languages import language
from cnn_server.picture_answers import FeatureMapsAnswer, PixelAnswer
from cnn_server.problems import ProblemError, check_most
from cnn_server.schemas.maps import FeatureMapsBody, MapOptions, OwnKernel, PixelBody

NEIGHBOURHOOD = 9  # cells each way of the piece of the picture around a window

Plane = NDArray[np.float32]
Size = tuple[int, int]

api = Resource("feature_maps", __name__)


@dataclass(frozen=True)
class WallKernel:
    """A kernel of a wall: its name, its title and its values (height, width)."""

    name: str
    title: str
    values: Values


def _kernel(choice: str | OwnKernel) -> WallKernel:
    if isinstance(choice, str):
        return WallKernel(choice, KERNELS[choice].title, kernel_values(choice))
    return WallKernel(choice.name, choice.name, choice.values)


def _shape(values: NDArray[Any]) -> Size:
    return values.shape[0], values.shape[1]


def _offset(kernel: Size, wall: Size) -> Size:
    """Return where a kernel stands in the wall's size: in the middle, or half a cell up and left."""
    return (wall[0] - kernel[0]) // 2, (wall[1] - kernel[1]) // 2


def _stack(kernels: list[WallKernel]) -> Plane:
    """Return all kernels (K, height, width), the smaller ones in a frame of zeros, so that their maps align."""
    sizes = [_shape(kernel.values) for kernel in kernels]
    wall = max(height for height, _ in sizes), max(width for _, width in sizes)
    stacked = np.zeros((len(kernels), *wall), np.float32)
    for weight, kernel, (height, width) in zip(stacked, kernels, sizes, strict=True):
        top, left = _offset((height, width), wall)
        weight[top : top + height, left : left + width] = kernel.values
    return stacked


def _grey(body: MapOptions) -> Plane:
    return luma(find(body.image, "image")[0].pixels)


def _refusal(error: ConvoscopeError, kernel_field: str) -> ProblemError:
    """Return the engine's refusal by the request's own names."""
    named = error.field or "body"
    field = {"weight": kernel_field, "kernel_size": kernel_field}.get(named, named)
    return ProblemError.of_faults(422, (field, error.message))


@api.post("/api/feature-maps", responses=answers({200: FeatureMapsAnswer}, 400, 404, 413, 415, 503))
def wall(body: FeatureMapsBody) -> Response:
    """Return the maps that kernels make of the grey picture (0 to 255), with ReLU, stride and pooling on request."""
    kernels = [_kernel(choice) for choice in body.kernels]
    grey, weight = _grey(body), _stack(kernels)
    _check_size(grey, _shape(weight[0]))
    try:
        _check_work(grey, weight, body)
        maps = feature_maps(grey, weight, **body.options())
    except ConvoscopeError as error:
        raise _refusal(error, "kernels") from error
    dtype = body.dtype or ("uint8" if encoding.wants_binary() else "float32")
    levels = [encoding.quantize(part) for part in (maps if body.each else [maps])]
    quantized = np.stack([plane for plane, _ in levels]) if body.each else levels[0][0]
    values = quantized if dtype == "uint8" else maps
    scales = [scale for _, scale in levels]
    ranges = [(float(plane.min()), float(plane.max())) for plane in maps]
    response = _written(kernels, values, scales, ranges, _shape(weight[0]))
    response.vary.add("Accept")
    return response


def _check_size(grey: Plane, kernel: Size) -> None:
    """Refuse a picture that no kernel fits on: a person may have given a larger one, which was scaled down."""
    height, width = grey.shape
    if kernel[0] > height or kernel[1] > width:
        rows, columns = kernel
        raise ProblemError(
            422, "picture_smaller_than_kernel", "kernels", width=width, height=height, rows=rows, columns=columns
        )


def _check_work(grey: Plane, weight: Plane, body: FeatureMapsBody) -> None:
    config, field = current_app.config, "pooling.kernel_size" if body.pooling else "kernels"
    check_most("maps_take_too_much", "kernels", grey.size * weight.size, config["MAX_MULTIPLICATIONS"])
    taken = maps_work(_shape(grey), weight.shape, stride=body.stride, pooling=body.options()["pooling"])
    check_most("maps_take_too_long", field, taken, config["MAX_WORK"], "time", name=field)


def _written(
    kernels: list[WallKernel], values: NDArray[Any], scales: list[float], ranges: list[tuple[float, float]], size: Size
) -> Response:
    """Return the maps in the way that the client prefers."""
    if encoding.wants_binary():
        headers = {
            "X-Tensor-Scale": ",".join(map(repr, scales)),
            "X-Map-Range": ",".join(f"{low!r}:{high!r}" for low, high in ranges),
            "X-Kernel-Size": ",".join(map(str, size)),
        }
        return encoding.binary(values, 200, headers)
    named = zip(kernels, ranges, strict=True)
    maps = [{"name": kernel.name, "title": kernel.title, "min": low, "max": high} for kernel, (low, high) in named]
    whole = {"scale": max(scales), "scales": scales, "kernel_size": size, "values": values}
    return encoding.json({"maps": maps, "shape": values.shape} | whole)


# ---- one pixel


@api.post("/api/feature-maps/pixel", responses=answers({200: PixelAnswer}, 400, 404, 413, 415, 503))
def pixel(body: PixelBody) -> Response:
    """Return how one value of one map came about: the window, its products, ReLU and pooling."""
    kernel = _kernel(body.kernel)
    grey = _grey(body)
    part, origin = _under(kernel, body, grey)
    _check_stages(kernel, body)
    try:
        stages = explain_pixel(part, kernel.values, body.row, body.col, code=language(), **body.options())
    except ConvoscopeError as error:
        raise _refusal(error, "kernel") from error
    windows = stages[0]["position"] = stages[0]["position"] + np.array(origin)
    corner, last = windows[0], windows[-1] + _shape(kernel.values)
    shown = _shown(stages)
    window = windows[shown]
    start, stop, step = _neighbourhood(window, _shape(kernel.values), _pair(body.stride), _shape(grey))
    return encoding.json(
        {
            "stages": stages,
            "shown": shown,
            "crop": _piece(grey, corner, last),
            "neighbourhood": _piece(grey, start, stop),
            "step": step,
        }
    )


def _check_stages(kernel: WallKernel, body: PixelBody) -> None:
    """Refuse a pixel that takes more windows than one answer holds: pooling reads one for each of its cells."""
    windows = math.prod(_pair(body.pooling.kernel_size)) if body.pooling else 1
    values, config, field = 2 * windows * kernel.values.size, current_app.config, "pooling.kernel_size"
    check_most("windows_too_large", field, values, config["MAX_PAGE_VALUES"])
    taken = work("pixel", calls=windows, values=values)
    check_most("windows_take_too_long", field, taken, config["MAX_WORK"], "time", count=windows)


def _shown(stages: list[dict[str, Any]]) -> int:
    """Return which of the convolution's steps stands for the pixel: the one max pooling chose, else the first."""
    if "selected" not in stages[-1]:
        return 0
    row, col = stages[-1]["selected"][0]
    return int(row * stages[-1]["window"].shape[-1] + col)


def _pair(size: int | Size) -> Size:
    return (size, size) if isinstance(size, int) else size


def _piece(grey: Plane, start: Sequence[int], stop: Sequence[int]) -> dict[str, Any]:
    (top, left), (bottom, right) = map(int, start), map(int, stop)
    return {"row": top, "col": left, "values": grey[top:bottom, left:right]}


def _neighbourhood(window: Sequence[int], kernel: Size, stride: Size, picture: Size) -> tuple[Any, Any, int]:
    """Return a piece of the picture around a window: where it starts and stops, and the window's step in a trace of it.

    It begins a whole number of strides before the window, so that a convolution of it meets the window.
    """
    starts, stops, before, windows = [], [], [], []
    for first, cells, jump, size in zip(map(int, window), kernel, stride, picture, strict=True):
        reach = max(NEIGHBOURHOOD, cells)
        jumps = min(first // jump, (reach - cells) // 2 // jump)
        starts.append(first - jumps * jump)
        stops.append(min(starts[-1] + reach, size))
        before.append(jumps)
        windows.append((stops[-1] - starts[-1] - cells) // jump + 1)
    return starts, stops, before[0] * windows[1] + before[1]


def _under(kernel: WallKernel, body: PixelBody, grey: Plane) -> tuple[Plane, Size]:
    """Return the part of the picture that a kernel passes over in its wall, and where that part begins.

    In a wall of larger kernels it stands in a frame of zeros, and so never reaches the picture's edge.
    """
    own = _shape(kernel.values)
    wall = body.kernel_size or own
    if wall[0] < own[0] or wall[1] < own[1]:
        sizes: dict[str, Any] = {"size": str(list(wall)), "kernel": str(list(own))}
        raise ProblemError(422, "wall_smaller_than_kernel", "kernel_size", **sizes)
    for axis, size, reach in zip(("height", "width"), _shape(grey), wall, strict=True):
        if reach > size:
            raise ProblemError(422, "wall_exceeds_picture", "kernel_size", size=reach, axis=axis, most=size)
    top, left = _offset(own, wall)
    bottom, right = wall[0] - own[0] - top, wall[1] - own[1] - left
    return grey[top : grey.shape[0] - bottom, left : grey.shape[1] - right], (top, left)
