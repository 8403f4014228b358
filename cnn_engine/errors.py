"""What the engine raises.

ConvoscopeError (a ValueError)
├── ShapeError       arrays that are empty, ragged, of the wrong rank or do not fit each other
├── ParameterError   an argument out of its range, or of the wrong kind
├── StepRangeError   a step that the trace does not have (an IndexError too)
├── ImageError       a file that is not a picture this project can read
│   └── ImageTooLargeError   one of more bytes or pixels than are taken, or that would take too much to decode
└── DataError        a file or folder that is not a data set this project can read, or one that asks for too much
    └── UnreadableError   pictures among its files that cannot be read

`field` names the argument that is wrong, as the function calls it.
"""

from __future__ import annotations


class ConvoscopeError(ValueError):
    """Any refusal by the engine. Its text names the value and the rule that it broke."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


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

    def __init__(self, message: str, files: tuple[tuple[str, str], ...], field: str | None = None) -> None:
        super().__init__(message, field)
        self.files = files
