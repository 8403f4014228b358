"""Kernels by name, small enough to read and at any size from 1 to 32; inputs and weights have the same sizes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError

Values = NDArray[np.float64]
Size = tuple[int, int]

MAX_SIZE = 32


def check_size(size: Size) -> None:
    """Refuse a size outside 1 to 32."""
    if not all(1 <= side <= MAX_SIZE for side in size):
        height, width = size
        raise ParameterError("size_out_of_range", "size", height=height, width=width)


def drawn(seed: int, low: int, high: int, shape: Sequence[int]) -> Values:
    """Return whole numbers from `low` to `high`, drawn by the seed."""
    return np.random.default_rng(seed).integers(low, high, shape, endpoint=True).astype(np.float64)


def counting(height: int, width: int) -> Values:
    """Return 0, 1, 2 and so on, row by row."""
    return np.arange(height * width, dtype=np.float64).reshape(height, width)


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


def _identity(height: int, width: int) -> Values:
    values = np.zeros((height, width))
    values[(height - 1) // 2, (width - 1) // 2] = 1.0
    return values


def _box(height: int, width: int) -> Values:
    return np.full((height, width), 1.0 / (height * width))


def _gaussian(height: int, width: int) -> Values:
    """Return binomial coefficients down and across, over their sum: a power of two, so every weight is exact."""
    down, across = ([comb(size - 1, k) / 2 ** (size - 1) for k in range(size)] for size in (height, width))
    return np.outer(down, across)


_AT_ANY_SIZE: dict[str, Callable[[int, int], Values]] = {
    "identity": _identity,
    "box-blur": _box,
    "gaussian-blur": _gaussian,
    "lesson": counting,
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
        "Counting up",
        "Nothing in particular: it counts 0, 1, 2, 3, so that every product can be checked in your head.",
        counting(2, 2),
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
    """Return a kernel's values, (height, width): at its own size, or at another.

    The identity, both blurs and the lesson's are defined at every size; any other kernel stands in the middle
    of a larger size among zeros, and a smaller size is cut out of its middle.

    Raises ParameterError for a name that is not in KERNELS and a size outside 1 to 32.
    """
    if name not in KERNELS:
        raise ParameterError("no_kernel", "name", name=name, listed=", ".join(KERNELS))
    values = KERNELS[name].values
    if size is None or tuple(size) == values.shape:
        return values.copy()
    check_size(size)
    return _AT_ANY_SIZE[name](*size) if name in _AT_ANY_SIZE else _centred(values, size)


def _centred(values: Values, size: Size) -> Values:
    result = np.zeros(size)
    to, source = zip(*(_overlap(new, old) for new, old in zip(size, values.shape, strict=True)), strict=True)
    result[to] = values[source]
    return result


def _overlap(new: int, old: int) -> tuple[slice, slice]:
    """Return the cells that an axis of `new` and a centred one of `old` cells share, counted in each."""
    count, to, source = min(new, old), max(new - old, 0) // 2, max(old - new, 0) // 2
    return slice(to, to + count), slice(source, source + count)
