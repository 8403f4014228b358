"""Augmentation: worked by hand, against NumPy's own turning and rolling and a naive loop, and what always holds."""

from __future__ import annotations

import json
import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.data import Augmentation, load_dataset
from cnn_engine.data.augment import warp
from cnn_engine.errors import ConvoscopeError, ParameterError, ShapeError
from cnn_engine.nn import Network, Trainer, fit

thorough = settings(deadline=None, max_examples=150, derandomize=True)  # the same cases in every run


def pictures(shape=(5, 2, 7, 9), seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


def looked_up(image, row, col, fill):
    """One value of one channel between pixels, by the definition."""
    height, width = image.shape
    if fill == "edge":
        row, col = min(max(row, 0), height - 1), min(max(col, 0), width - 1)
    total = 0.0
    for r in (math.floor(row), math.floor(row) + 1):
        for c in (math.floor(col), math.floor(col) + 1):
            weight = (1 - abs(row - r)) * (1 - abs(col - c))
            if weight > 0 and 0 <= r < height and 0 <= c < width:
                total += weight * image[r, c]
    return total


def naive(image, turn, zoom, right, down, fill):
    """One channel, one pixel at a time."""
    height, width = image.shape
    middle_row, middle_col = (height - 1) / 2, (width - 1) / 2
    c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    result = np.zeros_like(image)
    for row in range(height):
        for col in range(width):
            over, up = col - middle_col - right, -(row - middle_row - down)
            from_over, from_up = (c * over + s * up) / zoom, (-s * over + c * up) / zoom
            result[row, col] = looked_up(image, middle_row - from_up, middle_col + from_over, fill)
    return result


@pytest.mark.parametrize("options", [{"rotate": 30, "shift": 0.3}, {"noise": 0.2}, {"scale": 0.4, "noise": 0.1}, {}])
@pytest.mark.parametrize("shape", [(5, 2, 7, 9), (3, 1, 63, 67)])
def test_one_picture_of_a_batch_is_as_it_is_with_all_the_others(options, shape):
    x, augment = pictures(shape), Augmentation(**options)
    whole = augment(x, np.random.default_rng(4))
    for index in range(len(x)):
        alone = augment.of_one(x[index : index + 1], index, len(x), np.random.default_rng(4))
        np.testing.assert_array_equal(alone[0], whole[index])


def test_one_picture_of_a_large_batch_takes_little_room():
    tracemalloc.start()
    augment = Augmentation(rotate=10, noise=0.1)
    augment.of_one(pictures((1, 1, 64, 64)), 3_999, 4_000, np.random.default_rng(4))
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_shifts_and_halves_by_hand():
    x = np.array([[[[1, 2, 3], [4, 5, 6]]]], np.float32)
    assert warp(x, right=1)[0, 0].tolist() == [[0, 1, 2], [0, 4, 5]]
    assert warp(x, right=1, fill="edge")[0, 0].tolist() == [[1, 1, 2], [4, 4, 5]]
    assert warp(x, down=-1)[0, 0].tolist() == [[4, 5, 6], [0, 0, 0]]
    assert warp(x, right=-0.5)[0, 0].tolist() == [[1.5, 2.5, 1.5], [4.5, 5.5, 3]]
    assert warp(x, right=-0.5, fill="edge")[0, 0].tolist() == [[1.5, 2.5, 3], [4.5, 5.5, 6]]


def test_twice_the_size_by_hand():
    x = np.array([[[[0, 8, 0]]]], np.float32)
    assert warp(x, zoom=2)[0, 0].tolist() == [[4, 8, 4]]


@pytest.mark.parametrize("quarters", [-1, 1, 2, 3])
def test_quarter_turns_are_those_of_numpy(quarters):
    x = pictures((4, 3, 8, 8))
    np.testing.assert_allclose(warp(x, turn=90 * quarters), np.rot90(x, quarters, axes=(2, 3)), atol=2e-6)


@pytest.mark.parametrize(("right", "down"), [(2, 0), (-3, 1), (0, -2), (0, 0), (20, 1)])
def test_whole_shifts_are_rolls_with_nothing_coming_in(right, down):
    x = pictures()
    padded = np.pad(x, ((0, 0), (0, 0), (30, 30), (30, 30)))
    rolled = np.roll(padded, (down, right), axis=(2, 3))[:, :, 30:-30, 30:-30]
    assert np.array_equal(warp(x, right=right, down=down), rolled)


numbers = st.floats(-3, 3)


@thorough
@given(
    st.tuples(st.integers(1, 2), st.integers(1, 2), st.integers(1, 6), st.integers(1, 6)),
    st.floats(-180, 180),
    st.floats(0.3, 3),
    numbers,
    numbers,
    st.sampled_from(["zero", "edge"]),
    st.integers(0, 99),
)
def test_any_warp_is_that_of_the_naive_loop(shape, turn, zoom, right, down, fill, seed):
    x = pictures(shape, seed).astype(np.float64)
    warped = warp(x, turn=turn, zoom=zoom, right=right, down=down, fill=fill)
    for image, got in zip(x.reshape(-1, *shape[2:]), warped.reshape(-1, *shape[2:]), strict=True):
        np.testing.assert_allclose(got, naive(image, turn, zoom, right, down, fill), atol=1e-6)


def test_each_picture_goes_its_own_way_however_many_there_are():
    """More pictures than are looked up together."""
    x, turns = pictures((40, 1, 20, 20)), np.linspace(-180, 180, 40)
    warped = warp(x, turn=turns, right=np.arange(40) % 5)
    for index in (0, 7, 21, 39):
        alone = warp(x[index : index + 1], turn=turns[index], right=index % 5)
        assert np.array_equal(warped[index : index + 1], alone)


@thorough
@given(
    st.fixed_dictionaries(
        {
            "shift": st.floats(0, 0.99),
            "rotate": st.floats(0, 180),
            "scale": st.floats(0, 0.99),
            "noise": st.floats(0, 1),
            "fill": st.sampled_from(["zero", "edge"]),
        }
    ),
    st.integers(0, 2**32),
    st.sampled_from([np.float32, np.float64]),
)
def test_what_always_holds(options, seed, dtype):
    x = pictures((3, 2, 5, 6)).astype(dtype)
    before = x.copy()
    augment = Augmentation.from_options(json.loads(json.dumps(options)))
    assert Augmentation(**augment.options()) == augment
    first, second = (augment(x, np.random.default_rng(seed)) for _ in range(2))
    assert np.array_equal(first, second)
    assert np.array_equal(x, before)
    assert first.shape == x.shape
    assert first.dtype == dtype
    assert np.isfinite(first).all()
    if not options["noise"]:
        assert first.min() >= 0
        assert first.max() <= x.max()


def test_nothing_asked_for_changes_nothing():
    x = pictures()
    assert np.array_equal(Augmentation()(x, np.random.default_rng(0)), x)


def test_the_drawn_shifts_reach_both_ends_and_no_further():
    """A single bright column in the middle of 21, shifted by up to a third of the width."""
    x = np.zeros((2000, 1, 1, 21), np.float32)
    x[..., 10] = 1
    shifted = Augmentation(shift=1 / 3)(x, np.random.default_rng(1))[:, 0, 0]
    weight = shifted.sum(axis=1)  # of what is still seen: a shift down takes the row out of sight
    centre = (shifted * np.arange(21)).sum(axis=1)[weight > 0] / weight[weight > 0] - 10
    assert -7 <= centre.min() < -6.8
    assert 6.8 < centre.max() <= 7
    assert abs(centre.mean()) < 0.3


def test_the_drawn_noise_has_its_deviation():
    x = pictures((50, 1, 20, 20))
    added = Augmentation(noise=0.2)(x, np.random.default_rng(0)) - x
    assert abs(added.mean()) < 0.005
    assert abs(added.std() - 0.2) < 0.005


def test_whole_numbers_become_float32():
    x = np.full((1, 1, 3, 3), 7, np.uint8)
    assert Augmentation(noise=0.1)(x, np.random.default_rng(0)).dtype == np.float32
    assert warp(x, right=0.5)[0, 0, 0].tolist() == [3.5, 7, 7]


def test_fit_takes_it_and_the_seed_gives_the_same_run():
    digits, losses = load_dataset("digits", train=64), []
    for _ in range(2):
        network = Network([{"layer": "flatten"}, {"layer": "linear", "out_features": 10}], input_shape=(1, 8, 8))
        augment = Augmentation(shift=0.1, rotate=10, scale=0.1, noise=0.05)
        events = fit(Trainer(network, seed=5), digits.train, epochs=2, augment=augment)
        losses.append([event.loss for event in events if event.name == "step"])
    assert losses[0] == losses[1]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shift": 1}, "shift 1 must be less than 1"),
        ({"shift": -0.1}, r"shift -0\.1 must not be less than 0"),
        ({"rotate": 181}, "rotate 181 is more than 180"),
        ({"rotate": "10"}, "rotate must be a number, not '10'"),
        ({"scale": 1.0}, r"scale 1\.0 must be less than 1"),
        ({"noise": float("inf")}, "noise must be finite, not inf"),
        ({"noise": 1.5}, r"noise 1\.5 is more than 1"),
        ({"noise": None}, "noise must be a number, not None"),
        ({"fill": "wrap"}, 'fill \'wrap\' is none of "zero", "edge"'),
        ({"flip": True}, 'augmentation has no option "flip"; its options: shift, rotate, scale, noise, fill'),
    ],
)
def test_options_are_checked(options, message):
    with pytest.raises(ParameterError, match=message) as caught:
        Augmentation.from_options(options)
    assert caught.value.field == next(iter(options))


@pytest.mark.parametrize("options", [None, "shift", [("shift", 0.1)]])
def test_options_that_are_no_object(options):
    with pytest.raises(ParameterError, match="augmentation must be an object of options"):
        Augmentation.from_options(options)


@pytest.mark.parametrize(
    ("shape", "options", "error", "message"),
    [
        ((2, 8, 8), {}, ShapeError, r"x of shape \(2, 8, 8\) must be pictures"),
        ((0, 1, 8, 8), {}, ShapeError, "one at least"),
        (
            (2, 1, 8, 8),
            {"turn": [1, 2, 3]},
            ShapeError,
            r"turn of shape \(3,\) must be one number, or one for each of 2",
        ),
        ((2, 1, 8, 8), {"zoom": [1, 0]}, ParameterError, "zoom 0 must be more than 0"),
        ((2, 1, 8, 8), {"right": math.nan}, ParameterError, "right must be finite"),
        ((2, 1, 8, 8), {"fill": "wrap"}, ConvoscopeError, "fill 'wrap'"),
    ],
)
def test_what_cannot_be_warped(shape, options, error, message):
    with pytest.raises(error, match=message):
        warp(np.zeros(shape, np.float32), **options)
