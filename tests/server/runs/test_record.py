"""What follows from a run's record: the epoch of a step, and the time that is left."""

from __future__ import annotations

import pytest

from cnn_server.runs.worker import Worker

from .support import LIMITS, a_run, work
from .test_sessions import tell


@pytest.mark.parametrize(("step", "epoch"), [(0, 0), (1, 1), (6, 1), (7, 2), (12, 2), (24, 4)])
def test_the_epoch_of_a_step(step, epoch):
    """96 samples in batches of 16: six steps an epoch."""
    assert a_run().epoch_of(step) == epoch


@pytest.mark.parametrize(
    ("state", "speed", "pace", "seconds"),
    [
        ("running", 10.0, None, 2.0),
        ("running", 10.0, 5.0, 4.0),
        ("running", 4.0, 5.0, 5.0),  # slower than it is paced
        ("running", None, 5.0, None),  # nothing is measured yet
        ("paused", 10.0, 5.0, None),
        ("queued", 10.0, 5.0, None),
        ("finished", 10.0, 5.0, None),
    ],
)
def test_the_time_that_is_left_for_twenty_of_24_steps(state, speed, pace, seconds):
    run = a_run(pace=pace)
    run.state, run.speed, run.step = state, speed, 4
    assert run.seconds_left == seconds


def test_the_speed_is_measured_anew_after_a_command(sqlite):
    sqlite.add(a_run(pace=20.0, epochs=100))
    worker = Worker(sqlite, LIMITS, "worker")
    work(worker, lambda: sqlite.get("run").seconds_left)
    tell(worker, sqlite, command="set", steps_per_second=40.0)
    assert sqlite.get("run").seconds_left is None
    run = work(worker, lambda: (run := sqlite.get("run")).seconds_left and run)
    assert run.seconds_left >= (600 - run.step) / 40
