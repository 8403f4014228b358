"""Dropout: while training, each value is 0 with probability p, and the others are divided by 1 − p."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.layers.base import Layer, Plain, Shape, Site, Stage
from cnn_engine.nn.options import checked
from cnn_engine.parameters import Accepts

Share = Annotated[float, Accepts("number", minimum=0, maximum=1, title="share", rule="must_be_a_probability")]


class Dropout(Layer):
    """torch.nn.Dropout's option `p`."""

    kind = "dropout"
    straight = keeps = True
    choices = (Choice("Dropout", "while training, some values are left out", {"p": 0.5}),)
    draws = True

    @checked
    def __init__(self, input_shape: Shape, *, p: Share = 0.5) -> None:
        self.p = p
        super().__init__(input_shape, input_shape)

    def stage(self, site: Site) -> Stage:
        """Return the plain plan; nothing at all where nothing is trained."""
        return PlainDropout(self, site) if site.training else Unchanged(site)


class PlainDropout(Plain):
    """A mask a step."""

    def __init__(self, layer: Dropout, site: Site) -> None:
        super().__init__(layer, site)
        self._p = layer.p
        self._scale = site.dtype.type(1 / (1 - layer.p) if layer.p < 1 else 0)
        self._mask = site.empty(self.output.value.shape)

    def forward(self, random: np.random.Generator | None) -> None:
        """Draw which values stay."""
        if random is None:
            raise RuntimeError("dropout trains only with a source of random numbers")
        random.random(out=self._mask, dtype=self._mask.dtype)
        np.greater_equal(self._mask, self._p, out=self._mask)
        np.multiply(self._mask, self._scale, out=self._mask)
        np.multiply(self._source.value, self._mask, out=self.output.value)

    def backward(self) -> None:
        """Pass the gradient through the same mask."""
        np.multiply(self.output.grad, self._mask, out=self._source.grad)


class Unchanged(Stage):
    """Its output is its source."""

    def __init__(self, site: Site) -> None:
        self.output = site.source

    def forward(self, random: np.random.Generator | None) -> None:
        """Do nothing."""

    def backward(self) -> None:
        """Do nothing."""
