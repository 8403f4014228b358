"""Eight shapes, drawn by a seed at any place, in any size, turned a little or any way, in grey or in colour.

Each shape is a signed distance: how far a point is from the outline, less than 0 inside. A pixel whose middle is
within half a pixel of the outline is partly covered, which gives smooth edges. The distances are those to the
nearest straight line or circle, which beyond a corner is less than that to the corner itself; no outline is changed
by that.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.generated import Drawing, Labels, Values, between, centres, coverage, side
from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn.options import at_most

Distance = Callable[[Values, Values], Values]

SIZES = {"train": 2400, "validation": 400, "test": 400}
COLOUR_SIZES = {"train": 3200, "validation": 400, "test": 400}
GREY_SIZE, COLOUR_SIZE = 28, 32
SMALLEST, LARGEST = 0.27, 0.42
TURN = 25.0  # degrees, to either side
CHANCES = 11


def _square(x: Values, y: Values) -> Values:
    distance: Values = np.maximum(np.abs(x), np.abs(y)) - 0.72
    return distance


def _triangle(x: Values, y: Values) -> Values:
    """Return all three sides at once: the one that a point is furthest outside of counts."""
    slope = np.maximum(y, np.sqrt(0.75) * np.abs(x) - 0.5 * y)
    distance: Values = slope - 0.5
    return distance


def _cross(x: Values, y: Values) -> Values:
    wide, narrow = np.maximum(np.abs(x), np.abs(y)) - 0.95, np.minimum(np.abs(x), np.abs(y)) - 0.27
    distance: Values = np.maximum(wide, narrow)
    return distance


def _star(x: Values, y: Values) -> Values:
    """Return one edge from an outer to an inner corner, seen in a mirror ten times."""
    tip, notch, tenth = 1.0, 0.42, np.pi / 5
    angle = np.abs((np.arctan2(x, -y) + tenth) % (2 * tenth) - tenth)
    radius = np.hypot(x, y)
    along, across = radius * np.cos(angle) - tip, radius * np.sin(angle)
    to_x, to_y = notch * np.cos(tenth) - tip, notch * np.sin(tenth)
    distance: Values = (across * -to_x + along * to_y) / np.hypot(to_x, to_y)
    return distance


def _ring(x: Values, y: Values) -> Values:
    distance: Values = np.abs(np.hypot(x, y) - 0.74) - 0.2
    return distance


def _crescent(x: Values, y: Values) -> Values:
    outer, inner = np.hypot(x, y) - 0.95, np.hypot(x - 0.5, y) - 0.72
    distance: Values = np.maximum(outer, -inner)
    return distance


def _heart(x: Values, y: Values) -> Values:
    """Return a square on its corner with a disc on each of its two upper sides."""
    half, x, y = 0.5, np.abs(x), y - 0.12
    across, down = (x + y) * np.sqrt(0.5), (x - y) * np.sqrt(0.5)
    square = np.maximum(np.abs(across), np.abs(down)) - half
    distance: Values = np.minimum(square, np.hypot(across, down - half) - half)
    return distance


SHAPES: dict[str, Distance] = {
    "circle": lambda x, y: np.hypot(x, y) - 0.88,
    "square": _square,
    "triangle": _triangle,
    "cross": _cross,
    "star": _star,
    "ring": _ring,
    "crescent": _crescent,
    "heart": _heart,
}
CLASSES = tuple(SHAPES)


def shapes(
    *,
    train: int = SIZES["train"],
    validation: int = SIZES["validation"],
    test: int = SIZES["test"],
    channels: int = 1,
    size: int | None = None,
    turn: float = TURN,
    noise: float = 0.05,
    seed: int = 0,
) -> Dataset:
    """Return eight shapes, as many pictures of each.

    `channels`: 1 for bright shapes on dark grey, 3 for colours on dark or light ones. `size` None: 28 in grey, 32 in
    colour. `turn`: by how many degrees a shape is turned at most, to either side; 180 for any way. Other options: see
    `generated`.
    """
    if whole(channels, "channels", 1) not in {1, 3}:
        raise ParameterError("channels_1_or_3", "channels", channels=channels)
    rows = side((GREY_SIZE if channels == 1 else COLOUR_SIZE) if size is None else size)
    most = at_most(turn, "turn", 180)
    drawing = Drawing(len(CLASSES), CHANCES, (channels, rows, rows), _painter(channels, rows, most), noise, seed)
    return drawing.dataset("shapes", CLASSES, (train, validation, test))


def colour_shapes(
    *,
    train: int = COLOUR_SIZES["train"],
    validation: int = COLOUR_SIZES["validation"],
    test: int = COLOUR_SIZES["test"],
    size: int = COLOUR_SIZE,
    turn: float = TURN,
    noise: float = 0.05,
    seed: int = 0,
) -> Dataset:
    """Return `shapes` with three channels, under a name of its own."""
    made = shapes(
        train=train, validation=validation, test=test, channels=3, size=size, turn=turn, noise=noise, seed=seed
    )
    return replace(made, name="shapes-colour")


def _painter(channels: int, size: int, turn: float) -> Callable[[Labels, Values], Values]:
    def paint(labels: Labels, chances: Values) -> Values:
        covered = _covered(labels, chances, size, turn)
        front, back = (_colours if channels == 3 else _greys)(chances[:, 4:])
        covered = covered.reshape(len(labels), 1, size, size)
        picture: Values = back[:, :, None, None] + covered * (front - back)[:, :, None, None]
        return picture

    return paint


def _covered(labels: Labels, chances: Values, size: int, turn: float) -> Values:
    """Return how much of each pixel is inside the shape, (n, size · size)."""
    x, y = centres(size)
    radius = size * between(chances[:, 0], SMALLEST, LARGEST)
    room = size / 2 - radius
    middle_x, middle_y = room * between(chances[:, 1], -1, 1), room * between(chances[:, 2], -1, 1)
    angle = np.deg2rad(between(chances[:, 3], -turn, turn))
    cosine, sine = np.cos(angle) / radius, np.sin(angle) / radius
    covered = np.empty((len(labels), size * size))
    for label, distance in enumerate(SHAPES.values()):
        drawn = np.flatnonzero(labels == label)
        over, down = x - middle_x[drawn, None], y - middle_y[drawn, None]
        c, s = cosine[drawn, None], sine[drawn, None]
        far = distance(c * over + s * down, c * down - s * over)
        covered[drawn] = coverage(far * radius[drawn, None])
    return covered


def _greys(chances: Values) -> tuple[Values, Values]:
    """Return a bright shape and a dark background, (n, 1) each."""
    return between(chances[:, :1], 0.6, 1.0), between(chances[:, 1:2], 0.0, 0.25)


def _colours(chances: Values) -> tuple[Values, Values]:
    """Return a strong colour on a dark background, or a dark one on a light background, (n, 3) each."""
    hue, back_hue, lightness, vividness, light = chances[:, :5].T
    on_light = light < 0.5
    value = np.where(on_light, between(lightness, 0.3, 0.65), between(lightness, 0.75, 1.0))
    front = _hsv(hue, between(vividness, 0.6, 1.0), value)
    ground = np.where(on_light, between(chances[:, 5], 0.8, 1.0), between(chances[:, 5], 0.05, 0.25))
    return front, _hsv(back_hue, between(chances[:, 6], 0.0, 0.35), ground)


def _hsv(hue: Values, saturation: Values, value: Values) -> Values:
    """Return red, green and blue (n, 3) of hue, saturation and value from 0 to 1 (A. R. Smith, 1978, one formula)."""
    sector = (np.array([5.0, 3.0, 1.0]) + 6 * hue[:, None]) % 6
    rgb: Values = value[:, None] * (1 - saturation[:, None] * np.clip(np.minimum(sector, 4 - sector), 0, 1))
    return rgb
