"""What networks and trainers refuse: a sentence with the layer, its input and the rule, and the field that is wrong."""

from __future__ import annotations

import math

import numpy as np
import pytest

from cnn_engine import ConvoscopeError
from cnn_engine.nn import LAYERS, Network, Trainer

LINEAR = {"layer": "linear", "out_features": 2}
CONV_OPTIONS = ["out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias", "padding_mode"]
CONV_OPTIONS += ["in_channels"]


def conv(**options):
    return {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, **options}


def pool(**options):
    return {"layer": "max_pool2d", "kernel_size": 2, **options}


# (architecture, input_shape, field, message): the message after "layer 1 (kind) with input 3 × 8 × 8: "

PICTURE, VECTOR = (3, 8, 8), (4,)
LAYER_ERRORS = [
    (conv(kernel_size=9), PICTURE, "kernel_size", "kernel_size 9 exceeds the padded input height 8"),
    (conv(kernel_size=[3, 9]), PICTURE, "kernel_size", "kernel_size 9 exceeds the padded input width 8"),
    (
        conv(dilation=4),
        PICTURE,
        "kernel_size",
        "kernel_size 3 with dilation 4 spans 9 cells and exceeds the padded input height 8",
    ),
    (conv(groups=2), PICTURE, "groups", "groups 2 does not divide the 3 input channels"),
    (conv(groups=3), PICTURE, "groups", "groups 3 does not divide the 4 out_channels"),
    (conv(in_channels=2), PICTURE, "in_channels", "in_channels 2 must be the input's 3 channels"),
    (conv(out_channels=0), PICTURE, "out_channels", "out_channels 0 is less than 1"),
    (conv(stride=0), PICTURE, "stride", "stride 0 is less than 1"),
    (conv(bias=1), PICTURE, "bias", "bias must be true or false, not 1"),
    (conv(kernel_size="3"), PICTURE, "kernel_size", "kernel_size must be a whole number, not '3'"),
    (conv(kernel_size=None), PICTURE, "kernel_size", "kernel_size must be a whole number, not None"),
    (conv(padding="full"), PICTURE, "padding", 'padding "full" is none of "valid", "same", "same_lower"'),
    (
        conv(padding_mode="mirror"),
        PICTURE,
        "padding_mode",
        'padding_mode "mirror" is none of "zeros", "reflect", "replicate", "circular"',
    ),
    (
        conv(padding=8, padding_mode="reflect"),
        PICTURE,
        "padding",
        "padding 8 with reflect must be smaller than the input height 8",
    ),
    (
        conv(kernal_size=3),
        PICTURE,
        "kernal_size",
        'conv2d has no option "kernal_size"; its options: ' + ", ".join(CONV_OPTIONS),
    ),
    ({"layer": "conv2d", "kernel_size": 3}, PICTURE, "out_channels", 'conv2d needs "out_channels"'),
    (conv(), VECTOR, "layer", "needs an input of channels × rows × columns, not 4"),
    (pool(kernel_size=10), PICTURE, "kernel_size", "kernel_size 10 exceeds the padded input height 8"),
    (pool(padding=2), PICTURE, "padding", "padding 2 must be smaller than the effective kernel height 2"),
    (pool(ceil_mode=1), PICTURE, "ceil_mode", "ceil_mode must be true or false, not 1"),
    (
        pool(dilation=4, padding=4),
        (1, 2, 2),
        "dilation",
        "dilation 4 lets window 2 of the height hold padding alone: there is no largest value",
    ),
    (pool(), VECTOR, "layer", "needs an input of channels × rows × columns, not 4"),
    (
        {"layer": "avg_pool2d", "kernel_size": 2, "count_include_pad": "no"},
        PICTURE,
        "count_include_pad",
        "count_include_pad must be true or false, not 'no'",
    ),
    ({"layer": "global_avg_pool2d"}, VECTOR, "layer", "needs an input of channels × rows × columns, not 4"),
    (LINEAR, PICTURE, "layer", 'needs a flat input, not 3 × 8 × 8: put {"layer": "flatten"} before it'),
    ({"layer": "linear"}, VECTOR, "out_features", 'linear needs "out_features"'),
    (LINEAR | {"in_features": 3}, VECTOR, "in_features", "in_features 3 must be the input's 4 features"),
    (
        {"layer": "linear", "out_features": 2.0},
        VECTOR,
        "out_features",
        "out_features must be a whole number, not 2.0",
    ),
    (
        {"layer": "flatten", "start_dim": 0},
        PICTURE,
        "start_dim",
        "start_dim 0 must be 1: a network flattens all but the batch",
    ),
    ({"layer": "dropout", "p": 1.5}, VECTOR, "p", "p 1.5 must be a probability from 0 to 1"),
    ({"layer": "dropout", "p": "half"}, VECTOR, "p", "p must be a number, not 'half'"),
    ({"layer": "dropout", "p": math.nan}, VECTOR, "p", "p must be finite, not nan"),
    ({"layer": "batch_norm2d"}, VECTOR, "layer", "needs an input of channels × rows × columns, not 4"),
    ({"layer": "batch_norm2d", "eps": 0}, PICTURE, "eps", "eps 0 must be more than 0"),
    ({"layer": "batch_norm2d", "momentum": 2}, PICTURE, "momentum", "momentum 2 must be from 0 to 1"),
    (
        {"layer": "batch_norm2d", "num_features": 2},
        PICTURE,
        "num_features",
        "num_features 2 must be the input's 3 channels",
    ),
    (
        {"layer": "leaky_relu", "negative_slope": math.nan},
        VECTOR,
        "negative_slope",
        "negative_slope must be a finite number, not nan",
    ),
    ({"layer": "relu", "inplace": True}, VECTOR, "inplace", 'relu has no option "inplace"; its options: none'),
    (conv(kernel_size=2000), PICTURE, "kernel_size", "kernel_size 2000 is more than 1024"),
    (conv(padding=[[0, 0], [0, 10**9]]), PICTURE, "padding", "padding 1000000000 is more than 1024"),
    (
        conv(out_channels=10**6),
        PICTURE,
        "layer",
        "a sample of 1000000 × 6 × 6 has more than 16,777,216 values",
    ),
]


def refusal(make, *arguments, **options):
    """The error."""
    with pytest.raises(ConvoscopeError) as refused:
        make(*arguments, **options)
    return refused.value


@pytest.mark.parametrize(("entry", "shape", "field", "message"), LAYER_ERRORS)
def test_a_layer_that_does_not_fit(entry, shape, field, message):
    error = refusal(Network, [entry], input_shape=shape)
    where = f"layer 1 ({entry['layer']}) with input {' × '.join(map(str, shape))}: "
    assert (str(error), error.field) == (where + message, f"architecture.0.{field}")


def test_the_layer_is_named_by_its_place_and_by_what_it_is_given():
    error = refusal(Network, [conv(), "relu", pool(), pool(kernel_size=4)], input_shape=PICTURE)
    assert str(error) == "layer 4 (max_pool2d) with input 4 × 3 × 3: kernel_size 4 exceeds the padded input height 3"
    assert error.field == "architecture.3.kernel_size"


@pytest.mark.parametrize(
    ("architecture", "field", "message"),
    [
        ([], "architecture", "architecture has 0 layers where 1 to 256 are possible"),
        (["relu"] * 257, "architecture", "architecture has 257 layers where 1 to 256 are possible"),
        ("relu", "architecture", "architecture must be a list of layers, not 'relu'"),
        ({"layer": "relu"}, "architecture", "architecture must be a list of layers, not {'layer': 'relu'}"),
        (None, "architecture", "architecture must be a list of layers, not None"),
        (
            ["relu", "lstm"],
            "architecture.1.layer",
            "layer 2 (lstm) with input 4: layer 'lstm' is none of " + ", ".join(f'"{name}"' for name in LAYERS),
        ),
        ([{"kind": "relu"}], "architecture.0.layer", 'layer 1 (unnamed) with input 4: layer has no "layer"'),
        (
            [3],
            "architecture.0.layer",
            'layer 1 (3) with input 4: layer must be a name or an object with "layer", not 3',
        ),
        (
            [{"layer": "linear", "out_features": 10**7}],
            "architecture",
            "architecture has 50,000,000 parameters where at most 20,000,000 are possible",
        ),
    ],
)
def test_an_architecture_that_is_none(architecture, field, message):
    error = refusal(Network, architecture, input_shape=VECTOR)
    assert (str(error), error.field) == (message, field)


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((1, 2), "input_shape must be (C, H, W) or (F,), not (1, 2)"),
        ("abc", "input_shape must be (C, H, W) or (F,), not 'abc'"),
        (4, "input_shape must be (C, H, W) or (F,), not 4"),
        ((0,), "input_shape 0 is less than 1"),
        ((1, 2, -3), "input_shape -3 is less than 1"),
        ((1, 2, 1.5), "input_shape must be a whole number, not 1.5"),
        ((1, 5000, 3), "maps of 5000 × 3 have a side of more than 4096"),
        ((17_000_000,), "a sample of 17000000 has more than 16,777,216 values"),
    ],
)
def test_an_input_that_is_none(shape, message):
    error = refusal(Network, ["relu"], input_shape=shape)
    assert (str(error), error.field) == (message, "input_shape")


def trainer(**options):
    return Trainer(Network(["flatten", LINEAR], input_shape=(1, 2, 2)), **options)


TRAINER_ERRORS = [
    *(
        ({"optimizer": {"name": "adam", "learning_rate": value}}, "optimizer.learning_rate", f"learning_rate {rule}")
        for value, rule in [
            (0, "0 must be more than 0"),
            (-0.1, "-0.1 must be more than 0"),
            (math.nan, "must be finite, not nan"),
            (math.inf, "must be finite, not inf"),
            ("0.1", "must be a number, not '0.1'"),
            (True, "must be a number, not True"),
            (None, "must be a number, not None"),
            ([0.1], "must be a number, not [0.1]"),
        ]
    ),
    (
        {"optimizer": "lion"},
        "optimizer",
        'optimizer \'lion\' is none of "sgd", "adagrad", "rmsprop", "adam", "adamw"',
    ),
    (
        {"optimizer": {"name": "adam", "lr": 0.1}},
        "optimizer.lr",
        'optimizer adam has no option "lr"; its options: learning_rate, betas, eps, weight_decay',
    ),
    ({"optimizer": {"learning_rate": 1}}, "optimizer.name", 'optimizer has no "name"'),
    ({"optimizer": 3}, "optimizer", 'optimizer must be a name or an object with "name", not 3'),
    (
        {"optimizer": {"name": "sgd", "nesterov": True}},
        "optimizer.nesterov",
        "nesterov needs momentum more than 0 and dampening 0",
    ),
    ({"optimizer": {"name": "sgd", "momentum": -1}}, "optimizer.momentum", "momentum -1 must not be less than 0"),
    ({"optimizer": {"name": "adam", "betas": 0.9}}, "optimizer.betas", "betas must be two numbers, not 0.9"),
    ({"optimizer": {"name": "adam", "betas": [0.9, 1]}}, "optimizer.betas", "betas 1 must be less than 1"),
    ({"optimizer": {"name": "rmsprop", "alpha": 1}}, "optimizer.alpha", "alpha 1 must be less than 1"),
    (
        {"optimizer": {"name": "sgd", "weight_decay": -1}},
        "optimizer.weight_decay",
        "weight_decay -1 must not be less than 0",
    ),
    (
        {"schedule": "weekly"},
        "schedule",
        'schedule \'weekly\' is none of "constant", "step", "exponential", "cosine", "warm_up", "reduce_on_plateau"',
    ),
    ({"schedule": {"name": "step"}}, "schedule.step_size", 'schedule step needs "step_size"'),
    ({"schedule": {"name": "step", "step_size": 0}}, "schedule.step_size", "step_size 0 is less than 1"),
    ({"schedule": {"name": "exponential", "gamma": 0}}, "schedule.gamma", "gamma 0 must be more than 0"),
    (
        {"schedule": {"name": "exponential", "gamma": 0.9, "per": "hour"}},
        "schedule.per",
        'per \'hour\' is none of "epoch", "step"',
    ),
    ({"schedule": {"name": "cosine", "T_max": 0}}, "schedule.T_max", "T_max 0 is less than 1"),
    ({"schedule": {"name": "warm_up", "start_factor": 2}}, "schedule.start_factor", "start_factor 2 must be at most 1"),
    (
        {"schedule": {"name": "warm_up", "after": {"name": "warm_up"}}},
        "schedule.after",
        'after must be another schedule than "warm_up"',
    ),
    (
        {"schedule": {"name": "warm_up", "after": {"name": "cosine"}}},
        "schedule.after.T_max",
        'after cosine needs "T_max"',
    ),
    ({"schedule": {"name": "reduce_on_plateau", "factor": 1}}, "schedule.factor", "factor 1.0 must be less than 1"),
    ({"loss": "hinge"}, "loss", 'loss \'hinge\' is none of "cross_entropy", "binary_cross_entropy", "mse"'),
    ({"batch_size": 0}, "batch_size", "batch_size 0 is less than 1"),
    ({"batch_size": 2.5}, "batch_size", "batch_size must be a whole number, not 2.5"),
    ({"batch_size": True}, "batch_size", "batch_size must be a whole number, not True"),
    ({"clip_norm": 0}, "clip_norm", "clip_norm 0 must be more than 0"),
    ({"clip_norm": math.nan}, "clip_norm", "clip_norm must be finite, not nan"),
    ({"seed": -1}, "seed", "seed -1 is less than 0"),
]


@pytest.mark.parametrize(("options", "field", "message"), TRAINER_ERRORS)
def test_what_a_trainer_refuses(options, field, message):
    error = refusal(trainer, **options)
    assert (str(error), error.field) == (message, field)


@pytest.mark.parametrize("value", [0, -1, math.nan, math.inf, "0.1", True, None])
def test_a_learning_rate_that_is_none_is_refused_and_the_old_one_stays(value):
    one = trainer(optimizer={"name": "sgd", "learning_rate": 0.25})
    with pytest.raises(ConvoscopeError, match="learning_rate"):
        one.learning_rate = value
    assert one.learning_rate == 0.25


ENDS_IN_MAPS = (
    "the network ends in 4 × 2 × 3, and a loss needs one value for each output: end with flatten, linear or global "
    "pooling"
)


@pytest.mark.parametrize(
    ("architecture", "shape", "field", "message"),
    [
        (["relu"], (4,), "architecture", "the network has nothing to learn: none of its layers has parameters"),
        ([conv(kernel_size=1)], (1, 2, 3), "architecture", ENDS_IN_MAPS),
        (
            [{"layer": "linear", "out_features": 1}],
            (4,),
            "loss",
            "cross_entropy needs at least 2 outputs, not 1: a lone one has nobody to beat",
        ),
    ],
)
def test_a_network_that_a_loss_cannot_take(architecture, shape, field, message):
    error = refusal(Trainer, Network(architecture, input_shape=shape))
    assert (str(error), error.field) == (message, field)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.zeros((0, 1, 2, 2)), "x holds no sample"),
        (
            np.zeros((3, 2, 2)),
            "x of shape (3, 2, 2) must be samples of shape 1 × 2 × 2, the first axis being the sample",
        ),
        (
            np.zeros((3, 1, 2, 3)),
            "x of shape (3, 1, 2, 3) must be samples of shape 1 × 2 × 2, the first axis being the sample",
        ),
        ([[1], [2, 3]], "x is ragged: its rows have different lengths"),
        ("x", "x must hold real numbers, not <U1"),
        (np.zeros((3, 1, 2, 2), complex), "x must hold real numbers, not complex128"),
    ],
)
def test_samples_that_do_not_fit(x, message):
    one = trainer()
    for call in (lambda: one.network(x), lambda: one.step(x, [0, 1, 1]), lambda: one.evaluate(x, [0, 1, 1])):
        error = refusal(call)
        assert (str(error), error.field) == (message, "x")


def test_batch_normalisation_of_a_single_value_is_refused_before_anything_runs():
    network = Network([conv(kernel_size=2), "batch_norm2d", "flatten", LINEAR], input_shape=(1, 2, 2))
    error = refusal(Trainer(network).step, np.zeros((1, 1, 2, 2)), [0])
    assert str(error) == (
        "layer 2 (batch_norm2d) with input 4 × 1 × 1: needs more than one value for each channel: a larger batch or "
        "larger maps"
    )


def test_a_buffer_that_no_machine_has_is_refused_before_anything_runs():
    wide = conv(kernel_size=31, padding=15, padding_mode="circular")
    one = Trainer(Network([wide, "global_avg_pool2d"], input_shape=(1, 512, 512)))
    error = refusal(one.step, np.zeros((32, 1, 512, 512), np.float32), np.zeros(32, int))
    assert str(error) == (
        "layer 1 (conv2d) with input 1 × 512 × 512: needs a buffer of 30.0 GiB for 32 samples at once, and at most 1 "
        "GiB is possible: smaller maps, a smaller kernel or a smaller batch"
    )
    assert one.progress.step == 0


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"9.bias": [1, 2]}, "9.bias", 'the network has no parameter "9.bias"'),
        ({"1.bias": [1, 2, 3]}, "1.bias", '"1.bias" of shape (3,) must have shape (2,)'),
        ({"1.bias": [1, math.nan]}, "1.bias", '"1.bias" must hold finite numbers of float32'),
        ({"1.bias": [1, 1e300]}, "1.bias", '"1.bias" must hold finite numbers of float32'),
        ({"1.bias": ["a", "b"]}, "1.bias", "1.bias must hold real numbers, not <U1"),
        ({"1.weight": [[1], [2, 3]]}, "1.weight", "1.weight is ragged: its rows have different lengths"),
    ],
)
def test_parameters_that_do_not_fit_change_nothing(change, field, message):
    network = Network(["flatten", LINEAR], input_shape=(1, 2, 2))
    before = network.state()
    error = refusal(network.load, {name: array + 1 for name, array in before.items()} | change)
    assert (str(error), error.field) == (message, field)
    error = refusal(network.load, {"1.weight": before["1.weight"]})
    assert str(error) == 'parameter "1.bias" is missing'
    for name, array in network.state().items():
        np.testing.assert_array_equal(array, before[name])
