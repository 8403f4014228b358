"""Progressions and points of every kind of axis, against loops over all points."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_engine.relations.axes import Ravel
from cnn_engine.relations.blocks import Blocks
from cnn_engine.relations.slide import Slide
from cnn_engine.relations.table import PaddedSlide, Table
from cnn_engine.windows import padding_sources

from .strategies import thorough

ROLES = ("position", "tap", "cell")


def found(axis, given_roles, roles):
    """(the given index, the others...) of every point, in order, as the axis has them."""
    grid = np.indices([axis.size(role) for role in given_roles]).reshape(len(given_roles), -1)
    points = axis.points(dict(zip(given_roles, grid, strict=True)))
    return [
        [tuple(int(points.index[role][k, n]) for role in roles) for n in np.flatnonzero(points.real[k])]
        for k in range(grid.shape[1])
    ]


slides = st.builds(
    Slide,
    st.integers(1, 6),
    st.integers(1, 5),
    st.integers(1, 12),
    st.integers(1, 4),
    st.integers(1, 4),
    st.integers(-3, 5),
)


def every_point(slide):
    for position, tap in itertools.product(range(slide.positions), range(slide.taps)):
        cell = slide.stride * position + slide.dilation * tap - slide.before
        if 0 <= cell < slide.cells:
            yield {"position": position, "tap": tap, "cell": cell}


@thorough
@given(slides, st.sampled_from(ROLES))
def test_a_slides_points_are_those_of_the_loops(slide, role):
    expected = [[] for _ in range(slide.size(role))]
    for point in every_point(slide):
        expected[point[role]].append(tuple(point[other] for other in ROLES))
    by = 0 if role == "tap" else 1  # the contract's order: by taps; where the tap is given, by positions
    expected = [sorted(points, key=lambda point: point[by]) for points in expected]
    assert found(slide, (role,), ROLES) == expected
    assert slide.counts(role).tolist() == list(map(len, expected))


@thorough
@given(slides)
def test_where_taps_land(slide):
    positions = np.arange(slide.positions)
    assert slide.inside(positions).sum() == len(list(every_point(slide)))
    for role, other in (("position", "tap"), ("tap", "position")):
        for index, (met, cells) in enumerate(slide.slices(role)):
            landing = [point for point in every_point(slide) if point[role] == index]
            assert np.arange(slide.size(other))[met].tolist() == [point[other] for point in landing]
            assert np.arange(slide.cells)[cells].tolist() == [point["cell"] for point in landing]


def test_a_long_axis_is_solved_and_not_gone_through():
    slide = Slide(10**6, 10**5, 10**7, 3, 2)
    assert slide.progressions({"cell": np.array([0, 10**6])}).count.tolist() == [1, 33333]


@pytest.mark.parametrize(("groups", "depth", "per_group"), [*itertools.product((1, 2, 3), (1, 2), (1, 3))])
def test_groups_meet_their_own_channels_alone(groups, depth, per_group):
    blocks = Blocks.of(groups * depth, groups * per_group, groups)
    every = [
        {"out": g * per_group + f, "in": g * depth + c, "kept": f, "depth": c}
        for g, f, c in itertools.product(range(groups), range(per_group), range(depth))
    ]
    for roles in (("out",), ("in",), ("out", "depth"), ("in", "kept")):
        expected = {}
        for point in every:
            expected.setdefault(tuple(point[role] for role in roles), []).append((point["out"], point["in"]))
        assert found(blocks, roles, ("out", "in")) == [expected[key] for key in sorted(expected)]
    assert blocks.read(np.arange(groups * per_group)).tolist() == [
        [point["in"] for point in every if point["out"] == out] for out in range(groups * per_group)
    ]
    assert blocks.first_fed(np.arange(groups * depth)).tolist() == [
        min(point["out"] for point in every if point["in"] == channel) for channel in range(groups * depth)
    ]
    weight = np.arange(groups * depth * per_group).reshape(groups * depth, per_group)
    turned = blocks.by_output(weight)
    assert all(turned[point["out"], point["depth"]] == weight[point["in"], point["kept"]] for point in every)


@pytest.mark.parametrize("mode", ["reflect", "replicate", "circular"])
@pytest.mark.parametrize(("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (2, 3)])
def test_a_cell_is_read_through_every_copy_of_it_tap_by_tap(mode, stride, dilation):
    sources = padding_sources(5, (3, 4), mode)
    slide = Slide((12 - 2 * dilation - 1) // stride + 1, 3, 12, stride, dilation)
    padded = PaddedSlide(slide, Table(sources[:, None], 5))
    expected = [[] for _ in range(5)]
    for point in sorted(every_point(slide), key=lambda point: (point["tap"], point["cell"])):
        expected[sources[point["cell"]]].append((point["position"], point["tap"]))
    assert found(padded, ("cell",), ("position", "tap")) == expected


def test_a_table_both_ways():
    table = Table(np.array([[0, 1], [2, -1], [1, 1]]), 4, np.array([[1.0, 0.5], [0.25, 9], [3, 4]]))
    assert found(table, ("position",), ("cell",)) == [[(0,), (1,)], [(2,)], [(1,), (1,)]]
    assert found(table, ("cell",), ("position", "tap")) == [[(0, 0)], [(0, 1), (2, 0), (2, 1)], [(1, 0)], []]
    assert table.points({"cell": np.array([1])}).weight.tolist() == [[0.5, 3, 4]]


def test_a_line_and_its_cells():
    line = Ravel((2, 3))
    assert found(line, ("flat",), ("0", "1"))[4] == [(1, 1)]
    assert found(line, ("0", "1"), ("flat",)) == [[(index,)] for index in range(6)]
