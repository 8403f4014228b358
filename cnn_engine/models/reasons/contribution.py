"""Contributions: what a layer gives times the logit's gradient by it. With what the biases bring it is the logit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from cnn_engine.models.model import Model, scale_and_shift
from cnn_engine.models.passes import INPUT, Pass
from cnn_engine.models.reasons.gradients import grad_cam_terms
from cnn_engine.models.reasons.question import Question, Reckoned, Switched, Why
from cnn_engine.nn.layers.activations import ACTIVATIONS
from cnn_engine.nn.layers.base import Array, Layer
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.words import Message

LINEAR_ONCE_GATED = {
    *(layer.kind for layer in ACTIVATIONS if layer.scales),
    *("conv2d", "linear", "batch_norm2d", "flatten", "dropout"),
    *("max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"),
}


def contribution(question: Question) -> Why:
    """Return what every cell says, and whether that adds up."""
    with np.errstate(all="ignore"):
        values = question.given * question.gradient
        after = range(question.layer + 1, len(question.model.layers))
        bias = sum((_bias(question.model, at, question.gradients[at][0]) for at in after), 0.0)
        logit, total = question.logit, float(values.sum())
        return Why(
            "contribution",
            question.classes,
            question.shown_layer,
            values,
            logit,
            sum=total,
            bias=bias,
            exact=all(_adds_up(question.model.layers[at]) for at in after),
            remainder=logit - (total + bias),
        )


def _adds_up(layer: Layer) -> bool:
    """Return whether a layer's output is linear in its input once its gates are set, beside what its biases bring."""
    return layer.kind in LINEAR_ONCE_GATED and not (isinstance(layer, BatchNorm2d) and not layer.tracks)


def _bias(model: Model, layer: int, gradient: Array) -> float:
    """Return what a layer's biases bring: each times the gradient of all cells that it is added to."""
    kind = model.layers[layer]
    if isinstance(kind, BatchNorm2d) and kind.tracks:
        biases = scale_and_shift(model, layer)[1]
    elif f"{layer}.bias" in model.parameters:
        biases = model.parameters[f"{layer}.bias"].astype(np.float64)
    else:
        return 0.0
    return float(biases @ gradient.reshape(len(biases), -1).sum(axis=1))


def contribution_of(question: Question, index: tuple[int, ...]) -> Reckoned:
    """Return a cell's value times the logit's gradient by it."""
    value, gradient = float(question.given[index]), float(question.gradient[index])
    product = value * gradient
    numbers = {"value": value, "gradient": gradient, "product": product}
    return Reckoned(
        index,
        product,
        Message("reasons.contribution_equation", numbers),
        Message("reasons.contribution", numbers | {"names": question.names}),
        terms=np.array([[value, gradient, product]]),
    )


# ---- switching cells off


def with_largest(question: Question, found: Why, count: int, seed: int) -> Why:
    """Return the reason with what the largest cells say and do, and as many that Grad-CAM and chance pick."""
    random = _without(question, found, _at_random(found.values, count, seed))

    def judged(cells: Array) -> Switched:
        own = _without(question, found, cells)
        return replace(own, beats_chance=own.fall > random.fall)

    controls = {"random": random}
    if question.layer != INPUT and len(question.layer_shape) == 3:
        controls = {"grad_cam": judged(largest_cells(grad_cam_terms(question), count))} | controls
    return replace(found, largest=judged(largest_cells(found.values, count)), controls=controls)


def largest_cells(values: Array, count: int) -> Array:
    """Return the cells with the largest values, (count, axes): of equal ones the first, and what is no number last."""
    order = np.argsort(-np.nan_to_num(values.ravel(), nan=-np.inf), kind="stable")[:count]
    return np.stack(np.unravel_index(order, values.shape), axis=1)


def _at_random(values: Array, count: int, seed: int) -> Array:
    drawn = np.random.default_rng(seed).choice(values.size, min(count, values.size), replace=False)
    return np.stack(np.unravel_index(drawn, values.shape), axis=1)


def _without(question: Question, found: Why, cells: Array) -> Switched:
    where = tuple(cells.T)
    off: Mapping[int, list[tuple[Array, ...]]] = question.off | {
        question.layer: [*question.off.get(question.layer, []), where]
    }
    with np.errstate(all="ignore"):
        logit = float(question.logits(Pass(question.model, question.sample, off))[0])
        return Switched(cells, float(found.values[where].sum()), logit, found.logit - logit)
