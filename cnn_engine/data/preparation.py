"""Pictures that people draw or take, as a network receives them: one preparation to learn from and to answer.

A network that learned from digits 20 pixels high in the middle of 28 × 28 reads little else. So every picture is
turned grey, lit evenly, bright on dark, cut out, stood upright, scaled, given strokes of full strength, and centred.
Each of these is a step that can be left out, and what it made can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.data.sheets import FAINTEST, Sheet, Values, at_most, box, even, middle, resize, tent, threshold
from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import flag, whole, whole_in
from cnn_engine.nn.options import one_of
from cnn_engine.windows import as_array

Shape = tuple[int, int, int]
Step = Callable[[Sheet], Sheet]

# In the order in which they are taken.
STEPS = ("grey", "even", "invert", "crop", "deskew", "scale", "thicken", "centre")
LUMA = (299, 587, 114)  # thousandths of red, green and blue in the brightness of a pixel (ITU-R BT.601)
WORKING_SIZE = 128  # rows and columns that the steps before scaling work on at most
SHARE = 20 / 28  # of the input's side, for the longer side of what is drawn (as in MNIST)
MOST_SLOPE = 1.2  # columns for each row that a picture is straightened by
THINNEST = 2 / 28  # of the input's side: strokes are made as wide as that


@dataclass(frozen=True, eq=False)
class Prepared:
    """A picture as a network receives it, and what became of it on the way.

    `stages` has what every step made, in their order, (C, rows, columns) each: "given" first, then one for each step
    that was taken, with "fit" in the place of "scale" where that was left out. `input` is the last of them, (C, H, W).
    `drawn` is False where no pixel differs from the picture's border: then there is nothing to read.
    """

    stages: dict[str, Values]
    input: Values
    drawn: bool


def prepare(picture: ArrayLike, steps: Mapping[str, bool], *, input_shape: Sequence[int]) -> Prepared:
    """Return a picture as a network of this input shape receives it.

    Args:
        picture: (C, rows, columns) or (rows, columns), 0 (black) to 1 (white), of any size.
        steps: which of STEPS to take; those that are not named are left out.
        input_shape: (C, H, W). From one channel to several it is repeated; of several to one, without "grey", the
            first is taken.

    Raises:
        ParameterError, ShapeError: naming the argument and the rule that it broke.
    """
    shape = _input_shape(input_shape)
    taken = {one_of(name, "prepare", STEPS): flag(value, f"prepare.{name}") for name, value in steps.items()}
    values = _checked(picture, shape, grey=taken.get("grey", False))
    now = Sheet.of(at_most(values, WORKING_SIZE))
    stages, drawn = {"given": now.values}, now.drawn
    for name, step in _steps(taken, shape):
        now = step(now)
        stages[name] = now.values
    return Prepared(stages, now.values, drawn)


def moved(picture: Values, down: int, right: int) -> Values:
    """Return (C, H, W) moved by so many pixels, backwards where that is less than 0; its edge goes on where it was.

    Raises:
        ParameterError: it is moved further than it is large.
    """
    rows, cols = (
        np.clip(np.arange(size) - whole_in(by, "moved", -size, size), 0, size - 1)
        for size, by in zip(picture.shape[1:], (down, right), strict=True)
    )
    return picture[:, rows[:, None], cols]


def _steps(taken: Mapping[str, bool], shape: Shape) -> Iterator[tuple[str, Step]]:
    known: dict[str, Step] = {
        "grey": grey,
        "even": even,
        "invert": invert,
        "crop": crop,
        "deskew": partial(deskew, tight=taken.get("crop", False)),
        "scale": partial(fit, shape=shape, share=SHARE),
        "thicken": thicken,
        "centre": centre,
    }
    for name in STEPS:
        if taken.get(name, False):
            yield name, known[name]
        elif name == "scale":
            yield "fit", partial(fit, shape=shape, share=1)


def _input_shape(input_shape: Sequence[int]) -> Shape:
    if len(input_shape) != 3:
        raise ParameterError("not_a_picture_shape", "input_shape", shape=input_shape)
    channels, height, width = (whole(size, "input_shape", 1) for size in input_shape)
    return channels, height, width


def _checked(picture: ArrayLike, shape: Shape, *, grey: bool) -> Values:
    array = as_array(picture, "input", (2, 3)).astype(np.float64)
    values: Values = array if array.ndim == 3 else array[None]
    if not np.isfinite(values).all():
        raise ParameterError("not_finite_values", "input", name="input")
    if len(values) not in {1, shape[0]} and not (len(values) == len(LUMA) and (grey or shape[0] == 1)):
        raise ShapeError("picture_channels", "input", channels=len(values), expected=shape[0])
    return values


# ---- the steps, which change nothing where nothing is drawn


def grey(sheet: Sheet) -> Sheet:
    """Return the brightness of a picture in red, green and blue, (1, rows, columns)."""
    if len(sheet.values) != len(LUMA):
        return sheet
    return Sheet.of(np.tensordot(np.array(LUMA) / 1000, sheet.values, axes=1)[None])


def invert(sheet: Sheet) -> Sheet:
    """Return a picture that is bright on dark: 1 − x, where the paper is in the brighter half of what there is."""
    dark = 2 * sheet.paper.mean() <= sheet.values.min() + sheet.values.max()
    return sheet if dark else replace(sheet, values=1 - sheet.values, paper=1 - sheet.paper)


def crop(sheet: Sheet) -> Sheet:
    """Return the part of a picture in which something is drawn."""
    rows, cols = box(sheet.ink)
    return replace(sheet, values=sheet.values[:, rows, cols])


def deskew(sheet: Sheet, *, tight: bool = False) -> Sheet:
    """Return a picture whose rows are moved sideways until it stands upright.

    With the moments μ about the centre of mass, x − (μ11 / μ02) (y − centre) makes μ11 zero. `tight` cuts out the
    result; otherwise it has as many columns as before.
    """
    slope, row = slope_of(sheet.ink)
    if not slope:
        return sheet
    moved, first = _sheared(sheet.relief, slope, row)
    upright = sheet.on_same(moved)
    return crop(upright) if tight else sheet.on_same(moved[:, :, first : first + sheet.values.shape[2]])


def slope_of(amount: Values) -> tuple[float, float]:
    """Return μ11 / μ02 of (rows, columns), within ±MOST_SLOPE, and the row of the centre of mass."""
    if not amount.any():
        return 0.0, 0.0
    row, col = middle(amount)
    down, over = np.arange(amount.shape[0]) - row, np.arange(amount.shape[1]) - col
    along = float(amount.sum(axis=1) @ down**2)
    slope = float(down @ amount @ over) / along if along > 0 else 0.0
    return min(max(slope, -MOST_SLOPE), MOST_SLOPE), row


def _sheared(relief: Values, slope: float, centre: float) -> tuple[Values, int]:
    """Return the rows moved to the left by slope · (row − centre), and the column in which the old first one is.

    A pixel between two columns is shared out between them, which moves the centre of every row by exactly as much.
    """
    _, height, width = relief.shape
    shift = slope * (centre - np.arange(height))
    least = np.floor(shift.min())
    whole_part, part = np.divmod(shift - least, 1)
    rows, cols = np.arange(height)[:, None], np.arange(width) + whole_part.astype(np.intp)[:, None]
    moved = np.zeros((len(relief), height, width + int(whole_part.max()) + 1))
    moved[:, rows, cols] += (1 - part)[:, None] * relief
    moved[:, rows, cols + 1] += part[:, None] * relief
    return moved, round(-least)


def fit(sheet: Sheet, shape: Shape, share: float) -> Sheet:
    """Return a picture in the middle of (C, H, W), its longer side this share of the shorter one of those."""
    small = _channels(sheet, shape[0])
    factor = share * min(shape[1:]) / max(small.values.shape[1:])
    height, width = (max(1, round(factor * size)) for size in small.values.shape[1:])
    placed = np.broadcast_to(small.paper, shape).copy()
    top, left = (shape[1] - height) // 2, (shape[2] - width) // 2
    placed[:, top : top + height, left : left + width] = resize(small.values, (height, width))
    return replace(small, values=placed)


def _channels(sheet: Sheet, count: int) -> Sheet:
    if len(sheet.values) == count:
        return sheet
    values, paper = (np.repeat(part[:1], count, axis=0) for part in (sheet.values, sheet.paper))
    return replace(sheet, values=values, paper=paper)


def thicken(sheet: Sheet) -> Sheet:
    """Return a picture with strokes of full strength, on black or white, and not thinner than THINNEST on average.

    What differs from the paper by less than half the threshold is paper, too.
    """
    amount = sheet.ink
    if not amount.any():
        return sheet
    least = threshold(amount) / 2
    strength = np.clip((amount - least) / (amount.max() - least), 0, 1)
    towards = sheet.relief / np.maximum(np.abs(sheet.relief).max(axis=0), FAINTEST)
    strokes = strength * towards
    wanted = THINNEST * min(amount.shape)
    more = min(max((wanted - stroke_width(strength)) / 2, 0.0), 1.0)
    paper = np.rint(np.clip(sheet.paper, 0, 1))
    wider = (1 - more) * strokes + more * _dilated(strokes)
    return Sheet(np.clip(paper + wider, 0, 1), paper, 0.0)


def stroke_width(strength: Values) -> float:
    """Return how many pixels wide the strokes of (rows, columns) from 0 to 1 are on average.

    No stroke is looked for: it is twice their area divided by the length of their outlines, the sum of all slopes.
    """
    framed = np.pad(strength, 1)
    slopes = np.hypot(np.diff(framed, axis=0)[:, :-1], np.diff(framed, axis=1)[:-1]).sum()
    return float(2 * strength.sum() / slopes) if slopes else 0.0


def _dilated(strokes: Values) -> Values:
    """Return the strongest of each pixel and its four neighbours, of what is brighter and of what is darker."""
    return _strongest(np.maximum(strokes, 0)) - _strongest(np.maximum(-strokes, 0))


def _strongest(values: Values) -> Values:
    most = values.copy()
    for to, of in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[:, :, 1:], np.s_[:, :, :-1])):
        np.maximum(most[to], values[of], out=most[to])
        np.maximum(most[of], values[to], out=most[of])
    return most


def centre(sheet: Sheet) -> Sheet:
    """Return a picture whose centre of mass is in the middle, or as near to it as leaves everything in sight."""
    amount = sheet.ink
    if not amount.any():
        return sheet
    relief = sheet.relief
    for axis, now in enumerate(middle(amount)):
        size = amount.shape[axis]
        seen = np.flatnonzero(amount.any(axis=1 - axis))
        shift = min(max((size - 1) / 2 - now, -float(seen[0])), float(size - 1 - seen[-1]))
        moved = tent(np.arange(size) - shift, size, 1.0)
        relief = np.moveaxis(np.tensordot(moved, relief, axes=(1, axis + 1)), 0, axis + 1)
    return sheet.on_same(relief)
