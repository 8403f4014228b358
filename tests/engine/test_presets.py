"""Kernels and inputs by name: what each promises, at every size."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import conv2d
from cnn_engine.data import inputs
from cnn_engine.data.presets import INPUTS, KERNELS, input_values, kernel_values

SIZES = [(1, 1), (2, 3), (7, 7), (5, 12), (32, 32)]


def seen_by(kernel, picture):
    """What a kernel makes of a picture."""
    return conv2d(np.array(picture, float)[None], kernel_values(kernel)[None, None])[0].tolist()


def test_the_kernels_that_every_page_names():
    assert KERNELS["lesson"].values.tolist() == [[0, 1], [2, 3]]
    assert KERNELS["vertical-edge"].values.tolist() == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert len(KERNELS) >= 14
    assert all(name == kernel.name and kernel.finds.endswith(".") for name, kernel in KERNELS.items())


BRIGHT_LEFT = [[9, 0, 0]] * 3
CORNER = [[9, 9, 0], [9, 9, 0], [0, 0, 0]]


@pytest.mark.parametrize(
    ("kernel", "picture", "wanted"),
    [
        ("identity", [[1, 2, 3], [4, 5, 6], [7, 8, 9]], 5),
        ("vertical-edge", BRIGHT_LEFT, 36),
        ("vertical-edge", [[0, 0, 9]] * 3, -36),
        ("vertical-edge", [[9] * 3, [0] * 3, [0] * 3], 0),
        ("horizontal-edge", [[9] * 3, [0] * 3, [0] * 3], 36),
        ("horizontal-edge", BRIGHT_LEFT, 0),
        ("diagonal-edge-down", [[0, 9, 9], [0, 0, 9], [0, 0, 0]], 36),
        ("diagonal-edge-down", [[9, 9, 0], [9, 0, 0], [0, 0, 0]], 0),
        ("diagonal-edge-up", [[9, 9, 0], [9, 0, 0], [0, 0, 0]], 36),
        ("corners", CORNER, 9),
        ("corners", [[9] * 3, [9] * 3, [0] * 3], 0),
        ("corners", BRIGHT_LEFT, 0),
        ("outline", CORNER, 8 * 9 - 3 * 9),
        ("laplacian", CORNER, 2 * 9 - 4 * 9),
        ("gaussian-blur", [[16, 0, 0], [0, 16, 0], [0, 0, 0]], 5),
        ("sharpen", [[1, 1, 1], [1, 2, 1], [1, 1, 1]], 6),
        ("emboss", [[0, 0, 0], [0, 4, 9], [0, 9, 9]], 4 + 9 + 9 + 18),
        ("line-horizontal", [[0] * 3, [9] * 3, [0] * 3], 54),
        ("line-vertical", [[0] * 3, [9] * 3, [0] * 3], 0),
        ("line-vertical", [[0, 9, 0]] * 3, 54),
        ("line-diagonal", [[9, 0, 0], [0, 9, 0], [0, 0, 9]], 54),
        ("spots", [[0] * 5, [0] * 5, [0, 0, 9, 0, 0], [0] * 5, [0] * 5], 144),
        ("checker", [[9, 0, 9, 0], [0, 9, 0, 9]] * 2, 72),
        ("lesson", [[0, 1], [3, 4]], 19),
    ],
)
def test_what_a_kernel_finds(kernel, picture, wanted):
    assert seen_by(kernel, picture) == [[wanted]]


BLIND = [
    "vertical-edge", "horizontal-edge", "diagonal-edge-down", "diagonal-edge-up", "corners", "outline", "laplacian",
    "line-horizontal", "line-vertical", "line-diagonal", "spots", "checker",
]  # fmt: skip


@pytest.mark.parametrize("name", BLIND)
def test_what_finds_differences_sees_nothing_in_a_flat_picture(name):
    assert kernel_values(name).sum() == 0


@pytest.mark.parametrize("name", ["identity", "box-blur", "gaussian-blur", "sharpen", "emboss"])
def test_what_keeps_the_picture_keeps_its_brightness(name):
    assert kernel_values(name).sum() == pytest.approx(1, abs=1e-15)


def test_kernels_at_other_sizes():
    assert kernel_values("vertical-edge", (4, 5)).tolist() == [
        [0, 1, 0, -1, 0],
        [0, 2, 0, -2, 0],
        [0, 1, 0, -1, 0],
        [0, 0, 0, 0, 0],
    ]
    assert kernel_values("vertical-edge", (1, 3)).tolist() == [[2, 0, -2]]
    assert kernel_values("outline", (2, 2)).tolist() == [[-1, -1], [-1, 8]]
    assert kernel_values("identity", (2, 4)).tolist() == [[0, 1, 0, 0], [0, 0, 0, 0]]
    assert kernel_values("box-blur", (2, 4)).tolist() == [[0.125] * 4] * 2
    assert kernel_values("gaussian-blur", (1, 5)).tolist() == [[1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]]
    assert kernel_values("lesson", (2, 3)).tolist() == [[0, 1, 2], [3, 4, 5]]


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("size", SIZES)
def test_every_kernel_has_every_size(name, size):
    values = kernel_values(name, size)
    assert (values.shape, values.dtype) == (size, np.float64)


def test_a_kernel_cannot_be_spoilt():
    kernel_values("outline")[0, 0] = 7
    assert kernel_values("outline")[0, 0] == -1


@pytest.mark.parametrize("name", INPUTS)
@pytest.mark.parametrize("size", SIZES)
def test_every_input_has_every_size_in_whole_numbers(name, size):
    values = input_values(name, size, channels=2)
    assert (values.shape, values.dtype) == ((2, *size), np.float64)
    assert (values == np.rint(values)).all()
    if name != "lesson":
        assert values.min() >= (-9 if name == "signed" else 0)
        assert values.max() <= 9


def test_inputs_at_their_own_size():
    assert INPUTS["lesson"].values.tolist() == [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    assert input_values("lesson", channels=2)[1].tolist() == [[9, 10, 11], [12, 13, 14], [15, 16, 17]]
    assert INPUTS["ramp-right"].values.tolist() == [[0, 1, 2, 3, 4, 5, 6]] * 7
    assert INPUTS["ramp-down"].values[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6]
    assert INPUTS["vertical-edge"].values.tolist() == [[9, 9, 9, 9, 0, 0, 0]] * 7
    assert INPUTS["horizontal-edge"].values[:, 3].tolist() == [9, 9, 9, 9, 0, 0, 0]
    assert input_values("diagonal-edge", (3, 3))[0].tolist() == [[0, 9, 9], [0, 0, 9], [0, 0, 0]]
    assert INPUTS["stripes"].values.tolist() == [[9, 0, 9, 0, 9, 0, 9]] * 7
    assert INPUTS["checkerboard"].values[:2].tolist() == [[9, 0, 9, 0, 9, 0, 9], [0, 9, 0, 9, 0, 9, 0]]
    assert INPUTS["cross"].values[2:4].tolist() == [[0, 0, 0, 9, 0, 0, 0], [9] * 7]


def test_a_larger_ramp_still_ends_at_9():
    assert input_values("ramp-right", (1, 19))[0, 0, ::2].tolist() == list(range(10))


def test_a_blob_is_brightest_in_the_middle_and_alike_on_all_sides():
    blob = INPUTS["blob"].values
    assert blob[3, 3] == 9
    assert blob[0, 0] == 0
    for turned in (blob[::-1], blob[:, ::-1], blob.T):
        assert turned.tolist() == blob.tolist()


def test_a_drawing_twice_as_large_has_every_cell_twice():
    for name in ("digit", "letter"):
        small, large = input_values(name, (7, 7))[0], input_values(name, (14, 14))[0]
        assert large.tolist() == small.repeat(2, axis=0).repeat(2, axis=1).tolist()


def test_a_seed_gives_the_same_numbers_again():
    assert input_values("random", seed=3).tolist() == input_values("random", seed=3).tolist()
    assert input_values("random", seed=3).tolist() != input_values("random", seed=4).tolist()
    channels = input_values("random", channels=2)
    assert channels[0].tolist() != channels[1].tolist()


def test_a_photo_is_kept_by_its_colours_however_many_channels_are_asked_for():
    one, colours, many = (input_values("photo-astronaut", (4, 5), channels) for channels in (1, 3, 256))
    assert many.tolist() == colours[np.arange(256) % 3].tolist()
    assert input_values("photo-astronaut", (4, 5), 2).tolist() == colours[:2].tolist()
    assert one.shape == (1, 4, 5)
    many += 1  # one's own
    assert input_values("photo-astronaut", (4, 5), 3).tolist() == colours.tolist()
    inputs._photo.cache_clear()
    for channels in range(3, 40):
        input_values("photo-astronaut", (4, 5), channels)
    assert inputs._photo.cache_info()[2:] == (256, 1)
