"""Two ways to decide by the same maps: moving what they hold changes the one and not the other."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import ShapeError, shift2d, trace_average_or_dense

MAPS = np.zeros((2, 4, 4))
MAPS[0, 1:3, 1], MAPS[1, 1, 1:3] = 6, 2
WEIGHT = np.zeros((2, 2, 4, 4))
WEIGHT[0, 0, :, 1], WEIGHT[1, 0, :, 1], WEIGHT[1, 0, :, 2], WEIGHT[1, 1, 1] = 1, -1, 1, 1


def test_by_hand():
    trace = trace_average_or_dense(MAPS, WEIGHT)
    assert trace.tensors["averages"].tolist() == [0.75, 0.25]  # 12 and 4 in 16 cells
    assert trace.tensors["output"].tolist() == [12, -8]  # −12 of the bar, and 4 of the other map
    step = trace[1]
    assert (step.map_sum, step.divisor, step.average, step.output) == (4, 16, 0.25, -8)
    assert step.channel_sums.tolist() == [-12, 4]


@pytest.mark.parametrize("shift", [(0, 1), (1, 0), (0, -1), (-1, 0), (1, 1)])
def test_the_averages_stay_where_nothing_leaves_the_maps(shift):
    before, after = (trace_average_or_dense(maps, WEIGHT) for maps in (MAPS, shift2d(MAPS, shift)))
    np.testing.assert_array_equal(after.tensors["averages"], before.tensors["averages"])
    assert not np.array_equal(after.tensors["output"], before.tensors["output"])


def test_one_pixel_to_the_right_the_dense_layer_answers_with_the_other_class():
    moved = trace_average_or_dense(shift2d(MAPS, (0, 1)), WEIGHT)
    assert moved.tensors["output"].tolist() == [0, 16]
    assert moved.has_largest
    assert moved.largest() == (1,)


def test_any_numbers():
    rng = np.random.default_rng(3)
    maps, weight = rng.normal(size=(3, 4, 5)), rng.normal(size=(3, 3, 4, 5))
    trace = trace_average_or_dense(maps, weight)
    columns = trace.columns()
    np.testing.assert_allclose(columns["average"], maps.mean(axis=(1, 2)), rtol=1e-12)
    np.testing.assert_allclose(columns["output"], np.einsum("kchw,chw->k", weight, maps), rtol=1e-12)
    np.testing.assert_array_equal(columns["output"], trace.tensors["output"])
    np.testing.assert_array_equal(columns["average"], trace.tensors["averages"])


@pytest.mark.parametrize("shape", [(1, 2, 4, 4), (2, 2, 4, 3), (2, 1, 4, 4)])
def test_there_is_a_weight_for_every_place(shape):
    with pytest.raises(ShapeError, match="every place") as refused:
        trace_average_or_dense(MAPS, np.ones(shape))
    assert refused.value.field == "weight"
