"""Training that stops inside a step: the same numbers, to the last bit, and short pieces of a long step."""

from __future__ import annotations

import io
import itertools
import time

import numpy as np
import pytest

from cnn_engine.nn import Network, StepDone, Trainer, Underway, Validated, fit, load, parts, save, work
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
    result = finish(whole, TRAIN, epochs=2, validation=VALIDATION)
    events = finish(cut, TRAIN, epochs=2, validation=VALIDATION, cut=True)
    assert [event for event in events if not isinstance(event, Underway)] == result
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


WILD = {"optimizer": {"name": "sgd", "learning_rate": 1e300}, "batch_size": 21}
DIVERGING = {
    "a step": ({"optimizer": {"name": "sgd", "learning_rate": 1e12}, "batch_size": 40}, blobs(75), VALIDATION, 50),
    "the last parameters": (WILD, blobs(21), None, 1),
    "a validation": (WILD, blobs(21), VALIDATION, 1),
}


@pytest.mark.usefixtures("everything_is_long")
@pytest.mark.parametrize("what", DIVERGING)
def test_the_evidence_of_a_run_that_diverges_is_gathered_in_pieces(what):
    options, train, validation, epochs = DIVERGING[what]
    result = finish(trainer_of(**options), train, epochs=epochs, validation=validation)
    assert result[-1].state == "diverged"
    assert result[-1].evidence["layers"][0]["activation"] > 1e6
    events = finish(trainer_of(**options), train, epochs=epochs, validation=validation, cut=True)
    assert repr([event for event in events if not isinstance(event, Underway)]) == repr(result)  # no NaN equals another
    last = [isinstance(event, Underway) for event in events[:-1] if not isinstance(event, Validated)]
    assert all(last[-4:])


@pytest.mark.usefixtures("everything_is_long")
def test_what_layers_give_is_looked_at_in_pieces():
    """Slow motion tells what each layer gave: the pass that finds it out is cut as the step is."""
    events = {}
    for cut in (False, True):
        trainer = trainer_of()
        trainer.slow_motion = True
        steps = fit(trainer, TRAIN, epochs=1, cut=cut)
        events[cut] = [next(event for event in steps if not isinstance(event, Underway)) for _ in range(4)]
    for whole, piece in zip(events[False], events[True], strict=True):
        assert (piece.phase, piece.step) == (whole.phase, whole.step)
        assert all(np.array_equal(piece.activations[at], array) for at, array in whole.activations.items())
    trainer = trainer_of()
    trainer.slow_motion = True
    steps = fit(trainer, TRAIN, epochs=1, cut=True)
    pieces = list(itertools.takewhile(lambda event: isinstance(event, Underway), steps))
    assert len(pieces) >= 3 * len(trainer.network.layers)  # forward, backward, and forward once more to see it


def test_the_answers_of_a_network_that_has_diverged_are_looked_at_a_few_at_a_time(monkeypatch):
    sizes, plan_of = [], parts.Plan

    def noted(layers, store, size, **options):
        if not options["training"]:
            sizes.append(size)
        return plan_of(layers, store, size, **options)

    monkeypatch.setattr(parts, "Plan", noted)
    trainer = trainer_of(batch_size=4)
    found = parts.done(trainer.largest_answers_pieces(TRAIN[0][:64]))
    assert max(sizes) <= 4
    assert found == [float(np.abs(array).max()) for array in trainer.network.activations(TRAIN[0][:64])]


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
