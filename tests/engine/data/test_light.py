"""Photos on unevenly lit paper: what is taken off the paper, what stays, and that the network then reads them."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.data.preparation import STEPS, prepare
from cnn_engine.data.sheets import DARK, Sheet, _calm, _largest, _mean, even
from cnn_engine.models import shipped
from cnn_engine.models.learned import outputs_of
from tests.engine.data.photos import LIGHTS, PAPERS, lined, photo, shadow, squared

ALL = dict.fromkeys(STEPS, True)
RAMP = np.linspace(1, 0.4, 60)  # of light, from the first column to the last


def cross(size=60, thickness=4):
    """Two strokes, 0 to 1."""
    strokes, middle = np.zeros((size, size)), slice(size // 2 - thickness // 2, size // 2 + thickness // 2)
    strokes[middle, 10:-10] = strokes[10:-10, middle] = 1
    return strokes


def lit(paper, ink, light=RAMP):
    """The strokes on paper, each giving back such a share of the light, which is a little more than DARK below 0."""
    return (light * (paper + (ink - paper) * cross()) - DARK)[None]


@pytest.mark.parametrize("picture", [cross()[None], 1 - 0.7 * cross()[None], np.full((3, 4, 5), 0.3)])
def test_paper_of_one_shade_stays_as_it_is(picture):
    sheet = Sheet.of(picture)
    assert even(sheet) is sheet


def test_under_a_ramp_of_light_ink_is_as_dark_everywhere_and_paper_white():
    """A pixel divided by its paper is 0.2 / 0.8 under each light; in the corners that is told less well."""
    made = even(Sheet.of(lit(0.8, 0.2)))
    np.testing.assert_allclose(made.values[0], 1 - 0.75 * cross(), atol=0.02)
    assert made.paper.tolist() == [[[1.0]]]


def test_chalk_becomes_white_on_black():
    """What it is brighter by than the board goes with the light, from 1 on the left to 0.4 on the right."""
    made = even(Sheet.of(lit(0.2, 0.8)))
    rows = cross().any(axis=1)
    np.testing.assert_allclose(made.values[0][rows], (cross() * RAMP / RAMP[10])[rows], atol=0.06)
    assert made.paper.tolist() == [[[0.0]]]


def test_a_shadow_with_a_sharp_edge_leaves_nothing():
    light = np.where(np.arange(60) < 40, 1.0, 0.5) * np.linspace(1, 0.97, 60)
    np.testing.assert_allclose(even(Sheet.of(lit(0.8, 0.2, light))).values[0], 1 - 0.75 * cross(), atol=0.02)


@pytest.mark.parametrize("paper", [lined, squared])
def test_printed_lines_and_grain_vanish_and_strokes_stay(paper):
    picture = photo(cross(), shadow, paper, noise=0.03)
    made, ink = even(Sheet.of(picture)).values[0], photo(cross(), noise=0)[0] < 0.4
    near = np.array([np.roll(ink, (down, over), (0, 1)) for down in range(-3, 4) for over in range(-3, 4)]).any(axis=0)
    assert (made[~near] > 0.98).mean() > 0.98
    assert made[ink].mean() < 0.6


def test_colours_of_ink_stay_apart():
    red = np.array([0.9, 0.1, 0.1])[:, None, None]
    made = even(Sheet.of(RAMP * (0.9 + (red - 0.9) * cross())))
    assert made.values[0].min() > 0.95
    assert made.values[1, 30, 30] < 0.3


@pytest.mark.parametrize("size", [1, 3, 5, 9, 13])
def test_windows_against_all_of_their_pixels(size):
    picture = np.random.default_rng(size).random((9, 12))
    around = np.lib.stride_tricks.sliding_window_view(np.pad(picture, size // 2, mode="edge"), (size, size))
    assert _largest(picture, size).tolist() == around.max(axis=(2, 3)).tolist()
    np.testing.assert_allclose(_mean(picture, size), around.mean(axis=(2, 3)))


def test_a_dot_is_calmed_and_an_edge_stays():
    picture = np.where(np.arange(8) < 4, 0.2, 0.7) * np.ones((6, 1))
    dotted = picture.copy()
    dotted[2, 6] = 0
    assert _calm(dotted).tolist() == picture.tolist()


# ---- read by the shipped network


@pytest.fixture(scope="module")
def digits():
    """One of each that is read right as it was drawn, and its number."""
    test = load_dataset("strokes", train=8, test=40).test
    pictures, labels = test.x.astype(float), test.y
    seen = np.flatnonzero(answers(pictures) == labels)
    first = seen[np.unique(labels[seen], return_index=True)[1]]
    return pictures[first, 0], labels[first]


def answers(pictures, **left_out):
    inputs = np.stack([prepare(one, ALL | left_out, input_shape=(1, 28, 28)).input for one in pictures])
    logits = np.concatenate(list(outputs_of(shipped("digits"), inputs, len(shipped("digits").layers) - 1)))
    return logits.argmax(axis=1)


@pytest.mark.parametrize("number", range(len(LIGHTS)), ids=list(LIGHTS))
def test_digits_are_read_in_every_light(digits, number):
    """Without the step, at most four of ten are read, or paper without lines is in even light."""
    pictures, labels = digits
    light, paper = list(LIGHTS.values())[number], list(PAPERS.values())[number % 3]
    more = {"quality": 50} if number % 2 else {"noise": 0.03}
    photos = [photo(one, light, paper, seed=seed, **more) for seed, one in enumerate(pictures)]
    assert len(labels) == 10
    assert (answers(photos) == labels).sum() >= 9
    if number:
        assert (answers(photos, even=False) == labels).sum() <= 4
