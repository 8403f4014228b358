"""What people made since the server was started, so that it can all be deleted at the end of a lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flask import current_app

from cnn_server.runs import service

# What things of people are called, and the extension of the application that keeps them.
PLACES = {"runs": service.EXTENSION, "uploads": "images", "kept": "kept_images", "links": "links", "models": "models"}


class KeptPlace(Protocol):
    """A place where things of people are kept."""

    def made_since(self, time: float) -> Sequence[str]:
        """Return ids of what came after a time (in seconds since 1970) and is still there."""

    def drop(self, name: str, /) -> None:
        """Forget one, if it is there."""


def stores() -> dict[str, KeptPlace]:
    """Return where things of people are kept, by what they are called."""
    return {name: current_app.extensions[key] for name, key in PLACES.items()}


def made_since(time: float) -> dict[str, int]:
    """Return how many things of each kind came after a time."""
    return {name: len(store.made_since(time)) for name, store in stores().items()}


def delete_since(time: float) -> dict[str, int]:
    """Delete everything that came after a time, and say how much that was."""
    counts = {}
    for name, store in stores().items():
        ids = store.made_since(time)
        for thing in ids:
            store.drop(thing)
        counts[name] = len(ids)
    return counts
