"""What the columns of a trace hold, declared beside each trace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any, Literal

CELL = ("channel, row, column",)  # an axis of three: where a cell is in its tensor
POSITION = ("row, column",)
KERNEL = ("kernel row", "kernel column")
TAPS = ("channel", *KERNEL)


@dataclass(frozen=True)
class Column:
    """What a step holds under this name. `axes` names those after the step's own; `when` the form of trace that has it.

    A name with a dot stands for as many columns as there are: `runner.line` for "adam.step" and "adam.output".
    """

    name: str
    kind: Literal["whole", "number", "flag", "word"]
    axes: tuple[str, ...]
    what: str
    when: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the column as the API shows it; what does not apply is left out."""
        return {key: value for key, value in asdict(self).items() if value is not None}


def forms(columns: Collection[Column]) -> dict[str | None, list[Column]]:
    """Return the columns of each form that a trace can have: {None: all} for a trace of one form."""
    names: list[str | None] = list(dict.fromkeys(column.when for column in columns if column.when))
    return {name: [column for column in columns if column.when in (None, name)] for name in names or [None]}
