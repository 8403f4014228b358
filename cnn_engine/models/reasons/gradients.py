"""Gradients: how fast the logit grows with each cell; and what is made of them.

Grad-CAM: a layer's maps, each times the mean of the logit's gradient by it, added up; what is negative is 0.
"""

from __future__ import annotations

import numpy as np

from cnn_engine.models.passes import Pass
from cnn_engine.models.reasons.question import Question, Reckoned, Scrambled, Why
from cnn_engine.nn.layers.base import Array
from cnn_engine.words import Message

NUDGE = 0.01  # by how much a cell is made larger and smaller, where its slope is measured
AGREES = 0.99  # a correlation with contributions from which Grad-CAM says the same
ALIKE = 0.5  # a correlation from which maps count as alike


def gradient(question: Question) -> Why:
    """Return the logit's gradient by what the layer gives."""
    return Why("gradient", question.classes, question.shown_layer, question.gradient, question.logit)


def gradient_of(question: Question, index: tuple[int, ...]) -> Reckoned:
    """Return the logit's slope along a cell, measured beside the gradient: they differ where a gate is within reach."""
    nudge = np.zeros((1, *question.layer_shape))
    nudge[(0, *index)] = NUDGE
    more, less = (
        float(question.logits(Pass(question.model, question.sample, question.off, plus={question.layer: plus}))[0])
        for plus in (nudge, -nudge)
    )
    value = float(question.gradient[index])
    numbers = {"more": more, "less": less, "slope": (more - less) / (2 * NUDGE), "width": 2 * NUDGE}
    return Reckoned(
        index,
        value,
        Message("reasons.gradient_equation", numbers),
        Message("reasons.gradient", {"nudge": NUDGE, **numbers, "value": value, "names": question.names}),
    )


def grad_cam(question: Question) -> Why:
    """Return a value for each cell, whether any is above 0, and how far the sums agree with contributions."""
    maps, gradients = question.given, question.gradient
    with np.errstate(all="ignore"):
        weights = gradients.mean(axis=(1, 2))
        sums = np.einsum("c,chw->hw", weights, maps)
        highest, agreement = float(sums.max()), correlation(sums, (maps * gradients).sum(axis=0))
        return Why(
            "grad_cam",
            question.classes,
            question.shown_layer,
            np.maximum(sums, 0),
            question.logit,
            weights=weights,
            sums=sums,
            highest=highest,
            blank=_blank(sums, weights) if highest <= 0 else None,
            agreement=agreement,
            agrees=None if agreement is None else bool(agreement >= AGREES and highest > 0),
        )


def _blank(sums: Array, weights: Array) -> Message:
    """Return why nothing is left: none of the sums is above 0."""
    numbers = {"cells": sums.size, "highest": float(sums.max())}
    return Message("reasons.grad_cam_blank", numbers | {"maps": len(weights), "negative": int((weights < 0).sum())})


def grad_cam_of(question: Question, index: tuple[int, ...]) -> Reckoned:
    """Return each map's value at a cell times its weight, added up; a negative sum gives 0."""
    weights = question.gradient.mean(axis=(1, 2))
    column = np.moveaxis(question.given, 0, -1)[index]
    products = weights * column
    total = float(products.sum())
    value = float(np.maximum(total, 0))
    numbers = {"count": len(products), "total": total, "value": value}
    return Reckoned(
        index,
        value,
        Message("reasons.grad_cam_equation", numbers),
        Message("reasons.grad_cam", numbers),
        terms=np.stack([weights, column, products], axis=1),
    )


def grad_cam_terms(question: Question) -> Array:
    """Return what each cell of each map brings to the sums, (C, H, W)."""
    with np.errstate(all="ignore"):
        terms: Array = question.gradient.mean(axis=(1, 2), keepdims=True) * question.given
    return terms


# ---- how alike two maps are, and what scrambling a model makes of a reason


def correlation(first: Array, second: Array) -> float | None:
    """Return Pearson's correlation of two arrays of a shape, cell by cell; None where one is flat or has no numbers."""
    with np.errstate(all="ignore"):
        a, b = (array.ravel() - array.mean() for array in (first, second))
        across = float(np.sqrt((a @ a) * (b @ b)))
        found = float(a @ b) / across if across else np.nan
    return float(np.clip(found, -1, 1)) if np.isfinite(found) else None


def compared(layers: tuple[int, ...], before: Array, after: Array) -> Scrambled:
    """Return values before and after some layers were begun anew."""
    signed, strengths = correlation(before, after), correlation(np.abs(before), np.abs(after))
    alike = max(abs(one) for one in (signed or 0.0, strengths or 0.0)) >= ALIKE
    return Scrambled(layers, before, signed, strengths, alike)
