"""What the engine raises.

ConvoscopeError (a ValueError)
├── ShapeError       arrays that are empty, ragged, of the wrong rank or do not fit each other
├── ParameterError   an argument out of its range, or of the wrong kind
├── StepRangeError   a step that the trace does not have (an IndexError too)
├── ImageError       a file that is not a picture this project can read
│   └── ImageTooLargeError   one of more bytes or pixels than are taken, or that would take too much to decode
├── DataError        a file or folder that is not a data set this project can read, or one that asks for too much
│   └── UnreadableError   pictures among its files that cannot be read
└── FileError        a file that is none of this project's, or a damaged one
    ├── CheckpointError
    └── ModelError

`field` names the argument that is wrong, as the function calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import numpy as np

from cnn_engine.words.message import Message, say

Refusal = TypeVar("Refusal", bound="ConvoscopeError")


class ConvoscopeError(ValueError):
    """Any refusal by the engine: a message that names the value and the rule that it broke.

    Args:
        id: of the message, among a language's `errors`.
        field: the argument that is wrong.
        values: what the message says.
    """

    def __init__(self, id: str, field: str | None = None, **values: Any) -> None:
        super().__init__(id)
        self.message = Message(f"errors.{id}", _all_kept(values))
        self.field = field

    def __str__(self) -> str:
        return say(self.message)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.message, vars(self))

    def within(self, field: str | None, id: str | None = None, **values: Any) -> Self:
        """Return the same refusal of another field; with `id`, as part of this message, where it is `{error}`."""
        message = self.message if id is None else Message(f"errors.{id}", {"error": self.message} | _all_kept(values))
        return _restored(type(self), message, vars(self) | {"field": field})

    def of_kind(self, kind: type[Refusal]) -> Refusal:
        """Return the same refusal as an error of another kind."""
        return _restored(kind, self.message, vars(self))


def _restored(kind: type[Refusal], message: Message, more: Mapping[str, Any]) -> Refusal:
    error = kind.__new__(kind)
    vars(error).update(more, message=message)
    error.args = (message.id.removeprefix("errors."),)
    return error


@dataclass(frozen=True)
class Shown:
    """A value as it looked when it was refused: it may change, and may not be one that can be sent to a process."""

    text: str
    code: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return self.code

    def __format__(self, format_spec: str) -> str:
        return format(self.text, format_spec)


def _all_kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _kept(value) for name, value in values.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, ConvoscopeError):
        return value.message
    if isinstance(value, str | int | float | np.generic | Message | None):
        return value
    if type(value) is tuple and all(isinstance(part, str | int | float | np.generic) for part in value):
        return value
    return Shown(str(value), repr(value))


class ShapeError(ConvoscopeError):
    """Arrays that are empty, of the wrong rank, or do not fit each other."""


class ParameterError(ConvoscopeError):
    """An argument out of its range, or of the wrong kind."""


class StepRangeError(ConvoscopeError, IndexError):
    """A step that the trace does not have."""


class ImageError(ConvoscopeError):
    """A file that is not a picture this project can read."""


class ImageTooLargeError(ImageError):
    """A picture of more bytes or pixels than are taken, or that would take too much to decode."""


class DataError(ConvoscopeError):
    """A file or folder that is not a data set this project can read, or one that asks for too much."""


class UnreadableError(DataError):
    """Pictures of a data set that cannot be read: `files` has the name of each, and why."""

    def __init__(self, id: str, files: tuple[tuple[str, str], ...], field: str | None = None, **values: Any) -> None:
        super().__init__(id, field, **values)
        self.files = files


class FileError(ConvoscopeError):
    """A file that is none of this project's, or a damaged one."""


class CheckpointError(FileError):
    """A file that is not a checkpoint of this project, or a damaged one."""


class ModelError(FileError):
    """A file that is not a model of this project, or a damaged one."""


def shape_text(shape: tuple[int, ...]) -> str:
    """Return a shape as people write it: 1 × 28 × 28."""
    return " × ".join(map(str, shape))


@contextmanager
def at_layer(index: int, kind: str, input_shape: tuple[int, ...]) -> Iterator[None]:
    """Say which layer an error is about, counted from 1, and what it was given; the error's field counts from 0."""
    try:
        yield
    except ConvoscopeError as error:
        where = {"number": index + 1, "kind": kind, "shape": shape_text(input_shape)}
        field = f"architecture.{index}" + (f".{error.field}" if error.field else "")
        raise error.within(field, "at_layer", **where) from error
