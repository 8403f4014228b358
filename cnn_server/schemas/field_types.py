"""The types of the fields of a request body: arrays, pairs and padding, with their JSON schemas.

Each is checked as a whole and refused in one plain sentence. An array's numbers are looked at by NumPy and by
built-ins that run at C speed, never one by one by pydantic: 262,144 values take milliseconds. What a number
*means* (a stride of 0, a kernel too large) is the engine's to refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain
from typing import Annotated, Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from cnn_engine.geometry import PADDING_WORDS
from cnn_engine.words import Message, either
from cnn_server.problems import check_most
from cnn_server.words import refusal

Values = NDArray[np.float64]
Schema = dict[str, Any]

NUMBERS = frozenset((int, float))
NUMBERS_AND_GAPS = NUMBERS | {type(None)}
MAX_PARAMETER = 1_000_000  # no size, stride, padding or seed needs more
MAX_SCALE = 16  # by which one request may enlarge an input along an axis
MAX_MAGNITUDE = 1e12  # of a number in an array: products and sums of such stay finite and printable
NUMBER_SCHEMA: Schema = {"type": "number", "minimum": -MAX_MAGNITUDE, "maximum": MAX_MAGNITUDE}


@dataclass(frozen=True, eq=False)
class Checked:
    """A field's type in one piece: what reads its JSON, given its name, and the schema that describes it."""

    read: Callable[[Any, str], Any]
    schema: Schema

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.with_info_plain_validator_function(
            lambda value, info: self.read(value, info.field_name or "value")
        )

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> Schema:
        return dict(self.schema)  # pydantic adds a title and a default to it


def refuse(id: str, **values: Any) -> PydanticCustomError:
    """Return an error that pydantic reports with exactly this message: `id` is among a language's `errors`."""
    return PydanticCustomError("refused", "{id}", {"id": id, "message": refusal(id, **values)})


def message_of(context: Schema | None) -> Message:
    """Return the message of an error that `refuse` made, from what pydantic reports with it."""
    message: Message = (context or {})["message"]
    return message


def worded(value: Any) -> str | Message:
    """Return a value for a sentence: short, and in JSON's words."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return Message("values.text", {"text": f"{value[:40]}{'…' if len(value) > 40 else ''}"})
    if isinstance(value, list):
        return Message("values.list", {"count": len(value)})
    return Message("values.object", {}) if isinstance(value, dict) else str(value)


# ---- arrays


def _path(name: str, index: int, shape: list[int]) -> str:
    """Return where the flat `index` is in an array of this shape: `input[0][2]`."""
    return name + "".join(f"[{part}]" for part in np.unravel_index(index, shape)) if shape else name


def _check_lengths(level: list[Any], name: str, shape: list[int]) -> int:
    lengths = list(map(len, level))
    if min(lengths) == 0:
        raise refuse("value_empty", name=_path(name, lengths.index(0), shape))
    if len(set(lengths)) > 1:
        odd = next(i for i, length in enumerate(lengths) if length != lengths[0])
        paths = {"first": _path(name, 0, shape), "other": _path(name, odd, shape)}
        raise refuse("list_ragged", name=name, **paths, length=lengths[0], other_length=lengths[odd])
    return lengths[0]


def _check_numbers(level: list[Any], name: str, shape: list[int], kinds: frozenset[type]) -> None:
    if set(map(type, level)) <= kinds:
        return
    odd = next(i for i, value in enumerate(level) if type(value) not in kinds)
    raise refuse("value_not_a_number", name=_path(name, odd, shape), value=worded(level[odd]))


def check_total(count: int, name: str = "body") -> None:
    """Refuse more values in one body, or in one array of it, than the server takes."""
    check_most("arrays_too_large", name, count, current_app.config["MAX_ARRAY_VALUES"], name=name)


def read_array(value: Any, name: str, dimensions: tuple[int, ...], *, gaps: bool = False) -> Values:
    """Return nested lists of numbers as an array with one of these numbers of axes, or a sentence why not.

    With `gaps` there may be null among them, which becomes NaN, and numbers may be as large as floats: what learning
    has made of weights is shown, whatever it is.
    """
    if type(value) is not list:
        if max(dimensions) == 1:
            raise refuse("not_a_list_of_numbers", name=name, value=worded(value))
        raise refuse("not_nested_lists", name=name, value=worded(value))
    level: list[Any] = [value]
    shape: list[int] = []
    while set(map(type, level)) == {list}:
        if len(shape) == max(dimensions):
            raise refuse("more_axes", name=name, most=max(dimensions), axes=either(dimensions))
        length = _check_lengths(level, name, shape)
        check_total(len(level) * length, name)
        level = list(chain.from_iterable(level))
        shape.append(length)
    _check_numbers(level, name, shape, NUMBERS_AND_GAPS if gaps else NUMBERS)
    if len(shape) not in dimensions:
        raise refuse("other_axes", name=name, count=len(shape), axes=either(dimensions))
    numbers = np.array(level, np.float64)
    too_large = np.abs(numbers) > MAX_MAGNITUDE
    if too_large.any() and not gaps:
        odd = int(np.argmax(too_large))
        raise refuse("values_too_large", name=_path(name, odd, shape), value=level[odd])
    return numbers.reshape(shape)


def nested(dimensions: int, *, gaps: bool = False) -> Schema:
    """Return the schema of nested lists with so many axes; with `gaps` of any numbers, and null among them."""
    schema: Schema = {"anyOf": [{"type": "number"}, {"type": "null"}]} if gaps else NUMBER_SCHEMA
    for _ in range(dimensions):
        schema = {"type": "array", "items": schema, "minItems": 1}
    return schema


def array(*dimensions: int) -> Checked:
    """Return what reads nested lists of numbers with one of these numbers of axes."""
    shapes = [nested(count) for count in dimensions]
    schema = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
    return Checked(lambda value, name: read_array(value, name, dimensions), schema)


Vector = Annotated[Values, array(1)]
Matrix = Annotated[Values, array(2)]


# ---- whole numbers, pairs and padding


def _whole(value: Any) -> bool:
    return type(value) is int and abs(value) <= MAX_PARAMETER


def _whole_pair(value: Any) -> bool:
    return type(value) is list and len(value) == 2 and all(map(_whole, value))


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _integer_schema(minimum: int, maximum: int = MAX_PARAMETER) -> Schema:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


def closed(**properties: Schema) -> Schema:
    """Return the schema of an object that has each of these and nothing else."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


def text(most: int) -> Schema:
    """Return the schema of a text with so many characters at most, and one at least."""
    return {"type": "string", "minLength": 1, "maxLength": most}


def _pair_schema(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}


def whole(minimum: int, maximum: int = MAX_PARAMETER) -> Checked:
    """Return a whole number in this range."""

    def read(value: Any, name: str) -> int:
        if type(value) is int and minimum <= value <= maximum:
            return value
        raise refuse("not_whole_within", name=name, low=minimum, high=maximum, value=worded(value))

    return Checked(read, _integer_schema(minimum, maximum))


def real(minimum: float, maximum: float) -> Checked:
    """Return a number in this range."""

    def read(value: Any, name: str) -> float:
        if type(value) in (int, float) and minimum <= value <= maximum:
            return float(value)
        raise refuse("not_within", name=name, low=minimum, high=maximum, value=worded(value))

    return Checked(read, {"type": "number", "minimum": minimum, "maximum": maximum})


def _read_size(value: Any, name: str) -> Any:
    if _whole(value) or _whole_pair(value):
        return _tuples(value)
    raise refuse("not_a_size", name=name, most=MAX_PARAMETER, value=worded(value))


def _read_padding(value: Any, name: str) -> Any:
    sides = type(value) is list and len(value) == 2 and all(map(_whole_pair, value))
    if _whole(value) or _whole_pair(value) or sides or value in PADDING_WORDS:
        return _tuples(value)
    raise refuse("not_a_padding", name=name, most=MAX_PARAMETER, value=worded(value))


_SIDES = _pair_schema(_integer_schema(0))
_PADDING_SCHEMA: Schema = {
    "anyOf": [
        _integer_schema(0),
        _SIDES,
        _pair_schema(_SIDES),
        {"type": "string", "enum": list(PADDING_WORDS)},
    ]
}

Count = Annotated[int, whole(1)]
Index = Annotated[int, whole(0)]


def size(minimum: int) -> Checked:
    """Return a whole number for both axes, or [height, width]; that none is too small is the engine's to say."""
    return Checked(_read_size, {"anyOf": [_integer_schema(minimum), _pair_schema(_integer_schema(minimum))]})


Size = Annotated[int | tuple[int, int], size(1)]


def _read_scale(value: Any, name: str) -> Any:
    parts = value if type(value) is list and len(value) == 2 else [value]
    if all(type(part) in (int, float) and 0 < part <= MAX_SCALE for part in parts):
        return _tuples(value)
    raise refuse("not_a_scale", name=name, most=MAX_SCALE, value=worded(value))


def scale() -> Checked:
    """Return a factor for both axes, or [height, width]."""
    factor: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SCALE}
    return Checked(_read_scale, {"anyOf": [factor, _pair_schema(factor)]})


def padding() -> Checked:
    """Return what reads cells around an input, in any form; which of them an operation takes is the engine's to say."""
    return Checked(_read_padding, _PADDING_SCHEMA)


def small_pair(minimum: int, maximum: int) -> Checked:
    """Return what reads [height, width], each in this range."""

    def read(value: Any, name: str) -> tuple[int, int]:
        if _whole_pair(value) and all(minimum <= part <= maximum for part in value):
            return value[0], value[1]
        given = str(value) if _whole_pair(value) else worded(value)
        raise refuse("not_a_small_pair", name=name, low=minimum, high=maximum, value=given)

    return Checked(read, _pair_schema(_integer_schema(minimum, maximum)))


def one_of(names: Collection[str]) -> Checked:
    """Return one of these names."""

    def read(value: Any, name: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise refuse("not_one_of", name=name, names=", ".join(names), value=worded(value))

    return Checked(read, {"type": "string", "enum": list(names)})
