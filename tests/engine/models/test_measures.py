"""What preparing and moving pictures does to the shipped models: counted by hand, and as the file has it."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.models import SHIPPED, Model, shipped
from cnn_engine.models.measures import WAYS, Measured, measured, shipped_certainty, shipped_measures

# It answers "middle" where the pixel in the middle of three is larger than 0.5, else "beside".
MIDDLE = Model(
    ["flatten", {"layer": "linear", "out_features": 2}],
    {"1.weight": np.array([[0, 1, 0], [0, 0, 0]], float), "1.bias": np.array([0, 0.5])},
    (1, 1, 3),
    ["middle", "beside"],
)


def test_what_moving_costs_is_as_on_paper(monkeypatch):
    """Both are right as they are. Moved to the right the first is read wrongly, moved to the left both are."""
    monkeypatch.setattr("cnn_engine.models.measures.WAYS", ((0, 1), (0, -1)))
    pictures = np.array([[[[0, 1, 0]]], [[[0, 0, 1]]]], float)
    found = measured(MIDDLE, pictures, np.array([0, 1]), {"crop": pictures[::-1]})
    assert found == Measured(2, 2, [1, 0], {"crop": 0})
    assert (found.read, found.read_moved, found.read_without) == (1, 0.25, {"crop": 0})


def test_every_shipped_model_was_measured_on_what_its_accuracy_is_of():
    assert set(shipped_measures()) == set(SHIPPED)
    for name, one in shipped_measures().items():
        counts = shipped_certainty()[name]
        assert (one.total, one.right) == (counts.total, counts.right[0])
        assert one.read == pytest.approx(shipped(name).accuracy, abs=6e-5)
        assert len(one.moved) == len(WAYS)
    assert set(shipped_measures()["digits"].without) == set(shipped("digits").prepare)


def test_what_the_file_says_is_what_is_counted():
    test = load_dataset("shapes-colour", train=8).test
    assert measured(shipped("shapes-colour"), test.x, test.y) == shipped_measures()["shapes-colour"]


def test_a_dense_layer_asks_where_and_global_average_pooling_does_not():
    digits, shapes = shipped_measures()["digits"], shipped_measures()["shapes-colour"]
    assert digits.read - digits.read_moved > 0.15
    assert shapes.read - shapes.read_moved < 0.02
    assert digits.read - digits.read_without["deskew"] > 0.05
