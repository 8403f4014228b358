"""/api/images/{id}/keeping: where an uploaded photo is and for how long; it is kept, or not any more, by choice.

GET /api/images/{id}/link: the photo itself as text, where it is small enough to be part of a link.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from flask import Response
from PIL import Image

from cnn_engine.data.images import SAMPLES, Picture
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.images import ImagePath, find, kept, store
from cnn_server.languages import gettext
from cnn_server.picture_answers import KeepingAnswer, PhotoLinkAnswer
from cnn_server.problems import ProblemError
from cnn_server.runs.owners import owner
from cnn_server.stored import duration

api = Resource("keeping", __name__)

WAYS: tuple[dict[str, Any], ...] = ({"lossless": True}, {"quality": 85}, {"quality": 70}, {"quality": 50})  # of a WebP
MOST_BYTES = 6_000  # of a picture in a link: a third more in letters, which mail and chat still pass on


def known() -> dict[str, str]:
    """Return what every template knows: `uploads_note`, where an upload goes, in words."""
    images = store()
    time = gettext("an hour") if images.ttl == 3600 else duration(images.ttl)
    note = gettext(
        "It stays in the server's memory for %(time)s at most and is not written to disk, "
        "unless you choose to keep it.",
        time=time,
    )
    if images.where == "redis":
        note = gettext("It goes to Redis, which may write it to disk, and stays there for %(time)s at most.", time=time)
    return {"uploads_note": note}


@api.get("/api/images/<image_id>/keeping", responses=answers({200: KeepingAnswer}, 404, 503))
def keeping(path: ImagePath) -> Response:
    """Return where an upload is and for how long."""
    picture_of(path.image_id)
    return _keeping_of(path.image_id)


@api.post("/api/images/<image_id>/keeping", responses=answers({200: KeepingAnswer}, 403, 404, 503, 507))
def keep(path: ImagePath) -> Response:
    """Keep an upload in the data folder, until a date."""
    kept().keep_picture(path.image_id, picture_of(path.image_id), owner())
    return _keeping_of(path.image_id)


@api.delete("/api/images/<image_id>/keeping", responses={"204": None, **answers({}, 403, 404, 503)})
def delete(path: ImagePath) -> Response:
    """Delete a photo that one chose to keep, from memory too."""
    about = kept().about(path.image_id)
    if about is None:
        raise ProblemError(404, "no_kept_photo")
    if about.owner != owner():
        raise ProblemError(403, "kept_by_somebody_else")
    kept().drop(path.image_id)
    store().drop(path.image_id)
    return Response(status=204)


@api.get("/api/images/<image_id>/link", responses=answers({200: PhotoLinkAnswer}, 404, 503))
def in_a_link(path: ImagePath) -> Response:
    """Return the reduced photo as text for a link, or null where it is too large for one."""
    data = _small(picture_of(path.image_id))
    text = None if data is None else base64.urlsafe_b64encode(data).decode().rstrip("=")
    return encoding.fresh_json({"photo": text})


def picture_of(image_id: str) -> Picture:
    """Return an upload: what is shipped lasts anyway."""
    if image_id in SAMPLES:
        raise ProblemError(404, "no_upload", name=image_id)
    return find(image_id)[0]


def _small(picture: Picture) -> bytes | None:
    image = Image.fromarray(picture.pixels)
    for options in WAYS:
        stream = BytesIO()
        image.save(stream, "WEBP", **options)
        if stream.tell() <= MOST_BYTES:
            return stream.getvalue()
    return None


def _keeping_of(image_id: str) -> Response:
    about, images = kept().about(image_id), store()
    stored = images.get(image_id)
    body: dict[str, Any] = {
        "where": images.where if about is None else "folder",
        "seconds": None if stored is None else stored.expires_in,
        "kept_until": None if about is None else _date(about.until),
        "would_be_kept_until": _date(kept().until),
        "mine": about is not None and about.owner == owner(),
    }
    return encoding.fresh_json(body)


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()
