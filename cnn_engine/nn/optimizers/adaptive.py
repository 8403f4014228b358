"""AdaGrad, RMSProp, Adam and AdamW: a rate for each parameter, by the size that its gradients have had."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated

import numpy as np

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.optimizers.base import Momentum, Optimizer
from cnn_engine.nn.options import AtLeastZero, Positive, checked
from cnn_engine.parameters import Accepts

Betas = Annotated[Sequence[float], Accepts("numbers", minimum=0, below=1, length=2, title="betas")]


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
        """Set the step to mean / (sqrt(square / correction²) + eps), the correction multiplied out of the fraction."""
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
        """Return Adam's lines, from values that were shrunk first."""
        if not self.weight_decay:
            return super().lines()
        shrunk = {"shrunk": "(1 − rate × weight_decay) × values"}
        return shrunk | self._lines("gradient") | {"output": "shrunk − step"}
