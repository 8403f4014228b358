"""The curve of −ln, on which the loss of a true class's share is a point."""

from __future__ import annotations

import math

import numpy as np

from cnn_engine.trace.base import Array, Source
from cnn_engine.trace.showing import Curve

POINTS = 121
LEAST_REACH = 5  # the curve goes up at least to a loss of 5


def loss_curve(loss: float) -> dict[str, Source]:
    """Return the tensors `curve` (2, 121), shares and the losses that they cost, and `mark` (1, 2), this loss's point.

    The points are equally far apart in the loss, l = −ln(p) and so p = e⁻ˡ: the steep part has as many as the flat
    one. A loss without an end has no point, and so no curve.
    """
    if not math.isfinite(loss):
        return {}

    def points() -> Array:
        losses = np.linspace(max(LEAST_REACH, math.ceil(loss)), 0.0, POINTS)
        return np.stack([np.exp(-losses), losses])

    return {"curve": points, "mark": np.array([[math.exp(-loss), loss]])}


def shown_from(step: int) -> Curve:
    """Return how the curve is shown: from the step on that computes the loss."""
    return Curve("curve", "mark", step)
