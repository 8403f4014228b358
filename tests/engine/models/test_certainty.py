"""A model that answers only where it is certain: counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ShapeError
from cnn_engine.models import Model
from cnn_engine.models.measures import THRESHOLDS, certainty

# Its logits are the logarithms of what it is given, so its probabilities are the shares of these.
SHARES = Model(
    [{"layer": "linear", "out_features": 2}],
    {"0.weight": np.eye(2), "0.bias": np.zeros(2)},
    (2,),
    ["first", "second"],
)


def of_shares(*shares):
    return np.log([[share, 1 - share] for share in shares])


def test_what_a_threshold_costs_is_as_on_paper():
    """The answers are first, second, first and second, at 90 %, 80 %, 60 % and 55 %; the third is wrong."""
    found = certainty(SHARES, of_shares(0.9, 0.2, 0.6, 0.45), np.array([0, 1, 1, 1]))
    assert found.total == 4
    at = {round(threshold, 2): index for index, threshold in enumerate(THRESHOLDS)}
    expected = {0: (4, 3), 0.5: (4, 3), 0.57: (3, 2), 0.7: (2, 2), 0.85: (1, 1), 0.95: (0, 0)}
    assert {one: (found.answered[at[one]], found.right[at[one]]) for one in expected} == expected
    assert (found.kept[at[0.57]], found.accuracy[at[0.57]]) == (0.75, 2 / 3)
    assert (found.kept[100], found.accuracy[100]) == (0, None)


def test_what_is_no_number_is_never_certain():
    found = certainty(SHARES, np.full((3, 2), np.nan), np.array([0, 0, 0]))
    assert (found.answered[0], found.answered[1]) == (3, 0)


def test_pictures_need_labels():
    with pytest.raises(ShapeError) as refused:
        certainty(SHARES, of_shares(0.5), np.array([0, 1]))
    assert refused.value.field == "labels"
