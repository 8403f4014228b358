"""What becomes of a picture before a network receives it: by hand, and by what must not change the result."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine.data.preparation import (
    SHARE,
    STEPS,
    centre,
    crop,
    deskew,
    fit,
    grey,
    invert,
    moved,
    prepare,
    slope_of,
    stroke_width,
    thicken,
)
from cnn_engine.data.sheets import Sheet, middle, resize, threshold
from cnn_engine.errors import ParameterError, ShapeError

ALL = dict.fromkeys(STEPS, True)
DIGIT = (1, 28, 28)


def bar(height=40, width=40, rows=(8, 32), cols=(16, 22)):
    """A bright upright bar on black, (1, height, width)."""
    picture = np.zeros((1, height, width))
    picture[:, slice(*rows), slice(*cols)] = 1
    return picture


def leaning(slope, size=80, length=50, thickness=6):
    """A stroke and a foot, each row moved by so many columns for a row: whatever is upright has slope 0."""
    rows, cols = np.indices((size, size), float)
    down = rows - size / 2
    over = cols - size / 2 - slope * down
    inside = (np.abs(down) < length / 2) & (np.abs(over) < thickness / 2)
    inside |= (np.abs(down) < 4) & (np.abs(over) < 12)
    return inside[None].astype(float)


# ---- by hand


def test_the_threshold_lies_between_two_heaps():
    assert 0.1 < threshold(np.array([0, 0, 0.1, 0.1, 0.9, 1.0, 1.0])) < 0.9
    assert threshold(np.array([0.0, 0, 0, 1])) == pytest.approx(0.5, abs=1 / 64)
    assert threshold(np.zeros(4)) == 0


def test_the_centre_of_mass_by_hand():
    assert middle(np.array([[0, 0, 0], [1, 0, 3.0]])) == (1, 1.5)


def test_grey_by_hand():
    """ITU-R BT.601: 0.299 red, 0.587 green, 0.114 blue."""
    pure = np.array([[[1.0, 0, 0, 1]], [[0, 1, 0, 1]], [[0, 0, 1, 1]]])
    np.testing.assert_allclose(grey(Sheet.of(pure)).values, [[[0.299, 0.587, 0.114, 1]]])


def test_dark_on_bright_becomes_bright_on_dark_and_stays_so():
    paper = 1 - 0.8 * bar()
    turned = invert(Sheet.of(paper))
    np.testing.assert_allclose(turned.values, 0.8 * bar())
    assert invert(turned) is turned


def test_what_is_drawn_is_cut_out():
    assert crop(Sheet.of(bar())).values.tolist() == np.ones((1, 24, 6)).tolist()
    once = crop(Sheet.of(1 - bar()))
    assert once.values.tolist() == np.zeros((1, 24, 6)).tolist()
    assert once.paper.tolist() == [[[1.0]]]
    assert np.array_equal(crop(once).values, once.values)


def test_pixels_are_averaged_where_fewer_are_wanted_and_shared_where_more():
    """A tent over two pixels to either side: 1/8 3/8 3/8 1/8, and without what lies beyond the border."""
    np.testing.assert_allclose(resize(np.array([[[0.0, 8, 16, 24]]]), (1, 2))[0, 0], [7 * 8 / 7 * 5 / 7, 24 - 40 / 7])
    np.testing.assert_allclose(resize(np.array([[[0.0, 4]]]), (1, 4)), [[[0, 1, 3, 4]]])
    assert resize(bar(), (40, 40)).tolist() == bar().tolist()


@pytest.mark.parametrize("size", [3, 20, 28, 61])
def test_a_mean_of_equal_pixels_is_that_pixel_and_not_more(size):
    assert resize(np.ones((1, 7, 45)), (size, size)).max() == 1
    assert resize(np.zeros((1, 7, 45)), (size, size)).min() == 0


@pytest.mark.parametrize("channels", [1, 3])
def test_a_picture_of_its_own_size_is_received_as_it_is(channels):
    picture = np.random.default_rng(0).integers(0, 256, (channels, 28, 28)) / 255
    assert (prepare(picture, {}, input_shape=picture.shape).input == picture).all()


def test_the_longer_side_gets_its_share_of_the_input():
    placed = fit(Sheet(np.ones((1, 30, 15)), np.zeros((1, 1, 1)), 0.0), DIGIT, SHARE).values[0]
    assert np.flatnonzero(placed.any(axis=1)).tolist() == list(range(4, 24))
    assert np.flatnonzero(placed.any(axis=0)).tolist() == list(range(9, 19))


@pytest.mark.parametrize("width", [1, 2, 5])
def test_a_bar_is_as_wide_as_it_is(width):
    """Twice the area through the outline, whose ends count little where it is long."""
    strokes = bar(120, 20, (5, 115), (6, 6 + width))[0]
    assert stroke_width(strokes) == pytest.approx(2 * 110 * width / (2 * 110 + 2 * width), rel=0.01)


def test_a_faint_thin_line_gets_full_strength_and_two_pixels():
    line = 0.2 * bar(28, 28, (4, 24), (14, 15))
    before, after = line[0], thicken(Sheet.of(line)).values[0]
    assert stroke_width(before / before.max()) < 1.1
    assert stroke_width(after) == pytest.approx(2, abs=0.15)
    assert after.max() == 1
    assert middle(after) == pytest.approx(middle(before))


def test_wide_strokes_stay_as_they_are():
    assert np.array_equal(thicken(Sheet.of(bar())).values, bar())


def test_one_pixel_is_moved_to_the_middle():
    dot = np.zeros((1, 5, 5))
    dot[0, 0, 1] = 1
    wanted = np.zeros((1, 5, 5))
    wanted[0, 2, 2] = 1
    assert centre(Sheet.of(dot)).values.tolist() == wanted.tolist()
    even = centre(Sheet.of(np.pad(dot, ((0, 0), (0, 1), (0, 1))))).values[0]
    assert even[2:4, 2:4].tolist() == [[0.25, 0.25], [0.25, 0.25]]


def test_nothing_is_moved_out_of_sight():
    """Nearly all of it lies in the last column, so that its first row would have to leave."""
    heavy = np.zeros((1, 9, 9))
    heavy[0, 8, 0:9] = 1
    heavy[0, 0, 4] = 1
    assert centre(Sheet.of(heavy)).values.sum() == pytest.approx(10)


# ---- invariants


@pytest.mark.parametrize("slope", [-0.9, -0.3, 0.2, 0.6, 1.1])
def test_a_leaning_stroke_comes_back_upright(slope):
    amount = leaning(slope)[0]
    assert slope_of(amount)[0] == pytest.approx(slope, abs=0.03)
    assert abs(slope_of(deskew(Sheet.of(leaning(slope))).ink)[0]) < 1e-9
    straight, again = (prepare(leaning(lean), ALL, input_shape=DIGIT).input for lean in (0.0, slope))
    crooked = prepare(leaning(slope), ALL | {"deskew": False}, input_shape=DIGIT).input
    assert np.abs(straight - again).mean() < np.abs(straight - crooked).mean() / 2


def test_a_stroke_that_leans_too_far_is_straightened_by_so_much_and_no_more():
    assert slope_of(leaning(2.0, size=140)[0])[0] == 1.2


def test_the_centre_of_mass_comes_to_the_middle():
    prepared = prepare(leaning(0.4), ALL, input_shape=DIGIT)
    assert middle(prepared.input[0]) == pytest.approx((13.5, 13.5), abs=1e-9)


def test_where_it_is_drawn_how_large_and_in_which_of_two_ways_does_not_matter():
    drawn = leaning(0.4, size=64)
    first = prepare(drawn, ALL, input_shape=DIGIT).input
    moved = np.roll(drawn, (7, -9), axis=(1, 2))
    large = np.kron(drawn, np.ones((1, 2, 2)))
    for other in (moved, large, 1 - drawn, 0.3 + 0.4 * drawn, np.repeat(drawn, 3, axis=0), drawn[0]):
        assert np.abs(prepare(other, ALL, input_shape=DIGIT).input - first).max() < 0.02


def test_what_is_prepared_once_changes_little_when_it_is_prepared_again():
    once = prepare(leaning(0.4), ALL, input_shape=DIGIT).input
    again = prepare(once, ALL, input_shape=DIGIT).input
    assert np.abs(again - once).mean() < 0.02
    assert np.abs(centre(Sheet.of(once)).values - once).max() < 1e-9


def test_every_step_that_is_taken_shows_what_it_made():
    prepared = prepare(np.repeat(1 - leaning(0.4), 3, axis=0), ALL, input_shape=DIGIT)
    assert list(prepared.stages) == ["given", *STEPS]
    assert prepared.stages["given"].shape == (3, 80, 80)
    assert [stage.shape for name, stage in prepared.stages.items() if name in {"scale", "thicken", "centre"}] == (
        [DIGIT] * 3
    )
    assert prepared.input is prepared.stages["centre"]
    bare = prepare(1 - leaning(0.4), {"crop": False}, input_shape=DIGIT)
    assert list(bare.stages) == ["given", "fit"]
    assert bare.input[0, 0, 0] == 1


def test_a_network_in_colour_gets_colours():
    red = bar() * np.array([1.0, 0, 0])[:, None, None]
    coloured = prepare(red, {"crop": True, "scale": True, "thicken": True, "centre": True}, input_shape=(3, 32, 32))
    assert coloured.input[0].max() == 1
    assert not coloured.input[1:].any()
    greyed = prepare(red, {"grey": True}, input_shape=(3, 32, 32)).input
    assert np.array_equal(greyed[0], greyed[2])
    assert prepare(red, {}, input_shape=(1, 40, 40)).input[0].tolist() == red[0].tolist()


# ---- what there is little or nothing of


sizes = st.sampled_from([(1, 1, 1), (1, 1, 9), (1, 300, 2), (3, 1, 1), (1, 5, 5), (3, 17, 33)])
choices = st.dictionaries(st.sampled_from(STEPS), st.booleans())


@settings(deadline=None, max_examples=120, derandomize=True)
@given(sizes, choices, st.sampled_from([(1, 28, 28), (3, 32, 32), (1, 1, 1), (1, 8, 20)]), st.integers(0, 99))
def test_whatever_is_given_becomes_an_input_from_0_to_1(size, steps, shape, seed):
    random = np.random.default_rng(seed)
    picture = random.choice([0.0, 1.0, 0.5], size) if seed % 2 else random.random(size)
    prepared = prepare(picture, steps, input_shape=shape)
    assert prepared.input.shape == shape
    assert all(stage.min() >= 0 and stage.max() <= 1 for stage in prepared.stages.values())
    assert prepared.stages["given"].size <= 3 * 128 * 128


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
@pytest.mark.parametrize("size", [(1, 1), (28, 28), (3, 50, 20), (1, 10_000)])
def test_nothing_drawn_is_said_and_gives_nothing(level, size):
    prepared = prepare(np.full(size, level), ALL, input_shape=DIGIT)
    assert not prepared.drawn
    assert np.ptp(prepared.input) < 1e-12


def test_a_single_dot_of_many_pixels_is_drawn():
    dot = np.zeros((1, 200, 200))
    dot[0, 20:24, 20:24] = 1
    prepared = prepare(dot, ALL, input_shape=DIGIT)
    assert prepared.drawn
    assert prepared.input.max() == 1


@pytest.mark.parametrize(
    ("picture", "steps", "shape", "kind", "error"),
    [
        ([[float("nan")]], {}, DIGIT, ParameterError, "input must be finite"),
        ([[1.0, 2.0], [3.0]], {}, DIGIT, ShapeError, "input"),
        (np.zeros((0, 4)), {}, DIGIT, ShapeError, "input"),
        (np.zeros((3, 4, 4)), {"grey": True}, (2, 8, 8), None, ""),
        (np.zeros((3, 4, 4)), {}, (2, 8, 8), ShapeError, "input has 3 channels where the network takes 2"),
        (np.zeros((2, 4, 4)), {"grey": True}, DIGIT, ShapeError, "input has 2 channels where the network takes 1"),
        (np.zeros((4, 4)), {"blur": True}, DIGIT, ParameterError, "prepare 'blur' is none of"),
        (np.zeros((4, 4)), {"crop": 1}, DIGIT, ParameterError, "prepare.crop must be true or false, not 1"),
        (np.zeros((4, 4)), {}, (28, 28), ParameterError, r"input_shape must be \(C, H, W\), not \(28, 28\)"),
        (np.zeros((4, 4)), {}, (1, 0, 28), ParameterError, "input_shape 0 is less than 1"),
    ],
)
def test_what_cannot_be_prepared_is_refused(picture, steps, shape, kind, error):
    if kind is None:
        assert prepare(picture, steps, input_shape=shape).input.shape == shape
        return
    with pytest.raises(kind, match=error):
        prepare(picture, steps, input_shape=shape)


def test_a_picture_is_moved_and_its_edge_goes_on():
    picture = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    assert moved(picture, 0, 1).tolist() == [[[1, 1, 2], [4, 4, 5]]]
    assert moved(picture, -1, 0).tolist() == [[[4, 5, 6], [4, 5, 6]]]
    assert moved(moved(picture, 1, -2), 0, 0).tolist() == [[[3, 3, 3], [3, 3, 3]]]
    with pytest.raises(ParameterError, match="moved"):
        moved(picture, 3, 0)
