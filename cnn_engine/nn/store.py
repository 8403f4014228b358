"""Every parameter of a network in one flat vector, every gradient in another, and views of both by name.

An optimizer so works on a few long arrays however many layers there are. The views that people get have PyTorch's
names and shapes and are live: writing to one changes the network.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.nn.initialisation import Initialisation
from cnn_engine.nn.layers.base import Array, Layer, LearnedArray, aligned
from cnn_engine.tensors import layer_and_name

MOST_PARAMETERS = 20_000_000
DRAW_WEIGHTS = 4  # beside those of the trainer, so that no two things draw the same numbers


class Store:
    """The arrays of a network. Names are "0.weight": the layer's place in the architecture, then the parameter."""

    def __init__(self, layers: Sequence[Layer], dtype: np.dtype[np.floating]) -> None:
        self.declared: dict[str, LearnedArray] = {
            f"{index}.{name}": parameter
            for index, layer in enumerate(layers)
            for name, parameter in layer.parameters().items()
        }
        total = sum(math.prod(parameter.shape) for parameter in self.declared.values())
        if total > MOST_PARAMETERS:
            raise ParameterError("too_many_parameters", "architecture", total=total, most=MOST_PARAMETERS)
        self.flat, self.flat_gradient = aligned((total,), dtype), aligned((total,), dtype)
        self.values, self.gradients = self._stored(self.flat), self._stored(self.flat_gradient)
        self.buffers: dict[str, Array] = {
            f"{index}.{name}": np.full(buffer.shape, buffer.begins, buffer.dtype or dtype)
            for index, layer in enumerate(layers)
            for name, buffer in layer.buffers().items()
        }
        self._names = [[*layer.parameters(), *layer.buffers()] for layer in layers]  # of each layer, short

    def move(self, flat: Array, flat_gradient: Array) -> None:
        """Move into these arrays; views that were given out, also to plans, stay with the old ones."""
        flat[...] = self.flat
        self.flat, self.flat_gradient = flat, flat_gradient
        self.values, self.gradients = self._stored(flat), self._stored(flat_gradient)

    def _stored(self, flat: Array) -> dict[str, Array]:
        views, start = {}, 0
        for name, parameter in self.declared.items():
            order = parameter.order or tuple(range(len(parameter.shape)))
            shape = tuple(parameter.shape[axis] for axis in order)
            views[name] = flat[start : start + math.prod(shape)].reshape(shape)
            start += math.prod(shape)
        return views

    def public(self, stored: Mapping[str, Array]) -> dict[str, Array]:
        """Return the same arrays as views in PyTorch's order of axes."""
        return {
            name: array if (order := self.declared[name].order) is None else array.transpose(np.argsort(order))
            for name, array in stored.items()
        }

    def by_name(self, flat: Array) -> dict[str, Array]:
        """Return any vector as long as the parameters, such as an optimizer's state, as views in PyTorch's shapes."""
        return self.public(self._stored(flat))

    def of_layer(self, arrays: Mapping[str, Array], index: int) -> dict[str, Array]:
        """Return a layer's arrays by their short names."""
        return {name: arrays[full] for name in self._names[index] if (full := f"{index}.{name}") in arrays}

    def initialise(self, rule: Initialisation, seed: int) -> None:
        """Begin anew. Each layer draws from its own seed, so that changing one leaves the others as they were."""
        public = self.public(self.values)
        for name, parameter in self.declared.items():
            if parameter.begins == "weights":
                random = np.random.default_rng([seed, DRAW_WEIGHTS, layer_and_name(name)[0]])
                public[name][...] = rule.draw(parameter.shape, parameter.fan_in, parameter.fan_out, random)
            else:
                public[name].fill(1 if parameter.begins == "ones" else 0)
