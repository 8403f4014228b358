"""What an optimizer has kept, and the updates that it makes of one sample, one after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import whole_in
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.options import AT_LEAST_ZERO, bounded, build, named
from cnn_engine.trace.base import Array
from cnn_engine.trace.passes import Backward, Forward
from cnn_engine.windows import as_array

MOST_UPDATES = 2**53  # float64 holds every whole number up to here


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
        given = _by_name(state, "optimizer_state")
        self.own_rate = self.rate = made.learning_rate
        if "learning_rate" in given:
            self.rate = bounded(given.pop("learning_rate"), "optimizer_state.learning_rate", AT_LEAST_ZERO)
        self.updates = whole_in(given.pop("updates", 0), "optimizer_state.updates", 0, MOST_UPDATES)
        self.vectors = {name: self._checked(name, own) for name, own in given.items()}
        self._check_vectors(set(made.vectors()))

    def _checked(self, vector: str, own: object) -> dict[str, Array]:
        field = f"optimizer_state.{vector}"
        arrays = {
            name: as_array(array, f"{field}.{name}", tuple(range(5))).astype(np.float64)
            for name, array in _by_name(own, field).items()
        }
        for name in arrays:
            if name not in self.parameters:
                raise ParameterError("unknown_parameter", f"{field}.{name}", name=name)
        for name, values in self.parameters.items():
            shape = arrays[name].shape if name in arrays else ()
            if shape != values.shape:
                full = f"{field}.{name}"
                raise ShapeError("parameter_of_another_shape", full, name=full, shape=shape, expected=values.shape)
        return arrays

    def _check_vectors(self, own: set[str]) -> None:
        """Refuse vectors that the optimizer does not have, and some or all missing where it has some by now."""
        if more := set(self.vectors) - own:
            wrong = min(more, key=str)
            raise ParameterError("optimizer_state_does_not_fit", "optimizer_state", name=self.name, wrong=wrong)
        missing = own - set(self.vectors)
        if missing and (self.vectors or self.updates):
            raise ParameterError("optimizer_state_lacks", "optimizer_state", name=self.name, missing=min(missing))

    def optimizer(self, name: str) -> Optimizer:
        """Return the optimizer for one parameter, as it is before the update."""
        made: Optimizer = build(OPTIMIZERS, self.config, "optimizer")
        made.prepare(self.parameters[name].reshape(-1))
        made.updates = self.updates
        for vector, own in self.vectors.items():
            made.state[vector][...] = own[name].reshape(-1)
        return made

    def kept(self) -> dict[str, Any]:
        """Return what it has kept, as `trace_network` takes it; with the learning rate where that is not its own."""
        rate = {} if self.rate == self.own_rate else {"learning_rate": self.rate}
        return {"updates": self.updates, **rate, **self.vectors}


def _by_name(value: object, name: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ParameterError("not_by_name", name, name=name, value=value)
    return dict(value)


def learned(forward: Forward, state: OptimizerState, updates: int) -> tuple[OptimizerState, int]:
    """Return the optimizer after so many updates on the sample of a network; its `parameters` are those after them.

    Each update is that of the network's trace, to the last bit. Beside it stands how many of them, from the first on,
    leave nothing but finite numbers, and a loss that is one.
    """
    finite = 0
    values = {name: array.copy() for name, array in state.parameters.items()}
    forward = Forward(forward.parts, values, forward.first, forward.loss, forward.target)
    optimizers = {name: state.optimizer(name) for name in values}
    for made in range(updates):
        back = Backward(forward)
        gradients = {name: back.gradient(name).reshape(-1) for name in values}
        for name, optimizer in optimizers.items():
            optimizer.update(values[name].reshape(-1), gradients[name], state.rate)
        forward = Forward(forward.parts, values, forward.first, forward.loss, forward.target)
        finite += made == finite and _is_finite(values, optimizers) and math.isfinite(forward.value)
    kept: dict[str, Any] = {"learning_rate": state.rate, "updates": state.updates + updates}
    for vector in next(iter(optimizers.values())).state if optimizers else ():
        own = {name: each.state[vector].reshape(values[name].shape) for name, each in optimizers.items()}
        kept[vector] = own
    return OptimizerState(state.config, kept, values), finite


def _is_finite(values: Mapping[str, Array], optimizers: Mapping[str, Optimizer]) -> bool:
    """Return whether all parameters, and all that their optimizers keep, are finite numbers."""
    kept = (vector for optimizer in optimizers.values() for vector in optimizer.state.values())
    return all(np.isfinite(array).all() for array in (*values.values(), *kept))
