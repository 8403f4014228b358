"""What the layers have learned: which pictures excite a map, and which lie near one another."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ShapeError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.model import Model
from cnn_engine.models.passes import Off, Pass, most_at_once, read_layer, read_off, read_sample
from cnn_engine.models.reach import Box, seen_by
from cnn_engine.nn.errors import shape_text
from cnn_engine.nn.layers.base import Array


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
