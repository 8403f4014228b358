"""Samples on their way through a model, and the gradient on its way back: all that answers and reasons are made of.

Everything is computed in float64 by the layers of `cnn_engine.nn`, as in evaluation: dropout does nothing, and batch
normalisation goes by its running statistics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError, shape_text
from cnn_engine.geometry import whole_in
from cnn_engine.models.model import Model
from cnn_engine.nn.layers.base import Array, outer_view
from cnn_engine.nn.plan import Plan
from cnn_engine.windows import as_array

INPUT = -1  # the number of what the first layer is given
AT_ONCE = 16  # samples that go through the layers together
Off = Sequence[Mapping[str, int]]
Cells = tuple[Array, ...]  # indices of channels or features, or those of channels, rows and columns of some cells


class Pass:
    """Samples (N, ...) through a model, with some channels or cells switched off: what every layer gives for them.

    Attributes:
        outputs: by the number of the layer, (N, C, H, W) or (N, F); that of the input is `INPUT`.
        logits: (N, classes); of a pass that ends early, all that its last layer gives, (N, cells).

    Args:
        off: what is switched off, by the number of the layer.
        plus: what is added to what some layers give, of its shape (N, ...), by the number of the layer.
        upto: the last layer that is passed; None is the last of all.
        backward: whether `gradients` will be asked for.
    """

    def __init__(
        self,
        model: Model,
        samples: Array,
        off: Mapping[int, Sequence[Cells]] | None = None,
        *,
        plus: Mapping[int, Array] | None = None,
        upto: int | None = None,
        backward: bool = False,
    ) -> None:
        self._off, self._plus = off or {}, plus or {}
        layers = model.network.layers if upto is None else model.network.layers[: upto + 1]
        serves_others = upto is None and len(samples) == 1 and not backward
        self._plan = (_idle(model) if serves_others else None) or Plan(
            layers, model.network.store, len(samples), training=False, fast=False, by_input=backward
        )
        self.outputs: dict[int, Array] = {}
        with np.errstate(all="ignore"):
            given = samples.copy()
            self._change(given, INPUT)
            self.outputs[INPUT] = given
            self._plan.load(given)
            for placed in self._plan.placed:
                placed.stage.forward(None)
                given = outer_view(placed.stage.output.value)
                self._change(given, placed.last)
                self.outputs[placed.last] = given.copy()
        self.logits = self.outputs[len(layers) - 1].reshape(len(samples), -1)
        if serves_others:
            model.idle_plans.append(self._plan)  # what it gave is copied

    def _change(self, array: Array, layer: int) -> None:
        """Change what a layer gives: add what is added to it, and set to 0 what is switched off."""
        if layer in self._plus:
            array += self._plus[layer]
        self._silence(array, layer)

    def _silence(self, array: Array, layer: int) -> None:
        """Set to 0 what is switched off of what a layer gives, or of the gradient by it."""
        for cells in self._off.get(layer, ()):
            np.moveaxis(array, 0, -1)[cells] = 0

    def gradients(self, weights: Array) -> dict[int, Array]:
        """Return the gradient of the sum of `logits` times weights by what each layer gives; once.

        Through a channel that is switched off there is none.
        """
        found: dict[int, Array] = {}
        last = outer_view(self._plan.output.grad)
        last[...] = weights.reshape(last.shape[1:])
        with np.errstate(all="ignore"):
            for placed in reversed(self._plan.placed):
                grad = outer_view(placed.stage.output.grad)
                self._silence(grad, placed.last)
                found[placed.last] = grad.copy()
                placed.stage.backward()
        found[INPUT] = outer_view(self._plan.input.grad).copy()
        return found


def _idle(model: Model) -> Plan | None:
    """Take a layout of the whole model for one sample; None where no other pass has left one."""
    try:
        return model.idle_plans.pop()
    except IndexError:
        return None


class Logits:
    """The logits of many samples, so many at a time, by the fast plan, where nothing is wanted of the layers between.

    One layout serves them all, and layers that fit are computed together: a quarter of the time that a `Pass` takes.
    """

    def __init__(self, model: Model) -> None:
        self.at_once = most_at_once(model)
        self._plan = Plan(model.network.layers, model.network.store, self.at_once, training=False)

    def of(self, samples: Array) -> Array:
        """Return the logits (N, classes) of at most `at_once` samples."""
        whole = np.zeros((self.at_once, *samples.shape[1:]))
        whole[: len(samples)] = samples
        with np.errstate(all="ignore"):
            logits: Array = self._plan.forward(whole).T[: len(samples)].copy()
        return logits


def most_at_once(model: Model) -> int:
    """Return how many samples go through the layers together: one, where what a layer gives depends on the others."""
    return 1 if model.network.together else AT_ONCE


def read_sample(model: Model, input: ArrayLike) -> Array:
    """Return one sample as (1, ...) in float64.

    Raises:
        ShapeError: it is not of the model's input shape.
    """
    array = as_array(input, "input", (1, 2, 3))
    if array.dtype.kind not in "fiu":
        raise ParameterError("not_real_numbers", "input", dtype=array.dtype, name="input")
    if array.shape != model.input_shape:
        expected = shape_text(model.input_shape)
        raise ShapeError("sample_of_another_shape", "input", shape=shape_text(array.shape), expected=expected)
    return array[None].astype(np.float64)


def read_layer(model: Model, layer: object, field: str = "layer") -> int:
    """Return the number of a layer.

    Raises:
        ParameterError: there is none of this number.
    """
    return whole_in(layer, field, 0, len(model.layers) - 1)


def read_index(shape: Sequence[int], index: object, field: str = "index") -> tuple[int, ...]:
    """Return an index, with a number for each axis.

    Raises:
        ParameterError: there is no such cell.
    """
    if not isinstance(index, list | tuple) or len(index) != len(shape):
        raise ParameterError("not_a_cell", field, name=field, value=index, axes=len(shape))
    pairs = enumerate(zip(index, shape, strict=True))
    return tuple(whole_in(one, f"{field}.{axis}", 0, size - 1) for axis, (one, size) in pairs)


def read_off(model: Model, off: Off) -> dict[int, list[Cells]]:
    """Return the channels that are switched off, by their layer: each once, and all of a layer together.

    Raises:
        ParameterError: a layer or a channel that is not there.
    """
    found: dict[int, set[int]] = {}
    for index, entry in enumerate(off):
        layer = read_layer(model, entry["layer"], f"off.{index}.layer")
        channels = model.layers[layer].output_shape[0]
        channel = whole_in(entry["channel"], f"off.{index}.channel", 0, channels - 1)
        found.setdefault(layer, set()).add(channel)
    return {layer: [(np.array(sorted(channels)),)] for layer, channels in found.items()}


def read_class(model: Model, class_: Any, logits: Array) -> tuple[int, ...]:
    """Return one class or two that are compared; None is the one with the largest logit."""
    if class_ is None:
        return (int(np.argmax(logits)),)
    given = class_ if isinstance(class_, list | tuple) else [class_]
    if len(given) not in (1, 2):
        raise ParameterError("not_one_class_or_two", "class", value=class_)
    found = tuple(whole_in(one, "class", 0, len(model.classes) - 1) for one in given)
    if len(set(found)) != len(found):
        raise ParameterError("class_against_itself", "class", value=found[0])
    return found


def weights_of(model: Model, classes: tuple[int, ...]) -> Array:
    """Return what the logits are weighed by: 1 for the class, and −1 for the one that it is compared with."""
    weights = np.zeros(len(model.classes))
    weights[classes[0]] = 1
    if len(classes) == 2:
        weights[classes[1]] = -1
    return weights
