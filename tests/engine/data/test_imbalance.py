"""Data whose classes are not equally frequent, and the weights that make up for it."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data.datasets import load_dataset
from cnn_engine.data.splits import balanced_weights
from cnn_engine.errors import ParameterError
from cnn_engine.nn import Network, Trainer, evaluate, fit

ADAM = {"name": "adam", "learning_rate": 0.01}


@pytest.mark.parametrize(("name", "options"), [("digits", {}), ("shapes", {"train": 800, "size": 8})])
def test_the_first_class_is_so_many_times_as_frequent_as_the_last(name, options):
    whole, uneven = load_dataset(name, **options), load_dataset(name, imbalance=16, **options)
    counts = np.bincount(uneven.train.y)
    assert counts[0] == pytest.approx(16 * counts[-1], rel=0.1)
    ratios = counts[1:] / counts[:-1]
    assert ratios == pytest.approx(np.full(len(ratios), 16 ** (-1 / len(ratios))), rel=0.16)
    for part in ("validation", "test"):
        assert np.array_equal(uneven.parts[part].y, whole.parts[part].y)
    for label in range(len(whole.classes)):
        kept = uneven.train.x[uneven.train.y == label]
        assert np.array_equal(kept, whole.train.x[whole.train.y == label][: len(kept)])
    assert load_dataset(name, imbalance=1, **options).train.size == whole.train.size


@pytest.mark.parametrize(
    ("name", "ratio", "message"),
    [
        ("digits", 0.5, "imbalance must be from 1 to 1,000, not 0.5"),
        ("digits", 1001, "not 1001"),
        ("digits", "10", "imbalance must be a number"),
        ("digits", float("nan"), "imbalance must be finite"),
        ("angles", 4, "imbalance is for classes, and angles has none"),
    ],
)
def test_what_is_no_imbalance_is_refused(name, ratio, message):
    with pytest.raises(ParameterError, match=message) as refused:
        load_dataset(name, imbalance=ratio)
    assert refused.value.field == "imbalance"


def test_balanced_weights_by_hand():
    """Of 8 samples in 3 classes: 8 / (3 · 4), 8 / (3 · 3), 8 / (3 · 1)."""
    assert balanced_weights(np.array([0, 0, 0, 0, 1, 1, 1, 2]), 3) == pytest.approx([8 / 12, 8 / 9, 8 / 3])
    assert balanced_weights(np.array([0, 0]), 2) == [0.5, 1.0]


def test_a_rare_class_is_missed_and_found_again_with_weights():
    """The lesson: over the rarest three digits, recall is far better where each class counts the same."""
    data = load_dataset("digits", imbalance=100)
    recalls = []
    for weights in (None, balanced_weights(data.train.y, 10)):
        layers = [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
        trainer = Trainer(Network(layers, input_shape=data.input_shape), optimizer=ADAM, class_weights=weights)
        list(fit(trainer, data.train, epochs=20))
        result = evaluate(trainer, *data.validation)
        recalls.append(np.mean([score.recall for score in result.per_class[-3:]]))
    assert recalls[0] < 0.3
    assert recalls[1] > recalls[0] + 0.3
