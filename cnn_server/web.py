"""What every request and every response of the server has in common."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, Response, request

from cnn_server.schemas.reading import read_json

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILES = ("static", "samples.sample")  # the endpoints of scripts, styles and pictures
FILE_HEADERS = ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")


class ServerRequest(Request):
    """A request whose uploads stay in memory and whose JSON body is read strictly."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        """Werkzeug would write a large upload to a temporary file; a person's photo never touches the disk.

        MAX_CONTENT_LENGTH bounds the memory.
        """
        return BytesIO()

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as a JSON object, or a ProblemError that says why not, whatever `silent` says."""
        return read_json(self)


def in_memory(response: Response) -> Response:
    """A response with a file, read and closed at once: compressing it would leave it open."""
    response.direct_passthrough = False
    with response:
        response.get_data()
    return response


def revalidated(response: Response) -> Response:
    """The response with an ETag, to be asked for again each time, and 304 where the client has it already."""
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def secure(response: Response) -> Response:
    """Add the security headers; those that only a document heeds are spared the files that a page loads."""
    names = FILE_HEADERS if request.endpoint in FILES else SECURITY_HEADERS
    for name in names:
        response.headers.setdefault(name, SECURITY_HEADERS[name])
    return response


def register(app: Flask) -> None:
    """Use these requests and headers in the application."""
    app.request_class = ServerRequest
    app.after_request(secure)
