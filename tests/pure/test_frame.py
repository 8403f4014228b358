"""What is drawn for a step, from the engine's trace to the texts of the page, worked by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import cnn_engine as engine
from cnn_engine.nn.optimizers import SGD, Adam
from cnn_engine.trace.showing import plain
from cnn_engine.trace.update import UpdateTrace

from .framing import frame, given


def heads(frame: Any) -> list[str]:
    return [" ".join(filter(None, (panel["sign"], panel["title"], panel["note"]))) for panel in frame["panels"]]


def lines(frame: Any) -> list[str]:
    return [f"{line['label']} {line['value']}" for line in frame["card"]["lines"]]


def regions(frame: Any) -> dict[str, Any]:
    """Where frames are on which grid: row, column, height, width."""
    found = {grid["id"]: grid["region"] for panel in frame["panels"] for grid in panel["grids"] if grid["region"]}
    return {id: [region[name] for name in ("row", "col", "height", "width")] for id, region in found.items()}


def terms(frame: Any) -> list[Any]:
    """Of each block its rows, a term being left, right, value and `…` for padding, `!` for the chosen one."""
    return [
        [
            [
                (term["left"], term["right"], term["value"], "…" * term["padding"] + "!" * term["chosen"])
                for term in row["terms"]
            ]
            for row in block["rows"]
        ]
        for block in frame["card"]["blocks"]
    ]


INPUT, KERNEL = [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]]


def test_a_convolution_has_its_window_on_the_input_and_its_products_on_the_card(scripts):
    shown = frame(scripts, engine.trace_conv2d(INPUT, KERNEL, [10]), 3)
    assert heads(shown) == ["Input 3 × 3", "× Kernel 2 × 2", "= Output 2 × 2"]
    assert regions(shown) == {"input-0": [1, 1, 2, 2], "output-0": [1, 1, 1, 1]}
    assert terms(shown) == [[[(5, 1, 5, ""), (6, 0, 0, "")], [(8, 0, 0, ""), (9, -1, -9, "")]]]
    assert [row["sum"] for row in shown["card"]["blocks"][0]["rows"]] == [5, -9]
    assert lines(shown) == ["bias 10"]
    assert (shown["card"]["result"], shown["card"]["resultNote"]) == (6, "sum and bias")
    assert shown["card"]["where"] == "output (row 2, column 2)"


def test_a_kernel_that_reads_cells_apart_says_its_dilation(scripts):
    shown = frame(scripts, engine.trace_conv2d(INPUT, KERNEL, dilation=2), 0)
    assert heads(shown)[1] == "× Kernel 2 × 2, dilation 2"
    assert (
        heads(frame(scripts, engine.trace_conv2d(INPUT, KERNEL, dilation=(2, 1)), 0))[1]
        == "× Kernel 2 × 2, dilation 2 × 1"
    )


def test_terms_in_the_padding_are_marked_and_the_note_says_how_much_there_is(scripts):
    shown = frame(scripts, engine.trace_conv2d(INPUT, KERNEL, padding=((1, 0), (0, 2))), 0)
    assert heads(shown)[0] == "Input 3 × 3, padding 1 above, 0 below, 0 left, 2 right"
    assert [term[3] for row in terms(shown)[0] for term in row] == ["…", "…", "", ""]
    assert shown["card"]["resultNote"] == "sum, no bias"


def test_a_group_reads_its_own_channels_and_a_kernel_knows_which_of_all_it_is(scripts):
    trace = engine.trace_conv2d([[[1]], [[2]], [[3]], [[4]]], [[[[1]], [[1]]], [[[5]], [[6]]]], groups=2)
    shown = frame(scripts, trace, 1, "padded_input", "weight", "partial", "output")
    assert set(regions(shown)) == {"input-2", "input-3", "output-1"}
    assert [block["title"] for block in shown["card"]["blocks"]] == ["channel 1", "channel 2"]
    assert terms(shown) == [[[(3, 5, 15, "")]], [[(4, 6, 24, "")]]]
    assert heads(shown)[2] == "= Partial maps of filter 2"
    assert [grid["label"] for grid in shown["panels"][1]["grids"]] == ["Kernel, channel 1", "Kernel, channel 2"]
    assert [grid["edit"]["channel"] for grid in shown["panels"][1]["grids"]] == [2, 3]


def test_products_of_fractions_stand_over_their_factors(scripts):
    whole, between = ({"scale_factor": 2}, {"scale_factor": 2, "mode": "bilinear"})
    shown = [frame(scripts, engine.trace_interpolate2d(INPUT, **options), 0) for options in (whole, between)]
    assert [one["card"].get("compact", False) for one in shown] == [False, True]


def test_the_largest_is_marked_on_the_input_and_on_the_card(scripts):
    shown = frame(scripts, engine.trace_max_pool2d(INPUT, 2, stride=1, padding=1), 0)
    assert shown["panels"][0]["grids"][0]["marked"] == [1, 1]
    assert terms(shown) == [[[(None, None, None, "…")] * 2, [(None, None, None, "…"), (None, None, 1, "!")]]]
    assert shown["card"]["resultNote"] == "largest"


def test_an_average_says_what_it_is_divided_by(scripts):
    shown = frame(scripts, engine.trace_avg_pool2d(INPUT, 2, stride=1, padding=1), 0)
    assert lines(shown) == ["sum 1", "divided by 4"]


@pytest.mark.parametrize(
    ("index", "note", "first"), [(0, "3 × 3, the bias comes last", 1), (3, "3 × 3, with the bias", 11)]
)
def test_what_is_scattered_shows_the_output_so_far_and_at_the_end_the_bias(scripts, index, note, first):
    trace = engine.trace_conv_transpose2d([[1, 2], [3, 4]], [[1, 1], [1, 1]], [10], mode="scatter")
    output = frame(scripts, trace, index)["panels"][2]
    assert (output["title"], output["note"]) == ("Output so far", note)
    assert output["grids"][0]["values"][0] == first


def test_what_is_gathered_has_gaps_in_the_input_that_is_spread_out(scripts):
    trace = engine.trace_conv_transpose2d([[1, 2], [3, 4]], [[1, 2], [3, 4]], stride=2)
    shown = frame(scripts, trace, 0)
    assert heads(shown) == ["Input 2 × 2", "→ Spread out by the stride", "× Kernel, turned 2 × 2", "= Output 4 × 4"]
    assert sum(shown["panels"][1]["grids"][0]["gaps"]) == 25 - 4
    assert terms(shown) == [[[(0, 4, 0, "…"), (0, 3, 0, "…")], [(0, 2, 0, "…"), (1, 1, 1, "")]]]


def test_flattening_shows_how_an_index_comes_about(scripts):
    shown = frame(scripts, engine.trace_flatten([[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [0, -1, -2]]]), 10)
    assert heads(shown) == ["Input 2 channels of 2 × 3", "→ Vector 12 values in one line"]
    cell = "(2,\u00a02,\u00a02)"
    position = "place: ((2 −\u00a01)\u00a0×\u00a02 +\u00a02 −\u00a01)\u00a0×\u00a03 +\u00a02 =\u00a011"
    assert lines(shown) == [f"channel, row, column: {cell}", position]
    assert shown["card"]["where"] == "vector, place 11"
    assert [grid["firstStep"] for grid in shown["panels"][0]["grids"]] == [0, 6]
    (first, second), (line,) = (panel["grids"] for panel in shown["panels"])
    assert (first["channels"], second["channels"]) == ([0] * 6, [1] * 6)
    assert line["channels"] == [0] * 6 + [1] * 6


def test_a_layer_is_filled_before_the_next_one_reads_it(scripts):
    layers = [{"weight": [[1, 2], [3, 4]], "activation": "relu"}, {"weight": [[1, -1]], "bias": [5]}]
    first, last = (frame(scripts, engine.trace_dense([1, 1], layers), index) for index in (0, 2))
    assert heads(last) == ["Input", "× Weights 1 2 × 2", "= Hidden after ReLU", "× Weights 2 1 × 2", "= Output"]
    assert [panel["grids"][0]["filled"] for panel in first["panels"][2::2]] == [1, -1]
    assert [panel["grids"][0]["filled"] for panel in last["panels"][2::2]] == [3, 1]
    assert regions(first) == {"input-0": [0, 0, 2, 1], "weight-0": [0, 0, 1, 2]}
    assert regions(last) == {"hidden-0": [0, 0, 2, 1], "weight-1": [0, 0, 1, 2]}
    assert lines(last) == ["sum of the products −4", "with the bias of 5: 1"]
    assert last["card"]["where"] == "place 1 · 7 parameters in all"


def test_each_phase_has_its_own_arithmetic_and_fills_its_own_column(scripts):
    trace = engine.trace_cross_entropy([1, -1], 0)
    equations = [lines(frame(scripts, trace, index))[0] for index in (1, 2, 9)]
    assert equations[:2] == ["subtract −1 − 1", "e to the power of 0"]
    assert equations[2].startswith("the loss ≈0.12693 − 0")
    shown = frame(scripts, trace, 2)
    assert [panel["grids"][0].get("filled") for panel in shown["panels"][1:]] == [3, 1, -3]
    assert regions(shown) == {"shifted-0": [0, 0, 1, 1]}
    where = [frame(scripts, trace, index)["card"]["where"] for index in range(9)]
    assert where == [
        *("class 1, less the largest", "class 2, less the largest", "e⁰ for class 1", "e⁻² for class 2"),
        *("sum up to class 1", "sum up to class 2", "share of class 1", "share of class 2", "logarithm of the sum"),
    ]
    one = engine.trace_binary_cross_entropy([0.5], [1])
    assert lines(frame(scripts, one, 3)) == ["the loss ≈0.69315"]  # and not divided by 1
    half = frame(scripts, engine.trace_softmax([1, 0.5]), 3)
    assert half["card"]["where"] == "e^(−0.5) for class 2"
    last = frame(scripts, trace, 9)
    assert (last["card"]["resultNote"], last["card"]["where"]) == ("the loss", "smaller is better; 0 is perfect")
    assert (last["figure"]["labels"], last["figure"]["truth"]) == (["class 1", "class 2"], 0)
    assert last["figure"]["loss"]["at"] == trace.tensors["mark"][0].tolist()
    assert "loss" not in frame(scripts, trace, 8)["figure"]  # it is not known before the last step


ABOVE = [[1, 0], [0, 2]]


def test_a_weights_gradient_has_a_window_as_large_as_the_gradient_from_above(scripts):
    shown = frame(scripts, engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE), 3)
    assert heads(shown) == ["Input 3 × 3", "× From above 2 × 2", "= Gradient of the weight 2 × 2"]
    assert regions(shown) == {"input-0": [1, 1, 2, 2], "above-0": [0, 0, 2, 2]}
    assert terms(shown) == [[[(5, 1, 5, ""), (6, 0, 0, "")], [(8, 0, 0, ""), (9, 2, 18, "")]]]
    assert shown["panels"][2]["grids"][0]["marked"] == [1, 1]
    assert shown["card"]["result"] == 23
    assert shown["card"]["where"] == "gradient of the weight (row 2, column 2)"


@pytest.mark.parametrize(
    ("kind", "first_axes", "named"),
    [
        ("conv2d", (2, 2), "filter 2, channel 2, "),
        ("conv2d", (2, 1), "filter 2, "),
        ("conv2d", (1, 2), "channel 2, "),
        ("conv_transpose2d", (2, 2), "channel 2, filter 2, "),
        ("conv_transpose2d", (2, 1), "channel 2, "),
        ("conv_transpose2d", (1, 2), "filter 2, "),
    ],
)
def test_card_and_sentence_name_the_filter_and_the_channel_of_a_weight_where_there_are_several(
    scripts, kind, first_axes, named
):
    channels, filters = first_axes[:: 1 if kind == "conv_transpose2d" else -1]
    above = [[[1.0]]] * filters
    trace = getattr(engine, f"trace_{kind}_backward")([[[1.0]]] * channels, np.ones((*first_axes, 1, 1)), above)
    last = len(trace) - 1
    assert frame(scripts, trace, last)["card"]["where"] == f"gradient of the weight ({named}row 1, column 1)"
    sentence = trace[last].describe()
    assert sentence.startswith(f"The weight at row 1, column 1 of {named.removesuffix(', ')} is used once: ")


def test_what_a_weight_met_in_the_padding_is_marked_and_strides_spread_its_window(scripts):
    trace = engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, padding=((1, 0), (1, 0)), stride=2)
    shown = frame(scripts, trace, 0)
    assert [term[3] for row in terms(shown)[0] for term in row] == ["…", "…", "…", ""]
    region = shown["panels"][0]["grids"][0]["region"]
    assert (region["rowStep"], region["colStep"]) == (2, 2)


@pytest.mark.parametrize(
    ("index", "above", "kernel", "expected"),
    [
        (4, [0, 0, 2, 2], [0, 0, 2, 2], [[[(1, 2, 2, ""), (0, 0, 0, "")], [(0, 0, 0, ""), (-1, 1, -1, "")]]]),
        (8, [1, 1, 1, 1], [1, 1, 1, 1], [[[(-1, 2, -2, "")]]]),  # at the corner one weight met it, and no others
    ],
)
def test_an_inputs_gradient_lights_the_outputs_that_it_reached_and_the_weights_on_the_way(
    scripts, index, above, kernel, expected
):
    shown = frame(scripts, engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, wrt="input"), index)
    assert heads(shown) == ["From above 2 × 2", "× Weights 2 × 2", "= Gradient of the input 3 × 3"]
    assert regions(shown) == {"above-0": above, "kernel-0": kernel}
    assert terms(shown) == expected


def test_an_input_reaches_every_filter_of_its_group(scripts):
    weight = [[[[3]]], [[[-1]]], [[[5]]], [[[7]]]]
    trace = engine.trace_conv2d_backward([[[2]], [[4]]], weight, [[[1]], [[2]], [[3]], [[4]]], wrt="input", groups=2)
    shown = frame(scripts, trace, 1)
    assert regions(shown) == {id: [0, 0, 1, 1] for id in ("above-2", "above-3", "kernel-0", "kernel-1")}
    assert [grid["values"] for grid in shown["panels"][1]["grids"]] == [[5], [7]]
    assert terms(shown) == [[[(5, 3, 15, "")]], [[(7, 4, 28, "")]]]


def test_the_gradients_of_a_filters_kernels_fill_one_after_the_other(scripts):
    trace = engine.trace_conv2d_backward([[[1, 2]], [[3, 4]]], [[[[1, 2]]] * 2] * 2, [[[1]], [[2]]])
    grids = frame(scripts, trace, 5)["panels"][2]["grids"]
    assert [grid["filled"] for grid in grids] == [2, 0]
    assert [grid["firstStep"] for grid in grids] == [4, 6]
    assert [grid.get("marked") for grid in grids] == [[0, 1], None]
    assert [grid["values"] for grid in grids] == [[2, 4], [6, 8]]


def test_a_pools_gradient_shows_whose_windows_it_was_in_and_which_it_won(scripts):
    shown = frame(scripts, engine.trace_max_pool2d_backward([[5, 5, 4]], (1, 2), [[10, 1]], stride=1), 1)
    assert heads(shown) == ["Input 1 × 3", "From above 1 × 2", "→ Gradient of the input 1 × 3"]
    assert regions(shown) == {"input-0": [0, 0, 1, 3], "above-0": [0, 0, 1, 2]}  # all of the windows that it is in
    grid = shown["panels"][0]["grids"][0]
    assert grid["marked"] == [0, 1]
    assert [(window["region"]["col"], window["won"]) for window in grid["windows"]] == [(1, True), (0, False)]
    assert shown["card"]["factors"] == ["local", "from above"]
    assert [(cause["mark"], cause["text"]) for cause in shown["card"]["causes"]] == [
        ("▽", "lost in max pooling"),
        ("▲", "won its window"),
    ]
    assert terms(shown) == [[[(1, 1, 1, ""), (0, 10, 0, "")]]]


def test_gradients_of_dense_layers_biases_and_activations(scripts):
    given = [2, -1], [[1, 3], [0, 5]], [10, 1]
    weight = frame(scripts, engine.trace_linear_backward(*given), 1)
    assert regions(weight) == {"input-0": [0, 1, 1, 1], "above-0": [0, 0, 1, 1]}  # inputs lie in a row
    assert weight["card"]["where"] == "gradient of the weight (output 1, input 2)"
    back = frame(scripts, engine.trace_linear_backward(*given, wrt="input"), 1)
    assert regions(back) == {"above-0": [0, 0, 2, 1], "kernel-0": [0, 1, 2, 1]}
    assert terms(back) == [[[(3, 10, 30, ""), (5, 1, 5, "")]]]
    bias = frame(scripts, engine.trace_conv2d_backward(INPUT, KERNEL, ABOVE, wrt="bias"), 0)
    assert heads(bias) == ["From above 2 × 2", "→ Gradient of the bias 1"]
    assert terms(bias) == [[[(None, None, 1, ""), (None, None, 0, "")], [(None, None, 0, ""), (None, None, 2, "")]]]
    relu = frame(scripts, engine.trace_relu_backward([[-1, 3]], [[7, 8]]), 1)
    assert heads(relu)[1:] == ["→ Slope 1 × 2", "× From above 1 × 2", "= Gradient of the input 1 × 2"]
    assert regions(relu) == {f"{name}-0": [0, 1, 1, 1] for name in ("input", "slope", "above")}
    assert relu["panels"][1]["grids"][0]["values"] == [0, 1]
    assert terms(relu) == [[[(1, 8, 8, "")]]]


def test_what_was_flattened_lies_in_one_line(scripts):
    shown = frame(scripts, engine.trace_flatten_backward([[1, 2], [3, 4]], [5, 6, 7, 8]), 2)
    assert regions(shown) == {"above-0": [0, 2, 1, 1]}


def test_each_line_of_an_update_is_an_equation_with_its_result(scripts):
    """From 0, with gradient 4: mean 3, squares 4; 0.5 × 0.5 ÷ 0.75 × 1.5 is a step of 0.5."""
    optimizer = Adam(betas=(0.25, 0.75), eps=1e-8)
    optimizer.prepare(np.zeros(1))
    trace = UpdateTrace("adam", optimizer, "0.bias", np.array([1.0]), np.array([4.0]), 0.5)
    assert lines(frame(scripts, trace, 0)) == [
        "mean 0 + (1 − 0.25) × (4 − 0) = 3",
        "mean of squares 0 + (1 − 0.75) × ((4)² − 0) = 4",
        "root √(4) + 10⁻⁸ × √(1 − 0.75¹) ≈ 2",
        "direction 3 ÷ (≈2) ≈ 1.5",
        "step 0.5 × √(1 − 0.75¹) ÷ (1 − 0.25¹) × ≈1.5 ≈ 0.5",
        "new value 1 − ≈0.5 ≈ 0.5",
    ]
    plain = SGD(momentum=0.5, dampening=0.5)
    plain.prepare(np.zeros(1))
    trace = UpdateTrace("sgd", plain, "0.bias", np.array([1.0]), np.array([-4.0]), 0.5)
    assert lines(frame(scripts, trace, 0)) == [
        "velocity (−4)",
        "step 0.5 × (−4) = −2",
        "new value 1 − (−2) = 3",
    ]


def notes(shown: Any) -> dict[str, str]:
    """The marks of each grid, cell by cell."""
    found = {}
    for grid in (grid for panel in shown["panels"] for grid in panel["grids"]):
        marks = dict(grid.get("notes") or ())
        found[grid["id"]] = "".join(
            marks[cell]["mark"] if cell in marks else "·" for cell in range(len(grid["values"]))
        )
    return found


def test_what_is_0_says_so_in_its_own_grid_both_factors_and_in_both_views(scripts):
    """Input 0 2 / 3 4 in a border of padding; the second of nine positions has no gradient from above."""
    arrays = {"input": [[0, 2], [3, 4]], "grad_output": [[5, 0, 1], [6, 7, 8], [9, 1, 2]], "weight": [[0, 1], [1, 1]]}
    by_weight = engine.trace_conv2d_backward(**arrays, padding=1, wrt="weight")
    assert notes(frame(scripts, by_weight, 0)) == {
        "input-0": "□□□·" + "□x··" + "□···" + "····",
        "above-0": "·↑·······",
        "output-0": "····",
    }
    by_input = engine.trace_conv2d_backward(**arrays, padding=1, wrt="input")
    shown = notes(frame(scripts, by_input, 0))
    assert (shown["above-0"], shown["kernel-0"]) == ("·↑·······", "w···")
    whole, step = given(by_input, 0)
    whole["panels"] = plain(by_input.correlation().panels)
    turned = notes(scripts.call("frame.js", "frame", whole, step))
    assert (turned["above-0"], turned["kernel-0"]) == ("·↑·······", "···w")
    relu = engine.trace_relu_backward([[-1, 3]], [[0, 0]])  # a closed gate says nothing of what comes from above
    shown = [notes(frame(scripts, relu, index)) for index in range(2)]
    assert [(one["slope-0"], one["above-0"]) for one in shown] == [("⊘·", "··"), ("··", "·↑")]


def test_updates_have_the_room_of_the_one_with_the_longest_numbers(scripts):
    plain = SGD()
    plain.prepare(np.zeros(2))
    trace = UpdateTrace("sgd", plain, "0.bias", np.array([0.0, 1.23456]), np.array([0.0, -7.6878]), 0.02)
    cards = [frame(scripts, trace, index)["card"] for index in range(2)]
    fullest = [line["value"] for line in cards[0]["fullest"]["lines"]]
    assert fullest == [line["value"] for line in cards[1]["fullest"]["lines"]]
    assert fullest == ["(−7.6878) × (−7.6878) = −7.6878", "≈1.2346 − (−7.6878) ≈ 1.388"]
    assert [line["value"] for line in cards[0]["lines"]] == ["0.02 × 0 = 0", "0 − 0 = 0"]


def test_the_fullest_step_of_a_gradient_has_a_long_product_in_each_row_or_in_half_of_the_only_one(scripts):
    def rights(trace: Any) -> Any:
        blocks = frame(scripts, trace, 0)["card"]["fullest"]["blocks"]
        return [[[term["right"] for term in row["terms"]] for row in block["rows"]] for block in blocks]

    rows = engine.trace_conv2d_backward(np.zeros((5, 5)), np.eye(3), [[0, 0.25, 0]] * 3, wrt="input")
    assert rights(rows) == [[[0.25, 0, 0]] * 3]
    row = engine.trace_linear_backward([2, -1], np.ones((3, 2)), [0, 0.25, 1], wrt="input")
    assert rights(row) == [[[0.25, 0, 0.25]]]


def test_filters_of_a_group_are_numbered_among_all_of_them(scripts):
    rng = np.random.default_rng(1)
    x, weight, above = (rng.standard_normal(shape) for shape in ((4, 3, 3), (6, 2, 2, 2), (6, 2, 2)))
    trace = engine.trace_conv2d_backward(x, weight, above, wrt="input", groups=2)
    titles = [[block["title"] for block in frame(scripts, trace, step)["card"]["blocks"]] for step in (4, 31)]
    assert titles == [["filter 1", "filter 2", "filter 3"], ["filter 4", "filter 5", "filter 6"]]
