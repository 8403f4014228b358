"""The favourite input of a map: each step by hand and by finite differences, and what comes of it for a person."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.models import answer, shipped
from cnn_engine.models.learned import DARK, FADE, SOFT, STRIDE, blurred, favourite
from tests.engine.models.cases import PAPER, any_model
from tests.engine.models.test_learned import DEEP


@pytest.fixture(scope="module")
def deep():
    """A model of several layers."""
    return any_model(*DEEP, seed=1)[0]


def soft(picture):
    """A picture (C, H, W) with each pixel mixed with the eight around it, by a loop."""
    mixed = np.zeros_like(picture)
    _, rows, cols = picture.shape
    for (channel, row, col), _ in np.ndenumerate(picture):
        for down in (-1, 0, 1):
            for right in (-1, 0, 1):
                share = (2 - abs(down)) * (2 - abs(right)) / 16
                inside = min(max(row + down, 0), rows - 1), min(max(col + right, 0), cols - 1)
                mixed[channel, row, col] += share * picture[(channel, *inside)]
    return mixed


def test_a_blur_mixes_a_pixel_with_its_neighbours():
    spot = np.zeros((1, 1, 3, 4))
    spot[0, 0, 0, 3] = 16
    assert blurred(spot)[0, 0].tolist() == [
        [0, 0, 3, 9],
        [0, 0, 1, 3],
        [0, 0, 0, 0],
    ]  # the corner stands for what is beyond
    picture = np.random.default_rng(1).random((2, 5, 6))
    np.testing.assert_allclose(blurred(picture[None])[0], soft(picture), rtol=1e-12)
    assert blurred(np.array([[1.0, 5.0]])).tolist() == [[1, 5]]


def test_a_step_is_along_the_softened_slope_of_the_maps_mean(deep):
    """The second draw of the generator, after the noise, is by how much the picture is shifted."""
    random = np.random.default_rng(4)
    first = np.clip(DARK + 0.2 * random.standard_normal((1, 2, 8, 8)), 0, 1)[0]
    shift = tuple(int(one) for one in random.integers(-2, 3, 2))
    found = favourite(deep, 3, 1, steps=2, seed=4)
    np.testing.assert_array_equal(found.pictures[0], first)
    smooth = (1 - SOFT) * first + SOFT * soft(first)
    smooth = (1 - FADE) * smooth + FADE * DARK

    def mean(picture):
        return answer(deep, picture).maps[3][1].mean()

    def shifted_mean(picture):
        return mean(np.roll(picture, shift, (1, 2)))

    slope = np.zeros_like(first)
    for cell in np.ndindex(first.shape):
        nudge = np.zeros_like(first)
        nudge[cell] = 1e-6
        slope[cell] = (shifted_mean(smooth + nudge) - shifted_mean(smooth - nudge)) / 2e-6
    slope = soft(slope)
    expected = np.clip(smooth + STRIDE * slope / np.sqrt((slope**2).mean()), 0, 1)
    np.testing.assert_allclose(found.pictures[1], expected, atol=1e-6)
    assert found.values == pytest.approx([mean(picture) for picture in found.pictures])


def test_an_ascent_climbs_within_black_and_white_and_is_the_same_again(deep):
    found = favourite(deep, 5, 2, steps=30)
    assert found.pictures.shape == (31, 2, 8, 8)
    assert found.values[-1] > found.values[0]
    assert 0 <= found.pictures.min() < found.pictures.max() <= 1
    assert np.array_equal(found.pictures, favourite(deep, 5, 2, steps=30).pictures)
    assert not np.array_equal(found.pictures, favourite(deep, 5, 2, steps=30, seed=1).pictures)


def test_features_in_a_row_have_no_neighbours():
    model, _ = any_model([{"layer": "linear", "out_features": 2}], (5,), 3)
    found = favourite(model, 0, 1, steps=12)
    weight = model.parameters["0.weight"][1]
    assert found.values[-1] > found.values[0]
    assert np.corrcoef(found.pictures[-1], weight > 0)[0, 1] > 0.7


@pytest.mark.parametrize(
    ("name", "layer", "channel"),
    [
        ("digits", 1, 3),
        ("digits", 4, 9),
        ("digits", 7, 0),
        ("clothes", 1, 3),
        ("clothes", 9, 0),
        ("orientations", 4, 2),
    ],
)
def test_of_shipped_models_it_is_a_pattern_and_no_noise_of_single_pixels(name, layer, channel):
    """Noise differs from the mean of each pixel's surroundings by most of its own spread: 0.6 of it and more."""
    found = favourite(shipped(name), layer, channel)
    begun, last = ((np.abs(one - soft(one))).mean() / one.std() for one in (found.pictures[0], found.pictures[-1]))
    assert found.values[-1] > found.values[0]
    assert begun > 0.6
    assert last < 0.25


def test_behind_a_closed_gate_nothing_moves():
    model = PAPER.changed({"0.bias": [-99.0, 0.0]})
    found = favourite(model, 1, 0, steps=3)
    assert found.values.tolist() == [0, 0, 0, 0]
    assert np.array_equal(found.pictures[0], found.pictures[3])
