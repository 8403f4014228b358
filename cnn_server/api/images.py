"""POST /api/images, GET /api/images/{id}: pictures at working size.

POST /api/images/{id}/crop: a window of one as a small grid of numbers.

GET /samples/{name}.webp, /samples/small/{name}.webp: the files of the shipped ones, as they are and to choose by.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request, send_file
from pydantic import BaseModel

from cnn_engine.data.decoding.costs import megabytes, megapixels
from cnn_engine.data.images import SAMPLES, Box, Picture, SamplePicture, crop, decode, sample_picture, thumbnail
from cnn_engine.errors import ImageError, ImageTooLargeError
from cnn_engine.words import Message
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.images import ImageStore, KeptImages
from cnn_server.languages import NOTE, sentence_of
from cnn_server.picture_answers import CropAnswer, ImageAnswer
from cnn_server.problems import ProblemError
from cnn_server.schemas.maps import CropBody
from cnn_server.schemas.reading import read_upload
from cnn_server.web import in_memory

api = Resource("images", __name__)
samples = Blueprint("samples", __name__)

SAMPLE_MAX_AGE = 86_400
UPLOAD_FORM = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
            "additionalProperties": False,
        }
    }
}
UPLOAD_DOCUMENT = {"requestBody": {"required": True, "content": UPLOAD_FORM}}


class ImagePath(BaseModel):
    """Which picture."""

    image_id: str


def store() -> ImageStore:
    """Return where this application keeps uploads."""
    images: ImageStore = current_app.extensions["images"]
    return images


def kept() -> KeptImages:
    """Return where this application keeps photos by choice."""
    images: KeptImages = current_app.extensions["kept_images"]
    return images


def find(image_id: str, field: str | None = None) -> tuple[Picture, int | None]:
    """Return a shipped picture by name or an upload by id, and the seconds it has left; 404 once it is dropped.

    `field` is the field of the body that named it, if one did.
    """
    if image_id in SAMPLES:
        return sample_picture(image_id), None
    stored = store().get(image_id)
    if stored is None and (picture := kept().picture(image_id)) is not None:
        return picture, None
    if stored is None:
        raise _gone(image_id[:40], field)
    return stored.picture, stored.expires_in


def _gone(name: str, field: str | None) -> ProblemError:
    minutes = round(current_app.config["IMAGE_TTL"] / 60)
    if minutes == 60:
        return ProblemError(404, "no_picture_after_an_hour", field, name=name)
    return ProblemError(404, "no_picture", field, name=name, minutes=minutes)


@api.post("/api/images", responses=answers({201: ImageAnswer}, 413, 415, 503, 507), openapi_extensions=UPLOAD_DOCUMENT)
def upload() -> Response:
    """Take a picture (PNG, JPEG, WebP, GIF, BMP, AVIF) as the field `file` of a form; keep it for a while."""
    config = current_app.config
    limits = {"bytes": megabytes(config["MAX_IMAGE_BYTES"]), "pixels": megapixels(config["MAX_IMAGE_PIXELS"])}
    most = Message("amounts.size_of_a_picture", limits)
    picture = _decoded(read_upload(request, "picture", most))
    stored = store().put(picture)
    response = _answer(stored.id, picture, stored.expires_in, 201)
    response.headers["Location"] = f"/api/images/{stored.id}"
    return response


def _decoded(data: bytes) -> Picture:
    config = current_app.config
    try:
        return decode(
            data,
            working_size=config["IMAGE_WORKING_SIZE"],
            max_bytes=config["MAX_IMAGE_BYTES"],
            max_pixels=config["MAX_IMAGE_PIXELS"],
        )
    except ImageTooLargeError as error:
        raise ProblemError(413, "of_field", "file", name="file", reason=error.message) from error
    except ImageError as error:
        raise ProblemError(422, "of_field", "file", name="file", reason=error.message) from error


@api.get("/api/images/<image_id>", responses=answers({200: ImageAnswer}, 404, 503))
def image(path: ImagePath) -> Response:
    """Return a picture at working size, by the id of an upload or the name of a shipped one."""
    picture, expires_in = find(path.image_id)
    return _answer(path.image_id, picture, expires_in, 200)


@api.post("/api/images/<image_id>/crop", responses=answers({200: CropAnswer}, 400, 404, 413, 415, 503))
def window(path: ImagePath, body: CropBody) -> Response:
    """Return a window of a picture, reduced to a small grid: its brightness, or red, green and blue."""
    found, _ = find(path.image_id)
    values = crop(found.pixels, Box(body.row, body.col, body.height, body.width), body.size, body.channels)
    return encoding.json(encoding.tensor(values))


def _answer(image_id: str, picture: Picture, expires_in: int | None, status: int) -> Response:
    note = " ".join(map(sentence_of, picture.notes))
    if encoding.wants_binary():
        noted = {NOTE: quote(note)} if note else {}
        response = encoding.binary(picture.pixels, status, {"X-Image-Id": image_id, **noted})
    else:
        height, width = picture.pixels.shape[:2]
        body = {
            "id": image_id,
            "note": note or None,
            "width": width,
            "height": height,
            "original_width": picture.original_size[1],
            "original_height": picture.original_size[0],
            "expires_in": expires_in,
            "pixels": encoding.tensor(picture.pixels),
        }
        response = encoding.json(body, status)
    response.vary.add("Accept")
    return encoding.fresh(response)


@samples.get("/samples/<name>.webp")
def picture(name: str) -> Response:
    """Return the file of a shipped picture."""
    return in_memory(send_file(_sample(name).path, mimetype="image/webp", max_age=SAMPLE_MAX_AGE))


@samples.get("/samples/small/<name>.webp")
def small(name: str) -> Response:
    """Return a shipped picture to choose by."""
    data = BytesIO(thumbnail(_sample(name).name))
    return in_memory(send_file(data, mimetype="image/webp", max_age=SAMPLE_MAX_AGE))


def _sample(name: str) -> SamplePicture:
    if name not in SAMPLES:
        raise ProblemError(404, "no_sample_picture", name=name[:40])
    return SAMPLES[name]
