"""What people read: messages by id with typed arguments, and languages, each a package of functions by these ids."""

from cnn_engine.words.message import (
    ENGLISH,
    Cell,
    Cells,
    Language,
    Message,
    NumberSpan,
    add_package,
    amount,
    either,
    lacking,
    language,
    part,
    say,
    spans,
)

__all__ = [
    "ENGLISH",
    "Cell",
    "Cells",
    "Language",
    "Message",
    "NumberSpan",
    "add_package",
    "amount",
    "either",
    "lacking",
    "language",
    "part",
    "say",
    "spans",
]
