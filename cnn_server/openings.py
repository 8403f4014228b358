"""Answers that come with a page: to what it asks for first when its address says nothing, so that it need not ask.

They are those that the API gives, and the page takes each for exactly the request that it would make (`api.js`).
What that is is known where pages are bundled: `scripts/openings.mjs` lets their own scripts ask.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from dataclasses import dataclass

import orjson
from flask import Flask, current_app, request
from markupsafe import Markup
from werkzeug.test import TestResponse

from cnn_server import encoding
from cnn_server.languages import language
from cnn_server.statics import Request

# Letters of an answer, of which a fifth travels, of base64 three quarters; a larger one comes beside the scripts.
LARGEST = 200_000


@dataclass(frozen=True)
class Opening:
    """A request in a line, and the answer to it as it may stand in a page.

    That is JSON; or bytes, deflated and in base64, with the headers that say what they are, as JSON.
    """

    request: str
    answer: Markup
    headers: str = ""


class Openings:
    """The answers in each language, each computed when it is first wanted."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Request, str], Opening | None] = {}

    def of(self, requests: tuple[Request, ...]) -> list[Opening]:
        """Return the answers to these; what is refused or large is left to the page."""
        found = (self._opening(requested) for requested in requests)
        return [opening for opening in found if opening]

    def _opening(self, requested: Request) -> Opening | None:
        key = (requested, language())
        if key not in self._kept:
            answer = _answered(requested)
            if answer.status_code != 200:  # perhaps another time
                return None
            self._kept[key] = _small(requested, answer)
        return self._kept[key]


def _answered(requested: Request) -> TestResponse:
    """Return what the API says to it in the language of the present request."""
    return current_app.test_client(use_cookies=False).open(
        requested.path,
        method=requested.method,
        data=requested.body or None,
        content_type="application/json",
        headers={"Accept": requested.accept, "Accept-Language": language()},
        base_url=request.host_url,
    )


def _small(requested: Request, answer: TestResponse) -> Opening | None:
    data, headers = answer.get_data(), ""
    if not answer.is_json:
        data = b64encode(zlib.compress(data))
        headers = orjson.dumps({name: value for name, value in answer.headers if name.startswith("X-")}).decode()
    text = data.decode()
    if len(text) > LARGEST:
        return None
    line = f"{requested.method} {requested.path} {requested.accept} {requested.body}"
    return Opening(line, encoding.in_page(text), headers)


def register(app: Flask) -> None:
    """Let templates carry them."""
    openings = Openings()
    app.context_processor(lambda: {"openings_of": openings.of})
