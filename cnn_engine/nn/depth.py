"""A deep stack of dense layers that learns, and how large everything in it is, layer by layer, at every step.

It is trained by `Trainer`, in the float32 that all networks are trained in: what is smaller than 10⁻⁴⁵ is 0 there, and
what is larger than 3.4 × 10³⁸ infinite. The sizes are root mean squares, worked out in float64.

Why gradients shrink or grow: on its way back through a layer a gradient is multiplied by the slope of the activation
and by the weights. Where these are independent and of mean 0, its root mean square is multiplied by that of the slopes
and by √outputs times that of the weights (X. Glorot and Y. Bengio, 2010; K. He et al., 2015).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.stored import DIGITS
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Array, Layer
from cnn_engine.nn.network import Network
from cnn_engine.nn.trainer import Trainer

SAMPLES = 32  # the same ones at every step, so that only the weights change from one to the next
PIXELS = math.prod(DIGITS.input_shape)
FLAT = 0.1  # of its steepest slope: where a curve is less steep than that it is as good as flat
ACTIVATIONS: dict[str, tuple[Callable[[Array], Array], float]] = {
    "sigmoid": (lambda given: given * (1 - given), 0.25),
    "tanh": (lambda given: 1 - given * given, 1.0),
    "relu": (lambda given: (given > 0).astype(np.float64), 1.0),
}  # the slope of each by what it gave, and the steepest
SIZES = ("values", "above", "gradients", "slopes", "stretches", "passed", "idle")
Sizes = NDArray[np.float64]


@dataclass(frozen=True)
class Stack:
    """So many dense layers of one width, an activation behind each but the last, which gives an answer per class."""

    activation: str
    initialisation: str | Mapping[str, Any]
    layers: int
    width: int
    learning_rate: float
    seed: int

    @property
    def architecture(self) -> list[dict[str, Any]]:
        """The stack as `Network` takes it."""
        hidden: list[dict[str, Any]] = [{"layer": "linear", "out_features": self.width}, {"layer": self.activation}]
        return [*hidden * (self.layers - 1), {"layer": "linear", "out_features": len(DIGITS.classes)}]

    def laid_out(self) -> list[Layer]:
        """Return the layers, without the numbers in them."""
        return make_layers(self.architecture, (PIXELS,))

    def trainer(self) -> Trainer:
        """Return the stack as it begins, with plain gradient descent."""
        network = Network(self.architecture, input_shape=(PIXELS,), seed=self.seed, initialisation=self.initialisation)
        return Trainer(network, optimizer={"name": "sgd", "learning_rate": self.learning_rate}, batch_size=SAMPLES)


@dataclass(frozen=True)
class Record:
    """How large everything was at each step.

    Attributes:
        loss: (steps + 1,), before each update and after the last one.
        sizes: (steps, layers) of each of `SIZES`.
            values: what the layer gives. above: the gradient of the loss by that. gradients: that by its weights.
            slopes: of its activation, where the values fell; 1 for the last layer, which has none.
            stretches: by how much its weights stretch a gradient on its way back.
            passed: above, slopes and stretches multiplied: about what `above` is in the layer before.
            idle: the share of its units that give 0 for every sample (ReLU), or of its values on a part of the curve
            that is all but flat; 0 for the last layer.
    """

    loss: Sizes
    sizes: dict[str, Sizes]


def train(stack: Stack, trainer: Trainer, updates: int) -> Record:
    """Let a stack learn for so many steps, by its trainer; what is not finite any more is kept as it is."""
    x, y = samples()
    loss = np.empty(updates + 1)
    sizes = {name: np.zeros((updates, stack.layers)) for name in SIZES}
    for step in range(updates):
        loss[step] = trainer.forward_backward(x, y)
        with np.errstate(all="ignore"):
            _measure(stack, trainer, {name: rows[step] for name, rows in sizes.items()})
        trainer.update()
    loss[updates] = trainer.forward_backward(x, y)
    return Record(loss, sizes)


@cache
def samples() -> tuple[Array, Array]:
    """Return (32, 64) handwritten digits, each a line of pixels from 0 to 1, and which they are."""
    learned = DIGITS.load(train=SAMPLES).train
    return learned.x.reshape(SAMPLES, PIXELS), learned.y


def _measure(stack: Stack, trainer: Trainer, row: dict[str, Sizes]) -> None:
    """Fill in what the last pass of a trainer was like: (layers,) of each size."""
    signals, store = trainer.signals(), trainer.store
    slope, steepest = ACTIVATIONS[stack.activation]
    for layer in range(stack.layers):
        hidden = layer < stack.layers - 1
        signal, weight = signals[2 * layer + hidden], store.values[f"{2 * layer}.weight"]
        given = signal.value.astype(np.float64)
        slopes = slope(given) if hidden else np.ones(1)
        row["values"][layer], row["above"][layer] = _size(given), _size(signal.grad)
        row["gradients"][layer] = _size(store.gradients[f"{2 * layer}.weight"])
        row["slopes"][layer] = _size(slopes)
        row["stretches"][layer] = _size(weight) * np.sqrt(len(given))
        if hidden:
            row["idle"][layer] = _idle(stack.activation, given, slopes, steepest)
    row["passed"][...] = row["above"] * row["slopes"] * row["stretches"]


def _idle(activation: str, given: Array, slopes: Array, steepest: float) -> float:
    """Return the share of units that are 0 for every sample, or of values where the curve is flat; (units, samples)."""
    if activation == "relu":
        return float(np.mean(~np.any(given, axis=1)))
    return float(np.mean(slopes < FLAT * steepest))


def _size(array: Array) -> float:
    """Return the root mean square."""
    wide = array.ravel().astype(np.float64, copy=False)
    return float(np.sqrt(wide @ wide / wide.size))
