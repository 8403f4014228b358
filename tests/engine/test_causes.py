"""What is 0 on the way back says why: by hand, and so that each cause is true of the numbers that stand there."""

from __future__ import annotations

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine.trace.causes import CAUSES, MARKS
from cnn_engine.words import say

RNG = np.random.default_rng(5)


def test_a_weight_meets_padding_zeros_and_nothing_from_above():
    above = [[7, 0, 5], [0, 6, 0], [1, 2, 3]]
    trace = engine.trace_conv2d_backward([[0, 2], [3, 4]], np.ones((1, 1, 2, 2)), above, padding=1)
    # the first weight met the padding's first row and column, then the input
    assert trace[0].zero.tolist() == ["padding", "above", "padding", "above", "value", "above", "padding", "", ""]
    assert trace[0].why == ""


def test_padding_that_copies_is_no_cause():
    trace = engine.trace_conv2d_backward(
        [[0, 2], [3, 4]], np.ones((1, 1, 2, 2)), np.ones((3, 3)), padding=1, padding_mode="replicate"
    )
    assert set(trace.columns()["zero"].ravel().tolist()) == {"value", ""}


def test_an_input_meets_weights_of_0_or_no_output_at_all():
    trace = engine.trace_conv2d_backward(np.ones((3, 3)), [[[[0, 2]]]], [[5], [0], [1]], wrt="input", stride=(1, 3))
    assert [(step.zero.tolist(), step.why) for step in trace][:6] == [
        (["weight"], "weight"),
        ([""], ""),
        ([""], "unread"),
        (["above"], "above"),
        (["above"], "above"),
        ([""], "unread"),
    ]


def test_gates_winners_and_flat_curves_say_so():
    relu = engine.trace_relu_backward([-1, 2, 3, -4], [5, 0, 6, 0])
    assert [step.why for step in relu] == [
        "gate",
        "above",
        "",
        "gate",
    ]  # a closed gate first
    leaky = engine.trace_leaky_relu_backward([-1, 2], [5, 0], negative_slope=0.0)
    assert [step.why for step in leaky] == ["slope", "above"]
    tanh = engine.trace_tanh_backward([40.0, 0.5], [1, 1])
    assert [step.why for step in tanh] == ["slope", ""]
    pool = engine.trace_max_pool2d_backward([[1, 4], [3, 2]], 2, [[5]])
    assert [step.why for step in pool] == ["winner", "", "winner", "winner"]


def test_what_cancels_or_is_too_small_says_so():
    canceled = engine.trace_linear_backward([1.0], [[1], [1]], [2, -2], wrt="input")
    assert (canceled[0].zero.tolist(), canceled[0].why) == (["", ""], "cancel")
    tiny = engine.trace_linear_backward([1e-200], [[1]], [1e-200])
    assert (tiny[0].output, tiny[0].why) == (0, "tiny")
    several = engine.trace_linear_backward([1.0], [[0], [1]], [2, 0], wrt="input")
    assert (several[0].zero.tolist(), several[0].why) == (["weight", "above"], "several")


def test_what_is_no_number_is_not_0():
    trace = engine.trace_linear_backward([1.0], [[np.nan], [0]], [0, np.inf], wrt="input")
    assert (trace[0].zero.tolist(), trace[0].why) == (["", ""], "")


SETTINGS = [
    {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    for stride in (1, 2)
    for padding in (0, 1)
    for dilation in (1, 2)
    for groups in (1, 2)
]


@pytest.mark.parametrize("wrt", ["weight", "input", "bias"])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_every_0_of_a_convolution_has_a_cause_that_is_true(wrt, setting):
    x = RNG.integers(-1, 2, (2, 6, 5)).astype(float)
    w = RNG.integers(-1, 2, (2, 2 // setting["groups"], 2, 2)).astype(float)
    shape = engine.conv2d(x, w, **setting).shape
    trace = engine.trace_conv2d_backward(x, w, RNG.integers(-1, 2, shape), wrt=wrt, **setting)
    columns = trace.columns()
    zero, inside = columns["zero"], columns["inside"]
    np.testing.assert_array_equal(zero != "", inside & (columns["products"] == 0))
    assert (columns["above"][zero == "above"] == 0).all()
    assert (columns["local"][np.isin(zero, ["weight", "value", "padding"])] == 0).all()
    np.testing.assert_array_equal(columns["why"] != "", columns["output"] == 0)
    np.testing.assert_array_equal(columns["why"] == "unread", ~inside.any(axis=1))
    if wrt == "weight":
        at = columns["local_cells"][..., 1:] - setting["padding"]
        outside = ((at < 0) | (at >= x.shape[1:])).any(axis=-1)
        assert not (zero == "value")[outside].any()
        assert outside[zero == "padding"].all()


def _read(trace, panel):
    """What stands in a panel where it says that the terms come from, and what the steps have of that factor."""
    columns, values = trace.columns(), trace.tensors[panel.tensor]
    cells = columns[panel.terms].reshape((*columns["inside"].shape, -1))
    if panel.stands:
        planes, rows, cols = (np.array(indices) for indices in panel.stands)
        plane, row, col = planes[cells[..., 0]], rows[cells[..., -2]], cols[cells[..., -1]]
        part = np.broadcast_to(columns["output_cell"][:, :1], plane.shape)
        shown = values[:, None] if panel.tensor == "spread_above" else values
        at = (part, plane, row, col) if panel.at else (plane, np.zeros_like(plane), row, col)
        assert (np.minimum(row, col) >= 0)[columns["inside"]].all()
        here = shown[at]
    else:
        here = values[tuple(np.moveaxis(cells, -1, 0))]
    inside = columns["inside"]
    return here[inside], columns["above" if panel.terms == "term_cells" else "local"][inside]


@pytest.mark.parametrize("mode", ["zeros", "replicate"])
@pytest.mark.parametrize("wrt", ["weight", "input"])
@pytest.mark.parametrize("setting", SETTINGS, ids=str)
def test_both_views_know_where_each_factor_stands_and_what_it_is_called_where_it_is_0(wrt, setting, mode):
    x, w = RNG.integers(-9, 9, (2, 6, 5)), RNG.integers(-9, 9, (2, 2 // setting["groups"], 2, 2))
    shape = engine.conv2d(x, w, padding_mode=mode, **setting).shape
    trace = engine.trace_conv2d_backward(x, w, RNG.integers(-9, 9, shape), wrt=wrt, padding_mode=mode, **setting)
    for show in filter(None, (trace.show(), trace.correlation())):
        explained = [panel for panel in show.panels if panel.terms]
        assert len(explained) == 2
        for panel in explained:
            np.testing.assert_array_equal(*_read(trace, panel))
        around = ("padding",) if mode == "zeros" else ()
        words = ("weight",) if wrt == "input" else ("value", *around)
        assert sorted(panel.zeros for panel in explained) == [(), words]


@pytest.mark.parametrize("wrt", ["weight", "input"])
@pytest.mark.parametrize("transposed", [False, True])
def test_so_do_those_of_other_operations(wrt, transposed):
    if transposed:
        x, w, above = (RNG.integers(-9, 9, shape) for shape in ((2, 3, 3), (2, 3, 2, 2), (3, 4, 4)))
        trace = engine.trace_conv_transpose2d_backward(x, w, above, wrt=wrt)
    else:
        trace = engine.trace_linear_backward([4, 1], [[5, 2], [1, 6], [3, 7]], [1, 8, 2], wrt=wrt)
    explained = [panel for panel in trace.show().panels if panel.terms]
    assert len(explained) == 2
    for panel in explained:
        np.testing.assert_array_equal(*_read(trace, panel))


def test_every_cause_has_a_mark_and_words():
    assert {cause.id: cause.mark for cause in CAUSES} == MARKS
    texts = [say(cause.text) for cause in CAUSES]
    assert len(set(texts)) == len(texts)
    marks = [mark for name, mark in MARKS.items() if name != "dropped"]
    assert len(set(marks)) == len(marks)


def test_what_falls_on_padding_is_shown_as_dropped():
    show = engine.trace_pad2d_backward(np.ones((2, 3)), ((1, 0), (2, 1)), np.ones).show()
    assert show
    assert next(panel.kept for panel in show.panels if panel.id == "above") == (1, 2, 2, 3)
    copied = engine.trace_pad2d_backward(np.ones((3, 3)), 1, np.ones, mode="reflect").show()
    assert copied
    assert [panel.kept for panel in copied.panels] == [None] * 3
