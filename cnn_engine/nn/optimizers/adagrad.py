"""AdaGrad: a rate for each parameter, which falls with what its gradients were."""

from __future__ import annotations

import numpy as np

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.options import AtLeastZero, Positive, checked


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
