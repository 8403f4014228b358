"""Answers compressed: small ones as small as they go, larger ones no slower than a network would carry them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

import brotli
from flask import Flask, Response, current_app, request
from flask_compress import Compress

LARGE = 256 * 1024  # bytes from which on every byte counts less than the time to spare it
FAST = {"br": 0, "gzip": 1}  # how hard each way tries then
PASSING = 64 * 1024  # bytes of an answer that nobody keeps, as to a drawing: a fifth more take a third of the time
MIDDLING = {"br": 1, "gzip": 3}


def _brotli(data: bytes, level: int) -> bytes:
    """Pack by Brotli: at level 0 a hundred megabytes of digits a second, to half of them."""
    return bytes(brotli.compress(data, quality=level))


def _gzip(data: bytes, level: int) -> bytes:
    """Pack by gzip: at level 1 half as fast as Brotli, to as much."""
    return zlib.compress(data, level, 16 + zlib.MAX_WBITS)


WAYS: dict[str, Callable[[bytes, int], bytes]] = {"br": _brotli, "gzip": _gzip}


def quickly(response: Response) -> Response:
    """Compress a large answer by the best way that the client takes, not trying hard; others are left as they are."""
    levels = _levels(response)
    if levels is None or response.mimetype not in current_app.config["COMPRESS_MIMETYPES"]:
        return response
    if not 200 <= response.status_code < 300 or "Content-Encoding" in response.headers:
        return response
    chosen = request.accept_encodings.best_match(list(WAYS))
    if chosen is not None:
        response.set_data(WAYS[chosen](response.get_data(), levels[chosen]))
        response.headers["Content-Encoding"] = chosen
        if etag := response.get_etag()[0]:
            response.set_etag(f"{etag}:{chosen}")
    return response


def _levels(response: Response) -> Mapping[str, int] | None:
    """Return how hard each way tries; None where the answer is left to be made as small as it goes."""
    length = 0 if response.is_streamed else (response.content_length or 0)
    if length > LARGE:
        return FAST
    return MIDDLING if length > PASSING and response.cache_control.no_store else None


def register(app: Flask) -> None:
    """Compress what the application answers. Of functions after a request the one that was given last comes first."""
    Compress(app)
    if app.config["COMPRESS_REGISTER"]:
        app.after_request(quickly)
