"""The one place that says what is stored of people, where, for how long, and how to delete it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, Response, current_app, make_response, render_template

from cnn_server.images import ImageStore
from cnn_server.room import LASTS
from cnn_server.runs.owners import YEAR

DAY = 86_400
stored = Blueprint("stored", __name__)


class Stored(NamedTuple):
    """Something that is stored: four answers in plain words."""

    what: str
    where: str
    how_long: str
    how_to_delete: str


@stored.get("/stored")
def show() -> Response:
    """The list, as this server is configured."""
    return make_response(render_template("stored.html", rows=[_as_sentences(row) for row in _rows()]))


def _as_sentences(row: Stored) -> Stored:
    return Stored(*(f"{text[:1].upper()}{text[1:]}." for text in row))


def _rows() -> Iterable[Stored]:
    config, images = current_app.config, current_app.extensions["images"]
    here = "in Redis, which may write to disk" if config["REDIS_URL"] else "on this server, in its data folder"
    kept = duration(config["RUN_MAX_AGE"])
    yield Stored(
        "Training runs: their settings, their names, their curves and the network as it was last",
        here,
        f"{kept} after the end; of one person the newest {config['RUNS_KEPT_PER_CLIENT']} that have ended",
        "“Delete” beside the run under “Your runs” on the page Training, or the button below",
    )
    yield Stored(
        "While a run waits or learns: a code made from the address of your network, so that all get their turn",
        here,
        "until the run ends",
        "stop or delete the run",
    )
    yield _uploads(images)
    yield Stored(
        "Photos that somebody chose to keep, reduced to a small size",
        "on this server, in its data folder",
        duration(config["IMAGE_KEPT_TTL"]),
        "“Delete” beside the photo on the page Feature maps, in the browser in which it was chosen",
    )
    yield Stored(
        "Short links: the settings that the long link has, a photo among them where it was put into the link",
        "in the memory of this server",
        "until the server stops, or less where many are made",
        "they go by themselves, or at the end of the lesson",
    )
    yield Stored(
        "A cookie with a random number, by which your runs are yours; the server knows only a code made from it",
        "in your browser",
        duration(YEAR),
        "delete it in your browser: your runs then belong to nobody, and go in their time",
    )
    yield Stored(
        "A cookie by which this browser is known as the room's owner's, where you opened the link from the terminal",
        "in your browser",
        f"{duration(LASTS)}, or until the server stops",
        "delete it in your browser",
    )
    yield Stored(
        "Dark or light, and for which runs you looked at the test set",
        "in your browser; it is never sent",
        "until you delete it",
        "delete the data of this site in your browser",
    )


def _uploads(images: ImageStore) -> Stored:
    memory = images.where == "memory"
    return Stored(
        "Pictures that you upload, reduced to a small size; the file itself is not kept",
        "in the memory of this server, never on a disk" if memory else "in Redis, which may write to disk",
        f"{duration(images.ttl)}, or less where many are uploaded",
        "they go by themselves",
    )


def duration(seconds: float) -> str:
    """A time in words: in the largest unit of which it is a whole number, or nearly."""
    for size, one in ((YEAR, "year"), (DAY, "day"), (3600, "hour"), (60, "minute")):
        count = round(seconds / size)
        if count and abs(count * size - seconds) <= size / 20:
            return f"{count} {one}{'s' if count > 1 else ''}"
    return f"{round(seconds)} seconds"
