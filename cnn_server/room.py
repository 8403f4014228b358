"""The owner of the room: whoever started the server, and opened the link that it printed in the terminal.

The link holds a secret that is new at each start. It is traded for a cookie, which scripts cannot read and which goes
to this server alone, and leads on to a clean address. Neither the secret nor the cookie is kept anywhere: the server
knows digests, in the memory of this process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from flask import Blueprint, Flask, Response, current_app, make_response, redirect, render_template, request

from cnn_server import encoding
from cnn_server.problems import ProblemError
from cnn_server.runs import service

EXTENSION = "room"
COOKIE = "convoscope_room"
LASTS = 18 * 3600  # seconds that the cookie is kept, if the server is not started anew
OPENS = 600.0  # seconds from its first use in which the link opens further browsers of the same person
PAGE = "/room"
# What things of people are called, and the extension of the application that keeps them.
PLACES = {"runs": service.EXTENSION, "uploads": "images", "kept": "kept_images", "links": "links", "models": "models"}

room = Blueprint("room", __name__)


class Room:
    """A lesson: since when it goes on, and how its owner is known."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.since = time.time()
        self._clock, self._lock = clock, threading.Lock()
        self._key = self._cookie = b""  # digests; none where nobody was given a link
        self._token = ""
        self._used: float | None = None
        self._people: dict[str, int] = {}

    def new_key(self) -> str:
        """Return the secret of the link; an earlier one is worth nothing any more, and neither are cookies."""
        key, self._token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._key, self._cookie, self._used = _digest(key), _digest(self._token), None
        return key

    def trade(self, key: str) -> str | None:
        """Return the cookie for a key; None where it is wrong, or where its time is over."""
        right = hmac.compare_digest(_digest(key), self._key)
        with self._lock:
            if not right:
                return None
            now = self._clock()
            self._used = now if self._used is None else self._used
            return self._token if now - self._used <= OPENS else None

    def numbered(self, owners: Iterable[str]) -> dict[str, int]:
        """Return a number for each person, by which the owner tells them apart: the same for the whole lesson."""
        with self._lock:
            for owner in owners:
                self._people.setdefault(owner, len(self._people) + 1)
            return dict(self._people)

    def knows(self, token: str) -> bool:
        """Return whether this is the owner's cookie."""
        return hmac.compare_digest(_digest(token), self._cookie)


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def the_room() -> Room:
    """Return that of the current application."""
    found: Room = current_app.extensions[EXTENSION]
    return found


def is_owner() -> bool:
    """Return whether the room's owner asks."""
    return the_room().knows(request.cookies.get(COOKIE, ""))


@room.get("/key/<key>")
def trade(key: str) -> Response:
    """Give the owner's browser its cookie, and lead on to an address without a secret."""
    token = the_room().trade(key)
    if token is None and not is_owner():
        raise ProblemError(404, "key_opens_nothing")
    response = make_response(redirect(PAGE, 303))
    if token is not None:
        secure = request.is_secure
        response.set_cookie(COOKIE, token, max_age=LASTS, httponly=True, samesite="Strict", secure=secure)
    return encoding.fresh(response)


@room.get(PAGE)
def show() -> Response:
    """Return the owner's page; for everybody else there is none."""
    if not is_owner():
        raise ProblemError(404, "nothing_here")
    return encoding.fresh(make_response(render_template("room.html")))


# ---- what people made since the server was started, so that it can all be deleted at the end of a lesson


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


def register(app: Flask) -> None:
    """Give an application its room."""
    app.extensions[EXTENSION] = Room()
    app.register_blueprint(room)
