"""The settings in which the engine is held to PyTorch, in the engine's names; inputs come from `numbers`.

What PyTorch computes for them is in fixtures/, made by scripts/make_torch_fixtures.py, which reads this table too.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FIXTURES = Path(__file__).with_name("fixtures")
Array = NDArray[Any]
Options = dict[str, Any]


def numbers(seed: int, *shape: int) -> Array:
    """Values from -1 to 1 that look random and are the same everywhere: the bits of splitmix64."""
    with np.errstate(over="ignore"):
        z = np.arange(1, math.prod(shape) + 1, dtype=np.uint64) + np.uint64(seed << 32)
        z *= np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return ((z >> np.uint64(11)).astype(np.float64) / 2**52 - 1).reshape(shape)


# Layers: a name -> the entry of an architecture, on (2, 4, 5, 4) unless said.

LAYER_SHAPE = (2, 4, 5, 4)


def conv(**options: Any) -> Options:
    """A convolution of 4 filters."""
    return {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, **options}


def pool(kind: str, **options: Any) -> Options:
    """A pool."""
    return {"layer": f"{kind}_pool2d", "kernel_size": 2, **options}


LAYERS: dict[str, Options] = {
    "conv2d": conv(),
    "conv2d padding": conv(padding=1),
    "conv2d padding of a pair": conv(padding=[2, 1], kernel_size=[5, 3]),
    "conv2d stride": conv(stride=2, padding=1),
    "conv2d stride beyond the kernel": conv(kernel_size=2, stride=[3, 2]),
    "conv2d dilation": conv(dilation=2, padding=2),
    "conv2d dilation of a pair": conv(kernel_size=2, dilation=[3, 1]),
    "conv2d groups": conv(groups=2, padding=1),
    "conv2d depthwise": conv(groups=4),
    "conv2d depthwise times two": conv(groups=4, out_channels=8, kernel_size=2),
    "conv2d one by one": conv(kernel_size=1, out_channels=2),
    "conv2d without bias": conv(bias=False),
    "conv2d valid": conv(padding="valid"),
    "conv2d same": conv(padding="same", kernel_size=[3, 5]),
    "conv2d reflect": conv(padding=2, padding_mode="reflect"),
    "conv2d replicate": conv(padding=[1, 3], padding_mode="replicate", stride=2),
    "conv2d circular": conv(padding=1, padding_mode="circular", dilation=2),
    "conv2d everything": conv(
        kernel_size=[3, 2], stride=[2, 1], padding=[2, 1], dilation=[1, 2], groups=2, out_channels=6
    ),
    "max_pool2d": pool("max"),
    "max_pool2d stride and padding": pool("max", kernel_size=3, stride=2, padding=1),
    "max_pool2d ceil_mode": pool("max", kernel_size=3, stride=2, ceil_mode=True),
    "max_pool2d ceil_mode and padding": pool("max", kernel_size=[2, 3], stride=[3, 2], padding=1, ceil_mode=True),
    "max_pool2d dilation": pool("max", dilation=2, stride=1),
    "avg_pool2d": pool("avg"),
    "avg_pool2d padding": pool("avg", kernel_size=3, stride=2, padding=1),
    "avg_pool2d padding not counted": pool("avg", kernel_size=3, stride=2, padding=1, count_include_pad=False),
    "avg_pool2d ceil_mode": pool("avg", kernel_size=[3, 2], stride=2, ceil_mode=True),
    "avg_pool2d ceil_mode and padding": pool("avg", kernel_size=3, stride=3, padding=1, ceil_mode=True),
    "avg_pool2d ceil_mode, padding not counted": pool(
        "avg", kernel_size=3, stride=3, padding=1, ceil_mode=True, count_include_pad=False
    ),
    "global_max_pool2d": {"layer": "global_max_pool2d"},
    "global_avg_pool2d": {"layer": "global_avg_pool2d"},
    "relu": {"layer": "relu"},
    "leaky_relu": {"layer": "leaky_relu"},
    "leaky_relu steeper than 1": {"layer": "leaky_relu", "negative_slope": 3.0},
    "sigmoid": {"layer": "sigmoid"},
    "tanh": {"layer": "tanh"},
    "batch_norm2d": {"layer": "batch_norm2d"},
    "batch_norm2d momentum and eps": {"layer": "batch_norm2d", "momentum": 0.3, "eps": 0.1},
    "batch_norm2d average": {"layer": "batch_norm2d", "momentum": None},
    "batch_norm2d without affine": {"layer": "batch_norm2d", "affine": False},
    "batch_norm2d without statistics": {"layer": "batch_norm2d", "track_running_stats": False},
    "linear": {"layer": "linear", "out_features": 3},
    "linear without bias": {"layer": "linear", "out_features": 3, "bias": False},
}
FEATURES = {"linear", "linear without bias"}  # these take (4, 7)
FEATURES_SHAPE = (4, 7)
PASSES = 3  # of batch normalisation in training, on batches of its own, before it answers

LOSSES: dict[str, tuple[str, tuple[int, int]]] = {
    "cross_entropy": ("cross_entropy", (5, 4)),
    "binary_cross_entropy": ("binary_cross_entropy", (5, 1)),
    "binary_cross_entropy of three outputs": ("binary_cross_entropy", (4, 3)),
    "mse": ("mse", (5, 1)),
    "mse of two outputs": ("mse", (4, 2)),
}


def truth(loss: str, shape: tuple[int, int]) -> Array:
    """What the outputs of this shape should have been."""
    if loss == "cross_entropy":
        return np.arange(shape[0]) * 7 % shape[1]
    values = numbers(21, *shape)
    return (values + 1) / 2 if loss == "binary_cross_entropy" else values * 5


# Optimizers: 100 steps of 8 values down a valley whose sides are of unlike steepness, with noise.

STEPS = 100
KEPT = (1, 2, 3, 10, 50, 100)
VALUES = 8
STEEPNESS = np.geomspace(0.01, 3, VALUES)

OPTIMIZERS: dict[str, Options] = {
    "sgd": {"name": "sgd", "learning_rate": 0.05},
    "sgd momentum": {"name": "sgd", "learning_rate": 0.02, "momentum": 0.9},
    "sgd dampening": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.8, "dampening": 0.5},
    "sgd nesterov": {"name": "sgd", "learning_rate": 0.02, "momentum": 0.9, "nesterov": True},
    "sgd weight_decay": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.5, "weight_decay": 0.1},
    "adagrad": {"name": "adagrad", "learning_rate": 0.1},
    "adagrad options": {
        "name": "adagrad",
        "learning_rate": 0.1,
        "lr_decay": 0.05,
        "weight_decay": 0.01,
        "initial_accumulator_value": 0.5,
        "eps": 1e-3,
    },
    "rmsprop": {"name": "rmsprop", "learning_rate": 0.01},
    "rmsprop centered": {"name": "rmsprop", "learning_rate": 0.01, "centered": True, "alpha": 0.9},
    "rmsprop momentum": {"name": "rmsprop", "learning_rate": 0.003, "momentum": 0.9},
    "rmsprop everything": {
        "name": "rmsprop",
        "learning_rate": 0.003,
        "momentum": 0.5,
        "centered": True,
        "weight_decay": 0.1,
        "eps": 1e-4,
    },
    "adam": {"name": "adam", "learning_rate": 0.02},
    "adam betas": {"name": "adam", "learning_rate": 0.02, "betas": [0.5, 0.8], "eps": 1e-3},
    "adam weight_decay": {"name": "adam", "learning_rate": 0.02, "weight_decay": 0.1},
    "adamw": {"name": "adamw", "learning_rate": 0.02},
    "adamw weight_decay": {"name": "adamw", "learning_rate": 0.02, "weight_decay": 0.5},
    "sgd clipped": {"name": "sgd", "learning_rate": 0.05, "momentum": 0.9, "clip_norm": 0.5},
    "adam clipped": {"name": "adam", "learning_rate": 0.02, "clip_norm": 0.5},
}


def slope(values: Array, step: int) -> Array:
    """The gradient at these values in this step, in float32."""
    noise = numbers(1000 + step, VALUES) / 2
    return (STEEPNESS.astype(np.float32) * values + noise.astype(np.float32)).astype(np.float32)


# Schedules: the rate of each of 30 epochs from a base of 0.5.

EPOCHS = 30
BASE = 0.5
LOSSES_SEEN = [3, 2, 1.5, 1.5, 1.49995, 1.6, 1.2, 1.2, 1.3, 1.25, 1.19, 1.2, 1.4, 1.3, 1.2, 1.2, 1.2, 1.2, 0.9, 1]
LOSSES_SEEN += [1.0] * 10

SCHEDULES: dict[str, Options] = {
    "constant": {"name": "constant"},
    "step": {"name": "step", "step_size": 7, "gamma": 0.3},
    "step by default": {"name": "step", "step_size": 10},
    "exponential": {"name": "exponential", "gamma": 0.87},
    "cosine": {"name": "cosine", "T_max": 30},
    "cosine down and up again": {"name": "cosine", "T_max": 8, "eta_min": 0.05},
    "warm-up": {"name": "warm_up", "total_iters": 6, "start_factor": 0.1, "per": "epoch"},
    "warm-up by default": {"name": "warm_up", "per": "epoch"},
    "warm-up, then cosine": {
        "name": "warm_up",
        "total_iters": 4,
        "start_factor": 0.25,
        "per": "epoch",
        "after": {"name": "cosine", "T_max": 30},
    },
    "reduce on plateau": {"name": "reduce_on_plateau", "patience": 2, "factor": 0.5},
    "reduce on plateau by an absolute threshold": {
        "name": "reduce_on_plateau",
        "patience": 1,
        "factor": 0.5,
        "threshold": 0.2,
        "threshold_mode": "abs",
    },
    "reduce on plateau with cooldown and a least rate": {
        "name": "reduce_on_plateau",
        "patience": 0,
        "factor": 0.3,
        "cooldown": 3,
        "min_lr": 0.02,
    },
}

# Whole runs: 20 steps, the same batch of 12 in each third one; weights from `numbers`.

RUN_STEPS = 20
RUNS: dict[str, Options] = {
    "the lesson's network with Adam": {
        "architecture": [
            {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "padding": 1},
            {"layer": "relu"},
            {"layer": "max_pool2d", "kernel_size": 2},
            {"layer": "conv2d", "out_channels": 6, "kernel_size": 3, "padding": 1},
            {"layer": "relu"},
            {"layer": "max_pool2d", "kernel_size": 2},
            {"layer": "flatten"},
            {"layer": "linear", "out_features": 5},
        ],
        "input_shape": [1, 8, 8],
        "loss": "cross_entropy",
        "optimizer": {"name": "adam", "learning_rate": 0.01},
    },
    "normalised and global, with SGD": {
        "architecture": [
            {"layer": "conv2d", "out_channels": 6, "kernel_size": 3, "stride": 2, "bias": False},
            {"layer": "batch_norm2d"},
            {"layer": "tanh"},
            {"layer": "conv2d", "out_channels": 3, "kernel_size": 1, "groups": 3},
            {"layer": "global_avg_pool2d"},
        ],
        "input_shape": [2, 9, 7],
        "loss": "binary_cross_entropy",
        "optimizer": {"name": "sgd", "learning_rate": 0.5, "momentum": 0.9, "nesterov": True, "weight_decay": 1e-3},
        "clip_norm": 0.2,
    },
}


def run_batch(run: Options, outputs: int, step: int) -> tuple[Array, Array]:
    """The batch of a step, in float32."""
    x = numbers(31 + step % 3, 12, *run["input_shape"]).astype(np.float32) * 2
    y = truth(run["loss"], (12, outputs))
    return x, y if run["loss"] == "cross_entropy" else y.astype(np.float32)
