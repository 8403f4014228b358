"""Optimizers: from gradients to the next parameters, by PyTorch's formulas and with PyTorch's defaults.

Each works on one flat vector with a few array calls, in memory that is allocated once. The learning rate comes with
each update, because a schedule may change it. The gradient is left as it is.

Beside each formula stand its `lines`: the same arithmetic in the same order, as a person reads it. A test holds the two
together, bit for bit.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.nn.arithmetic import evaluate
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.options import AtLeastZero, Positive, checked
from cnn_engine.parameters import Accepts

Betas = Annotated[Sequence[float], Accepts("numbers", minimum=0, below=1, length=2, title="betas")]
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
        """average = keep · average + (1 − keep) · new, as average + (1 − keep) · (new − average)."""
        np.subtract(new, average, out=self._work)
        np.multiply(self._work, 1 - keep, out=self._work)
        np.add(average, self._work, out=average)

    def _blend_square(self, average: Array, gradient: Array, keep: float) -> None:
        """The same with the gradient's square."""
        np.multiply(gradient, gradient, out=self._work)
        np.multiply(self._work, 1 - keep, out=self._work)
        np.multiply(average, keep, out=average)
        np.add(average, self._work, out=average)

    def _root(self, average: Array, eps: float) -> Array:
        """sqrt(average) + eps, in the work vector."""
        self._eps[...] = eps
        np.sqrt(average, out=self._work)
        np.add(self._work, self._eps, out=self._work)
        return self._work


class SGD(Optimizer):
    """Gradient descent, with momentum and Nesterov's look ahead."""

    choices = (
        Choice("Gradient descent", "The gradient times the learning rate, and no more."),
        Choice(
            "Momentum", "Past gradients are kept as a velocity: it smooths the way.", {"momentum": 0.9}, name="momentum"
        ),
        Choice("Nesterov", "Momentum that looks ahead.", {"momentum": 0.9}, {"nesterov": True}, "nesterov"),
    )

    @checked
    def __init__(
        self,
        learning_rate: Positive = 1e-3,
        momentum: Momentum = 0.0,
        dampening: float = 0.0,
        weight_decay: AtLeastZero = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(learning_rate, weight_decay)
        self.momentum, self.dampening, self.nesterov = momentum, dampening, nesterov
        if self.nesterov and (not self.momentum or self.dampening):
            raise ParameterError("nesterov_without_momentum", "nesterov")

    def vectors(self) -> dict[str, float]:
        """Return the velocity, where there is momentum."""
        return {"momentum_buffer": 0.0} if self.momentum else {}

    def _update(self, values: Array, gradient: Array, rate: float) -> None:
        if not self.momentum:
            self._step(values, gradient, rate)
            return
        velocity = self.state["momentum_buffer"]
        if self.updates == 1:
            velocity[...] = gradient
        else:
            np.multiply(velocity, self.momentum, out=velocity)
            np.multiply(gradient, 1 - self.dampening, out=self._work)
            np.add(velocity, self._work, out=velocity)
        if not self.nesterov:
            self._step(values, velocity, rate)
            return
        np.multiply(velocity, self.momentum, out=self._work)
        np.add(self._work, gradient, out=self._work)
        self._step(values, self._work, rate)

    def _lines(self, gradient: str) -> dict[str, str]:
        if not self.momentum:
            return {"step": f"rate × {gradient}"}
        new = f"(1 − dampening) × {gradient}" if self.dampening else gradient
        first = self.updates == 0 and self.dampening
        velocity = {"momentum_buffer": gradient if first else f"momentum × momentum_buffer_before + {new}"}
        if not self.nesterov:
            return velocity | {"step": "rate × momentum_buffer"}
        return velocity | {"ahead": f"momentum × momentum_buffer + {gradient}", "step": "rate × ahead"}


class Adagrad(Optimizer):
    """Each parameter's rate falls with the sum of its squared gradients."""

    choices = (Choice("AdaGrad", "Each parameter's rate falls with its past gradients."),)

    @checked
    def __init__(
        self,
        learning_rate: Positive = 1e-2,
        lr_decay: AtLeastZero = 0.0,
        weight_decay: AtLeastZero = 0.0,
        initial_accumulator_value: AtLeastZero = 0.0,
        eps: AtLeastZero = 1e-10,
    ) -> None:
        super().__init__(learning_rate, weight_decay)
        self.lr_decay, self.initial, self.eps = lr_decay, initial_accumulator_value, eps

    def vectors(self) -> dict[str, float]:
        """Return the sum of squares."""
        return {"sum": self.initial}

    def _update(self, values: Array, gradient: Array, rate: float) -> None:
        total = self.state["sum"]
        np.multiply(gradient, gradient, out=self._work)
        np.add(total, self._work, out=total)
        np.divide(gradient, self._root(total, self.eps), out=self._work)
        self._step(values, self._work, rate / (1 + (self.updates - 1) * self.lr_decay))

    def _lines(self, gradient: str) -> dict[str, str]:
        return {
            "sum": f"sum_before + {gradient}²",
            "root": "√sum + eps",
            "direction": f"{gradient} ÷ root",
            "step": "rate ÷ (1 + (t − 1) × lr_decay) × direction" if self.lr_decay else "rate × direction",
        }


class RMSprop(Optimizer):
    """The gradient over the root of a running mean of its square."""

    choices = (
        Choice("RMSProp", "Each gradient over the size that it has had lately.", {"alpha": 0.99, "momentum": 0.0}),
    )

    @checked
    def __init__(
        self,
        learning_rate: Positive = 1e-2,
        alpha: Annotated[float, Accepts("number", minimum=0, below=1, title="alpha")] = 0.99,
        eps: AtLeastZero = 1e-8,
        weight_decay: AtLeastZero = 0.0,
        momentum: Momentum = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(learning_rate, weight_decay)
        self.alpha, self.eps, self.momentum, self.centered = alpha, eps, momentum, centered

    def vectors(self) -> dict[str, float]:
        """Return the mean of squares; the mean where it is subtracted; the velocity where there is momentum."""
        names = ["square_avg", *["grad_avg"] * self.centered, *["momentum_buffer"] * (self.momentum > 0)]
        return dict.fromkeys(names, 0.0)

    def _update(self, values: Array, gradient: Array, rate: float) -> None:
        square = self.state["square_avg"]
        self._blend_square(square, gradient, self.alpha)
        if self.centered:
            mean = self.state["grad_avg"]
            self._blend(mean, gradient, self.alpha)
            np.multiply(mean, mean, out=self._work)
            np.subtract(square, self._work, out=self._work)
            np.maximum(self._work, 0, out=self._work)  # a variance, whatever rounding says
            self._root(self._work, self.eps)
        else:
            self._root(square, self.eps)
        np.divide(gradient, self._work, out=self._work)
        if not self.momentum:
            self._step(values, self._work, rate)
            return
        velocity = self.state["momentum_buffer"]
        np.multiply(velocity, self.momentum, out=velocity)
        np.add(velocity, self._work, out=velocity)
        self._step(values, velocity, rate)

    def _lines(self, gradient: str) -> dict[str, str]:
        lines = {"square_avg": f"alpha × square_avg_before + (1 − alpha) × {gradient}²"}
        if self.centered:
            lines["grad_avg"] = f"grad_avg_before + (1 − alpha) × ({gradient} − grad_avg_before)"
        lines["root"] = "√(square_avg − grad_avg²) + eps" if self.centered else "√square_avg + eps"
        lines["direction"] = f"{gradient} ÷ root"
        if not self.momentum:
            return lines | {"step": "rate × direction"}
        velocity = {"momentum_buffer": "momentum × momentum_buffer_before + direction"}
        return lines | velocity | {"step": "rate × momentum_buffer"}


class Adam(Optimizer):
    """A running mean of the gradient over the root of one of its square, both corrected for beginning at 0."""

    choices = (Choice("Adam", "RMSProp's rate for each parameter, and momentum.", {"betas": (0.9, 0.999)}),)

    @checked
    def __init__(
        self,
        learning_rate: Positive = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: AtLeastZero = 1e-8,
        weight_decay: AtLeastZero = 0.0,
    ) -> None:
        super().__init__(learning_rate, weight_decay)
        self.beta1, self.beta2 = betas
        self.eps = eps

    def vectors(self) -> dict[str, float]:
        """Return the two running means."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}

    def prepare(self, like: Array) -> None:
        """Both means lie in one array, so that one call blends both."""
        super().prepare(like)
        self._means, self._new = np.zeros((2, *like.shape), like.dtype), np.zeros((2, *like.shape), like.dtype)
        self._shares = np.array([[1 - self.beta1], [1 - self.beta2]], like.dtype)
        self._rows = *self._means, *self._new
        self.state = dict(zip(self.vectors(), self._means, strict=True))

    def _update(self, values: Array, gradient: Array, rate: float) -> None:
        """Mean / (sqrt(square / correction²) + eps), with the correction multiplied out of the fraction."""
        mean, square, new_mean, new_square = self._rows
        np.subtract(gradient, mean, out=new_mean)
        np.multiply(gradient, gradient, out=new_square)
        np.subtract(new_square, square, out=new_square)
        np.multiply(self._new, self._shares, out=self._new)
        np.add(self._means, self._new, out=self._means)
        correction = math.sqrt(1 - self.beta2**self.updates)
        np.divide(mean, self._root(square, self.eps * correction), out=self._work)
        self._step(values, self._work, rate * correction / (1 - self.beta1**self.updates))

    def _lines(self, gradient: str) -> dict[str, str]:
        return {
            "exp_avg": f"exp_avg_before + (1 − beta1) × ({gradient} − exp_avg_before)",
            "exp_avg_sq": f"exp_avg_sq_before + (1 − beta2) × ({gradient}² − exp_avg_sq_before)",
            "root": "√exp_avg_sq + eps × √(1 − beta2 ^ t)",
            "direction": "exp_avg ÷ root",
            "step": "rate × √(1 − beta2 ^ t) ÷ (1 − beta1 ^ t) × direction",
        }


class AdamW(Adam):
    """Adam whose weight decay shrinks the parameters directly instead of joining the gradient."""

    choices = (Choice("AdamW", "Adam, with weight decay kept apart from the gradient.", {"betas": (0.9, 0.999)}),)

    @checked
    def __init__(
        self,
        learning_rate: Positive = 1e-3,
        betas: Betas = (0.9, 0.999),
        eps: AtLeastZero = 1e-8,
        weight_decay: AtLeastZero = 1e-2,
    ) -> None:
        super().__init__(learning_rate, betas, eps, weight_decay)

    def _decayed(self, values: Array, gradient: Array) -> Array:
        return gradient

    def _update(self, values: Array, gradient: Array, rate: float) -> None:
        if self.weight_decay:
            np.multiply(values, 1 - rate * self.weight_decay, out=values)
        super()._update(values, gradient, rate)

    def lines(self) -> dict[str, str]:
        """As Adam's, from values that were shrunk first."""
        if not self.weight_decay:
            return super().lines()
        shrunk = {"shrunk": "(1 − rate × weight_decay) × values"}
        return shrunk | self._lines("gradient") | {"output": "shrunk − step"}


OPTIMIZERS: dict[str, type[Optimizer]] = {
    "sgd": SGD,
    "adagrad": Adagrad,
    "rmsprop": RMSprop,
    "adam": Adam,
    "adamw": AdamW,
}


def clip_scale(gradient: Array, most: float) -> float:
    """What to multiply a gradient by so that its norm is at most `most`, as torch.nn.utils.clip_grad_norm_ does."""
    with np.errstate(all="ignore"):
        return min(1.0, most / (norm(gradient) + 1e-6))


def norm(gradient: Array) -> float:
    """The length of a vector; infinite, or not a number, only where one of its values is. NumPy may warn of that."""
    square = float(gradient.dot(gradient))
    if math.isfinite(square):
        return math.sqrt(square)
    largest = float(np.max(np.abs(gradient)))
    if not math.isfinite(largest):
        return largest
    scaled = gradient / largest  # whose squares do not overflow
    return largest * math.sqrt(float(scaled.dot(scaled)))
