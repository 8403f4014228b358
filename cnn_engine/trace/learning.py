"""What an optimizer has kept, and the updates that it makes of one sample, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import whole
from cnn_engine.nn.optimizers import OPTIMIZERS, Optimizer
from cnn_engine.nn.options import AT_LEAST_ZERO, bounded, build, named
from cnn_engine.trace.base import Array
from cnn_engine.trace.passes import Backward, Forward


class OptimizerState:
    """An optimizer and what it has kept from the updates before.

    Args:
        config: as `Trainer` takes it.
        state: as `trace_network` takes it.
        parameters: whose updates these are.

    Raises:
        ParameterError, ShapeError: a state that is not this optimizer's, or not of these parameters.
    """

    def __init__(
        self, config: str | Mapping[str, Any], state: Mapping[str, Any], parameters: Mapping[str, Array]
    ) -> None:
        self.config, self.parameters = config, parameters
        made: Optimizer = build(OPTIMIZERS, config, "optimizer")
        self.name, _ = named(config, "optimizer")
        given = dict(state)
        self.rate = made.learning_rate
        if "learning_rate" in given:
            self.rate = bounded(given.pop("learning_rate"), "optimizer_state.learning_rate", AT_LEAST_ZERO)
        self.updates = whole(given.pop("updates", 0), "optimizer_state.updates", 0)
        self.vectors = {name: self._checked(name, own) for name, own in given.items()}
        if given and set(given) != set(made.vectors()):
            wrong = min(set(given) ^ set(made.vectors()))
            raise ParameterError("optimizer_state_does_not_fit", "optimizer_state", name=self.name, wrong=wrong)

    def _checked(self, vector: str, own: Mapping[str, ArrayLike]) -> dict[str, Array]:
        arrays = {name: np.asarray(array, np.float64) for name, array in own.items()}
        for name, values in self.parameters.items():
            if name not in arrays or arrays[name].shape != values.shape:
                field = f"optimizer_state.{vector}.{name}"
                shape = arrays[name].shape if name in arrays else ()
                raise ShapeError("parameter_of_another_shape", field, name=field, shape=shape, expected=values.shape)
        return arrays

    def optimizer(self, name: str) -> Optimizer:
        """Return the optimizer for one parameter, as it is before the update."""
        made: Optimizer = build(OPTIMIZERS, self.config, "optimizer")
        made.prepare(self.parameters[name].reshape(-1))
        made.updates = self.updates
        for vector, own in self.vectors.items():
            made.state[vector][...] = own[name].reshape(-1)
        return made

    def kept(self) -> dict[str, Any]:
        """Return what it has kept, as `trace_network` takes it."""
        return {"updates": self.updates, **self.vectors}


def learned(forward: Forward, state: OptimizerState, updates: int) -> OptimizerState:
    """Return the optimizer after so many updates on the sample of a network; its `parameters` are those after them.

    Each update is that of the network's trace, to the last bit.
    """
    values = {name: array.copy() for name, array in state.parameters.items()}
    optimizers = {name: state.optimizer(name) for name in values}
    for _ in range(updates):
        back = Backward(Forward(forward.parts, values, forward.first, forward.loss, forward.target))
        gradients = {name: back.gradient(name).reshape(-1) for name in values}
        for name, optimizer in optimizers.items():
            optimizer.update(values[name].reshape(-1), gradients[name], state.rate)
    kept: dict[str, Any] = {"learning_rate": state.rate, "updates": state.updates + updates}
    for vector in next(iter(optimizers.values())).state if optimizers else ():
        own = {name: made.state[vector].reshape(values[name].shape) for name, made in optimizers.items()}
        kept[vector] = own
    return OptimizerState(state.config, kept, values)
