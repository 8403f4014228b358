"""A picture and the paper that it is on: what is drawn there, how much of it, where its middle is, and other sizes."""

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
