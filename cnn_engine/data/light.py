"""Paper that is lit unevenly: how bright it is at each pixel, and a picture as if it were equally bright everywhere."""

from __future__ import annotations

import numpy as np

from cnn_engine.data.sheets import FAINTEST, Sheet, Values, threshold

REACH = 1 / 2  # of the picture's shorter side: what is wider is paper, not a stroke
AROUND = 1 / 32  # of it: so near to a stroke its soft edge may be
ONE = 0.5  # the share of the border that is of one shade, where the paper is: noise and light leave less
COMMON = 0.99  # the share of bare paper that differs from its shade by no more than its own pattern
DARK = 0.02  # added to every brightness, so that nothing is divided by 0


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
    """Whether what is narrow is brighter than what is around it: the sign of the differences' third moment."""
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
