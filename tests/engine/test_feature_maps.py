"""The maps that kernels make of a picture, and how one of their values came about."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from cnn_engine import ConvoscopeError, explain_pixel, feature_maps

from . import naive

PICTURE = np.array([[0, 0, 5, 9], [0, 0, 5, 9], [0, 0, 5, 9]])
DIFFERENCE = np.array([[-1.0, 1]])
NOISE = np.random.default_rng(0).integers(0, 256, (17, 21)).astype(float)
KERNELS = np.random.default_rng(1).integers(-3, 4, (3, 3, 3)).astype(float)

OPTIONS = [
    {},
    {"stride": 2, "padding": 1},
    {"stride": (1, 3), "relu": True},
    {"padding": "same", "pooling": {"op": "max", "kernel_size": 2}},
    {"relu": True, "pooling": {"op": "avg", "kernel_size": (2, 3), "stride": 1}},
    {"stride": 2, "relu": True, "pooling": {"op": "max", "kernel_size": 3, "stride": (1, 2)}},
]


def by_loops(picture, kernel, stride=1, padding=0, relu=False, pooling=None):
    """One map by the loops of the definitions."""
    steps = (stride, stride) if isinstance(stride, int) else stride
    around = 1 if padding == "same" else padding  # a 3 x 3 kernel at stride 1
    sides = ((around, around), (around, around))
    plane = naive.conv2d(picture[None], kernel[None, None], None, steps, sides, (1, 1), 1, "zeros")[0].tolist()
    if relu:
        plane = [[max(0.0, value) for value in line] for line in plane]
    if pooling is None:
        return plane
    size = pooling["kernel_size"]
    size = (size, size) if isinstance(size, int) else size
    step = pooling.get("stride", size)
    step = (step, step) if isinstance(step, int) else step
    geometry = size, step, ((0, 0), (0, 0)), (1, 1), False
    if pooling["op"] == "max":
        cells = {index: best for index, (best, _) in naive.max_pool2d(plane, *geometry).items()}
    else:
        cells = {index: total / count for index, (total, count) in naive.avg_pool2d(plane, *geometry, True).items()}
    height, width = (1 + max(index[axis] for index in cells) for axis in (0, 1))
    return [[cells[row, col] for col in range(width)] for row in range(height)]


def test_worked_by_hand():
    maps = feature_maps(PICTURE, [DIFFERENCE, -DIFFERENCE], relu=True)
    assert maps.dtype == np.float32
    assert maps.tolist() == [[[0, 5, 4]] * 3, [[0, 0, 0]] * 3]
    pooled = feature_maps(PICTURE, [DIFFERENCE], pooling={"op": "avg", "kernel_size": (3, 2), "stride": 1})
    assert pooled.tolist() == [[[2.5, 4.5]]]


@pytest.mark.parametrize("options", OPTIONS)
def test_maps_are_those_of_the_loops(options):
    maps = feature_maps(NOISE, KERNELS, **options)
    assert maps.dtype == np.float32
    for plane, kernel in zip(maps, KERNELS, strict=True):
        np.testing.assert_allclose(plane, by_loops(NOISE, kernel, **options), rtol=1e-6)


@pytest.mark.parametrize("options", OPTIONS)
def test_every_value_is_explained(options):
    wanted = by_loops(NOISE, KERNELS[0], **options)
    for row, line in enumerate(wanted):
        for col, value in enumerate(line):
            last = explain_pixel(NOISE, KERNELS[0], row, col, **options)[-1]
            assert last["output"].tolist() == [value]
            assert last["output_cell"].tolist() == [[0, row, col]]


def test_the_stages_of_one_value():
    options = {"relu": True, "pooling": {"op": "max", "kernel_size": (1, 2), "stride": 1}}
    convolved, rectified, pooled = explain_pixel(PICTURE, -DIFFERENCE, 1, 0, **options)
    assert convolved["op"] == "conv2d"
    assert convolved["output_cell"].tolist() == [[0, 1, 0], [0, 1, 1]]
    assert convolved["position"].tolist() == [[1, 0], [1, 1]]
    assert convolved["window"].tolist() == [[[[0, 0]]], [[[0, 5]]]]
    assert convolved["products"].tolist() == [[[[0, 0]]], [[[0, -5]]]]
    assert convolved["output"].tolist() == [0, -5]
    assert convolved["description"][1] == (
        "The window covers row 2 and columns 2–3. Its products 0 − 5 add up to −5, the output at row 2, column 2."
    )
    assert rectified["op"] == "relu"
    assert (rectified["input"].tolist(), rectified["output"].tolist()) == ([0, -5], [0, 0])
    assert rectified["description"] == [
        "0 is not negative: ReLU leaves it as it is.",
        "−5 is negative: ReLU makes it 0.",
    ]
    assert pooled["op"] == "max_pool2d"
    assert pooled["window"].tolist() == [[[0, 0]]]
    assert (pooled["selected"].tolist(), pooled["position"].tolist()) == ([[0, 0]], [[1, 0]])
    assert pooled["description"] == ["Max pooling keeps the largest of 0 and 0: 0 at row 2, column 1 of the map."]


def test_an_average_of_a_map_says_what_it_divides_by():
    pooling = {"op": "avg", "kernel_size": (1, 2)}
    last = explain_pixel(PICTURE, [[1]], 0, 1, pooling=pooling)[-1]
    assert (last["divisor"].tolist(), last["output"].tolist()) == ([2], [7])
    assert last["description"] == ["Average pooling adds up 5 and 9 and divides by 2: 7 at row 1, column 2 of the map."]
    alone = explain_pixel(PICTURE, [[1]], 0, 3, pooling={"op": "avg", "kernel_size": 1})[-1]
    assert alone["description"] == ["The pool's window holds one value, 9, and gives it at row 1, column 4 of the map."]


def test_only_what_is_needed_is_computed():
    picture = np.zeros((3000, 3000))
    tracemalloc.start()
    explain_pixel(picture, KERNELS[0], 700, 500, relu=True, pooling={"op": "max", "kernel_size": 2})
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert used < 1_000_000  # the map alone would take 72 MB


@pytest.mark.parametrize(
    ("options", "field", "message"),
    [
        ({"stride": 0}, "stride", "stride 0 is less than 1"),
        ({"relu": 1}, "relu", "relu must be true or false, not 1"),
        ({"pooling": {"op": "min", "kernel_size": 2}}, "pooling.op", 'pooling.op must be "max" or "avg", not \'min\''),
        ({"pooling": {"op": "max"}}, "pooling.kernel_size", "pooling needs a kernel_size"),
        (
            {"pooling": {"op": "max", "kernel_size": 4}},
            "pooling.kernel_size",
            "pooling: kernel_size 4 exceeds the padded input height 3",
        ),
        (
            {"pooling": {"op": "avg", "kernel_size": 2, "stride": 0}},
            "pooling.stride",
            "pooling: stride 0 is less than 1",
        ),
        (
            {"pooling": {"op": "avg", "kernel_size": 2, "padding": 1}},
            "pooling.padding",
            "pooling has no padding; it has op, kernel_size and stride",
        ),
    ],
)
def test_options_that_cannot_be(options, field, message):
    for call in (
        lambda: feature_maps(PICTURE, [DIFFERENCE], **options),
        lambda: explain_pixel(PICTURE, DIFFERENCE, 0, 0, **options),
    ):
        with pytest.raises(ConvoscopeError) as refusal:
            call()
        assert (str(refusal.value), refusal.value.field) == (message, field)


@pytest.mark.parametrize(
    ("index", "options", "field", "message"),
    [
        ((3, 0), {}, "row", "row 3 is outside the map, whose last row is 2"),
        ((0, -1), {}, "col", "col -1 is outside the map, whose last col is 2"),
        (
            (0, 1),
            {"pooling": {"op": "max", "kernel_size": 2}},
            "col",
            "col 1 is outside the map, whose last col is 0",
        ),
    ],
)
def test_places_outside_the_map(index, options, field, message):
    with pytest.raises(ConvoscopeError) as refusal:
        explain_pixel(PICTURE, DIFFERENCE, *index, **options)
    assert (str(refusal.value), refusal.value.field) == (message, field)
