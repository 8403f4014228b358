"""Softmax and the losses in phases: one kind of arithmetic at a time, each a step for each value."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ShapeError
from cnn_engine.geometry import whole_in
from cnn_engine.losses import LOWEST_LOG, check_classes, check_fractions, pair_of
from cnn_engine.parameters import Accepts
from cnn_engine.pointwise import floating, shifted, sigmoid
from cnn_engine.tensors import Vector
from cnn_engine.trace.base import Array, Source, Trace
from cnn_engine.trace.loss_curve import loss_curve
from cnn_engine.trace.phases import COLUMNS, PhasedTrace, Phases
from cnn_engine.windows import array_of

__all__ = [
    "trace_binary_cross_entropy",
    "trace_binary_cross_entropy_with_logits",
    "trace_cross_entropy",
    "trace_log_softmax",
    "trace_mse",
    "trace_softmax",
]

Axis = Annotated[int, Accepts("whole", minimum=-1, maximum=0)]  # of one sample, which has no other
Index = Annotated[int, Accepts("whole", minimum=0)]


def _logits(input: ArrayLike, axis: int = -1) -> Array:
    x = floating(array_of(input, "input", Vector))
    whole_in(axis, "axis", -1, 0)
    return x


def _powers(x: Array, phases: Phases) -> tuple[Array, Array, float]:
    """Return the phases that softmax and its logarithm share: the values less their maximum, their powers, the sum."""
    top = float(x.max())
    less = shifted(x, 0)
    powers = np.exp(less)
    for k, value in enumerate(x.tolist()):
        phases.add("subtract", k, [value, top], less[k], "subtract_largest", value=value, largest=top)
    for k, value in enumerate(less.tolist()):
        phases.add("exponentiate", k, [value], powers[k], "exponentiate", value=value)
    total = x.dtype.type(0)
    for k, power in enumerate(powers):
        before, total = total, total + power
        known = {"before": before, "power": power, "count": k + 1, "total": x.size}
        phases.add("sum", k, [before, power], total, "sum_of_powers", **known)
    return less, powers, float(total)


def trace_softmax(input: Vector, axis: Axis = -1) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `softmax` of one sample, input (K,), 4 K of them.

    Phases: "subtract" (the maximum), "exponentiate", "sum" (so far), "divide" (the probabilities).
    """
    x, phases = _logits(input, axis), Phases()
    _, powers, total = _powers(x, phases)
    output = powers / x.dtype.type(total)
    _divide(powers, total, output, phases)
    tensors: dict[str, Source] = {"input": x, "shifted": shifted(x, 0), "powers": powers, "output": output}
    return PhasedTrace("softmax", phases, tensors, {"axis": 0})


def _divide(powers: Array, total: float, output: Array, phases: Phases) -> None:
    for k, power in enumerate(powers.tolist()):
        known = {"power": power, "total": total, "classes": powers.size, "cell": k}
        phases.add("divide", k, [power, total], output[k], "share", **known)


def trace_log_softmax(input: Vector, axis: Axis = -1) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `log_softmax` of one sample, input (K,).

    Phases: "subtract" (the maximum), "exponentiate", "sum" (so far), "log" (of the sum), "subtract_log".
    """
    x, phases = _logits(input, axis), Phases()
    less, powers, total = _powers(x, phases)
    log = phases.add("log", 0, [total], np.log(x.dtype.type(total)), "log_once", total=total)
    output = less - x.dtype.type(log)
    for k, value in enumerate(less.tolist()):
        phases.add("subtract_log", k, [value, log], output[k], "log_share", value=value, log=log, cell=k)
    tensors: dict[str, Source] = {"input": x, "shifted": less, "powers": powers, "output": output}
    return PhasedTrace("log_softmax", phases, tensors, {"axis": 0})


def trace_cross_entropy(input: Vector, target: Index) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `cross_entropy` of one sample: logits (K,) and the true class, an int.

    Phases: softmax's "subtract", "exponentiate", "sum", "divide", then "log" (of the sum of the powers) and "loss":
    that logarithm less the true class's shifted logit, which is -log of its probability and does not fail where the
    probability has become too small to hold. Tensors: input, target, probabilities, output (one number), and the
    curve of −ln with the loss on it (`loss_curve`).
    """
    x, phases = _logits(input), Phases()
    label = check_classes(target, x.size)
    if label.ndim:
        raise ShapeError("target_not_one_class", "target")
    truth = int(label)
    less, powers, total = _powers(x, phases)
    probabilities = powers / x.dtype.type(total)
    _divide(powers, total, probabilities, phases)
    log = phases.add("log", truth, [total], np.log(x.dtype.type(total)), "log_of_sum", total=total)
    known = {"truth": truth, "probability": probabilities[truth], "log": log, "value": less[truth]}
    loss = phases.add("loss", truth, [log, less[truth]], log - less[truth], "cross_entropy", **known)
    tensors: dict[str, Source] = {
        "input": x,
        "target": np.asarray(truth),
        "shifted": less,
        "powers": powers,
        "probabilities": probabilities,
        "output": np.asarray(loss, x.dtype),
    } | loss_curve(loss)
    return PhasedTrace("cross_entropy", phases, tensors, {"target": truth})


def _mean(terms: list[float], phases: Phases) -> float:
    """Return the phases "sum" (so far) and "divide" (by how many)."""
    total = 0.0
    for k, term in enumerate(terms):
        before, total = total, total + term
        phases.add("sum", k, [before, term], total, "sum_so_far", before=before, term=term)
    count = len(terms)
    mean = total / count
    return phases.add("divide", 0, [total, count], mean, "mean_loss", total=total, count=count)


def trace_mse(input: Vector, target: Vector) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `mse`: answers (n,) and truths (n,); a number stands for a vector of one.

    Phases: "subtract" (the truth), "square", "sum" (so far), "divide" (by how many).
    """
    x, t = _pair(input, target)
    phases = Phases()
    for k, (value, truth) in enumerate(zip(x.tolist(), t.tolist(), strict=True)):
        phases.add("subtract", k, [value, truth], value - truth, "miss", value=value, truth=truth)
    terms = []
    for k, miss in enumerate((x - t).tolist()):
        terms.append(phases.add("square", k, [miss, miss], miss * miss, "square", value=miss))
    more: dict[str, Source] = {"differences": x - t, "squares": np.asarray(terms, x.dtype)}
    return _loss("mse", phases, x, t, _mean(terms, phases), **more)


def _pair(input: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    x, t = pair_of(np.atleast_1d(np.asarray(input)), np.atleast_1d(np.asarray(target)))
    if x.ndim != 1:
        raise ShapeError("input_not_a_line", "input", ndim=x.ndim)
    return x, t


def _loss(op: str, phases: Phases, x: Array, t: Array, loss: float, **more: Source) -> Trace:
    tensors: dict[str, Source] = {"input": x, "target": t, **more, "output": np.asarray(loss, x.dtype)}
    return PhasedTrace(op, phases, tensors, {})


def trace_binary_cross_entropy(input: Vector, target: Vector) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `binary_cross_entropy`: probabilities (n,) and targets (n,) from 0 to 1.

    Phases: "complement" (1 - p), "log" (t log p + (1 - t) log(1 - p), negated), "sum" (so far), "divide".
    """
    p, t = _pair(input, target)
    check_fractions(p, "input")
    check_fractions(t, "target")
    phases = Phases()
    terms = _binary_terms(p, t, phases)
    more: dict[str, Source] = {"complements": 1 - p, "terms": np.asarray(terms, p.dtype)}
    return _loss("binary_cross_entropy", phases, p, t, _mean(terms, phases), **more)


def _binary_terms(p: Array, t: Array, phases: Phases) -> list[float]:
    for k, value in enumerate(p.tolist()):
        phases.add("complement", k, [1.0, value], 1 - value, "complement", value=value)
    with np.errstate(divide="ignore"):
        yes, no = np.maximum(np.log(p), LOWEST_LOG), np.maximum(np.log1p(-p), LOWEST_LOG)
    terms = []
    for k, (truth, log, other) in enumerate(zip(t.tolist(), yes.tolist(), no.tolist(), strict=True)):
        term = -(truth * log + (1 - truth) * other)
        terms.append(phases.add("log", k, [truth, log, 1 - truth, other], term, "cost", truth=truth))
    return terms


def trace_binary_cross_entropy_with_logits(input: Vector, target: Vector) -> Annotated[Trace, COLUMNS]:
    """Return the steps of `binary_cross_entropy_with_logits`: logits (n,) and targets (n,) from 0 to 1.

    Phases: "sigmoid", "complement" (1 - p), "loss" (a term each), "sum" (so far), "divide" (by how many). A term is
    computed from the logit, max(x, 0) - x t + log(1 + exp(-|x|)), which stays finite where log p would not.
    """
    x, t = _pair(input, target)
    check_fractions(t, "target")
    phases = Phases()
    p = sigmoid(x)
    for k, (value, share) in enumerate(zip(x.tolist(), p.tolist(), strict=True)):
        phases.add("sigmoid", k, [value], share, "sigmoid", value=value)
    other = sigmoid(-x)
    for k, (share, rest) in enumerate(zip(p.tolist(), other.tolist(), strict=True)):
        phases.add("complement", k, [1.0, share], rest, "rest")
    costs = (np.maximum(x, 0) - x * t + np.log1p(np.exp(-np.abs(x)))).tolist()
    terms = []
    for k, (truth, cost) in enumerate(zip(t.tolist(), costs, strict=True)):
        terms.append(phases.add("loss", k, [float(p[k]), truth], cost, "cost_of_share", truth=truth))
    loss = _mean(terms, phases)
    more: dict[str, Source] = {"probabilities": p, "complements": other, "terms": np.asarray(terms, x.dtype)}
    return _loss("binary_cross_entropy_with_logits", phases, x, t, loss, **more)
