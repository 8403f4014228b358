"""A model with some of its numbers changed: what was changed, and what that did to an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.models.answering import Answered, answer
from cnn_engine.models.model import Model
from cnn_engine.models.passes import Off, read_index
from cnn_engine.nn.layers.base import Array, Shape
from cnn_engine.nn.options import number

Changes = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Difference:
    """How far some numbers differ from what they were: how many of how many do, and by how much at most."""

    changed: int
    of: int
    largest: float


@dataclass(frozen=True)
class BentAnswer:
    """An answer of a bent model beside that of the model itself.

    Attributes:
        before, after: both answers, with all their maps.
        weights: how far the parameters differ.
        distance: of the two models: the root of the sum of all squared differences of parameters.
        maps: how far what each layer gives differs.
        cells: how far all of that differs together.
    """

    before: Answered
    after: Answered
    weights: Difference
    distance: float
    maps: tuple[Difference, ...]
    cells: Difference


def bend(model: Model, changes: Changes) -> Model:
    """Return a model with other values for some of the numbers that its layers have learned.

    Args:
        model: a `Model`.
        changes: such as [{"parameter": "0.weight", "index": [2, 0, 1, 1], "value": 0.5}].

    Raises:
        ParameterError: naming the change at fault: what it names is not there, it is no finite number, or another
            changes the same number.
    """
    shapes = learned_shapes(model)
    new: dict[str, Array] = {}
    seen: set[tuple[str, tuple[int, ...]]] = set()
    for at, change in enumerate(changes):
        name, field = change["parameter"], f"changes.{at}"
        if name not in shapes:
            raise ParameterError("unknown_parameter", f"{field}.parameter", name=name)
        index = _checked_index(change["index"], f"{field}.index", name, shapes[name])
        if (name, index) in seen:
            raise ParameterError("changed_twice", field, name=name, index=list(index))
        seen.add((name, index))
        if name not in new:
            new[name] = model.parameters[name].astype(np.float64)
        new[name][index] = number(change["value"], f"{field}.value")
    return model.changed(new)


def learned_shapes(model: Model) -> dict[str, Shape]:
    """Return the shape of every parameter that the layers have learned, by its name."""
    layers = enumerate(model.layers)
    return {f"{at}.{name}": one.shape for at, layer in layers for name, one in layer.parameters().items()}


def _checked_index(index: Sequence[int], field: str, name: str, shape: Shape) -> tuple[int, ...]:
    if not isinstance(index, list | tuple) or len(index) != len(shape):
        raise ParameterError("not_in_parameter", field, value=index, name=name, axes=len(shape))
    return read_index(shape, index, field)


def compare(model: Model, bent: Model, input: ArrayLike, *, off: Off = ()) -> BentAnswer:
    """Return the answer of a bent model, some of its channels switched off, beside that of the model itself."""
    before, after = answer(model, input), answer(bent, input, off=off)
    names = learned_shapes(model)
    pairs = [(model.parameters[name], bent.parameters[name]) for name in names]
    with np.errstate(all="ignore"):
        squares = sum(float(np.square(one.astype(np.float64) - other).sum()) for one, other in pairs)
        weights = [_difference(one, other) for one, other in pairs]
        maps = tuple(_difference(before.maps[layer], after.maps[layer]) for layer in before.maps)
    return BentAnswer(before, after, _together(weights), float(np.sqrt(squares)), maps, _together(maps))


def _difference(one: Array, other: Array) -> Difference:
    """Return how two arrays differ; two numbers that are none are alike."""
    differ = (one != other) & ~(np.isnan(one) & np.isnan(other))
    gap = np.abs(one.astype(np.float64) - other)[differ]
    return Difference(int(differ.sum()), one.size, float(gap.max(initial=0.0)))


def _together(parts: Sequence[Difference]) -> Difference:
    largest = float(np.max([part.largest for part in parts], initial=0.0))  # NaN where there is one
    return Difference(sum(part.changed for part in parts), sum(part.of for part in parts), largest)
