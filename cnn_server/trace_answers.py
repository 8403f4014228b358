"""What POST /api/trace/{operation} answers with: for each operation the columns that its trace declares."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from pydantic import Field, create_model

from cnn_engine.catalogue import Operation
from cnn_engine.trace.columns import Column, forms
from cnn_server.answers import StepsAnswer, TraceAnswer

PLAIN: dict[str, Any] = {"whole": int, "number": float | None, "flag": bool, "word": str}


def _nested(column: Column) -> Any:
    """Return the type of a column: what a step holds, in a list for each axis, in a list of the steps."""
    return reduce(lambda held, _: list[held], range(1 + len(column.axes)), PLAIN[column.kind])  # type: ignore[valid-type]


def _about(column: Column) -> str:
    axes = f", by {' and '.join(column.axes)}" if column.axes else ""
    return f"of each step {column.what}{axes}"


def _steps(name: str, columns: list[Column]) -> Any:
    named = [column for column in columns if "." not in column.name]
    fields: dict[str, Any] = {column.name: (_nested(column), Field(description=_about(column))) for column in named}
    return create_model(f"{name}Steps", __base__=StepsAnswer, **fields)


def traced(operation: Operation) -> type[TraceAnswer]:
    """Return the answer of an operation's trace, its columns described."""
    models = [
        _steps(operation.identifier + (form or "").capitalize(), columns)
        for form, columns in forms(operation.columns).items()
    ]
    steps: Any = (reduce(or_, models), ...)
    return create_model(f"{operation.identifier}Answer", __base__=TraceAnswer, __doc__=TraceAnswer.__doc__, steps=steps)
