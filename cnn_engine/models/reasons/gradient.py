"""Gradients: how fast the logit grows with each cell."""

from __future__ import annotations

import numpy as np

from cnn_engine.models.passes import Pass
from cnn_engine.models.reasons.question import Question, Reckoned, Why
from cnn_engine.words import Message

NUDGE = 0.01  # by how much a cell is made larger and smaller, where its slope is measured


def gradient(question: Question) -> Why:
    """The logit's gradient by what the layer gives."""
    return Why("gradient", question.classes, question.shown_layer, question.gradient, question.logit)


def gradient_of(question: Question, index: tuple[int, ...]) -> Reckoned:
    """The logit's slope along one cell, measured beside the gradient: they differ where a gate is within reach."""
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
