"""Each layer forward and backward, and each optimizer's first steps, in numbers that can be checked on paper.

A layer is followed by one that sums its output with the weights given, so that the gradient of the loss by that
output is known; the layer before it has the input as its bias, so that the gradient by the input can be read there.
"""

from __future__ import annotations

import numpy as np
import pytest

from cnn_engine.nn import Network, Trainer
from cnn_engine.nn.layers.base import outer_view
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import clip_scale
from cnn_engine.nn.options import build
from cnn_engine.nn.plan import Plan

X = [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]


def run(entry, x, grad_output, parameters=None):
    """Forward and backward of one layer on one sample: (output, {name: gradient, "input": gradient})."""
    x = np.asarray(x, float)
    before = [{"layer": "conv2d", "out_channels": len(x), "kernel_size": 1, "groups": len(x)}] if x.ndim == 3 else []
    before = before or [{"layer": "linear", "out_features": len(x)}]
    network = Network([*before, {"layer": "dropout", "p": 0.0}, entry], input_shape=x.shape, dtype="float64")
    first = network.parameters()["0.weight"]
    first[...] = np.eye(len(first)) if first.ndim == 2 else 1
    for name, values in (parameters or {}).items():
        network.parameters()[f"2.{name}"][...] = values
    plan = Plan(network.layers, network.store, 1, training=True)
    plan.forward(x[None], np.random.default_rng(0))
    outer_view(plan.output.grad)[...] = np.asarray(grad_output, float)
    plan.backward()
    gradients = network.store.public(network.store.gradients)
    own = {name[2:]: array.tolist() for name, array in gradients.items() if name.startswith("2.")}
    source = next(placed.stage for placed in plan.placed if placed.last == 1)
    return outer_view(plan.output.value)[0].tolist(), own | {"input": outer_view(source.output.grad)[0].tolist()}


def test_conv2d():
    """Windows 1 2 4 5, 2 3 5 6, 4 5 7 8, 5 6 8 9; kernel 1 0 / 0 −1: each output is −4, plus 10."""
    output, gradients = run(
        {"layer": "conv2d", "out_channels": 1, "kernel_size": 2},
        [X],
        [[[1, 0], [0, 2]]],
        {"weight": [[[[1, 0], [0, -1]]]], "bias": [10]},
    )
    assert output == [[[6, 6], [6, 6]]]
    assert gradients == {
        "weight": [[[[1 + 2 * 5, 2 + 2 * 6], [4 + 2 * 8, 5 + 2 * 9]]]],
        "bias": [3],
        "input": [[[1, 0, 0], [0, -1 + 2, 0], [0, 0, -2]]],
    }


def test_conv2d_with_two_channels_in_and_out_and_padding():
    output, gradients = run(
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 1, "padding": 1, "bias": False},
        [[[2]], [[3]]],
        [[[1, 1, 1], [1, 5, 1], [1, 1, 1]], [[0, 0, 0], [0, 7, 0], [0, 0, 0]]],
        {"weight": [[[[1]], [[10]]], [[[100]], [[1000]]]]},
    )
    assert output == [[[0, 0, 0], [0, 32, 0], [0, 0, 0]], [[0, 0, 0], [0, 3200, 0], [0, 0, 0]]]
    assert gradients["weight"] == [[[[10]], [[15]]], [[[14]], [[21]]]]
    assert gradients["input"] == [[[5 + 700]], [[50 + 7000]]]


def test_conv2d_in_groups_sees_its_own_channels_only():
    output, gradients = run(
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 1, "groups": 2},
        [[[2]], [[3]]],
        [[[1]], [[1]]],
        {"weight": [[[[10]]], [[[100]]]], "bias": [0.5, -0.5]},
    )
    assert output == [[[20.5]], [[299.5]]]
    assert gradients == {"weight": [[[[2]]], [[[3]]]], "bias": [1, 1], "input": [[[10]], [[100]]]}


def test_max_pool2d():
    output, gradients = run({"layer": "max_pool2d", "kernel_size": 2, "stride": 1}, [X], [[[1, 2], [3, 4]]])
    assert output == [[[5, 6], [8, 9]]]
    assert gradients["input"] == [[[0, 0, 0], [0, 1, 2], [0, 3, 4]]]


def test_the_first_of_equal_values_wins_a_pool_and_takes_the_whole_gradient():
    for entry in ({"layer": "max_pool2d", "kernel_size": 2}, {"layer": "global_max_pool2d"}):
        output, gradients = run(entry, [[[1, 3], [3, 3]]], [[[5]]])
        assert (output, gradients["input"]) == ([[[3]]], [[[0, 5], [0, 0]]])


def test_max_pool2d_never_picks_padding():
    output, gradients = run(
        {"layer": "max_pool2d", "kernel_size": 2, "padding": 1}, [[[-1, -2], [-3, -4]]], [[[1, 2], [3, 4]]]
    )
    assert output == [[[-1, -2], [-3, -4]]]
    assert gradients["input"] == [[[1, 2], [3, 4]]]


def test_avg_pool2d_counts_padding_or_does_not():
    entry = {"layer": "avg_pool2d", "kernel_size": 2, "stride": 2, "padding": 1}
    output, gradients = run(entry, [X], [[[4, 8], [12, 16]]])
    assert output == [[[1 / 4, 5 / 4], [11 / 4, 28 / 4]]]
    assert gradients["input"] == [[[1, 2, 2], [3, 4, 4], [3, 4, 4]]]
    output, gradients = run(entry | {"count_include_pad": False}, [X], [[[1, 2], [2, 4]]])
    assert output == [[[1, 2.5], [5.5, 7]]]
    assert gradients["input"] == [[[1, 1, 1], [1, 1, 1], [1, 1, 1]]]


def test_global_pools():
    assert run({"layer": "global_max_pool2d"}, [X], [[[2]]]) == (
        [[[9]]],
        {"input": [[[0, 0, 0], [0, 0, 0], [0, 0, 2]]]},
    )
    assert run({"layer": "global_avg_pool2d"}, [X], [[[9]]]) == ([[[5]]], {"input": [[[1] * 3] * 3]})


ACTIVATIONS = [
    ({"layer": "relu"}, [0, 0, 3], [0, 0, 1]),
    ({"layer": "leaky_relu", "negative_slope": 0.25}, [-0.5, 0, 3], [0.25, 0.25, 1]),
    ({"layer": "leaky_relu", "negative_slope": 1e9}, [-2e9, 0, 3], [1e9, 1e9, 1]),
]


@pytest.mark.parametrize(("entry", "output", "slopes"), ACTIVATIONS)
def test_activations_by_pieces(entry, output, slopes):
    given, gradients = run(entry, [-2, 0, 3], [[1, 1, 1]])
    assert (given, gradients["input"]) == (output, slopes)


def test_sigmoid_and_tanh():
    """The sigmoid of log 3 is 3/4, with slope 3/16; the tangent of log 2 is 3/5, with slope 16/25."""
    output, gradients = run({"layer": "sigmoid"}, [0, np.log(3), -np.log(3)], [[1, 1, 16]])
    assert output == pytest.approx([1 / 2, 3 / 4, 1 / 4], rel=1e-15)
    assert gradients["input"] == pytest.approx([1 / 4, 3 / 16, 3], rel=1e-15)
    output, gradients = run({"layer": "tanh"}, [0, np.log(2)], [[1, 25]])
    assert output == pytest.approx([0, 3 / 5], rel=1e-15)
    assert gradients["input"] == pytest.approx([1, 16], rel=1e-14)


def test_a_saturated_sigmoid_neither_overflows_nor_loses_what_is_left_of_its_slope():
    network = Network(["sigmoid"], input_shape=(4,))
    low, left, middle, high = network([[-200, -20, 0, 200]])[0]
    assert (low, middle, high) == (0, 0.5, 1)
    assert left == pytest.approx(np.exp(-20), rel=1e-6)


def test_flatten_goes_by_channel_then_row_then_column():
    output, gradients = run({"layer": "flatten"}, [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [range(8)])
    assert output == [1, 2, 3, 4, 5, 6, 7, 8]
    assert gradients["input"] == [[[0, 1], [2, 3]], [[4, 5], [6, 7]]]


def test_linear():
    output, gradients = run(
        {"layer": "linear", "out_features": 2}, [1, 2], [[1, -1]], {"weight": [[3, 4], [5, 6]], "bias": [0.5, 0]}
    )
    assert output == [11.5, 17]
    assert gradients == {"weight": [[1, 2], [-1, -2]], "bias": [1, -1], "input": [-2, -2]}


def test_batch_norm2d():
    """The values 0, 0, 2, 2 have mean 1 and variance 1: with eps 0.21 they become ∓1 / 1.1."""
    entry = {"layer": "batch_norm2d", "eps": 0.21, "momentum": 0.5}
    output, gradients = run(entry, [[[0, 0], [2, 2]]], [[[1, 0], [0, 0]]], {"weight": [11], "bias": [1]})
    assert output[0][0] + output[0][1] == pytest.approx([-9, -9, 11, 11], rel=1e-15)
    assert gradients["bias"] == [1]
    assert gradients["weight"] == pytest.approx([-1 / 1.1], rel=1e-15)
    a, b = 10 * (1 - 1 / 4 - 1 / 1.21 / 4), 10 * (-1 / 4 - 1 / 1.21 / 4)  # scale · (g − mean(g) − x̂ · mean(g x̂))
    c = 10 * (-1 / 4 + 1 / 1.21 / 4)
    assert gradients["input"][0][0] + gradients["input"][0][1] == pytest.approx([a, b, c, c], rel=1e-13)


def test_batch_norm2d_keeps_running_statistics_when_a_step_counts():
    """Mean 1 and unbiased variance 4/3 in the batch; running ones begin at 0 and 1, and go half way."""
    network = Network(
        [{"layer": "batch_norm2d", "momentum": 0.5, "eps": 1e-12}, "flatten", {"layer": "linear", "out_features": 2}],
        input_shape=(1, 2, 2),
        dtype="float64",
    )
    trainer = Trainer(network)
    x = np.array([[[[0.0, 0], [2, 2]]]])
    trainer.gradients(x, [0])
    trainer.evaluate(x, [0])
    assert network.buffers()["0.num_batches_tracked"] == 0
    trainer.step(x, [0])
    assert network.buffers()["0.running_mean"] == pytest.approx([0.5])
    assert network.buffers()["0.running_var"] == pytest.approx([1 / 2 + 4 / 6])
    assert network.buffers()["0.num_batches_tracked"] == 1


def test_dropout_keeps_the_mean_and_takes_the_same_values_from_the_gradient():
    network = Network([{"layer": "linear", "out_features": 5000}, {"layer": "dropout", "p": 0.3}], input_shape=(1,))
    network.load({"0.weight": np.zeros((5000, 1)), "0.bias": np.full(5000, 2)})
    plan = network.plan(4, training=True)
    first = plan.forward(np.zeros((4, 1)), np.random.default_rng(1)).copy()
    assert set(np.unique(first)) == {0, np.float32(2) / np.float32(0.7)}
    assert (first == 0).mean() == pytest.approx(0.3, abs=0.01)  # three standard deviations of 20,000 draws
    assert first.mean() == pytest.approx(2, abs=0.03)
    plan.output.grad[...] = 1
    plan.backward()
    np.testing.assert_allclose(network.store.gradients["0.bias"], first.sum(axis=1) / 2, rtol=1e-6)
    assert (plan.forward(np.zeros((4, 1)), np.random.default_rng(2)) != first).any()
    np.testing.assert_array_equal(network(np.zeros((2, 1))), np.full((2, 5000), 2))  # off where nothing is trained


# Optimizers: values 1 and −2, gradients 0.5 and −4, then 1 and 2, each worked out from its formula.

FIRST, SECOND = np.array([0.5, -4.0]), np.array([1.0, 2.0])


def two_steps(**options):
    """The values after each of the two."""
    optimizer = build(OPTIMIZERS, options, "optimizer")
    values = np.array([1.0, -2.0])
    optimizer.prepare(values)
    after = []
    for gradient in (FIRST, SECOND):
        optimizer.update(values, gradient, optimizer.learning_rate)
        after.append(values.tolist())
    assert FIRST.tolist() == [0.5, -4]  # the gradient is left as it is
    return after


TWO_STEPS = {
    "sgd": ({"name": "sgd", "learning_rate": 0.1}, [[0.95, -1.6], [0.85, -1.8]]),
    "sgd with momentum": (  # velocities 0.5 and −4, then 0.9 · 0.5 + 1 and 0.9 · −4 + 2
        {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9},
        [[0.95, -1.6], [0.95 - 0.145, -1.6 + 0.16]],
    ),
    "sgd with dampening": (  # the first velocity is not dampened, as in PyTorch
        {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "dampening": 0.5},
        [[0.95, -1.6], [0.95 - 0.095, -1.6 + 0.26]],
    ),
    "sgd with Nesterov": (  # gradient + 0.9 · velocity
        {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": True},
        [[1 - 0.095, -2 + 0.76], [1 - 0.095 - 0.1 * (1 + 0.9 * 1.45), -2 + 0.76 - 0.1 * (2 - 0.9 * 1.6)]],
    ),
    "sgd with weight decay": (  # gradient + 0.1 · value
        {"name": "sgd", "learning_rate": 0.1, "weight_decay": 0.1},
        [[0.94, -1.58], [0.94 - 0.1094, -1.58 - 0.1842]],
    ),
    "adagrad": (  # sums 0.25 and 16, then 1.25 and 20
        {"name": "adagrad", "learning_rate": 0.1, "eps": 0},
        [[0.9, -1.9], [0.9 - 0.1 / 1.25**0.5, -1.9 - 0.2 / 20**0.5]],
    ),
    "rmsprop": (  # means of squares a tenth of 0.25 and 16, then 0.0225 + 0.1 and 1.44 + 0.4
        {"name": "rmsprop", "learning_rate": 0.1, "alpha": 0.9, "eps": 0},
        [[1 - 0.1**0.5, -2 + 0.1**0.5], [1 - 0.1**0.5 - 0.1 / 0.1225**0.5, -2 + 0.1**0.5 - 0.2 / 1.84**0.5]],
    ),
    "adam": (  # the first step is the rate itself; then means (0.45 · 0.1 + 0.1) / 0.19 over their root
        {"name": "adam", "learning_rate": 0.1, "betas": [0.9, 0.99], "eps": 0},
        [
            [0.9, -1.9],
            [
                0.9 - 0.1 * (0.145 / 0.19) / ((0.002475 + 0.01) / 0.0199) ** 0.5,
                -1.9 - 0.1 * (-0.16 / 0.19) / ((0.1584 + 0.04) / 0.0199) ** 0.5,
            ],
        ],
    ),
    "adamw": (  # first the values shrink by 0.1 · 0.5, then Adam's step
        {"name": "adamw", "learning_rate": 0.1, "betas": [0.9, 0.99], "eps": 0, "weight_decay": 0.5},
        [
            [0.85, -1.8],
            [
                0.85 * 0.95 - 0.1 * (0.145 / 0.19) / ((0.002475 + 0.01) / 0.0199) ** 0.5,
                -1.8 * 0.95 - 0.1 * (-0.16 / 0.19) / ((0.1584 + 0.04) / 0.0199) ** 0.5,
            ],
        ],
    ),
}


@pytest.mark.parametrize("name", TWO_STEPS)
def test_the_first_two_steps(name):
    options, expected = TWO_STEPS[name]
    np.testing.assert_allclose(two_steps(**options), expected, rtol=1e-13)


def test_clipping_shortens_a_gradient_and_keeps_its_direction():
    gradient = np.array([3.0, -4.0])
    assert clip_scale(gradient, 1) == pytest.approx(0.2, rel=1e-6)
    assert clip_scale(gradient, 6) == 1
    assert clip_scale(np.zeros(2), 1) == 1


def test_a_gradient_whose_square_no_float32_holds_is_still_clipped_to_its_length():
    gradient = np.array([3e30, -4e30], np.float32)
    assert clip_scale(gradient, 1) == pytest.approx(2e-31, rel=1e-6)


def test_a_steady_gradient_does_not_break_centred_rmsprop():
    """Its variance is 0, which rounding may turn into a little less."""
    optimizer = build(OPTIMIZERS, {"name": "rmsprop", "centered": True, "alpha": 0.5}, "optimizer")
    values = np.zeros(200, np.float32)
    optimizer.prepare(values)
    for _ in range(100):
        optimizer.update(values, np.linspace(0.1, 3, 200, dtype=np.float32), 1e-6)
    assert np.isfinite(values).all()
