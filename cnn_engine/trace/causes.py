"""Why the products of a backward step are 0, and the gradient with them: which factor is, and what made it so.

What each cause is called is in a language's texts of what is shown, as "cause_gate".
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.relations.gradients import GradientTerms
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
WORDS = np.array(["", *MARKS], object)  # by number: numbers are compared and chosen sooner
NUMBER = {word: number for number, word in enumerate(WORDS)}


def columns_of_causes(when: str | None) -> list[Column]:
    """Return what a step says of what is 0."""
    words = ", ".join(MARKS)
    zero = f"why each product is 0, a word of {words}; empty where it is not, or there is no term"
    return [
        Column("zero", "word", ("term",), zero, when),
        Column("why", "word", (), "why the gradient of the cell is 0, such a word; empty where it is not", when),
    ]


def causes_of(terms: GradientTerms, factor: int | Array, *, gated: bool) -> Array:
    """Return (cells, terms), why each product is 0, by number: 0 where it is not, and where there is no term.

    Args:
        terms: what the steps add up.
        factor: what a local derivative of 0 means, for all terms or for each.
        gated: whether what comes from above is stopped by gates: then a closed one is the cause, whatever comes; else
            what comes from above is looked at first.
    """
    zero = terms.inside & (terms.products == 0)
    causes = np.zeros(zero.shape, np.int8)
    if not zero.any():
        return causes
    own, above = (terms.local == 0, factor), (terms.above == 0, NUMBER["above"])
    (first, name), (then, other) = (own, above) if gated else (above, own)
    np.copyto(causes, np.where(first, name, np.where(then, other, NUMBER["tiny"])), "unsafe", where=zero)
    return causes


def why_of(causes: Array, inside: Array, output: Array) -> Array:
    """Return (cells,), why each gradient is 0, from why its products are, by number; 0 where it is not."""
    why = np.zeros(len(output), np.int8)
    if (stopped := output == 0).any():
        why[stopped] = _in_all(causes[stopped], inside[stopped])
    return why


def _in_all(causes: Array, inside: Array) -> Array:
    """Return (cells,), why the sum of each is 0: what all of its products have in common, or how they add up to it."""
    why = np.full(len(causes), NUMBER["several"], np.int8)
    if causes.shape[1]:
        first = causes[np.arange(len(causes)), inside.argmax(axis=1)]
        alike = ((causes == first[:, None]) | ~inside).all(axis=1)
        why[alike] = first[alike]
        why[((causes == 0) & inside).any(axis=1)] = NUMBER["cancel"]
    why[~inside.any(axis=1)] = NUMBER["unread"]
    return why
