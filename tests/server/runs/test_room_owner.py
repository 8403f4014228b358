"""The owner of the room, by the link that only the terminal shows: who is, who is not, and what an owner may do."""

from __future__ import annotations

import re
import time
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from cnn_server.room import COOKIE, OPENS, Room
from cnn_server.runs.worker import Worker
from tests.server.described import described

from .support import BY_HAND, LIMITS, a_run, until, work
from .test_api import BODY, commanded, started

GOES_ON = {"steps_per_second": 5.0, "epochs": 500}
PRIVATE = (("GET", "/room"), ("GET", "/api/room"), ("POST", "/api/room/commands"), ("DELETE", "/api/room/lesson"))


@pytest.fixture
def app(make_app, store):
    made = make_app()
    made.extensions["runs"]._store = store
    return made


def owner_of(app):
    """The browser of whoever started the server."""
    client = app.test_client()
    assert client.get(f"/key/{app.extensions['room'].new_key()}").status_code == 303
    return client


def ask(client, command, *runs):
    body = {"command": command, **({"runs": list(runs)} if runs else {})}
    answer = client.post("/api/room/commands", json=body)
    assert answer.status_code == 200, answer.json
    return answer.json["done"]


def upload(client):
    stream = BytesIO()
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(stream, "PNG")
    stream.seek(0)
    return client.post("/api/images", data={"file": (stream, "photo.png")}).json["id"]


# ---- the key


@pytest.mark.parametrize(("base", "secure"), [("http://localhost", False), ("https://localhost", True)])
def test_the_key_is_traded_for_a_cookie_that_scripts_cannot_read(app, base, secure):
    key = app.extensions["room"].new_key()
    client = app.test_client()
    answer = client.get(f"/key/{key}", base_url=base)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/room")
    cookie = answer.headers["Set-Cookie"]
    flags = {part.strip().partition("=")[0] for part in cookie.split(";")}
    assert {"HttpOnly", "SameSite"} <= flags
    assert "SameSite=Strict" in cookie
    assert "Domain" not in flags
    assert ("Secure" in flags) == secure
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert key not in cookie
    page = client.get("/room", base_url=base)
    assert page.status_code == 200
    assert key not in page.text
    assert client.get_cookie(COOKIE).value not in page.text


def test_a_wrong_key_opens_nothing_and_says_nothing(app):
    key = app.extensions["room"].new_key()
    client = app.test_client()
    for wrong in (key[:-1], f"{key}A", key.swapcase(), "%00", "x", "ä", "a" * 3000):
        answer = client.get(f"/key/{wrong}")
        assert answer.status_code == 404
        assert "Set-Cookie" not in answer.headers
    assert client.get("/key/").status_code == 404
    assert client.get("/room").status_code == 404


def test_without_a_link_there_is_no_owner(make_app):
    """As with `make run`, and on every web machine but the one that printed a link."""
    client = make_app().test_client()
    for value in ("", "x", "\x00"):
        client.set_cookie(COOKIE, value)
        assert client.get(f"/key/{value or 'y'}").status_code == 404
        assert client.get("/room").status_code == 404


def test_a_used_link_opens_further_browsers_for_some_minutes_only():
    now = [50.0]
    room = Room(lambda: now[0])
    key = room.new_key()
    now[0] += 9999.0  # until it is used for the first time it waits
    token = room.trade(key)
    assert token
    assert room.knows(token)
    now[0] += OPENS
    assert room.trade(key) == token
    now[0] += 1.0
    assert room.trade(key) is None
    assert room.knows(token)


def test_a_new_start_has_a_new_key_and_old_cookies_are_worth_nothing():
    first, second = Room(), Room()
    key, other = first.new_key(), second.new_key()
    token = first.trade(key)
    assert key != other
    assert not second.knows(token)
    assert second.trade(key) is None
    first.new_key()
    assert not first.knows(token)
    assert len(token) == len(key) == 43


def test_pupils_meet_nothing_of_it(app):
    owner, pupil = owner_of(app), app.test_client()
    pupil.get("/training")
    for method, path in PRIVATE:
        body = {"json": {"command": "stop"}} if method == "POST" else {}
        assert pupil.open(path, method=method, **body).status_code in (403, 404)
        assert owner.open(path, method=method, **body).status_code == 200
    unknown = pupil.get("/nothing-is-here", headers={"Accept": "text/html"}).text
    hidden = pupil.get("/room", headers={"Accept": "text/html"}).text
    assert hidden.replace("/room", "") == unknown.replace("/nothing-is-here", "")
    for client in (owner, pupil):  # the projector shows the owner's browser
        for path in ("/classroom", "/", "/training", "/stored"):
            assert not re.search(r'"/(room|key)\b', client.get(path).text)


def test_what_changes_something_comes_from_a_page_of_this_server(app):
    owner = owner_of(app)
    evil = {"Origin": "http://evil.example"}
    assert owner.post("/api/room/commands", json={"command": "stop"}, headers=evil).status_code == 403
    assert owner.delete("/api/room/lesson", headers=evil).status_code == 403


# ---- what an owner sees and does


def test_the_owner_sees_every_run(app, store):
    owner, ada, bob = owner_of(app), app.test_client(), app.test_client()
    store.add(a_run("before", "eve", created=5.0))
    first, second = started(ada, name="mine")["id"], started(bob)["id"]
    third = started(ada)["id"]
    seen = described(owner, "get", "/api/room")
    rows = {row["id"]: row for row in seen["runs"]}
    assert [row["id"] for row in seen["runs"]] == [third, second, first, "before"]
    assert [rows[name]["person"] for name in ("before", first, second, third)] == [1, 2, 3, 2]
    assert [rows[name]["this_lesson"] for name in ("before", first)] == [False, True]
    assert [rows[name]["watched"] for name in ("before", first)] == [False, True]
    assert [rows[name]["place"] for name in (first, second, third, "before")] == [1, 2, 3, 4]
    assert rows[first]["name"] == "mine"
    assert seen["made"] == {"runs": 3, "uploads": 0, "kept": 0, "links": 0, "models": 0}
    assert seen["places"] == {"taken": 0, "at_once": 40}
    assert store.get(first).owner not in owner.get("/api/room").text
    assert store.get("before").visited == 0.0  # to see the list is no look at a run


def test_the_owner_steers_anybodys_run(app):
    owner, ada, bob = owner_of(app), app.test_client(), app.test_client()
    run_id = started(ada)["id"]
    steerable = [client.get(f"/api/runs/{run_id}").json["steerable"] for client in (owner, ada, bob)]
    assert steerable == [True, True, False]
    assert owner.get(f"/api/runs/{run_id}").json["mine"] is False
    assert commanded(bob, run_id, "stop").status_code == 403
    assert owner.patch(f"/api/runs/{run_id}", json={"name": "shown"}).status_code == 200
    assert commanded(owner, run_id, "stop").json["state"] == "stopped"
    assert owner.delete(f"/api/runs/{run_id}").status_code == 204


def test_the_owner_pauses_stops_and_deletes_any_or_all(app, store, worker):
    worker(app)
    owner, ada = owner_of(app), app.test_client()
    ids = [started(app.test_client(), **GOES_ON)["id"] for _ in range(3)]
    ended = started(ada, epochs=1)["id"]
    until(lambda: store.get(ended).state == "finished", 60)
    until(lambda: all(store.get(name).step for name in ids), 60)
    states = lambda: [store.get(name).state for name in ids]  # noqa: E731
    assert ask(owner, "pause", ids[0]) == 1
    until(lambda: states() == ["paused", "running", "running"], 60)
    assert ask(owner, "pause") >= 2
    until(lambda: states() == ["paused"] * 3, 60)
    assert ask(owner, "resume") == 3
    until(lambda: states() == ["running"] * 3, 60)
    assert ask(owner, "stop", ids[1], "nothing") == 1
    until(lambda: states() == ["running", "stopped", "running"], 60)
    assert ask(owner, "delete", ids[1]) == 1
    assert store.get(ids[1]) is None
    assert ask(owner, "stop") == 2
    until(lambda: all(not store.get(name).open for name in (ids[0], ids[2])), 60)
    assert ask(owner, "delete") == 3
    assert owner.get("/api/room").json["runs"] == []


def test_runs_that_wait_can_be_paused_as_well_so_that_all_is_still(app, store):
    owner = owner_of(app)
    run_id = started(app.test_client())["id"]
    assert ask(owner, "pause") == 1
    run = store.get(run_id)
    assert (run.state, run.worker) == ("paused", None)
    assert owner.get(f"/api/runs/{run_id}").json["place"] is None
    worker = Worker(store, LIMITS, "worker")
    work(worker, lambda: True)
    assert store.get(run_id).step == 0
    assert ask(owner, "resume") == 1
    work(worker, lambda: store.get(run_id).state == "finished")


def test_the_owner_frees_a_place_for_whoever_waits(make_app, store, worker):
    app = make_app(RUNS_AT_ONCE=1)
    app.extensions["runs"]._store = store
    worker(app)
    owner, ada, bob = owner_of(app), app.test_client(), app.test_client()
    ada.get("/training")
    bob.get("/training")
    first = started(ada, **GOES_ON)["id"]
    until(lambda: store.get(first).step, 60)
    second = started(bob, **GOES_ON)["id"]
    assert bob.get(f"/api/runs/{second}").json["state"] == "queued"
    assert ask(owner, "free", first) == 1
    until(lambda: bob.get(f"/api/runs/{second}").json["step"], 60)
    assert (store.get(first).state, store.get(first).worker) == ("paused", None)


def test_the_end_of_the_lesson_deletes_all_that_was_made_in_it_and_nothing_else(app, store):
    store.add(a_run("before", "eve", created=time.time() - 3600))
    owner, pupil = owner_of(app), app.test_client()
    run_id, picture = started(pupil)["id"], upload(pupil)
    extra = Extra()
    app.extensions["links"] = extra
    assert owner.get("/api/room").json["made"] == {"runs": 1, "uploads": 1, "kept": 0, "links": 2, "models": 0}
    answer = owner.delete("/api/room/lesson")
    assert answer.json == {"done": 4, "deleted": {"runs": 1, "uploads": 1, "kept": 0, "links": 2, "models": 0}}
    assert pupil.get(f"/api/runs/{run_id}").status_code == 404
    assert pupil.get(f"/api/images/{picture}").status_code == 404
    assert extra.names == []
    assert store.get("before") is not None
    assert started(pupil)["place"] is not None  # the room goes on


class Extra:
    """Something else that is kept."""

    def __init__(self):
        self.names = ["a", "b"]

    def made_since(self, time):
        return list(self.names)

    def drop(self, name):
        self.names.remove(name)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "command"),
        ({"command": "dance"}, "command"),
        ({"command": "stop", "runs": "all"}, "runs"),
        ({"command": "stop", "runs": [5]}, "runs"),
        ({"command": "stop", "runs": ["a"] * 1001}, "runs"),
        ({"command": "stop", "run": "a"}, "run"),
    ],
)
def test_what_is_no_command_is_refused_by_name(make_app, body, field):
    answer = owner_of(make_app()).post("/api/room/commands", json=body)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"].startswith(field)


# ---- one's own


def test_a_person_deletes_all_their_own_runs_and_nobody_elses(app, store):
    ada, bob = app.test_client(), app.test_client()
    first, second, other = started(ada)["id"], started(ada)["id"], started(bob)["id"]
    assert ada.delete("/api/runs").json == {"deleted": 2}
    assert [store.get(name) is None for name in (first, second, other)] == [True, True, False]
    assert app.test_client().delete("/api/runs").json == {"deleted": 0}
    assert ada.post("/api/runs", json=BODY).status_code == 201


def test_runs_since_a_time_come_the_newest_first(store):
    for number in (1, 2, 3):
        store.add(a_run(f"run{number}", created=float(number)))
    store.change("run3", lambda run: run.finish("stopped", BY_HAND, {}, 9.0))
    assert [run.id for run in store.made_since(0.0)] == ["run3", "run2", "run1"]
    assert [run.id for run in store.made_since(2.0)] == ["run3", "run2"]
    assert [run.id for run in store.made_since(0.0, 2)] == ["run3", "run2"]
    assert store.made_since(4.0) == []
