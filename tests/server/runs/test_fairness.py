"""A class on one server, in both stores: who comes first, who gives way, and who cannot fill the queue for all."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from cnn_server.runs import strangers, visits
from cnn_server.runs.store import StoreError
from cnn_server.runs.worker import Worker

from .support import BY_HAND, LIMITS, a_run, points, until, work
from .test_api import BODY, commanded, started

ENDLESS = {"steps_per_second": 5.0, "epochs": 500}


@pytest.fixture
def app(make_app, request, store):
    """An application whose runs are in either store."""

    def make(**config):
        made = make_app(**config)
        made.extensions["runs"]._store = store
        return made

    return make


def states(store, *names):
    return [store.get(name).state for name in names]


def test_a_persons_first_run_goes_before_anothers_second(store):
    worker = Worker(store, replace(LIMITS, at_once=2), "worker")
    now = time.time()
    for number, name in enumerate(("ada1", "ada2", "ada3")):
        store.add(a_run(name, "ada", pace=20.0, created=now + number / 10, epochs=400))
        store.change(name, lambda run: setattr(run, "visited", now))
    work(worker, lambda: all(store.get(name).step >= 2 for name in ("ada1", "ada2")))
    store.add(a_run("bob1", "bob", pace=20.0, created=now + 1, epochs=400))
    store.change("bob1", lambda run: setattr(run, "visited", now))
    work(worker, lambda: store.get("bob1").step >= 2)
    assert states(store, "ada1", "ada2", "ada3", "bob1") == ["running", "queued", "queued", "running"]
    step = store.get("ada2").step
    store.change("bob1", lambda run: run.pending.append({"command": "stop"}))
    store.change("bob1", lambda run: setattr(run, "sent", 1))
    work(worker, lambda: store.get("ada2").step > step)
    steps = [point[0] for point in points(store, "ada2")]
    assert steps == list(range(1, len(steps) + 1))  # it goes on from where it was


def test_a_run_that_nobody_watches_gives_way_and_comes_back_when_somebody_looks(store):
    worker = Worker(store, replace(LIMITS, at_once=1, unwatched=2.0), "worker")
    store.add(a_run("left", "ada", pace=20.0, created=1.0, epochs=400))
    work(worker, lambda: store.get("left").step >= 3)
    store.add(a_run("new", "bob", pace=20.0, created=2.0, epochs=400))
    store.change("new", lambda run: setattr(run, "visited", time.time() + 3600))
    work(worker, lambda: store.get("new").step >= 3)
    left = store.get("left")
    assert (left.state, left.worker) == ("queued", None)
    assert store.blobs("left", "parameters")[0].step == left.step  # what it is now can be looked at
    store.change("new", lambda run: setattr(run, "visited", 0.0))
    visits.note(store, left, 2.0)
    work(worker, lambda: store.get("left").step > left.step)
    assert store.get("new").state == "queued"


def test_looking_at_a_run_is_written_down_and_not_too_often(app, store):
    app = app(RUN_UNWATCHED=8.0)
    client = app.test_client()
    run_id = started(client)["id"]

    def look(path, **other):
        store.change(run_id, lambda run: setattr(run, "visited", 0.0))
        client.get(f"/api/runs/{run_id}{path}", **other)
        return store.get(run_id).visited

    assert [look(path) > 0 for path in ("", "/points", "/snapshot", "/predictions")] == [True] * 4
    seen = store.get(run_id).visited
    client.get(f"/api/runs/{run_id}")
    assert store.get(run_id).visited == seen  # it is known already
    store.change(run_id, lambda run: setattr(run, "visited", 0.0))
    assert client.get("/api/runs").json["runs"][0]["id"] == run_id
    assert store.get(run_id).visited == 0.0  # a list is no look at any of them
    stream = client.get(f"/api/runs/{run_id}/events", buffered=False)
    next(iter(stream.response))
    until(lambda: store.get(run_id).visited)
    store.change(run_id, lambda run: setattr(run, "visited", 0.0))
    until(lambda: store.get(run_id).visited)  # watching goes on
    stream.close()


def test_who_brings_no_cookie_is_one_person_by_address(app, store):
    app = app(RUNS_WAITING_PER_CLIENT=3)
    script = [app.test_client(use_cookies=False) for _ in range(4)]
    made = [client.post("/api/runs", json=BODY) for client in script]
    assert [answer.status_code for answer in made] == [201, 201, 201, 429]
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert script[0].post("/api/runs", json=BODY, environ_base=elsewhere).status_code == 201
    network = [{"REMOTE_ADDR": f"2001:db8::{number}"} for number in range(4)]
    answers = [script[0].post("/api/runs", json=BODY, environ_base=where).status_code for where in network]
    assert answers == [201, 201, 201, 429]  # one network of IPv6


def test_who_comes_back_with_the_cookie_is_a_person(app, store):
    app = app(RUNS_WAITING_PER_CLIENT=2)
    ada, bob = app.test_client(), app.test_client()
    first = started(ada)["id"]
    assert store.get(first).person.startswith("address ")
    assert ada.get(f"/api/runs/{first}").json["mine"]
    assert store.get(first).person == store.get(first).owner
    second = started(bob)["id"]
    third = started(bob)["id"]
    assert store.get(second).person == store.get(third).person == store.get(third).owner
    assert bob.post("/api/runs", json=BODY).status_code == 429


def test_the_address_is_forgotten_with_the_end(app, store):
    client = app().test_client()
    run_id = started(client)["id"]
    assert len(store.get(run_id).address) == 32
    commanded(client, run_id, "stop")
    kept = store.get(run_id)
    assert (kept.address, kept.person) == ("", kept.owner)


def test_runs_of_a_script_without_cookies_make_room_for_its_next_ones(app, store):
    app = app(RUNS_KEPT_PER_CLIENT=3, RUNS_WAITING_PER_CLIENT=3)
    script = app.test_client(use_cookies=False)

    def make(where: str = "127.0.0.1") -> str:
        return str(script.post("/api/runs", json=BODY, environ_base={"REMOTE_ADDR": where}).json["id"])

    def end(run_id: str) -> None:
        store.change(run_id, lambda run: run.finish("stopped", BY_HAND, {}, 1.0))

    other = make("192.0.2.7")
    end(other)
    going_on, made = make(), []
    for _ in range(6):
        made.append(make())
        end(made[-1])
    there = [run_id for run_id in (other, going_on, *made) if store.get(run_id)]
    assert there == [other, going_on, *made[-2:]]
    person = app.test_client()
    person.get("/training")  # a page gives the cookie
    kept = [started(person)["id"] for _ in range(3)]
    assert all(store.get(run_id) for run_id in (*there, *kept))


def address_known(app) -> bool:
    return bool(app.extensions["runs"].strangers._started)


@pytest.mark.parametrize("way", ["one", "all", "room", "lesson", "elsewhere"])
def test_an_address_is_known_no_longer_than_its_runs_are_there(app, store, way):
    app = app()
    client, owner = app.test_client(), app.test_client()
    owner.get(f"/key/{app.extensions['room'].new_key()}")
    ids = [str(client.post("/api/runs", json=BODY).json["id"])]
    ids.append(str(app.test_client(use_cookies=False).post("/api/runs", json=BODY).json["id"]))
    commanded(client, ids[0], "stop")
    assert address_known(app)
    owner.post("/api/room/commands", json={"command": "delete", "runs": ids[1:]})
    assert address_known(app)
    match way:
        case "one":
            client.delete(f"/api/runs/{ids[0]}")
        case "all":
            client.delete("/api/runs")
        case "room":
            owner.post("/api/room/commands", json={"command": "delete"})
        case "lesson":
            owner.delete("/api/room/lesson")
        case "elsewhere":  # by another process, or because it was too old
            store.remove(ids[0])
            app.extensions["runs"].strangers.look()
    assert store.get(ids[0]) is None
    assert not address_known(app)


def test_what_was_removed_elsewhere_is_forgotten_in_time(app, store, monkeypatch):
    monkeypatch.setattr(strangers, "LOOK", 0.01)
    app = app()
    run_id = started(app.test_client(use_cookies=False))["id"]
    time.sleep(0.1)
    assert address_known(app)
    store.remove(run_id)
    until(lambda: not address_known(app))
    app.extensions["runs"].strangers.stop()


def test_a_run_that_no_room_can_be_made_for_is_not_started(app, store, monkeypatch):
    app = app(RUNS_KEPT_PER_CLIENT=1)
    script = app.test_client(use_cookies=False)
    first = started(script)["id"]
    store.change(first, lambda run: run.finish("stopped", BY_HAND, {}, 1.0))

    def refuse(run_id):
        raise StoreError("redis_not_reached", reason="out of reach")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(store, "remove", refuse)
        assert script.post("/api/runs", json=BODY).status_code == 503
    assert store.unfinished() == []
    assert store.get(first) is not None
    started(script)
    assert store.get(first) is None


def test_a_slow_store_holds_up_no_other_address(app, store, monkeypatch):
    """Room is made for one while another's run is started."""
    app = app(RUNS_KEPT_PER_CLIENT=1)
    first = started(app.test_client(use_cookies=False))["id"]
    store.change(first, lambda run: run.finish("stopped", BY_HAND, {}, 1.0))
    slow, go_on, remove = threading.Event(), threading.Event(), store.remove

    def wait(run_id):
        slow.set()
        assert go_on.wait(60)
        remove(run_id)

    monkeypatch.setattr(store, "remove", wait)
    with ThreadPoolExecutor(2) as people:
        one = people.submit(started, app.test_client(use_cookies=False))
        assert slow.wait(60)
        where = {"REMOTE_ADDR": "192.0.2.7"}
        other = people.submit(app.test_client(use_cookies=False).post, "/api/runs", json=BODY, environ_base=where)
        try:
            assert other.result(20).status_code == 201
        finally:
            go_on.set()
        assert one.result(60)["id"] != first


def test_one_script_with_ever_new_cookies_cannot_fill_the_queue_for_all(app, store):
    """However many people it says it is, its address has so many first places; the others' first runs are taken."""
    app = app(RUNS_WAITING=6, FIRST_PLACES_PER_ADDRESS=4)
    status = []
    for number in range(9):
        client = app.test_client()
        client.set_cookie("convoscope", f"{number:043d}")
        status.append(client.post("/api/runs", json=BODY).status_code)
    assert status == [201] * 6 + [429] * 3
    for number in range(2):
        pupil = app.test_client()
        answer = pupil.post("/api/runs", json=BODY, environ_base={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert answer.status_code == 201
        position = pupil.get(f"/api/runs/{answer.json['id']}").json["place"]
        assert position == 5 + number  # after the script's four, before the rest of it


@pytest.mark.parametrize("store", ["sqlite"], indirect=True)  # who may learn is picked in the same way in Redis
def test_forty_paced_runs_learn_at_once_by_default(app, store, worker):
    """Each is another person's, all of one address: a class behind one router."""
    app = app()
    worker(app)
    pupils = [app.test_client() for _ in range(42)]
    ids = []
    for pupil in pupils:
        pupil.get("/training")
        ids.append(started(pupil, steps_per_second=0.5, epochs=500)["id"])
    until(lambda: sum(run.state == "running" for run in store.unfinished()) == 40, 60.0)
    last = [pupil.get(f"/api/runs/{run_id}").json for pupil, run_id in zip(pupils, ids, strict=True)][-2:]
    assert [(run["state"], run["place"]) for run in last] == [("queued", 1), ("queued", 2)]
    assert [run["starts_in"] for run in last] == [6000, 6000]  # 3,000 steps at one in two seconds


def test_the_page_is_told_about_how_long_it_takes(app, store):
    app = app(RUNS_AT_ONCE=1)
    now = time.time()
    store.add(a_run("busy", "ada", pace=10.0, created=now - 5, epochs=100))  # 600 steps, a minute

    def begin(run):
        run.state, run.worker, run.lease, run.visited = "running", "worker", now + 3600, now + 3600

    store.change("busy", begin)
    client = app.test_client()
    run = started(client)
    assert (run["place"], run["starts_in"]) == (1, 60)
    heard = next(client.get(f"/api/runs/{run['id']}/events", buffered=False).response)
    assert b'"starts_in":60' in heard
