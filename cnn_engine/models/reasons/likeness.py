"""How alike two maps are, and what scrambling a model makes of a reason."""

from __future__ import annotations

import numpy as np

from cnn_engine.models.reasons.question import Scrambled
from cnn_engine.nn.layers.base import Array

ALIKE = 0.5  # a correlation from which maps count as alike


def correlation(first: Array, second: Array) -> float | None:
    """Pearson's correlation of two arrays of a shape, cell by cell; None where one is flat or has no numbers."""
    with np.errstate(all="ignore"):
        a, b = (array.ravel() - array.mean() for array in (first, second))
        across = float(np.sqrt((a @ a) * (b @ b)))
        found = float(a @ b) / across if across else np.nan
    return float(np.clip(found, -1, 1)) if np.isfinite(found) else None


def compared(layers: tuple[int, ...], before: Array, after: Array) -> Scrambled:
    """Values before and after some layers were begun anew."""
    signed, strengths = correlation(before, after), correlation(np.abs(before), np.abs(after))
    alike = max(abs(one) for one in (signed or 0.0, strengths or 0.0)) >= ALIKE
    return Scrambled(layers, before, signed, strengths, alike)
