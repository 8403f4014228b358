"""The chain rule as paths: listed by hand, walked one by one, and added up to slopes of the loss."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_engine import ParameterError, gradient_paths, trace_network
from cnn_engine.nn.criteria import Criterion
from cnn_engine.trace.paths import MANY, shapes_of
from cnn_engine.words import say

from .test_network_trace import NETWORKS, TARGETS, by_hand, network_and_sample, slopes

TIED = [[-1, -1], [2, 2]]  # ReLU closes the gates of the first row, and of the second the first one wins
TINY = [
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 2, "bias": False},
]


def of(name, loss="cross_entropy"):
    shape, architecture = NETWORKS[name]
    network, x = network_and_sample(shape, architecture)
    return network, x, trace_network(architecture, network.state(), x, TARGETS[loss], loss=loss)


def test_the_paths_of_a_weight_by_hand():
    """Of the maps [[-3, -1], [1, 3]] ReLU leaves 1 and 3, made of 3 and 4; the gradients of the answers are 1, 2."""
    found = gradient_paths(by_hand(), "0.weight", (0, 0, 0, 0))
    assert found.along == ("3.output", "2.output", "1.output", "0.output", "0.weight")
    assert [say(title) for title in found.made_by] == [
        "Mean squared error",
        "Dense layer",
        "Flatten",
        "ReLU",
        "Convolution",
    ]
    assert [(path.local, path.product) for path in found.paths] == [
        ((2, 1, 1, 1, 4), 8),
        ((2, 1, 1, 1, 3), 6),
        ((1, 1, 1, 1, 3), 3),
    ]
    assert found.paths[0].cells == ((1,), (3,), (0, 1, 1), (0, 1, 1), (0, 0, 0, 0))
    assert (found.gradient, found.sum, found.total, found.rest, found.rest_sum) == (17, 17, 8, 0, 0)
    assert found.stopped == {"gate": 2, "weight": 3}  # the second answer has no weight for the closed gates
    assert {name: len(cells) for name, cells in found.reached.items()} == {
        "0.output": 4,
        "1.output": 4,
        "2.output": 4,
        "3.output": 2,
    }


def test_those_that_are_not_told_are_counted_and_added_up():
    found = gradient_paths(by_hand(), "0.weight", (0, 0, 0, 0), most=1)
    assert [path.product for path in found.paths] == [8]
    assert (found.rest, found.rest_sum, found.sum) == (2, 9, 17)


def test_the_winner_alone_has_a_path():
    trace = trace_network(TINY, {"3.weight": [[3], [-1]]}, TIED, [0, 0], loss="mse")
    first, second, closed = (gradient_paths(trace, "input", (0, *cell)) for cell in ((1, 0), (1, 1), (0, 0)))
    assert [path.local for path in first.paths] == [(6, 3, 1, 1, 1), (-2, -1, 1, 1, 1)]
    assert (first.sum, second.sum, closed.sum) == (20, 0, 0)
    assert (second.paths, second.stopped) == ((), {"winner": 2})
    assert closed.stopped == {"winner": 2}  # it comes first on the way back


def test_an_answer_has_one_path():
    found = gradient_paths(by_hand(), "3.output", (1,))
    assert [(path.cells, path.local) for path in found.paths] == [(((1,),), (2,))]


def test_what_nothing_reads_has_no_path():
    architecture = [{"layer": "max_pool2d", "kernel_size": 2}, {"layer": "flatten"}]
    trace = trace_network(architecture, {}, [[1, 2, 3], [4, 5, 6], [7, 8, 9]], [0], loss="mse")
    found = gradient_paths(trace, "input", (0, 2, 2))
    assert (found.total, found.sum, found.paths, found.stopped) == (0, 0, (), {})


def walked(trace, tensor, index):
    """The local derivatives of every path, from the loss down, by going along each term of each step."""
    number, _, name = tensor.partition(".")
    layer = 0 if tensor == "input" else int(number) + (name == "output")
    wrt = "input" if name in ("", "output") else name
    if layer == len(trace.forward.parts):
        yield (float(trace.backward.above(layer - 1)[index]),)
        return
    way = trace.backward.trace(layer, wrt)
    cell = int(np.ravel_multi_index(index, shapes_of(trace)[tensor]))
    step = way.columns(cell, cell + 1)
    for to, local, inside in zip(step["term_cells"][0], step["local"][0], step["inside"][0], strict=True):
        if inside:
            at = np.ravel_multi_index(tuple(np.atleast_1d(to)), way.forward.output_shape)
            shape = trace.forward.parts[layer].layer.output_shape
            after = tuple(int(position) for position in np.unravel_index(at, shape))
            for path in walked(trace, f"{layer}.output", after):
                yield (*path, float(local))


@pytest.mark.parametrize("name", NETWORKS)
def test_they_are_the_strongest_of_all_that_can_be_walked(name):
    _, _, trace = of(name)
    for tensor, shape in shapes_of(trace).items():
        index = tuple(size // 2 for size in shape)
        found = gradient_paths(trace, tensor, index, most=5)
        every = list(walked(trace, tensor, index))
        products = [math.prod(path) for path in every]
        assert found.total == len(every)
        assert sum(found.stopped.values()) == products.count(0)
        assert found.rest + len(found.paths) == len(every) - products.count(0)
        strongest = sorted((abs(product) for product in products if product), reverse=True)[:5]
        np.testing.assert_allclose([abs(path.product) for path in found.paths], strongest, rtol=1e-12)
        for path in found.paths:
            assert path.local in every
            assert path.product == math.prod(path.local)
            assert len(path.cells) == len(path.local) == len(found.along)
            assert path.cells[-1] == index
        kept = math.fsum(path.product for path in found.paths)
        assert kept + found.rest_sum == pytest.approx(math.fsum(products), abs=1e-12)


@pytest.mark.parametrize(("name", "loss"), [*zip(NETWORKS, [*TARGETS] * 2, strict=False)])
def test_they_add_up_to_every_gradient_and_that_is_a_slope_of_the_loss(name, loss):
    network, x, trace = of(name, loss)
    criterion = Criterion(loss, 3)

    def loss_of():
        return criterion.value(network(x[None]).reshape(1, 3), np.array([TARGETS[loss]]))

    for tensor, values in {"input": x, **network.parameters()}.items():
        expected = slopes(loss_of, values)
        for index in np.ndindex(values.shape):
            found = gradient_paths(trace, tensor, index)
            assert found.sum == pytest.approx(found.gradient, rel=1e-12, abs=1e-12)
            assert math.fsum([*(path.product for path in found.paths), found.rest_sum]) == pytest.approx(
                found.gradient, rel=1e-12, abs=1e-12
            )
            assert found.sum == pytest.approx(expected[index], rel=1e-6, abs=1e-8)


def test_numbers_that_are_none_spread_along_open_paths_alone():
    parameters = {"3.weight": [[math.nan], [1]]}
    trace = trace_network(TINY, parameters, TIED, [0, 0], loss="mse")
    found = gradient_paths(trace, "input", (0, 1, 0))
    assert math.isnan(found.sum)
    assert math.isnan(found.paths[0].product)
    assert gradient_paths(trace, "input", (0, 0, 0)).sum == 0


def test_more_than_can_be_counted_exactly_are_so_many():
    wide = [{"layer": "flatten"}, *({"layer": "linear", "out_features": 64} for _ in range(10))]
    network, x = network_and_sample((1, 2, 2), wide)
    found = gradient_paths(trace_network(wide, network.state(), x, 0), "input", (0, 0, 0))
    assert found.total == MANY < 64**10
    assert len(found.paths) == 12


@pytest.mark.parametrize(
    ("tensor", "index", "field"),
    [("weight", (0,), "paths.tensor"), ("0.weight", (0, 0, 0), "paths.index"), ("input", (0, 0, 2), "paths.index")],
)
def test_a_number_that_there_is_not_is_refused_by_name(tensor, index, field):
    with pytest.raises(ParameterError) as refused:
        gradient_paths(by_hand(), tensor, index)
    assert refused.value.field == field
