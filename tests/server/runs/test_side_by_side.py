"""No run keeps another, or its own commands, waiting: a run of long steps beside many that are paced.

How long a worker takes is measured in seconds of its thread's own computing and of the pauses that it makes, whatever
else the machine has to do.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import pytest

from cnn_engine.nn import work
from cnn_engine.nn.layers import base
from cnn_server.config import DEFAULTS
from cnn_server.runs import commands, prepared
from cnn_server.runs import session as session_module
from cnn_server.runs import worker as worker_module
from cnn_server.runs.apart import Apart
from cnn_server.runs.prepared import make_ready, prepare
from cnn_server.runs.session import Session
from cnn_server.runs.store import StoreError
from cnn_server.runs.worker import Worker

from .support import HELD, LIMITS, a_run, epochs, points, work_to_the_end
from .support import work as let_work
from .test_sessions import trained_directly

MOST = 0.5  # seconds; the rule is 2
MANY = replace(HELD, at_once=40, per_client=40)
# 64 · 8 · 8 cells, 41 · 41 taps, forward and backward, twice
POOL = {"layer": "max_pool2d", "kernel_size": 41, "padding": 20, "stride": 1}
LONG = {
    "architecture": [
        {"layer": "conv2d", "out_channels": 64, "kernel_size": 1},
        *[POOL] * 2,
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 10},
    ],
    "batch_size": 35,
    "epochs": 1000,
}

DEAD = {  # a rate so large that the first step leaves no unit active
    "architecture": [
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 8},
        {"layer": "relu"},
        {"layer": "linear", "out_features": 10},
    ],
    "optimizer": {"name": "sgd", "learning_rate": 500.0},
    "epochs": 100,
}


@pytest.fixture
def everything_is_long(monkeypatch):
    monkeypatch.setattr(work, "LONG", 0)
    monkeypatch.setattr(base, "PIECE", 1)


def ask(store, run_id: str, command: str, **other) -> int:
    """The number of a command that is given."""
    return store.change(run_id, lambda run: commands.give(run, {"command": command, **other}, time.time())).sent


def test_39_paced_runs_beside_one_of_long_steps_do_what_they_are_told(sqlite):
    small = [f"small{number}" for number in range(39)]
    pattern = a_run(pace=2.0, epochs=1000)
    long = a_run("long", **LONG)
    step = work.step_work(prepare(long.settings).trainer.network.layers, LONG["batch_size"])
    assert 0.9 < step / DEFAULTS["RUN_MAX_STEP_WORK"] <= 1
    sqlite.add(long)
    for run_id in small:
        other = pattern.copy()
        other.id = run_id
        sqlite.add(other)
    worker, longest = Worker(sqlite, MANY, "worker"), 0.0
    let_work(worker, lambda: all(run.step >= 1 for run in sqlite.unfinished() if run.id != "long"))
    assert isinstance(worker._sessions["long"], Apart)
    for number, run_id in enumerate(small):
        sent = ask(sqlite, run_id, "set", steps_per_second=3.0) if number % 2 else ask(sqlite, run_id, "pause")
        taken, begun = 0.0, time.thread_time()
        while sqlite.get(run_id).seen < sent:
            pause = min(worker.turn(), worker_module.LISTEN)
            taken += pause
            time.sleep(pause)
        longest = max(longest, taken + time.thread_time() - begun)
    assert longest < MOST
    assert sqlite.get("long").open
    worker._sessions["long"].release()


@pytest.mark.parametrize("command", ["stop", "pause", "set"])
def test_a_run_of_long_steps_does_what_it_is_told_inside_a_step(sqlite, command):
    sqlite.add(a_run("run", **LONG))
    worker = Worker(sqlite, LIMITS, "worker")
    let_work(worker, lambda: "run" in worker._sessions)
    sent = ask(sqlite, "run", command, **({"learning_rate": 0.5} if command == "set" else {}))
    let_work(worker, lambda: sqlite.get("run").seen >= sent)
    run = sqlite.get("run")
    assert run.step == 0  # its first step takes seconds
    assert (run.state, run.rates) == {
        "stop": ("stopped", []),
        "pause": ("paused", []),
        "set": ("running", [(0, 0.5)]),
    }[command]
    if command != "stop":
        worker._sessions["run"].release()
        assert sqlite.get("run").worker is None


@pytest.mark.usefixtures("everything_is_long")
def test_the_log_of_a_run_of_long_steps_is_that_of_any_other(store):
    """Commands come in the middle of steps, workers go: the numbers are those of the rates that are written down."""
    store.add(a_run(pace=8.0))
    for number in range(3):
        worker, step = Worker(store, HELD, f"worker{number}"), store.get("run").step
        let_work(worker, lambda step=step: store.get("run").step >= step + 3)
        ask(store, "run", "set", learning_rate=0.1 + number / 10)
        let_work(worker, lambda: store.get("run").seen == store.get("run").sent)
        assert isinstance(worker._sessions["run"], Apart)
        worker._sessions["run"].release()
    ask(store, "run", "set", steps_per_second=None)
    run = work_to_the_end(store, name="last")
    trained, validated = trained_directly(dict(run.rates))
    assert points(store) == trained
    assert [(epoch["step"], epoch["validation_loss"]) for epoch in epochs(store)] == validated


@pytest.mark.usefixtures("everything_is_long")
def test_who_stops_a_run_in_a_long_validation_does_not_wait_for_it(sqlite):
    sqlite.add(a_run())
    run = sqlite.claim(Worker(sqlite, LIMITS, "worker")._pick)
    session = Session(sqlite, run, "worker", make_ready(sqlite, run), LIMITS.lease)
    while not (session._inside and not session._settled):
        session._take(next(session._events))
    ask(sqlite, "run", "pause")
    session.listen()
    session.attend(0.0)
    assert (sqlite.get("run").state, sqlite.get("run").step) == ("paused", 0)  # told before the epoch is over
    ask(sqlite, "run", "stop")
    session.listen()
    session.attend(0.0)
    assert session.over
    assert sqlite.get("run").end["reason"] == "Stopped by hand after step 6."
    assert [point[0] for point in points(sqlite)] == [1, 2, 3, 4, 5, 6]
    [epoch] = epochs(sqlite)
    assert (epoch["step"], epoch["validation_loss"], epoch["validation_accuracy"]) == (6, None, None)
    assert epoch["loss"] > 0


@pytest.mark.usefixtures("everything_is_long")
def test_who_pauses_a_run_while_its_network_is_looked_at_does_not_wait_for_that(sqlite):
    """Whether a network has died takes a pass of its own to find out."""
    sqlite.add(a_run(**DEAD))
    run = sqlite.claim(Worker(sqlite, LIMITS, "worker")._pick)
    session = Session(sqlite, run, "worker", make_ready(sqlite, run), LIMITS.lease)
    while not (session._looking is not None and session._inside):  # a pause of the look
        session._take(session._next())
    step = session.trainer.progress.step
    ask(sqlite, "run", "pause")
    session.listen()
    session.attend(0.0)
    assert (sqlite.get("run").state, sqlite.get("run").warning) == ("paused", None)
    ask(sqlite, "run", "resume")
    session.listen()
    while session._looking is not None:
        session._take(session._next())
        assert session.trainer.progress.step <= step + 1
    session.release()
    assert sqlite.get("run").warning["kind"] == "dead"


def looking_at_the_end_of_an_epoch(store, train_samples: int) -> Session:
    """A session inside a look that comes after the last step of an epoch, the 128th of the run."""
    store.add(a_run(**DEAD, batch_size=4, train_samples=train_samples))
    run = store.claim(Worker(store, LIMITS, "worker")._pick)
    session = Session(store, run, "worker", make_ready(store, run), LIMITS.lease)
    while not (session._looking is not None and session._inside and session.trainer.progress.phase == "epoch"):
        session._take(session._next())
    return session


@pytest.mark.usefixtures("everything_is_long")
@pytest.mark.parametrize(("train_samples", "last"), [(512, 1), (256, 2), (128, 4)])
@pytest.mark.parametrize("fails", [False, True])
def test_who_stops_a_run_in_a_look_at_the_end_of_an_epoch_has_this_epoch_and_no_false_one(
    sqlite, monkeypatch, train_samples, last, fails
):
    """Also where the store was out of reach just before, so that what was done until then is written late."""
    session = looking_at_the_end_of_an_epoch(sqlite, train_samples)
    if fails:
        unreachable(session, sqlite, monkeypatch, lambda: session._save(time.monotonic()))
        session._blocked_until = 1e-9  # tried again at once
    ask(sqlite, "run", "stop")
    session.listen()
    for _ in range(4):
        session.attend(0.0)
    steps = train_samples // 4
    ended = epochs(sqlite)
    assert sqlite.get("run").state == "stopped"
    assert sqlite.get("run").end["reason"] == f"Stopped by hand after step {last * steps}."
    assert [(epoch["epoch"], epoch["step"]) for epoch in ended] == [(n, n * steps) for n in range(1, last + 1)]
    assert [epoch["validation_loss"] is None for epoch in ended] == [False] * (last - 1) + [True]
    assert [point[0] for point in points(sqlite)] == list(range(1, last * steps + 1))


def unreachable(session: Session, store, monkeypatch, act) -> None:
    """Do something, which fails, while a store is out of reach."""

    def refuse(*_, **__):
        raise StoreError("redis_not_reached", reason="out of reach")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(store, "change", refuse)
        assert not act()


@pytest.mark.usefixtures("everything_is_long")
@pytest.mark.parametrize("ending", [0.0, 60.0])
def test_no_step_is_made_while_a_network_is_looked_at_by_a_run_that_cannot_be_let_go(sqlite, monkeypatch, ending):
    session = looking_at_the_end_of_an_epoch(sqlite, 256)
    monkeypatch.setattr(session_module, "ENDING", ending)
    unreachable(session, sqlite, monkeypatch, session.release)
    assert session.trainer.progress.phase == "epoch" if session._looking is not None else session._settled
    while session._looking is not None or not session._settled:
        session._take(session._next())
    assert session.release()
    assert sqlite.get("run").warning["evidence"]["step"] == 128
    assert [(epoch["epoch"], epoch["step"]) for epoch in epochs(sqlite)] == [(1, 64), (2, 128)]


def test_a_lease_is_kept_while_a_piece_takes_longer_and_a_worker_says_that_it_is_stuck_by_its_silence(
    sqlite, monkeypatch
):
    """What a session is in the middle of does not let go: others look after its lease."""
    held, go_on = threading.Event(), threading.Event()

    def stuck(*_):
        held.set()
        go_on.wait(60)

    sqlite.add(a_run(**LONG))
    beats: list[int] = []
    worker = Worker(sqlite, replace(LIMITS, lease=0.5), "worker", beat=lambda: beats.append(1))
    monkeypatch.setattr(Session, "attend", stuck)
    try:
        let_work(worker, held.is_set)
        before = sqlite.get("run").lease
        let_work(worker, lambda: sqlite.get("run").lease > before + 1.0)
        assert sqlite.get("run").worker == "worker"
        assert beats
        monkeypatch.setattr(worker_module, "TOO_LONG", 0.0)
        beats.clear()
        worker.turn()
        assert not beats
    finally:
        go_on.set()
        worker._sessions["run"].release()


def test_a_data_set_that_takes_long_holds_up_no_other_run_and_no_command(sqlite, monkeypatch):
    slow, go_on = threading.Event(), threading.Event()

    def prepare_late(given):
        if given["dataset"] == "shapes":
            slow.set()
            go_on.wait(60)
        return prepare(given)

    large = {"dataset": "shapes", "dataset_options": {"train": 2000}}
    sqlite.add(a_run("slow", created=1.0, **large))
    sqlite.add(a_run("run", created=2.0))
    monkeypatch.setattr(prepared, "prepare", prepare_late)
    worker = Worker(sqlite, LIMITS, "worker")
    try:
        let_work(worker, slow.is_set)
        assert let_work(worker, lambda: not sqlite.get("run").open and sqlite.get("run")).state == "finished"
        ask(sqlite, "slow", "pause")
        let_work(worker, lambda: sqlite.get("slow").state == "paused")
        ask(sqlite, "slow", "set", learning_rate=0.25)
        ask(sqlite, "slow", "step")
        let_work(worker, lambda: sqlite.get("slow").rates == [(0, 0.25)])
        assert sqlite.get("slow").seen == 2  # the step is made once there is something to make it with
    finally:
        go_on.set()
    let_work(worker, lambda: sqlite.get("slow").step == 1)
    assert (sqlite.get("slow").state, sqlite.get("slow").metrics["learning_rate"]) == ("paused", 0.25)


def test_a_run_that_is_stopped_before_it_is_ready_is_over_at_once(sqlite, monkeypatch):
    go_on = threading.Event()
    sqlite.add(a_run())
    monkeypatch.setattr(prepared, "prepare", lambda given: go_on.wait(60) and prepare(given))
    worker = Worker(sqlite, LIMITS, "worker")
    try:
        let_work(worker, lambda: worker._starting)
        ask(sqlite, "run", "stop")
        let_work(worker, lambda: not worker._starting)
        assert sqlite.get("run").end["reason"] == "Stopped by hand before it began."
    finally:
        go_on.set()


def test_a_deleted_run_frees_its_place_at_once(sqlite):
    sqlite.add(a_run("long", created=1.0, **LONG))
    sqlite.add(a_run("next", created=2.0))
    limits = replace(LIMITS, at_once=1)
    worker, other = Worker(sqlite, limits, "worker"), Worker(sqlite, limits, "other")
    let_work(worker, lambda: "long" in worker._sessions)
    sqlite.remove("long")
    assert sqlite.claim(other._pick).id == "next"
    let_work(worker, lambda: not worker._sessions)  # and it is trained no further
    assert worker._starting == {}
