"""Why the products of a backward step are 0, and the gradient with them: which factor is, and what made it so.

What each cause is called is in a language's texts of what is shown, as "cause_gate".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.gradients import Terms
from cnn_engine.trace.columns import Column
from cnn_engine.trace.showing import Cause, shown

Array = NDArray[Any]

MARKS = {
    "gate": "⊘",
    "winner": "▽",
    "weight": "w",
    "value": "x",
    "padding": "□",
    "dropped": "□",
    "slope": "~",
    "above": "↑",
    "unread": "∅",
    "loss": "✓",
    "cancel": "±",
    "tiny": "ε",
    "several": "⋮",
}
WINNER = Cause("won", "▲", shown("won"))
CAUSES = tuple(Cause(name, mark, shown(f"cause_{name}")) for name, mark in MARKS.items())
WORD = f"<U{max(map(len, MARKS))}"


def columns_of_causes(when: str | None) -> list[Column]:
    """Return what a step says of what is 0."""
    words = ", ".join(MARKS)
    zero = f"why each product is 0, a word of {words}; empty where it is not, or there is no term"
    return [
        Column("zero", "word", ("term",), zero, when),
        Column("why", "word", (), "why the gradient of the cell is 0, such a word; empty where it is not", when),
    ]


def causes_of(terms: Terms, factor: str | Array, *, gated: bool) -> Array:
    """Return (cells, terms), why each product is 0; "" where it is not, and where there is no term.

    Args:
        terms: what the steps add up.
        factor: what a local derivative of 0 means, for all terms or for each.
        gated: whether what comes from above is stopped by gates: then a closed one is the cause, whatever comes; else
            what comes from above is looked at first.
    """
    zero = terms.inside & (terms.products == 0)
    causes = np.full(zero.shape, "", WORD)
    if not zero.any():
        return causes
    own, above = terms.local[zero] == 0, terms.above[zero] == 0
    named = factor if isinstance(factor, str) else np.broadcast_to(factor, zero.shape)[zero]
    first, then = (own, above) if gated else (above, own)
    names = (named, "above") if gated else ("above", named)
    causes[zero] = np.where(first, names[0], np.where(then, names[1], "tiny"))
    return causes


def why_of(zero: Array, inside: Array, output: Array) -> Array:
    """Return (cells,), why each gradient is 0, from why its products are; "" where it is not."""
    why = np.full(len(output), "", WORD)
    if (stopped := output == 0).any():
        why[stopped] = _in_all(zero[stopped], inside[stopped])
    return why


def _in_all(zero: Array, inside: Array) -> Array:
    """Return (cells,), why the sum of each is 0: what all of its products have in common, or how they add up to it."""
    why = np.full(len(zero), "several", WORD)
    if zero.shape[1]:
        first = zero[np.arange(len(zero)), inside.argmax(axis=1)]
        alike = ((zero == first[:, None]) | ~inside).all(axis=1)
        why[alike] = first[alike]
        why[((zero == "") & inside).any(axis=1)] = "cancel"
    why[~inside.any(axis=1)] = "unread"
    return why
