"""Whether the pictures show what their labels say: areas, symmetries, distances, angles."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_engine.data import load_dataset
from cnn_engine.data.generated import centres, coverage, normal
from cnn_engine.data.shapes import SHAPES
from cnn_engine.data.sheets import middle
from cnn_engine.data.skeletons import SKELETONS, _read
from cnn_engine.data.strokes import CHANCES, COLUMNS, WAYS, _Grid, painter

FINE = (np.arange(1200) + 0.5) / 1200 * 2.4 - 1.2  # a grid much finer than any picture
BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16  # a blur, without which pixels themselves turn the gradient


def polygon(points):
    """The area inside: the shoelace formula."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def star_points():
    turns = [(0.42 if corner % 2 else 1.0, corner * math.pi / 5) for corner in range(10)]
    return [(radius * math.sin(turn), -radius * math.cos(turn)) for radius, turn in turns]


def lens(first, second, apart):
    """The area that two discs share (Weisstein, Circle-Circle Intersection)."""
    one = math.acos((apart**2 + first**2 - second**2) / (2 * apart * first))
    two = math.acos((apart**2 + second**2 - first**2) / (2 * apart * second))
    triangle = math.sqrt(
        (first + second - apart) * (apart + first - second) * (apart - first + second) * (apart + first + second)
    )
    return first**2 * one + second**2 * two - triangle / 2


AREAS = {
    "circle": math.pi * 0.88**2,
    "square": 1.44**2,
    "triangle": 3 * math.sqrt(3) / 4,  # equilateral, its corners at distance 1
    "cross": 2 * 1.9 * 0.54 - 0.54**2,
    "star": polygon(star_points()),
    "ring": math.pi * (0.94**2 - 0.54**2),
    "crescent": math.pi * 0.95**2 - lens(0.95, 0.72, 0.5),
    "heart": 1 + math.pi * 0.5**2,  # a square of side 1 and two half discs
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_has_the_area_of_its_geometry(name):
    inside = SHAPES[name](FINE[None, :], FINE[:, None]) < 0
    assert inside.mean() * 2.4**2 == pytest.approx(AREAS[name], rel=2e-3)


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_stays_within_its_circle(name):
    far = np.hypot(FINE[None, :], FINE[:, None])
    assert not (SHAPES[name](FINE[None, :], FINE[:, None]) < 0)[far > 1.1].any()


@pytest.mark.parametrize(("name", "turns"), [("square", 4), ("cross", 4), ("triangle", 3), ("star", 5), ("circle", 7)])
def test_a_shape_turned_onto_itself_is_the_same(name, turns):
    x, y = np.random.default_rng(0).uniform(-1.2, 1.2, (2, 500))
    c, s = math.cos(2 * math.pi / turns), math.sin(2 * math.pi / turns)
    np.testing.assert_allclose(SHAPES[name](c * x - s * y, s * x + c * y), SHAPES[name](x, y), atol=1e-12)


@pytest.mark.parametrize("name", SHAPES)
def test_near_its_outline_a_distance_grows_by_one_a_pixel(name):
    """So that edges are smooth over one pixel: the gradient's length is 1, but for the few points where sides meet."""
    distance = SHAPES[name](FINE[None, :], FINE[:, None])
    slopes = np.hypot(*np.gradient(distance, FINE[1] - FINE[0]))[np.abs(distance) < 0.05]
    assert np.mean(np.abs(slopes - 1) < 0.02) > 0.93


def test_coverage_of_a_straight_edge_by_hand():
    assert coverage(np.array([-2.0, -0.5, -0.25, 0.0, 0.25, 0.5, 2.0])).tolist() == [1, 1, 0.75, 0.5, 0.25, 0, 0]


def test_pixel_centres_by_hand():
    x, y = centres(3)
    assert x.tolist() == [-1, 0, 1, -1, 0, 1, -1, 0, 1]
    assert y.tolist() == [-1, -1, -1, 0, 0, 0, 1, 1, 1]


def test_distances_to_pieces_as_by_naive_loops():
    random = np.random.default_rng(4)
    begins, ends = random.uniform(-5, 5, (2, 3, 6, 2))
    ends[1, 2] = begins[1, 2]  # a piece of no length is a point
    got = _Grid(9).distance(begins, ends)
    for number in range(3):
        for pixel, (x, y) in enumerate(zip(*centres(9), strict=True)):
            nearest = math.inf
            for (ax, ay), (bx, by) in zip(begins[number], ends[number], strict=True):
                length = (bx - ax) ** 2 + (by - ay) ** 2
                share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length if length else 0.0
                share = min(max(share, 0.0), 1.0)
                nearest = min(nearest, math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay)))
            assert got[number, pixel] == pytest.approx(nearest, abs=1e-6)


@pytest.mark.parametrize("skeleton", SKELETONS, ids=lambda skeleton: str(skeleton.digit))
def test_lines_go_through_their_points_without_a_gap(skeleton):
    begins, ends = (matrix @ np.array(skeleton.points) for matrix in skeleton.segments)
    for point in skeleton.points:
        assert min(np.abs(np.concatenate([begins, ends]) - point).sum(axis=1)) < 1e-12
    gaps = np.count_nonzero(np.abs(begins[1:] - ends[:-1]).sum(axis=1) > 1e-12)
    assert gaps <= len(skeleton.lines) - 1
    assert np.abs(begins).max() <= 1.15


def test_a_way_to_write_a_digit_is_read_as_it_stands():
    read = _read("4 0.5 | 0-2 2,3 4,5 | 0,-1 -0.5,0 0,0.2 0.5,0.2 0.3,-0.5 0.2,1")
    assert (read.digit, read.weight) == (4, 0.5)
    assert read.lines == ((0, 1, 2), (2, 3), (4, 5))
    assert read.points[1] == (-0.5, 0)
    assert read.ends == ((0, 1), (3, 2), (4, 5), (5, 4))
    assert _read("0 1 | 0-2,0 | 0,-1 0.5,0 -0.5,0").ends == ()


def test_every_digit_can_be_written_in_several_ways_and_none_is_there_twice():
    assert all(len(ways) >= 5 for ways in WAYS)
    assert len({(skeleton.points, skeleton.lines) for skeleton in SKELETONS}) == len(SKELETONS)


@pytest.mark.parametrize("wobble", [0.0, 1.0])
def test_a_digit_is_20_of_28_pixels_long_with_its_mass_in_the_middle(wobble):
    for picture in load_dataset("strokes", train=200, noise=0.0, wobble=wobble, seed=8).train.x[:, 0]:
        inked = picture > picture.max() / 2
        longest = max(np.ptp(np.flatnonzero(inked.any(axis=axis))) + 1 for axis in (0, 1))
        assert 18 <= longest <= 21
        assert middle(picture) == pytest.approx((13.5, 13.5), abs=1.6)


def test_ways_are_drawn_in_their_shares():
    """A 1 is mostly a single line, weight 4 of all; that is drawn up to its share of the chance, and no further."""
    share = WAYS[1][0].weight / sum(way.weight for way in WAYS[1])
    paint, chances = painter(28, 0.0), np.full((3, CHANCES), 0.5)
    chances[:, COLUMNS["way"][0]] = 0, share - 1e-9, share + 1e-9
    first, same, other = paint(np.ones(3, np.int64), chances)
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_chances_become_normally_distributed_numbers():
    """0.68 of them within one standard deviation, 0.95 within two; and what a chance of 0 gives is finite."""
    drawn = normal(np.random.default_rng(0).random((20_000, 2)))
    assert abs(drawn.mean()) < 0.02
    assert np.mean(np.abs(drawn) < 1) == pytest.approx(0.6827, abs=0.01)
    assert np.mean(np.abs(drawn) < 2) == pytest.approx(0.9545, abs=0.01)
    assert abs(np.mean(drawn[:, 0] * drawn[:, 1])) < 0.03
    assert normal(np.array([[0.0, 0.25]])).tolist() == [[0, 0]]


@pytest.mark.parametrize(
    ("name", "least"), [("strokes", 0.7), ("digits", 0.95), ("clothes", 0.75), ("orientations", 0.9)]
)
def test_the_nearest_picture_mostly_has_the_same_label(name, least):
    """A reader that learns nothing gets the labels right, so that they are those of the pictures."""
    made = load_dataset(name)
    known, requested = (part.x[:2000].reshape(-1, math.prod(made.input_shape)) for part in (made.train, made.test))
    nearest = ((known**2).sum(axis=1) - 2 * requested @ known.T).argmin(axis=1)
    assert np.mean(made.train.y[nearest] == made.test.y) > least


def measured_angles(pictures):
    """The angle of an edge from its gradients, modulo 180°: the edge is at right angles to the mean gradient."""
    blurred = np.apply_along_axis(np.convolve, 1, pictures[:, 0].astype(np.float64), BINOMIAL, mode="valid")
    blurred = np.apply_along_axis(np.convolve, 2, blurred, BINOMIAL, mode="valid")
    down, right = (slope[:, 1:-1, 1:-1] for slope in np.gradient(blurred, axis=(1, 2)))
    twice = np.arctan2((2 * right * -down).sum(axis=(1, 2)), (right**2 - down**2).sum(axis=(1, 2)))
    return (np.rad2deg(twice) / 2 + 90) % 180


def apart(first, second):
    """How far two directions are from each other, in degrees."""
    return np.abs((first - second + 90) % 180 - 90)


def test_edges_have_the_direction_of_their_class():
    part = load_dataset("orientations", noise=0.0, train=400).train
    assert apart(measured_angles(part.x), 22.5 * part.y).max() < 7 + 1.5


@pytest.mark.parametrize("circular", [False, True])
def test_edges_have_the_angle_of_their_target(circular):
    part = load_dataset("angles", noise=0.0, train=400, circular=circular).train
    turned = np.rad2deg(np.arctan2(part.y[:, -1], part.y[:, 0])) / 2 % 180
    found = turned if circular else 90 + 60 * part.y[:, 0]
    assert apart(measured_angles(part.x), found).max() < 1.5
    low, high = (0, 180) if circular else (30, 150)
    assert low <= found.min() < low + 3
    assert high - 3 < found.max() <= high
    assert np.abs(part.y).max() <= 1
