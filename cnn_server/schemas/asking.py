"""What a model is asked: the bodies of the calls below /api/models/{id}."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, model_validator

from cnn_engine.models import METHODS
from cnn_engine.models.reasons import Settings
from cnn_engine.models.smallest import BOUND, LEAST
from cnn_server.schemas.field_types import (
    MAX_PARAMETER,
    Checked,
    Schema,
    Values,
    array,
    check_total,
    closed,
    one_of,
    read_array,
    real,
    refuse,
    text,
    whole,
    worded,
)
from cnn_server.schemas.models import Bending, Number
from cnn_server.schemas.network import Parameters
from cnn_server.schemas.reading import Body

MOST_OFF = 4_096  # channels that one request switches off
MOST_LAYERS = 256
FURTHEST = 1_024  # pixels that a picture is moved by
AXES = (1, 3)  # of a sample: features, or maps


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


_INPUT: Schema = {
    "anyOf": [
        *(array(axes).schema for axes in AXES),
        closed(image=text(100)),
        closed(sample=whole(0).schema),
    ]
}


def _read_class(value: Any, name: str) -> Any:
    several = value if isinstance(value, list) else [value]
    if 1 <= len(several) <= 2 and all(type(one) is int and 0 <= one <= MAX_PARAMETER for one in several):
        return value
    raise refuse("not_classes", name="class", value=worded(value))


_CLASS = whole(0).schema


class Channel(Body):
    """A channel of what a layer gives."""

    layer: Number
    channel: Number


class Prepare(Body):
    """What is done to a picture before the network receives it; what is left out is as the model has it."""

    grey: bool | None = None
    even: bool | None = None
    invert: bool | None = None
    crop: bool | None = None
    deskew: bool | None = None
    scale: bool | None = None
    thicken: bool | None = None
    centre: bool | None = None


class BentBody(Bending):
    """Single numbers of a model that have other values, and channels that are switched off."""

    off: Annotated[list[Channel], Field(fail_fast=True, max_length=MOST_OFF)] = Field(default_factory=list)

    def switched_off(self) -> list[dict[str, int]]:
        """Return the channels as the engine takes them."""
        return [channel.model_dump() for channel in self.off]


class AskBody(BentBody):
    """What a model is asked about: an input, numbers that have other values, and channels switched off.

    Of `parameters` and `changes` the latter come last.

    `moved` is by how many pixels the picture that the network receives is moved at last: down, and to the right.
    """

    input: Annotated[Any, Checked(_read_input, _INPUT)]
    prepare: Prepare | None = None
    moved: Annotated[list[Annotated[int, whole(-FURTHEST, FURTHEST)]], Field(min_length=2, max_length=2)] | None = None
    parameters: Parameters = Field(default_factory=dict)

    @model_validator(mode="after")
    def _together(self) -> Self:
        """Count the input and all parameters towards one cap."""
        own = 0 if isinstance(self.input, BaseModel) else self.input.size
        check_total(own + sum(values.size for values in self.parameters.values()))
        return self


class AnswerBody(AskBody):
    """Whose maps are wanted; all, where it is left out. And whether the model's own answer is wanted beside it.

    `threshold` is the least probability with which the model counts as sure.

    In single precision the input, its stages and the maps are written in about seven digits, enough for pictures;
    packed, the maps are little-endian float32 in base64, in the place of nested lists.
    """

    compare: bool = False
    threshold: Annotated[float, real(0, 1)] = 0.0
    precision: Literal["double", "single", "packed"] = "double"
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


class SmallestBody(AskBody):
    """Which class is wanted, by default the one next to the answer, and by how much a number may change at most."""

    class_: Number | None = Field(None, alias="class")
    bound: Annotated[float, real(LEAST, 1e6)] = BOUND


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
        """Return what the engine takes by name."""
        off, layers = self.switched_off(), self.scramble_layers
        return Settings(off=off, scramble_layers=layers, baseline=self.baseline, size=self.size)


class WhyBody(ReasonBody):
    """Of contributions: how many of the largest cells are switched off, and a seed for those that chance picks."""

    largest: Annotated[int, whole(1, 1_000)] | None = None
    seed: Number | None = None


class WhyCellBody(ReasonBody):
    """One cell of the values, whose arithmetic is wanted."""

    cell: Annotated[list[Number], Field(fail_fast=True, min_length=1, max_length=3)]


class MapBody(BentBody):
    """A map of a layer, or a feature, of a model as it is bent."""

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
