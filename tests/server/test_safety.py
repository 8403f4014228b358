"""Nothing secret is reached by guessing, and what goes wrong inside stays inside: debug is off."""

from __future__ import annotations

import logging
import random
import re
from io import BytesIO

import numpy as np
import pytest
from flask.testing import FlaskClient

from cnn_server import create_app, serve

RUN = {"architecture": "linear", "dataset": "digits", "optimizer": "sgd"}
LETTERS = "[A-Za-z0-9_-]"  # six bits each
BITS = 96


@pytest.fixture
def app(tmp_path):
    made = create_app({"DATA_DIR": str(tmp_path), "RUN_WORKERS": 0})
    yield made
    made.extensions["runs"].stop()


def a_run(client: FlaskClient) -> str:
    return client.post("/api/runs", json=RUN).json["id"]


def a_picture(client: FlaskClient, data: bytes) -> str:
    sent = client.post("/api/images", data={"file": (BytesIO(data), "picture.png")})
    assert sent.status_code == 201, sent.json
    return sent.json["id"]


def an_owner(client: FlaskClient) -> str:
    client.get("/training")
    return client.get_cookie("convoscope").value


@pytest.mark.parametrize("kind", ["run", "picture", "owner"])
def test_names_that_open_something_are_long_and_come_from_no_seed(app, encoded, kind):
    data = encoded(np.zeros((4, 4), np.uint8))
    make = {"run": a_run, "picture": lambda client: a_picture(client, data), "owner": an_owner}[kind]
    names = []
    for _ in range(8):
        random.seed(5)
        np.random.seed(5)  # noqa: NPY002  (the generator that a careless name would come from)
        names.append(make(app.test_client()))
    for name in names:
        assert re.fullmatch(LETTERS + "+", name)
        assert 6 * len(name) >= BITS
    assert len({name[:8] for name in names}) == len({name[-8:] for name in names}) == 8  # no counter, no clock
    for at in range(len(names[0]) - 1):
        assert len({name[at] for name in names}) > 1  # no part is the same for all


def test_a_name_that_is_nearly_right_opens_nothing(app, encoded):
    client = app.test_client()
    run, picture = a_run(client), a_picture(client, encoded(np.zeros((4, 4), np.uint8)))
    for name in (run[:-1], run + "A", run.swapcase(), run[:-1] + ("A" if run[-1] != "A" else "B"), "%", "*", "1"):
        path = f"/api/runs/{name}"
        views = ("", "/events", "/points", "/snapshot", "/predictions", "/evaluation", "/examples?true=0&predicted=0")
        assert {client.get(path + view).status_code for view in views} == {404}
        assert client.post(f"{path}/commands", json={"command": "stop"}).status_code == 404
        assert client.patch(path, json={"name": "mine"}).status_code == 404
        assert client.delete(path).status_code == 404
    assert client.get(f"/api/images/{picture}").status_code == 200
    assert client.get(f"/api/images/{picture[:-1]}").status_code == 404


def test_a_viewer_learns_nothing_by_which_to_command(app):
    """The run's link is for everybody; whose it is, is known to the owner's browser and, as a digest, to the store."""
    owner, viewer = app.test_client(), app.test_client()
    run = a_run(owner)
    token = owner.get_cookie("convoscope").value
    kept = app.extensions["runs"].store().get(run).owner
    assert token not in kept
    texts = [viewer.get(f"/api/runs/{run}").text, viewer.get("/api/runs").text, viewer.get("/training").text]
    texts.append(next(viewer.get(f"/api/runs/{run}/events").response).decode())
    assert not [text for text in texts if token in text or kept in text]
    for command in ("pause", "resume", "step", "stop"):
        assert viewer.post(f"/api/runs/{run}/commands", json={"command": command}).status_code == 403
    viewer.set_cookie("convoscope", kept)  # what the store has is no key
    assert viewer.get(f"/api/runs/{run}").json["mine"] is False
    assert owner.get(f"/api/runs/{run}").json["state"] == "queued"


@pytest.mark.parametrize(("base", "secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_cookie_is_for_this_server_alone_and_not_for_scripts(app, base, secure):
    cookie = app.test_client().get("/training", base_url=base).headers["Set-Cookie"]
    flags = {part.strip().partition("=")[0] for part in cookie.split(";")}
    assert {"HttpOnly", "SameSite"} <= flags
    assert "SameSite=Lax" in cookie
    assert ("Secure" in flags) == secure
    assert "Domain" not in flags


@pytest.mark.parametrize("way", ["create_app", "make serve"])
def test_debug_is_off_and_an_error_inside_stays_inside(way, monkeypatch, caplog):
    monkeypatch.setenv("CONVOSCOPE_RUN_WORKERS", "0")
    if way == "make serve":
        monkeypatch.setenv("FLASK_DEBUG", "1")  # left over in the teacher's shell
    app = create_app() if way == "create_app" else serve.served()
    assert not app.debug
    assert not app.testing
    secret = "what only the log may say"

    def broken(*_):
        raise RuntimeError(secret)

    monkeypatch.setattr(app.extensions["runs"], "store", broken)
    client = app.test_client()
    with caplog.at_level(logging.ERROR):
        answer = client.get("/api/runs/any")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert set(answer.json) == {"type", "title", "status", "detail", "instance"}
    for word in (secret, "Traceback", "RuntimeError", ".py", "EVALEX"):
        assert word not in answer.text
    assert secret in caplog.text
    assert client.get("/console").status_code == 404
    assert "debugger" not in client.get("/?__debugger__=yes&cmd=resource&f=debugger.js").text
