"""Gradient descent, plain and with a velocity."""

from __future__ import annotations

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.optimizers.base import Momentum, Optimizer
from cnn_engine.nn.options import AtLeastZero, Positive, checked


class SGD(Optimizer):
    """Gradient descent, with momentum and Nesterov's look ahead."""

    choices = (
        Choice("Gradient descent", "The gradient times the learning rate, and no more.", called="gradient descent"),
        Choice(
            "Momentum",
            "Past gradients are kept as a velocity: it smooths the way.",
            {"momentum": 0.9},
            name="momentum",
            called="momentum",
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
