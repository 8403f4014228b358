"""What people made since the server was started, so that it can all be deleted at the end of a lesson.

Whoever keeps something of people's beside their runs adds itself under a name: `app.extensions["kept"]["uploads"]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from flask import Flask, current_app

from cnn_server.runs.service import Service, service

EXTENSION = "kept"


class KeptPlace(Protocol):
    """A place where things of people are kept."""

    def made_since(self, time: float) -> Sequence[str]:
        """Return ids of what came after a time (in seconds since 1970) and is still there."""

    def drop(self, name: str, /) -> None:
        """Forget one, if it is there."""


class KeptRuns:
    """The runs, as such a place."""

    def __init__(self, runs: Service) -> None:
        self._runs = runs

    def made_since(self, time: float) -> Sequence[str]:
        """Return ids of the runs that were started after a time."""
        return [run.id for run in self._runs.store().made_since(time)]

    def drop(self, name: str, /) -> None:
        """Delete a run; one that goes on ends with that."""
        self._runs.remove(name)


def stores() -> dict[str, KeptPlace]:
    """Return where things of people are kept, by what they are called."""
    return {"runs": KeptRuns(service()), **current_app.extensions[EXTENSION]}


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


def register(app: Flask) -> None:
    """The places of an application."""
    app.extensions[EXTENSION] = {
        "uploads": app.extensions["images"],
        "kept": app.extensions["kept_images"],
        "links": app.extensions["links"],
        "models": app.extensions["models"],
    }
