"""Why a run ended, and what it should be looked at for: kept with it as a message, said in each reader's language.

Beside what JSON keeps of it (`cnn_engine.words.kept`) the English text is kept, which is what a run has that was stored
before, and what is said where a message is known no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cnn_engine.words import ENGLISH, Message, say
from cnn_engine.words import kept as keeping

WORDS = "words"
TEXTS = ("reason", "message")  # what the text is called: of an end, and of a warning


def kept(name: str, message: Message) -> dict[str, Any]:
    """Return what is kept of a message: its English text under this name, and what it is made of."""
    return {name: say(message), WORDS: keeping.kept(message)[Message.__name__]}


def worded(stored: Mapping[str, Any] | None, code: str = ENGLISH) -> dict[str, Any] | None:
    """Return an end or a warning with its text in the language of this code, as people are told of it."""
    if stored is None:
        return None
    known = {name: value for name, value in stored.items() if name != WORDS}
    if WORDS not in stored:
        return known
    try:
        text = say(keeping.read({Message.__name__: stored[WORDS]}), code)
    except (KeyError, TypeError, ValueError):  # another version's
        return known
    return known | {name: text for name in TEXTS if name in known}
