"""What a network is: PyTorch's names and shapes, answers sample by sample, and weights as He and Xavier begin them."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.trainer import DRAW_AUGMENTATION, DRAW_ORDER, DRAW_STEP, random_of

DEEP = [
    {"layer": "conv2d", "out_channels": 8, "kernel_size": [3, 5], "groups": 2},
    {"layer": "batch_norm2d"},
    "relu",
    {"layer": "conv2d", "out_channels": 6, "kernel_size": 1, "bias": False},
    "flatten",
    {"layer": "linear", "out_features": 5},
]


def test_parameters_have_the_names_and_shapes_of_torch_nn_sequential():
    network = Network(DEEP, input_shape=(4, 6, 7))
    assert {name: array.shape for name, array in network.parameters().items()} == {
        "0.weight": (8, 2, 3, 5),
        "0.bias": (8,),
        "1.weight": (8,),
        "1.bias": (8,),
        "3.weight": (6, 8, 1, 1),
        "5.weight": (5, 6 * 4 * 3),
        "5.bias": (5,),
    }
    assert {name: array.shape for name, array in network.buffers().items()} == {
        "1.running_mean": (8,),
        "1.running_var": (8,),
        "1.num_batches_tracked": (),
    }


def test_parameters_are_live_and_state_is_a_copy():
    network = Network(DEEP, input_shape=(4, 6, 7))
    x = np.random.default_rng(0).standard_normal((2, 4, 6, 7))
    before, state = network(x), network.state()
    network.parameters()["5.bias"][...] += 3
    np.testing.assert_allclose(network(x), before + 3, rtol=1e-5, atol=1e-5)
    network.load(state)
    np.testing.assert_array_equal(network(x), before)
    other = Network(DEEP, input_shape=(4, 6, 7), seed=1)
    assert (other(x) != before).any()
    other.load({name: array.tolist() for name, array in state.items()})
    np.testing.assert_array_equal(other(x), before)


def test_a_sample_has_the_same_answer_alone_and_among_others():
    network = Network(DEEP, input_shape=(4, 6, 7), dtype="float64")
    x = np.random.default_rng(0).standard_normal((130, 4, 6, 7))
    np.testing.assert_allclose(network(x), np.concatenate([network(one[None]) for one in x]), rtol=1e-12, atol=1e-14)
    assert network(x.astype(np.float32)).dtype == np.float64


def test_batch_normalisation_without_statistics_answers_for_the_batch_as_a_whole():
    layers = [{"layer": "batch_norm2d", "track_running_stats": False, "eps": 1e-12}, "flatten"]
    network = Network([*layers, {"layer": "linear", "out_features": 1}], input_shape=(1, 1, 1), dtype="float64")
    network.load(network.state() | {"2.weight": [[1.0]], "2.bias": [0.0]})
    x = np.random.default_rng(0).standard_normal((65, 1, 1, 1)) + 3
    expected = ((x - x.mean()) / x.std()).reshape(65, 1)
    np.testing.assert_allclose(network(x), expected, rtol=1e-6)
    trainer = Trainer(network, loss="mse")
    assert trainer.evaluate(x, np.zeros(65)).loss == pytest.approx(1, rel=1e-6)


def test_a_layer_may_be_its_name_alone():
    assert Network(["flatten"], input_shape=(1, 2, 2)).architecture == [{"layer": "flatten"}]
    np.testing.assert_array_equal(Network(["relu"], input_shape=(2,))([[-1, 2]]), [[0, 2]])


def test_whole_numbers_and_lists_are_taken():
    network = Network(["relu"], input_shape=(1, 2, 2))
    given = [[[[1, 2], [3, 4]]]]
    for x in (given, np.array(given, np.uint8), np.array(given, np.int64)):
        np.testing.assert_array_equal(network(x), given)


def test_what_every_layer_gives():
    network = Network([*DEEP[:4], {"layer": "global_avg_pool2d"}], input_shape=(4, 6, 7))
    x = np.random.default_rng(0).standard_normal((3, 4, 6, 7))
    given = network.activations(x)
    assert [array.shape for array in given] == [(3, 8, 4, 3)] * 3 + [(3, 6, 4, 3), (3, 6, 1, 1)]
    np.testing.assert_array_equal(given[2], np.maximum(given[1], 0))
    np.testing.assert_array_equal(given[-1], network(x))


# How weights begin.

WIDE = [
    {"layer": "conv2d", "out_channels": 64, "kernel_size": 3, "groups": 2},  # fan_in 32 · 9, fan_out 32 · 9
    {"layer": "conv2d", "out_channels": 32, "kernel_size": 3},  # fan_in 64 · 9, fan_out 32 · 9
    {"layer": "global_avg_pool2d"},
    "flatten",
    {"layer": "linear", "out_features": 600},  # fan_in 32, fan_out 600
]
FANS = {"0.weight": (288, 288), "1.weight": (576, 288), "4.weight": (32, 600)}


@pytest.mark.parametrize("rule", ["he_normal", "he_uniform", "xavier_normal", "xavier_uniform", "he", "xavier"])
def test_weights_begin_with_the_variance_of_he_or_xavier(rule):
    """Of 18,000 draws and more, so that the variance of normal ones is known to 1 %, of uniform ones closer."""
    network = Network(WIDE, input_shape=(64, 6, 6), initialisation=rule)
    for name, (fan_in, fan_out) in FANS.items():
        weight = network.parameters()[name].astype(np.float64)
        variance = 2 / fan_in if rule.startswith("he") else 2 / (fan_in + fan_out)
        assert weight.size >= 18_000
        assert weight.var() == pytest.approx(variance, rel=0.04)
        assert abs(weight.mean()) < 4 * math.sqrt(variance / weight.size)
        uniform = rule in {"he_uniform", "xavier_uniform", "xavier"}
        reach = math.sqrt(3 * variance)
        assert (np.abs(weight).max() <= reach * (1 + 1e-6)) == uniform
        within = np.mean(np.abs(weight) < math.sqrt(variance))
        assert within == pytest.approx(1 / math.sqrt(3) if uniform else math.erf(math.sqrt(0.5)), abs=0.02)
    for name in ("0.bias", "1.bias", "4.bias"):
        assert not network.parameters()[name].any()


def test_he_keeps_the_size_of_activations_through_many_layers():
    layers = [{"layer": "linear", "out_features": 300}, "relu"] * 8
    network = Network(layers, input_shape=(300,))
    x = np.random.default_rng(0).standard_normal((200, 300))
    squares = [np.square(array).mean() for array in network.activations(x)[1::2]]
    assert all(0.5 < square < 2 for square in squares)  # with Xavier's it halves at each layer, 1/256 in the end


def test_each_layer_draws_from_a_seed_of_its_own():
    one, other = (
        Network(
            [{"layer": "linear", "out_features": 20}, {"layer": "linear", "out_features": wide}, *tail],
            input_shape=(20,),
            seed=5,
        ).parameters()
        for wide, tail in ((20, []), (20, [{"layer": "linear", "out_features": 3}]))
    )
    np.testing.assert_array_equal(one["0.weight"], other["0.weight"])
    np.testing.assert_array_equal(one["1.weight"], other["1.weight"])
    assert not np.isin(one["0.weight"], one["1.weight"]).any()
    again = Network([{"layer": "linear", "out_features": 20}], input_shape=(20,), seed=5)
    np.testing.assert_array_equal(again.parameters()["0.weight"], one["0.weight"])
    different = Network([{"layer": "linear", "out_features": 20}], input_shape=(20,), seed=6)
    assert not np.isin(different.parameters()["0.weight"], one["0.weight"]).any()


def test_the_same_seed_gives_the_same_weights_in_both_dtypes():
    double, single = (Network(DEEP, input_shape=(4, 6, 7), dtype=dtype) for dtype in ("float64", "float32"))
    for name, array in double.parameters().items():
        np.testing.assert_array_equal(array.astype(np.float32), single.parameters()[name])


def test_no_two_things_draw_the_same_random_numbers():
    """Weights by layer, dropout by step, the order by epoch, augmentation by step: all from seed 0."""
    layers = [{"layer": "linear", "out_features": 4} for _ in range(6)]
    network = Network(layers, input_shape=(4,), initialisation="xavier_uniform", dtype="float64")
    streams = []
    for weight in list(network.parameters().values())[::2]:
        reach = math.sqrt(6 / 8)
        streams.append(((weight.ravel()[:3] + reach) / (2 * reach)).round(9).tolist())
    trainer = Trainer(network)
    for purpose, count in itertools.product((DRAW_STEP, DRAW_ORDER, DRAW_AUGMENTATION), range(6)):
        streams.append(random_of(trainer.seed, purpose, count).random(3).round(9).tolist())
    streams.append(np.random.default_rng(0).random(3).round(9).tolist())
    assert len({tuple(stream) for stream in streams}) == 25
