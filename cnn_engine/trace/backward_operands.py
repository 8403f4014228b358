"""What operations with an input, a weight and a bias have in common on the way back: a gradient by each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from cnn_engine.geometry import check_word
from cnn_engine.pointwise import floating
from cnn_engine.relations import operations
from cnn_engine.tensors import Incoming, Maps
from cnn_engine.trace.backward import BackwardTrace, Operand, Way
from cnn_engine.trace.base import Array, Trace
from cnn_engine.windows import array_of


def of_both(relation: operations.Relation, weight: str = "weight") -> dict[str, Way]:
    """Return the ways of an input and a weight that meet as they are; `weight` is the id of the weight's message."""
    return {
        "weight": Way(relation, "weight", f"backward.{weight}", {"input": "input"}),
        "input": Way(relation, "input", "backward.input", {"weight": "weight"}),
    }


def by_operand(
    forward: Trace,
    weight: Array,
    grad_output: Incoming,
    wrt: Operand,
    ways: Mapping[str, Way],
    made: type[BackwardTrace] = BackwardTrace,
) -> Trace:
    """Return the trace of the gradient by this operand; that of a bias is the same in all operations."""
    check_word(wrt, "wrt", get_args(Operand))
    way = Way(operations.bias(forward.output_shape), "bias", "backward.bias") if wrt == "bias" else ways[wrt]
    return made(forward, grad_output, replace(way, tensors={"weight": weight, **way.tensors}), wrt)


def real(values: Maps, name: str, kind: Any) -> Array:
    """Return an array of floating numbers, which are multiplied in float64 whatever their own dtype."""
    return floating(array_of(values, name, kind))
