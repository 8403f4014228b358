"""Activations: what each is called, its formula, and what its steps say, forward and backward."""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnn_engine.wording import number
from cnn_engine.words.arguments import Called, Gradient
from cnn_engine.words.en.backward import _at, _meaning
from cnn_engine.words.en.backward import _value as _number
from cnn_engine.words.en.steps import _number as _line_number
from cnn_engine.words.en.steps import _of_several

Cell = Sequence[int]
CALLED = {
    "relu": ("ReLU", "ReLU"),
    "leaky_relu": ("Leaky ReLU", "leaky ReLU"),
    "hardtanh": ("Hardtanh", "hardtanh"),
    "sigmoid": ("Sigmoid", "the sigmoid"),
    "tanh": ("tanh", "the hyperbolic tangent"),
}
TEXTS = {
    "relu_formula": "the larger of 0 and x",
    "leaky_relu_formula": "x, or a small share of it below 0",
    "hardtanh_formula": "x, kept between two bounds",
    "sigmoid_formula": "1 ÷ (1 + e⁻ˣ)",
    "tanh_formula": "(eˣ − e⁻ˣ) ÷ (eˣ + e⁻ˣ)",
}
CORNERS = {  # what the gradient takes at a corner, of each that has one
    "relu": "at 0 ReLU counts as closed",
    "leaky_relu": "at 0 leaky ReLU has the slope of its negative side",
    "hardtanh": "at its bounds hardtanh counts as closed",
}
NAN_STAYS = "NaN, which is not a number, stays NaN"


# ---- steps


def _value(cell: Cell, several: bool, called: Called | None) -> str:
    if len(cell) == 1:
        return _line_number(cell[0], called) if called else f"Value {cell[0] + 1}"
    where = _of_several(cell, several, called=called)
    return f"{where[0].upper()}{where[1:]}"


def _activated(cell: Cell, several: bool, value: float, sentence: str, called: Called | None) -> str:
    return f"{_value(cell, several, called)}: {NAN_STAYS if math.isnan(value) else sentence}."


def relu(cell: Cell, several: bool, value: float, output: float, called: Called | None = None) -> str:
    """Say what becomes of one value by ReLU."""
    kept = f"{number(value)} is positive and stays as it is" if value > 0 else f"{number(value)} stays 0"
    sentence = f"{number(value)} is negative and becomes {number(output)}" if value < 0 else kept
    return _activated(cell, several, value, sentence, called)


def leaky_relu(
    cell: Cell, several: bool, value: float, output: float, negative_slope: float, called: Called | None = None
) -> str:
    """Say what becomes of one value by leaky ReLU."""
    kept = f"{number(value)} is not negative and stays as it is"
    shrunk = f"{number(value)} is negative and shrinks to {number(negative_slope)} times itself, {number(output)}"
    return _activated(cell, several, value, kept if value >= 0 else shrunk, called)


def hardtanh(
    cell: Cell, several: bool, value: float, output: float, min_val: float, max_val: float, called: Called | None = None
) -> str:
    """Say what becomes of one value by hardtanh."""
    if value < min_val or value > max_val:
        where = f"is {'below' if value < min_val else 'above'} {number(output)}"
        return _activated(cell, several, value, f"{number(value)} {where} and becomes {number(output)}", called)
    kept = f"{number(value)} lies between {number(min_val)} and {number(max_val)} and stays as it is"
    if value in (min_val, max_val):
        kept = f"{number(value)} is one of the bounds and stays as it is"
    return _activated(cell, several, value, kept, called)


def sigmoid(cell: Cell, several: bool, value: float, output: float, called: Called | None = None) -> str:
    """Say what becomes of one value by the sigmoid."""
    return _squeezed(cell, several, value, output, (0, 1), called)


def tanh(cell: Cell, several: bool, value: float, output: float, called: Called | None = None) -> str:
    """Say what becomes of one value by the hyperbolic tangent."""
    return _squeezed(cell, several, value, output, (-1, 1), called)


def _squeezed(
    cell: Cell, several: bool, value: float, output: float, bounds: tuple[float, float], called: Called | None
) -> str:
    after = f"so close to {number(output)} that it is rounded to it" if output in bounds else number(output)
    low, high = map(number, bounds)
    return _activated(cell, several, value, f"{number(value)} is squeezed between {low} and {high}: {after}", called)


# ---- gradients


def relu_backward(step: Gradient) -> str:
    """Describe the gradient by one value of ReLU: the gate is open or closed."""
    begun = f"The input{_at(step)}"
    if step.corner:
        ending = f"by convention its slope counts as 0 there, and of the gradient from above, {_number(step.above)}, nothing passes"
        return f"{begun} is 0, just at ReLU's corner: {ending}. Above 0 the gate is open. {_meaning('this input', step.above)}"
    if step.passed:
        ending = f"the gate is open and the gradient from above, {_number(step.output)}, passes unchanged"
        return f"{begun} is positive: {ending}. {_meaning('this input', step.output)}"
    ending = f"the gate is closed, and of the gradient from above, {_number(step.above)}, nothing passes"
    return f"{begun} is not positive: {ending}. {_meaning('this input', step.output)}"


def leaky_relu_backward(step: Gradient) -> str:
    """Describe the gradient by one value of leaky ReLU, whose slope is another on each side of 0."""
    if not step.corner:
        return sigmoid_backward(step)
    begun = f"The input{_at(step)} is 0, just at the curve's corner"
    slope = f"by convention its slope counts as {_number(step.local)} there, as it is below 0"
    times = f"times the gradient from above, {_number(step.above)}, that is {_number(step.output)}"
    return f"{begun}: {slope}; {times}. Above 0 the slope is 1. {_meaning('this input', step.above)}"


def hardtanh_backward(step: Gradient) -> str:
    """Describe the gradient by one value of hardtanh: the gate is open between the bounds."""
    begun = f"The input{_at(step)}"
    closed = f"of the gradient from above, {_number(step.above)}, nothing passes"
    if step.corner:
        ending = f"by convention its slope counts as 0 there, and {closed}"
        return f"{begun} is one of the bounds, just at a corner: {ending}. Between the bounds the gate is open."
    if step.passed:
        ending = f"the gate is open and the gradient from above, {_number(step.output)}, passes unchanged"
        return f"{begun} lies between the bounds: {ending}. {_meaning('this input', step.output)}"
    return f"{begun} lies beyond the bounds: the gate is closed, and {closed}. {_meaning('this input', step.output)}"


def sigmoid_backward(step: Gradient) -> str:
    """Describe the gradient by one value of an activation with a slope of its own at each value."""
    begun = f"At the input{_at(step)} the curve's slope is {_number(step.local)}"
    times = f"times the gradient from above, {_number(step.above)}, that is {_number(step.output)}"
    return f"{begun}; {times}. {_meaning('this input', step.output)}"


tanh_backward = sigmoid_backward
