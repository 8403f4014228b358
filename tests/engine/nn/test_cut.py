"""Training that stops inside a step: the same numbers, to the last bit, and short pieces of a long step."""

from __future__ import annotations

import io
import time

import numpy as np
import pytest

from cnn_engine.nn import Network, StepDone, Trainer, Underway, fit, load, save, work
from cnn_engine.nn.layers import base

from .runs import DRAWING, assert_same_numbers, blobs, finish, trainer_of
from .test_memory import NETWORKS

TAIL = [{"layer": "flatten"}, {"layer": "linear", "out_features": 2}]
CASES = {name: [*layers, *TAIL] for name, layers in NETWORKS.items()} | {"drawing": DRAWING}
TRAIN, VALIDATION = blobs(75), blobs(70, seed=1)  # two parts for a batch of 40, and two to judge by


@pytest.fixture
def everything_is_long(monkeypatch):
    monkeypatch.setattr(work, "LONG", 0)
    monkeypatch.setattr(base, "PIECE", 1)


@pytest.mark.usefixtures("everything_is_long")
@pytest.mark.parametrize("name", CASES)
def test_the_numbers_are_those_of_training_in_one_piece(name):
    whole, cut = (trainer_of(CASES[name], batch_size=40, clip_norm=1.0) for _ in range(2))
    told = finish(whole, TRAIN, epochs=2, validation=VALIDATION)
    events = finish(cut, TRAIN, epochs=2, validation=VALIDATION, cut=True)
    assert [event for event in events if not isinstance(event, Underway)] == told
    assert_same_numbers(cut, whole)
    first = next(at for at, event in enumerate(events) if isinstance(event, StepDone))
    assert first > 2 * len(CASES[name])  # forward and backward, every layer, and more where one is cut


@pytest.mark.usefixtures("everything_is_long")
def test_what_stops_anywhere_inside_a_step_goes_on_to_the_same_numbers():
    whole = trainer_of(DRAWING, batch_size=40)
    finish(whole, TRAIN, epochs=2, validation=VALIDATION)
    pieces = len(finish(trainer_of(DRAWING, batch_size=40), TRAIN, epochs=2, validation=VALIDATION, cut=True))
    for stop in range(1, pieces, 5):
        trainer, stream = trainer_of(DRAWING, batch_size=40), io.BytesIO()
        events = fit(trainer, TRAIN, epochs=2, validation=VALIDATION, cut=True)
        for _ in range(stop):
            next(events)
        save(trainer, stream)
        stream.seek(0)
        again = load(stream)
        finish(again, TRAIN, epochs=2, validation=VALIDATION, cut=True)
        assert_same_numbers(again, whole)


def test_a_short_step_stays_in_one_piece():
    assert not any(isinstance(event, Underway) for event in finish(trainer_of(), TRAIN, epochs=1, cut=True))


@pytest.mark.usefixtures("everything_is_long")
def test_a_step_is_cut_only_where_that_is_asked_for():
    assert not any(isinstance(event, Underway) for event in finish(trainer_of(), TRAIN, epochs=1))


CONV = {"layer": "conv2d", "out_channels": 8}
LONG_STEPS = {
    "a wide pool": {"layer": "max_pool2d", "kernel_size": 21, "stride": 1, "padding": 10},
    "a kernel for each channel": CONV | {"kernel_size": 13, "padding": 6, "groups": 8},
    "a wide kernel": CONV | {"kernel_size": 31, "padding": 15},
}


@pytest.mark.parametrize("name", LONG_STEPS)
def test_the_pieces_of_a_long_step_are_short(name):
    """In seconds of this thread's own computing, whatever else the machine has to do."""
    network = Network([CONV | {"kernel_size": 1}, LONG_STEPS[name], *TAIL], input_shape=(1, 40, 40))
    x, y = np.zeros((48, 1, 40, 40), np.float32), np.zeros(48, np.intp)
    events = fit(Trainer(network, batch_size=24), (x, y), epochs=1, cut=True)
    while not isinstance(next(events), StepDone):
        pass  # the first step has the pages of the memory to get as well
    taken, begun = [], time.thread_time()
    for _ in events:
        taken.append(time.thread_time() - begun)
        begun = time.thread_time()
    assert max(taken) < 0.2
    assert sum(taken) > 4 * max(taken)
