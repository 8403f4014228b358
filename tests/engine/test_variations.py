"""A kernel turned, an input moved: by hand, against the definition of convolution, and what is said of it."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError, conv2d, flip_kernel, max_pool2d, shift2d
from cnn_engine.variations import compare, flipped, shifted
from cnn_engine.words import say

LESSON = np.arange(9.0).reshape(3, 3)


def convolved(image, kernel):
    """(f * g)[r, c], the sum over i and j of f[i, j] g[r - i, c - j], where g covers the image wholly."""
    (height, width), (down, across) = image.shape, kernel.shape
    return [
        [
            sum(image[r - i][c - j] * kernel[i][j] for i in range(down) for j in range(across))
            for c in range(across - 1, width)
        ]
        for r in range(down - 1, height)
    ]


def test_the_lessons_kernel_turned():
    assert flip_kernel([[0, 1], [2, 3]]).tolist() == [[3, 2], [1, 0]]
    turned = conv2d(LESSON[None], flip_kernel([[[[0, 1], [2, 3]]]]))
    assert turned[0].tolist() == [[5, 11], [23, 29]]  # 0·3 + 1·2 + 3·1 + 4·0 = 5 and so on
    assert flip_kernel(flip_kernel(LESSON)).tolist() == LESSON.tolist()


def test_sliding_a_turned_kernel_is_convolution_as_it_is_defined():
    rng = np.random.default_rng(5)
    for shape in ((2, 2), (3, 3), (1, 4), (3, 2)):
        image, kernel = rng.integers(-9, 9, (6, 7)), rng.integers(-4, 4, shape)
        assert conv2d(image[None], flip_kernel(kernel)[None, None])[0].tolist() == convolved(image, kernel)


@pytest.mark.parametrize(
    ("shift", "moved"),
    [
        ((0, 1), [[0, 0, 1], [0, 3, 4], [0, 6, 7]]),
        ((0, -1), [[1, 2, 0], [4, 5, 0], [7, 8, 0]]),
        ((1, 0), [[0, 0, 0], [0, 1, 2], [3, 4, 5]]),
        ((-2, 1), [[0, 6, 7], [0, 0, 0], [0, 0, 0]]),
        ((0, 0), LESSON.tolist()),
        ((0, 3), [[0, 0, 0]] * 3),
        ((-50, 0), [[0, 0, 0]] * 3),
    ],
)
def test_an_input_moved(shift, moved):
    assert shift2d(LESSON, shift).tolist() == moved
    assert shift2d(LESSON[None], shift).tolist() == [moved]


def test_a_shift_of_something_else_is_refused():
    with pytest.raises(ParameterError, match="shift must be a whole number"):
        shift2d(LESSON, (0, 0.5))
    with pytest.raises(ShapeError, match="has 1 axis"):
        shift2d([1, 2], (0, 1))


def test_max_pooling_forgives_what_stays_under_the_same_window():
    spot = np.zeros((1, 4, 4))
    spot[0, 0, 0] = 9
    near, far = shift2d(spot, (0, 1)), shift2d(spot, (0, 2))
    before = max_pool2d(spot, 2)
    assert compare(before, max_pool2d(near, 2)).changed == 0
    moved = compare(before, max_pool2d(far, 2))
    assert (moved.changed, moved.total) == (2, 4)
    assert moved.difference.tolist() == [[[-9, 9], [0, 0]]]


def test_where_neither_output_has_a_value_nothing_changed():
    assert compare(np.array([-np.inf, 1.0]), np.array([-np.inf, 3.0])).difference.tolist() == [0, 2]
    with pytest.raises(ShapeError):
        compare(np.zeros(2), np.zeros(3))


@pytest.mark.parametrize(
    ("weight", "before", "after", "sentence"),
    [
        ([[1, 2], [2, 1]], [1, 2], [1, 2], "Turned by 180° this kernel is the same, so nothing changes."),
        ([[0, 1], [2, 3]], [1, 2, 3], [1, 5, 6], "Turned by 180° this kernel is another one: 2 of 3 outputs change"),
        ([[0, 1], [2, 3]], [1, 2], [1, 2], "another one: not one output changes."),
        ([[1, -1]], [1, 2], [-1, -2], "its own negative, so every sum of products changes its sign: both outputs"),
    ],
)
def test_what_is_said_of_a_turned_kernel(weight, before, after, sentence):
    compared = compare(np.array(before), np.array(after))
    assert sentence in say(flipped().message(np.array(weight), compared))


@pytest.mark.parametrize(
    ("shift", "after", "sentence"),
    [
        ((0, 1), [1, 2, 4], "The input is moved by 1 column to the right: 1 of 3 outputs changes and 2 stay as"),
        ((-1, 0), [0, 0, 3], "by 1 row up: 2 of 3 outputs change and 1 stays as it was."),
        ((2, -3), [1, 2, 3], "by 2 rows down and 3 columns to the left: not one output changes."),
        ((0, 0), [0, 0, 0], "by nothing: all 3 outputs change."),
    ],
)
def test_what_is_said_of_a_moved_input(shift, after, sentence):
    compared = compare(np.array([1, 2, 3]), np.array(after))
    assert sentence in say(shifted(shift).message(LESSON, compared))
