"""The body of dense layers, one after the other: each is an object of its own."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, model_validator

from cnn_engine.trace.linear import DENSE_ACTIVATIONS
from cnn_server.schemas.field_types import Vector, check_total
from cnn_server.schemas.presets import MatrixPreset, OrPreset, Preset, VectorPreset
from cnn_server.schemas.reading import Body
from cnn_server.schemas.traces import TraceBody


class Layer(Body):
    """One dense layer."""

    weight: Annotated[Any, OrPreset(MatrixPreset, (2,))]
    bias: Vector | None = None
    activation: Literal[tuple(DENSE_ACTIVATIONS)] = "none"  # type: ignore[valid-type]

    def arguments(self) -> dict[str, Any]:
        """Return the layer as the engine takes it."""
        weight = self.weight.values() if isinstance(self.weight, Preset) else self.weight
        return {"weight": weight, "bias": self.bias, "activation": self.activation}


class DenseBody(TraceBody):
    """Dense layers, one after the other."""

    input: Annotated[Any, OrPreset(VectorPreset, (1,))]
    layers: Annotated[list[Layer], Field(fail_fast=True, min_length=1, max_length=8)]

    @model_validator(mode="after")
    def _weights_together(self) -> Self:
        """The arrays of all layers count towards one cap."""
        arrays = [value for layer in self.layers for _, value in layer if isinstance(value, np.ndarray)]
        check_total(sum(array.size for array in arrays))
        return self

    def arguments(self) -> dict[str, Any]:
        """Return what the engine takes."""
        return super().arguments() | {"layers": [layer.arguments() for layer in self.layers]}
