"""Messages as JSON keeps them: an id and its arguments, each with its type where JSON has no such type."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnn_engine.errors import Shown
from cnn_engine.words.message import Message


def kept(value: Any) -> Any:
    """Return a message or an argument for JSON; {type: value} where JSON alone would bring back another type."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Message):
        args = {name: kept(own) for name, own in value.args.items()}
        return {Message.__name__: {"id": value.id, "args": args}}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [kept(part) for part in value]}
    if isinstance(value, Shown):
        return {Shown.__name__: [value.text, value.code]}
    if isinstance(value, float) and not math.isfinite(value):
        return {float.__name__: str(value)}
    return value


def read(value: Any) -> Any:
    """Return what `kept` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, own),) = value.items()
    if kind == Message.__name__:
        return Message(own["id"], {name: read(part) for name, part in own["args"].items()})
    if kind == Shown.__name__:
        return Shown(*own)
    if kind == float.__name__:
        return float(own)
    parts = [read(part) for part in own]
    return tuple(parts) if kind == "tuple" else parts
