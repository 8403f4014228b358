"""One axis of an operation: which indices of its tensors meet there, solved without going through all of them.

An operation that multiplies and adds goes through points, and along each axis every tensor has an index at each
point. The index is an affine function, so those that meet a given one are evenly spaced: an arithmetic progression.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Given = Mapping[str, Indices]  # a role that a tensor's index may have along an axis -> the indices that are known


@dataclass(frozen=True)
class MeetingPoints:
    """The points that have each of some given indices, in the contract's order of addition.

    Attributes:
        index: role -> (given, most), the index that this role has at each point; 0 where there is no point.
        real: (given, most), whether there is a point; not all of the given have the same number.
        weight: (given, most), what the axis itself multiplies by, or None for nothing.
    """

    index: dict[str, Indices]
    real: NDArray[np.bool_]
    weight: NDArray[Any] | None = None

    def widened(self, most: int) -> MeetingPoints:
        """Return the same points with room for `most` of each of the given indices."""
        if most == self.real.shape[1]:
            return self

        def wide(values: NDArray[Any]) -> NDArray[Any]:
            return np.pad(values, ((0, 0), (0, most - values.shape[1])))

        index = {role: wide(values) for role, values in self.index.items()}
        return MeetingPoints(index, wide(self.real), None if self.weight is None else wide(self.weight))


@dataclass(frozen=True)
class Progressions:
    """The points that have each of some given indices, as arithmetic progressions.

    Attributes:
        first: role -> (given,), its index at the first point.
        step: role -> how far it is from one point to the next.
        count: (given,), how many points there are.
    """

    first: dict[str, Indices]
    step: dict[str, int]
    count: Indices

    def ascending(self, role: str) -> tuple[Indices, Indices, int]:
        """Return the smallest index of a role in each, how many it has there, and how far apart they are."""
        first, step = self.first[role], self.step[role]
        if step < 0:
            return first + (self.count - 1) * step, self.count, -step
        return first, (np.minimum(self.count, 1) if step == 0 else self.count), max(step, 1)

    def points(self) -> MeetingPoints:
        """Return every point of every progression."""
        offset = np.arange(int(self.count.max(initial=0)))
        real = offset < self.count[:, None]
        index = {role: (first[:, None] + offset * self.step[role]) * real for role, first in self.first.items()}
        return MeetingPoints(index, real)


class Axis(Protocol):
    """What every axis can say."""

    def size(self, role: str) -> int:
        """Return how many indices this role has."""
        ...

    def most(self, role: str) -> int:
        """Return how many points an index of this role has at most; counted, not gone through."""
        ...

    def points(self, given: Given) -> MeetingPoints:
        """Return the points at which these roles have these indices."""
        ...


@dataclass(frozen=True)
class Ravel:
    """Several axes that become one, in C order. Roles: flat, and the number of each axis."""

    shape: tuple[int, ...]

    def size(self, role: str) -> int:
        """Return how long the line or one of the axes is."""
        return math.prod(self.shape) if role == "flat" else self.shape[int(role)]

    def most(self, role: str) -> int:
        """Return 1: each place in the line is one cell."""
        return 1

    def points(self, given: Given) -> MeetingPoints:
        """Return the one point of each place in the line, or of each cell."""
        if "flat" in given:
            flat = given["flat"]
        else:
            flat = np.ravel_multi_index([given[str(axis)] for axis in range(len(self.shape))], self.shape)
        index = {str(axis): part[:, None] for axis, part in enumerate(np.unravel_index(flat, self.shape))}
        return MeetingPoints({"flat": flat[:, None], **index}, np.ones((len(flat), 1), bool))
