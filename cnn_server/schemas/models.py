"""The bodies and queries of /api/models."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from cnn_engine.models import METHODS
from cnn_engine.models.reasons import Settings
from cnn_server.schemas.fields import (
    MAX_MAGNITUDE,
    MAX_PARAMETER,
    NUMBER_SCHEMA,
    Checked,
    Values,
    array,
    check_total,
    one_of,
    read_array,
    real,
    refuse,
    whole,
    worded,
)
from cnn_server.schemas.network import MAX_NAME, Parameters
from cnn_server.schemas.queries import Query
from cnn_server.schemas.reading import Body

MOST_OFF = 4_096  # channels that one request switches off
MOST_CHANGES = 1_000  # numbers that one request changes
MOST_LAYERS = 256
FURTHEST = 1_024  # pixels that a picture is moved by
AXES = (1, 3)  # of a sample: features, or maps

Number = Annotated[int, whole(0)]
Schema = dict[str, Any]


class ByImage(Body):
    """An uploaded picture or a shipped one."""

    image: Annotated[str, Field(min_length=1, max_length=100)]


class BySample(Body):
    """A sample of the validation set of the data set that the model learned from."""

    sample: Number


def _read_input(value: Any, name: str) -> Values | ByImage | BySample:
    if isinstance(value, list):
        return read_array(value, name, AXES)
    for kind in (ByImage, BySample):
        if isinstance(value, dict) and list(value) == list(kind.model_fields):
            return kind.model_validate(value)
    raise refuse("not_a_model_input", name=name, value=worded(value))


def _closed(name: str, schema: Schema) -> Schema:
    return {"type": "object", "properties": {name: schema}, "required": [name], "additionalProperties": False}


_INPUT: Schema = {
    "anyOf": [
        *(array(axes).schema for axes in AXES),
        _closed("image", {"type": "string", "minLength": 1, "maxLength": 100}),
        _closed("sample", {"type": "integer", "minimum": 0, "maximum": MAX_PARAMETER}),
    ]
}


def _read_class(value: Any, name: str) -> Any:
    several = value if isinstance(value, list) else [value]
    if 1 <= len(several) <= 2 and all(type(one) is int and 0 <= one <= MAX_PARAMETER for one in several):
        return value
    raise refuse("not_classes", name="class", value=worded(value))


_CLASS: Schema = {"type": "integer", "minimum": 0, "maximum": MAX_PARAMETER}


class Channel(Body):
    """A channel of what a layer gives."""

    layer: Number
    channel: Number


class Prepare(Body):
    """What is done to a picture before the network receives it; what is left out is as the model has it."""

    grey: bool | None = None
    invert: bool | None = None
    crop: bool | None = None
    deskew: bool | None = None
    scale: bool | None = None
    thicken: bool | None = None
    centre: bool | None = None


class Change(Body):
    """Another value for one number of a parameter."""

    parameter: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    index: Annotated[list[Number], Field(fail_fast=True, min_length=1, max_length=4)]
    value: Annotated[float, real(-MAX_MAGNITUDE, MAX_MAGNITUDE)]


class Bending(Body):
    """Single numbers of a model that have other values."""

    changes: Annotated[list[Change], Field(fail_fast=True, max_length=MOST_CHANGES)] = Field(default_factory=list)

    def listed_changes(self) -> list[dict[str, Any]]:
        """The changes as the engine takes them."""
        return [change.model_dump() for change in self.changes]


class AskBody(Bending):
    """What a model is asked about: an input, numbers that have other values, and channels switched off.

    Of `parameters` and `changes` the latter come last.

    `moved` is by how many pixels the picture that the network receives is moved at last: down, and to the right.
    """

    input: Annotated[Any, Checked(_read_input, _INPUT)]
    prepare: Prepare | None = None
    moved: Annotated[list[Annotated[int, whole(-FURTHEST, FURTHEST)]], Field(min_length=2, max_length=2)] | None = None
    parameters: Parameters = Field(default_factory=dict)
    off: Annotated[list[Channel], Field(fail_fast=True, max_length=MOST_OFF)] = Field(default_factory=list)

    def switched_off(self) -> list[dict[str, int]]:
        """The channels as the engine takes them."""
        return [channel.model_dump() for channel in self.off]

    @model_validator(mode="after")
    def _together(self) -> Self:
        """The input and all parameters count towards one cap."""
        own = 0 if isinstance(self.input, BaseModel) else self.input.size
        check_total(own + sum(values.size for values in self.parameters.values()))
        return self


class AnswerBody(AskBody):
    """Whose maps are wanted; all, where it is left out. And whether the model's own answer is wanted beside it.

    In single precision the input, its stages and the maps are written in about seven digits, enough for pictures.
    """

    compare: bool = False
    precision: Literal["double", "single"] = "double"
    layers: Annotated[list[Number], Field(fail_fast=True, max_length=MOST_LAYERS)] | None = None


class ReachBody(AskBody):
    """One cell of what a layer gives."""

    layer: Number
    index: Annotated[list[Number], Field(fail_fast=True, min_length=1, max_length=3)]


class CellBody(ReachBody):
    """One cell of what a layer gives, and which tensors (null: all) and parts of the layer's trace are wanted, too."""

    tensors: Annotated[list[str], Field(max_length=16)] | None = Field(default_factory=list)
    parts: Annotated[list[Literal["card", "links", "messages"]], Field(max_length=4)] | None = None


class PartsBody(AskBody):
    """One channel of what a layer gives."""

    layer: Number
    channel: Number


class ReasonBody(AskBody):
    """By which method, for which class or pair of classes, and at which layer. The class is the answer by default."""

    method: Annotated[str, one_of(METHODS)] = "contribution"
    class_: Annotated[
        Any,
        Checked(_read_class, {"anyOf": [_CLASS, {"type": "array", "items": _CLASS, "minItems": 1, "maxItems": 2}]}),
    ] = Field(None, alias="class")
    layer: Number | None = None
    scramble: Number | None = None
    scramble_layers: Annotated[int, whole(1)] | None = None
    baseline: Annotated[float, real(-1e6, 1e6)] | None = None
    size: Annotated[int, whole(1)] | None = None

    def settings(self) -> Settings:
        """What the engine takes by name."""
        off, layers = self.switched_off(), self.scramble_layers
        return Settings(off=off, scramble_layers=layers, baseline=self.baseline, size=self.size)


class WhyBody(ReasonBody):
    """Of contributions: how many of the largest cells are switched off, and a seed for those that chance picks."""

    largest: Annotated[int, whole(1, 1_000)] | None = None
    seed: Number | None = None


class WhyCellBody(ReasonBody):
    """One cell of the values, whose arithmetic is wanted."""

    cell: Annotated[list[Number], Field(fail_fast=True, min_length=1, max_length=3)]


class MapBody(Body):
    """A map of a layer, or a feature."""

    layer: Number
    channel: Number


class ExcitingBody(MapBody):
    """How many pictures are wanted."""

    count: Annotated[int, whole(1, 50)] = 9


class FavouriteBody(MapBody):
    """How many steps are taken, and the seed of the noise that they begin with."""

    steps: Annotated[int, whole(1, 60)] = 20
    seed: Number = 0


class NearestBody(AskBody):
    """At which layer, and how many pictures are wanted."""

    layer: Number
    count: Annotated[int, whole(1, 50)] = 9


class ModelOfRun(Body):
    """The run whose network, as it was stored last, becomes a model."""

    run: Annotated[str, Field(min_length=1, max_length=64)]


class BentModel(Bending):
    """The model of which, with these changes, another is made."""

    model: Annotated[str, Field(min_length=1, max_length=100)]


def _object(required: str, most: int, **more: Schema) -> Schema:
    named: Schema = {"type": "string", "minLength": 1, "maxLength": most}
    return {
        "type": "object",
        "properties": {required: named, **more},
        "required": [required],
        "additionalProperties": False,
    }


RUN_SCHEMA = _object("run", 64)
BENT_SCHEMA = _object(
    "model",
    100,
    changes={
        "type": "array",
        "maxItems": MOST_CHANGES,
        "items": {
            "type": "object",
            "properties": {
                "parameter": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
                "index": {
                    "type": "array",
                    "items": {"type": "integer", "minimum": 0, "maximum": MAX_PARAMETER},
                    "minItems": 1,
                    "maxItems": 4,
                },
                "value": NUMBER_SCHEMA,
            },
            "required": ["parameter", "index", "value"],
            "additionalProperties": False,
        },
    },
)


class ModelPath(BaseModel):
    """Which model."""

    model_id: str


class CodeQuery(Query):
    """For which framework."""

    framework: Literal["torch"] = "torch"
