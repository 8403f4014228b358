"""A worker that stops, is held up or hears no answer at the worst moments: the log has every step and epoch once."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from cnn_server.runs import commands
from cnn_server.runs import pace as pace_module
from cnn_server.runs import session as session_module
from cnn_server.runs.prepared import make_ready
from cnn_server.runs.session import Session
from cnn_server.runs.store import RunStore, StoreError
from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, epochs, points, until, work, work_to_the_end
from .test_sessions import ask, tell, trained_directly


def begun(store: RunStore, events: int) -> Session:
    """A run whose session has taken so many events of `fit`; an epoch has six steps."""
    store.add(a_run())
    run = store.claim(Worker(store, LIMITS, "first")._pick)
    assert run is not None
    session = Session(store, run, "first", make_ready(store, run), LIMITS.lease)
    for _ in range(events):
        session.attend(0.0)
    return session


def validated(store: RunStore) -> list[tuple[int, float]]:
    return [(epoch["step"], epoch["validation_loss"]) for epoch in epochs(store)]


@pytest.mark.parametrize("events", [3, 6, 7, 8])
def test_a_run_may_be_stopped_between_any_two_events(sqlite, events):
    session = begun(sqlite, events)
    ask(sqlite, command="stop")
    session.listen()
    for _ in range(3):
        if not session.over:
            session.attend(0.0)
    run = sqlite.get("run")
    step = min(events, 6)
    assert (run.state, run.step, run.seen) == ("stopped", step, 1)
    assert run.end["reason"] == f"Stopped by hand after step {step}."
    assert points(sqlite) == trained_directly()[0][:step]
    assert validated(sqlite) == (trained_directly()[1][:1] if events >= 6 else [])


@pytest.mark.parametrize("events", [3, 6, 7, 8])
def test_a_run_may_be_left_between_any_two_events(sqlite, events):
    begun(sqlite, events).release()
    work_to_the_end(sqlite, name="second")
    assert (points(sqlite), validated(sqlite)) == trained_directly()


def test_what_is_heard_while_writing_is_told_at_once(store, monkeypatch):
    """A command that the written record holds already is carried out without another look, and does not wait."""
    session = begun(store, 2)
    ask(store, command="pause")
    monkeypatch.setattr(session, "_flush_at", 0.0)
    session.attend(0.0)
    assert session.wake_at(now := time.monotonic()) <= now
    session.attend(0.0)
    run = store.get("run")
    assert (run.state, run.seen) == ("paused", 1)
    assert points(store) == trained_directly()[0][: run.step]


def test_what_was_done_in_place_of_a_worker_is_done_once(store):
    """Its lease ran out while it was held up, so that a paused run was set and stepped as one that nobody has."""
    store.add(a_run(pace=40.0))
    worker = Worker(store, LIMITS, "worker")
    work(worker, lambda: store.get("run").step >= 2)
    tell(worker, store, command="pause")
    at = store.get("run").step
    store.change("run", lambda run: setattr(run, "lease", 0.0))
    ask(store, command="set", steps_per_second=5.0)
    ask(store, command="step")
    work(worker, lambda: store.get("run").step > at)
    for _ in range(10):
        time.sleep(min(worker.turn(), 0.05))
    run = store.get("run")
    assert (run.state, run.step, run.steps_per_second) == ("paused", at + 1, 5.0)


def test_all_runs_of_a_busy_worker_hear_in_turn(store):
    """Also the last one of eight, which is paused and so writes nothing."""
    names = [f"run{number}" for number in range(8)]
    for number, name in enumerate(names):
        store.add(a_run(name, created=float(number), epochs=2000))
    worker = Worker(store, replace(LIMITS, per_client=8), "worker")
    work(worker, lambda: all(store.get(name).step for name in names))
    store.change(names[-1], lambda run: commands.give(run, {"command": "pause"}, time.time()))
    work(worker, lambda: store.get(names[-1]).state == "paused")
    last, unheard = worker._sessions[names[-1]], 0
    for _ in range(10):
        before = last.listened
        worker.turn()
        unheard = unheard + 1 if last.listened == before else 0
        assert unheard < 2


@pytest.mark.parametrize("events", [1, 3, 4, 5])
def test_a_run_may_be_left_amid_slow_motion(sqlite, events, monkeypatch):
    monkeypatch.setattr(pace_module, "PHASE", 0.0)
    session = begun(sqlite, 0)
    ask(sqlite, command="set", slow_motion=True)
    session.listen()
    for _ in range(events):
        session.attend(0.0)
    session.release()
    ask(sqlite, command="set", slow_motion=False)
    work_to_the_end(sqlite, name="second")
    assert (points(sqlite), validated(sqlite)) == trained_directly()


def test_a_worker_that_is_held_up_for_longer_than_its_lease_goes_on(store):
    """As when Redis was away for ten seconds: nobody else took the run, so it is still this worker's, and once."""
    store.add(a_run(pace=100.0))
    worker = Worker(store, replace(LIMITS, lease=0.2), "worker")
    work(worker, lambda: store.get("run").step >= 5)
    until(lambda: not store.get("run").held(time.time()))
    run = work(worker, lambda: not (run := store.get("run")).open and run)
    assert run.lost_workers == 0
    assert (points(store), validated(store)) == trained_directly()


def test_an_answer_that_is_lost_writes_nothing_twice(store, monkeypatch):
    """What was written is taken for not written, as when a connection ends between the writing and the answer."""
    monkeypatch.setattr(session_module, "RETRY", 0.05)
    monkeypatch.setattr(session_module, "FLUSH", 0.001)
    store.add(a_run(pace=200.0))
    change, lost = store.change, []

    def deaf(run_id, edit, entry=None, blobs=()):
        run = change(run_id, edit, entry, blobs)
        if entry is not None and entry.step >= 5 and len(lost) < 3:
            lost.append(entry.step)
            raise StoreError("redis_not_reached", reason="no answer")
        return run

    monkeypatch.setattr(store, "change", deaf)
    work_to_the_end(store)
    assert len(lost) == 3
    assert (points(store), validated(store)) == trained_directly()
