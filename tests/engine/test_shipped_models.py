"""The models that are there when the page opens: what they get right, of pictures that they never learned from."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.data.preparation import STEPS, prepare
from cnn_engine.data.sheets import resize
from cnn_engine.models import SHIPPED, shipped
from cnn_engine.models.storage import FOLDER

SETS = [name for name in SHIPPED if name != "digits"]


def right(name, pictures, labels):
    """The share of pictures that a model gets right."""
    answers = shipped(name).network(np.asarray(pictures, np.float64)).reshape(len(labels), -1)
    return np.mean(answers.argmax(axis=1) == labels)


def test_they_are_there():
    assert set(SHIPPED) == {"digits", "shapes-colour", "orientations", "clothes"}
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 300_000
    for name in SHIPPED:
        model = shipped(name)
        assert model.name
        assert model.source
        assert model.accuracy is not None
        assert all(array.dtype == np.float16 for array in model.parameters.values())


@pytest.mark.parametrize("name", SETS)
def test_a_model_of_a_data_set_gets_as_much_of_its_test_part_right_as_it_says(name):
    model, test = shipped(name), load_dataset(name).test
    assert model.input_shape == test.x.shape[1:]
    assert right(name, test.x, test.y) == pytest.approx(model.accuracy, abs=0.015)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_model_knows_samples_that_it_gets_right(name):
    source = dict(shipped(name).dataset)
    samples = load_dataset(source.pop("name"), **source | {"train": 1}).validation
    pictures = drawn(samples.x[:200]) if name == "digits" else samples.x[:200]
    assert right(name, pictures, samples.y[:200]) > 0.8


def test_one_ends_in_dense_layers_and_one_in_global_average_pooling():
    assert shipped("digits").architecture[-1]["layer"] == "linear"
    assert shipped("shapes-colour").architecture[-1]["layer"] == "global_avg_pool2d"


def drawn(pictures, **left_out):
    """Pictures (N, 1, rows, columns) as the model of digits receives them."""
    steps = dict.fromkeys(STEPS, True) | left_out
    return np.stack([prepare(one, steps, input_shape=(1, 28, 28)).input for one in pictures])


@pytest.fixture(scope="module")
def strokes():
    return load_dataset("strokes", train=1, validation=0, test=400, seed=2026).test


def test_digits_drawn_with_a_pen_are_read(strokes):
    """As they come from a canvas: large, anywhere, dark on bright."""
    canvas = 1 - np.pad(np.kron(strokes.x, np.ones((1, 1, 3, 3))), ((0, 0), (0, 0), (90, 6), (4, 70)))
    assert right("digits", drawn(canvas), strokes.y) > 0.94


def test_what_is_not_prepared_is_read_worse(strokes):
    x, y = strokes.x[:200], strokes.y[:200]
    prepared = drawn(x)
    crooked = right("digits", drawn(x, deskew=False), y)
    moved = right("digits", np.roll(prepared, 3, axis=3), y)
    assert right("digits", prepared, y) > max(crooked, moved) + 0.03


def test_real_handwriting_is_read():
    """UCI's digits have 8 × 8 pixels: enlarged they are blots, but written by people, and never learned from.

    Of all of them `scripts/train_models.py` measured 90.4 %; here it is every other one.
    """
    parts = load_dataset("digits").parts.values()
    x, y = (np.concatenate(both)[::2] for both in zip(*parts, strict=True))
    large = resize(x[:, 0].astype(np.float64), (64, 64))
    ink = 1 / (1 + np.exp(-12 * (large - 0.5)))
    assert right("digits", drawn(ink[:, None]), y) > 0.89
