"""A window of a picture as a small grid: means by hand, what is refused, and what the named photos are made of."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ParameterError
from cnn_engine.data.images import Box, crop, middle, sample_picture
from cnn_engine.data.presets import input_values

PICTURE = np.zeros((4, 6, 3), np.uint8)
PICTURE[:2, 2:4] = (255, 0, 0)
PICTURE[2:, 4:] = (0, 255, 255)


def test_each_cell_is_the_mean_of_the_pixels_under_it():
    red, green, blue = crop(PICTURE, Box(0, 2, 4, 4), (2, 2), 3).tolist()
    assert red == [[9, 0], [0, 0]]
    assert green == blue == [[0, 0], [0, 9]]
    assert crop(PICTURE, Box(0, 1, 2, 3), (1, 1), 3)[0].tolist() == [[6]]  # two of three columns: 170 of 255


def test_one_channel_is_the_brightness():
    # 0.299 · 255 = 76.2, 2.7 of 9; (0.587 + 0.114) · 255 = 178.8, 6.3 of 9
    assert crop(PICTURE, Box(0, 2, 4, 4), (2, 2)).tolist() == [[[3, 0], [0, 6]]]


def test_a_window_smaller_than_its_grid_repeats_pixels():
    assert crop(PICTURE, Box(1, 3, 1, 2), (1, 4), 3)[0].tolist() == [[9, 9, 0, 0]]


@pytest.mark.parametrize(
    ("box", "field", "says"),
    [
        (Box(0, 4, 2, 3), "width", "col 4 + width 3 exceeds the picture's width 6"),
        (Box(3, 0, 2, 2), "height", "row 3 + height 2 exceeds the picture's height 4"),
        (Box(0, 0, 0, 2), "height", "height 0 of the window is less than 1"),
        (Box(0, -1, 2, 2), "col", "col -1 of the window is less than 0"),
    ],
)
def test_a_window_beyond_the_picture_is_refused(box, field, says):
    with pytest.raises(ParameterError, match=says.replace("+", r"\+")) as refused:
        crop(PICTURE, box, (2, 2))
    assert refused.value.field == field


@pytest.mark.parametrize(("name", "channels"), [("cat", 1), ("coffee", 3)])
@pytest.mark.parametrize("size", [(6, 6), (5, 12), (32, 9), (1, 32)])
def test_a_photo_by_name_is_the_window_in_its_middle(name, channels, size):
    pixels = sample_picture(name).pixels
    box = middle(pixels, size)
    assert box.row + box.height <= pixels.shape[0]
    assert box.col + box.width <= pixels.shape[1]
    assert box.height * size[1] == pytest.approx(box.width * size[0], abs=max(size))
    expected = crop(pixels, box, size, channels)
    assert input_values(f"photo-{name}", size, channels).tolist() == expected.tolist()
