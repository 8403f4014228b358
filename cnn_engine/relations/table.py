"""Axes that follow no rule: what each position reads is written down, as where padding copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.axes import Given, Indices, MeetingPoints
from cnn_engine.relations.slide import Slide


@dataclass(frozen=True, eq=False)
class Table:
    """An axis that follows no rule: for each position the cell that each of its taps reads, and by how much it counts.

    Padding that copies is such a table of one tap, enlarging by a factor one of two. Roles: position, tap, cell.

    Attributes:
        sources: (positions, taps), the cell, or -1 for none.
        cells: how many there are.
        weights: (positions, taps), or None where each counts once.
    """

    sources: Indices
    cells: int
    weights: NDArray[Any] | None = None

    def size(self, role: str) -> int:
        """Return how many positions, taps or cells there are."""
        sizes: dict[str, int] = {"position": self.sources.shape[0], "tap": self.sources.shape[1], "cell": self.cells}
        return sizes[role]

    def most(self, role: str) -> int:
        """Return how many cells a position reads at most, or by how many taps a cell is read."""
        if role == "position":
            return int((self.sources >= 0).sum(axis=1).max(initial=0))
        return int(np.bincount(self.sources[self.sources >= 0]).max(initial=0))

    @cached_property
    def _by_cell(self) -> tuple[Indices, Indices]:
        """All the taps in the order of their cells, and those cells."""
        order = np.argsort(self.sources, axis=None, kind="stable")
        return order, self.sources.ravel()[order]

    def points(self, given: Given) -> MeetingPoints:
        """Return the points that have a given position or cell, by position and then tap."""
        ((role, index),) = given.items()
        taps = self.sources.shape[1]
        if role == "position":
            flat, real = index[:, None] * taps + np.arange(taps), self.sources[index] >= 0
        else:
            order, cells = self._by_cell
            begin, end = np.searchsorted(cells, (index, index + 1))
            offset = np.arange(int((end - begin).max(initial=0)))
            real = offset < (end - begin)[:, None]
            flat = order[np.where(real, begin[:, None] + offset, 0)]
        cell = np.where(real, self.sources.ravel()[flat], 0)
        weight = None if self.weights is None else self.weights.ravel()[flat]
        return MeetingPoints({"position": flat // taps, "tap": flat % taps, "cell": cell}, real, weight)


@dataclass(frozen=True, eq=False)
class PaddedSlide:
    """A slide over cells that are copies: role cell is where a copy comes from. By taps, then by copies."""

    slide: Slide
    copies: Table

    def size(self, role: str) -> int:
        """Return how many positions, taps or cells of the input there are."""
        return self.copies.cells if role == "cell" else self.slide.size(role)

    def most(self, role: str) -> int:
        """Return how many points a position, a tap, or a cell with all its copies has at most."""
        if role != "cell":
            return self.slide.most(role)
        read = np.bincount(self.copies.sources[:, 0], self.slide.counts("cell"))
        return int(read.max(initial=0))

    def points(self, given: Given) -> MeetingPoints:
        """Return the points that read any copy of a given cell, or those of a position or a tap."""
        if "cell" not in given:
            points = self.slide.points(given)
            cell = self.copies.sources[points.index["cell"], 0] * points.real
            return MeetingPoints({**points.index, "cell": cell}, points.real)
        cell = given["cell"]
        copies = self.copies.points({"cell": cell})
        read = self.slide.points({"cell": copies.index["position"].ravel()})
        shape = len(cell), copies.real.shape[1] * read.real.shape[1]
        real = (read.real & copies.real.reshape(-1, 1)).reshape(shape)
        index = {role: read.index[role].reshape(shape) for role in ("position", "tap")}
        order = np.argsort(np.where(real, index["tap"], self.slide.taps), axis=1, kind="stable")
        index = {role: np.take_along_axis(values, order, axis=1) for role, values in index.items()}
        index["cell"] = np.broadcast_to(cell[:, None], order.shape)
        real = np.take_along_axis(real, order, axis=1)
        most = int(real.sum(axis=1).max(initial=0))
        return MeetingPoints({role: values[:, :most] for role, values in index.items()}, real[:, :most])
