"""Augmentation: each batch a little different every time that it is seen, so that there is more to learn from.

    augment = Augmentation(shift=0.1, rotate=10, noise=0.05)
    for event in fit(trainer, data.train, epochs=15, augment=augment):
        ...

The labels stay as they are, which is right only while the pictures still show the same: a 6 turned by 180° is a 9, and
the angle of an edge is no longer what it was after any turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.options import call, one_of, read
from cnn_engine.parameters import Accepts

Array = NDArray[Any]

Fill = Literal["zero", "edge"]
FILLS = get_args(Fill)
AT_ONCE = 8_192  # pixels looked up together: temporaries stay in a core's cache


@dataclass(frozen=True)
class Augmentation:
    """What may happen to a picture, each drawn evenly for each picture of a batch.

    Args:
        shift: by up to this share of the width to either side, and of the height up or down; 0 up to 1.
        rotate: by up to so many degrees to either side; 0 to 180.
        scale: to between 1 − scale and 1 + scale times the size; 0 up to 1.
        noise: the standard deviation of what is added to every value, 0 to 1. Nothing is cut off at 0 or 1.
        fill: what comes in from outside: "zero", black, or "edge", the nearest pixel of the picture.

    Raises:
        ParameterError: naming the option and the rule that it broke.
    """

    shift: Annotated[float, Accepts("number", minimum=0, below=1, title="shift")] = 0.0
    rotate: Annotated[float, Accepts("number", minimum=0, maximum=180, title="turn")] = 0.0
    scale: Annotated[float, Accepts("number", minimum=0, below=1, title="scale")] = 0.0
    noise: Annotated[float, Accepts("number", minimum=0, maximum=1, title="noise")] = 0.0
    fill: Fill = "zero"

    def __post_init__(self) -> None:
        read(Augmentation.__init__, vars(self))

    choices: ClassVar = (
        Choice(
            "Augmentation",
            "Each batch is shifted, turned, scaled and made noisy anew: shares of the width, degrees, shares of the "
            "size.",
            {"shift": 0.1, "rotate": 15, "scale": 0.15, "noise": 0.05},
        ),
    )

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Augmentation:
        """Return the augmentation that `options` gave."""
        if not isinstance(options, Mapping):
            raise ParameterError("augmentation_not_options", "augmentation", options=options)
        return call(cls, "augmentation", options)

    def options(self) -> dict[str, Any]:
        """Return all of it as plain values, for storing."""
        return asdict(self)

    def __call__(self, x: Array, random: np.random.Generator) -> Array:
        """Return another batch (N, C, H, W); the same `random` gives the same one. Whole numbers become float32."""
        x = _pictures(x)
        return self._noisy(self._moved(x, 2 * random.random((4, len(x))) - 1), random)

    def of_one(self, x: Array, index: int, count: int, random: np.random.Generator) -> Array:
        """Return picture `index` of a batch of `count`, itself (1, C, H, W), as it is among the others."""
        x = _pictures(x)
        x = self._moved(x, (2 * random.random((4, count)) - 1)[:, index : index + 1])
        before = index * x.size if self.noise else 0
        for start in range(0, before, AT_ONCE):
            random.standard_normal(min(AT_ONCE, before - start), np.float32)  # the noise of those before it
        return self._noisy(x, random)

    def _moved(self, x: Array, chances: Array) -> Array:
        """Return pictures shifted, turned and scaled by chances (4, N) between -1 and 1."""
        if not (self.shift or self.rotate or self.scale):
            return x
        return warp(
            x,
            turn=self.rotate * chances[0],
            zoom=1 + self.scale * chances[1],
            right=self.shift * x.shape[3] * chances[2],
            down=self.shift * x.shape[2] * chances[3],
            fill=self.fill,
        )

    def _noisy(self, x: Array, random: np.random.Generator) -> Array:
        if not self.noise:
            return x
        grain = random.standard_normal(x.shape, np.float32)
        grain *= float(self.noise)
        noisy: Array = x + grain
        return noisy


def warp(
    x: Array,
    *,
    turn: ArrayLike = 0.0,
    zoom: ArrayLike = 1.0,
    right: ArrayLike = 0.0,
    down: ArrayLike = 0.0,
    fill: str = "zero",
) -> Array:
    """Return pictures (N, C, H, W) enlarged and turned about their middle, then shifted.

    Every pixel looks up where it came from and takes the mean of the four pixels around that place, each weighted by
    how near it is (bilinear interpolation). A reduced picture is not blurred first.

    Args:
        x: the pictures; whole numbers become float32.
        turn: degrees, counterclockwise as seen; one number, or one for each picture.
        zoom: factors above 0; 2 is twice as large.
        right: pixels, to the left where it is less than 0.
        down: pixels, up where it is less than 0.
        fill: what comes in from outside: "zero", or "edge" for the nearest pixel.

    Raises:
        ParameterError, ShapeError: numbers that are not finite or not one for each picture, factors of 0 or less.
    """
    pictures = _pictures(x)
    one_of(fill, "fill", FILLS)
    coordinates = _Coordinates(pictures, turn, zoom, right, down)
    warped = np.empty_like(pictures, order="C")
    step = max(1, AT_ONCE // pictures[0, 0].size)
    for start in range(0, len(pictures), step):
        block = slice(start, start + step)
        _look_up(pictures[block], *coordinates.of(block), fill, warped[block])
    return warped


def _pictures(x: Array) -> Array:
    if x.ndim != 4 or not x.size:
        raise ShapeError("not_pictures", "x", shape=x.shape)
    return x if x.dtype.kind == "f" else x.astype(np.float32)


class _Coordinates:
    """Where the pixels of each picture come from: p = M (q − middle − shift) + middle, M undoing turn and zoom."""

    def __init__(self, x: Array, turn: ArrayLike, zoom: ArrayLike, right: ArrayLike, down: ArrayLike) -> None:
        count, _, height, width = x.shape
        angle, factor = np.deg2rad(_each(turn, "turn", count)), _each(zoom, "zoom", count)
        to_right, to_down = _each(right, "right", count), _each(down, "down", count)
        if factor.min() <= 0:
            raise ParameterError("zoom_not_positive", "zoom", factor=factor.min())
        self._cosine, self._sine = (function(angle)[:, None] / factor[:, None] for function in (np.cos, np.sin))
        self._cols = np.arange(width) - (width - 1) / 2 - to_right[:, None]
        self._rows = np.arange(height) - (height - 1) / 2 - to_down[:, None]
        self._middle = (height - 1) / 2, (width - 1) / 2
        self._dtype = x.dtype

    def of(self, block: slice) -> tuple[Array, Array]:
        """Return rows and columns in the original, (n, H, W) each."""
        cosine, sine, rows, cols = self._cosine[block], self._sine[block], self._rows[block], self._cols[block]
        return (
            self._sum(cosine * rows + self._middle[0], sine * cols),
            self._sum(-sine * rows + self._middle[1], cosine * cols),
        )

    def _sum(self, by_row: Array, by_col: Array) -> Array:
        total: Array = by_row.astype(self._dtype)[:, :, None] + by_col.astype(self._dtype)[:, None, :]
        return total


def _each(value: ArrayLike, name: str, count: int) -> Array:
    """Return a number for each picture."""
    values = np.asarray(value, np.float64)
    if values.shape not in {(), (count,)}:
        raise ShapeError("not_one_for_each", name, name=name, shape=values.shape, count=count)
    if not np.isfinite(values).all():
        raise ParameterError("not_finite_values", name, name=name)
    return np.broadcast_to(values, (count,))


def _look_up(x: Array, rows: Array, cols: Array, fill: str, out: Array) -> None:
    """Look up the pictures' values at these rows and columns, between pixels by the four around."""
    count, channels, height, width = x.shape
    rim = 1 if fill == "zero" else 0  # one pixel of nothing around, and one more at the end to look beyond it
    padded = np.zeros((count, channels, height + 1 + 2 * rim, width + 1 + 2 * rim), x.dtype)
    padded[:, :, rim : rim + height, rim : rim + width] = x
    down, low_row = _between(rows, rim, height - 1 + 2 * rim)
    right, low_col = _between(cols, rim, width - 1 + 2 * rim)
    low_row *= padded.shape[3]
    low_row += low_col
    plane = padded.shape[2] * padded.shape[3]
    where = low_row[:, None] + (np.arange(count * channels) * plane).reshape(count, channels, 1, 1)
    flat = padded.reshape(-1)
    upper = _mix(flat, where, right)
    lower = _mix(flat[padded.shape[3] :], where, right)
    lower -= upper
    lower *= down
    np.add(upper, lower, out=out)


def _between(coordinates: Array, rim: int, last: int) -> tuple[Array, Array]:
    """Return (how far beyond the pixel before, that pixel), within 0 to `last` once the rim is counted."""
    coordinates += rim
    np.clip(coordinates, 0, last, out=coordinates)
    before = coordinates.astype(np.intp)
    coordinates -= before
    return coordinates[:, None], before


def _mix(flat: Array, where: Array, share: Array) -> Array:
    first = flat.take(where, mode="clip")
    second = flat[1:].take(where, mode="clip")  # beyond the last there is nothing, and none of it is taken
    second -= first
    second *= share
    second += first
    return second
