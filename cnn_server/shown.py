"""How a trace is shown, described for /openapi.json: what the engine's own parts say of themselves, as JSON has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import ConfigDict, GetCoreSchemaHandler, create_model
from pydantic_core import CoreSchema

from cnn_engine.trace.showing import Card, Figure, Panel
from cnn_engine.words import Message


def _as_json(hint: Any) -> Any:
    """Return the type that a part has as JSON: a message is said, and what has named fields is an object."""
    if hint is Message:
        return str
    if hasattr(hint, "_fields"):
        return _model(hint)
    origin, inner = get_origin(hint), [_as_json(one) for one in get_args(hint)]
    if origin is Sequence:
        return list[inner[0]]  # type: ignore[valid-type]
    if origin is tuple:
        return tuple[tuple(inner)]  # type: ignore[misc]
    if origin in (Union, UnionType):
        return reduce(or_, (one for one in inner if one is not NoneType))  # what is None is left out
    return hint


@cache
def _model(kind: Any) -> Any:
    """Return the model of a part; what is as by default is left out of an answer."""
    hints = {name: _as_json(hint) for name, hint in get_type_hints(kind).items()}
    fields: dict[str, Any] = {name: (hint, kind._field_defaults.get(name, ...)) for name, hint in hints.items()}
    return create_model(
        f"{kind.__name__}Shown", __config__=ConfigDict(defer_build=True), __doc__=kind.__doc__, **fields
    )


@dataclass(frozen=True)
class Described:
    """In an annotation: a part of the engine, described by its own fields."""

    kind: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return what pydantic builds for the part."""
        return handler.generate_schema(_model(self.kind))


PanelShown = Annotated[dict[str, Any], Described(Panel)]
CardShown = Annotated[dict[str, Any], Described(Card)]
FigureShown = Annotated[dict[str, Any], Described(Figure)]
