"""A run is let go whole: who had it before writes nothing more, and where it cannot be let go it goes on."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import pytest

from cnn_engine.nn import work
from cnn_engine.nn.layers import base
from cnn_server.runs import apart
from cnn_server.runs.apart import Apart
from cnn_server.runs.lease import LostError
from cnn_server.runs.prepared import make_ready
from cnn_server.runs.session import Session
from cnn_server.runs.store import StoreError
from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, points, until, work_to_the_end
from .support import work as let_work
from .test_sessions import trained_directly

KINDS = pytest.mark.parametrize("kind", [Session, Apart])


def claimed(store, name: str = "worker") -> Session:
    run = store.claim(Worker(store, LIMITS, name)._pick)
    return Session(store, run, name, make_ready(store, run), LIMITS.lease)


@pytest.fixture
def make_long(monkeypatch):
    def long(kind):
        if kind is Apart:
            monkeypatch.setattr(work, "LONG", 0)
            monkeypatch.setattr(base, "PIECE", 1)

    return long


@pytest.fixture
def hanging(monkeypatch):
    """Lets its sessions hang in the middle of a piece of a step until they go on."""
    attend, parts = Session.attend, SimpleNamespace(sessions=[], hangs=threading.Event(), go_on=threading.Event())

    def hang(session, until_):
        if session in parts.sessions:
            parts.hangs.set()
            parts.go_on.wait()
        attend(session, until_)

    monkeypatch.setattr(Session, "attend", hang)
    return parts


@pytest.fixture
def broken(monkeypatch):
    """Lets nothing be written to a store until it is mended."""

    def change(*_, **__):
        raise StoreError("redis_not_reached", reason="nothing can be written now")

    def break_(store):
        monkeypatch.setattr(store, "change", change)
        return lambda: monkeypatch.delattr(store, "change")

    return break_


@pytest.mark.parametrize("what", ["listen", "save", "release", "give_back"])
def test_who_gave_a_run_back_writes_nothing_where_its_own_worker_has_taken_it_again(store, what):
    store.add(a_run(pace=None))
    old = claimed(store)
    old.give_back()
    new = claimed(store)
    new.attend(time.monotonic() + 0.01)
    before, logged = store.get("run"), points(store)
    old._take(next(old._events))
    acts = {
        "listen": old.listen,
        "save": lambda: old._save(time.monotonic(), checkpoint=True),
        "release": old.release,
        "give_back": old.give_back,
    }
    with pytest.raises(LostError):
        acts[what]()
    assert store.get("run") == before
    assert points(store) == logged
    new.release()
    assert work_to_the_end(store).state == "finished"
    assert points(store) == trained_directly()[0]


def test_a_thread_that_is_late_ends_without_a_word_while_its_worker_has_the_run_again(
    sqlite, monkeypatch, make_long, hanging
):
    """It hangs in a piece of a step while its run is given back, taken again and trained to its end.

    Back from it, it finds that it is to stop, or, where it writes first, that the run is another's.
    """
    make_long(Apart)
    monkeypatch.setattr(apart, "PATIENCE", 0.05)
    sqlite.add(a_run(pace=40.0))
    worker = Worker(sqlite, LIMITS, "worker")
    let_work(worker, lambda: sqlite.get("run").step >= 2)
    late = worker._sessions["run"]
    hanging.sessions.append(late._session)
    until(hanging.hangs.is_set)
    try:
        worker._let_go("run", late)
        let_work(worker, lambda: worker._sessions.get("run") not in (None, late))
        sqlite.change("run", lambda run: setattr(run, "steps_per_second", None))
        hanging.go_on.set()
        late._thread.join()
        assert late._error is None or isinstance(late._error, LostError)
    finally:
        hanging.go_on.set()
    let_work(worker, lambda: not sqlite.get("run").open)
    assert points(sqlite) == trained_directly()[0]


@KINDS
def test_a_run_that_cannot_be_let_go_now_goes_on_where_it_is(store, kind, make_long, broken):
    make_long(kind)
    store.add(a_run(pace=40.0))
    worker = Worker(store, LIMITS, "worker")
    let_work(worker, lambda: store.get("run").step >= 2)
    session = worker._sessions["run"]
    assert isinstance(session, kind)
    mend = broken(store)
    worker._let_go("run", session)
    assert worker._sessions == {"run": session}
    mend()
    step = store.get("run").step
    let_work(worker, lambda: store.get("run").step > step + 2)
    run = store.get("run")
    assert (run.worker, run.claims, run.lost_workers, run.state) == ("worker", 1, 0, "running")
    worker._let_go("run", session)
    assert worker._sessions == {}
    assert (store.get("run").worker, store.get("run").state) == (None, "queued")
    work_to_the_end(store, name="next")
    assert points(store) == trained_directly()[0]


def test_a_run_that_cannot_be_given_back_from_the_middle_of_a_piece_goes_on(
    sqlite, monkeypatch, make_long, broken, hanging
):
    make_long(Apart)
    monkeypatch.setattr(apart, "PATIENCE", 0.05)
    sqlite.add(a_run(pace=40.0))
    worker = Worker(sqlite, LIMITS, "worker")
    let_work(worker, lambda: sqlite.get("run").step >= 2)
    session = worker._sessions["run"]
    hanging.sessions.append(session._session)
    until(hanging.hangs.is_set)
    try:
        mend = broken(sqlite)
        worker._let_go("run", session)
        mend()
    finally:
        hanging.sessions.clear()
        hanging.go_on.set()
    step = sqlite.get("run").step
    let_work(worker, lambda: sqlite.get("run").step > step)
    assert worker._sessions == {"run": session}
    session.release()


def test_a_worker_that_ends_gives_back_every_run_that_it_can(sqlite, monkeypatch, make_long):
    make_long(Apart)
    for number in range(3):
        sqlite.add(a_run(f"run{number}", pace=40.0, created=float(number)))
    worker = Worker(sqlite, replace(LIMITS, lease=60.0), "worker")
    let_work(worker, lambda: all(run.step for run in sqlite.unfinished()))
    change = sqlite.change

    def refusing(run_id, *more, **named):
        if run_id == "run0":
            raise StoreError("redis_not_reached", reason="nothing can be written now")
        return change(run_id, *more, **named)

    monkeypatch.setattr(sqlite, "change", refusing)
    stop = threading.Event()
    stop.set()
    worker.work(stop)
    assert [run.worker for run in sqlite.unfinished()] == ["worker", None, None]
