"""RMSProp: a rate for each parameter, by the size that its gradients have had lately."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.optimizers.base import Momentum, Optimizer
from cnn_engine.nn.options import AtLeastZero, Positive, checked
from cnn_engine.parameters import Accepts


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
