"""The body of a race of optimizers: a landscape, a start, and who runs how."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Self

from flask import current_app
from pydantic import Field, model_validator

from cnn_engine.nn.landscapes import LANDSCAPES
from cnn_engine.nn.race import RUNNERS
from cnn_engine.nn.schedules import SCHEDULES
from cnn_server.problems import check_most
from cnn_server.schemas.field_types import (
    MAX_MAGNITUDE,
    NUMBER_SCHEMA,
    Checked,
    Schema,
    Vector,
    one_of,
    real,
    refuse,
    whole,
    worded,
)
from cnn_server.schemas.traces import TraceBody

MAX_OPTIONS = 16  # options of one optimizer or schedule: none has as many
MAX_WORD = 40  # characters of an option's name, or of its text
MAX_RATE = 1e6
MAX_NOISE = 1000.0


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and abs(value) <= MAX_MAGNITUDE


def _is_option(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= 2 and all(map(_is_number, value))
    if isinstance(value, str):
        return len(value) <= MAX_WORD
    return isinstance(value, bool) or _is_number(value)


def configured(names: Collection[str]) -> Checked:
    """Return a name, or an object with the name and options; what an option may be is the engine's to say."""

    def read(value: Any, name: str) -> Any:
        given = value if isinstance(value, dict) else {"name": value}
        if not isinstance(given.get("name"), str) or given["name"] not in names:
            raise refuse("names_none_of", name=name, names=", ".join(names), value=worded(given.get("name")))
        if len(given) > MAX_OPTIONS:
            raise refuse("too_many_options", name=name, count=len(given))
        for option, chosen in given.items():
            if len(option) > MAX_WORD or not _is_option(chosen):
                raise refuse("option_not_taken", name=name, option=option[:MAX_WORD], value=worded(chosen))
        return given

    return Checked(read, {"anyOf": [_name_schema(names), _options_schema(names)]})


def _name_schema(names: Collection[str]) -> Schema:
    return {"type": "string", "enum": list(names)}


def _options_schema(names: Collection[str]) -> Schema:
    kinds: list[Schema] = [NUMBER_SCHEMA, {"type": "boolean"}, {"type": "string", "maxLength": MAX_WORD}]
    pair: Schema = {"type": "array", "items": NUMBER_SCHEMA, "maxItems": 2}
    return {
        "type": "object",
        "properties": {"name": _name_schema(names)},
        "required": ["name"],
        "additionalProperties": {"anyOf": [*kinds, pair]},
        "propertyNames": {"maxLength": MAX_WORD},
        "maxProperties": MAX_OPTIONS,
    }


def above_zero(maximum: float) -> Checked:
    """Return a number above 0."""
    within = real(0, maximum)

    def read(value: Any, name: str) -> float:
        number: float = within.read(value, name)
        if number == 0:
            raise refuse("not_more_than_0", name=name)
        return number

    return Checked(read, {"type": "number", "exclusiveMinimum": 0, "maximum": maximum})


RunnerSettings = Annotated[Any, configured(RUNNERS)]
Rate = Annotated[float, above_zero(MAX_RATE)]


class OptimizersBody(TraceBody):
    """A race: every runner makes one update in each step."""

    landscape: Annotated[str, one_of(LANDSCAPES)] = "valley"
    start: Vector | None = None
    optimizers: Annotated[list[RunnerSettings], Field(min_length=1, max_length=len(RUNNERS))] = list(RUNNERS)[:-1]
    learning_rate: Rate | None = None
    schedule: Annotated[Any, configured(SCHEDULES)] = "constant"
    noise: Annotated[float, real(0, MAX_NOISE)] = 0.0
    seed: Annotated[int, whole(0, 2**32 - 1)] = 0
    updates: Annotated[int, whole(1)] = 120

    @model_validator(mode="after")
    def _short_enough(self) -> Self:
        """Refuse a race too long to be run whole, whatever part of it is asked for."""
        check_most("updates_too_many", "updates", self.updates, current_app.config["MAX_RACE_UPDATES"], "updates")
        return self
