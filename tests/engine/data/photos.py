"""Photos of a digit on paper that is lit unevenly, made up: light, shadows, printed lines, noise and JPEG."""

from __future__ import annotations

from io import BytesIO

import numpy as np
from PIL import Image

from cnn_engine.data.sheets import resize

PAPER, INK = 0.85, 0.12  # of the light that falls on them, what they give back
HEIGHT, WIDTH = 120, 160  # pixels of a photo
SIDE = 84  # of the square in it that the digit is in


def even(down, over):
    return np.ones_like(down)


def gradient(down, over):
    """Four times as much light at one corner as at the opposite one."""
    return 1 - 0.375 * (down + over)


def vignette(down, over):
    return 1 - 0.6 * ((down - 0.5) ** 2 + (over - 0.5) ** 2) / 0.5


def lamp(down, over):
    """Near one edge, falling off quickly."""
    return 0.25 + 0.75 * np.exp(-3 * ((down - 0.1) ** 2 + (over - 0.9) ** 2))


def shadow(down, over):
    """A hand's: with a sharp edge through the digit, and half as much light behind it."""
    return np.where(over + 0.4 * down > 0.75, 0.5, 1.0)


def soft_shadow(down, over):
    return 1 - 0.6 / (1 + np.exp(-25 * (0.8 * over + down - 0.95)))


LIGHTS = {light.__name__: light for light in (even, gradient, vignette, lamp, shadow, soft_shadow)}


def plain(rows, cols):
    return np.ones((rows, cols))


def lined(rows, cols):
    """A line every 24 pixels, a fifth darker."""
    sheet = plain(rows, cols)
    sheet[5::24] = 0.8
    return sheet


def squared(rows, cols):
    sheet = lined(rows, cols)
    sheet[:, 9::24] = 0.8
    return sheet


PAPERS = {paper.__name__: paper for paper in (plain, lined, squared)}


def photo(digit, light=even, paper=plain, *, noise=0.02, quality=None, seed=0, top=18, left=38):
    """A digit (rows, columns), 0 to 1, as a photo shows it, (1, 120, 160)."""
    ink = np.zeros((HEIGHT, WIDTH))
    ink[top : top + SIDE, left : left + SIDE] = resize(digit[None], (SIDE, SIDE))[0]
    down, over = np.indices((HEIGHT, WIDTH)) / np.array([HEIGHT - 1, WIDTH - 1])[:, None, None]
    sheet = PAPER * paper(HEIGHT, WIDTH)
    seen = light(down, over) * (sheet * (1 - ink) + INK * ink)
    seen = np.clip(seen + noise * np.random.default_rng(seed).standard_normal(seen.shape), 0, 1)
    return (seen if quality is None else compressed(seen, quality))[None]


def compressed(picture, quality):
    """What a JPEG keeps of (rows, columns)."""
    file = BytesIO()
    Image.fromarray(np.rint(255 * picture).astype(np.uint8)).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image, float) / 255
