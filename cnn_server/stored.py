"""The one place that says what is stored of people, where, for how long, and how to delete it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from flask import Blueprint, Response, current_app, make_response, render_template

from cnn_server.images import ImageStore
from cnn_server.languages import gettext as _
from cnn_server.room import LASTS
from cnn_server.runs.owners import YEAR

UNITS = (
    (YEAR, "%(count)s year", "%(count)s years"),
    (86_400, "%(count)s day", "%(count)s days"),
    (3600, "%(count)s hour", "%(count)s hours"),
    (60, "%(count)s minute", "%(count)s minutes"),
)
stored = Blueprint("stored", __name__)


class Stored(NamedTuple):
    """Something that is stored: four answers in plain words."""

    what: str
    where: str
    how_long: str
    how_to_delete: str


@stored.get("/stored")
def show() -> Response:
    """Return the list, as this server is configured."""
    return make_response(render_template("stored.html", rows=[_as_sentences(row) for row in _rows()]))


def _as_sentences(row: Stored) -> Stored:
    return Stored(*(f"{text[:1].upper()}{text[1:]}." for text in row))


def _rows() -> Iterable[Stored]:
    config, images = current_app.config, current_app.extensions["images"]
    here = _("in Redis, which may write to disk") if config["REDIS_URL"] else _("on this server, in its data folder")
    kept, newest = duration(config["RUN_MAX_AGE"]), config["RUNS_KEPT_PER_CLIENT"]
    yield Stored(
        _("Training runs: their settings, their names, their curves and the network as it was last"),
        here,
        _("%(time)s after the end; of one person the newest %(count)s that have ended", time=kept, count=newest),
        _("“Delete” beside the run under “Your runs” on the page Training, or the button below"),
    )
    yield Stored(
        _("While a run waits or learns: a code made from the address of your network, so that all get their turn"),
        here,
        _("until the run ends"),
        _("stop or delete the run"),
    )
    yield Stored(
        _("The same code with the runs that were started there without a cookie, so that old ones make room for new"),
        _("in the memory of this server"),
        _("until such a run is deleted or goes, ten minutes longer at most, or until the server stops"),
        _("delete the run"),
    )
    yield _uploads(images)
    yield Stored(
        _("Photos that somebody chose to keep, reduced to a small size"),
        _("on this server, in its data folder"),
        duration(config["IMAGE_KEPT_TTL"]),
        _("“Delete” beside the photo on the page Feature maps, in the browser in which it was chosen"),
    )
    yield Stored(
        _("Models that you open or make of a run: their weights, and what they are called"),
        here,
        _("%(time)s, or less where many are kept", time=duration(config["MODEL_TTL"])),
        _("they go by themselves, or at the end of the lesson"),
    )
    yield Stored(
        _("Short links: the settings that the long link has, a photo among them where it was put into the link"),
        _("in the memory of this server"),
        _("until the server stops, or less where many are made"),
        _("they go by themselves, or at the end of the lesson"),
    )
    yield Stored(
        _("A cookie with a random number, by which your runs are yours; the server knows only a code made from it"),
        _("in your browser"),
        duration(YEAR),
        _("delete it in your browser: your runs then belong to nobody, and go in their time"),
    )
    yield Stored(
        _("A cookie by which this browser is known as the room's owner's, where you opened the link from the terminal"),
        _("in your browser"),
        _("%(time)s, or until the server stops", time=duration(LASTS)),
        _("delete it in your browser"),
    )
    yield Stored(
        _("Which tasks under “Try this” you have met"),
        _("in your browser; it is never sent"),
        _("until you delete it"),
        _("the button below"),
    )
    yield Stored(
        _("Dark or light, and for which runs you looked at the test set"),
        _("in your browser; it is never sent"),
        _("until you delete it"),
        _("delete the data of this site in your browser"),
    )


def _uploads(images: ImageStore) -> Stored:
    memory = images.where == "memory"
    return Stored(
        _("Pictures that you upload, reduced to a small size; the file itself is not kept"),
        _("in the memory of this server, never on a disk") if memory else _("in Redis, which may write to disk"),
        _("%(time)s, or less where many are uploaded", time=duration(images.ttl)),
        _("they go by themselves"),
    )


def duration(seconds: float) -> str:
    """Return a time in words: in the largest unit of which it is a whole number, or nearly."""
    for size, one, many in UNITS:
        count = round(seconds / size)
        if count and abs(count * size - seconds) <= size / 20:
            return _(one if count == 1 else many, count=count)
    return _("%(count)s seconds", count=round(seconds))
