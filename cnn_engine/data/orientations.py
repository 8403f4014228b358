"""Edges at every angle: the least picture that a filter can be seen to become an edge detector from.

An edge is a straight border between a darker and a brighter side. Its angle is counted from the level,
counterclockwise: 0° lies, 45° rises to the right, 90° stands, 135° falls to the right. Which side is the brighter
one is drawn, so that angles repeat after 180°: an edge at 179° looks like one at −1°.

That is a trap for the squared error, which takes 179° and 0° for far apart. `angles` therefore asks either for a
range that never gets there, or for (cos 2a, sin 2a), which is the same for both.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.data.generated import PROVENANCE, Drawing, Labels, Values, between, centres, coverage, side
from cnn_engine.geometry import flag

SIZES = {"train": 1600, "validation": 400, "test": 400}
SIZE = 16
INPUT_SHAPE = (1, SIZE, SIZE)
APART = 22.5  # degrees between two classes
SPREAD = 7.0  # degrees by which an edge may differ from its class's angle
CLASSES = tuple(f"{APART * index:g}°" for index in range(8))
LEAN = 60.0  # degrees from upright that a target of ±1 stands for
TARGETS = ("angle",)
CIRCULAR_TARGETS = ("cos 2a", "sin 2a")
CHANCES = 5
LEAST_CONTRAST = 0.35


def orientations(
    *,
    train: int = SIZES["train"],
    validation: int = SIZES["validation"],
    test: int = SIZES["test"],
    size: int = SIZE,
    noise: float = 0.05,
    seed: int = 0,
) -> Dataset:
    """Return edges in eight classes, 22.5° apart, each within 7° of its class's angle. Options: see `generated`."""

    def angle(labels: Labels, chance: Values) -> Values:
        return APART * labels + between(chance, -SPREAD, SPREAD)

    drawing = _drawing(len(CLASSES), size, angle, noise, seed)
    return drawing.dataset("orientations", CLASSES, (train, validation, test))


def angles(
    *,
    train: int = SIZES["train"],
    validation: int = SIZES["validation"],
    test: int = SIZES["test"],
    circular: bool = False,
    size: int = SIZE,
    noise: float = 0.05,
    seed: int = 0,
) -> Dataset:
    """Return edges with their angle a to be predicted by squared error. Other options than `circular`: see `generated`.

    One target, (a − 90°) / 60°: edges from 30° to 150°, −1 to 1, upright edges 0. With `circular` two targets that have
    no end, (cos 2a, sin 2a), and edges at every angle.
    """
    reach = 90.0 if flag(circular, "circular") else LEAN

    def angle(labels: Labels, chance: Values) -> Values:
        return between(chance, 90 - reach, 90 + reach)

    drawing = _drawing(1, size, angle, noise, seed)
    made = []
    for part, chances in drawing.parts((train, validation, test)):
        drawn = angle(part.y, chances[:, 0])
        twice = np.deg2rad(2 * drawn)
        truth = np.stack([np.cos(twice), np.sin(twice)], axis=1) if circular else ((drawn - 90) / LEAN)[:, None]
        made.append(Part(part.x, truth.astype(np.float32)))
    return Dataset(
        "angles",
        made[0],
        made[1],
        made[2],
        classes=(),
        input_shape=drawing.shape,
        provenance=PROVENANCE,
        task="regression",
        targets=CIRCULAR_TARGETS if circular else TARGETS,
    )


def _drawing(classes: int, size: int, angle: Callable[[Labels, Values], Values], noise: float, seed: int) -> Drawing:
    rows = side(size)
    x, y = centres(rows)

    def paint(labels: Labels, chances: Values) -> Values:
        turn = np.deg2rad(angle(labels, chances[:, 0]))[:, None]
        shift = rows * between(chances[:, 1:2], -0.2, 0.2)
        far = np.sin(turn) * x + np.cos(turn) * y - shift
        contrast = between(chances[:, 2:3], LEAST_CONTRAST, 1.0)
        dark = chances[:, 3:4] * (1 - contrast)
        brighter = np.where(chances[:, 4:5] < 0.5, far, -far)
        picture: Values = dark + contrast * coverage(brighter)
        return picture.reshape(len(labels), 1, rows, rows)

    return Drawing(classes, CHANCES, (1, rows, rows), paint, noise, seed)
