"""GET /healthz: 200 when ready."""

from __future__ import annotations

from flask import Response

from cnn_server import encoding
from cnn_server.answers import HealthAnswer, Resource, answers

api = Resource("health", __name__)


@api.get("/healthz", responses=answers({200: HealthAnswer}))
def health() -> Response:
    """Return whether the server is ready."""
    return encoding.json({"status": "ok"})
