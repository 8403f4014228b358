"""What is the same for all numbers, and so kept for the next ones: as much of it as there is room for."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Made = TypeVar("Made")


def constant(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array that nobody can write to, nor to what it is a view of."""
    for one in (array, array.base):
        if isinstance(one, np.ndarray):
            one.flags.writeable = False
    return array


def stretch_of(cells: NDArray[Any]) -> tuple[int, int] | None:
    """Return the first of cells that follow one another, and how many they are; of others, nothing."""
    first, count = (int(cells[0]) if len(cells) else 0), len(cells)
    return (first, count) if np.array_equal(cells, np.arange(first, first + count)) else None


class Kept(Generic[Made]):
    """What was made last, by what it was made of; the numbers in all of it are at most `room`."""

    def __init__(self, room: int) -> None:
        self.room, self.taken = room, 0
        self._made: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, numbers: int, make: Callable[[], Made]) -> Made:
        """Return what was made for a key, or make it, of so many numbers; what was not asked for longest makes room."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key][0]
        made = make()
        with self._lock:
            if key not in self._made:
                self._made[key] = made, numbers
                self.taken += numbers
            while self.taken > self.room:
                self.taken -= self._made.popitem(last=False)[1][1]
        return made
