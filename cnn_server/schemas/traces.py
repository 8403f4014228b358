"""What the bodies of POST /api/trace/{operation} have beside the operation's own arguments."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal, Self

import numpy as np
from flask import current_app
from pydantic import Field, model_validator

from cnn_engine.data.presets import MAX_SIZE
from cnn_engine.variations import Variation, flipped, shifted
from cnn_server.problems import check_most
from cnn_server.schemas.field_types import Count, Values, check_total, small_pair, whole
from cnn_server.schemas.presets import Preset
from cnn_server.schemas.reading import Body


class Steps(Body):
    """Which steps to answer with: `count` of them at most, from `start` on, counted from 0."""

    start: Annotated[int, whole(0, 10**12)] = 0
    count: Count | None = None


class TraceBody(Body):
    """What every operation takes beside its own arguments."""

    NOT_ARGUMENTS: ClassVar = {"steps", "tensors", "parts", "flip_kernel", "shift"}

    steps: Steps = Steps()
    tensors: Annotated[list[str], Field(max_length=16)] | None = None
    parts: Annotated[list[Literal["card", "links", "messages"]], Field(max_length=4)] | None = None

    @model_validator(mode="after")
    def _together(self) -> Self:
        """Count all the arrays of one body towards one cap."""
        check_total(sum(value.size for _, value in self if isinstance(value, np.ndarray)))
        return self

    def arguments(self) -> dict[str, Any]:
        """Return what was given of the operation's own arguments, presets as their values."""
        given = {name: getattr(self, name) for name in self.model_fields_set - self.NOT_ARGUMENTS}
        return {name: value.values() if isinstance(value, Preset) else value for name, value in given.items()}

    def variation(self) -> Variation | None:
        """Return the one thing that is to be changed, where the answer is to be compared with what it was before."""
        return None


class FlippedBody(TraceBody):
    """`flip_kernel` turns the kernels by 180° first, and compares."""

    flip_kernel: bool = False

    def variation(self) -> Variation | None:
        """Return the kernels turned, where that is asked for."""
        return flipped() if self.flip_kernel else None


class ShiftedBody(TraceBody):
    """`shift` moves the input by [rows, columns] first, and compares."""

    shift: Annotated[tuple[int, int], small_pair(-MAX_SIZE, MAX_SIZE)] | None = None

    def variation(self) -> Variation | None:
        """Return the input moved, where that is asked for."""
        return shifted(self.shift) if self.shift else None


class SteppedBody(TraceBody):
    """The steps are made one after the other: for as many values as a person might read."""

    input: Any

    @model_validator(mode="after")
    def _few_enough(self) -> Self:
        check_stepped(self.input.values() if isinstance(self.input, Preset) else self.input)
        return self


def check_stepped(values: Values) -> None:
    """Refuse more values than an operation without a short cut is stepped for."""
    check_most("stepped_too_many", "input", values.size, current_app.config["MAX_STEPPED_VALUES"])
