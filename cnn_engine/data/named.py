"""What kernels, inputs and weights by name have in common: their sizes, and whole numbers that count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cnn_engine.errors import ParameterError

Values = NDArray[np.float64]
Size = tuple[int, int]

MAX_SIZE = 32


def check_size(size: Size) -> None:
    """Refuse a size outside 1 to 32."""
    if not all(1 <= side <= MAX_SIZE for side in size):
        height, width = size
        raise ParameterError("size_out_of_range", "size", height=height, width=width)


def counting(height: int, width: int) -> Values:
    """0, 1, 2 and so on, row by row."""
    return np.arange(height * width, dtype=np.float64).reshape(height, width)
