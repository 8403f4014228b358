"""The gradient by one number of a network, checked: the loss as a curve over that number, and finite differences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.nn.options import one_of
from cnn_engine.pointwise import ACTIVATIONS
from cnn_engine.trace.base import Array
from cnn_engine.trace.network import NetworkTrace
from cnn_engine.trace.passes import Forward
from cnn_engine.words import Message

HALF = 20  # points of the curve on each side of the number as it is
POINTS = 2 * HALF + 1
DIGITS = 6  # of the numbers beside it, counted from the reach
NUDGE = 1e-5  # of a number of the size of 1: where rounding and the curve's bend do the least harm
WINNERS = ("max_pool2d", "global_max_pool2d")


class Crossed(NamedTuple):
    """The corners of one layer between two values of a number: at how many values its slope has changed, or how many
    windows have another winner.
    """

    layer: int
    kind: str
    changed: int


@dataclass(frozen=True)
class Check:
    """The loss over one number of a network, everything else as it is.

    Attributes:
        value: the number as it is.
        values, losses: (41,), the curve; the one in the middle is of the number as it is.
        tangent: (41,), the loss as the gradient predicts it.
        gradient: of the loss by the number, by backpropagation.
        difference: (loss(value + h) - loss(value - h)) / 2h, with h = 1e-5 max(1, |value|).
        left, right: the same on one side alone; they differ where the curve has a corner.
        corners: the indices of the layers that have one between value - h and value + h: a ReLU whose gate opens or
            closes, a leaky one whose slope changes, a max pooling of which another value wins.
        kinds: of those layers, in the same order.
        crossed: of each point of the curve, which corners lie between it and the number as it is.
    """

    value: float
    values: Array
    losses: Array
    tangent: Array
    gradient: float
    difference: float
    left: float
    right: float
    corners: tuple[int, ...]
    kinds: tuple[str, ...]
    crossed: tuple[tuple[Crossed, ...], ...]

    def finding(self) -> Message:
        """Return whether the gradient and the difference agree, and why where they do not."""
        numbers = {name: getattr(self, name) for name in ("gradient", "difference", "left", "right")}
        layers = tuple(at + 1 for at in self.corners)
        return Message("learning.check", numbers | {"layers": layers, "kinds": self.kinds})

    def crossings(self) -> list[Message | None]:
        """Return of each point of the curve which corners lie between it and the number; None where there are none."""
        corners = [tuple((own.layer + 1, own.kind, own.changed) for own in found) for found in self.crossed]
        return [Message("learning.crossed", {"found": found}) if found else None for found in corners]


def check_gradient(trace: NetworkTrace, parameter: str, index: Sequence[int], reach: float) -> Check:
    """Compute the loss of a network over one of its numbers, and finite differences beside the gradient.

    Args:
        trace: the network and its sample.
        parameter: a name of its parameters, or "input".
        index: of the number, from 0, as long as the parameter has axes.
        reach: how far the curve goes to each side of the number.

    Raises:
        ParameterError: no such parameter or number, or a reach that is not above 0.
    """
    known = {"input": trace.forward.first, **trace.parameters}
    array, where = known[one_of(parameter, "check.parameter", tuple(known))], tuple(index)
    if len(where) != array.ndim or not all(0 <= at < size for at, size in zip(where, array.shape, strict=True)):
        given = {"where": "check.index", "name": parameter, "shape": array.shape}
        raise ParameterError("number_outside_parameter", "check.index", **given)
    if not 0 < reach < math.inf:
        raise ParameterError("curve_without_length", "check.reach", reach=reach)
    with np.errstate(all="ignore"):
        return _checked(trace, parameter, where, reach)


def _checked(trace: NetworkTrace, parameter: str, where: tuple[int, ...], reach: float) -> Check:
    gradients = trace.input_gradient if parameter == "input" else trace.gradients[parameter]
    array = trace.forward.first if parameter == "input" else trace.parameters[parameter]
    gradient, value = float(gradients[where]), float(array[where])
    values = _around(value, reach)
    nudge = NUDGE * max(1.0, abs(value))
    before, after = (_with(trace.forward, parameter, where, value + way * nudge) for way in (-1, 1))
    ways = (_with(trace.forward, parameter, where, number) for number in values.tolist())
    points = [(way.value, tuple(_crossed(trace.forward, way))) for way in ways]
    loss, here = trace.loss, tuple(_crossed(before, after))
    return Check(
        value=value,
        values=values,
        losses=np.array([loss for loss, _ in points]),
        tangent=loss + gradient * (values - value),
        gradient=gradient,
        difference=(after.value - before.value) / (2 * nudge),
        left=(loss - before.value) / nudge,
        right=(after.value - loss) / nudge,
        corners=tuple(found.layer for found in here),
        kinds=tuple(found.kind for found in here),
        crossed=tuple(found for _, found in points),
    )


def _around(value: float, reach: float) -> Array:
    """Return numbers from `value` less `reach` to `value` plus it, short ones to read; it is the one in the middle."""
    decimals = DIGITS - math.floor(math.log10(reach))
    others = [round(value + reach * step / HALF, decimals) for step in range(-HALF, HALF + 1)]
    others[HALF] = value
    return np.array(others)


def _with(forward: Forward, parameter: str, where: tuple[int, ...], value: float) -> Forward:
    """Return the same way forward with another value of one number."""
    first, parameters = forward.first, dict(forward.parameters)
    changed = (first if parameter == "input" else parameters[parameter]).copy()
    changed[where] = value
    if parameter == "input":
        first = changed
    else:
        parameters[parameter] = changed
    return Forward(forward.parts, parameters, first, forward.loss, forward.target)


def _crossed(one: Forward, other: Forward) -> Iterator[Crossed]:
    """Yield the layers that are on other sides of their corners in one way forward than in another."""
    for at, part in enumerate(one.parts):
        kind = part.layer.kind
        apart = _side(one, at) != _side(other, at)
        count = int((apart.any(axis=-1) if kind in WINNERS else apart).sum())
        if count:
            yield Crossed(at, kind, count)


def _side(forward: Forward, index: int) -> Array:
    """Return on which side of its corners a layer is, for each output: how many corners of an activation lie
    below it, or (windows, 2), the winners.
    """
    kind = forward.parts[index].layer.kind
    if kind in ACTIVATIONS:
        corners = ACTIVATIONS[kind].corners(**forward.trace(index).params)
        return np.searchsorted(corners, forward.read(index))
    if kind in WINNERS:
        selected: Array = forward.trace(index).columns()["selected"]
        return selected
    return np.empty(0)
