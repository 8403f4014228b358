"""The bodies and queries of /api/runs. What a setting means is the engine's to judge."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from cnn_engine.data.datasets import DATASETS
from cnn_engine.nn import INITIALISATIONS, LAYERS, LOSSES, OPTIMIZERS, SCHEDULES
from cnn_engine.nn.layers import MOST_LAYERS
from cnn_server.schemas.field_types import Checked, Schema, one_of, real, refuse, whole, worded
from cnn_server.schemas.reading import MAX_STEP, Body, Query, number

MAX_NAME = 80
MAX_SAMPLES = 1_000_000
MAX_STEPS_PER_SECOND = 100_000
MAX_LEARNING_RATE = 1e6
MOST_CLASSES = 1000
OPTION_VALUES, OPTION_LEVELS, OPTION_TEXT = 64, 4, 200  # of the options of one thing, and characters of a text


def _modest(value: Any, name: str) -> Any:
    """Return the value if it holds no more than options do: what judges them looks at each and repeats it in errors."""
    level, count = [value], 0
    for _ in range(OPTION_LEVELS):
        if any(isinstance(part, str) and len(part) > OPTION_TEXT for part in level):
            raise refuse("option_text_too_long", name=name, most=OPTION_TEXT)
        inside = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        count += sum(map(len, inside))
        if count > OPTION_VALUES:
            raise refuse("option_too_large", name=name, count=count, most=OPTION_VALUES)
        level = [part for parts in inside for part in parts]
        if not level:
            return value
    raise refuse("option_too_deep", name=name, most=OPTION_LEVELS)


def _read_options(value: Any, name: str) -> Any:
    if not isinstance(value, dict):
        raise refuse("not_an_object", name=name, value=worded(value))
    if any(len(key) > OPTION_TEXT for key in value):
        raise refuse("option_key_too_long", name=name, most=OPTION_TEXT)
    return _modest(value, name)


def choice(names: tuple[str, ...]) -> Checked:
    """Return a name, or an object with a name and options, which the engine judges."""

    def read(value: Any, name: str) -> Any:
        if isinstance(value, str):
            return _modest(value, name)
        if isinstance(value, dict):
            return _read_options(value, name)
        raise refuse("neither_name_nor_object", name=name, value=worded(value))

    name: Schema = {"type": "string", "enum": list(names)}
    options = {"type": "object", "properties": {"name": name}, "required": ["name"], "additionalProperties": True}
    return Checked(read, {"anyOf": [name, options]})


def _read_architecture(value: Any, name: str) -> Any:
    if isinstance(value, str):
        return _modest(value, name)
    if not _has_layers(value):
        raise refuse("not_layers", name=name, most=MOST_LAYERS, value=worded(value))
    return _read_layers(value, name)


def _has_layers(value: Any) -> bool:
    return isinstance(value, list) and 0 < len(value) <= MOST_LAYERS


def _read_layers(value: Any, name: str) -> Any:
    if not _has_layers(value):
        raise refuse("not_a_list_of_layers", name=name, most=MOST_LAYERS, value=worded(value))
    for index, layer in enumerate(value):
        if not isinstance(layer, dict) or not isinstance(layer.get("layer"), str):
            raise refuse("not_a_layer", name=f"{name}.{index}", value=worded(layer))
        _read_options(layer, f"{name}.{index}")
    return value


def _read_weights(value: Any, name: str) -> Any:
    if value == "balanced":
        return value
    numbers = isinstance(value, list) and all(type(one) in (int, float) for one in value)
    if not numbers or not 0 < len(value) <= MOST_CLASSES:
        raise refuse("not_class_weights", name=name, value=worded(value))
    return value


_LAYER: Schema = {
    "type": "object",
    "properties": {"layer": {"type": "string", "examples": list(LAYERS)}},
    "required": ["layer"],
    "additionalProperties": True,
}
_LAYERS: Schema = {"type": "array", "items": _LAYER, "minItems": 1, "maxItems": MOST_LAYERS}
Layers = Annotated[Any, Checked(_read_layers, _LAYERS)]
Architecture = Annotated[Any, Checked(_read_architecture, {"anyOf": [{"type": "string"}, _LAYERS]})]
Options = Annotated[dict[str, Any], Checked(_read_options, {"type": "object", "additionalProperties": True})]
Begins = Annotated[Any, choice(tuple(INITIALISATIONS))]
Rate = Annotated[float, real(1e-12, MAX_LEARNING_RATE)]
Pace = Annotated[float, real(0.05, MAX_STEPS_PER_SECOND)]
Name = Annotated[str, Field(max_length=MAX_NAME)]
_WEIGHTS: Schema = {"type": "array", "items": {"type": "number", "exclusiveMinimum": 0}, "maxItems": MOST_CLASSES}
Weights = Annotated[Any, Checked(_read_weights, {"anyOf": [{"type": "string", "enum": ["balanced"]}, _WEIGHTS]})]
Count = Annotated[int, whole(1, 10**9)]
Seed = Annotated[int, whole(0)]


class ArchitectureBody(Body):
    """An architecture to be looked at, for a data set and a loss; without one it is the data set's own."""

    architecture: Architecture
    dataset: Annotated[str, one_of(DATASETS)]
    dataset_options: Options = Field(default_factory=dict)
    loss: Annotated[str, one_of(LOSSES)] | None = None


class CheckBody(ArchitectureBody):
    """An architecture to be checked, with what it would learn from, and for how long: what Start would refuse is its
    problem too.
    """

    initialisation: Begins = "he"
    class_weights: Weights | None = None
    batch_size: Count = 1
    train_samples: Count | None = None
    epochs: Count = 1


class UntrainedBody(ArchitectureBody):
    """A network as it begins, and the sample of the validation set that it is shown."""

    seed: Seed = 0
    initialisation: Begins = "he"
    sample: Annotated[int, whole(0, MAX_SAMPLES)] = 0


class RunBody(ArchitectureBody):
    """The settings of a run."""

    optimizer: Annotated[Any, choice(tuple(OPTIMIZERS))]
    train_samples: Annotated[int, whole(1, MAX_SAMPLES)] | None = None
    schedule: Annotated[Any, choice(tuple(SCHEDULES))] = "constant"
    class_weights: Weights | None = None
    batch_size: Annotated[int, whole(1, MAX_SAMPLES)] = 32
    epochs: Annotated[int, whole(1, MAX_SAMPLES)] = 15
    seed: Seed = 0
    clip_norm: Annotated[float, real(1e-9, 1e9)] | None = None
    initialisation: Begins = "he"
    augmentation: Options | None = None
    early_stopping: Options | None = None
    steps_per_second: Pace | None = 20.0
    slow_motion: bool = False
    name: Name = ""
    shared: bool = False


class RunChange(Body):
    """What its owner may change of a run."""

    name: Name | None = None
    shared: bool | None = None


class CommandBody(Body):
    """A command, and for `set` the dials that are turned; `steps_per_second` null is as fast as it goes."""

    command: Literal["pause", "resume", "step", "stop", "set"]
    learning_rate: Rate | None = None
    steps_per_second: Pace | None = None
    slow_motion: bool | None = None


class RoomCommand(Body):
    """What the owner of the room wants done with some runs, or with all; to free a run's slot pauses it."""

    command: Literal["pause", "resume", "stop", "free", "delete"]
    runs: list[Annotated[str, Field(max_length=64)]] | None = Field(None, fail_fast=True, max_length=1000)


class RunPath(BaseModel):
    """Which run."""

    run_id: str


class DatasetPath(BaseModel):
    """Which data set."""

    name: str


Step = Annotated[int, number(0, MAX_STEP)]
Sample = Annotated[int, number(0, MAX_SAMPLES)]
HowMany = Annotated[int, number(1, 400)]


class EventsQuery(Query):
    """Where to resume."""

    after: Step | None = Field(None, description="the last step that is known; Last-Event-ID says the same")


class PointsQuery(Query):
    """Which points."""

    after: Step = Field(0, description="only steps after this one")
    stride: Annotated[int, number(1, 100_000)] = Field(
        1, description="of so many steps in a row keep the least and the greatest loss"
    )


class SampleQuery(Query):
    """Which sample of the validation set."""

    sample: Sample = 0


class WeightQuery(Query):
    """Which number of which parameter; without a name the first weight of all."""

    name: str = Field("", description="as PyTorch calls it: 0.weight")
    cell: str = Field("", description="its place, axis by axis, from 0: 0,0,1,2")


class CountQuery(Query):
    """How many."""

    count: HowMany = 24


Split = Literal["validation", "test"]


class EvaluationQuery(Query):
    """On which part of the data; the test set unless told otherwise."""

    split: Split = "test"


class ExamplesQuery(Query):
    """A cell of the confusion matrix."""

    split: Split = "test"
    true: Sample
    predicted: Sample
    count: HowMany = 24
