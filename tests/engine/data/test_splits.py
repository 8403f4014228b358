"""The split: each class in its share, nothing twice, and every class left to learn from."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.data.splits import check_shares, split, stratified
from cnn_engine.errors import DataError, ParameterError


@settings(deadline=None, derandomize=True)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=80),
    st.floats(0, 0.6),
    st.floats(0, 0.39),
    st.integers(0, 1000),
)
def test_every_sample_is_in_one_part_and_every_class_is_learned(labels, validation, test, seed):
    labels = np.array(labels)
    parts = stratified(labels, validation=validation, test=test, seed=seed)
    assert sorted(np.concatenate(parts)) == list(range(len(labels)))
    for label in set(labels):
        count = np.count_nonzero(labels == label)
        train, validated, tested = (np.count_nonzero(labels[part] == label) for part in parts)
        assert train >= 1
        assert tested == min(round(count * test), count - 1)
        assert abs(validated - count * validation) <= 1 or train == 1
    for part, again in zip(parts, stratified(labels, validation=validation, test=test, seed=seed), strict=True):
        assert np.array_equal(part, again)


def test_another_seed_holds_out_others():
    labels = np.zeros(100, int)
    first, second = (stratified(labels, validation=0.1, test=0.2, seed=seed)[2] for seed in (0, 1))
    assert len(first) == len(second) == 20
    assert set(first) != set(second)


@pytest.mark.parametrize(
    ("shares", "message"),
    [
        ((0.5, 0.5), r"validation 0\.5 and test 0\.5 leave nothing to train on"),
        ((1, 0), "validation 1 must be less than 1"),
        ((0.1, -0.1), r"test -0\.1 must not be less than 0"),
        ((0.1, None), "test must be a number, not None"),
    ],
)
def test_shares_that_cannot_be(shares, message):
    with pytest.raises(ParameterError, match=message):
        check_shares(*shares)


def test_a_share_that_comes_to_nothing_is_refused():
    with pytest.raises(DataError, match=r"4 pictures are too few for validation 0\.1: .* or validation 0") as caught:
        split(np.zeros((4, 1, 2, 2), np.uint8), np.array([0, 0, 1, 1]), validation=0.1, test=0.3, seed=0)
    assert caught.value.field == "validation"
