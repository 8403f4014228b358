"""Why a run ended, and what it should be looked at for: kept with it as a message, said in each reader's language.

JSON keeps a message as its id and its arguments, each with its type where JSON has no such type. Beside it the English
text is kept, which is what a run has that was stored before, and what is said where a message is known no more.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from cnn_engine.errors import Shown
from cnn_engine.words import ENGLISH, Message, say

WORDS = "words"
TEXTS = ("reason", "message")  # what the text is called: of an end, and of a warning


def kept(name: str, message: Message) -> dict[str, Any]:
    """Return what is kept of a message: its English text under this name, and what it is made of."""
    return {name: say(message), WORDS: _kept(message)[Message.__name__]}


def worded(stored: Mapping[str, Any] | None, code: str = ENGLISH) -> dict[str, Any] | None:
    """Return an end or a warning with its text in the language of this code, as people are told of it."""
    if stored is None:
        return None
    known = {name: value for name, value in stored.items() if name != WORDS}
    if WORDS not in stored:
        return known
    try:
        text = say(_read({Message.__name__: stored[WORDS]}), code)
    except (KeyError, TypeError, ValueError):  # another version's
        return known
    return known | {name: text for name in TEXTS if name in known}


def _kept(value: Any) -> Any:
    """Return a value for JSON; {type: value} where JSON alone would bring back another type."""
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, Message):
        args = {name: _kept(own) for name, own in value.args.items()}
        return {Message.__name__: {"id": value.id, "args": args}}
    if isinstance(value, tuple | list):
        return {type(value).__name__: [_kept(part) for part in value]}
    if isinstance(value, Shown):
        return {Shown.__name__: [value.text, value.code]}
    if isinstance(value, float) and not math.isfinite(value):
        return {float.__name__: str(value)}
    return value


def _read(value: Any) -> Any:
    """Return what `_kept` was given."""
    if not isinstance(value, dict):
        return value
    ((kind, own),) = value.items()
    if kind == Message.__name__:
        return Message(own["id"], {name: _read(part) for name, part in own["args"].items()})
    if kind == Shown.__name__:
        return Shown(*own)
    if kind == float.__name__:
        return float(own)
    parts = [_read(part) for part in own]
    return tuple(parts) if kind == "tuple" else parts
