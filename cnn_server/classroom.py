"""The page that a teacher projects: this server's address, as text and as a QR code."""

from __future__ import annotations

import segno
from flask import Blueprint, Response, current_app, make_response, render_template, request
from markupsafe import Markup

from cnn_server.addresses import is_for_others
from cnn_server.problems import ProblemError
from cnn_server.urls import host_name, own_place

classroom = Blueprint("classroom", __name__)

LONGEST = 1_000  # characters of the place on this server that the code leads to: a QR code is still easy to read
BORDER = 2  # modules of quiet around a code


@classroom.get("/classroom")
def show() -> Response:
    """The address; with `?to=/training%23run=...` the way to one place."""
    to = _place(request.args.get("to", "/"))
    urls = [base + to for base in _bases()]
    links = [{"text": url, "code": _code(url)} for url in urls]
    return make_response(render_template("classroom.html", links=links, to=to))


def _place(to: str) -> str:
    """A path on this server, with its query and fragment."""
    place = own_place(to)
    if place is None:
        raise ProblemError(400, f"to {to[:80]!r} must be a place on this server, such as /training")
    if len(place) > LONGEST:
        raise ProblemError(
            400, f"to has {len(place):,} characters where a code that can be read has at most {LONGEST:,}"
        )
    return place


def _bases() -> list[str]:
    """Where others reach this server: as it was started, or as this request reached it."""
    known: str = current_app.config["CLASSROOM_URLS"]
    if known:
        return known.split()
    host = host_name(request.host)
    return [request.host_url.rstrip("/")] if is_for_others(host.strip("[]")) else []


def _code(url: str) -> Markup:
    """The QR code as an SVG, dark on light in every theme: many readers need it so."""
    code = segno.make(url, micro=False, error="m")
    return Markup(
        code.svg_inline(border=BORDER, omitsize=True, dark="#1d2433", light="#ffffff", title=f"QR code of {url}")
    )
