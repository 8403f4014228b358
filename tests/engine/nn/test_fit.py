"""fit(): what it tells, when it works and when it waits, and that its numbers do not depend on how it is watched."""

from __future__ import annotations

import itertools
import math
import threading
import time
from collections import Counter

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError
from cnn_engine.nn import EarlyStopping, Ended, EpochDone, Network, StepDone, SubStep, Trainer, Validated, fit
from cnn_engine.nn.parts import done
from cnn_engine.words import Message

from .runs import CONVOLUTIONAL, DRAWING, assert_same_numbers, blobs, finish, numbers_of, trainer_of

TRAIN, VALIDATION = blobs(21), blobs(10, seed=1)
EVERYTHING = {
    "optimizer": {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9},
    "schedule": {"name": "cosine", "T_max": 4},
    "clip_norm": 1.0,
}


def shuffled_truth(seed=2):
    """A validation set that training makes worse."""
    x, y = VALIDATION
    return x, np.random.default_rng(seed).permutation(1 - y)


def test_it_tells_steps_epochs_validations_and_the_end_in_order():
    trainer = trainer_of()
    events = finish(trainer, TRAIN, epochs=2, validation=VALIDATION)
    epoch = ["step", "step", "step", "epoch", "validation"]
    assert [event.name for event in events] == [*epoch, *epoch, "end"]
    steps = [event for event in events if isinstance(event, StepDone)]
    assert [event.step for event in steps] == [1, 2, 3, 4, 5, 6]
    assert [event.epoch for event in steps] == [1, 1, 1, 2, 2, 2]
    assert [event.samples for event in steps] == [8, 8, 5, 8, 8, 5]  # the last batch is smaller
    for epoch_done, part in zip([events[3], events[8]], [steps[:3], steps[3:]], strict=True):
        assert isinstance(epoch_done, EpochDone)
        assert epoch_done.loss == pytest.approx(sum(event.loss * event.samples for event in part) / 21, rel=1e-12)
        assert epoch_done.accuracy == pytest.approx(sum(event.accuracy * event.samples for event in part) / 21)
    assert isinstance(events[4], Validated)
    assert isinstance(events[9], Validated)
    assert (events[9].loss, events[9].accuracy) == trainer.evaluate(*VALIDATION)
    assert events[-1] == Ended("finished", 6, 2, Message("ends.complete", {"epochs": 2}))
    assert events[-1].reason == "2 epochs are complete"


def test_it_works_only_when_it_is_asked_with_no_thread_and_no_clock(monkeypatch):
    def refuse(*_):
        raise AssertionError("fit looked at a clock or made a thread")

    for clock in ("time", "monotonic", "perf_counter", "process_time", "sleep"):
        monkeypatch.setattr(time, clock, refuse)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    trainer = trainer_of()
    before = numbers_of(trainer)
    events = fit(trainer, TRAIN, epochs=1, validation=VALIDATION)
    assert trainer.progress.step == 0
    for steps in (1, 2, 3):
        next(events)
        assert trainer.progress.step == steps
        assert trainer.progress.epoch == 0  # what comes after a step waits to be asked for
    events.close()
    assert any((array != before[name]).any() for name, array in numbers_of(trainer).items())


@pytest.mark.parametrize("size", [1, 2, 8, 20, 21])
def test_every_sample_is_used_once_an_epoch_whatever_the_batch(size):
    seen = []

    def spy(x, _):
        seen.append(x[:, 0, 0, 0].tolist())
        return x

    trainer = trainer_of(batch_size=size)
    finish(trainer, TRAIN, epochs=2, augment=spy)
    sizes = [size] * (21 // size) + [21 % size] * (21 % size > 0)
    assert [len(batch) for batch in seen] == sizes * 2
    flat = list(itertools.chain(*seen))
    assert Counter(flat[:21]) == Counter(flat[21:]) == Counter(TRAIN[0][:, 0, 0, 0].tolist())
    assert flat[:21] != flat[21:]
    assert flat[:21] != TRAIN[0][:, 0, 0, 0].tolist()


def truth_of(x):
    """The truth of samples of TRAIN, each found by its first value."""
    truth = dict(zip(TRAIN[0][:, 0, 0, 0].tolist(), TRAIN[1].tolist(), strict=True))
    return np.array([truth[value] for value in x[:, 0, 0, 0].tolist()])


def test_its_steps_are_those_of_step():
    """The same batches by hand, in the order that the spy saw."""
    batches = []
    trainer, by_hand = trainer_of(DRAWING), trainer_of(DRAWING)
    events = finish(trainer, TRAIN, epochs=2, augment=lambda x, _: batches.append(x.copy()) or x)
    losses = [by_hand.step(x, truth_of(x)) for x in batches]
    assert losses == [event.loss for event in events if isinstance(event, StepDone)]
    assert_same_numbers(trainer, by_hand)


def test_the_same_seed_gives_the_same_run_and_another_seed_another():
    runs = []
    for seed in (3, 3, 4):
        trainer = trainer_of(DRAWING, seed=seed, **EVERYTHING)
        runs.append((finish(trainer, TRAIN, epochs=3, validation=VALIDATION), trainer))
    assert runs[0][0] == runs[1][0]
    assert_same_numbers(runs[0][1], runs[1][1])
    assert runs[0][0] != runs[2][0]


@pytest.mark.parametrize("architecture", [CONVOLUTIONAL, DRAWING])
def test_slow_motion_shows_more_and_changes_nothing(architecture):
    quick, slow = trainer_of(architecture, **EVERYTHING), trainer_of(architecture, **EVERYTHING)
    slow.slow_motion = True
    result = finish(quick, TRAIN, epochs=2, validation=VALIDATION)
    events = []
    for event in fit(slow, TRAIN, epochs=2, validation=VALIDATION):
        events.append(event)
        slow.gradients(TRAIN[0][:3], TRAIN[1][:3])  # somebody looks at something else meanwhile
        slow.evaluate(*TRAIN)
    assert [event for event in events if not isinstance(event, SubStep)] == result
    assert [event.name for event in events[:6]] == ["substep"] * 4 + ["step", "substep"]
    assert_same_numbers(quick, slow)


def test_the_parts_of_a_step_are_what_they_say():
    trainer, still = (trainer_of(optimizer={"name": "sgd", "learning_rate": 0.5}) for _ in range(2))
    trainer.slow_motion, batches = True, []
    events = fit(trainer, TRAIN, epochs=1, augment=lambda x, _: batches.append(x.copy()) or x)
    forward, loss_part, backward, update = itertools.islice(events, 4)
    (x,), y = batches, truth_of(batches[0])
    before, wanted = still.network.state(), still.gradients(x, y)
    outputs, layers = still.network(x), still.network.activations(x)
    loss = still.evaluate(x, y).loss
    assert [part.phase for part in (forward, loss_part, backward, update)] == ["forward", "loss", "backward", "update"]
    assert [part.step for part in (forward, loss_part, backward, update)] == [1] * 4
    np.testing.assert_allclose(forward.arrays["outputs"], outputs, rtol=1e-5, atol=1e-6)
    for at, layer in forward.activations.items():
        np.testing.assert_allclose(layer, layers[at], rtol=1e-5, atol=1e-6)
    assert loss_part.arrays["loss"] == pytest.approx(loss, rel=1e-6)
    for name, gradient in wanted.items():
        np.testing.assert_array_equal(backward.arrays[name], gradient)
        np.testing.assert_allclose(update.arrays[name], -0.5 * gradient, atol=1e-6)
        np.testing.assert_allclose(trainer.network.parameters()[name], before[name] - 0.5 * gradient, atol=1e-6)
    assert trainer.progress.step == 1


def test_nothing_is_learned_from_the_validation_set():
    for architecture in (CONVOLUTIONAL, DRAWING):
        alone, watched = trainer_of(architecture), trainer_of(architecture)
        finish(alone, TRAIN, epochs=3)
        finish(watched, TRAIN, epochs=3, validation=shuffled_truth())
        assert_same_numbers(alone, watched)


def test_it_stops_early_and_takes_back_the_best():
    trainer = trainer_of(optimizer={"name": "adam", "learning_rate": 0.05})
    states, losses, end = {}, {}, None
    for event in fit(trainer, TRAIN, epochs=50, validation=shuffled_truth(), early_stopping=EarlyStopping(patience=3)):
        if isinstance(event, Validated):
            states[event.epoch], losses[event.epoch] = trainer.network.state(), event.loss
            assert event.best == (event.loss == min(losses.values()))
        end = event
    best = min(losses, key=losses.get)
    assert end == Ended("stopped", end.step, best + 3, Message("ends.stopped_early", {"epoch": best}))
    assert end.reason == f"the validation loss has not fallen since epoch {best}"
    for name, array in trainer.network.state().items():
        np.testing.assert_array_equal(array, states[best][name])
        assert name.endswith("bias") or (array != states[best + 3][name]).any()


def test_without_restore_best_it_stays_as_it_was_when_it_stopped():
    trainer = trainer_of(optimizer={"name": "adam", "learning_rate": 0.05})
    early, last = EarlyStopping(patience=2, restore_best=False), {}
    for event in fit(trainer, TRAIN, epochs=50, validation=shuffled_truth(), early_stopping=early):
        last = trainer.network.state() if isinstance(event, Validated) else last
    assert trainer.progress.ended == "stopped"
    for name, array in trainer.network.state().items():
        np.testing.assert_array_equal(array, last[name])


def test_a_loss_that_falls_by_less_than_min_delta_does_not_count():
    trainer = trainer_of(optimizer={"name": "sgd", "learning_rate": 1e-3})
    early = EarlyStopping(patience=2, min_delta=0.5)
    events = finish(trainer, TRAIN, epochs=50, validation=VALIDATION, early_stopping=early)
    validated = [event for event in events if isinstance(event, Validated)]
    assert validated[2].loss < validated[0].loss  # it does fall
    assert [event.best for event in validated] == [True, False, False]
    assert events[-1].state == "stopped"


def test_the_learning_rate_may_be_changed_at_any_moment():
    trainer = trainer_of(
        optimizer={"name": "sgd", "learning_rate": 0.1}, schedule={"name": "exponential", "gamma": 0.5}
    )
    rates = []
    for event in fit(trainer, TRAIN, epochs=2):
        if isinstance(event, StepDone):
            rates.append(event.learning_rate)
        if getattr(event, "step", 0) == 2:
            trainer.learning_rate = 0.8
    assert rates == [0.1, 0.1, 0.8, 0.4, 0.4, 0.4]


def test_a_learning_rate_set_in_the_middle_of_a_step_is_that_steps():
    trainer = trainer_of(optimizer={"name": "sgd", "learning_rate": 0.1})
    trainer.slow_motion = True
    events = fit(trainer, TRAIN, epochs=1)
    parts = [next(events) for _ in range(3)]
    trainer.learning_rate = 0.3
    update, done = next(events), next(events)
    assert done.learning_rate == 0.3
    for name, gradient in parts[2].arrays.items():
        np.testing.assert_allclose(update.arrays[name], -0.3 * gradient, atol=1e-6)


def test_augmentation_changes_what_is_trained_on_and_nothing_else():
    x, y = TRAIN[0].copy(), TRAIN[1].copy()
    draws = []

    def spoil(batch, random):
        draws.append(random.random())
        batch[...] = 0  # its own copy
        return batch

    trainer = trainer_of()
    events = finish(trainer, (x, y), epochs=2, validation=VALIDATION, augment=spoil)
    np.testing.assert_array_equal(x, TRAIN[0])
    assert len(set(draws)) == 6
    first = next(event for event in events if isinstance(event, StepDone))
    assert first.loss == pytest.approx(math.log(2), rel=1e-6)  # nothing but zeros: either class is as likely
    assert events[-2].loss == trainer.evaluate(*VALIDATION).loss  # which was not spoilt
    again = list(draws)
    draws.clear()
    finish(trainer_of(), (x, y), epochs=2, validation=VALIDATION, augment=spoil)
    assert draws == again


@pytest.mark.parametrize(
    ("augment", "message"),
    [
        (lambda x, _: x[:2], "augment gave 2 samples for 8"),
        (lambda x, _: x[:, :, :3], "x of shape (8, 1, 3, 6) must be samples of shape 1 × 6 × 6"),
        (lambda x, _: x > 0, "x must hold real numbers, not bool"),
    ],
)
def test_augmentation_that_does_not_give_such_a_batch_is_refused(augment, message):
    trainer = trainer_of()
    with pytest.raises((ParameterError, ShapeError)) as refused:
        next(fit(trainer, TRAIN, epochs=1, augment=augment))
    assert str(refused.value).startswith(message)
    assert trainer.progress.step == 0


def test_weight_decay_alone_shrinks_the_weights_by_a_known_factor():
    """Zeros in, no bias: the gradient is 0, and each step multiplies by 1 − rate · weight_decay."""
    layers = [{"layer": "flatten"}, {"layer": "linear", "out_features": 2, "bias": False}]
    for name in ("sgd", "adamw"):
        trainer = trainer_of(layers, dtype="float64", optimizer={"name": name, "learning_rate": 0.1, "weight_decay": 2})
        before = trainer.network.state()["1.weight"]
        finish(trainer, (np.zeros_like(TRAIN[0]), TRAIN[1]), epochs=2)
        np.testing.assert_allclose(trainer.network.state()["1.weight"], before * 0.8**6, rtol=1e-12)


def test_a_finished_run_goes_on_where_more_epochs_are_asked_for():
    at_once, in_two = trainer_of(DRAWING, **EVERYTHING), trainer_of(DRAWING, **EVERYTHING)
    finish(at_once, TRAIN, epochs=3, validation=VALIDATION)
    assert finish(in_two, TRAIN, epochs=1, validation=VALIDATION)[-1].state == "finished"
    assert [event.name for event in fit(in_two, TRAIN, epochs=1, validation=VALIDATION)] == ["end"]
    finish(in_two, TRAIN, epochs=3, validation=VALIDATION)
    assert_same_numbers(at_once, in_two)


# A run that diverges ends, with the evidence, and raises nothing (warnings are errors in the tests).


def test_a_rate_far_too_large_ends_the_run_as_diverged_with_the_evidence():
    trainer = trainer_of(optimizer={"name": "sgd", "learning_rate": 1e12})
    events = finish(trainer, TRAIN, epochs=50, validation=VALIDATION)
    end = events[-1]
    assert (end.state, end.step) == ("diverged", trainer.progress.step)
    evidence = end.evidence
    assert evidence["step"] == end.step + 1
    assert evidence["learning_rate"] == 1e12
    assert end.reason == f"the {evidence['what']} of step {evidence['step']} is not " + (
        "finite" if evidence["what"] == "gradient" else "a finite number"
    )
    assert not (math.isfinite(evidence["loss"]) and math.isfinite(evidence["gradient_norm"]))
    rows = evidence["layers"]
    assert [row["kind"] for row in rows] == [entry["layer"] for entry in CONVOLUTIONAL]
    assert [row["layer"] for row in rows] == list(range(5))
    assert all(row["activation"] > 1e6 for row in rows)
    assert [row["gradient"] is None for row in rows] == [False, True, True, True, False]
    assert [event.name for event in fit(trainer, TRAIN, epochs=50, validation=VALIDATION)] == ["end"]


def test_a_schedule_that_grows_beyond_all_floats_ends_as_diverged():
    trainer = trainer_of(
        optimizer={"name": "sgd", "learning_rate": 1e-300},
        schedule={"name": "exponential", "gamma": 1e200, "per": "step"},
    )
    assert finish(trainer, TRAIN, epochs=9)[-1].state == "diverged"


def test_an_infinite_gradient_of_a_finite_loss_diverges_before_the_update():
    """The square of 4e18 is a float32 still; twice that times an input of 1e20 is not."""
    network = Network([{"layer": "linear", "out_features": 1}], input_shape=(1,))
    network.load({"0.weight": [[0.0]], "0.bias": [0.0]})
    trainer = Trainer(network, loss="mse", batch_size=1)
    events = finish(trainer, (np.full((1, 1), 1e20), np.full(1, 4e18)), epochs=1)
    assert events[-1].evidence["what"] == "gradient"
    assert events[-1].evidence["loss"] == pytest.approx(1.6e37)
    assert events[-1].evidence["layers"] == [{"layer": 0, "kind": "linear", "activation": 0, "gradient": math.inf}]
    assert network.parameters()["0.weight"] == 0


def test_a_last_step_that_breaks_the_network_is_found_out():
    """No later step looks at it: without a validation set by the parameters, with one by its loss."""
    for validation, what in ((None, "parameters"), (VALIDATION, "validation loss")):
        trainer = trainer_of(batch_size=21, optimizer={"name": "sgd", "learning_rate": 1e300})
        events = finish(trainer, TRAIN, epochs=1, validation=validation)
        end = events[-1]
        assert (end.state, end.step, end.evidence["what"]) == ("diverged", 1, what)
        assert end.evidence["learning_rate"] == 1e300
        assert end.reason == (
            "the parameters after step 1 are not finite numbers"
            if validation is None
            else "the validation loss after step 1 is not a finite number"
        )
        assert [row["activation"] for row in end.evidence["layers"]] == [math.inf] * 5


# What is refused, at the call and before anything is trained.

X, Y = TRAIN
NAN = X.copy()
NAN[4, 0, 0, 0] = math.nan
REFUSED = [
    ({"train": X}, "train", "train must be a pair (x, y)"),
    ({"train": (X[:0], Y[:0])}, "x", "x holds no sample"),
    ({"train": (X[:5], Y[:5])}, "batch_size", "batch_size 8 exceeds the 5 training samples"),
    ({"train": (X, Y[:5])}, "y", "y of shape (5,) must have one class index for each of 21 samples"),
    ({"train": (X, Y + 1)}, "y", "y holds class 2 where the network has classes 0 to 1"),
    ({"train": (NAN, Y)}, "train", "train holds values that are not finite numbers: sample 4"),
    ({"validation": (NAN, Y)}, "validation", "validation holds values that are not finite numbers: sample 4"),
    ({"validation": X}, "validation", "validation must be a pair (x, y)"),
    ({"epochs": 0}, "epochs", "epochs 0 is less than 1"),
    ({"epochs": 1.5}, "epochs", "epochs must be a whole number, not 1.5"),
    ({"epochs": True}, "epochs", "epochs must be a whole number, not True"),
    ({"early_stopping": EarlyStopping()}, "early_stopping", "early_stopping needs a validation set"),
    (
        {"early_stopping": 3, "validation": VALIDATION},
        "early_stopping",
        "early_stopping must be an EarlyStopping, not 3",
    ),
    ({"augment": 3}, "augment", "augment must be a function, not 3"),
]


@pytest.mark.parametrize(("options", "field", "message"), REFUSED)
def test_what_fit_refuses(options, field, message):
    trainer = trainer_of()
    with pytest.raises((ParameterError, ShapeError)) as refused:
        fit(trainer, **{"train": TRAIN, "epochs": 1} | options)
    assert (str(refused.value), refused.value.field) == (message, field)


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"patience": 0}, "patience", "patience 0 is less than 1"),
        ({"min_delta": -0.1}, "min_delta", "min_delta -0.1 must not be less than 0"),
        ({"min_delta": math.nan}, "min_delta", "min_delta must be finite, not nan"),
        ({"restore_best": 1}, "restore_best", "restore_best must be true or false, not 1"),
    ],
)
def test_what_early_stopping_refuses(options, field, message):
    with pytest.raises(ParameterError) as refused:
        EarlyStopping(**options)
    assert (str(refused.value), refused.value.field) == (message, field)


def test_a_run_is_taken_up_again_only_with_sets_that_it_fits():
    trainer = trainer_of()
    events = fit(trainer, TRAIN, epochs=2, validation=VALIDATION)
    for _ in range(2):
        next(events)
    with pytest.raises(ParameterError, match="the run has done 2 batches of its epoch, and train has only 1: go on"):
        fit(trainer, (X[:8], Y[:8]), epochs=2, validation=VALIDATION)
    for _ in range(2):
        next(events)
    with pytest.raises(ParameterError, match="the run was about to validate: go on with its validation set"):
        fit(trainer, TRAIN, epochs=2)
    assert finish(trainer, TRAIN, epochs=2, validation=VALIDATION)[0].name == "validation"


def test_what_is_not_finite_in_a_later_part_of_a_batch_is_found():
    trainer, (x, y) = trainer_of(batch_size=64), blobs(64)
    x[-1] = np.inf
    trainer.gradients(x, y)
    assert math.isinf(done(trainer.largest_pieces())[0]["activation"])
