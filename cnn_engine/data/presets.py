"""Everything by name, at any size from 1 to 32: kernels, inputs, and here weights, filters and gradients.

Inputs hold whole numbers from 0 (dark) to 9 (bright), and kernels whole numbers or fractions over a power of two
wherever their definition allows, so that the arithmetic of a lesson prints exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn_engine.data.inputs import INPUTS, NamedInput, input_values
from cnn_engine.data.kernels import KERNELS, MAX_SIZE, Kernel, Size, Values, check_size, drawn, kernel_values
from cnn_engine.errors import ParameterError

__all__ = [
    "GRADIENTS",
    "INPUTS",
    "KERNELS",
    "MAX_SIZE",
    "WEIGHTS",
    "Kernel",
    "NamedInput",
    "Size",
    "Values",
    "gradient_values",
    "input_values",
    "kernel_values",
    "random_filters",
    "weight_values",
]

_STRONGEST_WEIGHT = 2


def random_filters(filters: int, channels: int, size: Size, seed: int = 0) -> Values:
    """Return whole numbers from -2 to 2 drawn by `seed`, (filters, channels, height, width)."""
    check_size(size)
    return drawn(seed, -_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, (filters, channels, *size))


WEIGHTS = ("random", "identity", "mean")


def weight_values(name: str, size: Size, seed: int = 0) -> Values:
    """Return the weights of a dense layer by name, (outputs, inputs).

    "random" draws whole numbers from -2 to 2 by `seed`, "identity" hands inputs on, "mean" gives every output the
    mean of the inputs.

    Raises ParameterError for a name that is not in WEIGHTS and a size outside 1 to 32.
    """
    if name not in WEIGHTS:
        raise ParameterError("no_weights", "name", name=name, listed=", ".join(WEIGHTS))
    check_size(size)
    outputs, inputs = size
    if name == "identity":
        return np.eye(outputs, inputs)
    if name == "mean":
        return np.full((outputs, inputs), 1.0 / inputs)
    return drawn(seed, -_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, size)


GRADIENTS = {"ones": "ones", "one": "a single one", "random": "random"}  # what each is called


def gradient_values(name: str, shape: Sequence[int], seed: int = 0) -> Values:
    """Return the gradient of an output by name, in the output's shape.

    "ones" says that the loss is the sum of all outputs, "one" that it is the middle one alone, of the first channel;
    "random" draws whole numbers from -2 to 2 by `seed`.

    Raises ParameterError for a name that is not in GRADIENTS.
    """
    if name not in GRADIENTS:
        raise ParameterError("no_gradient", "name", name=name, listed=", ".join(GRADIENTS))
    if name == "random":
        return drawn(seed, -_STRONGEST_WEIGHT, _STRONGEST_WEIGHT, shape)
    if name == "ones":
        return np.ones(shape)
    values, middle_cell = np.zeros(shape), [(side - 1) // 2 for side in shape]
    if len(shape) > 2:
        middle_cell[0] = 0
    values[tuple(middle_cell)] = 1
    return values
