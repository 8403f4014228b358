"""The two ways through a network for one sample, a trace for each layer: each is made when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.catalogue import OPERATIONS
from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.nn.criteria import Criterion
from cnn_engine.nn.layers.base import Layer
from cnn_engine.nn.options import named
from cnn_engine.operations import OF_LOSSES
from cnn_engine.tensors import layer_and_name
from cnn_engine.trace.base import Array, Trace


class LossTraces(NamedTuple):
    """The traces of a loss, each by its name: forward, backward, and what the latter calls the network's answers."""

    forward: str
    backward: str
    answers: str


def _traces(forward: str) -> LossTraces:
    backward = OF_LOSSES[forward]
    return LossTraces(forward, backward, OPERATIONS[backward].parameters[0].name)


LOSSES = {
    "cross_entropy": _traces("cross_entropy"),
    "binary_cross_entropy": _traces("binary_cross_entropy_with_logits"),
    "mse": _traces("mse"),
}
ARRAYS = ("input", "weight", "bias", "grad_output", "wrt")  # arguments that are no options of a layer


class LayerPart(NamedTuple):
    """A layer, and the options of its traces."""

    layer: Layer
    options: Mapping[str, Any]

    def traced(self, suffix: str, **arrays: Any) -> Trace:
        """Return the layer's trace, or with "_backward" one of its gradients."""
        row = OPERATIONS[f"{self.layer.kind}{suffix}"]
        names = {parameter.name for parameter in row.parameters}
        own = {name: value for name, value in self.options.items() if name in names and name not in ARRAYS}
        return row.trace(**own, **{name: array for name, array in arrays.items() if name in names})

    def gradients(self) -> dict[str, tuple[int, ...]]:
        """Return the shapes of its gradients in the order of the way back: by each parameter, and by the input."""
        shapes = {name: own.shape for name, own in self.layer.parameters().items()}
        return shapes | {"input": self.layer.input_shape}

    def as_maps(self, array: Array) -> Array:
        """Return what the layer reads as its traces take it: flattening a line is flattening a map of one row."""
        return array[None, None] if self.layer.kind == "flatten" and array.ndim == 1 else array


def parts_of(layers: Sequence[Layer], architecture: Sequence[Mapping[str, Any] | str]) -> list[LayerPart]:
    """Return the layers of an architecture with their options.

    Raises:
        ParameterError: a layer that has no traces, by its index: `architecture.2`.
    """
    for index, layer in enumerate(layers):
        if layer.kind not in OPERATIONS:
            where = {"number": index + 1, "kind": layer.kind}
            raise ParameterError("layer_without_trace", f"architecture.{index}", **where)
    options = [named(entry, "layer", "layer")[1] for entry in architecture]
    return [LayerPart(layer, own) for layer, own in zip(layers, options, strict=True)]


class Forward:
    """What each layer makes of a sample, with these parameters, and the loss of what comes out.

    Args:
        parts: the layers.
        parameters: in float64, by PyTorch's names.
        input: the sample, in float64.
        loss: a name of LOSSES.
        target: as the trace of the loss takes it.
    """

    def __init__(
        self, parts: Sequence[LayerPart], parameters: Mapping[str, Array], input: Array, loss: str, target: ArrayLike
    ) -> None:
        self.parts, self.parameters, self.first, self.loss, self.target = parts, parameters, input, loss, target
        self._made: list[Trace] = []

    def trace(self, index: int) -> Trace:
        """Return the trace of a layer; those before it are made first."""
        while len(self._made) <= index:
            part, own = self.parts[len(self._made)], self.own(len(self._made))
            self._made.append(part.traced("", input=part.as_maps(self.read(len(self._made))), **own))
        return self._made[index]

    def own(self, index: int) -> dict[str, Array]:
        """Return the parameters of a layer by their short names."""
        names = self.parts[index].layer.parameters()
        return {name: self.parameters[f"{index}.{name}"] for name in names}

    def read(self, index: int) -> Array:
        """Return what a layer reads; after the last one, the network's answers."""
        if index == 0:
            return self.first
        output: Array = self.trace(index - 1).tensors["output"]
        return output

    @property
    def answers(self) -> Array:
        """(K,), what the last layer gives."""
        return self.read(len(self.parts)).reshape(-1)

    @cached_property
    def loss_trace(self) -> Trace:
        """The trace of the loss."""
        return OPERATIONS[LOSSES[self.loss].forward].trace(self.answers, self.target)

    @property
    def value(self) -> float:
        """The loss."""
        return float(self.loss_trace.tensors["output"])


class Backward:
    """The gradient of the loss by everything on the way, from the last layer to the first."""

    def __init__(self, forward: Forward) -> None:
        self.forward = forward
        self._made: dict[tuple[int, str], Trace] = {}

    @cached_property
    def loss_trace(self) -> Trace:
        """The trace of the gradient by the network's answers."""
        traces, way = LOSSES[self.forward.loss], self.forward
        return OPERATIONS[traces.backward].trace(**{traces.answers: way.answers}, target=way.target)

    def above(self, index: int) -> Array:
        """Return the gradient by what a layer gives, in its shape."""
        parts = self.forward.parts
        if index == len(parts) - 1:
            return self.loss_trace.tensors["output"].reshape(parts[index].layer.output_shape)
        gradient: Array = self.trace(index + 1, "input").tensors["output"]
        return gradient.reshape(parts[index].layer.output_shape)

    def trace(self, index: int, wrt: str) -> Trace:
        """Return the trace of the gradient by a layer's "weight", "bias" or "input"; those above it are made first."""
        for above in range(len(self.forward.parts) - 1, index, -1):
            self._trace(above, "input")
        return self._trace(index, wrt)

    def _trace(self, index: int, wrt: str) -> Trace:
        key = index, wrt
        if key not in self._made:
            part, own = self.forward.parts[index], self.forward.own(index)
            read = part.as_maps(self.forward.read(index))
            self._made[key] = part.traced("_backward", input=read, grad_output=self.above(index), wrt=wrt, **own)
        return self._made[key]

    def gradient(self, name: str) -> Array:
        """Return the gradient by a parameter of this name."""
        gradient: Array = self.trace(*layer_and_name(name)).tensors["output"]
        return gradient

    @property
    def input_gradient(self) -> Array:
        """The gradient by the network's input."""
        gradient: Array = self.trace(0, "input").tensors["output"]
        return gradient.reshape(self.forward.first.shape)


def check_loss(loss: str, outputs: int, target: ArrayLike) -> int:
    """Return how many steps the loss of so many answers takes.

    Raises:
        ParameterError, ShapeError: an unknown loss, or a target that does not fit it.
    """
    Criterion(loss, outputs)
    try:
        return len(OPERATIONS[LOSSES[loss].forward].trace(np.zeros(outputs), target))
    except ConvoscopeError as error:
        raise error.within("target") from error
