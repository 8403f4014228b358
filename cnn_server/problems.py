"""One error body for every failure: problem+json (RFC 9457), or a page for a person who opened one.

`ProblemError` is a refusal with its status, a sentence and the fields at fault. Werkzeug's HTTP errors become
one, and what nobody expected becomes a logged 500.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus

import orjson
from flask import Flask, Response, current_app, render_template, request
from jinja2 import TemplateError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from cnn_server.languages import gettext

# Paths whose failures are always JSON, whatever the client accepts.
MACHINE_PATHS = ("/api/", "/openapi.json", "/healthz")
DRAIN_LIMIT = 64 * 1024 * 1024
KEPT_HEADERS = ("Allow", "Retry-After", "Content-Range", "WWW-Authenticate")

SENTENCES = {
    404: "Nothing is at this address.",
    405: "This address does not answer %(method)s requests.",
    413: "The request body is larger than the %(limit)s bytes that are taken.",
    500: "Something went wrong in the server, not in what you asked. It has been logged.",
}


class ProblemError(Exception):
    """A refusal: `status`, a sentence, and for a bad body `(field, message)` for each fault.

    It is shown as a page to a person who opened one, unless `as_page` is false.
    """

    def __init__(
        self, status: int, detail: str, errors: Iterable[tuple[str, str]] = (), *, as_page: bool = True
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.as_page = as_page
        self.errors = [{"field": field, "message": message} for field, message in errors]

    @classmethod
    def of_field(cls, status: int, field: str, message: str) -> ProblemError:
        """The refusal of one field of a body."""
        return cls(status, message, [(field, message)])


def wants_page() -> bool:
    """Whether the failure is to be shown as a page: asked for by name, and not under a machine's path."""
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
    """The error as a page; in bare HTML should the template itself be what failed."""
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


def render(problem: ProblemError) -> Response:
    """The response for a problem, as the client asked for it."""
    if problem.status == 413:
        _drain()
    if problem.as_page and wants_page():
        response = _page(problem.status, problem.detail)
    else:
        body: dict[str, object] = {
            "type": "about:blank",
            "title": _title(problem.status),
            "status": problem.status,
            "detail": problem.detail,
            "instance": request.path,
        }
        if problem.errors:
            body["errors"] = problem.errors
        response = Response(orjson.dumps(body), problem.status, mimetype="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    response.vary.add("Accept")
    return response


def _of_http(error: HTTPException) -> Response:
    """Werkzeug's own errors; redirects and ready responses pass through."""
    if error.code is None or error.code < 400:
        return current_app.make_response(error.get_response())
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    ours = gettext(SENTENCES.get(error.code, ""), method=request.method, limit=f"{limit:,}")
    response = render(ProblemError(error.code, ours or error.description or _title(error.code)))
    for name, value in error.get_headers(request.environ):
        if name in KEPT_HEADERS:
            response.headers[name] = value
    return response


def _of_unexpected(error: Exception) -> Response:
    current_app.logger.error("%s %s failed", request.method, request.path, exc_info=error)
    return render(ProblemError(500, gettext(SENTENCES[500])))


def register(app: Flask) -> None:
    """Give every failure of the application one of these bodies."""
    app.register_error_handler(ProblemError, render)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_unexpected)
