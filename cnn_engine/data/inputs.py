"""Inputs by name, small enough to read and at any size from 1 to 32.

Each pattern is a function of (rows, columns, height, width) that gives one channel.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.images import BRIGHT, SAMPLES, crop, middle, sample_picture
from cnn_engine.data.kernels import Size, Values, check_size, counting, drawn
from cnn_engine.errors import ParameterError

Indices = NDArray[np.int64]

COLOURS = 3  # channels of a photo, which come again where more are asked for

_SEVEN = ("0000000", "0999990", "0333990", "0000960", "0003930", "0009300", "0000000")
_LETTER_A = ("0009000", "0049400", "0090900", "0490940", "0999990", "4900094", "9000009")


@dataclass(frozen=True)
class NamedInput:
    """An input by name: what it is in a sentence, and the size (height, width) it has unless asked for more."""

    name: str
    title: str
    note: str
    size: Size

    @property
    def values(self) -> Values:
        """One channel at its own size, (height, width)."""
        channel: Values = input_values(self.name)[0]
        return channel


def _ramp(index: Indices, count: int) -> Indices:
    """Return one more in each cell where 0 to 9 is enough for that, else spread evenly from 0 to 9."""
    return index if count <= BRIGHT + 1 else index * BRIGHT // (count - 1)


def _blob(rows: Indices, cols: Indices, height: int, width: int) -> Values:
    """Return a Gaussian bump exp(-d²/4), d being the distance from the middle in sevenths of the size."""
    down, across = (rows - (height - 1) / 2) * 7 / height, (cols - (width - 1) / 2) * 7 / width
    bump = np.exp(-(down**2 + across**2) / 4)
    values: Values = np.rint(BRIGHT * bump / bump.max())
    return values


def _middle(index: Indices, size: int) -> NDArray[np.bool_]:
    """Return whether a row or column belongs to a bar in the middle, a seventh of the size wide."""
    middle: NDArray[np.bool_] = np.abs(index - (size - 1) / 2) <= max(0.5, size / 14)
    return middle


def _drawn(bitmap: Sequence[str], rows: Indices, cols: Indices, height: int, width: int) -> Values:
    """Return a bitmap at another size: each cell takes the bitmap's cell under its centre."""
    cells = np.array([[int(digit) for digit in line] for line in bitmap], np.float64)
    picked: Values = cells[
        (2 * rows + 1) * cells.shape[0] // (2 * height), (2 * cols + 1) * cells.shape[1] // (2 * width)
    ]
    return picked


_PATTERNS: dict[str, Callable[[Indices, Indices, int, int], NDArray[np.generic]]] = {
    "ramp-right": lambda r, c, h, w: _ramp(c, w),
    "ramp-down": lambda r, c, h, w: _ramp(r, h),
    "ramp-diagonal": lambda r, c, h, w: _ramp(r + c, h + w - 1),
    "vertical-edge": lambda r, c, h, w: BRIGHT * (2 * c < w),
    "horizontal-edge": lambda r, c, h, w: BRIGHT * (2 * r < h),
    "diagonal-edge": lambda r, c, h, w: BRIGHT * ((2 * r + 1) * w < (2 * c + 1) * h),
    "checkerboard": lambda r, c, h, w: BRIGHT * ((r + c) % 2 == 0),
    "blob": _blob,
    "border-spot": lambda r, c, h, w: BRIGHT * ((r == 0) & (c == (w - 1) // 2)),
    "cross": lambda r, c, h, w: BRIGHT * (_middle(r, h) | _middle(c, w)),
    "stripes": lambda r, c, h, w: BRIGHT * (c % 2 == 0),
    "digit": lambda r, c, h, w: _drawn(_SEVEN, r, c, h, w),
    "letter": lambda r, c, h, w: _drawn(_LETTER_A, r, c, h, w),
}

_INPUTS = [
    NamedInput("lesson", "Counting up", "Counts 0, 1, 2 and so on, row by row.", (3, 3)),
    NamedInput("ramp-right", "Ramp to the right", "Gets evenly brighter towards the right.", (7, 7)),
    NamedInput("ramp-down", "Ramp downwards", "Gets evenly brighter towards the bottom.", (7, 7)),
    NamedInput("ramp-diagonal", "Diagonal ramp", "Gets brighter to the right and downwards.", (5, 5)),
    NamedInput("vertical-edge", "Vertical edge", "Bright on the left, dark on the right.", (7, 7)),
    NamedInput("horizontal-edge", "Horizontal edge", "Bright above, dark below.", (7, 7)),
    NamedInput("diagonal-edge", "Diagonal edge", "Bright at the upper right, dark at the lower left.", (7, 7)),
    NamedInput("checkerboard", "Checkerboard", "Bright and dark by turns, across and down.", (7, 7)),
    NamedInput("blob", "Blob", "A soft bright spot in the middle.", (7, 7)),
    NamedInput("border-spot", "Spot on the border", "One bright cell in the middle of the upper edge.", (7, 7)),
    NamedInput("cross", "Cross", "A bright bar across and one down.", (7, 7)),
    NamedInput("stripes", "Stripes", "Bright and dark columns by turns, each one cell wide.", (7, 7)),
    NamedInput("digit", "A seven", "The digit 7, drawn by hand.", (7, 7)),
    NamedInput("letter", "An A", "The letter A, drawn by hand.", (7, 7)),
    *(
        NamedInput(f"photo-{sample.name}", sample.title, "A photo; its channels are red, green, blue.", (7, 7))
        for sample in SAMPLES.values()
    ),
    NamedInput("random", "Random", "Whole numbers from 0 to 9, drawn by the seed.", (7, 7)),
    NamedInput("signed", "Of either sign", "Whole numbers from −9 to 9, drawn by the seed.", (7, 7)),
]
INPUTS = {preset.name: preset for preset in _INPUTS}


def input_values(name: str, size: Size | None = None, channels: int = 1, seed: int = 0) -> Values:
    """Return an input's values, (channels, height, width), by default at its own size.

    A photo's channels are red, green and blue (and again, where more are asked for), one channel alone is its
    brightness. The lesson's count goes on from channel to channel and the random inputs draw each one; in the
    others all channels are alike. Only the random inputs use `seed`: the same seed gives the same values.

    Raises ParameterError for a name that is not in INPUTS, a size outside 1 to 32, fewer than 1 channel and
    a negative seed.
    """
    if name not in INPUTS:
        raise ParameterError("no_input", "name", name=name, listed=", ".join(INPUTS))
    height, width = size or INPUTS[name].size
    check_size((height, width))
    if channels < 1:
        raise ParameterError("channels_too_few", "channels", channels=channels)
    if seed < 0:
        raise ParameterError("negative_seed", "seed", seed=seed)
    shape = (channels, height, width)
    if name == "random":
        return drawn(seed, 0, BRIGHT, shape)
    if name.startswith("photo-"):
        planes = _photo(name.removeprefix("photo-"), (min(channels, COLOURS), height, width))
        return planes[np.arange(channels) % len(planes)]
    if name == "signed":
        return drawn(seed, -BRIGHT, BRIGHT, shape)
    if name == "lesson":
        return counting(channels * height, width).reshape(shape)
    pattern = _PATTERNS[name](np.arange(height)[:, None], np.arange(width)[None, :], height, width)
    values: Values = np.broadcast_to(pattern, shape).astype(np.float64)
    return values


@lru_cache(256)  # a few kilobytes each
def _photo(name: str, shape: tuple[int, int, int]) -> Values:
    """Return the middle of a shipped picture, reduced to a size, 0 to 9."""
    channels, height, width = shape
    pixels = sample_picture(name).pixels
    values = crop(pixels, middle(pixels, (height, width)), (height, width), channels)
    values.setflags(write=False)
    return values
