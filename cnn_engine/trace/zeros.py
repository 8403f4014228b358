"""Why products of a backward step are 0: what stopped the gradient on its way from the loss, or the factor itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array
from cnn_engine.trace.passes import Backward


def factor_of(way: BackwardTrace) -> str:
    """Return what a local derivative of 0 means: a gate, a window's winner, or the number that is 0."""
    if way.way.gated:
        return "gate" if way.forward.op == "relu" else "winner"
    if "weight" in way.way.read.values():
        return "weight"
    return "slope" if way.wrt is None else "value"


def zeros_of(backward: Backward, layer: int, wrt: str, cells: Array) -> Iterator[dict[str, int]]:
    """Yield for each of these steps of a gradient how many of its products are 0, by why: those of `reasons`, and
    "value" or "weight" for the factor itself.
    """
    way = backward.trace(layer, wrt)
    assert isinstance(way, BackwardTrace)
    terms, factor = way.terms(cells), factor_of(way)
    above = np.ravel_multi_index(tuple(np.moveaxis(terms.index["output"], -1, 0)), way.forward.output_shape)
    stopped = terms.inside & (terms.above == 0)
    known = np.unique(above[stopped])
    why = dict(zip(known.tolist(), reasons(backward, layer, known).tolist(), strict=True))
    for cell, ended, local, inside in zip(above, stopped, terms.local, terms.inside, strict=True):
        found = Counter(why[at] for at in cell[ended].tolist())
        found[factor] += int(np.sum(inside & ~ended & (local == 0)))
        yield {name: count for name, count in found.items() if count}


def reasons(backward: Backward, layer: int, cells: Array) -> Array:
    """Return why the gradient by each of these values that a layer gives is 0, as words; "" where it is not.

    "gate": the gate of a ReLU is closed. "winner": another value won its window. "weight", "slope": all that it meets
    is 0. "unread": nothing reads it. "loss": so is that of the answer. "cancel": what comes back is 0 in sum.
    """
    if layer == len(backward.forward.parts) - 1:
        return np.where(backward.above(layer).reshape(-1)[cells] == 0, "loss", "").astype(object)
    way = backward.trace(layer + 1, "input")
    assert isinstance(way, BackwardTrace)
    if not len(cells):
        return np.empty(0, object)
    terms = way.terms(cells)
    passing = terms.gate & (terms.local != 0)
    why = np.where(terms.sums == 0, "cancel", "").astype(object)
    why[~terms.inside.any(axis=1)] = "unread"
    why[terms.inside.any(axis=1) & ~passing.any(axis=1)] = factor_of(way)
    carried = passing.any(axis=1) & ~(passing & (terms.above != 0)).any(axis=1)
    if carried.any():  # the same for a layer further up
        above = np.ravel_multi_index(tuple(np.moveaxis(terms.index["output"], -1, 0)), way.forward.output_shape)
        first = above[np.arange(len(cells)), passing.argmax(axis=1)][carried]
        why[carried] = reasons(backward, layer + 1, first)
    return why
