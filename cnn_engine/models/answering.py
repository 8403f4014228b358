"""What a model answers to one sample, and what its layers make of it on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.models.model import Model
from cnn_engine.models.passes import Off, Pass, read_layer, read_off, read_sample
from cnn_engine.nn.layers.base import Array
from cnn_engine.pointwise import softmax


@dataclass(frozen=True)
class Answered:
    """What a model answers, in float64.

    Attributes:
        logits: (classes,).
        probabilities: (classes,), their softmax.
        input: what the network received, of the model's input shape.
        maps: what each layer that was asked for gives, by its number: (C, H, W) or (F,).
    """

    logits: Array
    probabilities: Array
    input: Array
    maps: dict[int, Array]

    @property
    def best(self) -> int | None:
        """The class with the largest probability: of equal ones the first. None where one of them is no number."""
        return None if np.isnan(self.probabilities).any() else int(np.argmax(self.probabilities))

    def is_sure(self, threshold: float) -> bool:
        """Return whether the largest probability is at least a threshold; not, where there is none."""
        return self.best is not None and bool(self.probabilities[self.best] >= threshold)


def largest_in(values: Array) -> tuple[int, ...] | None:
    """Return the index of the largest number that is finite, the first of equals; None where none is."""
    finite = np.isfinite(values)
    if not finite.any():
        return None
    flat = np.where(finite, values, -np.inf).argmax()
    return tuple(map(int, np.unravel_index(flat, values.shape)))


def answer(model: Model, input: ArrayLike, *, layers: Sequence[int] | None = None, off: Off = ()) -> Answered:
    """Return a model's answer to one sample, with the maps of these layers; None is all."""
    sample = read_sample(model, input)
    wanted = range(len(model.layers)) if layers is None else [read_layer(model, one, "layers") for one in layers]
    forward = Pass(model, sample, read_off(model, off))
    logits = forward.logits[0]
    maps = {layer: forward.outputs[layer][0] for layer in wanted}
    with np.errstate(all="ignore"):
        return Answered(logits, softmax(logits), sample[0], maps)
