"""The body of a request, or a ProblemError that says what is wrong with it, field by field; and what its address asks.

An address is text, of which the numbers are read here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import orjson
from flask import Request, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError
from werkzeug.exceptions import RequestEntityTooLarge

from cnn_engine.data.decoding.costs import megabytes
from cnn_engine.words import Message, amount, either
from cnn_server.problems import FieldFault, ProblemError
from cnn_server.schemas.counting import check_counts
from cnn_server.schemas.field_types import Checked, message_of, whole, worded
from cnn_server.words import refusal

MAX_FAULTS = 20  # faults told of in one answer
TAG = "as "  # how the name of one form of a value begins (`as preset`), which is no part of a path
MISSED: dict[str, Callable[[str, str | Message, dict[str, Any]], Message]] = {  # what pydantic missed, in our words
    "missing": lambda name, _, __: refusal("required", name=name),
    "extra_forbidden": lambda name, _, __: refusal("not_a_parameter", name=name),
    "bool_type": lambda name, value, _: refusal("not_true_or_false", name=name, value=value),
    "dict_type": lambda name, value, _: refusal("not_an_object", name=name, value=value),
    "model_type": lambda name, value, _: refusal("not_an_object", name=name, value=value),
    "list_type": lambda name, value, _: refusal("not_a_list", name=name, value=value),
    "string_type": lambda name, value, _: refusal("not_text", name=name, value=value),
    "literal_error": lambda name, value, more: refusal(
        "not_one_of_words", name=name, words=_words(more["expected"]), value=value
    ),
    "string_too_long": lambda name, value, more: refusal(
        "text_too_long", name=name, most=more["max_length"], value=value
    ),
    "string_too_short": lambda name, value, more: refusal(
        "text_too_short", name=name, least=more["min_length"], value=value
    ),
    "too_long": lambda name, value, more: refusal("list_too_long", name=name, most=more["max_length"], value=value),
    "too_short": lambda name, value, more: refusal("list_too_short", name=name, least=more["min_length"], value=value),
}
MAX_KEYS = 64  # keys at the top of a body: more are nobody's mistake
DIGITS = re.compile(r"-?[0-9]{1,20}")
MAX_STEP = 10**9  # of a run: no run is allowed so many


class Body(BaseModel):
    """A JSON object that refuses what it does not know, and never turns one type into another.

    What checks it is made when the first one comes: for the bodies of all calls that takes a quarter of a start.
    """

    model_config = ConfigDict(extra="forbid", strict=True, arbitrary_types_allowed=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_most_unknown(cls, value: Any) -> Any:
        """Leave out unknown keys beyond those that are told: pydantic builds a fault for each."""
        if not isinstance(value, dict):
            return value
        known = cls.model_fields
        beyond = set([key for key in value if key not in known][MAX_FAULTS:])
        return {key: part for key, part in value.items() if key not in beyond} if beyond else value


def read_json(request: Request) -> dict[str, Any]:
    """Return the body as a JSON object: 415 if it is not sent as JSON, 400 if it is not, 422 if not an object."""
    if not request.mimetype:
        raise ProblemError(415, "no_content_type")
    if not request.is_json:
        raise ProblemError(415, "not_sent_as_json", mimetype=request.mimetype)
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise ProblemError(415, "body_compressed")
    data = request.get_data(cache=True)
    if request.content_length is None and len(data) >= current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge  # a body sent in chunks is cut off there
    check_counts(data)
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise _not_json(data, error) from None
    if not isinstance(body, dict):
        raise ProblemError(422, "body_not_an_object", "body", value=worded(body))
    if len(body) > MAX_KEYS:
        raise ProblemError(422, "body_too_many", "body", count=len(body), what=amount("keys"))
    return body


def _not_json(data: bytes, error: orjson.JSONDecodeError) -> ProblemError:
    if not data.strip():
        return ProblemError(400, "body_empty", "body")
    start = data[error.pos : error.pos + 9] if error.doc.isascii() else b""
    if literal := re.match(rb"-?(NaN|Infinity)", start):
        found: dict[str, Any] = {"literal": literal[0].decode(), "line": error.lineno, "column": error.colno}
        return ProblemError(400, "no_such_number_in_json", "body", **found)
    return ProblemError(400, "not_json", "body", reason=error.msg)


def read_upload(request: Request, what: str, most: str | Message) -> bytes:
    """Return the bytes of the one file of a multipart form, in its field `file`.

    `what` is what it should be, by its id among the amounts, and `most` how large it may be.
    """
    if request.mimetype != "multipart/form-data":
        if not request.mimetype:
            raise ProblemError(415, "file_sent_without_type", what=amount(what))
        raise ProblemError(415, "file_sent_as", what=amount(what), mimetype=request.mimetype)
    try:
        files, texts = request.files, request.form
    except RequestEntityTooLarge:
        raise _form_too_large(request.content_length, what=amount(what), most=most) from None
    if others := sorted({str(name)[:60] for name in (*files, *texts)} - {"file"})[:MAX_FAULTS]:
        raise ProblemError.of_faults(422, *((name, refusal("not_a_field_of_the_form", name=name)) for name in others))
    found = files.getlist("file")
    if len(found) != 1 or texts:
        if not found:
            raise ProblemError(422, "no_file", "file", what=amount(what))
        raise ProblemError(
            422, "not_one_file", "file", what=amount(what), count=len(found) + len(texts.getlist("file"))
        )
    data: bytes = found[0].read()
    return data


def _form_too_large(length: int | None, **limits: Any) -> ProblemError:
    if not length:
        return ProblemError(413, "form_of_unknown_size_too_large", "file", **limits)
    return ProblemError(413, "form_too_large", "file", size=megabytes(length), **limits)


def to_problem(error: ValidationError) -> ProblemError:
    """Return what pydantic found, as one 422 with each field by the request's own name."""
    details = error.errors(include_url=False)[:MAX_FAULTS]
    return ProblemError.of_faults(422, *(_fault(dict(detail)) for detail in details))


def _fault(detail: dict[str, Any]) -> FieldFault:
    location = [part for part in detail["loc"] if not str(part).startswith(TAG)]
    field, more = _field(location), detail.get("ctx", {})
    if detail["type"] == "refused":  # what is at fault is called by the field's own name, here by its whole path
        own = next((part for part in reversed(location) if isinstance(part, str)), field)
        id, values, _ = message_of(more)
        return field, Message(id, {**values, "name": field + values["name"].removeprefix(own)})
    if detail["type"] not in MISSED:
        return field, refusal("of_field", name=field, reason=detail["msg"])
    return field, MISSED[detail["type"]](field, worded(detail["input"]), more)


def _words(expected: str) -> str | Message:
    """Return what pydantic writes with an English "or" as a part of a sentence in any language."""
    first, _, last = expected.rpartition(" or ")
    return either([first, last]) if first else last


def _field(location: list[int | str]) -> str:
    """Return the path of a fault as the request writes it: `steps.start`, `kernels[2].values`."""
    parts = [f"[{part}]" if isinstance(part, int) else f".{part[:60]}" for part in location]
    return "".join(parts).removeprefix(".") or "body"


# ---- what an address may ask for beside its path


class Query(BaseModel):
    """The parameters of an address; what is not known is refused."""

    model_config = ConfigDict(extra="forbid")


def number(minimum: int, maximum: int) -> Checked:
    """Return a whole number in this range, written in plain digits."""
    checked = whole(minimum, maximum)

    def read(value: Any, name: str) -> Any:
        plain = isinstance(value, str) and DIGITS.fullmatch(value)
        return checked.read(int(value) if plain else value, name)

    return Checked(read, checked.schema)


def header(name: str, minimum: int, maximum: int) -> int | None:
    """Return the whole number in a header of this request; None where it is not sent or empty."""
    text = request.headers.get(name, "").strip()
    try:
        return int(number(minimum, maximum).read(text, name)) if text else None
    except PydanticCustomError as error:
        raise ProblemError.of_faults(422, (name, message_of(error.context))) from None
