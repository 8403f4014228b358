"""Kernels and inputs by name, small enough to read and at any size from 1 to 32.

Inputs hold whole numbers from 0 (dark) to 9 (bright), and kernels whole numbers or fractions over a power of
two wherever their definition allows, so that the arithmetic of a lesson prints exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.crops import BRIGHT, crop, middle
from cnn_engine.data.images import SAMPLES, sample_picture
from cnn_engine.errors import ParameterError

Values = NDArray[np.float64]
Size = tuple[int, int]

MAX_SIZE = 32


@dataclass(frozen=True, eq=False)
class Kernel:
    """A kernel by name: what it finds in a sentence, and its values (height, width) at its own size.

    `group` is the kind of thing that it finds, and `shows` the input, by name, on which it finds something.
    """

    name: str
    title: str
    finds: str
    values: Values
    group: str
    shows: str


@dataclass(frozen=True)
class InputPreset:
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


# ---- kernels


def _counting(height: int, width: int) -> Values:
    return np.arange(height * width, dtype=np.float64).reshape(height, width)


def _identity(height: int, width: int) -> Values:
    values = np.zeros((height, width))
    values[(height - 1) // 2, (width - 1) // 2] = 1.0
    return values


def _box(height: int, width: int) -> Values:
    return np.full((height, width), 1.0 / (height * width))


def _gaussian(height: int, width: int) -> Values:
    """Binomial coefficients down and across, over their sum: a power of two, so every weight is exact."""
    down, across = ([comb(size - 1, k) / 2 ** (size - 1) for k in range(size)] for size in (height, width))
    return np.outer(down, across)


_AT_ANY_SIZE: dict[str, Callable[[int, int], Values]] = {
    "identity": _identity,
    "box-blur": _box,
    "gaussian-blur": _gaussian,
    "lesson": _counting,
}

_KERNELS: list[tuple[str, str, str, Values | Sequence[Sequence[int]]]] = [
    ("identity", "Identity", "Nothing: it copies the value in the middle.", _identity(3, 3)),
    (
        "vertical-edge",
        "Vertical edge",
        "Vertical edges: positive where the left side is brighter, negative where the right side is.",
        [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    ),
    (
        "horizontal-edge",
        "Horizontal edge",
        "Horizontal edges: positive where the upper side is brighter, negative where the lower side is.",
        [[1, 2, 1], [0, 0, 0], [-1, -2, -1]],
    ),
    (
        "diagonal-edge-down",
        "Diagonal edge, falling",
        "Edges that fall towards the right: positive where the upper right side is brighter.",
        [[0, 1, 2], [-1, 0, 1], [-2, -1, 0]],
    ),
    (
        "diagonal-edge-up",
        "Diagonal edge, rising",
        "Edges that rise towards the right: positive where the upper left side is brighter.",
        [[2, 1, 0], [1, 0, -1], [0, -1, -2]],
    ),
    (
        "corners",
        "Corners",
        "Corners and single points; straight edges, vertical or horizontal, leave nothing.",
        [[1, -2, 1], [-2, 4, -2], [1, -2, 1]],
    ),
    (
        "outline",
        "Outline",
        "Outlines in every direction: how much brighter a value is than the eight around it.",
        [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
    ),
    (
        "laplacian",
        "Laplacian",
        "Dips and rims: how much darker a value is than its four neighbours.",
        [[0, 1, 0], [1, -4, 1], [0, 1, 0]],
    ),
    ("box-blur", "Box blur", "No detail: it gives the mean of the window, every value alike.", _box(3, 3)),
    (
        "gaussian-blur",
        "Gaussian blur",
        "No detail: it gives a mean of the window in which the middle counts most.",
        _gaussian(3, 3),
    ),
    (
        "sharpen",
        "Sharpen",
        "The picture again, with every difference between neighbours made stronger.",
        [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    ),
    (
        "emboss",
        "Emboss",
        "Relief: the picture as if lit from the lower right, with its edges raised.",
        [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    ),
    (
        "line-horizontal",
        "Horizontal line",
        "Thin horizontal lines that are brighter than what is above and below them.",
        [[-1, -1, -1], [2, 2, 2], [-1, -1, -1]],
    ),
    (
        "line-vertical",
        "Vertical line",
        "Thin vertical lines that are brighter than what is left and right of them.",
        [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]],
    ),
    (
        "line-diagonal",
        "Diagonal line",
        "Thin bright lines that fall towards the right.",
        [[2, -1, -1], [-1, 2, -1], [-1, -1, 2]],
    ),
    (
        "spots",
        "Spots",
        "Bright spots one or two cells wide, as in speckled or grainy texture.",
        [[0, 0, -1, 0, 0], [0, -1, -2, -1, 0], [-1, -2, 16, -2, -1], [0, -1, -2, -1, 0], [0, 0, -1, 0, 0]],
    ),
    (
        "checker",
        "Checker",
        "Woven texture: cells that are bright and dark by turns, both across and down.",
        [[1, -1, 1, -1], [-1, 1, -1, 1], [1, -1, 1, -1], [-1, 1, -1, 1]],
    ),
    (
        "lesson",
        "The lesson's",
        "Nothing in particular: it counts 0, 1, 2, 3, so that every product can be checked in your head.",
        _counting(2, 2),
    ),
]


def _kernel(name: str, title: str, finds: str, values: Values | Sequence[Sequence[int]]) -> Kernel:
    array = np.array(values, np.float64)
    array.setflags(write=False)
    return Kernel(name, title, finds, array, *_KINDS[name])


_GROUPS = {
    "Edges": {
        "vertical-edge": "vertical-edge",
        "horizontal-edge": "horizontal-edge",
        "diagonal-edge-down": "diagonal-edge",
        "diagonal-edge-up": "letter",
    },
    "Lines": {"line-vertical": "stripes", "line-horizontal": "cross", "line-diagonal": "letter"},
    "Corners, spots, texture": {"corners": "cross", "spots": "letter", "checker": "checkerboard"},
    "Outlines": {"outline": "digit", "laplacian": "digit", "emboss": "letter"},
    "Blur and sharpen": {"box-blur": "letter", "gaussian-blur": "letter", "sharpen": "blob"},
    "To follow by hand": {"identity": "blob", "lesson": "lesson"},
}
_KINDS = {name: (group, shows) for group, row in _GROUPS.items() for name, shows in row.items()}

KERNELS = {entry[0]: _kernel(*entry) for entry in _KERNELS}


def kernel_values(name: str, size: Size | None = None) -> Values:
    """A kernel's values, (height, width): at its own size, or at another.

    The identity, both blurs and the lesson's are defined at every size; any other kernel stands in the middle
    of a larger size among zeros, and a smaller size is cut out of its middle.

    Raises ParameterError for a name that is not in KERNELS and a size outside 1 to 32.
    """
    if name not in KERNELS:
        raise ParameterError("no_kernel", "name", name=name, listed=", ".join(KERNELS))
    values = KERNELS[name].values
    if size is None or tuple(size) == values.shape:
        return values.copy()
    _check_size(size)
    return _AT_ANY_SIZE[name](*size) if name in _AT_ANY_SIZE else _centred(values, size)


def random_filters(filters: int, channels: int, size: Size, seed: int = 0) -> Values:
    """Whole numbers from -2 to 2 drawn by `seed`, (filters, channels, height, width)."""
    _check_size(size)
    shape = (filters, channels, *size)
    drawn = np.random.default_rng(seed).integers(-_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, shape, endpoint=True)
    return drawn.astype(np.float64)


def _centred(values: Values, size: Size) -> Values:
    result = np.zeros(size)
    to, source = zip(*(_overlap(new, old) for new, old in zip(size, values.shape, strict=True)), strict=True)
    result[to] = values[source]
    return result


def _overlap(new: int, old: int) -> tuple[slice, slice]:
    """The cells that an axis of `new` and a centred one of `old` cells share, counted in each."""
    count, to, source = min(new, old), max(new - old, 0) // 2, max(old - new, 0) // 2
    return slice(to, to + count), slice(source, source + count)


# ---- inputs: each pattern is a function of (rows, columns, height, width) that gives one channel

Indices = NDArray[np.int64]

_SEVEN = ("0000000", "0999990", "0333990", "0000960", "0003930", "0009300", "0000000")
_LETTER_A = ("0009000", "0049400", "0090900", "0490940", "0999990", "4900094", "9000009")


def _ramp(index: Indices, count: int) -> Indices:
    """One more in each cell where 0 to 9 is enough for that, else spread evenly from 0 to 9."""
    return index if count <= BRIGHT + 1 else index * BRIGHT // (count - 1)


def _blob(rows: Indices, cols: Indices, height: int, width: int) -> Values:
    """A Gaussian bump exp(-d²/4), d being the distance from the middle in sevenths of the size."""
    down, across = (rows - (height - 1) / 2) * 7 / height, (cols - (width - 1) / 2) * 7 / width
    bump = np.exp(-(down**2 + across**2) / 4)
    values: Values = np.rint(BRIGHT * bump / bump.max())
    return values


def _middle(index: Indices, size: int) -> NDArray[np.bool_]:
    """Whether a row or column belongs to a bar in the middle, a seventh of the size wide."""
    middle: NDArray[np.bool_] = np.abs(index - (size - 1) / 2) <= max(0.5, size / 14)
    return middle


def _drawn(bitmap: Sequence[str], rows: Indices, cols: Indices, height: int, width: int) -> Values:
    """A bitmap at another size: each cell takes the bitmap's cell under its centre."""
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
    "cross": lambda r, c, h, w: BRIGHT * (_middle(r, h) | _middle(c, w)),
    "stripes": lambda r, c, h, w: BRIGHT * (c % 2 == 0),
    "digit": lambda r, c, h, w: _drawn(_SEVEN, r, c, h, w),
    "letter": lambda r, c, h, w: _drawn(_LETTER_A, r, c, h, w),
}

_INPUTS = [
    InputPreset("lesson", "The lesson's", "Counts 0, 1, 2 and so on, row by row.", (3, 3)),
    InputPreset("ramp-right", "Ramp to the right", "Gets evenly brighter towards the right.", (7, 7)),
    InputPreset("ramp-down", "Ramp downwards", "Gets evenly brighter towards the bottom.", (7, 7)),
    InputPreset("ramp-diagonal", "Diagonal ramp", "Gets brighter to the right and downwards.", (5, 5)),
    InputPreset("vertical-edge", "Vertical edge", "Bright on the left, dark on the right.", (7, 7)),
    InputPreset("horizontal-edge", "Horizontal edge", "Bright above, dark below.", (7, 7)),
    InputPreset("diagonal-edge", "Diagonal edge", "Bright at the upper right, dark at the lower left.", (7, 7)),
    InputPreset("checkerboard", "Checkerboard", "Bright and dark by turns, across and down.", (7, 7)),
    InputPreset("blob", "Blob", "A soft bright spot in the middle.", (7, 7)),
    InputPreset("cross", "Cross", "A bright bar across and one down.", (7, 7)),
    InputPreset("stripes", "Stripes", "Bright and dark columns by turns, each one cell wide.", (7, 7)),
    InputPreset("digit", "A seven", "The digit 7, drawn by hand.", (7, 7)),
    InputPreset("letter", "An A", "The letter A, drawn by hand.", (7, 7)),
    *(
        InputPreset(f"photo-{sample.name}", sample.title, "A photo; its channels are red, green, blue.", (7, 7))
        for sample in SAMPLES.values()
    ),
    InputPreset("random", "Random", "Whole numbers from 0 to 9, drawn by the seed.", (7, 7)),
    InputPreset("signed", "Of either sign", "Whole numbers from −9 to 9, drawn by the seed.", (7, 7)),
]
INPUTS = {preset.name: preset for preset in _INPUTS}


def input_values(name: str, size: Size | None = None, channels: int = 1, seed: int = 0) -> Values:
    """An input's values, (channels, height, width), by default at its own size.

    A photo's channels are red, green and blue (and again, where more are asked for), one channel alone is its
    brightness. The lesson's count goes on from channel to channel and the random inputs draw each one; in the
    others all channels are alike. Only the random inputs use `seed`: the same seed gives the same values.

    Raises ParameterError for a name that is not in INPUTS, a size outside 1 to 32, fewer than 1 channel and
    a negative seed.
    """
    if name not in INPUTS:
        raise ParameterError("no_input", "name", name=name, listed=", ".join(INPUTS))
    height, width = size or INPUTS[name].size
    _check_size((height, width))
    if channels < 1:
        raise ParameterError("channels_too_few", "channels", channels=channels)
    if seed < 0:
        raise ParameterError("negative_seed", "seed", seed=seed)
    shape = (channels, height, width)
    if name == "random":
        return np.random.default_rng(seed).integers(0, BRIGHT, shape, endpoint=True).astype(np.float64)
    if name.startswith("photo-"):
        return _photo(name.removeprefix("photo-"), shape).copy()
    if name == "signed":
        return np.random.default_rng(seed).integers(-BRIGHT, BRIGHT, shape, endpoint=True).astype(np.float64)
    if name == "lesson":
        return _counting(channels * height, width).reshape(shape)
    pattern = _PATTERNS[name](np.arange(height)[:, None], np.arange(width)[None, :], height, width)
    values: Values = np.broadcast_to(pattern, shape).astype(np.float64)
    return values


@cache
def _photo(name: str, shape: tuple[int, int, int]) -> Values:
    """The middle of a shipped picture, reduced to a size, 0 to 9."""
    channels, height, width = shape
    pixels = sample_picture(name).pixels
    values = crop(pixels, middle(pixels, (height, width)), (height, width), channels)
    values.setflags(write=False)
    return values


WEIGHTS = ("random", "identity", "mean")
_STRONGEST_WEIGHT = 2


def weight_values(name: str, size: Size, seed: int = 0) -> Values:
    """The weights of a dense layer by name, (outputs, inputs).

    "random" draws whole numbers from -2 to 2 by `seed`, "identity" hands inputs on, "mean" gives every output the
    mean of the inputs.

    Raises ParameterError for a name that is not in WEIGHTS and a size outside 1 to 32.
    """
    if name not in WEIGHTS:
        raise ParameterError("no_weights", "name", name=name, listed=", ".join(WEIGHTS))
    _check_size(size)
    outputs, inputs = size
    if name == "identity":
        return np.eye(outputs, inputs)
    if name == "mean":
        return np.full((outputs, inputs), 1.0 / inputs)
    drawn = np.random.default_rng(seed).integers(-_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, size, endpoint=True)
    return drawn.astype(np.float64)


GRADIENTS = ("ones", "one", "random")


def gradient_values(name: str, shape: Sequence[int], seed: int = 0) -> Values:
    """The gradient of an output by name, in the output's shape.

    "ones" says that the loss is the sum of all outputs, "one" that it is the middle one alone, of the first channel;
    "random" draws whole numbers from -2 to 2 by `seed`.

    Raises ParameterError for a name that is not in GRADIENTS.
    """
    if name not in GRADIENTS:
        raise ParameterError("no_gradient", "name", name=name, listed=", ".join(GRADIENTS))
    if name == "random":
        drawn = np.random.default_rng(seed).integers(-_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, shape, endpoint=True)
        return drawn.astype(np.float64)
    if name == "ones":
        return np.ones(shape)
    values, middle_cell = np.zeros(shape), [(side - 1) // 2 for side in shape]
    if len(shape) > 2:
        middle_cell[0] = 0
    values[tuple(middle_cell)] = 1
    return values


def _check_size(size: Size) -> None:
    if not all(1 <= side <= MAX_SIZE for side in size):
        height, width = size
        raise ParameterError("size_out_of_range", "size", height=height, width=width)
