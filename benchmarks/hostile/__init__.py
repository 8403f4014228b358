"""Requests that are legal in form and made to cost as much as they can: what a server is to bear, or to refuse.

Each endpoint that computes has some. `bench_hostile` measures them, and `tests/server/test_hostile.py` sees that none
costs more than a request may.
"""

from __future__ import annotations

import io

import numpy as np
import orjson
from flask.testing import FlaskClient
from flask_openapi3.openapi import OpenAPI
from PIL import Image

from benchmarks.hostile.models import MODELS, keep
from benchmarks.hostile.networks import CHECKS, GETS, NETWORKS, SETTINGS, VIEWS
from benchmarks.hostile.nonsense import NONSENSE
from benchmarks.hostile.operations import CODES, MAPS, TRACES
from benchmarks.hostile.request import Body, Hostile, floats
from cnn_server.runs.outlines import outline_of
from cnn_server.runs.points import STORED
from cnn_server.runs.record import Blob, LogPiece
from cnn_server.runs.settings import network_of

__all__ = ["CHECKS", "CODES", "GETS", "MAPS", "MODELS", "NETWORKS", "NONSENSE", "TRACES", "Hostile", "ready"]


def ready(app: OpenAPI, part: str = "") -> tuple[dict[str, str], dict[str, Hostile]]:
    """Put a picture and runs there; gives their names, and every request."""
    client = app.test_client()
    keep(app)
    if part and not any(part.startswith(view.partition("?")[0]) for view in VIEWS) and "points" not in part:
        names = {"image": _picture(client), "run": _run(client, {"dataset": "digits", "architecture": "linear"}) or ""}
        return names, {**TRACES, **CODES, **MAPS, **MODELS, **NONSENSE, **CHECKS, **GETS}
    names = {"image": _picture(client), "run": _run(client, {"dataset": "digits", "architecture": "linear"}) or ""}
    names["long"] = _run(client, {"dataset": "digits", "architecture": "linear"}) or ""
    _long(app, names["long"])
    requests = {**TRACES, **CODES, **MAPS, **MODELS, **NONSENSE, **CHECKS, **GETS}
    for number, (network, given) in enumerate(NETWORKS.items()):
        run_id = _run(client, given)
        if run_id is None:
            continue
        names[f"run{number}"] = run_id
        _moving(app, run_id)
        for view in VIEWS:
            path = f"/api/runs/{{run{number}}}/{view}"
            requests[f"{view.partition('?')[0]}: {network}"] = Hostile(path, method="GET")
    return names, requests


def _picture(client: FlaskClient) -> str:
    stream = io.BytesIO()
    Image.fromarray((floats(128, 128) * 60 + 128).clip(0, 255).astype(np.uint8)).save(stream, "PNG")
    stream.seek(0)
    answer = client.post("/api/images", data={"file": (stream, "noise.png")})
    return str(answer.get_json()["id"])


def _run(client: FlaskClient, given: Body) -> str | None:
    """Return a run that waits, or nothing where it is refused."""
    answer = client.post("/api/runs", json=SETTINGS | given)
    return str(answer.get_json()["id"]) if answer.status_code == 201 else None


def _long(app: OpenAPI, run_id: str) -> None:
    """200,000 steps in the log."""
    store = app.extensions["runs"].store()
    steps = np.arange(1, 200_001, dtype=np.float64)
    rows = np.stack([steps, *floats(4, len(steps))], axis=1)
    for start in range(0, len(steps), 4000):
        part = rows[start : start + 4000]
        store.change(run_id, lambda run: None, LogPiece(int(part[-1, 0]), part.astype(STORED).tobytes(), b"[]"))


def _moving(app: OpenAPI, run_id: str) -> None:
    """Store what a worker stores of a network in slow motion: gradients and changes beside the parameters."""
    store = app.extensions["runs"].store()
    run = store.get(run_id)
    assert run is not None
    network = network_of(run.settings, outline_of(run.settings))
    state = {f"state/{name}": array for name, array in network.state().items()}
    seen = {
        f"{phase}/{name}": array for phase in ("backward", "update") for name, array in network.parameters().items()
    }
    stream, about = io.BytesIO(), {"step": 1, "epoch": 0, "phase": "update"}
    np.savez(stream, allow_pickle=False, about=np.frombuffer(orjson.dumps(about), np.uint8), **state, **seen)
    store.change(run_id, lambda run: None, None, [Blob("parameters", 1, stream.getvalue())])
