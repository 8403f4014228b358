"""What weights begin as: He for ReLU networks, Xavier for sigmoid and tanh; seeded, the same for every dtype.

He keeps the variance of activations through a ReLU: variance 2 / fan_in. Xavier keeps that of activations and
gradients through a linear layer: variance 2 / (fan_in + fan_out). Each comes normal and uniform (of the same
variance: a uniform number from -a to a has variance a² / 3). Biases begin at 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

INITIALISATIONS = ("he_normal", "he_uniform", "xavier_normal", "xavier_uniform")
SHORT = {"he": "he_normal", "xavier": "xavier_uniform"}
INITIALISATION_NAMES = (*INITIALISATIONS, *SHORT)


def draw(name: str, shape: tuple[int, ...], fan_in: int, fan_out: int, random: np.random.Generator) -> NDArray[Any]:
    """Weights of this shape in float64; `name` is one of INITIALISATION_NAMES."""
    family, _, kind = SHORT.get(name, name).partition("_")
    variance = 2 / fan_in if family == "he" else 2 / (fan_in + fan_out)
    if kind == "normal":
        return random.standard_normal(shape) * math.sqrt(variance)
    reach = math.sqrt(3 * variance)
    return random.uniform(-reach, reach, shape)
