"""What an optimizer makes of one number of a network: the old one, its gradient, and the new one, line by line."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

import numpy as np

from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.trace.base import Step
from cnn_engine.trace.showing import shown
from cnn_engine.trace.update import UpdateTrace
from cnn_engine.wording import exact, number_or_nan
from cnn_engine.words import Message

FIELD = re.compile(r"\{(\w+)(?:(:operand)|:factor|:number)?\}")


class WeightLine(NamedTuple):
    """A line of the arithmetic: what it is called, and the equation in numbers."""

    label: Message
    text: str


def weight_lines(
    optimizer: Optimizer, value: float, gradient: float, rate: float, clip: float = 1.0
) -> list[WeightLine]:
    """Return the next update of one number, from its old value to its new one; nothing is changed.

    Args:
        optimizer: prepared for this number alone, its state that before the update.
        value: before the update.
        gradient: of the loss by it.
        rate: the learning rate of this update.
        clip: what gradients are multiplied by first, so that all together are no longer than was chosen.
    """
    trace = UpdateTrace("update", optimizer, "weight", np.array([value]), np.array([gradient * clip]), rate)
    step, (card,) = trace[0], trace.show().cards
    lines = [
        WeightLine(shown("line_values"), _written(value)),
        WeightLine(shown("line_gradient"), _written(gradient)),
    ]
    if clip < 1:
        text = f"{_operand(clip)} × {_operand(gradient)} = {_written(gradient * clip)}"
        lines.append(WeightLine(shown("line_clipped"), _related(text)))
    return lines + [
        WeightLine(label, _filled(str(text), step)) for label, text in card.lines if isinstance(label, Message)
    ]


def _filled(text: str, step: Step) -> str:
    """Return a line of a card with the numbers of a step in it."""

    def filled(field: re.Match[str]) -> str:
        value = float(np.ravel(step.columns[field[1]])[0])
        return _operand(value) if field[2] else _written(value)

    return _related(FIELD.sub(filled, text))


def _related(equation: str) -> str:
    """Return an equation that says once, between its sides, whether anything in it is rounded."""
    return equation.replace("≈", "").replace(" = ", " ≈ ") if "≈" in equation and " = " in equation else equation


def _written(value: float) -> str:
    """Return a number with four digits that count: a step may be a thousandth of the weight that it changes."""
    if not math.isfinite(value):
        return number_or_nan(value)
    short = float(f"{value:.4g}")
    return exact(short) if short == value else f"≈{exact(short)}"


def _operand(value: float) -> str:
    """Return a number as it stands beside a sign."""
    text = _written(value)
    return f"({text})" if text.lstrip("≈").startswith("\N{MINUS SIGN}") else text
