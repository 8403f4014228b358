"""What is kept for the next numbers: where terms and cells are."""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine import trace_conv2d, trace_conv2d_backward
from cnn_engine.relations.kept import Kept, constant
from cnn_engine.trace.indices import corners, indices_of


def test_what_was_not_asked_for_longest_makes_room():
    kept, made = Kept[str](10), list[str]()

    def ask(key: str, numbers: int) -> str:
        return kept.get(key, numbers, lambda: made.append(key) or key.upper())

    assert [ask("a", 4), ask("b", 4), ask("a", 4), ask("c", 4)] == ["A", "B", "A", "C"]
    assert kept.taken == 8
    assert (ask("a", 4), ask("b", 4), made) == ("A", "B", ["a", "b", "c", "b"])


def test_what_has_no_room_at_all_is_made_each_time():
    kept = Kept[int](3)
    assert (kept.get("large", 4, lambda: 1), kept.get("large", 4, lambda: 2)) == (1, 2)
    assert kept.taken == 0


def test_what_is_constant_cannot_be_written_to_by_another_way():
    whole = np.zeros((2, 3))
    part = constant(whole[:, 1:])
    for array in (whole, part):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


@pytest.mark.parametrize("cells", [np.arange(5, 11), np.array([3, 3, 0, 11]), np.arange(0)])
def test_places_of_any_cells(cells):
    shape = (2, 2, 3)
    for _ in range(2):  # made, and kept
        found = indices_of(cells, shape)
        np.testing.assert_array_equal(found, np.stack(np.unravel_index(cells, shape), axis=-1))
        np.testing.assert_array_equal(corners(cells, shape, (2, 3)), found[:, 1:] * (2, 3))


def test_steps_of_other_numbers_have_the_same_places_and_none_of_the_numbers():
    maps = np.random.default_rng(0).normal(size=(2, 1, 5, 5))
    kernel = np.ones((1, 1, 3, 3))
    one, other = (trace_conv2d(x, kernel).columns() for x in maps)
    assert one["output_cell"] is other["output_cell"]
    assert not np.shares_memory(one["window"], other["window"])
    above = np.ones((1, 3, 3))
    one, other = (trace_conv2d_backward(x, kernel, above).columns() for x in maps)
    assert np.shares_memory(one["local_cells"], other["local_cells"])
    np.testing.assert_array_equal(other["local"], maps[1][tuple(np.moveaxis(other["local_cells"], -1, 0))])
