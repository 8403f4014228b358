"""Which model, how it is bent, and what one is made of: the bodies and queries of /api/models."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cnn_server.schemas.field_types import MAX_MAGNITUDE, NUMBER_SCHEMA, closed, real, text, whole
from cnn_server.schemas.network import MAX_NAME
from cnn_server.schemas.reading import Body, Query

MOST_CHANGES = 1_000  # numbers that one request changes

Number = Annotated[int, whole(0)]


class Change(Body):
    """Another value for one number of a parameter."""

    parameter: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    index: Annotated[list[Number], Field(fail_fast=True, min_length=1, max_length=4)]
    value: Annotated[float, real(-MAX_MAGNITUDE, MAX_MAGNITUDE)]


class Bending(Body):
    """Single numbers of a model that have other values."""

    changes: Annotated[list[Change], Field(fail_fast=True, max_length=MOST_CHANGES)] = Field(default_factory=list)

    def listed_changes(self) -> list[dict[str, Any]]:
        """Return the changes as the engine takes them."""
        return [change.model_dump() for change in self.changes]


class ModelOfRun(Body):
    """The run whose network, as it was stored last, becomes a model."""

    run: Annotated[str, Field(min_length=1, max_length=64)]


class BentModel(Bending):
    """The model of which, with these changes, another is made."""

    model: Annotated[str, Field(min_length=1, max_length=100)]


class ModelChange(Body):
    """What its owner may change of a model: whether everybody finds it in their list."""

    shared: bool


_CHANGE = closed(
    parameter=text(MAX_NAME),
    index={"type": "array", "items": whole(0).schema, "minItems": 1, "maxItems": 4},
    value=NUMBER_SCHEMA,
)
RUN_SCHEMA = closed(run=text(64))
BENT_SCHEMA = closed(model=text(100))
BENT_SCHEMA["properties"]["changes"] = {"type": "array", "maxItems": MOST_CHANGES, "items": _CHANGE}


class ModelPath(BaseModel):
    """Which model."""

    model_id: str


class CodeQuery(Query):
    """For which framework."""

    framework: Literal["torch"] = "torch"
