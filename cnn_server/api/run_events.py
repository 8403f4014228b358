"""GET /api/runs/{id}/events: a run as it happens. GET /api/runs/{id}/points: as it happened."""

from __future__ import annotations

import contextlib
from typing import Any

import orjson
from flask import Response, current_app, request

from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.runs import looked_at
from cnn_server.languages import language
from cnn_server.problems import ProblemError
from cnn_server.run_answers import EVENTS, PointsAnswer
from cnn_server.runs.hub import FullError
from cnn_server.runs.points import as_json, read, thinned
from cnn_server.runs.service import service
from cnn_server.runs.sse import epochs_of
from cnn_server.runs.stream import Viewer
from cnn_server.schemas.reading import MAX_STEP, header
from cnn_server.schemas.runs import EventsQuery, PointsQuery, RunPath
from cnn_server.serving.streams import OFFER

ENTRIES = 1000
SOCKETS = ("gunicorn.socket", "werkzeug.socket")  # where other servers than ours put the connection

api = Resource("run_events", __name__)


@api.get("/api/runs/<run_id>/events", responses={**EVENTS, **answers({}, 404, 503)})
def events(path: RunPath, query: EventsQuery) -> Response:
    """Return the events of a run after a step, until its end."""
    run, after = looked_at(path.run_id), _after(query)
    runs = service()
    try:
        viewer = Viewer(runs.hub, runs.store(), run.id, after, language())
    except FullError:
        raise ProblemError(503, "too_many_viewers") from None
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    offer: list[Viewer] | None = request.environ.get(OFFER)
    if offer is not None:  # our server sends events itself, and needs no thread for it
        offer.append(viewer)
        return Response(iter(()), mimetype="text/event-stream", headers=headers)
    _cut_when_stalled()
    response = Response(iter(viewer), mimetype="text/event-stream", headers=headers)
    response.call_on_close(viewer.close)
    return response


def _cut_when_stalled() -> None:
    """Let writing to a viewer who has gone to sleep fail after a while, so that it does not keep a thread."""
    for name in SOCKETS:
        with contextlib.suppress(OSError):
            if connection := request.environ.get(name):
                connection.settimeout(current_app.config["STALLED_SECONDS"])


def _after(query: EventsQuery) -> int:
    """Return where to resume: what a browser sends when it connects again counts more than the address it opened."""
    last = header("Last-Event-ID", 0, MAX_STEP)
    return (query.after or 0) if last is None else last


@api.get("/api/runs/<run_id>/points", responses=answers({200: PointsAnswer}, 404, 503))
def points(path: RunPath, query: PointsQuery) -> Response:
    """Return the history of a run: every point, or with a stride the least and greatest loss of so many in a row."""
    run, store = looked_at(path.run_id), service().store()
    kept: list[bytes] = []
    epochs: list[dict[str, Any]] = []
    after = query.after
    while entries := store.log(run.id, after, ENTRIES):
        kept += [entry.points for entry in entries]
        epochs += epochs_of(entries, query.after)
        after = entries[-1].step
    points_json = as_json(thinned(read(kept, query.after), query.stride))
    return encoding.fresh_json({"points": orjson.Fragment(points_json), "epochs": epochs})
