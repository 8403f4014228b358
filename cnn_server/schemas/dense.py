"""The bodies of the operations that take lines of numbers: dense layers, softmax and the losses."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from flask import current_app
from pydantic import Discriminator, Field, Tag, model_validator

from cnn_engine.data.presets import WEIGHTS, weight_values
from cnn_server.problems import ProblemError
from cnn_server.schemas.fields import Matrix, Values, Vector, check_total, one_of, whole
from cnn_server.schemas.reading import Body
from cnn_server.schemas.traces import InputPreset, Preset, PresetSize, TraceBody, form


class VectorPreset(InputPreset):
    """A named input read row by row as one line of numbers."""

    def values(self) -> Values:
        """The values, one axis."""
        return super().values().ravel()


class MatrixPreset(Preset):
    """Named weights, [outputs, inputs]; `seed` chooses random ones."""

    preset: Annotated[str, one_of(WEIGHTS)]
    size: PresetSize
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0

    def values(self) -> Values:
        """The values, (outputs, inputs)."""
        return weight_values(self.preset, self.size, self.seed)


VectorOrPreset = Annotated[
    Annotated[Vector, Tag("as array")] | Annotated[VectorPreset, Tag("as preset")], Discriminator(form)
]
MatrixOrPreset = Annotated[
    Annotated[Matrix, Tag("as array")] | Annotated[MatrixPreset, Tag("as preset")], Discriminator(form)
]


class LinearBody(TraceBody):
    """The arguments of linear."""

    input: VectorOrPreset
    weight: MatrixOrPreset
    bias: Vector | None = None


class Layer(Body):
    """One dense layer."""

    weight: MatrixOrPreset
    bias: Vector | None = None
    activation: Literal["none", "relu", "sigmoid", "tanh"] = "none"

    def arguments(self) -> dict[str, Any]:
        """The layer as the engine takes it."""
        weight = self.weight.values() if isinstance(self.weight, Preset) else self.weight
        return {"weight": weight, "bias": self.bias, "activation": self.activation}


class DenseBody(TraceBody):
    """Dense layers, one after the other."""

    input: VectorOrPreset
    layers: Annotated[list[Layer], Field(fail_fast=True, min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _weights_together(self) -> Self:
        """The arrays of all layers count towards one cap."""
        arrays = [value for layer in self.layers for _, value in layer if isinstance(value, np.ndarray)]
        check_total(sum(array.size for array in arrays))
        return self

    def arguments(self) -> dict[str, Any]:
        """What the engine takes."""
        return super().arguments() | {"layers": [layer.arguments() for layer in self.layers]}


class SteppedBody(TraceBody):
    """An operation whose steps are made one after the other: for as many values as a person might read."""

    input: VectorOrPreset

    @model_validator(mode="after")
    def _few_enough(self) -> Self:
        check_stepped(self.input.values() if isinstance(self.input, Preset) else self.input)
        return self


def check_stepped(values: Values) -> None:
    """Refuse more values than an operation without a short cut is stepped for."""
    cap = current_app.config["MAX_STEPPED_VALUES"]
    if values.size > cap:
        message = f"input holds {values.size:,} values; this operation is stepped for {cap:,} at most"
        raise ProblemError.of_field(413, "input", message)


class SoftmaxBody(SteppedBody):
    """The arguments of softmax and log_softmax, of one sample."""

    axis: Annotated[int, whole(-1, 0)] = -1


class CrossEntropyBody(SteppedBody):
    """Logits and the class that is true."""

    target: Annotated[int, whole(0)]


class LossBody(SteppedBody):
    """Answers and what is true of each."""

    target: Vector
