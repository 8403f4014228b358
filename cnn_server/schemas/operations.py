"""The bodies of POST /api/trace/{operation}, made from what the catalogue says that each operation takes.

That of dense layers, one after the other, is written: each is an object of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal, Self

import numpy as np
from pydantic import Field, create_model, model_validator

from cnn_engine.catalogue import OPERATIONS, Operation
from cnn_engine.parameters import Accepts, Parameter
from cnn_engine.trace.linear import DENSE_ACTIVATIONS
from cnn_server.schemas.field_types import (
    MAX_MAGNITUDE,
    MAX_PARAMETER,
    Vector,
    array,
    check_total,
    padding,
    real,
    scale,
    size,
    whole,
)
from cnn_server.schemas.presets import (
    GradientPreset,
    InputPreset,
    KernelPreset,
    MatrixPreset,
    OrPreset,
    Preset,
    VectorPreset,
)
from cnn_server.schemas.race import OptimizersBody, configured
from cnn_server.schemas.reading import Body
from cnn_server.schemas.traces import FlippedBody, ShiftedBody, SteppedBody, TraceBody


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
        """Count the arrays of all layers towards one cap."""
        arrays = [value for layer in self.layers for _, value in layer if isinstance(value, np.ndarray)]
        check_total(sum(array.size for array in arrays))
        return self

    def arguments(self) -> dict[str, Any]:
        """Return what the engine takes."""
        return super().arguments() | {"layers": [layer.arguments() for layer in self.layers]}


WRITTEN: dict[str, type[TraceBody]] = {"dense": DenseBody, "optimizers": OptimizersBody}
MORE: dict[str, type[TraceBody]] = {  # what an operation or a group of them takes beside its arguments
    "conv2d": FlippedBody,
    "pooling": ShiftedBody,
    "average_or_dense": ShiftedBody,
    "answer": SteppedBody,
}


def _tensor(name: str, accepts: Accepts) -> Any:
    """Return an array; an input, a weight and a gradient may also be given by name."""
    axes = accepts.axes or ()
    if name == "input":
        return OrPreset(VectorPreset if axes == (1,) else InputPreset, axes)
    if name in ("weight", "second_weight"):
        return OrPreset(MatrixPreset if axes == (2,) else KernelPreset, axes)
    if name == "grad_output":
        return OrPreset(GradientPreset, axes)
    return array(*axes)


def _between(reads: Callable[[Any, Any], Any], lowest: float, highest: float) -> Callable[[str, Accepts], Any]:
    """Return what reads a number within a parameter's bounds, and within these where it has none."""

    def made(_: str, accepts: Accepts) -> Any:
        low = lowest if accepts.minimum is None else accepts.minimum
        return reads(low, highest if accepts.maximum is None else accepts.maximum)

    return made


READ: dict[str, Callable[[str, Accepts], Any]] = {  # what reads a parameter of each kind
    "tensor": _tensor,
    "whole": _between(whole, -MAX_PARAMETER, MAX_PARAMETER),
    "number": _between(real, -MAX_MAGNITUDE, MAX_MAGNITUDE),
    "size": lambda _, accepts: size(int(accepts.minimum or 0)),
    "scale": lambda *_: scale(),
    "padding": lambda *_: padding(),
    "named": lambda _, accepts: configured(accepts.words or ()),
}


def _type(name: str, accepts: Accepts) -> Any:
    if accepts.kind == "flag":
        return bool
    if accepts.kind == "word":
        return Literal[accepts.words]
    return Annotated[Any, READ[accepts.kind](name, accepts)]


def _field(parameter: Parameter) -> tuple[Any, Any]:
    kind = _type(parameter.name, parameter.accepts)
    if parameter.required:
        return kind, ...
    return (kind | None if parameter.default is None else kind), parameter.default


def _body(operation: Operation) -> type[TraceBody]:
    if operation.name in WRITTEN:
        return WRITTEN[operation.name]
    more = MORE.get(operation.name) or MORE.get(operation.group, TraceBody)
    note = f" {more.__doc__}" if more is not TraceBody else ""
    fields: dict[str, Any] = {parameter.name: _field(parameter) for parameter in operation.parameters}
    return create_model(
        f"{operation.identifier}Body", __base__=more, __doc__=f"The arguments of {operation.name}.{note}", **fields
    )


BODIES = {name: _body(operation) for name, operation in OPERATIONS.items()}
