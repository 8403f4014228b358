"""What the layers have learned: which pictures excite a map, which lie near one another, and what a map likes best."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ShapeError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Off, Pass, most_at_once, read_layer, read_off, read_sample
from cnn_engine.models.reach import Box, seen_by
from cnn_engine.nn.errors import shape_text
from cnn_engine.nn.layers.base import Array

MOST_STEPS = 60  # of a gradient ascent
GREY, GRAIN = 0.5, 0.05  # what it begins with: this brightness, and how far pixels lie around it
STRIDE = 0.05  # by how much pixels move in a step, as the root of their mean square


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


class Favourite(NamedTuple):
    """A gradient ascent: the picture at each step (steps + 1, ...), and the mean of the map that it gives."""

    pictures: Array
    values: Array


def exciting(
    model: Model, pictures: Array, layer: int, channel: int, count: int = 9, *, off: Off = ()
) -> list[Excited]:
    """Return the pictures of (N, ...) that excite a map the most, the most first: of equal ones the first.

    Args:
        model: a `Model`.
        pictures: as the model takes them.
        layer: the layer's number, from 0.
        channel: which of its maps, or of its features, from 0.
        count: how many.
        off: channels that give 0, as for `answer`.

    Raises:
        ShapeError, ParameterError: naming the argument at fault.
    """
    number, which = _read_map(model, layer, channel)
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
    """Return the pictures of (N, ...) of which a layer makes what is most like what it makes of one, the nearest first.

    `off` are channels that give 0, as for `answer`.

    Raises:
        ShapeError, ParameterError: naming the argument at fault.
    """
    sample, number = read_sample(model, input), read_layer(model, layer)
    own = Pass(model, sample, read_off(model, off), upto=number).outputs[number]
    with np.errstate(all="ignore"):
        others = outputs_of(model, pictures, number, off)
        apart = [((given - own) ** 2).reshape(len(given), -1).sum(axis=1) for given in others]
        distances = np.nan_to_num(np.sqrt(np.concatenate(apart)), nan=np.inf)
    chosen = np.argsort(distances, kind="stable")[: whole(count, "count", 1)]
    return [Near(int(index), float(distances[index])) for index in chosen]


def favourite(model: Model, layer: int, channel: int, *, steps: int = 20, seed: int = 0, off: Off = ()) -> Favourite:
    """Return how a picture becomes what a map likes: gradient ascent on the mean of the map (Erhan et al. 2009).

    It begins grey with a little noise. In each step every pixel moves along its slope, all of them together by `STRIDE`
    (the root of the mean square), and stays between 0 and 1. Where there is no slope, as behind a closed ReLU, nothing
    moves. `off` are channels that give 0, as for `answer`.

    Raises:
        ParameterError: naming the argument at fault.
    """
    number, which = _read_map(model, layer, channel)
    silent = read_off(model, off)
    many = whole_in(steps, "steps", 1, MOST_STEPS)
    random = np.random.default_rng(whole(seed, "seed", 0))
    picture = np.clip(GREY + GRAIN * random.standard_normal((1, *model.input_shape)), 0, 1)
    pictures, values = [picture[0]], []
    for _ in range(many):
        forward = Pass(model, picture, silent, upto=number, backward=True)
        values.append(_mean(forward, number, which))
        slope = _slope(forward, number, which)
        size = float(np.sqrt(np.mean(slope**2)))
        picture = np.clip(picture + STRIDE * slope / size, 0, 1) if size > 0 else picture
        pictures.append(picture[0])
    values.append(_mean(Pass(model, picture, silent, upto=number), number, which))
    return Favourite(np.stack(pictures), np.array(values))


def _mean(forward: Pass, layer: int, channel: int) -> float:
    """The mean of a map."""
    with np.errstate(all="ignore"):
        return float(forward.outputs[layer][0, channel].mean())


def _slope(forward: Pass, layer: int, channel: int) -> Array:
    """The gradient of the mean of a map by the picture."""
    weights = np.zeros(forward.outputs[layer].shape[1:])
    weights[channel] = 1 / weights[channel].size
    return np.nan_to_num(forward.gradients(weights)[INPUT], posinf=0.0, neginf=0.0)


def outputs_of(model: Model, pictures: Array, layer: int, off: Off = ()) -> Iterator[Array]:
    """What a layer makes of pictures (N, ...), some at a time, each part in a pass of its own.

    Raises:
        ShapeError: there are none, or they are not as the model takes them.
    """
    if pictures.shape[1:] != model.input_shape or not len(pictures):
        shape, expected = shape_text(pictures.shape[1:]), shape_text(model.input_shape)
        raise ShapeError("sample_of_another_shape", "pictures", shape=shape, expected=expected)
    most, silent = most_at_once(model), read_off(model, off)
    for start in range(0, len(pictures), most):
        yield Pass(model, pictures[start : start + most].astype(np.float64), silent, upto=layer).outputs[layer]


def _read_map(model: Model, layer: int, channel: int) -> tuple[int, int]:
    number = read_layer(model, layer)
    return number, whole_in(channel, "channel", 0, model.layers[number].output_shape[0] - 1)
