"""GET /api/runs/{id}/events: a run as it happens. GET /api/runs/{id}/points: as it happened."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint

from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.api.runs import looked_at
from cnn_server.problems import ProblemError
from cnn_server.run_answers import EVENTS, PointsAnswer
from cnn_server.runs.points import as_lists, read
from cnn_server.runs.service import service
from cnn_server.runs.sse import epochs_of
from cnn_server.runs.stream import follow
from cnn_server.schemas.runs import EventsQuery, PointsQuery, RunPath

SILENT = 20.0  # seconds that a viewer may take nothing until it is cut off; it resumes by Last-Event-ID
ENTRIES = 1000
SOCKETS = ("gunicorn.socket", "werkzeug.socket")

api = APIBlueprint("run_events", __name__)


@api.get("/api/runs/<run_id>/events", responses={**EVENTS, **answers({}, 404, 503)})
def events(path: RunPath, query: EventsQuery) -> Response:
    """The events of a run after a step, until its end."""
    run = looked_at(path.run_id)
    runs = service()
    if runs.hub.full:
        refusal = ProblemError(503, "As many people watch here as this server can serve; try again in a moment.")
        raise refusal
    _cut_when_silent()
    stream: Iterator[bytes] = follow(runs.hub, runs.store(), run.id, _after(query))
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, mimetype="text/event-stream", headers=headers)


def _after(query: EventsQuery) -> int:
    """Where to resume: what a browser sends when it connects again counts more than the address it was opened with."""
    last = request.headers.get("Last-Event-ID", "")
    if last.isascii() and last.isdecimal():
        return int(last[:18])
    return query.after or 0


def _cut_when_silent() -> None:
    """Let writing to a viewer who has gone to sleep fail after a while, so that it does not keep a thread."""
    for name in SOCKETS:
        with contextlib.suppress(OSError):
            if connection := request.environ.get(name):
                connection.settimeout(SILENT)


@api.get("/api/runs/<run_id>/points", responses=answers({200: PointsAnswer}, 404, 503))
def points(path: RunPath, query: PointsQuery) -> Response:
    """The history of a run at once: every point, or with a stride the least and greatest loss of so many in a row."""
    run, store = looked_at(path.run_id), service().store()
    kept: list[list[Any]] = []
    epochs: list[dict[str, Any]] = []
    after = query.after
    while entries := store.log(run.id, after, ENTRIES):
        kept += as_lists(read((entry.points for entry in entries), query.after))
        epochs += epochs_of(entries, query.after)
        after = entries[-1].step
    response = encoding.json({"points": _thinned(kept, query.stride), "epochs": epochs})
    response.headers["Cache-Control"] = "no-store"
    return response


def _thinned(every: list[list[Any]], stride: int) -> list[list[Any]]:
    """Of each `stride` points the ones with the least and the greatest loss, and of all the last."""
    if stride <= 2:
        return every
    kept = []
    for start in range(0, len(every), stride):
        group = sorted(every[start : start + stride], key=lambda point: (point[1] is None, point[1] or 0.0))
        kept += sorted({point[0]: point for point in (group[0], group[-1])}.values())
    if every and kept[-1][0] != every[-1][0]:
        kept.append(every[-1])
    return kept
