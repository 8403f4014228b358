"""A model that is bent, what that took, what a map is made of, and which maps feed which."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine import ParameterError
from cnn_engine.models import answer, bend, compare, parts, shares, strongest, wiring
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.nn.strategies import architectures, thorough

networks, seeds = architectures(), st.integers(0, 2**32 - 1)
RAISED = {"parameter": "4.bias", "index": [1], "value": 30.0}


def test_a_bent_model_answers_as_on_paper_and_the_model_itself_stays():
    assert answer(bend(PAPER, [RAISED]), PAPER_INPUT).logits.tolist() == [16, 30 - 7 + 0.5 * 2]
    doubled = bend(PAPER, [{"parameter": "0.weight", "index": [0, 0, 0, 0], "value": 4.0}])
    assert answer(doubled, PAPER_INPUT).maps[0][0].tolist() == [[5, -7], [13, 1]]
    assert answer(PAPER, PAPER_INPUT).logits.tolist() == [16, -7]


def test_a_number_is_taken_as_it_is_whatever_the_others_are_kept_in():
    half = PAPER.changed({name: array.astype("float16") for name, array in PAPER.parameters.items()})
    bent = bend(half, [RAISED | {"value": 0.1}])
    assert bent.parameters["4.bias"].tolist() == [5, 0.1]
    assert bent.parameters["4.weight"].dtype == np.float16


def test_what_it_took_is_counted_as_on_paper():
    weight = {"parameter": "4.weight", "index": [1, 0], "value": 2.0}  # from -1
    found = compare(PAPER, bend(PAPER, [RAISED | {"value": 3.0}, weight]), PAPER_INPUT)
    assert vars(found.weights) == {"changed": 2, "of": 4 + 4 + 2, "largest": 4}
    assert found.distance == 5  # of a bias that moved by 4 and a weight that moved by 3
    assert [(one.changed, one.of, one.largest) for one in found.maps[:4]] == [
        (0, 8, 0),
        (0, 8, 0),
        (0, 2, 0),
        (0, 2, 0),
    ]
    assert vars(found.maps[4]) == {"changed": 1, "of": 2, "largest": 3 * 7 + 4}
    assert vars(found.cells) == {"changed": 1, "of": 22, "largest": 25}
    assert (found.before.logits.tolist(), found.after.logits.tolist()) == ([16, -7], [16, 18])


def test_a_channel_that_is_switched_off_is_compared_with_all_of_them_on():
    found = compare(PAPER, PAPER, PAPER_INPUT, off=[{"layer": 1, "channel": 0}])
    assert (found.weights.changed, found.distance) == (0, 0)
    assert [one.changed for one in found.maps] == [0, 3, 1, 1, 2]
    assert found.after.logits.tolist() == [9, 0]


def test_of_numbers_that_are_none_two_are_alike():
    none = PAPER.changed({"0.bias": [np.nan, 0]})
    assert compare(none, bend(none, []), PAPER_INPUT).weights.changed == 0
    mended = compare(none, bend(none, [{"parameter": "0.bias", "index": [0], "value": 1.0}]), PAPER_INPUT)
    assert mended.weights.changed == 1
    assert np.isnan(mended.weights.largest)


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"parameter": "9.weight"}, "changes.1.parameter", 'no parameter "9.weight"'),
        ({"parameter": "1.weight"}, "changes.1.parameter", "no parameter"),
        ({"index": [2]}, "changes.1.index.0", "2 is more than 1"),
        ({"index": [-1]}, "changes.1.index.0", "less than 0"),
        ({"index": [0, 0]}, "changes.1.index", "must have 1 number"),
        ({"index": 0}, "changes.1.index", "must have 1 number"),
        ({"value": float("nan")}, "changes.1.value", "finite"),
        ({"value": float("inf")}, "changes.1.value", "finite"),
        ({"value": "1"}, "changes.1.value", "number"),
        ({"index": [1]}, "changes.1", "changed twice"),
    ],
)
def test_a_change_that_cannot_be_is_refused_by_name(change, field, message):
    with pytest.raises(ParameterError, match=message) as refused:
        bend(PAPER, [RAISED, RAISED | {"index": [0]} | change])
    assert refused.value.field == field


def test_what_a_network_keeps_and_has_not_learned_cannot_be_bent():
    model, _ = any_model(["batch_norm2d", "flatten"], (1, 1, 2), 0)
    with pytest.raises(ParameterError, match="running_mean"):
        bend(model, [{"parameter": "0.running_mean", "index": [0], "value": 1.0}])


# ---- what a map is made of


def test_the_parts_of_a_map_are_as_on_paper():
    found = parts(PAPER, PAPER_INPUT, 0, 1)
    assert (found.channels, found.weight, found.bias_name, found.bias) == ((0,), "0.weight", "0.bias", 0)
    assert (found.read, found.inputs.tolist(), found.kernels.tolist()) == (-1, PAPER_INPUT, [[[-1]]])
    assert found.partials.tolist() == [found.sum.tolist()] == [[[-1, 2], [-3, 0]]]
    assert found.activation.tolist() == [[0, 2], [0, 0]]
    dense = parts(PAPER, PAPER_INPUT, 4, 1)
    assert dense.read == 2  # before it was flattened
    assert (dense.inputs.tolist(), dense.kernels.tolist()) == ([[[7]], [[2]]], [[[-1]], [[0.5]]])
    assert (dense.partials.ravel().tolist(), dense.sum.tolist(), dense.output.tolist()) == ([-7, 1], [[-6]], [[-7]])
    assert dense.activation is None
    silent = parts(PAPER, PAPER_INPUT, 0, 0, off=[{"layer": 0, "channel": 0}])
    assert (silent.sum.tolist(), silent.output.tolist()) == ([[2, -4], [6, 0]], [[0, 0], [0, 0]])


@settings(thorough, max_examples=40)
@given(networks, seeds)
def test_parts_add_up_to_what_the_layer_gives(case, seed):
    model, sample = any_model(case[0], case[1], seed)
    maps, random = answer(model, sample).maps, np.random.default_rng(seed)
    for layer, values in maps.items():
        channel = int(random.integers(len(values)))
        found = parts(model, sample, layer, channel)
        np.testing.assert_array_equal(found.output.ravel(), values[channel].ravel())
        before = maps[layer - 1] if layer else sample
        whole = before.reshape(-1, *found.inputs.shape[1:])
        np.testing.assert_array_equal(found.inputs, whole[list(found.channels)])
        if found.sum is not None:
            np.testing.assert_allclose(found.partials.sum(axis=0), found.sum, rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(found.sum + (found.bias or 0), found.output, rtol=1e-9, atol=1e-9)
        if found.weight:
            own = model.parameters[found.weight][channel].reshape(found.kernels.shape)
            np.testing.assert_array_equal(found.kernels, own)
        if found.activation is not None:
            np.testing.assert_array_equal(found.activation.ravel(), maps[layer + 1][channel].ravel())


def test_a_dense_layer_after_another_is_made_of_that_ones_numbers():
    dense = {"layer": "linear", "out_features": 3}
    model, sample = any_model(["relu", "flatten", dense, "relu", dense], (2, 4, 4), seed=0)
    assert [parts(model, sample, layer, 0).read for layer in (2, 4)] == [0, 3]
    assert parts(model, sample, 4, 0).inputs.shape == (1, 1, 3)


# ---- which maps feed which


def test_strengths_are_the_lengths_of_kernels_by_hand():
    model, _ = any_model(
        [
            {"layer": "conv2d", "out_channels": 4, "kernel_size": 2, "groups": 2},
            "relu",
            "flatten",
            "dropout",
            {"layer": "linear", "out_features": 2},
        ],
        (2, 3, 3),
        5,
    )
    first, none, flat, dropped, last = wiring(model)
    assert none is None
    assert dropped is None
    weight = model.parameters["0.weight"]
    for row in range(4):
        for column in range(2):
            own = np.sqrt(sum(float(one) ** 2 for one in weight[row].ravel())) if column == row // 2 else 0
            assert first[row, column] == pytest.approx(own)
    dense = model.parameters["4.weight"]  # four maps of 2 x 2 in one row
    for column in range(4):
        own = sum(float(dense[row, 4 * column + at]) ** 2 for row in range(2) for at in range(4)) ** 0.5
        assert flat[0, column] == pytest.approx(own)
    assert last[0, 0] == pytest.approx(np.sqrt((dense**2).sum()))


def test_the_map_that_feeds_another_the_most_is_the_first_of_equal_ones_and_none_where_nothing_does():
    strengths = np.array([[1, 3, 2], [2, 2, 1], [0, 0, 0], [np.nan, 0.5, np.inf], [np.nan, np.nan, 0]])
    assert strongest(strengths) == [1, 0, None, 2, None]


def test_maps_that_no_dense_layer_reads_are_fed_alike():
    model, _ = any_model(["flatten", "tanh"], (3, 1, 1), 0)
    assert wiring(model)[0].tolist() == [[1, 1, 1]]
    assert wiring(model)[1] is None


def test_strengths_are_shares_of_the_largest_finite_one():
    assert shares(np.array([[1.0, 2], [4, 0]])).tolist() == [[0.25, 0.5], [1, 0]]
    assert shares(np.array([[np.nan, 2, np.inf]])).tolist() == [[0, 1, 1]]
    assert shares(np.zeros((1, 2))).tolist() == [[0, 0]]
