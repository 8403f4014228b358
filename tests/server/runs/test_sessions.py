"""Runs in a worker, on both stores: every step once, whatever happens to the worker; commands, pace, slow motion."""

from __future__ import annotations

import io
import threading
import time
from dataclasses import replace

import numpy as np
import orjson
import pytest

from cnn_engine.data.datasets import load_dataset
from cnn_engine.nn import EpochDone, Network, StepDone, Trainer, Validated, fit
from cnn_server.runs import commands
from cnn_server.runs import worker as worker_module
from cnn_server.runs.hub import Hub
from cnn_server.runs.launcher import sweep
from cnn_server.runs.record import Blob
from cnn_server.runs.redis_store import RedisRunStore
from cnn_server.runs.slots import Slots
from cnn_server.runs.store import StoreError
from cnn_server.runs.stream import Viewer
from cnn_server.runs.worker import Worker

from .support import BY_HAND, LIMITS, a_run, epochs, points, redis_server, steps_of, until, work, work_to_the_end


def trained_directly(changes: dict[int, float] | None = None) -> tuple[list[list[float]], list[tuple[int, float]]]:
    """The points and the validation losses of the usual settings by `fit` alone, without any of the service."""
    digits = load_dataset("digits")
    layers = [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
    network = Network(layers, input_shape=(1, 8, 8), seed=3)
    trainer = Trainer(network, optimizer={"name": "sgd", "learning_rate": 0.1}, batch_size=16, seed=3)
    train = digits.train.x[:96], digits.train.y[:96]
    trained, validated = [], []
    for event in fit(trainer, train, epochs=4, validation=digits.validation):
        if isinstance(event, StepDone):
            numbers = (event.loss, event.accuracy, event.learning_rate, event.gradient_norm)
            trained.append([event.step, *(float(str(np.float32(number))) for number in numbers)])
            trainer.learning_rate = (changes or {}).get(event.step, trainer.learning_rate)
        elif isinstance(event, Validated):
            validated.append((event.step, event.loss))
        else:
            assert isinstance(event, EpochDone) or event.state == "finished"
    return trained, validated


def ask(store, **command) -> None:
    store.change("run", lambda run: commands.give(run, command, time.time()))


def tell(worker, store, **command) -> None:
    """Ask, and let the worker carry it out."""
    ask(store, **command)
    work(worker, lambda: (run := store.get("run")).seen == run.sent)


def lose(store, run_id: str = "run") -> None:
    """What a launcher does when a worker has ended: its lease is over."""
    store.change(run_id, lambda run: setattr(run, "lease", 0.0))


@pytest.mark.parametrize("dataset", ["clothes", "strokes"])
def test_a_run_learns_pictures_of_28_by_28(sqlite, dataset):
    sqlite.add(a_run(dataset=dataset, train_samples=600, epochs=3, optimizer={"name": "adam", "learning_rate": 0.003}))
    run = work_to_the_end(sqlite)
    assert (run.state, run.step) == ("finished", 3 * 38)
    assert run.metrics["validation_accuracy"] > 0.6


def test_a_run_is_what_fit_gives_alone(store):
    store.add(a_run())
    run = work_to_the_end(store)
    trained, validated = trained_directly()
    assert points(store) == trained
    assert [(epoch["step"], epoch["validation_loss"]) for epoch in epochs(store)] == validated
    assert (run.state, run.step, run.epoch) == ("finished", 24, 4)
    assert run.metrics["validation_loss"] == validated[-1][1]
    words = {"id": "ends.complete", "args": {"epochs": 4}}
    assert run.end == {"state": "finished", "reason": "4 epochs are complete", "words": words, "evidence": {}}


def test_a_lost_worker_changes_nothing_in_the_log(store):
    """The rate was changed, then steps were logged that no checkpoint has; the next worker goes on to the same log."""
    store.add(a_run(pace=40.0))
    first = Worker(store, LIMITS, "first")
    work(first, lambda: store.get("run").step >= 5)
    ask(store, command="pause")
    work(first, lambda: store.get("run").state == "paused")
    at = store.get("run").step
    ask(store, command="set", learning_rate=0.5, steps_per_second=None)
    ask(store, command="step")
    ask(store, command="step")
    work(first, lambda: store.get("run").step == at + 2)
    assert store.blobs("run", "checkpoint")[0].step == at
    lose(store)
    ask(store, command="resume")
    work_to_the_end(store, name="second")
    assert points(store) == trained_directly({at: 0.5})[0]


def test_a_worker_that_comes_back_late_writes_nothing(store):
    store.add(a_run(pace=40.0))
    first = Worker(store, LIMITS, "first")
    work(first, lambda: store.get("run").step >= 3)
    lose(store)
    second = Worker(store, LIMITS, "second")
    work(second, lambda: store.get("run").worker == "second" and store.get("run").step >= 6)
    work(first, lambda: not first._sessions)
    ask(store, command="set", steps_per_second=None)
    work(second, lambda: not store.get("run").open)
    assert points(store) == trained_directly()[0]


@pytest.mark.parametrize("damage", ["newest", "every"])
def test_a_corrupt_checkpoint_is_left_out(store, damage, caplog):
    store.add(a_run(pace=40.0))
    first = Worker(store, LIMITS, "first")
    for step in (2, 4):
        work(first, lambda step=step: store.get("run").step >= step)
        tell(first, store, command="pause")
        tell(first, store, command="resume")
    good = store.blobs("run", "checkpoint")
    lose(store)
    spoilt = [Blob("checkpoint", good[0].step, good[0].data[: len(good[0].data) // 2])]
    if damage == "every":
        spoilt.insert(0, Blob("checkpoint", good[1].step, b"PK nothing of the kind"))
    store.change("run", lambda run: None, blobs=spoilt)
    ask(store, command="set", steps_per_second=None)
    work_to_the_end(store, name="second")
    assert f"the checkpoint of step {good[0].step} is left out" in caplog.text
    assert points(store) == trained_directly()[0]


def test_a_run_that_ends_its_workers_is_given_up(store):
    store.add(a_run())
    for number in range(4):
        run = store.claim(Worker(store, LIMITS, f"worker{number}")._pick)
        assert run is not None
        assert run.open
        lose(store)
    Worker(store, LIMITS, "last").turn()
    run = store.get("run")
    assert run.state == "failed"
    assert "ended 4 times at step 0" in run.end["reason"]


def test_commands_between_two_steps(store):
    store.add(a_run(pace=5.0))
    worker = Worker(store, LIMITS, "worker")
    work(worker, lambda: store.get("run").step >= 1)
    for command, state in (("pause", "paused"), ("step", "paused"), ("pause", "paused"), ("resume", "running")):
        step = store.get("run").step
        ask(store, command=command)
        sent = store.get("run").sent
        turns = 0
        while store.get("run").seen != sent:
            assert worker.turn() <= worker_module.LISTEN  # seconds until the next
            turns += 1
            assert turns * (worker_module.LISTEN + worker_module.SLICE) <= 0.2  # on a machine that keeps up
            time.sleep(worker_module.LISTEN)
        work(worker, lambda state=state: store.get("run").state == state)
        if command == "step":
            work(worker, lambda step=step: store.get("run").step == step + 1)
    ask(store, command="stop")
    work(worker, lambda: not store.get("run").open)
    run = store.get("run")
    end = {"state": "stopped", "reason": f"Stopped by hand after step {run.step}.", "evidence": {}}
    assert run.end == end | {"words": {"id": "runs.stopped_by_hand", "args": {"step": run.step}}}
    assert [point[0] for point in points(store)] == list(range(1, run.step + 1))
    with pytest.raises(commands.NotNowError, match="has ended"):
        ask(store, command="pause")


def test_the_pace_is_kept(sqlite):
    sqlite.add(a_run(pace=40.0, epochs=100))
    worker = Worker(sqlite, LIMITS, "worker")
    work(worker, lambda: sqlite.get("run").step >= 4)
    began, first = time.monotonic(), sqlite.get("run").step
    work(worker, lambda: sqlite.get("run").step >= first + 20)
    assert time.monotonic() - began >= 0.35  # 20 steps take half a second, less what a late start makes up for


def test_slow_motion_shows_the_phases_of_a_step(sqlite):
    sqlite.add(a_run(pace=40.0))
    worker = Worker(sqlite, LIMITS, "worker")
    work(worker, lambda: sqlite.get("run").step >= 2)
    ask(sqlite, command="pause")
    ask(sqlite, command="set", slow_motion=True)
    work(worker, lambda: sqlite.get("run").slow_motion)
    step, seen, numbers = sqlite.get("run").step, [], {}
    for phase in ("forward", "loss", "backward", "update"):
        ask(sqlite, command="step")
        work(worker, lambda phase=phase: (sqlite.get("run").phase or {}).get("phase") == phase)
        with np.load(io.BytesIO(sqlite.blobs("run", "parameters")[0].data)) as arrays:
            seen.append({name: arrays[name] for name in arrays.files})
        numbers |= sqlite.get("run").phase
    assert sqlite.get("run").step == step + 1
    assert [orjson.loads(arrays["about"].tobytes())["phase"] for arrays in seen] == [
        "forward",
        "loss",
        "backward",
        "update",
    ]
    _, loss, *_, gradient_norm = trained_directly()[0][step]
    assert numbers["loss"] == pytest.approx(loss, rel=1e-6)
    assert numbers["gradient_norm"] == pytest.approx(gradient_norm, rel=1e-6)
    before, after = seen[2], seen[3]
    assert "backward/1.weight" not in seen[1]
    change = after["state/1.weight"] - before["state/1.weight"]
    np.testing.assert_allclose(change, after["update/1.weight"], atol=1e-7)
    np.testing.assert_allclose(change, -0.1 * after["backward/1.weight"], atol=1e-7)
    ask(sqlite, command="set", slow_motion=False, steps_per_second=None)
    ask(sqlite, command="resume")
    work(worker, lambda: not sqlite.get("run").open)
    assert points(sqlite) == trained_directly()[0]


def test_a_run_that_cannot_be_prepared_fails_alone(sqlite):
    sqlite.add(a_run("bad", created=1.0))
    sqlite.add(a_run("run", created=2.0))
    with sqlite._writing() as db:
        spoilt = orjson.dumps(orjson.loads(a_run("bad").fixed_json()) | {"settings": {"dataset": "nothing"}})
        db.execute("UPDATE runs SET fixed = ? WHERE id = 'bad'", (spoilt,))
    worker = Worker(sqlite, LIMITS, "worker")
    work(worker, lambda: not sqlite.get("run").open and not sqlite.get("bad").open)
    assert sqlite.get("run").state == "finished"
    assert sqlite.get("bad").state == "failed"
    assert 'dataset "nothing"' in sqlite.get("bad").end["reason"].replace("'", '"')


def test_a_run_that_diverges_says_so_and_keeps_its_curve(sqlite):
    sqlite.add(a_run(optimizer={"name": "sgd", "learning_rate": 1e6}, loss="mse"))
    run = work_to_the_end(sqlite)
    assert run.state == "diverged"
    assert run.end["reason"] == f"the loss of step {run.step + 1} is not a finite number"
    assert run.end["evidence"]["step"] == run.step + 1
    assert [point[0] for point in points(sqlite)] == list(range(1, run.step + 1))


def test_a_dead_network_is_warned_of(sqlite):
    layers = [
        {"layer": "flatten"},
        {"layer": "linear", "out_features": 8},
        {"layer": "relu"},
        {"layer": "linear", "out_features": 10},
    ]
    settings = {"architecture": layers, "optimizer": {"name": "sgd", "learning_rate": 500.0}, "epochs": 40}
    sqlite.add(a_run(**settings))
    run = work_to_the_end(sqlite)
    assert run.state == "finished"
    assert run.warning["kind"] == "dead"
    row = {"layer": 2, "kind": "relu", "outputs": 8, "silent": 8, "share": 1.0}
    assert run.warning["evidence"]["layers"] == [row]
    assert "in layer 3 every ReLU" in run.warning["message"]


def test_a_full_data_folder_holds_the_run_and_loses_nothing(sqlite, caplog):
    sqlite.add(a_run(pace=400.0, epochs=40))
    worker = Worker(sqlite, LIMITS, "worker")
    work(worker, lambda: sqlite.get("run").step >= 10)
    with sqlite._reading() as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")  # this connection is the worker's: SQLite itself says "full"
    until(lambda: time.sleep(min(worker.turn(), 0.01)) or "is full" in caplog.text)
    for _ in range(20):
        time.sleep(min(worker.turn(), 0.01))
    held = sqlite.get("run").step
    assert held < 240
    with sqlite._reading() as db:
        db.execute("PRAGMA max_page_count = 1000000")
    ask(sqlite, command="set", steps_per_second=None)
    work(worker, lambda: not sqlite.get("run").open)
    assert [point[0] for point in points(sqlite)] == list(range(1, 241))


def test_a_paused_run_gives_its_place_to_one_that_waits(store):
    limits = replace(LIMITS, at_once=1, unwatched=0.1)
    store.add(a_run(pace=40.0))
    worker = Worker(store, limits, "worker")
    work(worker, lambda: store.get("run").step >= 2)
    tell(worker, store, command="pause")
    step = store.get("run").step
    store.add(a_run("other", created=2.0))
    work(worker, lambda: store.get("other").state == "finished")
    run = store.get("run")
    assert (run.state, run.step, run.worker) == ("paused", step, None)
    ask(store, command="set", learning_rate=0.5)
    assert store.get("run").state == "paused"
    ask(store, command="step")
    run = store.get("run")
    assert (run.state, Slots(store.unfinished(), limits, time.time()).queue[0].id) == ("queued", "run")
    work(worker, lambda: store.get("run").step == step + 1)
    assert store.get("run").state == "paused"
    ask(store, command="set", steps_per_second=None)
    ask(store, command="resume")
    work(worker, lambda: not store.get("run").open)
    assert points(store) == trained_directly({step: 0.5})[0]


def test_runs_that_are_too_old_are_removed(store):
    store.add(a_run("old", created=time.time() - 100))
    store.add(a_run("new", created=time.time()))
    for run_id, ended in (("old", time.time() - 50), ("new", time.time() - 10)):
        store.change(run_id, lambda run, ended=ended: run.finish("stopped", BY_HAND, {}, ended))
    store.add(a_run("forgotten", created=time.time() - 100))
    sweep(store, {"RUN_MAX_AGE": 30.0})
    assert [run_id for run_id in ("old", "new", "forgotten") if store.get(run_id)] == ["new"]


def test_redis_may_be_gone_for_a_while(tmp_path, caplog):
    """The worker holds the run, a viewer waits, and both go on when Redis is back."""
    with redis_server(tmp_path) as server:
        store, heard = RedisRunStore(server.url), list[bytes]()
        store.add(a_run(pace=50.0))
        worker = Worker(store, LIMITS, "worker")
        work(worker, lambda: store.get("run").step >= 4)
        stop = threading.Event()
        thread = threading.Thread(target=worker.work, args=(stop,))
        hub = Hub(lambda: store, lambda: 1, LIMITS)
        viewer = threading.Thread(target=lambda: heard.extend(Viewer(hub, store, "run", 0)))
        thread.start()
        viewer.start()
        try:
            until(lambda: heard)
            server.stop()
            with pytest.raises(StoreError, match="Redis cannot be reached"):
                store.get("run")
            until(lambda: "waits: Redis cannot be reached" in caplog.text)
            server.start()
            until(lambda: store.get("run").state == "finished")
            viewer.join(20)
        finally:
            stop.set()
            thread.join()
        assert points(store) == trained_directly()[0]
        assert steps_of(b"".join(heard)) == [int(point[0]) for point in points(store)]
        store.close()
