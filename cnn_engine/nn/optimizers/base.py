"""What every optimizer has: its state by name, its update in place, and the same update as lines to read."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, ClassVar

import numpy as np

from cnn_engine.nn.arithmetic import evaluate
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.parameters import Accepts

Momentum = Annotated[float, Accepts("number", minimum=0, title="momentum")]


class Optimizer(ABC):
    """Vectors by name (`state`), how many updates were made (`updates`), and the formula."""

    choices: ClassVar[tuple[Choice, ...]]

    def __init__(self, learning_rate: float, weight_decay: float) -> None:
        self.learning_rate, self.weight_decay = learning_rate, weight_decay
        self.updates = 0
        self.state: dict[str, Array] = {}

    def vectors(self) -> dict[str, float]:
        """Return the names of the state's vectors and what they begin with."""
        return {}

    def prepare(self, like: Array) -> None:
        """Allocate for parameters of this length and dtype, and begin anew."""
        self.updates = 0
        self.state = {name: np.full_like(like, begins) for name, begins in self.vectors().items()}
        self._work, self._more = np.empty_like(like), np.empty_like(like)
        self._rate, self._eps = np.zeros((), like.dtype), np.zeros((), like.dtype)  # a call takes arrays sooner

    def update(self, values: Array, gradient: Array, rate: float) -> None:
        """Change `values` in place."""
        self.updates += 1
        self._update(values, self._decayed(values, gradient), rate)

    def _decayed(self, values: Array, gradient: Array) -> Array:
        """Return the gradient with L2 added: weight_decay times the values."""
        if not self.weight_decay:
            return gradient
        np.multiply(values, self.weight_decay, out=self._more)
        np.add(self._more, gradient, out=self._more)
        return self._more

    @abstractmethod
    def _update(self, values: Array, gradient: Array, rate: float) -> None: ...

    def lines(self) -> dict[str, str]:
        """Return the arithmetic of the next update: names and formulas in order. The last is `output`, the new values.

        A formula's names are earlier lines, `values`, `gradient`, `rate`, `t` (the update's number, from 1), the
        optimizer's own numbers, and the state before the update: `exp_avg_before`. A line has the name of the state
        that it makes.
        """
        if not self.weight_decay:
            return self._lines("gradient") | {"output": "values − step"}
        decayed = {"decayed": "weight_decay × values + gradient"}
        return decayed | self._lines("decayed") | {"output": "values − step"}

    @abstractmethod
    def _lines(self, gradient: str) -> dict[str, str]:
        """Return the lines up to `step`, from the gradient of this name."""

    def explain(self, values: Array, gradient: Array, rate: float) -> dict[str, Array]:
        """Return the value of every line of the next update, without making it; float64."""
        before = {f"{name}_before": vector for name, vector in self.state.items()}
        given = {"values": values, "gradient": gradient, "rate": rate, "t": self.updates + 1}
        known = {**vars(self), **given, **before}
        found: dict[str, Array] = {}
        for name, formula in self.lines().items():
            found[name] = known[name] = np.asarray(evaluate(formula, known))
        return found

    def _step(self, values: Array, direction: Array, rate: float) -> None:
        self._rate[...] = rate
        np.multiply(direction, self._rate, out=self._work)
        np.subtract(values, self._work, out=values)

    def _blend(self, average: Array, new: Array, keep: float) -> None:
        """Set average to keep · average + (1 − keep) · new, as average + (1 − keep) · (new − average)."""
        np.subtract(new, average, out=self._work)
        np.multiply(self._work, 1 - keep, out=self._work)
        np.add(average, self._work, out=average)

    def _blend_square(self, average: Array, gradient: Array, keep: float) -> None:
        """Blend the gradient's square into a running mean of squares."""
        np.multiply(gradient, gradient, out=self._work)
        np.multiply(self._work, 1 - keep, out=self._work)
        np.multiply(average, keep, out=average)
        np.add(average, self._work, out=average)

    def _root(self, average: Array, eps: float) -> Array:
        """Return sqrt(average) + eps, in the work vector."""
        self._eps[...] = eps
        np.sqrt(average, out=self._work)
        np.add(self._work, self._eps, out=self._work)
        return self._work


# ---- how a gradient is kept from becoming too long


def clip_scale(gradient: Array, most: float) -> float:
    """Return the factor by which a gradient has the norm `most` at most, as torch.nn.utils.clip_grad_norm_ does."""
    with np.errstate(all="ignore"):
        return min(1.0, most / (norm(gradient) + 1e-6))


def norm(gradient: Array) -> float:
    """Return the length of a vector, which is infinite or no number only where a value is. NumPy may warn of that."""
    square = float(gradient.dot(gradient))
    if math.isfinite(square):
        return math.sqrt(square)
    largest = float(np.max(np.abs(gradient)))
    if not math.isfinite(largest):
        return largest
    scaled = gradient / largest  # whose squares do not overflow
    return largest * math.sqrt(float(scaled.dot(scaled)))
