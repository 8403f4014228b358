"""Data sets that are drawn by a seed: what they have in common.

All have these options, beside their own, and a ParameterError names the option and the rule that it broke:

    train        how many pictures to learn from
    validation   how many to look at after each epoch
    test         how many to hold out until the end
    size         rows and columns
    noise        the standard deviation of what is added to every value
    seed         of everything that is drawn

A larger set begins with the smaller one, and each part has random numbers of its own: asking for more training samples
changes neither the ones that were there nor the test set. Pictures are computed in float64 and kept in 256 levels, so
that machines whose last bits differ still give the same pixels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.dataset import PARTS, Dataset, Part
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.nn.options import at_most

Values = NDArray[np.float64]
Labels = NDArray[np.int64]
Counts = tuple[int, int, int]  # of training, validation and test pictures
Paint = Callable[[Labels, Values], Values]

PROVENANCE = "Drawn by this program from a seed; no picture of anybody is in it."
SMALLEST_SIDE, LARGEST_SIDE = 8, 128
MOST_VALUES = 100_000_000  # of all pictures of a set together
BLOCK = 256  # pictures drawn at once
DRAW_LABELS, DRAW_CHANCES, DRAW_NOISE = 1, 2, 3  # what a random number is drawn for


@dataclass(frozen=True)
class Drawing:
    """How pictures come about.

    `paint(labels, chances)` gives pictures (n, C, H, W), 0 to 1, from class indices (n,) and numbers (n, chances)
    between 0 and 1 that decide on everything else. Noise of standard deviation `noise` is added to them.
    """

    classes: int
    chances: int
    shape: tuple[int, int, int]
    paint: Paint
    noise: float
    seed: int

    def __post_init__(self) -> None:
        at_most(self.noise, "noise", 1)
        whole(self.seed, "seed", 0)

    def dataset(self, name: str, classes: tuple[str, ...], counts: Counts) -> Dataset:
        """Return a data set of pictures by class."""
        train, validation, test = (part for part, _ in self.parts(counts))
        return Dataset(name, train, validation, test, classes=classes, input_shape=self.shape, provenance=PROVENANCE)

    def parts(self, counts: Counts) -> list[tuple[Part, Values]]:
        """Return the training, validation and test part with class indices, each with the chances that made it."""
        checked = [whole(count, name, low) for count, name, low in zip(counts, PARTS, (1, 0, 0), strict=True)]
        values = sum(checked) * int(np.prod(self.shape))
        if values > MOST_VALUES:
            raise ParameterError(
                "too_many_values_to_make",
                "train",
                count=sum(checked),
                height=self.shape[1],
                width=self.shape[2],
                values=values,
                most=MOST_VALUES,
            )
        return [self._part(index, count) for index, count in enumerate(checked)]

    def _part(self, index: int, count: int) -> tuple[Part, Values]:
        draw_chances, draw_noise = (
            np.random.default_rng([self.seed, index, purpose]) for purpose in (DRAW_CHANCES, DRAW_NOISE)
        )
        labels = labels_of(self.seed, index, count, self.classes)
        chances = draw_chances.random((count, self.chances))
        x = np.empty((count, *self.shape), np.float32)
        for start in range(0, count, BLOCK):
            block = slice(start, start + BLOCK)
            picture = self.paint(labels[block], chances[block])
            if self.noise:
                picture += self.noise * draw_noise.standard_normal(picture.shape)
            np.divide(levels(picture), np.float32(255), out=x[block])
        return Part(x, labels), chances


def labels_of(seed: int, index: int, count: int, classes: int) -> Labels:
    """Return class indices (count,) of the part of this index in PARTS: known without drawing a picture."""
    return balanced(count, classes, np.random.default_rng([seed, index, DRAW_LABELS]))


def balanced(count: int, classes: int, random: np.random.Generator) -> Labels:
    """Return class indices (count,) in rounds: each round has every class once, in an order of its own."""
    rounds = np.tile(np.arange(classes), (-(-count // classes), 1))
    labels: Labels = random.permuted(rounds, axis=1).reshape(-1)[:count]
    return labels


def levels(picture: Values) -> NDArray[Any]:
    """Return brightness from 0 to 1 as whole numbers from 0 to 255; what is beyond is cut off."""
    np.clip(picture, 0, 1, out=picture)
    np.multiply(picture, 255, out=picture)
    return np.rint(picture, out=picture)


def between(chance: Values, low: float, high: float | Values) -> Values:
    """Return numbers from 0 to 1, spread over `low` to `high`."""
    spread: Values = low + chance * (high - low)
    return spread


def normal(chance: Values) -> Values:
    """Return numbers (n, k) from 0 to 1, k even, as normally distributed ones (Box and Muller, 1958)."""
    first, second = np.split(chance, 2, axis=1)
    radius, turn = np.sqrt(-2 * np.log1p(-first)), 2 * np.pi * second
    return np.concatenate([radius * np.cos(turn), radius * np.sin(turn)], axis=1)


def centres(size: int) -> tuple[Values, Values]:
    """Return (x, y) of every pixel's centre, (size · size,), in pixels from the picture's middle; y grows downwards."""
    rows, cols = np.divmod(np.arange(size * size), size)
    return cols - (size - 1) / 2, rows - (size - 1) / 2


def coverage(distance: Values) -> Values:
    """Return how much of a pixel is inside: `distance` is the centre's from the outline in pixels, negative inside."""
    inside: Values = np.subtract(0.5, distance)
    return np.clip(inside, 0, 1, out=inside)


def side(size: object) -> int:
    """Return the pictures' height and width."""
    return whole_in(size, "size", SMALLEST_SIDE, LARGEST_SIDE)
