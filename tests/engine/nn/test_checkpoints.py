"""Checkpoints: a run taken up again makes the very same numbers, and a file that is not a checkpoint does nothing."""

from __future__ import annotations

import io
import itertools
import json
import math
import tracemalloc

import numpy as np
import pytest

from cnn_engine.nn import (
    OPTIMIZERS,
    CheckpointError,
    EarlyStopping,
    Network,
    StepDone,
    SubStep,
    Trainer,
    checkpoint,
    fit,
    load,
    save,
)
from tests.engine.packing import members, npy, packed

from .runs import CONVOLUTIONAL, DRAWING, assert_same_numbers, blobs, finish, trainer_of

TRAIN, VALIDATION = blobs(21), blobs(10, seed=1)


def taken_up(trainer):
    """What comes out of a file that the trainer was saved to."""
    file = io.BytesIO()
    save(trainer, file)
    file.seek(0)
    return load(file)


def assert_resumes(make, cut, **options):
    """A run cut after so many events, saved, loaded and finished, against one that was left alone."""
    alone = make()
    events = finish(alone, TRAIN, **options)
    begun = make()
    before = list(itertools.islice(fit(begun, TRAIN, **options), cut))
    resumed = taken_up(begun)
    resumed.slow_motion = begun.slow_motion
    after = finish(resumed, TRAIN, **options)
    assert_same_numbers(alone, resumed)
    return events, before, after


EVERYTHING = {
    "optimizer": {"name": "sgd", "learning_rate": 0.2, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
    "schedule": {"name": "warm_up", "total_iters": 4, "after": {"name": "reduce_on_plateau", "patience": 0}},
    "clip_norm": 1.0,
}
EARLY = EarlyStopping(patience=2)


def test_a_run_cut_after_any_event_goes_on_to_the_same_numbers_and_tells_the_rest():
    """Dropout, batch normalisation, momentum, a schedule that remembers, clipping, early stopping with the best."""
    cut, events = 0, [None]
    while cut < len(events):
        events, before, after = assert_resumes(
            lambda: trainer_of(DRAWING, **EVERYTHING), cut, epochs=9, validation=VALIDATION, early_stopping=EARLY
        )
        assert before + after == events
        cut += 1
    assert events[-1].state == "stopped"
    assert cut > 20


def test_a_run_cut_within_a_step_in_slow_motion_goes_on_to_the_same_numbers():
    def make():
        trainer = trainer_of(DRAWING, **EVERYTHING)
        trainer.slow_motion = True
        return trainer

    for cut in range(18):
        events, before, after = assert_resumes(make, cut, epochs=2, validation=VALIDATION)
        last = before[-1] if before else None
        if not (isinstance(last, SubStep) and last.phase == "update"):  # its step counts, and is not told again
            steps = [event for event in events if isinstance(event, StepDone)]
            assert [event for event in before + after if isinstance(event, StepDone)] == steps


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_goes_on_in_the_middle_of_an_epoch(name, dtype):
    options = {"name": name, "learning_rate": 0.01} | {"rmsprop": {"centered": True, "momentum": 0.5}}.get(name, {})
    events, before, after = assert_resumes(
        lambda: trainer_of(CONVOLUTIONAL, dtype=dtype, optimizer=options, schedule={"name": "cosine", "T_max": 9}),
        cut=5,
        epochs=3,
        augment=lambda x, random: x + random.normal(0, 0.1, x.shape).astype(x.dtype),
    )
    assert before + after == events


def test_the_whole_trainer_is_there_again():
    trainer = trainer_of(DRAWING, batch_size=np.int64(7), **EVERYTHING)
    finish(trainer, TRAIN, epochs=2, validation=VALIDATION)
    trainer.learning_rate = 0.07
    other = taken_up(trainer)
    assert vars(other.progress) == vars(trainer.progress)
    assert (other.learning_rate, other.rate) == (0.07, trainer.rate)
    assert (other.batch_size, other.clip_norm, other.seed, other.criterion.name) == (7, 1.0, 0, "cross_entropy")
    assert other.optimizer.updates == trainer.optimizer.updates == 6
    assert other.schedule.state() == trainer.schedule.state()
    assert other.network.architecture == trainer.network.architecture
    np.testing.assert_array_equal(other.network(TRAIN[0]), trainer.network(TRAIN[0]))


def test_a_run_that_diverged_has_its_evidence_still():
    trainer = trainer_of(optimizer={"name": "sgd", "learning_rate": 1e12})
    end = finish(trainer, TRAIN, epochs=50)[-1]
    assert end.state == "diverged"
    again = finish(taken_up(trainer), TRAIN, epochs=50)
    assert repr(again) == repr([end])  # which may hold NaN, that equals nothing


def test_options_that_somebody_changes_later_are_not_those_of_the_trainer():
    optimizer = {"name": "adam", "learning_rate": 0.01}
    trainer = trainer_of(optimizer=optimizer)
    optimizer["name"] = "sgd"
    assert_same_numbers(taken_up(trainer), trainer)


def test_files_by_path_by_text_and_as_streams(tmp_path):
    trainer = trainer_of()
    path = tmp_path / "run.npz"
    save(trainer, path)
    assert_same_numbers(load(path), load(str(path)))
    assert [each.name for each in tmp_path.iterdir()] == ["run.npz"]
    with np.load(path, allow_pickle=False) as arrays:  # it is an .npz that NumPy reads
        np.testing.assert_array_equal(arrays["network/0.weight"], trainer.network.parameters()["0.weight"])
    with pytest.raises(FileNotFoundError):
        load(tmp_path / "none.npz")
    with pytest.raises(CheckpointError):
        load(tmp_path)


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "run.npz"
    save(trainer_of(), path)
    before = path.read_bytes()
    written = []

    def full(stream, array, **_):
        written.append(array.shape)
        if len(written) == 3:
            raise OSError("no space left on the disk")
        stream.write(b"half")

    monkeypatch.setattr(np.lib.format, "write_array", full)
    with pytest.raises(OSError, match="no space left"):
        save(trainer_of(seed=1), path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


# Files that are no checkpoint, beside what test_npz.py has for files of either kind.


@pytest.fixture(scope="module")
def good():
    """The bytes of a checkpoint, with momentum, a best state and a memory of the schedule."""
    trainer = trainer_of(DRAWING, **EVERYTHING)
    list(itertools.islice(fit(trainer, TRAIN, epochs=9, validation=VALIDATION, early_stopping=EARLY), 7))
    file = io.BytesIO()
    save(trainer, file)
    return file.getvalue()


def refusal(data):
    """What loading says."""
    with pytest.raises(CheckpointError) as refused:
        load(io.BytesIO(data))
    return str(refused.value)


def test_arrays_of_another_kind_than_the_networks_are_refused(good):
    name = "network/0.weight.npy"
    for array in (np.zeros((3, 1, 3, 4), np.float32), np.zeros((3, 1, 3, 3), np.float64)):
        assert "0.weight" in refusal(packed(members(good) | {name: npy(array)}))


def test_what_unpacks_to_far_more_than_it_is_is_refused_unread(good):
    files = members(good)
    huge = json.loads(files["about.json"])
    huge["network"]["architecture"] = ["flatten", {"layer": "linear", "out_features": 500_000}]
    bomb = packed(files | {"about.json": json.dumps(huge)})
    tracemalloc.start()
    try:
        assert "the checkpoint's network has 18,500,000 parameters" in refusal(bomb)
        assert tracemalloc.get_traced_memory()[1] < len(bomb) + 500_000
    finally:
        tracemalloc.stop()


DEEP = "[" * 400 + "]" * 400
LIES = {
    "learning_rate": ["-1", "0", "NaN", "Infinity", '"0.1"', "true", "null", "1e999"],
    "updates": ["-1", "1.5", '"3"', "NaN", "null", "true", "9" * 400],
    "best": ["1", "null", '"yes"', "false"],
    "schedule": ["null", "3", "[]", "{}", '{"best": NaN, "bad": 0, "cooling": 0, "reductions": 0}', DEEP],
    "progress": ["null", "[]", "{}", "3"],
    "progress.step": ["-1", "1.5", '"1"', "true", "null", "NaN", "9" * 400, "9" * 5000],
    "progress.epoch": ["-1", "{}"],
    "progress.batch": ["-1", "1.0"],
    "progress.seen": ["0", "-3"],
    "progress.correct": ["-2", "0.5"],
    "progress.loss_sum": ["NaN", "Infinity", '"0"'],
    "progress.best_loss": ["NaN", "-Infinity", "null"],
    "progress.phase": ['"rest"', "3", "[]", "null"],
    "progress.ended": ['"lost"', '"diverged"', "0", "null"],
    "progress.evidence": ['{"what": "loss"}', '{"step": 3}', "[]", "null", '"x"'],
    "progress.more": ["1"],
    "network": ["null", "[]", "{}"],
    "network.dtype": ['"object"', '"float16"', "null", '"O"'],
    "network.seed": ["-1", "1.5", "null"],
    "network.input_shape": ["[1, 6]", "[1, 5000, 5000]", "[1, 6, -6]", '"166"', "null", "[[1], 6, 6]", DEEP],
    "network.initialisation": ['"ones"', "null"],
    "network.architecture": ['"relu"', "[]", "null", '["transformer"]', '[{"layer": "flatten", "x": 1}]', DEEP],
    "trainer.optimizer": ['"lion"', '{"name": "adam", "lr": 1}', "null", DEEP],
    "trainer.schedule": ['"weekly"', "3"],
    "trainer.loss": ['"hinge"', "null"],
    "trainer.batch_size": ["0", "1.5", "null"],
    "trainer.clip_norm": ["0", "NaN", '"1"'],
    "trainer.seed": ["-1", "null"],
    "trainer.processes": ["2"],
}


@pytest.mark.parametrize("dotted", LIES)
def test_a_description_that_cannot_be_is_refused(good, dotted):
    files = members(good)
    for lie in LIES[dotted]:
        about = json.loads(files["about.json"])
        *path, last = dotted.split(".")
        part = about
        for step in path:
            part = part[step]
        part[last] = "HERE"
        text = json.dumps(about).replace('"HERE"', lie)
        assert refusal(packed(files | {"about.json": text})), lie


def test_damaged_weights_are_taken_as_they_are_and_end_the_run():
    """A run that diverged may be saved, so that a number that is none is no damage; training tells it."""
    trainer = Trainer(Network(CONVOLUTIONAL, input_shape=(1, 6, 6)), batch_size=8)
    trainer.network.parameters()["0.weight"][...] = math.nan
    events = finish(taken_up(trainer), TRAIN, epochs=1)
    assert [event.name for event in events] == ["end"]
    assert events[0].state == "diverged"


def test_the_version_is_one(good):
    assert checkpoint.FORMAT.version == 1  # raise it when a file of before can no longer be read as it was meant
    assert json.loads(members(good)["about.json"])["version"] == 1
