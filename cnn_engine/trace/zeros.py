"""Why products of a backward step are 0: what stopped the gradient on its way from the loss, or the factor itself."""

from __future__ import annotations

import numpy as np

from cnn_engine.trace.backward import BackwardTrace
from cnn_engine.trace.base import Array, Columns
from cnn_engine.trace.causes import NUMBER, WORDS, why_of
from cnn_engine.trace.passes import Backward


def with_causes(backward: Backward, layer: int, way: BackwardTrace, columns: Columns) -> Columns:
    """Return the columns of a layer's gradient with why what comes from above is 0, and not only that it is."""
    stopped = columns["zero"] == "above"
    if not stopped.any():
        return columns
    shape = way.forward.output_shape
    cells = columns["term_cells"][stopped].reshape(-1, len(shape))
    known, which = np.unique(np.ravel_multi_index(tuple(cells.T), shape), return_inverse=True)
    zero = columns["zero"].copy()
    zero[stopped] = reasons(backward, layer, known)[which]
    causes = np.array([NUMBER[word] for word in zero.ravel().tolist()], np.int8).reshape(zero.shape)
    return columns | {"zero": zero, "why": WORDS[why_of(causes, columns["inside"], columns["output"])]}


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
    why[terms.inside.any(axis=1) & ~passing.any(axis=1)] = way.factor
    carried = passing.any(axis=1) & ~(passing & (terms.above != 0)).any(axis=1)
    if carried.any():  # the same for a layer further up
        above = np.ravel_multi_index(tuple(np.moveaxis(terms.index["output"], -1, 0)), way.forward.output_shape)
        first = above[np.arange(len(cells)), passing.argmax(axis=1)][carried]
        why[carried] = reasons(backward, layer + 1, first)
    return why
