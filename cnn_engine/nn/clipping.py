"""The length of a gradient, and how it is kept from becoming too long."""

from __future__ import annotations

import math

import numpy as np

from cnn_engine.nn.layers.base import Array


def clip_scale(gradient: Array, most: float) -> float:
    """What to multiply a gradient by so that its norm is at most `most`, as torch.nn.utils.clip_grad_norm_ does."""
    with np.errstate(all="ignore"):
        return min(1.0, most / (norm(gradient) + 1e-6))


def norm(gradient: Array) -> float:
    """The length of a vector; infinite, or not a number, only where one of its values is. NumPy may warn of that."""
    square = float(gradient.dot(gradient))
    if math.isfinite(square):
        return math.sqrt(square)
    largest = float(np.max(np.abs(gradient)))
    if not math.isfinite(largest):
        return largest
    scaled = gradient / largest  # whose squares do not overflow
    return largest * math.sqrt(float(scaled.dot(scaled)))
