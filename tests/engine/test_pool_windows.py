"""A step of a pool's gradient shows the windows that its cell is in, and who won each: against loops."""

from __future__ import annotations

import numpy as np
import pytest

import cnn_engine as engine

RNG = np.random.default_rng(9)
SETTINGS = [
    {"kernel_size": 2},
    {"kernel_size": 3, "stride": 1},
    {"kernel_size": 3, "stride": 2, "padding": 1},
    {"kernel_size": (3, 2), "stride": (1, 2), "padding": (1, 0), "dilation": (1, 2)},
    {"kernel_size": 2, "stride": 3},
    {"kernel_size": 2, "stride": 2, "dilation": 2, "ceil_mode": True},
    {"kernel_size": 3, "stride": 2, "ceil_mode": True},
]


def windows_of(x, trace, channel, row, col):
    """Every window that holds a cell: where it begins in the padded input, its cells there, and which of them won."""
    rows, cols = trace.geometry.values()
    found = []
    for i in range(rows.output_size):
        for j in range(cols.output_size):
            cells = [
                (i * rows.stride + p * rows.dilation, j * cols.stride + q * cols.dilation)
                for p in range(rows.kernel_size)
                for q in range(cols.kernel_size)
            ]
            if (row + rows.padding[0], col + cols.padding[0]) not in cells:
                continue
            own = {}
            for at in cells:
                y, z = at[0] - rows.padding[0], at[1] - cols.padding[0]
                if 0 <= y < x.shape[1] and 0 <= z < x.shape[2]:
                    own[at] = x[channel, y, z]
            winner = next(at for at in own if own[at] == max(own.values()))
            found.append(((i * rows.stride, j * cols.stride), cells, winner))
    return found


@pytest.mark.parametrize("setting", SETTINGS, ids=str)
@pytest.mark.parametrize("kind", ["max", "avg"])
def test_the_windows_of_each_cell_are_those_that_hold_it(kind, setting):
    x = RNG.integers(0, 4, (2, 7, 6)).astype(float)
    made = {"max": engine.trace_max_pool2d_backward, "avg": engine.trace_avg_pool2d_backward}[kind]
    trace = made(x, grad_output=lambda shape: RNG.normal(size=shape), **setting)
    rows, cols = trace.geometry.values()
    for step in trace:
        channel, row, col = step.output_cell
        expected = windows_of(x, trace, channel, row, col)
        there = np.flatnonzero(step.inside)
        assert sorted(map(tuple, step.windows[there].tolist())) == sorted(first for first, _, _ in expected)
        assert not step.windows[~step.inside].any()
        first, size = step.windows_from, step.windows_size
        shown = {
            (first[1] + i * rows.dilation, first[2] + j * cols.dilation) for i in range(size[0]) for j in range(size[1])
        }
        own = row + rows.padding[0], col + cols.padding[0]
        assert first[0] == channel
        assert shown == {at for _, cells, _ in expected for at in cells} | {own}
        tap = step.cell_tap
        assert (first[1] + tap[0] * rows.dilation, first[2] + tap[1] * cols.dilation) == own
        if kind == "max":
            winners = {begins: winner for begins, _, winner in expected}
            for term in there:
                assert tuple(step.winners[term]) == winners[tuple(step.windows[term])]
                assert step.gate[term] == (tuple(step.winners[term]) == own)


@pytest.mark.parametrize("made", [engine.trace_global_max_pool2d_backward, engine.trace_global_avg_pool2d_backward])
def test_a_global_pool_has_one_window_which_is_the_whole_map(made):
    step = made([[1, 2, 3], [4, 9, 5]], [[[2]]])[3]
    assert (step.windows_from, step.windows_size, step.cell_tap) == ((0, 0, 0), (2, 3), (1, 0))
    assert step.windows.tolist() == [[0, 0]]


def test_a_tie_goes_to_the_first_and_a_number_that_is_none_wins():
    tie = engine.trace_max_pool2d_backward([[5, 5], [1, 5]], 2, [[1]])
    assert [step.winners.tolist() for step in tie] == [[[0, 0]]] * 4
    assert [step.gate.tolist() for step in tie] == [[True], [False], [False], [False]]
    none = engine.trace_max_pool2d_backward([[5, np.nan], [1, 5]], 2, [[1]])
    assert [step.winners.tolist() for step in none] == [[[0, 1]]] * 4


def test_the_input_is_shown_with_its_padding_and_the_windows_on_it():
    show = engine.trace_max_pool2d_backward(np.ones((4, 4)), 3, np.ones, stride=2, padding=1, dilation=1).show()
    assert show
    panel = show.panels[0]
    (region,) = panel.regions
    assert (panel.tensor, panel.inside) == ("padded_input", (1, 1, 4, 4))
    assert (region.at, region.size, region.tap) == ("windows_from", "windows_size", "cell_tap")
    assert (region.windows, region.window, region.winners, region.won) == ("windows", (3, 3), "winners", "gate")
    average = engine.trace_avg_pool2d_backward(np.ones((4, 4)), 2, np.ones, dilation=2).show()
    assert average
    (region,) = average.panels[0].regions
    assert (region.windows, region.window, region.spread, region.winners) == ("windows", (3, 3), (2, 2), "")
