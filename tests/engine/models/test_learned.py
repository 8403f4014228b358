"""What layers have learned: by hand, against loops and finite differences."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from cnn_engine import ParameterError, ShapeError
from cnn_engine.models import answer, reach
from cnn_engine.models.learned import exciting, favourite, nearest
from cnn_engine.models.passes import AT_ONCE, INPUT, Pass
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model

reach_module = import_module("cnn_engine.models.reach")  # whose name is that of its function
PICTURES = np.array([PAPER_INPUT, [[[0, 0], [0, 4]]], [[[-1, -1], [-1, -1]]]], float)
DEEP = (
    [
        {"layer": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1},
        "relu",
        {"layer": "max_pool2d", "kernel_size": 2},
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 3},
        "flatten",
        {"layer": "linear", "out_features": 3},
    ],
    (2, 8, 8),
)


@pytest.fixture(scope="module")
def deep():
    """A model of several layers, and forty pictures for it."""
    model, _ = any_model(*DEEP, seed=1)
    return model, np.random.default_rng(2).random((40, 2, 8, 8))


def test_the_pictures_that_excite_a_map_are_as_on_paper():
    """Filter 0 gives 2 x + 1: 9 at (1, 1) of the second picture, 7 at (1, 0) of the first, 0 of the third."""
    found = exciting(PAPER, PICTURES, 1, 0, count=2)
    assert [tuple(one) for one in found] == [
        (1, 9, (0, 1, 1), ((0, 0), (1, 1), (1, 1))),
        (0, 7, (0, 1, 0), ((0, 0), (1, 1), (0, 0))),
    ]
    assert [one.sample for one in exciting(PAPER, PICTURES, 4, 0)] == [0, 1, 2]  # logits 16, 14 and 0 + 2 + 5


def test_the_pictures_that_excite_a_map_are_those_of_a_loop(deep):
    model, pictures = deep
    maps = [answer(model, picture).maps for picture in pictures]
    for layer, channel in ((0, 2), (3, 1), (5, 0)):
        largest = [given[layer][channel].max() for given in maps]
        found = exciting(model, pictures, layer, channel, count=5)
        assert [one.sample for one in found] == list(np.argsort(-np.array(largest))[:5])
        for one in found:
            assert one.value == pytest.approx(largest[one.sample])
            assert maps[one.sample][layer][one.cell] == pytest.approx(one.value)


def test_what_excites_a_map_and_what_it_likes_follow_channels_that_are_off():
    """Without filter 0 the logit of class 0 is 2 x the largest of filter 1, and 5: of the pictures 2, 0 and 1."""
    silent = [{"layer": 1, "channel": 0}]
    found = exciting(PAPER, PICTURES, 4, 0, off=silent)
    assert [(one.sample, one.value) for one in found] == [(0, 9), (2, 7), (1, 5)]
    assert {one.value for one in exciting(PAPER, PICTURES, 1, 0, off=silent)} == {0}
    assert favourite(PAPER, 1, 0, steps=2, off=silent).values.tolist() == [0, 0, 0]
    assert favourite(PAPER, 1, 0, steps=2).values[2] > 0
    near = nearest(PAPER, PICTURES[1], PICTURES, 4, off=silent)
    assert [(one.sample, one.distance) for one in near] == [(1, 0), (2, 4.25**0.5), (0, 17**0.5)]


def test_what_a_cell_sees_is_all_that_it_depends_on(deep):
    model, pictures = deep
    one = exciting(model, pictures, 3, 0, count=1)[0]
    (_, rows, cols), seen = one.box, pictures[one.sample].copy()
    inside = np.zeros((8, 8), bool)
    inside[rows[0] : rows[1] + 1, cols[0] : cols[1] + 1] = True
    assert not inside.all()
    seen[:, ~inside] = 9
    assert answer(model, seen).maps[3][one.cell] == pytest.approx(one.value)


def test_what_cells_see_takes_no_pass_and_is_as_their_reach_has_it(deep, monkeypatch):
    model, pictures = deep
    passes, begin = [], Pass.__init__
    with monkeypatch.context() as counted:
        counted.setattr(Pass, "__init__", lambda *given, **named: (passes.append(1), begin(*given, **named))[0])
        found = exciting(model, pictures, 3, 1, count=20)
    assert len(passes) == -(-len(pictures) // AT_ONCE)  # those that compare the pictures, and no more
    for one in found:
        assert one.box == reach(model, pictures[one.sample], 3, one.cell).boxes[INPUT]


def test_the_nearest_pictures_are_those_of_a_loop(deep):
    model, pictures = deep
    own = answer(model, pictures[7]).maps
    for layer in (0, 3, 5):
        apart = [np.linalg.norm(answer(model, picture).maps[layer] - own[layer]) for picture in pictures]
        found = nearest(model, pictures[7], pictures, layer, count=4)
        assert [one.sample for one in found] == list(np.argsort(apart, kind="stable")[:4])
        assert found[0] == (7, pytest.approx(0, abs=1e-12))
        assert [one.distance for one in found] == pytest.approx(sorted(apart)[:4])


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda: exciting(PAPER, PICTURES, 5, 0), "layer"),
        (lambda: exciting(PAPER, PICTURES, 1, 2), "channel"),
        (lambda: exciting(PAPER, PICTURES, 1, 0, count=0), "count"),
        (lambda: exciting(PAPER, PICTURES[:, :, :1], 1, 0), "pictures"),
        (lambda: exciting(PAPER, PICTURES[:0], 1, 0), "pictures"),
        (lambda: nearest(PAPER, [[[1]]], PICTURES, 1), "input"),
        (lambda: nearest(PAPER, PAPER_INPUT, PICTURES, -1), "layer"),
        (lambda: favourite(PAPER, 1, 2), "channel"),
        (lambda: favourite(PAPER, 1, 0, steps=61), "steps"),
        (lambda: favourite(PAPER, 1, 0, seed=-1), "seed"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, field):
    with pytest.raises((ParameterError, ShapeError)) as refused:
        call()
    assert refused.value.field == field


def test_an_ascent_asks_for_a_slope_in_each_step_and_for_none_at_its_end(deep, monkeypatch):
    model, _ = deep
    requested, slope = [], Pass.gradients
    monkeypatch.setattr(Pass, "gradients", lambda *given: (requested.append(1), slope(*given))[1])
    favourite(model, 3, 1, steps=5)
    assert len(requested) == 5


def test_what_a_layer_has_to_do_with_its_input_is_worked_out_once_for_all_pictures(deep, monkeypatch):
    model, pictures = deep
    traced, trace = [], reach_module.layer_trace
    monkeypatch.setattr(reach_module, "layer_trace", lambda *given: (traced.append(given[1]), trace(*given))[1])
    exciting(model, pictures, 3, 1, count=20)
    assert traced == [0, 1, 2, 3]
