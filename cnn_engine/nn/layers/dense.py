"""Flatten and linear: from maps to features, and from features to features."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from cnn_engine.errors import ParameterError, ShapeError, shape_text
from cnn_engine.geometry import Count, whole
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Array, Layer, LearnedArray, Plain, Shape, Site
from cnn_engine.nn.options import checked
from cnn_engine.parameters import Accepts
from cnn_engine.relations.blocks import Blocks


class PlainFlatten(Plain):
    """One copy, from [row, channel, column, sample] to [feature, sample]."""

    def __init__(self, layer: Flatten, site: Site) -> None:
        self._source = site.source
        self._is_flat = site.source.value.ndim == 2
        self.output = site.source if self._is_flat else site.signal(layer.output_shape)
        if not self._is_flat:
            maps = (*layer.input_shape, site.batch)
            self._value = self.output.value.reshape(maps).swapaxes(0, 1)
            self._grad = self.output.grad.reshape(maps).swapaxes(0, 1)

    def forward(self, random: np.random.Generator | None) -> None:
        """Copy."""
        if not self._is_flat:
            self._value[...] = self._source.value

    def backward(self) -> None:
        """Copy back."""
        if not self._is_flat:
            self._source.grad[...] = self._grad


class PlainLinear(Plain):
    """weight @ [feature, sample] + bias. The weights are stored as (input, output): their gradient comes sooner so."""

    def __init__(self, layer: Linear, site: Site) -> None:
        super().__init__(layer, site)
        self._weight, self._weight_grad = site.values["weight"], site.grads["weight"]
        self._bias: Array | None = None
        if layer.bias:
            self._bias, self._bias_grad = site.values["bias"][:, None], site.grads["bias"]
            self._ones = np.ones(site.batch, site.dtype)

    def forward(self, random: np.random.Generator | None) -> None:
        """Compute the output by one product."""
        self._weight.T.dot(self._source.value, self.output.value)  # for two axes half the price of a call of np.matmul
        if self._bias is not None:
            np.add(self.output.value, self._bias, out=self.output.value)

    def backward(self) -> None:
        """Compute both gradients by a product each."""
        self._source.value.dot(self.output.grad.T, self._weight_grad)
        if self._bias is not None:
            self.output.grad.dot(self._ones, self._bias_grad)
        if self._wants_input:
            self._weight.dot(self.output.grad, self._source.grad)


class Flatten(Layer):
    """(C, H, W) -> (C · H · W,), in C order over channel, row, column; (F,) stays as it is."""

    kind = "flatten"
    plain = PlainFlatten
    straight = keeps = True
    choices = (Choice("Flatten", "maps become one row of numbers"),)

    def __init__(self, input_shape: Shape, *, start_dim: int = 1, end_dim: int = -1) -> None:
        for value, name, only in ((start_dim, "start_dim", (1,)), (end_dim, "end_dim", (-1, len(input_shape)))):
            if whole(value, name, -1) not in only:
                raise ParameterError("only_flattens_samples", name, name=name, value=value, only=only[0])
        super().__init__(input_shape, (math.prod(input_shape),))

    def blocks(self) -> Blocks:
        """Return, for each place in the row, the map that it comes from."""
        return Blocks.of(self.input_shape[0], self.output_shape[0], self.input_shape[0])


class Linear(Layer):
    """torch.nn.Linear's options; `in_features` may be left out."""

    kind = "linear"
    plain = PlainLinear
    straight = weighs = True
    choices = (Choice("Dense", "every input meets every output", {"out_features": 10}),)

    @checked
    def __init__(
        self,
        input_shape: Shape,
        *,
        out_features: Annotated[int, Accepts("whole", minimum=1, title="outputs")],
        bias: bool = True,
        in_features: Count | None = None,
    ) -> None:
        if len(input_shape) != 1:
            shape = shape_text(input_shape)
            raise ShapeError("needs_flat_input", "layer", shape=shape, flatten='{"layer": "flatten"}')
        self.in_features, self.out_features, self.bias = input_shape[0], out_features, bias
        if in_features is not None and in_features != self.in_features:
            raise ParameterError(
                "in_features_do_not_fit", "in_features", in_features=in_features, expected=self.in_features
            )
        super().__init__(input_shape, (self.out_features,))

    def blocks(self) -> Blocks:
        """Return that every output reads every input."""
        return Blocks.of(self.in_features, self.out_features)

    def parameters(self) -> dict[str, LearnedArray]:
        """Return `weight` (out_features, in_features) and `bias`."""
        shape = (self.out_features, self.in_features)
        weight = LearnedArray(shape, "weights", (1, 0), self.in_features, self.out_features)
        return {"weight": weight} | ({"bias": LearnedArray((self.out_features,))} if self.bias else {})
