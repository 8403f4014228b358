"""A window of a picture as a small grid of numbers, 0 (dark) to 9 (bright)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from cnn_engine.data.images import Pixels, luma
from cnn_engine.errors import ParameterError

BRIGHT = 9


class Box(NamedTuple):
    """A window of a picture in its pixels: the first row and column, counted from 0, and how many of each."""

    row: int
    col: int
    height: int
    width: int


def middle(pixels: Pixels, size: tuple[int, int]) -> Box:
    """The largest window in the middle of a picture that has the proportions of `size` (height, width)."""
    scale = min(pixels.shape[0] / size[0], pixels.shape[1] / size[1])
    row, col = (round((side - scale * cells) / 2) for side, cells in zip(pixels.shape, size, strict=False))
    return Box(row, col, round(scale * size[0]), round(scale * size[1]))


def crop(pixels: Pixels, box: Box, size: tuple[int, int], channels: int = 1) -> NDArray[np.float64]:
    """A window of a picture (height, width, 3) reduced to `size`, (channels, height, width), whole numbers 0 to 9.

    Each cell is the mean of the pixels under it. One channel alone is the brightness; several are red, green and
    blue (and again, where more are asked for).

    Raises:
        ParameterError: a window that is empty or reaches beyond the picture.
    """
    _check(box, pixels.shape)
    height, width = size
    area = (box.col, box.row, box.col + box.width, box.row + box.height)
    small = np.asarray(Image.fromarray(pixels).resize((width, height), Image.Resampling.BOX, area))
    planes = luma(small)[None] if channels == 1 else small.transpose(2, 0, 1)[np.arange(channels) % 3]
    values: NDArray[np.float64] = np.rint(planes.astype(np.float64) * BRIGHT / 255)
    return values


def _check(box: Box, shape: tuple[int, ...]) -> None:
    axes = (("row", "height", box.row, box.height, shape[0]), ("col", "width", box.col, box.width, shape[1]))
    for first, extent, start, count, side in axes:
        if count < 1:
            raise ParameterError("window_too_small", extent, extent=extent, count=count)
        if start < 0:
            raise ParameterError("window_before_the_start", first, first=first, start=start)
        if start + count > side:
            raise ParameterError(
                "window_beyond_the_picture", extent, first=first, start=start, extent=extent, count=count, side=side
            )
