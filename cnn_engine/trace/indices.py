"""Where the cells of steps are: the same whatever the numbers are, and kept for steps that follow one another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.kept import Kept, constant, stretch_of

Array = NDArray[Any]

ROOM = 400_000  # numbers, 3.2 MB
_KEPT: Kept[Array] = Kept(ROOM)


def indices_of(cells: Array, shape: tuple[int, ...]) -> Array:
    """Return (cells, axes): where in an array of this shape cells are, which are given by their numbers in C order."""
    return _kept(cells, (shape,), len(shape), lambda: np.stack(np.unravel_index(cells, shape), axis=-1))


def corners(cells: Array, shape: tuple[int, ...], steps: tuple[int, int]) -> Array:
    """Return (cells, 2): the top left of the window of each cell of maps of this shape, so far apart."""
    return _kept(cells, (shape, steps), 2, lambda: indices_of(cells, shape)[:, 1:] * steps)


def _kept(cells: Array, key: tuple[Any, ...], axes: int, make: Callable[[], Array]) -> Array:
    numbers = len(cells) * axes
    stretch = stretch_of(cells) if numbers <= ROOM // 8 else None
    return make() if stretch is None else _KEPT.get((*key, *stretch), numbers, lambda: constant(make()))
