"""What both stores promise, on SQLite and on a real Redis."""

from __future__ import annotations

import threading

import pytest
from rq import Queue

from cnn_server.runs.record import Blob, LogPiece
from cnn_server.runs.store import RunGoneError

from .support import BY_HAND, a_run, points


def entry(first: int, last: int) -> LogPiece:
    listed = ",".join(f"[{step},0.5,1,0.1,2]" for step in range(first, last + 1))
    return LogPiece(last, f"[{listed}]".encode(), b"[]")


def test_a_run_comes_back_as_it_was(store):
    run = a_run(pace=20.0)
    run.rates.append((3, 0.25))
    run.metrics["loss"] = 0.1
    store.add(run)
    assert store.get("run") == run
    assert store.get("other") is None
    assert [kept.id for kept in store.owned_by("ada")] == ["run"]
    assert store.owned_by("bob") == []


def test_a_change_is_whole_or_not_at_all(store):
    store.add(a_run())

    def fails(run):
        run.step = 7
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.change("run", fails, entry(1, 7), [Blob("checkpoint", 7, b"seven")])
    assert store.get("run").step == 0
    assert store.log("run", 0) == []
    assert store.blobs("run", "checkpoint") == []
    with pytest.raises(RunGoneError):
        store.change("nobody", fails)


def test_the_log_gives_the_entries_that_hold_a_later_step(store):
    store.add(a_run())
    for first, last in ((1, 1), (2, 5), (6, 9)):
        store.change("run", lambda run, last=last: setattr(run, "step", last), entry(first, last))
    assert [kept.step for kept in store.log("run", 0)] == [1, 5, 9]
    assert [kept.step for kept in store.log("run", 4)] == [5, 9]
    assert [kept.step for kept in store.log("run", 5)] == [9]
    assert store.log("run", 9) == []
    assert [kept.step for kept in store.log("run", 0, limit=2)] == [1, 5]
    assert [point[0] for point in points(store)] == list(range(1, 10))


def test_the_newest_blobs_are_kept_and_checkpoints_only_while_it_goes_on(store):
    store.add(a_run())
    for step in range(4):
        blobs = [Blob("checkpoint", step, bytes([step])), Blob("parameters", step, bytes([step]))]
        store.change("run", lambda run: None, blobs=blobs)
    assert [(blob.step, blob.data) for blob in store.blobs("run", "checkpoint")] == [(3, b"\3"), (2, b"\2")]
    assert [blob.step for blob in store.blobs("run", "parameters")] == [3]
    store.change("run", lambda run: run.finish("stopped", BY_HAND, {}, 5.0))
    assert store.blobs("run", "checkpoint") == []
    assert [blob.step for blob in store.blobs("run", "parameters")] == [3]


def test_the_queue_is_in_order_and_what_ended_is_not_in_it(store):
    for number in (1, 2, 3):
        store.add(a_run(f"run{number}", created=float(number)))
    assert [run.id for run in store.unfinished()] == ["run1", "run2", "run3"]
    store.change("run2", lambda run: run.finish("stopped", BY_HAND, {}, 50.0))
    assert [run.id for run in store.unfinished()] == ["run1", "run3"]
    assert [run.id for run in store.owned_by("ada")] == ["run3", "run2", "run1"]
    assert store.ended_before(50.0) == []
    assert store.ended_before(51.0) == ["run2"]


def test_a_run_that_is_removed_leaves_nothing(store):
    store.add(a_run())
    store.change("run", lambda run: setattr(run, "step", 2), entry(1, 2), [Blob("checkpoint", 2, b"two")])
    store.remove("run")
    assert store.get("run") is None
    assert store.unfinished() == []
    assert store.owned_by("ada") == []
    assert store.log("run", 0) == []
    assert store.blobs("run", "checkpoint") == []
    store.remove("run")


def test_a_run_is_claimed_by_one_of_many(store):
    for number in range(6):
        store.add(a_run(f"run{number}", created=float(number)))
    claimed: list[tuple[str, str]] = []

    def claim(name: str) -> None:
        def pick(runs):
            free = [run for run in runs if run.worker is None]
            if free:
                free[0].worker, free[0].state = name, "running"
            return free[0] if free else None

        while (run := store.claim(pick)) is not None:
            claimed.append((run.id, name))

    threads = [threading.Thread(target=claim, args=(f"worker{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(run_id for run_id, _ in claimed) == [f"run{number}" for number in range(6)]
    assert {run.id: run.worker for run in store.unfinished()} == dict(claimed)


def test_changes_by_many_at_once_are_all_kept(store):
    store.add(a_run())

    def count() -> None:
        for _ in range(10):
            store.change("run", lambda run: setattr(run, "sent", run.sent + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.get("run").sent == 40


@pytest.mark.parametrize("store", ["redis"], indirect=True)
def test_rq_has_the_queue_in_redis(store):
    store.add(a_run("first", created=1.0))
    store.add(a_run("second", created=2.0))
    queue = Queue("convoscope", connection=store._redis)
    assert queue.get_job_ids() == ["first", "second"]
    job = queue.fetch_job("first")
    assert (job.func_name, job.args) == ("cnn_server.runs.worker.train", ("first",))
    store.change("first", lambda run: run.finish("stopped", BY_HAND, {}, 1.0))
    assert queue.get_job_ids() == ["second"]
    assert queue.fetch_job("first") is None


@pytest.mark.parametrize("store", ["redis"], indirect=True)
def test_an_entry_whose_writing_was_not_confirmed_is_not_written_twice(store):
    store.add(a_run())
    for _ in range(2):
        store.change("run", lambda run: setattr(run, "step", 2), entry(1, 2))
    assert [point[0] for point in points(store)] == [1, 2]
