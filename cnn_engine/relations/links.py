"""Which cells of one tensor have to do with which of another: small tables for each axis, looked up and not computed.

A rule says for one axis of the other tensor which of its indices are meant. `by` names axes of the cell that is
pointed at; their indices look up an entry in `at`, one after the other. An entry is one index, or [first, count] of a
run of indices that are `step` apart. Without `at` the index is the cell's own; `lists` has entries that are no run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache
from itertools import permutations
from typing import Any

import numpy as np

from cnn_engine.relations.axes import Axis, Indices
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.operations import Dims, Relation
from cnn_engine.relations.slide import Renumbered, Slide

SMALL = 1024  # entries of a table that is kept for the next request

Rule = dict[str, Any]
Links = dict[str, dict[str, list[Rule]]]  # the tensor that is pointed at -> the other one -> a rule for each axis


def links(relation: Relation, pairs: Iterable[tuple[str, str]]) -> Links:
    """Return the rules from one tensor to another, for each of these pairs."""
    found: Links = {}
    for source, target in pairs:
        dims = relation.tensors[target]
        found.setdefault(source, {})[target] = [
            _rule(relation.axes[axis], axis, role, relation.tensors[source]) for axis, role in dims
        ]
    return found


def both(*names: str) -> list[tuple[str, str]]:
    """Return every pair of these tensors, each in both directions."""
    return list(permutations(names, 2))


def merge(parts: Iterable[Links]) -> Links:
    """Return the links of several relations as one."""
    merged: Links = {}
    for part in parts:
        for source, targets in part.items():
            merged.setdefault(source, {}).update(targets)
    return merged


def _rule(axis: Axis, number: int, wanted: str, source: Dims) -> Rule:
    by = [dimension for dimension, (along, _) in enumerate(source) if along == number]
    roles = tuple(source[dimension][1] for dimension in by)
    if wanted in roles:
        return {"by": [by[roles.index(wanted)]]}
    if not roles:
        return {"at": [0, axis.size(wanted)]}
    if isinstance(axis, Slide | Blocks | Renumbered) and math.prod(axis.size(role) for role in roles) <= SMALL:
        rule = _kept_table(axis, roles, wanted)
    else:
        rule = _table(axis, roles, wanted)
    return {**rule, "by": [by[dimension] for dimension in rule["by"]]} if "by" in rule else rule


def _table(axis: Axis, roles: tuple[str, ...], wanted: str) -> Rule:
    """Return a rule for a cell whose indices have these roles along the axis; `by` counts among these."""
    grid = np.indices([axis.size(role) for role in roles])
    given = {role: indices.ravel() for role, indices in zip(roles, grid, strict=True)}
    by, shape = list(range(len(roles))), grid.shape[1:]
    if isinstance(axis, Slide | Blocks | Renumbered):
        first, count, step = axis.progressions(given).ascending(wanted)
        return _run_rule(by, first.reshape(shape), count.reshape(shape), step)
    points = axis.points(given)
    if points.real.shape[1] == 1:
        return {"by": by, "at": np.where(points.real, points.index[wanted], -1).reshape(shape)}
    lists = [indices[real].tolist() for indices, real in zip(points.index[wanted], points.real, strict=True)]
    return {"by": by, "lists": lists}


_kept_table = lru_cache(256)(_table)  # the same setting is requested again and again, with other numbers


def _run_rule(by: list[int], first: Indices, count: Indices, step: int) -> Rule:
    """Return the shortest way to write a table of runs: axes on which it does not depend are left out."""
    table = np.stack([np.where(count > 0, first, 0), count], axis=-1)
    for dimension in reversed(range(len(by))):
        if np.array_equal(table, np.broadcast_to(table.take([0], axis=dimension), table.shape)):
            table = table.take(0, axis=dimension)
            by = by[:dimension] + by[dimension + 1 :]
    single = bool((table[..., 1] == 1).all())
    if len(by) == 1 and single and np.array_equal(table[..., 0], np.arange(len(table))):
        return {"by": by}
    rule: Rule = {"by": by} if by else {}
    rule["at"] = table[..., 0] if single and by else table
    return rule if single or step == 1 else {**rule, "step": step}
