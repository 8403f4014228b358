"""A picture and the paper that it is on: what is drawn there, how much of it, where its middle is, and other sizes.

Of paper that is lit unevenly: how bright it is at each pixel, and a picture as if it were equally bright everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]

FAINTEST = 1 / 510  # half a level of grey: where nothing differs by more, nothing is drawn
BINS = 64  # of brightness, among which ink and paper are told apart
FLOOR = 0.25  # the share of the paper that is taken to be bare
REACH = 1 / 2  # of the picture's shorter side: what is wider is paper, not a stroke
AROUND = 1 / 32  # of it: so near to a stroke its soft edge may be
ONE = 0.5  # the share of the border that is of one shade, where the paper is: noise and light leave less
COMMON = 0.99  # the share of bare paper that differs from its shade by no more than its own pattern
DARK = 0.02  # added to every brightness, so that nothing is divided by 0


@dataclass(frozen=True, eq=False)
class Sheet:
    """A picture on its paper.

    `values`: (C, rows, columns). `paper`: what it is drawn on, a value for each channel (C, 1, 1). `bare`: how far bare
    paper differs from that, where light falls unevenly.
    """

    values: Values
    paper: Values
    bare: float

    @classmethod
    def of(cls, values: Values) -> Sheet:
        """Return a picture on its own background: the median of each channel along the border."""
        ends = values[:, [0, -1], :], values[:, :, [0, -1]]
        border = np.concatenate([end.reshape(len(values), -1) for end in ends], axis=1)
        paper = np.asarray(np.median(border, axis=1), np.float64)[:, None, None]
        differs = np.abs(values - paper).max(axis=0)
        faint = differs[differs <= threshold(differs)]
        first = int(FLOOR * (faint.size - 1))
        return cls(values, paper, float(np.partition(faint, first)[first]) if faint.size else 0.0)

    @property
    def relief(self) -> Values:
        """How much brighter than the paper every value is."""
        return self.values - self.paper

    @cached_property
    def ink(self) -> Values:
        """How far each pixel differs from bare paper, (rows, columns)."""
        differs: Values = np.abs(self.relief).max(axis=0) - self.bare
        return np.maximum(differs, 0)

    @property
    def drawn(self) -> bool:
        """Whether there is anything on it."""
        return bool(np.abs(self.relief).max() > FAINTEST)

    def on_same(self, relief: Values) -> Sheet:
        """Return another picture on the same paper, made of means of this one's pixels and its paper."""
        known = self.values, self.paper
        least, most = min(part.min() for part in known), max(part.max() for part in known)
        return replace(self, values=np.clip(relief + self.paper, least, most))


def threshold(values: Values) -> float:
    """Return the value that parts two heaps of values best, from 0 on (Otsu, 1979): the middle, where several do."""
    top = float(values.max())
    if top <= FAINTEST:
        return top
    step = top / BINS
    counts = np.bincount(np.minimum((values.ravel() / step).astype(np.intp), BINS - 1), minlength=BINS)
    middles = step * (np.arange(BINS) + 0.5)
    below, sums = np.cumsum(counts)[:-1], np.cumsum(counts * middles)[:-1]
    above = values.size - below
    apart = (float(counts @ middles) * below - values.size * sums) ** 2 / np.maximum(above * below, 1)
    best = np.flatnonzero(apart >= apart.max() * (1 - 1e-12))
    return step * float(best.sum() / len(best) + 1)


def box(amount: Values) -> tuple[slice, slice]:
    """Return the rows and columns that hold all that is more than half the threshold."""
    inside = amount > max(threshold(amount) / 2, FAINTEST)
    if not inside.any():
        return slice(None), slice(None)
    rows, cols = (np.flatnonzero(inside.any(axis=axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(cols[0]), int(cols[-1]) + 1)


def middle(amount: Values) -> tuple[float, float]:
    """Return the centre of mass (row, column) of (rows, columns), where there is some mass."""
    total = amount.sum()
    rows, cols = (np.arange(size) for size in amount.shape)
    return float(amount.sum(axis=1) @ rows / total), float(amount.sum(axis=0) @ cols / total)


def resize(picture: Values, size: tuple[int, int]) -> Values:
    """Return (C, rows, columns) with so many rows and columns: between pixels, or over all that fall into one."""
    rows, cols = (_resized(before, after) for before, after in zip(picture.shape[1:], size, strict=True))
    return np.clip(
        rows @ picture @ cols.T, picture.min(), picture.max()
    )  # a mean is no more than the most, but rounded


def _resized(before: int, after: int) -> Values:
    ratio = before / after
    weights = tent((np.arange(after) + 0.5) * ratio - 0.5, before, max(ratio, 1.0))
    normalised: Values = weights / weights.sum(axis=1, keepdims=True)
    return normalised


def tent(centres: NDArray[Any], count: int, reach: float) -> Values:
    """Return weights (centres, count) that fall off evenly from 1 at each centre to 0 at this distance from it."""
    weights: Values = np.maximum(1 - np.abs(centres[:, None] - np.arange(count)) / reach, 0)
    return weights


def at_most(picture: Values, most: int) -> Values:
    """Return (C, rows, columns) with no more rows or columns than this."""
    factor = most / max(picture.shape[1:])
    if factor >= 1:
        return picture
    height, width = (max(1, round(factor * size)) for size in picture.shape[1:])
    return resize(picture, (height, width))


# ---- paper that is lit unevenly


def even(sheet: Sheet) -> Sheet:
    """Return a picture on white or black paper without shadows or a pattern; as it is, where its border has one shade.

    Strokes are narrow: the brightest of all around, then the darkest of those, leaves the paper and none of the strokes
    (a morphological closing), and follows shadows with sharp edges too; the other way round where strokes are brighter.
    A dark stroke gives back a share of the light on its paper, by which it is divided; of a bright one what is more
    than its paper is taken, since black paper does not say how much light there is. What still differs from the paper
    by no more than bare paper does far from all strokes is its grain or its lines.
    """
    if _has_one_shade(sheet):
        return sheet
    calm = _calm(sheet.values.mean(axis=0))
    brighter = _are_strokes_brighter(calm)
    light = _opened(calm) if brighter else -_opened(-calm)
    flat = sheet.values - light if brighter else (sheet.values + DARK) / (light + DARK)
    relief = _without_grain(flat - np.median(flat, axis=(1, 2), keepdims=True), 1 if brighter else -1)
    paper = np.full((len(relief), 1, 1), 0.0 if brighter else 1.0)
    most = max(float(np.abs(relief).max()), FAINTEST) if brighter else 1
    return Sheet(np.clip(paper + relief / most, 0, 1), paper, 0.0)


def _has_one_shade(sheet: Sheet) -> bool:
    differs = np.abs(sheet.relief).max(axis=0)
    border = np.concatenate([differs[[0, -1]].ravel(), differs[:, [0, -1]].ravel()])
    return bool(np.quantile(border, ONE) <= FAINTEST)


def _window(shape: tuple[int, ...], share: float) -> int:
    """Return an odd number of pixels: this share of the shorter side."""
    return 2 * round(share * min(shape) / 2) + 1


def _are_strokes_brighter(picture: Values) -> bool:
    """Return whether what is narrow is brighter than what is around it: the sign of the differences' third moment."""
    return float(((picture - _mean(picture, _window(picture.shape, REACH))) ** 3).sum()) > 0


def _without_grain(relief: Values, sign: int) -> Values:
    """Return (C, rows, columns) less what bare paper differs by, where no stroke is near."""
    amount = np.maximum(sign * relief, 0).max(axis=0)
    near = _largest((amount > threshold(amount)).astype(np.float64), _window(amount.shape, AROUND)) > 0
    grain = float(np.quantile(amount[~near], COMMON)) if not near.all() else 0.0
    kept: Values = np.sign(relief) * np.maximum(np.abs(relief) - grain, 0) * (amount > 0)
    return kept


# ---- filters over (rows, columns); beyond the border everything is as on it


def _calm(picture: Values) -> Values:
    """Return the median of every three pixels in a row, then of every three in a column: shadows keep their edges."""
    for axis in (0, 1):
        framed = np.moveaxis(np.pad(picture, 1, mode="edge"), axis, 0)[:, 1:-1]
        before, now, after = framed[:-2], framed[1:-1], framed[2:]
        least, most = np.minimum(before, now), np.maximum(before, now)
        picture = np.moveaxis(np.maximum(least, np.minimum(most, after)), 0, axis)
    return picture


def _opened(picture: Values) -> Values:
    """Return a picture without what is brighter and narrower than the window."""
    size = _window(picture.shape, REACH)
    framed = np.pad(picture, size, mode="edge")
    return _largest(-_largest(-framed, size), size)[size:-size, size:-size]


def _largest(picture: Values, size: int) -> Values:
    """Return the largest of each window: of windows of 1, 2, 4, ... pixels, and of two of these that overlap."""
    for axis in (0, 1):
        most = np.pad(np.moveaxis(picture, axis, 0), ((size // 2, size // 2), (0, 0)), mode="edge")
        reach = 1
        while reach < size:
            step = min(reach, size - reach)
            most = np.maximum(most[:-step], most[step:])
            reach += step
        picture = np.moveaxis(most, 0, axis)
    return picture


def _mean(picture: Values, size: int) -> Values:
    for axis in (0, 1):
        framed = np.pad(np.moveaxis(picture, axis, 0), ((size // 2 + 1, size // 2), (0, 0)), mode="edge")
        sums = np.cumsum(framed, axis=0)
        picture = np.moveaxis((sums[size:] - sums[:-size]) / size, 0, axis)
    return picture
