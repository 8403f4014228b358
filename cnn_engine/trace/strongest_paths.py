"""The strongest paths of cells to the loss, a layer at a time, and what all of their paths add up to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array

TOGETHER = 1 << 18  # products at once


class Edges(NamedTuple):
    """What some cells of one tensor have to do with the next on the way to the loss: a term each.

    Attributes:
        reached: the numbers, in C order, of the cells that they reach, each once.
        at: (cells, terms), which of those a term leads to.
        local: (cells, terms), the local derivative.
        real, gate, passing: (cells, terms), whether there is a term, whether it adds anything, whether its local
            derivative is not 0 besides.
        why: what it means where it is 0.
    """

    reached: Array
    at: Array
    local: Array
    real: Array
    gate: Array
    passing: Array
    why: str

    def added(self, after: Array, kept: Array) -> Array:
        """Return for each cell the sum of what its terms of this kind lead to."""
        return np.where(kept, after[self.at], 0.0).sum(axis=1) if after.size else np.zeros(len(self.at))


class Found(NamedTuple):
    """What is known of some cells: their strongest paths to the loss, and all of them together.

    Attributes:
        products, choices: (cells, kept); a choice is a term and a path after it, as one number; -1: there is none.
        total, passing: (cells,), how many paths there are, and how many have no local derivative of 0.
        sums: (cells,), the products of all of them.
    """

    products: Array
    choices: Array
    total: Array
    passing: Array
    sums: Array


def edges_of(trace: BackwardTrace, cells: Array) -> Edges:
    """Return what these cells have to do with what a layer makes of them."""
    if not len(cells):  # nothing reads what comes before
        none, never = np.zeros((0, 1)), np.zeros((0, 1), bool)
        return Edges(cells, none.astype(np.intp), none, never, never, never, trace.factor)
    terms = trace.terms(cells)
    to = np.ravel_multi_index(tuple(np.moveaxis(terms.index["output"], -1, 0)), trace.forward.output_shape)
    reached = np.unique(to[terms.inside])
    at = np.where(terms.inside, np.searchsorted(reached, to), 0)
    return Edges(reached, at, terms.local, terms.inside, terms.gate, terms.gate & (terms.local != 0), trace.factor)


def of_answers(above: Array) -> Found:
    """Return the paths of the network's answers, one each."""
    passing = (above != 0).astype(np.float64)
    return Found(above[:, None], np.where(above != 0, 0, -1)[:, None], np.ones(len(above)), passing, above)


def of_cells(edges: Edges, after: Found, most: int) -> Found:
    """Return the paths of cells, those of the cells that they reach being known."""
    count, terms = edges.local.shape
    together = max(1, TOGETHER // max(1, terms * after.products.shape[1]))
    starts = range(0, max(1, count), together)
    parts = [_strongest(edges, after, slice(start, start + together), most) for start in starts]
    products, choices = (np.concatenate(part) for part in zip(*parts, strict=True))
    sums = np.zeros(count)
    if after.sums.size:
        sums = np.where(edges.gate, edges.local * after.sums[edges.at], 0.0).sum(axis=1)
    total, passing = edges.added(after.total, edges.real), edges.added(after.passing, edges.passing)
    return Found(products, choices, total, passing, sums)


def _strongest(edges: Edges, after: Found, rows: slice, most: int) -> tuple[Array, Array]:
    """Return the strongest paths of some of the cells: their products, and their choices."""
    at, passing = edges.at[rows], edges.passing[rows]
    if not after.sums.size:  # nothing reads what they reach
        return np.zeros((len(at), 1)), np.full((len(at), 1), -1)
    there = (passing[:, :, None] & (after.choices[at] >= 0)).reshape(len(at), -1)
    products = (after.products[at] * edges.local[rows][:, :, None]).reshape(len(at), -1)
    strength = np.where(there, np.nan_to_num(np.abs(products), nan=np.inf), -1.0)
    order = np.argsort(-strength, axis=1, kind="stable")[:, :most]
    chosen = np.where(np.take_along_axis(there, order, axis=1), order, -1)
    return np.take_along_axis(products, order, axis=1), chosen
