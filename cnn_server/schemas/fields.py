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
from cnn_engine.wording import shortest
from cnn_server.problems import ProblemError

Values = NDArray[np.float64]
Schema = dict[str, Any]

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


def refuse(message: str) -> PydanticCustomError:
    """An error that pydantic reports with exactly this sentence."""
    return PydanticCustomError("refused", "{message}", {"message": message})


def shown(value: Any) -> str:
    """A value for a sentence: short, and in JSON's words."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return f'the text "{value[:40]}{"…" if len(value) > 40 else ""}"'
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "an object" if isinstance(value, dict) else str(value)


# ---- arrays


def _place(name: str, index: int, shape: list[int]) -> str:
    """Where the flat `index` is in an array of this shape: `input[0][2]`."""
    return name + "".join(f"[{part}]" for part in np.unravel_index(index, shape)) if shape else name


def _check_lengths(level: list[Any], name: str, shape: list[int]) -> int:
    lengths = list(map(len, level))
    if min(lengths) == 0:
        raise refuse(f"{_place(name, lengths.index(0), shape)} is empty")
    if len(set(lengths)) > 1:
        odd = next(i for i, length in enumerate(lengths) if length != lengths[0])
        first, other = _place(name, 0, shape), _place(name, odd, shape)
        raise refuse(f"{name} is ragged: {first} and {other} differ in length, {lengths[0]} and {lengths[odd]}")
    return lengths[0]


def _check_numbers(level: list[Any], name: str, shape: list[int]) -> None:
    if set(map(type, level)) <= {int, float}:
        return
    odd = next(i for i, value in enumerate(level) if type(value) not in (int, float))
    raise refuse(f"{_place(name, odd, shape)} is {shown(level[odd])}, not a number")


def check_total(count: int, name: str = "body") -> None:
    """Refuse more values in one body, or in one array of it, than the server takes."""
    cap = current_app.config["MAX_ARRAY_VALUES"]
    if count > cap:
        message = f"{name} holds {count:,} values; the arrays of one request may hold {cap:,} together"
        raise ProblemError.of_field(413, name, message)


def _axes(count: int) -> str:
    return "1 axis" if count == 1 else f"{count} axes"


def read_array(value: Any, name: str, dimensions: tuple[int, ...]) -> Values:
    """Nested lists of numbers as an array with one of these numbers of axes, or a sentence why not."""
    if type(value) is not list:
        raise refuse(f"{name} is {shown(value)}, not {'a list' if max(dimensions) == 1 else 'nested lists'} of numbers")
    level: list[Any] = [value]
    shape: list[int] = []
    wanted = " or ".join(map(str, dimensions))
    while set(map(type, level)) == {list}:
        if len(shape) == max(dimensions):
            raise refuse(f"{name} has more than {_axes(max(dimensions))}; it must have {wanted}")
        length = _check_lengths(level, name, shape)
        check_total(len(level) * length, name)
        level = list(chain.from_iterable(level))
        shape.append(length)
    _check_numbers(level, name, shape)
    if len(shape) not in dimensions:
        raise refuse(f"{name} has {_axes(len(shape))}; it must have {wanted}")
    numbers = np.array(level, np.float64)
    if not (np.abs(numbers) <= MAX_MAGNITUDE).all():
        odd = int(np.argmax(~(np.abs(numbers) <= MAX_MAGNITUDE)))
        raise refuse(f"{_place(name, odd, shape)} is {shortest(level[odd])}; values may be from −1e12 to 1e12")
    return numbers.reshape(shape)


def _nested(dimensions: int) -> Schema:
    schema = NUMBER_SCHEMA
    for _ in range(dimensions):
        schema = {"type": "array", "items": schema, "minItems": 1}
    return schema


def array(*dimensions: int) -> Checked:
    """Nested lists of numbers with one of these numbers of axes."""
    shapes = [_nested(count) for count in dimensions]
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


def _pair_schema(item: Schema) -> Schema:
    return {"type": "array", "items": item, "minItems": 2, "maxItems": 2}


def whole(minimum: int, maximum: int = MAX_PARAMETER) -> Checked:
    """A whole number in this range."""

    def read(value: Any, name: str) -> int:
        if type(value) is int and minimum <= value <= maximum:
            return value
        raise refuse(f"{name} must be a whole number from {minimum:,} to {maximum:,}, not {shown(value)}")

    return Checked(read, _integer_schema(minimum, maximum))


def real(minimum: float, maximum: float) -> Checked:
    """A number in this range."""

    def read(value: Any, name: str) -> float:
        if type(value) in (int, float) and minimum <= value <= maximum:
            return float(value)
        raise refuse(f"{name} must be a number from {minimum:g} to {maximum:g}, not {shown(value)}")

    return Checked(read, {"type": "number", "minimum": minimum, "maximum": maximum})


def _read_size(value: Any, name: str) -> Any:
    if _whole(value) or _whole_pair(value):
        return _tuples(value)
    raise refuse(
        f"{name} must be a whole number of at most {MAX_PARAMETER:,} or a pair of them, [height, width], "
        f"not {shown(value)}"
    )


def _read_padding(value: Any, name: str) -> Any:
    sides = type(value) is list and len(value) == 2 and all(map(_whole_pair, value))
    if _whole(value) or _whole_pair(value) or sides or value in PADDING_WORDS:
        return _tuples(value)
    raise refuse(
        f"{name} must be a whole number of at most {MAX_PARAMETER:,}, [height, width], "
        f'[[top, bottom], [left, right]], "valid", "same" or "same_lower", not {shown(value)}'
    )


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
    """A whole number for both axes, or [height, width]; that none is too small is the engine's to say."""
    return Checked(_read_size, {"anyOf": [_integer_schema(minimum), _pair_schema(_integer_schema(minimum))]})


Size = Annotated[int | tuple[int, int], size(1)]


def _read_scale(value: Any, name: str) -> Any:
    parts = value if type(value) is list and len(value) == 2 else [value]
    if all(type(part) in (int, float) and 0 < part <= MAX_SCALE for part in parts):
        return _tuples(value)
    raise refuse(f"{name} must be a number above 0 and at most {MAX_SCALE}, or a pair of them, not {shown(value)}")


def scale() -> Checked:
    """A factor for both axes, or [height, width]."""
    factor: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": MAX_SCALE}
    return Checked(_read_scale, {"anyOf": [factor, _pair_schema(factor)]})


def padding() -> Checked:
    """Cells around an input, in any form; which of them an operation takes is the engine's to say."""
    return Checked(_read_padding, _PADDING_SCHEMA)


def small_pair(minimum: int, maximum: int) -> Checked:
    """[height, width], each in this range."""

    def read(value: Any, name: str) -> tuple[int, int]:
        if _whole_pair(value) and all(minimum <= part <= maximum for part in value):
            return value[0], value[1]
        given = value if _whole_pair(value) else shown(value)
        raise refuse(f"{name} must be [height, width], each from {minimum} to {maximum}, not {given}")

    return Checked(read, _pair_schema(_integer_schema(minimum, maximum)))


def one_of(names: Collection[str]) -> Checked:
    """One of these names."""

    def read(value: Any, name: str) -> str:
        if isinstance(value, str) and value in names:
            return value
        raise refuse(f"{name} must be one of {', '.join(names)}; not {shown(value)}")

    return Checked(read, {"type": "string", "enum": list(names)})
