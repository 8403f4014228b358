"""Occlusion: how far the logit falls when a square of the input around each cell is covered."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_engine.models.passes import Logits, Pass, most_at_once
from cnn_engine.models.reasons.question import Question, Reckoned, Why
from cnn_engine.nn.layers.base import Array
from cnn_engine.words import Message


def occlusion(question: Question) -> Why:
    """Return by how much the logit falls, for each position of the square."""
    logit, shape = question.logit, question.input_cells
    logits = np.empty(math.prod(shape))
    most, answered = most_at_once(question.model), _answered(question)
    for start in range(0, len(logits), most):
        cells = np.arange(start, min(start + most, len(logits)))
        logits[cells] = question.weighed(answered(_covered(question, cells)))
    with np.errstate(all="ignore"):
        values = (logit - logits).reshape(shape)
    return Why("occlusion", question.classes, None, values, logit, baseline=question.baseline, size=question.size)


def _answered(question: Question) -> Callable[[Array], Array]:
    """Return a function from a few samples to logits (N, classes): layer by layer where channels are switched off."""
    if question.off:
        return lambda samples: Pass(question.model, samples, question.off).logits
    return Logits(question.model).of


def _covered(question: Question, cells: Array) -> Array:
    """Return the sample, once for each of some cells, with the square around it covered."""
    covered = np.repeat(question.sample, len(cells), axis=0)
    for one, cell in zip(covered, cells, strict=True):
        one[(..., *_square(question, int(cell)))] = question.baseline
    return covered


def _square(question: Question, cell: int) -> tuple[slice, ...]:
    """Return the cells of every channel that a square around a cell covers; at the edge it is cut off."""
    before, after = (question.size - 1) // 2, question.size // 2
    where = zip(np.unravel_index(cell, question.input_cells), question.input_cells, strict=True)
    return tuple(slice(max(0, int(at) - before), min(most, int(at) + after + 1)) for at, most in where)


def occlusion_of(question: Question, index: tuple[int, ...]) -> Reckoned:
    """Return the logit less what it is with the square around one cell covered."""
    cell = int(np.ravel_multi_index(index, question.input_cells))
    forward = Pass(question.model, _covered(question, np.array([cell])), question.off)
    logit, covered = question.logit, float(question.logits(forward)[0])
    square = [(part.start, part.stop - part.start) for part in _square(question, cell)]
    value = logit - covered
    numbers: dict[str, Any] = {"logit": logit, "covered": covered, "fall": value}
    arguments = numbers | {"baseline": question.baseline, "names": question.names}
    square_covered: tuple[int, int, int, int] | None = None
    if len(square) == 2:
        (top, height), (left, width) = square
        square_covered = top, left, height, width
    return Reckoned(
        index,
        value,
        Message("reasons.occlusion_equation", numbers),
        Message("reasons.occlusion", arguments),
        covered=square_covered,
    )
