"""What a model answers, what its layers make of a sample, and the step that made a cell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_engine import ParameterError, ShapeError
from cnn_engine.models import answer, cell, largest_in, leading_channel, why
from cnn_engine.models.passes import read_off
from tests.engine.models.cases import PAPER, PAPER_INPUT, any_model
from tests.engine.nn.strategies import architectures, thorough

networks, seeds = architectures(), st.integers(0, 2**32 - 1)
BATCH_NORM = (
    [{"layer": "conv2d", "out_channels": 2, "kernel_size": 1}, "batch_norm2d", "relu", "flatten", "dropout"],
    (1, 2, 2),
)


def test_an_answer_is_as_on_paper():
    given = answer(PAPER, PAPER_INPUT)
    assert given.logits.tolist() == [16, -7]
    assert given.probabilities == pytest.approx([1 / (1 + np.exp(-23)), np.exp(-23) / (1 + np.exp(-23))])
    assert given.best == 0
    assert given.input.tolist() == PAPER_INPUT
    assert given.maps[0].tolist() == [[[3, -3], [7, 1]], [[-1, 2], [-3, 0]]]
    assert given.maps[1].tolist() == [[[3, 0], [7, 1]], [[0, 2], [0, 0]]]
    assert given.maps[2].tolist() == [[[7]], [[2]]]
    assert given.maps[3].tolist() == [7, 2]
    assert given.maps[4].tolist() == [16, -7]


@pytest.mark.parametrize(
    ("values", "index"),
    [
        ([[[3, -3], [7, 1]], [[-1, 2], [-3, 0]]], (0, 1, 0)),
        ([-4, -2, -2], (1,)),  # the first of equals
        ([1, np.nan, np.inf, 2], (3,)),  # what is written down as null is no number to read
        ([np.nan, -np.inf], None),
    ],
)
def test_the_largest_number_stands_where_it_is_on_paper(values, index):
    assert largest_in(np.array(values)) == index


def test_of_equal_classes_the_first_is_the_best_and_of_what_is_no_number_none():
    level = PAPER.changed({"4.weight": np.zeros((2, 2)), "4.bias": np.array([2.0, 2.0])})
    assert answer(level, PAPER_INPUT).best == 0
    assert answer(PAPER.changed({"4.bias": np.array([0.0, 60.0])}), PAPER_INPUT).best == 1
    assert answer(PAPER.changed({"4.bias": np.array([np.nan, 1.0])}), PAPER_INPUT).best is None


def test_only_the_layers_that_were_asked_for_have_maps():
    assert list(answer(PAPER, PAPER_INPUT, layers=[3, 1]).maps) == [3, 1]
    assert answer(PAPER, PAPER_INPUT, layers=[]).maps == {}


def test_a_channel_that_is_switched_off_gives_nothing():
    given = answer(PAPER, PAPER_INPUT, off=[{"layer": 1, "channel": 0}])
    assert given.maps[1][0].tolist() == [[0, 0], [0, 0]]
    assert given.logits.tolist() == [0 + 2 * 2 + 5, 0 + 0.5 * 2 - 1]
    given = answer(PAPER, PAPER_INPUT, off=[{"layer": 3, "channel": 1}])
    assert given.maps[2].tolist() == [[[7]], [[2]]]  # only from there on
    assert given.logits.tolist() == [12, -8]


@pytest.mark.parametrize(("layer", "at"), [(2, 2), (2, 1), (1, 1)])
def test_no_step_makes_a_cell_of_a_channel_that_is_switched_off(layer, at):
    model, sample = any_model(
        ["relu", {"layer": "conv2d", "out_channels": 2, "kernel_size": 1}, "dropout", "flatten"], (1, 1, 1), 0
    )
    off = [{"layer": at, "channel": 1}]
    assert answer(model, sample, off=off).maps[layer][1].tolist() == [[0]]
    with pytest.raises(ParameterError, match="switched off") as refused:
        cell(model, sample, layer, (1, 0, 0), off=off)
    assert refused.value.field == "index"
    assert cell(model, sample, layer, (0, 0, 0), off=off).output == answer(model, sample, off=off).maps[layer][0]


def test_a_channel_named_many_times_is_switched_off_once():
    one, other = ({"layer": 1, "channel": channel} for channel in (0, 1))
    often = read_off(PAPER, [*[other, one] * 2_000, {"layer": 3, "channel": 1}])
    assert {layer: [[part.tolist() for part in cells] for cells in every] for layer, every in often.items()} == {
        1: [[[0, 1]]],
        3: [[[1]]],
    }
    assert answer(PAPER, PAPER_INPUT, off=[one, other] * 2_000).logits.tolist() == [5, -1]


def test_a_layer_that_changes_nothing_is_switched_off_alone():
    model, sample = any_model(*BATCH_NORM, seed=1)
    given = answer(model, sample, off=[{"layer": 4, "channel": 3}])
    assert given.maps[4][3] == 0
    assert given.maps[3].tolist() == answer(model, sample).maps[3].tolist()


@settings(thorough, max_examples=40)
@given(networks, seeds)
def test_to_switch_a_filter_off_is_to_set_its_weights_and_its_bias_to_0(case, seed):
    model, sample = any_model(case[0], case[1], seed)
    layer = next((at for at, one in enumerate(model.layers) if one.kind in ("conv2d", "linear")), 0)
    changed = {}
    for name in model.layers[layer].parameters():
        changed[f"{layer}.{name}"] = model.parameters[f"{layer}.{name}"].copy()
        changed[f"{layer}.{name}"][0] = 0
    off = answer(model, sample, off=[{"layer": layer, "channel": 0}])
    np.testing.assert_allclose(off.logits, answer(model.changed(changed), sample).logits, rtol=1e-12, atol=1e-12)


@settings(thorough, max_examples=40)
@given(networks, seeds)
def test_the_step_that_made_a_cell_gives_what_the_map_has(case, seed):
    """The traces add in an order of their own, and are held to loops elsewhere."""
    model, sample = any_model(case[0], case[1], seed)
    maps, random = answer(model, sample).maps, np.random.default_rng(seed)
    for layer, values in maps.items():
        if model.layers[layer].kind == "dropout" and layer == 0:
            continue
        index = tuple(int(random.integers(size)) for size in values.shape)
        step = cell(model, sample, layer, index)
        assert step.output == pytest.approx(values[index], rel=1e-9, abs=1e-9)
        assert step.describe()


def test_the_step_of_a_convolution_has_its_products():
    step = cell(PAPER, PAPER_INPUT, 0, (1, 0, 1))
    assert (step.trace.op, step.index, step.output_cell, step.bias, step.output) == ("conv2d", 5, (1, 0, 1), 0, 2)
    assert step.products.tolist() == [[[2]]]
    assert cell(PAPER, PAPER_INPUT, 4, [1]).products.tolist() == [-7, 1]


@pytest.mark.parametrize(
    ("layer", "index", "message", "where"),
    [
        (0, (1, 0, 1), "the output at row 1, column 2 of map 2.", "output (map {output_cell.0:nth},"),
        (1, (1, 0, 1), "Row 1, column 2 of map 2: ", "row {output_cell.1:nth},"),
        (2, (1, 0, 0), " of map 2.", "output (map {output_cell.0:nth},"),
        (3, (1,), "The value 2 of map 2, row 1, column 1 becomes number 2, unchanged.", "number {output_cell:nth}"),
        (4, (1,), "Class no meets 2 inputs", "number of the class"),
    ],
)
def test_a_step_calls_maps_numbers_and_classes_as_the_network_does(layer, index, message, where):
    step = cell(PAPER, PAPER_INPUT, layer, index)
    assert message in step.describe()
    assert step.trace.shown().plain()["card"]["cards"][0]["where"].startswith(where)


def test_a_layer_reads_maps_of_the_one_before_and_channels_of_the_input():
    twice = [{"layer": "conv2d", "out_channels": 2, "kernel_size": 1}] * 2
    model, sample = any_model([*twice, "global_avg_pool2d"], (3, 2, 2), seed=0)
    assert " in each of 3 channels." in cell(model, sample, 0, (0, 0, 0)).describe()
    assert " in each of 2 maps." in cell(model, sample, 1, (0, 0, 0)).describe()
    assert cell(model, sample, 2, (1, 0, 0)).describe().endswith(" at row 1, column 1 of class class 1.")


def test_batch_norm_is_a_convolution_of_each_channel_and_dropout_nothing():
    model, sample = any_model(*BATCH_NORM, seed=2)
    maps, own = answer(model, sample).maps, model.parameters
    step = cell(model, sample, 1, (1, 0, 0))
    by_hand = (maps[0][1, 0, 0] - own["1.running_mean"][1]) / np.sqrt(own["1.running_var"][1] + 1e-5)
    assert step.output == pytest.approx(by_hand * own["1.weight"][1] + own["1.bias"][1], rel=1e-12)
    assert cell(model, sample, 4, (3,)).trace.op == "flatten"


@pytest.mark.parametrize(
    ("arguments", "field", "message"),
    [
        ({"input": [[1.0, 2.0]]}, "input", "1 × 2 must be 1 × 2 × 2"),
        ({"input": [["a"]]}, "input", "real numbers"),
        ({"layers": [5]}, "layers", "5 is more than 4"),
        ({"layers": [-1]}, "layers", "less than 0"),
        ({"off": [{"layer": 0, "channel": 2}]}, "off.0.channel", "2 is more than 1"),
        ({"off": [{"layer": 9, "channel": 0}]}, "off.0.layer", "9 is more than 4"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(arguments, field, message):
    with pytest.raises((ParameterError, ShapeError), match=message) as refused:
        answer(PAPER, **{"input": PAPER_INPUT} | arguments)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("layer", "index", "field"),
    [
        (0, (2, 0, 0), "index.0"),
        (0, (0, 0, 2), "index.2"),
        (0, (0,), "index"),
        (3, (0, 0, 0), "index"),
        (7, (0,), "layer"),
    ],
)
def test_a_cell_that_is_not_there_is_refused(layer, index, field):
    with pytest.raises(ParameterError) as refused:
        cell(PAPER, PAPER_INPUT, layer, index)
    assert refused.value.field == field


def test_a_layer_before_which_nothing_computes_has_no_step():
    model, sample = any_model(["dropout", "flatten", {"layer": "linear", "out_features": 2}], (1, 2, 2), 0)
    with pytest.raises(ParameterError, match="computes nothing"):
        cell(model, sample, 0, (0, 0, 0))


def test_many_who_ask_one_model_at_once_get_what_one_gets():
    model, _ = any_model(*BATCH_NORM, seed=3)
    samples = np.random.default_rng(3).standard_normal((64, 1, 2, 2))

    def requested(sample):
        return answer(model, sample).logits.tolist(), why(model, sample, "contribution", 1).values.tolist()

    alone = [requested(sample) for sample in samples]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(requested, samples)) == alone


def test_weights_that_are_no_numbers_are_shown():
    weight = PAPER.parameters["0.weight"].copy()
    weight[0] = np.nan
    given = answer(PAPER.changed({"0.weight": weight}), PAPER_INPUT)
    assert np.isnan(given.logits).all()
    assert given.maps[1][1].tolist() == [[0, 2], [0, 0]]


def test_the_leading_channel_of_a_step_is_the_one_with_the_largest_sum_for_it_or_against():
    convolution = [{"layer": "conv2d", "out_channels": 1, "kernel_size": 1}, "relu"]
    model, _ = any_model(convolution, (3, 1, 1), 0)
    model = model.changed({"0.weight": np.array([[[[1.0]], [[-3.0]], [[2.0]]]])})
    assert leading_channel(cell(model, [[[1]], [[1]], [[1]]], 0, (0, 0, 0))) == 1
    assert leading_channel(cell(model, [[[3]], [[1]], [[0]]], 0, (0, 0, 0))) == 0
    assert leading_channel(cell(model, [[[3]], [[np.nan]], [[0]]], 0, (0, 0, 0))) is None
    assert leading_channel(cell(model, [[[3]], [[1]], [[0]]], 1, (0, 0, 0))) is None
