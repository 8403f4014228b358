"""What every request and every response of the server has in common."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, Response, current_app, request

from cnn_server.schemas.reading import read_json
from cnn_server.urls import host_name, is_loopback

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)

# The explorer will use the camera; the clipboard is written to, and pictures may fill the screen.
UNUSED = (
    "accelerometer",
    "autoplay",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS_POLICY = ", ".join(["camera=(self)", *(f"{name}=()" for name in UNUSED)])

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": PERMISSIONS_POLICY,
}
SECURE_HEADERS = {"Cross-Origin-Opener-Policy": "same-origin"}  # elsewhere Chromium logs that it ignores it
FOUND = (200, 206, 304)
FILES = ("static", "samples.picture", "samples.small")  # the endpoints of scripts, styles and pictures
# What else files are spared: each has an ETag and is shown, whole; and the server that sends it says the date.
SPARED = ("Accept-Ranges", "Content-Disposition", "Date", "Last-Modified")
UNNEEDED = ("Accept-Ranges", "Content-Disposition", "Last-Modified")
FILE_HEADERS = ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")


class ServerRequest(Request):
    """A request whose uploads stay in memory and whose JSON body is read strictly."""

    @property
    def trusted_hosts(self) -> None:
        """Werkzeug 3.1 knows no IPv6 address in TRUSTED_HOSTS: `doors` checks the host in its place."""

    @trusted_hosts.setter
    def trusted_hosts(self, hosts: object) -> None:
        """Leave it to `doors`."""

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
        """Return the body as a JSON object, or a ProblemError that says why not, whatever `silent` says."""
        return read_json(self)


def in_memory(response: Response) -> Response:
    """Return a response with a file, read and closed at once: compressing it would leave it open.

    Headers that no page needs are spared.
    """
    response.direct_passthrough = False
    for name in UNNEEDED:
        response.headers.pop(name, None)
    with response:
        response.get_data()
    return response


def revalidated(response: Response) -> Response:
    """Return the response with an ETag, to be asked for again each time, and 304 where the client has it already.

    A client that has it packed says so in its ETag: then it need not be packed to find that out.
    """
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    etag = response.get_etag()[0]
    packed = (f"{etag}:{way}" for way in current_app.config["COMPRESS_ALGORITHM"])
    if known := next(filter(request.if_none_match.contains, packed), None):
        response.set_etag(known)
    response.make_conditional(request)
    return response


def secure(response: Response) -> Response:
    """Add the security headers; a file that is found is spared those that only a document heeds, and some others."""
    is_file = request.endpoint in FILES and response.status_code in FOUND
    for name in SPARED if is_file else ():
        response.headers.pop(name, None)
    headers = {name: SECURITY_HEADERS[name] for name in FILE_HEADERS} if is_file else SECURITY_HEADERS
    if not is_file and (request.is_secure or is_loopback(host_name(request.headers.get("Host", "")))):
        headers = headers | SECURE_HEADERS
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    return response


def register(app: Flask) -> None:
    """Use these requests and headers in the application."""
    app.request_class = ServerRequest
    app.after_request(secure)
