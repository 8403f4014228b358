"""Why a model answers as it does: by hand, against finite differences and loops, and what adds up does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine import ParameterError
from cnn_engine.models import METHODS, answer, why, why_cell
from cnn_engine.models.passes import Pass
from cnn_engine.models.reasons.gradients import correlation
from cnn_engine.words import say
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model, rest_of
from tests.engine.nn.strategies import architectures, thorough

networks, seeds = architectures(), st.integers(0, 2**32 - 1)
CURVED = {"sigmoid", "tanh"}
DEEP = (
    [
        {"layer": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1},
        "batch_norm2d",
        "relu",
        {"layer": "avg_pool2d", "kernel_size": 2},
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 2, "bias": False},
        {"layer": "leaky_relu", "negative_slope": 0.2},
        "flatten",
        {"layer": "linear", "out_features": 3},
    ],
    (2, 6, 6),
)


def logit_of(model, sample, class_):
    return answer(model, sample, layers=[]).logits[class_]


def slope(model, sample, class_, index, h=1e-6):
    """The slope of a logit along one cell of the input."""
    moved = [np.array(sample, float), np.array(sample, float)]
    moved[0][index] += h
    moved[1][index] -= h
    return (logit_of(model, moved[0], class_) - logit_of(model, moved[1], class_)) / (2 * h)


# ---- contribution


def test_a_contribution_is_as_on_paper():
    """Cell (1, 0) alone reaches the largest of filter 0: weight 2, and 3 · 2 of 7; cell (0, 1) that of filter 1."""
    result = why(PAPER, PAPER_INPUT, "contribution", 0)
    assert result.values.tolist() == [[[0, -2 * -1 * 2], [3 * 2 * 1, 0]]]
    assert (result.sum, result.bias, result.logit) == (10, 1 + 5, 16)
    assert (result.exact, result.remainder, result.layer) == (True, 0, None)


def test_a_contribution_at_a_layer_has_the_biases_after_it():
    result = why(PAPER, PAPER_INPUT, "contribution", 1, layer=1)
    assert result.values.tolist() == [[[0, 0], [-7, 0]], [[0, 1], [0, 0]]]
    assert (result.sum, result.bias, result.logit, result.layer) == (-6, -1, -7, 1)


def test_two_classes_are_compared_by_the_difference_of_their_logits():
    result = why(PAPER, PAPER_INPUT, "contribution", [0, 1])
    first, second = (why(PAPER, PAPER_INPUT, "contribution", class_) for class_ in (0, 1))
    assert result.classes == (0, 1)
    assert (result.logit, result.sum, result.bias) == (23, first.sum - second.sum, first.bias - second.bias)
    assert result.values.tolist() == (first.values - second.values).tolist()


def test_without_a_class_it_is_the_answer():
    assert why(PAPER, PAPER_INPUT, "gradient").classes == (0,)


@thorough
@given(networks, seeds)
def test_contributions_and_biases_add_up_to_the_logit_exactly_where_they_say_so(case, seed):
    model, sample = any_model(case[0], case[1], seed)
    for layer in (None, *range(len(model.layers))):
        result = why(model, sample, "contribution", 1, layer=layer)
        after = model.layers[0 if layer is None else layer + 1 :]
        assert result.exact == (not any(one.kind in CURVED for one in after))
        assert result.sum + result.bias + result.remainder == pytest.approx(result.logit, rel=1e-12, abs=1e-12)
        assert result.sum == pytest.approx(result.values.sum(), rel=1e-12, abs=1e-12)
        if result.exact:
            assert abs(result.remainder) <= 1e-9 * max(1, abs(result.logit))


@settings(thorough, max_examples=40)
@given(networks, seeds)
def test_the_sum_of_contributions_is_the_slope_along_what_the_layer_gives(case, seed):
    """f((1 + h) a) − f((1 − h) a) over 2 h, with the layers after it as a network of its own."""
    model, sample = any_model(case[0], case[1], seed)
    layer, h = len(model.layers) // 2 - 1, 1e-7
    if layer < 0:
        return
    rest, given_ = rest_of(model, layer), answer(model, sample).maps[layer]
    difference = logit_of(rest, (1 + h) * given_, 0) - logit_of(rest, (1 - h) * given_, 0)
    result = why(model, sample, "contribution", 0, layer=layer)
    assert result.sum == pytest.approx(difference / (2 * h), rel=1e-5, abs=1e-5 * max(1.0, np.abs(result.values).sum()))


def test_what_the_biases_bring_is_the_slope_along_them():
    """The logit is as linear in all biases together as in what the input brings, while no gate moves."""
    model, sample = any_model(*DEEP, seed=3)
    own, h = model.parameters, 1e-7
    shift = own["1.bias"] - own["1.weight"] * own["1.running_mean"] / np.sqrt(own["1.running_var"] + 1e-5)
    logits = []
    for sign in (1, -1):
        changed = {name: own[name] * (1 + sign * h) for name in ("0.bias", "7.bias")}
        logits.append(logit_of(model.changed(changed | {"1.bias": own["1.bias"] + sign * h * shift}), sample, 2))
    assert why(model, sample, "contribution", 2).bias == pytest.approx((logits[0] - logits[1]) / (2 * h), rel=1e-6)


def test_a_sigmoid_leaves_a_remainder():
    layers = ["sigmoid", "flatten", {"layer": "linear", "out_features": 1}]
    model, _ = any_model(layers, (1, 1, 1), 0)
    model = model.changed({"2.weight": [[2.0]], "2.bias": [0.5]})
    result = why(model, [[[1.0]]], "contribution", 0)
    s = 1 / (1 + np.exp(-1.0))
    assert not result.exact
    assert result.sum == pytest.approx(1.0 * s * (1 - s) * 2)
    assert result.bias == 0.5
    assert result.remainder == pytest.approx(2 * s - 2 * s * (1 - s))


def test_batch_norm_without_running_statistics_does_not_add_up():
    layers = [
        {"layer": "batch_norm2d", "track_running_stats": False},
        "flatten",
        {"layer": "linear", "out_features": 2},
    ]
    model, sample = any_model(layers, (2, 3, 3), 5)
    result = why(model, sample, "contribution", 0)
    assert not result.exact
    index = (1, 2, 0)
    assert why(model, sample, "gradient", 0).values[index] == pytest.approx(slope(model, sample, 0, index), rel=1e-5)


def test_what_is_switched_off_brings_nothing():
    off = [{"layer": 1, "channel": 0}]
    result = why(PAPER, PAPER_INPUT, "contribution", 0, off=off)
    assert result.values.tolist() == [[[0, 4], [0, 0]]]
    assert (result.sum, result.bias, result.logit) == (4, 5, 9)


def test_the_largest_cells_are_switched_off_together():
    """Without cell (1, 0), which says 6, filter 0 falls from 7 to 3, the next largest: by 4, and not by 6."""
    one = why(PAPER, PAPER_INPUT, "contribution", 0, largest=1).largest
    assert (one.cells.tolist(), one.sum, one.fall) == ([[0, 1, 0]], 6, 4)
    both = why(PAPER, PAPER_INPUT, "contribution", 0, layer=1, largest=2).largest
    assert (both.cells.tolist(), both.sum) == ([[0, 1, 0], [1, 0, 1]], 11)
    assert both.fall == 16 - (3 + 0 + 5)
    every = why(PAPER, PAPER_INPUT, "contribution", 0, layer=3, largest=9).largest
    assert (every.cells.tolist(), every.sum, every.fall) == ([[0], [1]], 11, 11)


def test_as_many_cells_of_grad_cam_and_of_chance_are_switched_off_beside_them():
    """Grad-CAM weighs filter 0 by 1/4 and filter 1 by 2/4: 7/4 at (1, 0) is the most, then 2/2 and 3/4."""
    result = why(PAPER, PAPER_INPUT, "contribution", 0, layer=1, largest=3)
    picked = result.controls["grad_cam"]
    assert picked.cells.tolist() == [[0, 1, 0], [1, 0, 1], [0, 0, 0]]
    assert (picked.sum, picked.logit, picked.fall) == (7 + 4 + 0, 1 + 0 + 5, 10)
    chance = [why(PAPER, PAPER_INPUT, layer=1, largest=3, seed=seed).controls["random"] for seed in range(9)]
    assert len({tuple(map(tuple, one.cells)) for one in chance}) > 1
    for one in chance:
        assert len(set(map(tuple, one.cells))) == 3
        assert one.sum == sum(result.values[tuple(cell)] for cell in one.cells)
        assert one.fall == 16 - one.logit
    for layer in (None, 3):  # the input, and features
        assert set(why(PAPER, PAPER_INPUT, "contribution", 0, layer=layer, largest=1).controls) == {"random"}


# ---- the other methods


def test_a_gradient_is_the_slope_of_each_cell():
    model, sample = any_model(*DEEP, seed=4)
    values = why(model, sample, "gradient", 1).values
    for index in np.ndindex(sample.shape):
        assert values[index] == pytest.approx(slope(model, sample, 1, index), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("layer", [2, 5])
def test_grad_cam_is_maps_times_mean_slopes(layer):
    model, sample = any_model(*DEEP, seed=6)
    maps, rest = answer(model, sample).maps[layer], rest_of(model, layer)
    expected = np.zeros(maps.shape[1:])
    for channel in range(len(maps)):
        slopes = [slope(rest, maps, 2, (channel, *cell)) for cell in np.ndindex(maps.shape[1:])]
        expected += sum(slopes) / len(slopes) * maps[channel]
    result = why(model, sample, "grad_cam", 2, layer=layer)
    np.testing.assert_allclose(result.values, np.maximum(expected, 0), rtol=1e-5, atol=1e-7)


def test_grad_cam_takes_the_last_maps_of_more_than_a_cell():
    model, sample = any_model(*DEEP, seed=6)
    assert why(model, sample, "grad_cam").layer == 5
    assert why(PAPER, PAPER_INPUT, "grad_cam").layer == 1


def test_occlusion_is_how_far_the_logit_falls():
    model, sample = any_model(*DEEP, seed=7)
    result = why(model, sample, "occlusion", 0, baseline=0.25, size=3)
    assert (result.baseline, result.size, result.values.shape) == (0.25, 3, (6, 6))
    for row, col in np.ndindex(6, 6):
        covered = sample.copy()
        covered[:, max(0, row - 1) : row + 2, max(0, col - 1) : col + 2] = 0.25
        expected = logit_of(model, sample, 0) - logit_of(model, covered, 0)
        assert result.values[row, col] == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_occlusion_of_many_cells_is_that_of_each_also_without_some_channels():
    """Cells are covered a few at a time, by one layout; the last of them are fewer."""
    model, sample = any_model(*DEEP, seed=7)
    for off in ([], [{"layer": 0, "channel": 1}]):
        values = why(model, sample, "occlusion", 0, size=3, off=off).values
        for cell in ([0, 0], [2, 5], [5, 5]):
            alone = why_cell(model, sample, "occlusion", cell, 0, size=3, off=off).value
            assert values[*cell] == pytest.approx(alone, rel=1e-9, abs=1e-9)


def test_occlusion_of_features_covers_one_at_a_time():
    model, _ = any_model([{"layer": "linear", "out_features": 2}], (3,), 1)
    result = why(model, [1.0, 2.0, 3.0], "occlusion", 1)
    np.testing.assert_allclose(result.values, model.parameters["0.weight"][1] * [1, 2, 3], rtol=1e-9)


# ---- the arithmetic of a cell


def test_a_contribution_is_a_value_times_a_gradient():
    result = why_cell(PAPER, PAPER_INPUT, "contribution", [0, 1, 0], 0)
    assert (result.index, result.value, result.terms.tolist()) == ((0, 1, 0), 6, [[3, 2, 6]])
    assert say(result.equation) == "3 × 2 = 6"
    assert say(result.message) == (
        "The cell holds 3. For each 1 that it grows by, the logit of yes grows by 2. The product, 6, speaks for it."
    )
    against = why_cell(PAPER, PAPER_INPUT, "contribution", [0, 1, 0], [1, 0])
    assert say(against.message) == (
        "The cell holds 3. For each 1 that it grows by, the lead of no over yes falls by 4. "
        "The product, −12, speaks against it."
    )


@pytest.mark.parametrize("layer", [None, 1, 4])
def test_a_gradient_is_measured_by_a_slope(layer):
    model, sample = any_model(*DEEP, seed=4)
    found = why(model, sample, "gradient", [1, 2], layer=layer)
    for index in [(0, 0, 0), (1, 1, 1)]:
        result = why_cell(model, sample, "gradient", index, [1, 2], layer)
        assert result.value == found.values[index]
        assert result.equation.args["slope"] == pytest.approx(result.value, rel=1e-2, abs=1e-3)
    assert say(why_cell(PAPER, PAPER_INPUT, "gradient", [0, 1, 0], 0).equation) == "(16.02 − 15.98) / 0.02 ≈ 2"


def test_a_cell_of_grad_cam_is_a_sum_over_the_maps():
    cell, result = (
        why_cell(PAPER, PAPER_INPUT, "grad_cam", [1, 0], 1, 1),
        why(PAPER, PAPER_INPUT, "grad_cam", 1, layer=1),
    )
    assert cell.terms.tolist() == [[-0.25, 7, -1.75], [0.125, 0, 0]]
    assert (result.weights.tolist(), result.highest) == ([-0.25, 0.125], 0.25)
    assert say(cell.equation) == "max(−1.75, 0) = 0"
    assert "what is negative becomes 0" in say(cell.message)
    assert why_cell(PAPER, PAPER_INPUT, "grad_cam", [1, 0], 0, 1).value == 1.75


def test_a_cell_of_an_occlusion_is_a_difference():
    model, sample = any_model(*DEEP, seed=7)
    result = why_cell(model, sample, "occlusion", [0, 5], 0, size=3, baseline=0.5)
    assert result.covered == (0, 4, 2, 2)
    covered = sample.copy()
    covered[:, 0:2, 4:6] = 0.5
    assert result.equation.args["covered"] == pytest.approx(logit_of(model, covered, 0))
    assert result.value == pytest.approx(logit_of(model, sample, 0) - logit_of(model, covered, 0))
    assert "covered by 0.5" in say(result.message)


# ---- Grad-CAM, where it can be trusted


def test_with_a_global_average_pool_grad_cam_is_the_contributions_of_the_maps():
    layers = [
        {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1},
        "relu",
        "global_avg_pool2d",
        "flatten",
        {"layer": "linear", "out_features": 3},
    ]
    model, sample = any_model(layers, (1, 6, 6), 2)
    for class_ in range(3):
        result = why(model, sample, "grad_cam", class_)
        parts = why(model, sample, "contribution", class_, layer=result.layer).values.sum(axis=0)
        np.testing.assert_allclose(result.values, np.maximum(parts, 0), atol=1e-12)
        assert result.agreement == pytest.approx(1)
        assert result.agrees == (result.values.max() > 0)
        assert result.highest == pytest.approx(parts.max())


def test_grad_cam_that_is_blank_says_how_high_it_came():
    model = PAPER.changed({"4.weight": [[-1.0, -2.0], [1.0, 1.0]]})
    result = why(model, PAPER_INPUT, "grad_cam", 0, layer=0)
    assert (result.values.max(), result.highest, result.agrees) == (0, -0.25, None)  # the sums are flat
    result = why(model, PAPER_INPUT, "grad_cam", 0, layer=1)
    assert result.sums.tolist() == [[-0.75, -1], [-1.75, -0.25]]
    assert result.strongest == (1, 1)  # where the largest sum is
    assert say(result.blank) == (
        "None of the 4 sums of weights × maps is above 0: the largest is −0.25. Grad-CAM ends in a ReLU, max(sum, 0), "
        "which makes 0 of every one of them. Of the 2 weights 2 are below 0."
    )
    assert why(PAPER, PAPER_INPUT, "grad_cam", 0, layer=1).blank is None


# ---- scrambling


def test_how_alike_two_maps_are_is_pearsons_correlation():
    first, second = np.random.default_rng(0).standard_normal((2, 3, 4, 5))
    assert correlation(first, second) == pytest.approx(np.corrcoef(first.ravel(), second.ravel())[0, 1])
    assert correlation(first, -2 * first) == pytest.approx(-1)
    assert correlation(first, np.ones_like(first)) is None
    assert correlation(first, np.full_like(first, np.nan)) is None


def test_a_scrambled_reason_has_what_it_was_before_and_how_alike_they_are():
    model, sample = any_model(*DEEP, seed=8)
    plain = why(model, sample, "gradient")
    result = why(model, sample, "gradient", scramble=5)
    assert result.classes == plain.classes  # the class is that of the model as it is
    assert np.array_equal(result.scrambled.before, plain.values)
    pair = np.stack([plain.values.ravel(), result.values.ravel()])
    assert result.scrambled.correlation == pytest.approx(np.corrcoef(pair)[0, 1])
    assert result.scrambled.strengths == pytest.approx(np.corrcoef(np.abs(pair))[0, 1])
    most = max(abs(result.scrambled.correlation), abs(result.scrambled.strengths))
    assert result.scrambled.alike == (most >= 0.5)
    same = why(model, sample, "contribution", 0, layer=7, scramble=5, scramble_layers=1)
    assert not np.array_equal(same.values, same.scrambled.before)


def test_scrambling_begins_layers_anew_from_the_last_backwards():
    model, sample = any_model(*DEEP, seed=8)
    one, two, every = (why(model, sample, "gradient", 0, scramble=5, scramble_layers=n) for n in (1, 2, None))
    assert [result.scrambled.layers for result in (one, two, every)] == [(7,), (7, 4), (7, 4, 1, 0)]
    scrambled, _ = model.scrambled(5, 2)
    kept = {name for name, array in scrambled.parameters.items() if np.array_equal(array, model.parameters[name])}
    assert kept == {name for name in model.parameters if name[0] in "01"}
    again, _ = model.scrambled(5, 2)
    assert all(np.array_equal(array, again.parameters[name]) for name, array in scrambled.parameters.items())
    assert not np.array_equal(two.values, why(model, sample, "gradient", 0, scramble=6, scramble_layers=2).values)
    assert why(model, sample, "gradient", 0).scrambled is None


# ---- refusals


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"method": "guess"}, "method"),
        ({"class_": 2}, "class"),
        ({"class_": [0, 0]}, "class"),
        ({"class_": [0, 1, 0]}, "class"),
        ({"class_": "yes"}, "class"),
        ({"layer": 5}, "layer"),
        ({"method": "grad_cam", "layer": 3}, "layer"),
        ({"method": "occlusion", "layer": 1}, "layer"),
        ({"method": "gradient", "largest": 1}, "largest"),
        ({"largest": 0}, "largest"),
        ({"method": "gradient", "size": 1}, "size"),
        ({"method": "contribution", "baseline": 0.0}, "baseline"),
        ({"scramble_layers": 1}, "scramble_layers"),
        ({"method": "occlusion", "size": 3}, "size"),
        ({"method": "occlusion", "baseline": float("nan")}, "baseline"),
        ({"scramble": -1}, "scramble"),
        ({"seed": 1}, "seed"),
        ({"scramble": 1, "scramble_layers": 0}, "scramble_layers"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(arguments, field):
    with pytest.raises(ParameterError) as refused:
        why(PAPER, PAPER_INPUT, **arguments)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("method", "cell", "field"),
    [
        ("contribution", [0, 0], "cell"),
        ("contribution", [0, 2, 0], "cell.1"),
        ("occlusion", [0, 0, 0], "cell"),
        ("grad_cam", [0, 0, 0], "cell"),
        ("guess", [0, 0], "method"),
    ],
)
def test_a_cell_that_there_is_not_is_refused(method, cell, field):
    with pytest.raises(ParameterError) as refused:
        why_cell(PAPER, PAPER_INPUT, method, cell)
    assert refused.value.field == field


def test_the_cells_of_a_scrambled_model_are_its_own():
    model, sample = any_model(*DEEP, seed=8)
    cells = {"contribution": (1, 2, 3), "gradient": (1, 2, 3), "occlusion": (2, 3), "grad_cam": (1, 1)}
    for method, cell in cells.items():
        whole = why(model, sample, method, 1, scramble=4, scramble_layers=2).values
        result = why_cell(model, sample, method, cell, 1, scramble=4, scramble_layers=2)
        assert result.value == pytest.approx(whole[cell], abs=1e-12)


def test_an_option_that_there_is_not_is_refused():
    with pytest.raises(TypeError, match="'colour'"):
        why(PAPER, PAPER_INPUT, colour=1)


def test_the_side_of_a_square_is_for_pictures():
    model, sample = any_model([{"layer": "linear", "out_features": 2}], (3,), 1)
    with pytest.raises(ParameterError, match="takes features") as refused:
        why(model, sample, "occlusion", size=1)
    assert refused.value.field == "size"


def test_grad_cam_needs_maps():
    model, sample = any_model([{"layer": "linear", "out_features": 2}], (3,), 1)
    with pytest.raises(ParameterError, match="has none"):
        why(model, sample, "grad_cam")


@pytest.mark.parametrize("method", METHODS)
def test_numbers_that_are_none_come_through_without_a_word_of_warning(method):
    weight = PAPER.parameters["0.weight"].copy()
    weight[0], weight[1] = np.nan, np.inf
    result = why(PAPER.changed({"0.weight": weight}), PAPER_INPUT, method, 0)
    assert np.isnan(result.logit)


@pytest.fixture
def passes(monkeypatch):
    """Every pass through a model from here on: whether its gradients may be asked for."""
    made, begin = [], Pass.__init__
    monkeypatch.setattr(
        Pass, "__init__", lambda *given, **named: (made.append(named.get("backward", False)), begin(*given, **named))[0]
    )
    return made


@pytest.mark.parametrize(
    ("options", "count"),
    [({}, 1), ({"class_": 1}, 1), ({"scramble": 3}, 2), ({"layer": 0, "largest": 5}, 4), ({"largest": 5}, 3)],
)
def test_a_reason_goes_through_the_network_once_and_once_for_each_that_has_cells_off(passes, options, count):
    model, sample = any_model(*DEEP, seed=2)
    why(model, sample, **options)
    assert len(passes) == count


@pytest.mark.parametrize(("method", "count"), [("contribution", 1), ("grad_cam", 1), ("gradient", 3), ("occlusion", 2)])
def test_the_arithmetic_of_a_cell_takes_no_pass_twice(passes, method, count):
    model, sample = any_model(*DEEP, seed=2)
    why_cell(model, sample, method, [0] * (2 if method in {"grad_cam", "occlusion"} else 3))
    assert len(passes) == count
