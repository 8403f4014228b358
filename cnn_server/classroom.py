"""How a class gets to a page: this server's address in the room, as text and as QR codes, and short links.

GET /classroom: the page that a teacher projects. GET /classroom/code.svg?to=...: one code. POST /api/links, GET
/l/{id}: a link too long for a code has a short one.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import OrderedDict
from typing import Any

import segno
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from markupsafe import Markup, escape

from cnn_server import encoding
from cnn_server.answers import LinkAnswer, Resource, answers
from cnn_server.problems import ProblemError
from cnn_server.schemas.links import LinkBody
from cnn_server.urls import host_name, is_loopback, own_path

classroom = Blueprint("classroom", __name__)
api = Resource("links", __name__)

LONGEST = 1_000  # characters of the place on this server that a code leads to: it can still be read
READABLE = 200  # characters of a place whose code can be read from the last row: beyond it a page asks for a short link
WIDTHS = (16, 22, 28, 36, 48, 64)  # characters of the longest part of an address: the sizes that its letters come in
BORDER = 2  # modules of quiet around a code
OVERHEAD = 300  # bytes that a short link costs beside its place
ID_BYTES = 12  # of chance: nobody guesses one
PARTS = re.compile(r"(?<=/)|(?=#)")  # an address is broken here and nowhere else


@classroom.get("/classroom")
def show() -> Response:
    """Return the address; with `?to=/training%23run=...` the way to one place."""
    to = _checked_path(request.args.get("to", "/"))
    urls = [base + to for base in _bases()]
    links = [{"href": url, "text": url.removeprefix("http://"), "code": _code(url)} for url in urls]
    return make_response(render_template("classroom.html", links=links, to=to))


@classroom.get("/classroom/code.svg")
def code() -> Response:
    """Return the QR code of one place in this room."""
    bases = _bases()
    if not bases:
        raise ProblemError(404, "only_on_this_machine")
    drawn = _code(bases[0] + _checked_path(request.args.get("to", "/")))
    return encoding.fresh(Response(drawn, mimetype="image/svg+xml"))


@api.post("/api/links", responses=answers({201: LinkAnswer}, 400, 403, 413, 415))
def shorten(body: LinkBody) -> Response:
    """Return a short link to a place on this server; the same place has the same one. It is kept for the lesson."""
    path = own_path(body.to)
    if path is None:
        raise ProblemError(422, "to_is_no_place", "to")
    link = f"/l/{_links().put(path)}"
    response = encoding.json({"link": link, "to": path}, 201)
    response.headers["Location"] = link
    return response


@classroom.get("/l/<link_id>")
def follow(link_id: str) -> Response:
    """Redirect to what a short link stands for, its fragment included."""
    path = _links().get(link_id)
    if path is None:
        raise ProblemError(404, "short_link_leads_nowhere")
    return encoding.fresh(make_response(redirect(path)))


def room() -> dict[str, Any]:
    """Return what every template knows: `room` has the addresses that others open, `base` the one in place of this
    page's own, `readable`, how long a place may be, and `parts`, where an address breaks.
    """
    bases = _bases()
    own = bases and is_loopback(host_name(request.host))
    return {
        "room": {
            "served": bool(current_app.config["CLASSROOM_URLS"]),
            "bases": bases,
            "base": bases[0] if own else "",
            "readable": READABLE,
            "parts": PARTS.pattern,
        }
    }


def in_parts(address: str) -> Markup:
    """Return an address that breaks between its parts and never inside a word."""
    parts = [part for part in PARTS.split(address) if part]
    longest = max(map(len, parts), default=0)
    width = next((width for width in WIDTHS if longest <= width), WIDTHS[-1])
    shown = "".join(f'<span class="part">{escape(part)}</span>' for part in parts)
    return Markup(f'<span class="address" data-width="{width}">{shown}</span>')


def _links() -> Links:
    links: Links = current_app.extensions["links"]
    return links


def _checked_path(to: str) -> str:
    """Return a path on this server, with its query and fragment."""
    path = own_path(to)
    if path is None:
        raise ProblemError(400, "given_to_is_no_place", to=to[:80])
    if len(path) > LONGEST:
        raise ProblemError(400, "to_too_long", length=len(path), most=LONGEST)
    return path


def _bases() -> list[str]:
    """Return where others reach this server: as it was started, or as this request reached it."""
    known: str = current_app.config["CLASSROOM_URLS"]
    if known:
        return known.split()
    name = host_name(request.host)
    return [request.host_url.rstrip("/")] if name and not is_loopback(name) else []


def _code(url: str) -> Markup:
    """Return the QR code as an SVG, dark on light in every theme: many readers need it so."""
    made = segno.make(url, micro=False, error="m")
    drawn = made.svg_inline(border=BORDER, omitsize=True, dark="#1d2433", light="#ffffff", title=f"QR code of {url}")
    return Markup(drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


# ---- short links to long places on this server, kept in memory for a lesson


class Links:
    """Places by short ids that nobody can guess. The oldest make room for new ones: `max_bytes` bounds all together."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._paths: OrderedDict[str, tuple[str, float]] = OrderedDict()  # with when they were made
        self._ids: dict[str, str] = {}
        self._bytes = 0

    def put(self, path: str) -> str:
        """Return the id of a place; the one that it has, if it has one."""
        with self._lock:
            if (known := self._ids.get(path)) is not None:
                self._paths.move_to_end(known)
                return known
            link_id = secrets.token_urlsafe(ID_BYTES)
            self._paths[link_id], self._ids[path] = (path, time.time()), link_id
            self._bytes += len(path) + OVERHEAD
            while self._bytes > self._max_bytes and len(self._paths) > 1:
                self._forget(next(iter(self._paths)))
            return link_id

    def get(self, link_id: str) -> str | None:
        """Return the place of an id, unless it is unknown or forgotten."""
        with self._lock:
            if link_id not in self._paths:
                return None
            self._paths.move_to_end(link_id)  # the oldest that nobody follows make room
            return self._paths[link_id][0]

    def made_since(self, time: float) -> list[str]:
        """Return ids of the links that were made after a time (in seconds since 1970) and are still there."""
        with self._lock:
            return [link_id for link_id, (_, made) in self._paths.items() if made >= time]

    def drop(self, link_id: str) -> None:
        """Forget a link, if it is there."""
        with self._lock:
            if link_id in self._paths:
                self._forget(link_id)

    def _forget(self, link_id: str) -> None:
        path, _ = self._paths.pop(link_id)
        del self._ids[path]
        self._bytes -= len(path) + OVERHEAD
