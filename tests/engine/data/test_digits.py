"""The handwritten digits: what the file holds, how it is split, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.data.stored import DIGITS
from cnn_engine.errors import ParameterError

COUNTS = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]  # of each digit, as UCI tells them of its test set


@pytest.fixture(scope="module")
def digits():
    return load_dataset("digits")


def test_the_parts_are_all_of_ucis_test_set(digits):
    parts = digits.parts.values()
    assert np.bincount(np.concatenate([part.y for part in parts])).tolist() == COUNTS
    pixels = np.concatenate([part.x for part in parts])
    assert pixels.shape == (1797, 1, 8, 8)
    assert pixels.dtype == np.float32
    levels = pixels * 16
    assert np.array_equal(levels, np.rint(levels))
    assert (levels.min(), levels.max()) == (0, 16)


def test_no_sample_is_in_two_parts_and_each_part_has_its_share_of_every_class(digits):
    seen = [{image.tobytes() for image in part.x} for part in digits.parts.values()]
    assert sum(map(len, seen)) == len(set.union(*seen)) == 1797
    assert digits.sizes == {"train": 1259, "validation": 179, "test": 359}
    for label, count in enumerate(COUNTS):
        assert np.count_nonzero(digits.test.y == label) == round(count / 5)
        assert np.count_nonzero(digits.validation.y == label) == round(count / 10)


def test_the_first_zero_of_the_training_part_reads_as_a_zero(digits):
    """The first digit of UCI's file, a zero that is printed in many books."""
    zero = digits.train.x[0, 0] * 16
    assert digits.train.y[0] == 0
    assert zero[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]
    assert zero[3].tolist() == [0, 4, 12, 0, 0, 8, 8, 0]


def test_fewer_training_samples_leave_the_held_out_parts_alone(digits):
    few = load_dataset("digits", train=50)
    assert np.array_equal(few.train.x, digits.train.x[:50])
    assert np.array_equal(few.test.y, digits.test.y)
    assert set(few.train.y) == set(range(10))


def test_the_arrays_cannot_be_changed_by_accident(digits):
    with pytest.raises(ValueError, match="read-only"):
        digits.train.x[0] = 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"train": 1260}, "train 1260 exceeds the 1,259 training samples of digits"),
        ({"train": 0}, "train 0 is less than 1"),
        ({"train": True}, "train must be a whole number, not True"),
        ({"size": 9}, 'dataset digits has no option "size"; its options: train'),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(ParameterError, match=message) as caught:
        load_dataset("digits", **options)
    assert caught.value.field == next(iter(options))


@pytest.mark.parametrize("name", ["mnist", "", None, 3])
def test_an_unknown_name_is_refused(name):
    with pytest.raises(ParameterError, match=r'dataset .* is none of "digits"'):
        load_dataset(name)


def test_the_file_is_small_and_its_terms_are_recorded():
    assert DIGITS.file.stat().st_size < 46_000
    notice = (DIGITS.file.parents[2] / "NOTICE").read_text("utf-8")
    assert "\ndigits.npz, from optdigits.tes\n" in notice
    assert "Creative Commons Attribution 4.0" in notice
