"""What one cell of a gradient means, in a beginner's words. Rows, columns and channels are counted from 1.

Each sentence says how the number comes about, and what it says of the loss: if the cell grew by a little, the loss
would grow by so many times as much.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cnn_engine.wording import exact, number, number_or_nan, plural
from cnn_engine.words.arguments import Gradient

NUDGE = 0.01
Cell = Sequence[int]
STOPS = {  # why a product is 0
    "gate": "a gate of ReLU is closed",
    "winner": "max pooling took another value",
    "weight": "the weight is 0",
    "value": "the value is 0",
    "padding": "it met padding",
    "slope": "the curve is flat",
    "above": "what comes from above is 0",
    "unread": "nothing reads the output there",
    "loss": "the answer there is right",
    "cancel": "what comes from above cancels out",
    "tiny": "it is too small for a number",
}


def _at(step: Gradient) -> str:
    """Return where a cell of maps or of a line is; the channel only where there are several."""
    if len(step.cell) == 1:
        return f" {step.cell[0] + 1}"
    *outer, row, col = step.cell
    where = f" at row {row + 1}, column {col + 1}"
    return f"{where} of channel {outer[0] + 1}" if outer and step.shape[0] > 1 else where


def _weight_at(cell: Cell, shape: Cell, outer: tuple[str, str] = ("filter", "channel")) -> str:
    """Say where a weight is: from an input to an output of a dense layer, or in a kernel. `outer` names its first axes.

    These are named where there are several.
    """
    if len(cell) == 2:
        return f" from input {cell[1] + 1} to output {cell[0] + 1}"
    *_, row, col = cell
    named = [f"{name} {cell[axis] + 1}" for axis, name in enumerate(outer) if shape[axis] > 1]
    where = f" at row {row + 1}, column {col + 1}"
    return f"{where} of {', '.join(named)}" if named else where


def _value(value: float) -> str:
    """Return a number as text, or that it is none or beyond all numbers."""
    return "infinite" if math.isinf(value) else number_or_nan(value)


def _meaning(it: str, output: float) -> str:
    """Return what a gradient says of the loss."""
    if not math.isfinite(output):
        return "Nothing can be said of the loss."
    if output == 0:
        return f"If {it} grew by {number(NUDGE)}, the loss would stay as it is."
    way = "rise" if output > 0 else "fall"
    change = float(f"{abs(output) * NUDGE:.2g}")
    return f"If {it} grew by {number(NUDGE)}, the loss would {way} by about {exact(change)}."


def _zeros(step: Gradient, what: str = "product") -> str:
    """Return how many of the products, or of what is added up, are 0, and why."""
    if not step.zeros:
        return ""
    count, why = sum(step.zeros.values()), [(STOPS[name], number) for name, number in step.zeros.items()]
    if step.terms == 1:
        return f" The {what} is 0, because {why[0][0]}."
    is_or_are = "is" if count == 1 else "are"
    begun = f" {'All' if count == step.terms else f'{count} of the'} {what}s {is_or_are} 0"
    if len(why) == 1:
        return f"{begun}, because {why[0][0]}."
    return f"{begun}: " + ", ".join(f"{number} because {reason}" for reason, number in why) + "."


def weight(step: Gradient) -> str:
    """Describe one weight of a convolution or of a dense layer."""
    return _weight(step, _weight_at(step.cell, step.shape))


def transposed_weight(step: Gradient) -> str:
    """Describe one weight of a transposed convolution, whose first axis is the input's channel."""
    return _weight(step, _weight_at(step.cell, step.shape, ("channel", "filter")))


def _weight(step: Gradient, where: str) -> str:
    begun = f"The weight{where}"
    if not step.terms:
        return f"{begun} meets no value that counts: its gradient is 0. {_meaning('this weight', step.output)}"
    met, zeros = "the value that it met times the gradient there", _zeros(step)
    if step.terms == 1:
        each = f"{begun} is used once: {met} is {_value(step.output)}.{zeros}"
    else:
        used = f"{begun} is used at {step.terms} positions: if it grows, it grows at all of them. Each adds {met}."
        all_zero = zeros and sum(step.zeros.values()) == step.terms
        each = f"{used}{zeros}" + ("" if all_zero else f" Added up, they are {_value(step.output)}.")
    return f"{each} {_meaning('this weight', step.output)}"


def bias(step: Gradient) -> str:
    """Describe one bias, which is added to every output of its channel."""
    begun = f"Bias {step.cell[0] + 1} is added to {plural(step.terms, 'output')}"
    ending = "the gradient there" if step.terms == 1 else "their gradients, added up"
    explained = f"{begun}, so its gradient is {ending}: {_value(step.output)}.{_zeros(step, 'gradient')}"
    return f"{explained} {_meaning('this bias', step.output)}"


def input(step: Gradient) -> str:
    """Describe one input that outputs read, each through a weight."""
    begun = f"The input{_at(step)}"
    if not step.terms:
        return f"{begun} is read by no output: its gradient is 0. {_meaning('this input', step.output)}"
    ways = "one way" if step.terms == 1 else f"{step.terms} ways"
    each = f"The weight times the gradient there{'' if step.terms == 1 else ', added up,'} is {_value(step.output)}."
    return f"{begun} reached the output in {ways}.{_zeros(step)} {each} {_meaning('this input', step.output)}"


def max_pool2d(step: Gradient) -> str:
    """Describe one input of max pooling: what comes from above goes to the winner of each window alone."""
    begun = f"The input{_at(step)}"
    if not step.terms:
        return f"{begun} is in no window: its gradient is 0. {_meaning('this input', step.output)}"
    if step.corner:
        return f"{begun} {_tied(step)}"
    if not step.passed:
        lost = "its window" if step.terms == 1 else f"none of its {step.terms} windows"
        why = f"did not win {lost}" if step.terms == 1 else f"won {lost}"
        alone = "only the winner was" if step.terms == 1 else "only winners were"
        ending = "so the gradient goes there, and here it is 0"
        return f"{begun} {why}: {alone} passed on, {ending}. {_meaning('this input', step.output)}"
    won = "its window" if step.terms == 1 else f"{step.passed} of its {step.terms} windows"
    ending = "the gradient from there passes to it" if step.passed == 1 else "the gradients from there are added up"
    return f"{begun} won {won}: {ending}, {_value(step.output)}. {_meaning('this input', step.output)}"


def _tied(step: Gradient) -> str:
    """Return what becomes of an input that is as large as the winner of some of its windows, but comes after it."""
    where = "its window" if step.terms == 1 else f"{step.corner} of its {step.terms} windows"
    first = f"ties with the winner of {where}: of equal values the first one wins and takes the gradient."
    if step.passed:
        own = f"It won {step.passed} other: its gradient is what comes from there, {_value(step.output)}."
    else:
        own = f"Here the gradient is {_value(step.output)} by convention."
    return f"{first} {own} At a tie the loss has a corner: if this input grew, it would win there, and the loss could change."


def avg_pool2d(step: Gradient) -> str:
    """Describe one input of average pooling: each average passes on an equal share."""
    begun = f"The input{_at(step)}"
    if not step.terms:
        return f"{begun} is in no window: its gradient is 0. {_meaning('this input', step.output)}"
    if step.terms == 1:
        each = f"An equal share of the gradient from there is {_value(step.output)}."
    else:
        each = f"Its shares of their gradients, added up, are {_value(step.output)}."
    return f"{begun} counts in {plural(step.terms, 'average')}. {each} {_meaning('this input', step.output)}"


def pad2d(step: Gradient) -> str:
    """Describe one cell that was padded: its gradient is that of all its copies."""
    begun = f"The input{_at(step)} stands"
    if step.terms == 1:
        once = f"{begun} once in the output: its gradient is the one there, {_value(step.output)}"
        return f"{once}. {_meaning('this input', step.output)}"
    each = f"their gradients, added up, are {_value(step.output)}"
    return f"{begun} {step.terms} times in the output: {each}. {_meaning('this input', step.output)}"


def flatten(step: Gradient) -> str:
    """Describe one value that was moved into the vector: its gradient moves back."""
    begun = f"The gradient {_value(step.output)} moves back to the input{_at(step)}, unchanged"
    return f"{begun}. {_meaning('this input', step.output)}"


# ---- the losses


def softmax_cross_entropy(cell: int, prediction: float, truth: float, output: float, count: int) -> str:
    """Describe one logit of softmax: its share less what it should be."""
    share = f"Softmax gives class {cell + 1} a share of {_value(prediction)}."
    if truth:
        text = f"This is the true class, so the share should be 1: less 1 it is the gradient, {_value(output)}."
    else:
        text = "This class is not the true one, so the share should be 0: "
        text += f"all of it, {_value(output)}, is the gradient."
    return f"{share} {text} {_meaning('this logit', output)}"


def sigmoid_binary_cross_entropy(cell: int, prediction: float, truth: float, output: float, count: int) -> str:
    """Describe one logit of the sigmoid: its share less the truth, and its part of the mean."""
    less = f"The sigmoid of logit {cell + 1} is {_value(prediction)}, and the truth is {number(truth)}."
    return f"{less}{_part_of_mean(count, 'cost')} {_gradient(output)} {_meaning('this logit', output)}"


def mse(cell: int, prediction: float, truth: float, output: float, count: int) -> str:
    """Describe one answer: twice what it misses, and its part of the mean."""
    miss = f"Answer {cell + 1} misses the truth {number(truth)} by {_value(prediction - truth)}"
    slope = "and the slope of a square is twice what is squared."
    return f"{miss}, {slope}{_part_of_mean(count, 'square')} {_gradient(output)} {_meaning('this answer', output)}"


def _gradient(output: float) -> str:
    return f"The gradient is {_value(output)}."


def _part_of_mean(count: int, what: str) -> str:
    return f" The loss is the mean of {count} {what}s, so each counts as one part in {count}." if count > 1 else ""
