"""Upsampling: what it is called, what its steps say and how they are shown, and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence

from cnn_engine.wording import number_or_nan, plural
from cnn_engine.words.arguments import Called, Gradient
from cnn_engine.words.en.backward import _at, _meaning, _value, pad2d
from cnn_engine.words.en.steps import _of_several, _where

Cell = Sequence[int]
SECTION = "steps"
CALLED = {"interpolate2d": ("Upsampling", "upsampling", "upsampling")}
SHOWN = {
    "by_how_near": "by how near",
    "nearest": "nearest",
}
ERRORS = {
    "scale_factor_not_above_0": "scale_factor must be a number above 0, or a pair of them, not {value!r}",
    "scale_factor_leaves_nothing": "scale_factor {factor:shortest} leaves nothing of the input {axis} {size}",
}


def nearest(source: Cell, output: float, cell: Cell, several: bool, called: Called | None = None) -> str:
    """Describe one output of upsampling that repeats values."""
    where = _of_several(cell, several, called=called)
    return f"The output at {where} takes the nearest value, that at {_where(source)}: {number_or_nan(output)}."


def bilinear(
    inputs: int, output: float, cell: Cell, several: bool, beyond: bool = False, called: Called | None = None
) -> str:
    """Describe one output of upsampling between values."""
    text = f"The output at {_of_several(cell, several, called=called)}"
    if inputs == 1 and beyond:
        return f"{text} lies beyond the outermost values of the input and takes the nearest: {number_or_nan(output)}."
    if inputs == 1:
        return f"{text} lies on one value of the input and takes it: {number_or_nan(output)}."
    weighed = f"each counts by how near it is. Together that is {number_or_nan(output)}"
    if beyond:
        return f"{text} lies beyond the outermost values of the input: the nearest {inputs} are taken, and {weighed}."
    return f"{text} lies between {plural(inputs, 'value')} of the input, and {weighed}."


# ---- gradients


def nearest_backward(step: Gradient) -> str:
    """Describe one input that upsampling repeats."""
    if step.terms:
        return pad2d(step)
    return f"The input{_at(step)} is the nearest of no output: its gradient is 0. {_meaning('this input', step.output)}"


def bilinear_backward(step: Gradient) -> str:
    """Describe one input that outputs between values weigh."""
    begun = f"The input{_at(step)}"
    if step.terms > 1:
        begun += f" counts in {step.terms} outputs, in each by how near it is: its weights times the gradients there,"
        begun += f" added up, are {_value(step.output)}."
    elif step.terms:
        begun += (
            f" counts in one output, by how near it is: its weight times the gradient there is {_value(step.output)}."
        )
    else:
        begun += " counts in no output: its gradient is 0."
    return f"{begun} {_meaning('this input', step.output)}"
