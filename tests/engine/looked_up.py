"""Links read as a page reads them."""

from __future__ import annotations

import itertools

import numpy as np


def indices(rule, cell):
    """The indices of one axis that a rule means for a cell."""
    entry = rule["lists"] if "lists" in rule else rule.get("at")
    for axis in rule.get("by", ()):
        entry = cell[axis] if entry is None else np.asarray(entry, object if "lists" in rule else None)[cell[axis]]
    if "lists" in rule:
        return list(entry)
    if np.ndim(entry) == 0:
        return [int(entry)] if entry >= 0 else []
    first, count = map(int, entry)
    return [first + index * rule.get("step", 1) for index in range(count)]


def cells(rules, cell):
    """Every cell that the rules of all axes mean."""
    return set(itertools.product(*(indices(rule, cell) for rule in rules)))
