"""What the layers have learned: which pictures excite a map, and which lie near one another; and what a map likes best.

That is a picture that climbs along the slope of the map's mean, and is kept smooth on its way.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ShapeError, shape_text
from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Cells, Off, Pass, most_at_once, read_layer, read_off, read_sample
from cnn_engine.models.reach import Box, seen_by
from cnn_engine.nn.layers.base import Array

MOST_STEPS = 60
DARK, GRAIN = 0.3, 0.2  # what it begins with: this brightness, and how far pixels lie around it
STRIDE = 0.08  # by how much pixels move in a step, as the root of their mean square
JITTER = 2  # pixels that the picture is shifted by at most, each way, while the slope is taken
SOFT = 0.5  # the share of a pixel that its neighbours are mixed into before each step
FADE = 0.02  # of the way back to `DARK`, in each step
BLUR = (0.25, 0.5, 0.25)  # along rows, then along columns


class Excited(NamedTuple):
    """A picture that excites a map: the largest value of the map, in which cell, and what of the input that sees.

    `cell` is (channel, row, column) or (feature,); `box` has the first and the last index along each axis of the input.
    """

    sample: int
    value: float
    cell: tuple[int, ...]
    box: Box


class Near(NamedTuple):
    """A picture, and how far what a layer makes of it lies from what it makes of another: the Euclidean distance."""

    sample: int
    distance: float


def exciting(
    model: Model, pictures: Array, layer: int, channel: int, count: int = 9, *, off: Off = ()
) -> list[Excited]:
    """Return so many pictures of (N, ...) that excite a map the most, the most first: of equal ones the first."""
    number, which = read_map(model, layer, channel)
    maps = np.concatenate([given[:, which].copy() for given in outputs_of(model, pictures, number, off)])
    flat = np.nan_to_num(maps.reshape(len(maps), -1), nan=-np.inf)
    best = flat.argmax(axis=1)
    values = flat[np.arange(len(flat)), best]
    chosen = np.argsort(-values, kind="stable")[: whole(count, "count", 1)]
    cells = [(which, *map(int, np.unravel_index(best[sample], maps.shape[1:]))) for sample in chosen]
    boxes = seen_by(model, number, cells)
    return [
        Excited(int(sample), float(values[sample]), cell, box)
        for sample, cell, box in zip(chosen, cells, boxes, strict=True)
    ]


def nearest(
    model: Model, input: ArrayLike, pictures: Array, layer: int, count: int = 9, *, off: Off = ()
) -> list[Near]:
    """Return so many of which a layer makes what is most like what it makes of one sample, the nearest first."""
    sample, number = read_sample(model, input), read_layer(model, layer)
    own = Pass(model, sample, read_off(model, off), upto=number).outputs[number]
    with np.errstate(all="ignore"):
        others = outputs_of(model, pictures, number, off)
        apart = [((given - own) ** 2).reshape(len(given), -1).sum(axis=1) for given in others]
        distances = np.nan_to_num(np.sqrt(np.concatenate(apart)), nan=np.inf)
    chosen = np.argsort(distances, kind="stable")[: whole(count, "count", 1)]
    return [Near(int(index), float(distances[index])) for index in chosen]


def outputs_of(model: Model, pictures: Array, layer: int, off: Off = ()) -> Iterator[Array]:
    """Yield what a layer makes of pictures (N, ...), some at a time, each part in a pass of its own.

    Raises:
        ShapeError: there are none, or they are not as the model takes them.
    """
    if pictures.shape[1:] != model.input_shape or not len(pictures):
        shape, expected = shape_text(pictures.shape[1:]), shape_text(model.input_shape)
        raise ShapeError("sample_of_another_shape", "pictures", shape=shape, expected=expected)
    most, silent = most_at_once(model), read_off(model, off)
    for start in range(0, len(pictures), most):
        yield Pass(model, pictures[start : start + most].astype(np.float64), silent, upto=layer).outputs[layer]


def logits_of(model: Model, pictures: Array) -> Array:
    """Return the logits (N, classes) of pictures (N, ...)."""
    return np.concatenate(list(outputs_of(model, pictures, len(model.layers) - 1))).reshape(len(pictures), -1)


def read_map(model: Model, layer: int, channel: int) -> tuple[int, int]:
    """Return the number of a layer and that of one of its maps.

    Raises:
        ParameterError: there is none.
    """
    number = read_layer(model, layer)
    return number, whole_in(channel, "channel", 0, model.layers[number].output_shape[0] - 1)


# ---- what a map likes best


class Favourite(NamedTuple):
    """A gradient ascent: the picture at each step (steps + 1, ...), and the mean of the map that it gives."""

    pictures: Array
    values: Array


def favourite(model: Model, layer: int, channel: int, *, steps: int = 20, seed: int = 0, off: Off = ()) -> Favourite:
    """Return how a picture becomes what a map likes: gradient ascent on the mean of the map (Erhan et al. 2009).

    It begins dark grey with noise. A slope alone leads to patterns of single pixels, and along the border to frames
    that come from the padding; so in each step the picture is softened with its neighbours and fades a little
    (Yosinski et al. 2015), the slope is taken of the picture shifted by some pixels, round its edges (Mordvintsev et
    al. 2015), and softened as well. Then all pixels move along it together by `STRIDE` (the root of the mean square),
    and stay between 0 and 1. A row of features has no neighbours: it only fades. Where there is no slope, as behind a
    closed ReLU, nothing moves. There are `MOST_STEPS` at most; `seed` is that of the noise and the shifts.
    """
    number, which = read_map(model, layer, channel)
    many = whole_in(steps, "steps", 1, MOST_STEPS)
    climb = _Climb(model, number, which, read_off(model, off))
    random = np.random.default_rng(whole(seed, "seed", 0))
    picture = np.clip(DARK + GRAIN * random.standard_normal((1, *model.input_shape)), 0, 1)
    pictures = [picture]
    for _ in range(many):
        picture = climb.step(picture, random.integers(-JITTER, JITTER + 1, 2))
        pictures.append(picture)
    return Favourite(np.concatenate(pictures), np.array([climb.mean(one) for one in pictures]))


class _Climb(NamedTuple):
    """The mean of which map is climbed."""

    model: Model
    layer: int
    channel: int
    off: dict[int, list[Cells]]

    def mean(self, picture: Array) -> float:
        """Return the mean of the map."""
        forward = Pass(self.model, picture, self.off, upto=self.layer)
        with np.errstate(all="ignore"):
            return float(forward.outputs[self.layer][0, self.channel].mean())

    def step(self, picture: Array, shift: Array) -> Array:
        """Return the picture a step further."""
        smooth = (1 - SOFT) * picture + SOFT * blurred(picture)
        smooth += FADE * (DARK - smooth)
        slope = blurred(self._slope(smooth, shift))
        size = float(np.sqrt(np.mean(slope**2)))
        return np.clip(smooth + STRIDE * slope / size, 0, 1) if size > 0 else picture

    def _slope(self, picture: Array, shift: Array) -> Array:
        """Return the gradient of the mean of the map by a picture, taken where the picture is shifted to."""
        forward = Pass(self.model, shifted(picture, shift), self.off, upto=self.layer, backward=True)
        weights = np.zeros(forward.outputs[self.layer].shape[1:])
        weights[self.channel] = 1 / weights[self.channel].size
        return shifted(np.nan_to_num(forward.gradients(weights)[INPUT], posinf=0.0, neginf=0.0), -shift)


def shifted(picture: Array, shift: Array) -> Array:
    """Return a picture (1, C, H, W) shifted down and to the right, round its edges; a row of features as it is."""
    return np.roll(picture, tuple(shift), (2, 3)) if picture.ndim == 4 else picture


def blurred(picture: Array) -> Array:
    """Return (1, C, H, W), each pixel mixed with its neighbours by `BLUR`, the border repeated; or features as is."""
    for axis in range(2, picture.ndim):
        around = [(int(axis == one),) * 2 for one in range(picture.ndim)]
        wide, size = np.pad(picture, around, mode="edge"), picture.shape[axis]
        parts = (share * np.take(wide, range(at, at + size), axis) for at, share in enumerate(BLUR))
        picture = np.add.reduce(list(parts))
    return picture
