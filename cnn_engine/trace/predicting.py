"""What there is to predict of a gradient before it is seen: its sign, and about how large it is."""

from __future__ import annotations

import numpy as np

from cnn_engine.trace.base import Array

SIGNS = ("negative", "zero", "positive")
SIZES = ("tiny", "small", "middling", "large")
BOUNDS = (0.01, 0.1, 1.0)  # from which on a size, whatever its sign, is the next one
NOTHING = ""  # to be predicted: no gradient, or none that is a number


def right_answers(gradients: Array) -> dict[str, Array]:
    """Return for each of some gradients (N,) which sign and which size are right; NOTHING of what is not finite."""
    finite = np.isfinite(gradients)
    known = np.where(finite, gradients, 0.0)
    signs = np.array(SIGNS)[np.sign(known).astype(int) + 1]
    sizes = np.array(SIZES)[np.searchsorted(BOUNDS, np.abs(known), side="right")]
    return {"sign": np.where(finite, signs, NOTHING), "size": np.where(finite, sizes, NOTHING)}


def no_answers(count: int) -> dict[str, Array]:
    """Return the same for so many steps at which there is nothing to predict."""
    nothing = np.full(count, NOTHING)
    return {"sign": nothing, "size": nothing}
