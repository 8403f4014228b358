"""What the server says by id, beside the engine's messages: a package of the same form for each language."""

from __future__ import annotations

from typing import Any

from cnn_engine.words import Message, add_package, say

add_package(__name__)


def refusal(id: str, **values: Any) -> Message:
    """Return the message by which something is refused: `id` is among a language's `errors`."""
    return Message(f"errors.{id}", values)


class RefusalError(Exception):
    """A refusal by the server: an exception that can be said in every language, in English as its text.

    Args:
        id: of the message, among a language's `errors`.
        values: what the message says.
    """

    def __init__(self, id: str, **values: Any) -> None:
        super().__init__(id)
        self.message = refusal(id, **values)

    def __str__(self) -> str:
        return say(self.message)
