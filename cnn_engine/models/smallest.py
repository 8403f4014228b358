"""The smallest change of a single number that makes a model answer another class: of one bias, and of one weight."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole_in
from cnn_engine.models.bending import learned_shapes
from cnn_engine.models.model import Model
from cnn_engine.models.passes import Cells, Off, Pass, read_off, read_sample, weights_of
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.options import bounded
from cnn_engine.parameters import Accepts
from cnn_engine.tensors import layer_and_name

BOUND = 10.0  # by how much a number may change
CHECKS = 40  # answers that may be asked for to find a bias, and as many to find a weight
TRIED = 12  # numbers that are tried of each kind, by what the gradient promises
TRIED_EXACT = 3  # of those whose promise is exact: the first holds, but for rounding
PROBES = (1.0, 1.25, 1.5, 2.0, 3.0)  # of the promised change, where it is not exact
HALVINGS = 10  # of the way between a change that does it and one that does not
VALUES = 2  # that are tried of a change: rounded, and a step further
FIGURES = 4  # of a change: it is rounded up to so many
KINDS = ("bias", "weight")
LEAST = 1e-9  # a change, where all that is wanted is more than nothing
SIZE = Accepts("number", above=0, maximum=1e6)


@dataclass(frozen=True)
class OneChange:
    """Another value for one number of a model.

    Attributes:
        parameter, index: which number, such as "7.bias" and (1,).
        before, after: what it is, and what it would be.
        exact: whether the logits are straight lines in this number, so that no smaller change of it does the same;
            else that was found by trying.
    """

    parameter: str
    index: tuple[int, ...]
    before: float
    after: float
    exact: bool


@dataclass(frozen=True)
class SmallestChange:
    """What it takes to make a class the answer: one bias or one weight; None where none within the bound was found."""

    class_: int
    bound: float
    bias: OneChange | None
    weight: OneChange | None


@dataclass(frozen=True)
class _Promise:
    """A number, and by how much it has to change as far as the gradient at hand says."""

    parameter: str
    index: tuple[int, ...]
    change: float


def smallest_change(
    model: Model, input: ArrayLike, class_: int | None = None, *, off: Off = (), bound: float = BOUND
) -> SmallestChange:
    """Return the smallest change of one bias, and that of one weight, that makes a class the answer to an input.

    Each logit's slope by each number is a gradient. Where only affine layers follow (convolutions, dense layers, batch
    normalisation, average pools), logits are straight lines in a number: with l the logits and g their slopes, class t
    is the largest where (l_t - l_k) + (g_t - g_k) change > 0 for all other k, and the smallest such change is exact.
    Before a gate or a maximum that is a promise: the numbers that promise most are tried, and every change that is
    returned was checked by an answer: with it the class has the largest logit. It is rounded up to four figures.

    `class_` is the number of the class that is wanted, from 0; None is the one that comes next to the answer. One that
    has the largest logit already is refused. `bound` is by how much a number may change at most.
    """
    sample, silent = read_sample(model, input), read_off(model, off)
    most = float(bounded(bound, "bound", SIZE))
    own = model.changed({})  # its numbers are moved, and its gradients are written to
    logits = Pass(own, sample, silent).logits[0]
    wanted = _next(logits) if class_ is None else whole_in(class_, "class", 0, len(logits) - 1)
    if _leads(logits, wanted):
        raise ParameterError("answer_already", "class", name=model.classes[wanted])
    search = _Trial(own, sample, silent, wanted)
    promised = search.promised(logits)
    bias, weight = (
        search.best([one for one in promised if layer_and_name(one.parameter)[1] == kind], most) for kind in KINDS
    )
    return SmallestChange(wanted, most, bias, weight)


def _next(logits: Array) -> int:
    """Return the second largest of logits, of equal ones the first; the only one, where there is no other."""
    return int(np.argsort(-logits, kind="stable")[:2][-1])


def _leads(logits: Array, wanted: int) -> bool:
    """Return whether a logit is larger than all others."""
    return bool((logits[wanted] > np.delete(logits, wanted)).all())


def straight(model: Model, layer: int) -> bool:
    """Return whether logits are straight lines in each number that a layer has learned."""
    return all(one.straight for one in model.layers[layer:])


def most_checks(model: Model) -> int:
    """Return how many answers may be asked for to find a change of each kind."""
    most = 0
    for kind in KINDS:
        exact = [straight(model, layer) for layer, own in map(layer_and_name, model.parameters) if own == kind]
        most += CHECKS if not all(exact) else TRIED_EXACT * VALUES if exact else 0
    return most


class _Trial:
    """A sample, and a model of its own: a number is moved, an answer is looked at, and it is moved back."""

    def __init__(self, model: Model, sample: Array, off: dict[int, list[Cells]], wanted: int) -> None:
        self._model, self._sample, self._off, self._wanted = model, sample, off, wanted
        self._values = model.network.parameters()
        self._left = 0

    def promised(self, logits: Array) -> list[_Promise]:
        """Return what the gradients promise, the smallest change first."""
        lowest = {name: np.full(shape, -np.inf) for name, shape in learned_shapes(self._model).items()}
        highest = {name: np.full(array.shape, np.inf) for name, array in lowest.items()}
        with np.errstate(all="ignore"):
            for other in range(len(logits)):
                if other != self._wanted:
                    ahead = float(logits[self._wanted] - logits[other])
                    for name, slope in self._slopes(other).items():
                        _narrow(lowest[name], highest[name], ahead, slope)
        found = [one for name in lowest for one in _smallest(name, lowest[name], highest[name])]
        return sorted(found, key=lambda one: abs(one.change))

    def _slopes(self, other: int) -> dict[str, Array]:
        """Return the gradient of the wanted logit minus another by every number that was learned."""
        forward = Pass(self._model, self._sample, self._off, backward=True)
        forward.gradients(weights_of(self._model, (self._wanted, other)))
        store = self._model.network.store
        return store.public(store.gradients)

    def best(self, promised: list[_Promise], bound: float) -> OneChange | None:
        """Return the smallest change that an answer has confirmed, of numbers of one kind."""
        self._left, best, most = CHECKS, None, bound
        for one in _tried(self._model, promised):
            exact = straight(self._model, layer_and_name(one.parameter)[0])
            change = one.change if exact else self._along(one, most)
            after = None if change is None or abs(change) > most else self._rounded(one, change, most)
            if after is not None:
                before = float(self._values[one.parameter][one.index])
                best, most = OneChange(one.parameter, one.index, before, after, exact), abs(after - before)
        return best

    def _turns(self, one: _Promise, value: float) -> bool:
        """Return whether the class is the answer with another value for a number; not, once all checks are used up."""
        if self._left == 0:
            return False
        self._left -= 1
        values = self._values[one.parameter]
        before = float(values[one.index])
        values[one.index] = value
        try:
            return _leads(Pass(self._model, self._sample, self._off).logits[0], self._wanted)
        finally:
            values[one.index] = before

    def _along(self, one: _Promise, most: float) -> float | None:
        """Return a change of a number that does it, while half of it does not; None where none of the probes does."""
        before, missed = float(self._values[one.parameter][one.index]), 0.0

        def does(change: float) -> bool:
            return self._turns(one, before + change)

        for share in PROBES:
            change = share * one.change
            if abs(change) > most:
                return None
            if does(change):
                return _halved(does, missed, change)
            missed = change
        return None

    def _rounded(self, one: _Promise, change: float, most: float) -> float | None:
        """Return the value, rounded away from what it was; a step further where that only draws level."""
        before = float(self._values[one.parameter][one.index])
        for after in _values(before, change):
            if abs(after - before) <= most and self._turns(one, after):
                return after
        return None


def _narrow(lowest: Array, highest: Array, ahead: float, slope: Array) -> None:
    """Narrow the changes with which a logit is ahead of another: lowest < change < highest, for every number."""
    bound = -ahead / slope
    np.copyto(lowest, np.maximum(lowest, bound), where=slope > 0)
    np.copyto(highest, np.minimum(highest, bound), where=slope < 0)
    if not ahead > 0:
        np.copyto(lowest, np.inf, where=~((slope > 0) | (slope < 0)))


def _smallest(name: str, lowest: Array, highest: Array) -> list[_Promise]:
    """Return the smallest changes of a parameter's numbers that are promised: at most `TRIED`."""
    change = np.where(lowest >= 0, np.maximum(lowest, LEAST), np.minimum(highest, -LEAST))
    size = np.where(lowest < highest, np.abs(change), np.inf).ravel()
    order = np.argsort(size, kind="stable")[:TRIED]
    cells = [(int(at), tuple(map(int, np.unravel_index(at, lowest.shape)))) for at in order if np.isfinite(size[at])]
    return [_Promise(name, cell, float(change.flat[at])) for at, cell in cells]


def _tried(model: Model, promised: list[_Promise]) -> list[_Promise]:
    """Return the exact ones first, since they say how far to look: of each sort those that promise most."""
    exact = [one for one in promised if straight(model, layer_and_name(one.parameter)[0])]
    others = [one for one in promised if not straight(model, layer_and_name(one.parameter)[0])]
    return [*exact[:TRIED_EXACT], *others[:TRIED]]


def _halved(does: Callable[[float], bool], missed: float, change: float) -> float:
    """Return the smallest change between one that misses and one that does it, by halving; half of it misses too."""
    for _ in range(HALVINGS):
        middle = (missed + change) / 2
        if does(middle):
            change = middle
        else:
            missed = middle
    return _halved(does, 0.0, change / 2) if does(change / 2) else change


def _values(before: float, change: float) -> tuple[float, float]:
    """Return the value that a change leads to, to `FIGURES` of the change and not nearer; and the next such value."""
    decimals = FIGURES - 1 - math.floor(math.log10(abs(change)))
    unit = 10.0**-decimals
    away = math.ceil if change > 0 else math.floor
    steps = away(round((before + change) / unit, 6))
    further = steps + (1 if change > 0 else -1)
    return round(steps * unit, decimals), round(further * unit, decimals)
