"""How one cell of a reason comes about, as an equation and in a beginner's words."""

from __future__ import annotations

import operator
from collections.abc import Sequence

from cnn_engine.wording import equation, number, numbers_that_hold

Names = Sequence[str]


def _logit(names: Names) -> str:
    """Return 'the logit of 7', or what two logits differ by."""
    if len(names) == 1:
        return f"the logit of {names[0]}"
    return f"the lead of {names[0]} over {names[1]}"


def _operand(text: str) -> str:
    """Return a number after an operator: a negative one in brackets."""
    return f"({text})" if "−" in text else text


def _fine(value: float) -> str:
    """Return a number with six decimals: two that nearly agree are told apart."""
    text = f"{value:.6f}".rstrip("0").rstrip(".").replace("-", "−")
    return text if float(f"{value:.6f}") == value else f"≈{text}"


def contribution_equation(value: float, gradient: float, product: float) -> str:
    """Return what a cell says, as an equation."""
    first, second = numbers_that_hold([value, gradient], product, operator.mul)
    return equation(f"{first} × {_operand(second)}", product)


def contribution(value: float, gradient: float, product: float, names: Names) -> str:
    """Say what a cell says."""
    held, by = numbers_that_hold([value, gradient], product, operator.mul)
    verb = "falls" if gradient < 0 else "grows"
    begun = f"The cell holds {held}. For each 1 that it grows by, {_logit(names)} {verb} by {by.replace('−', '')}."
    if not product:
        return f"{begun} The product is 0: the cell speaks neither for nor against it."
    return f"{begun} The product, {number(product)}, speaks {'for' if product > 0 else 'against'} it."


def gradient_equation(more: float, less: float, slope: float, width: float) -> str:
    """Describe a slope that is measured, as an equation."""
    return equation(f"({_fine(more)} − {_operand(_fine(less))}) / {number(width)}", slope)


def gradient(nudge: float, more: float, less: float, slope: float, width: float, value: float, names: Names) -> str:
    """Say what a gradient is, and how far the slope that is measured agrees."""
    what = _logit(names)
    return (
        f"With {number(nudge)} more in this cell {what} is {_fine(more)}, and with {number(nudge)} less {_fine(less)}. "
        f"Divided by the {number(width)} between them, that is a slope of {number(slope)}; "
        f"the gradient, computed backwards through the layers, is {number(value)}."
    )


def grad_cam_equation(count: int, total: float, value: float) -> str:
    """Describe a sum that is cut off at 0, as an equation."""
    return equation(f"max({number(total)}, 0)", value)


def grad_cam(count: int, total: float, value: float) -> str:
    """Say what Grad-CAM does at one cell."""
    maps = "The one map" if count == 1 else f"Each of the {count} maps"
    begun = f"{maps} is multiplied here by its weight, the mean of its gradient. Together that is {number(total)}"
    return f"{begun}; what is negative becomes 0." if total < 0 else f"{begun}, which is not negative and stays."


def grad_cam_blank(cells: int, highest: float, maps: int, negative: int) -> str:
    """Say why Grad-CAM shows nothing."""
    sums = "The one sum of weights × maps is" if cells == 1 else f"None of the {cells:,} sums of weights × maps is"
    found = f"{sums} {'not ' if cells == 1 else ''}above 0: the largest is {number(highest)}."
    weights = "The weight" if maps == 1 else f"Of the {maps} weights {negative} {'is' if negative == 1 else 'are'}"
    below = f"{weights} {'is ' if maps == 1 else ''}below 0." if negative else "No weight is below 0."
    return f"{found} Grad-CAM ends in a ReLU, max(sum, 0), which makes 0 of every one of them. {below}"


def occlusion_equation(logit: float, covered: float, fall: float) -> str:
    """Say by how much a logit falls, as an equation."""
    return equation(f"{number(logit)} − {_operand(number(covered))}", fall)


def occlusion(logit: float, covered: float, fall: float, baseline: float, names: Names) -> str:
    """Say what covering a square does."""
    what = _logit(names)
    begun = f"With the square around this cell covered by {number(baseline)}, {what} is {number(covered)}"
    if not fall:
        return f"{begun}, as it was."
    change = f"{'lower' if fall > 0 else 'higher'} by {number(abs(fall))}"
    return f"{begun} instead of {number(logit)}: {change}."
