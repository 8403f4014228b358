"""The body of a request, or a ProblemError that says what is wrong with it, field by field."""

from __future__ import annotations

import re
from typing import Any

import orjson
from flask import Request, current_app
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from werkzeug.exceptions import RequestEntityTooLarge

from cnn_engine.data.decoding.costs import megabytes, megapixels
from cnn_server.problems import ProblemError
from cnn_server.schemas.counting import check_counts
from cnn_server.schemas.fields import shown

MAX_FAULTS = 20  # faults told of in one answer
TAG = "as "  # how the name of one form of a value begins (`as preset`), which is no part of a path
WANTED = {  # what pydantic missed -> how a sentence goes on after "must"
    "bool_type": "be true or false",
    "dict_type": "be an object",
    "list_type": "be a list",
    "literal_error": "be {expected}",
    "model_type": "be an object",
    "string_too_long": "have at most {max_length} characters",
    "string_too_short": "have at least {min_length} character",
    "string_type": "be text",
    "too_long": "hold at most {max_length}",
    "too_short": "hold at least {min_length}",
}
MAX_KEYS = 64  # keys at the top of a body: more are nobody's mistake


class Body(BaseModel):
    """A JSON object that refuses what it does not know, and never turns one type into another."""

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True)

    @model_validator(mode="before")
    @classmethod
    def _few_unknown(cls, value: Any) -> Any:
        """Leave out unknown keys beyond those that are told: pydantic builds a fault for each."""
        if not isinstance(value, dict):
            return value
        untold = set([key for key in value if key not in cls.model_fields][MAX_FAULTS:])
        return {key: part for key, part in value.items() if key not in untold} if untold else value


def read_json(request: Request) -> dict[str, Any]:
    """The body as a JSON object: 415 if it is not sent as JSON, 400 if it is not, 422 if not an object."""
    if not request.mimetype:
        raise ProblemError(415, "The request has no Content-Type; it must be application/json.")
    if not request.is_json:
        raise ProblemError(415, f"The body is sent as {request.mimetype}; it must be application/json.")
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(415, "The body is compressed; it must be sent as it is.")
    data = request.get_data(cache=True)
    if request.content_length is None and len(data) >= current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge  # a body sent in chunks is cut off there
    check_counts(data)
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ProblemError.of_field(400, "body", _why_not_json(data, error)) from None
    if not isinstance(body, dict):
        raise ProblemError.of_field(422, "body", f"body is {shown(body)}, not an object")
    if len(body) > MAX_KEYS:
        raise ProblemError.of_field(422, "body", f"body has {len(body)} keys; nothing here takes so many")
    return body


def _why_not_json(data: bytes, error: orjson.JSONDecodeError) -> str:
    if not data.strip():
        return "The body is empty; it must be a JSON object."
    start = data[error.pos : error.pos + 9] if error.doc.isascii() else b""
    if literal := re.match(rb"-?(NaN|Infinity)", start):
        place = f"line {error.lineno}, column {error.colno}"
        return f"The body is not JSON: JSON has no {literal[0].decode()} ({place})."
    return f"The body is not JSON: {error.msg}."


def read_upload(request: Request) -> bytes:
    """The bytes of the one file of a multipart form, in its field `file`."""
    if request.mimetype != "multipart/form-data":
        sent = f"sent as {request.mimetype}" if request.mimetype else "sent without a Content-Type"
        raise ProblemError(415, f"The picture is {sent}; it must be the field `file` of a multipart/form-data form.")
    try:
        files, texts = request.files, request.form
    except RequestEntityTooLarge:
        raise ProblemError.of_field(413, "file", _too_large(request.content_length)) from None
    if others := sorted({str(name)[:60] for name in (*files, *texts)} - {"file"})[:MAX_FAULTS]:
        faults = [(name, f"{name} is not a field here; the form has one file, `file`") for name in others]
        raise ProblemError(422, faults[0][1], faults)
    pictures = files.getlist("file")
    if len(pictures) != 1 or texts:
        count = len(pictures) + len(texts.getlist("file"))
        message = f"file must be one picture; the form holds {count if pictures else 'no file'}"
        raise ProblemError.of_field(422, "file", message)
    data: bytes = pictures[0].read()
    return data


def _too_large(length: int | None) -> str:
    taken, pixels = current_app.config["MAX_IMAGE_BYTES"], current_app.config["MAX_IMAGE_PIXELS"]
    size = f"has {megabytes(length)}" if length else "is too large"
    return f"file: the form {size}; a picture may have at most {megabytes(taken)} and {megapixels(pixels)}"


def to_problem(error: ValidationError) -> ProblemError:
    """What pydantic found, as one 422 with each field by the request's own name."""
    details = error.errors(include_url=False)[:MAX_FAULTS]
    faults = [_fault(dict(detail)) for detail in details]
    return ProblemError(422, "; ".join(message for _, message in faults), faults)


def _fault(detail: dict[str, Any]) -> tuple[str, str]:
    location = [part for part in detail["loc"] if not str(part).startswith(TAG)]
    field = _field(location)
    match detail["type"]:
        case "missing":
            return field, f"{field} is required"
        case "extra_forbidden":
            return field, f"{field} is not a parameter here"
        case "refused":  # the sentence begins with the field's own name, here with its whole path
            own = next((part for part in reversed(location) if isinstance(part, str)), field)
            return field, field + detail["msg"].removeprefix(own)
    if detail["type"] not in WANTED:
        return field, f"{field}: {detail['msg']}"
    wanted = WANTED[detail["type"]].format(**detail.get("ctx", {}))
    return field, f"{field} must {wanted}, not {shown(detail['input'])}"


def _field(location: list[int | str]) -> str:
    """The path of a fault as the request writes it: `steps.start`, `kernels[2].values`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in location]
    return "".join(parts).removeprefix(".") or "body"
