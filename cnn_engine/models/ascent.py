"""What a map likes best: a picture that climbs along the slope of the map's mean, and is kept smooth on its way."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.learned import read_map
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Cells, Off, Pass, read_off
from cnn_engine.nn.layers.base import Array

MOST_STEPS = 60
DARK, GRAIN = 0.3, 0.2  # what it begins with: this brightness, and how far pixels lie around it
STRIDE = 0.08  # by how much pixels move in a step, as the root of their mean square
JITTER = 2  # pixels that the picture is shifted by at most, each way, while the slope is taken
SOFT = 0.5  # the share of a pixel that its neighbours are mixed into before each step
FADE = 0.02  # of the way back to `DARK`, in each step
BLUR = (0.25, 0.5, 0.25)  # along rows, then along columns


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
        """The mean of the map."""
        forward = Pass(self.model, picture, self.off, upto=self.layer)
        with np.errstate(all="ignore"):
            return float(forward.outputs[self.layer][0, self.channel].mean())

    def step(self, picture: Array, shift: Array) -> Array:
        """The picture a step further."""
        smooth = (1 - SOFT) * picture + SOFT * blurred(picture)
        smooth += FADE * (DARK - smooth)
        slope = blurred(self._slope(smooth, shift))
        size = float(np.sqrt(np.mean(slope**2)))
        return np.clip(smooth + STRIDE * slope / size, 0, 1) if size > 0 else picture

    def _slope(self, picture: Array, shift: Array) -> Array:
        """The gradient of the mean of the map by a picture, taken where the picture is shifted to."""
        forward = Pass(self.model, shifted(picture, shift), self.off, upto=self.layer, backward=True)
        weights = np.zeros(forward.outputs[self.layer].shape[1:])
        weights[self.channel] = 1 / weights[self.channel].size
        return shifted(np.nan_to_num(forward.gradients(weights)[INPUT], posinf=0.0, neginf=0.0), -shift)


def shifted(picture: Array, shift: Array) -> Array:
    """A picture (1, C, H, W) shifted down and to the right, round its edges; a row of features as it is."""
    return np.roll(picture, tuple(shift), (2, 3)) if picture.ndim == 4 else picture


def blurred(picture: Array) -> Array:
    """Each pixel of (1, C, H, W) mixed with its neighbours by `BLUR`, the border repeated; features as they are."""
    for axis in range(2, picture.ndim):
        around = [(int(axis == one),) * 2 for one in range(picture.ndim)]
        wide, size = np.pad(picture, around, mode="edge"), picture.shape[axis]
        parts = (share * np.take(wide, range(at, at + size), axis) for at, share in enumerate(BLUR))
        picture = np.add.reduce(list(parts))
    return picture
