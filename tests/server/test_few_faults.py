"""Of a body that is wrong throughout, some twenty faults are looked at in each of its objects, and twenty told."""

from __future__ import annotations

import pytest

from cnn_server import application, create_app
from cnn_server.room import COOKIE
from cnn_server.schemas.reading import MAX_FAULTS, to_problem

UNKNOWN = {f"k{number}": number for number in range(300)}
INPUT = {"input": [[1, 2], [3, 4]], "weight": [[1]]}
BODIES = {
    "unknown keys of an object": ("trace/conv2d", {**INPUT, "steps": {"count": "x", **UNKNOWN}}),
    "kernels of unknown keys": ("feature-maps", {"image": "astronaut", "kernels": [{"values": 1, **UNKNOWN}] * 32}),
    "layers of unknown keys": ("trace/dense", {"input": [1], "layers": [UNKNOWN] * 8}),
    "ids that are none": ("room/commands", {"command": "stop", "runs": [1] * 1000}),
}


@pytest.fixture
def app(tmp_path):
    made = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    yield made
    made.extensions["runs"].stop()


@pytest.mark.parametrize("name", BODIES)
def test_no_more_faults_are_looked_for_than_are_told(app, monkeypatch, name):
    counts = []

    def noted(error):
        counts.append(error.error_count())
        return to_problem(error)

    monkeypatch.setattr(application, "to_problem", noted)
    client, room = app.test_client(), app.extensions["room"]
    client.set_cookie(COOKIE, room.trade(room.new_key()))
    path, body = BODIES[name]
    response = client.post(f"/api/{path}", json=body)
    assert response.status_code == 422, response.json
    assert len(response.json["errors"]) <= MAX_FAULTS
    assert len(counts) == 1
    assert counts[0] <= MAX_FAULTS + 5  # the fields that are missing or wrong, and unknown keys


def test_what_is_told_is_what_comes_first(app):
    path, body = BODIES["unknown keys of an object"]
    errors = app.test_client().post(f"/api/{path}", json=body).json["errors"]
    assert [error["field"] for error in errors] == ["steps.count", *(f"steps.{name}" for name in sorted(UNKNOWN)[:19])]
    assert errors[1]["message"] == "steps.k0 is not a parameter here"
