"""Answers compressed: small ones as small as they go, large ones no slower than a network would carry them."""

from __future__ import annotations

import zlib
from collections.abc import Callable

import brotli
from flask import Flask, Response, current_app, request
from flask_compress import Compress

LARGE = 256 * 1024  # bytes from which on every byte counts less than the time to spare it


def _brotli(data: bytes) -> bytes:
    """A hundred megabytes of digits a second, to half of them."""
    return bytes(brotli.compress(data, quality=0))


def _gzip(data: bytes) -> bytes:
    """Half as fast, to as much."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


FAST: dict[str, Callable[[bytes], bytes]] = {"br": _brotli, "gzip": _gzip}


def quickly(response: Response) -> Response:
    """Compress a large answer by the fastest way that the client takes; others are left as they are."""
    large = not response.is_streamed and (response.content_length or 0) > LARGE
    if not large or response.mimetype not in current_app.config["COMPRESS_MIMETYPES"]:
        return response
    if not 200 <= response.status_code < 300 or "Content-Encoding" in response.headers:
        return response
    chosen = request.accept_encodings.best_match(list(FAST))
    if chosen is not None:
        response.set_data(FAST[chosen](response.get_data()))
        response.headers["Content-Encoding"] = chosen
        if etag := response.get_etag()[0]:
            response.set_etag(f"{etag}:{chosen}")
    return response


def register(app: Flask) -> None:
    """Compress what the application answers. Of functions after a request the one that was given last comes first."""
    Compress(app)
    if app.config["COMPRESS_REGISTER"]:
        app.after_request(quickly)
