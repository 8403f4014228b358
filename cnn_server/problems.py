"""One error body for every failure: problem+json (RFC 9457), or a page for a person who opened one.

`ProblemError` is a refusal with its status, a sentence and the fields at fault. Werkzeug's HTTP errors become
one, and what nobody expected becomes a logged 500.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, current_app, render_template, request
from jinja2 import TemplateError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from cnn_engine.errors import ConvoscopeError
from cnn_engine.words import Message
from cnn_server.encoding import fresh
from cnn_server.languages import as_seen, gettext, sentence_of
from cnn_server.words import RefusalError, refusal

# Paths whose failures are always JSON, whatever the client accepts.
MACHINE_PATHS = ("/api/", "/openapi.json", "/healthz")
DRAIN_LIMIT = 64 * 1024 * 1024
KEPT_HEADERS = ("Allow", "Retry-After", "Content-Range", "WWW-Authenticate")

FieldFault = tuple[str, Message]  # a field, and what is wrong with it


class ProblemError(RefusalError):
    """A refusal with its status, and for a bad body the field at fault.

    Args:
        status: of the answer.
        id: of the message, among a language's `errors`.
        field: what is wrong in the body, if that is one thing.
        as_page: whether it is shown as a page to a person who opened one.
        values: what the message says.
    """

    def __init__(self, status: int, id: str, field: str | None = None, *, as_page: bool = True, **values: Any) -> None:
        super().__init__(id, **values)
        self.status, self.as_page = status, as_page
        self.faults = [] if field is None else [(field, self.message)]

    @classmethod
    def of_message(cls, status: int, message: Message, *faults: FieldFault) -> ProblemError:
        """Return a refusal in the words of another one."""
        problem = cls.__new__(cls)
        Exception.__init__(problem, message.id)
        problem.status, problem.message, problem.faults, problem.as_page = status, message, list(faults), True
        return problem

    @classmethod
    def of_faults(cls, status: int, *faults: FieldFault) -> ProblemError:
        """Return the refusal of some fields of a body, by what is wrong with each."""
        return cls.of_message(status, reduce(_and, (message for _, message in faults)), *faults)


def _and(first: Message, second: Message) -> Message:
    return refusal("several", first=first, second=second)


def check_most(id: str, field: str, given: int, most: int, called: str = "count", /, **values: Any) -> None:
    """Refuse with 413 what is more than the server takes; in the message the number is `called` so."""
    if given > most:
        raise ProblemError(413, id, field, **values | {called: given, "most": most})


@contextmanager
def about(field: str) -> Iterator[None]:
    """Refuse what the engine refuses as the fault of this field, whatever the engine calls it."""
    try:
        yield
    except ConvoscopeError as error:
        raise ProblemError(422, "of_field", field, name=field, reason=error.message) from error


def wants_page() -> bool:
    """Return whether the failure is to be shown as a page: asked for by name, and not under a machine's path."""
    if request.path.startswith(MACHINE_PATHS):
        return False
    accept = request.accept_mimetypes
    named = [value.lower() for value, quality in accept if quality > 0]
    if not {"text/html", "application/xhtml+xml"}.intersection(named):
        return False
    return accept["text/html"] >= max(accept["application/json"], accept["application/problem+json"])


def _title(status: int) -> str:
    try:
        return gettext(HTTPStatus(status).phrase)
    except ValueError:
        return gettext("Error")


def _page(status: int, detail: str) -> Response:
    """Return the error as a page; in bare HTML should the template itself be what failed."""
    title = _title(status)
    try:
        html = render_template("error.html", status=status, title=title, detail=detail)
    except TemplateError:
        current_app.logger.exception("error.html cannot be rendered")
        html = f"<!doctype html><html lang=en><title>{title}</title><h1>{title}</h1><p>{escape(detail)}</p>"
    return Response(html, status, mimetype="text/html")


def _drain() -> None:
    """Read a body that was refused unread for its length, within reason.

    A server that answers and closes early resets the connection, and the client never sees why.
    """
    chunked = request.content_length is None and request.environ.get("wsgi.input_terminated")
    length = DRAIN_LIMIT if chunked else request.content_length or 0
    if length <= current_app.config["MAX_CONTENT_LENGTH"]:
        return
    stream, left = request.environ["wsgi.input"], min(length, DRAIN_LIMIT)
    while left > 0 and (chunk := stream.read(min(left, 65_536))):
        left -= len(chunk)


def _described(faults: Sequence[FieldFault]) -> dict[str, object]:
    """Return what is wrong with each field, and how a page says each, where that of any is another sentence."""
    messages = [sentence_of(message) for _, message in faults]
    seen = [sentence_of(as_seen(message)) for _, message in faults]
    errors = [{"field": field, "message": text} for (field, _), text in zip(faults, messages, strict=True)]
    return {"errors": errors} | ({"seen": seen} if seen != messages else {})


def render(problem: ProblemError) -> Response:
    """Return the response for a problem, as the client asked for it."""
    if problem.status == 413:
        _drain()
    detail = sentence_of(problem.message)
    if problem.as_page and wants_page():
        response = _page(problem.status, detail)
    else:
        body: dict[str, object] = {
            "type": "about:blank",
            "title": _title(problem.status),
            "status": problem.status,
            "detail": detail,
            "instance": request.path,
        }
        if problem.faults:
            body |= _described(problem.faults)
        response = Response(orjson.dumps(body), problem.status, mimetype="application/problem+json")
    response.vary.add("Accept")
    return fresh(response)


def _problem_of(status: int, error: HTTPException) -> ProblemError:
    match status:
        case 404:
            return ProblemError(status, "nothing_here")
        case 405:
            return ProblemError(status, "method_not_answered", method=request.method)
        case 413:
            return ProblemError(status, "body_too_large", limit=current_app.config["MAX_CONTENT_LENGTH"])
        case 500:
            return ProblemError(status, "went_wrong")
    return ProblemError(status, "http", text=gettext(error.description) if error.description else _title(status))


def _of_http(error: HTTPException) -> Response:
    """Answer Werkzeug's own errors; redirects and ready responses pass through."""
    if error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    response = render(_problem_of(error.code, error))
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _of_unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return render(ProblemError(500, "went_wrong"))


def register(app: Flask) -> None:
    """Give every failure of the application one of these bodies."""
    app.register_error_handler(ProblemError, render)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_unexpected)
