"""Small runs for the tests of fit() and of checkpoints: pictures of two kinds, and networks that learn them."""

from __future__ import annotations

import numpy as np

from cnn_engine.nn import Network, Trainer, fit

CONVOLUTIONAL = [
    {"layer": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1},
    {"layer": "relu"},
    {"layer": "max_pool2d", "kernel_size": 2},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 2},
]
DRAWING = [  # with everything that draws, and everything that remembers
    {"layer": "conv2d", "out_channels": 3, "kernel_size": 3, "bias": False},
    {"layer": "batch_norm2d"},
    {"layer": "relu"},
    {"layer": "flatten"},
    {"layer": "dropout", "p": 0.3},
    {"layer": "linear", "out_features": 2},
]


def blobs(count, seed=0):
    """Noise, brighter in the upper half for class 0 and in the lower for class 1: x (N, 1, 6, 6) and y (N,)."""
    random = np.random.default_rng(seed)
    x, y = random.standard_normal((count, 1, 6, 6)).astype(np.float32), random.integers(0, 2, count)
    x[y == 0, :, :3] += 0.7
    x[y == 1, :, 3:] += 0.7
    return x, y


def trainer_of(architecture=CONVOLUTIONAL, *, seed=0, dtype="float32", **options):
    """A new network and its trainer, both from one seed."""
    network = Network(architecture, input_shape=(1, 6, 6), seed=seed, dtype=dtype)
    return Trainer(network, **{"batch_size": 8, "seed": seed} | options)


def finish(trainer, train, **options):
    """All events of a run."""
    return list(fit(trainer, train, **options))


def numbers_of(trainer):
    """Every number that the run has made: parameters, buffers, the optimizer's state."""
    network = trainer.network
    return network.state() | {
        f"{vector}/{name}": array.copy()
        for vector, flat in trainer.optimizer.state.items()
        for name, array in network.store.by_name(flat).items()
    }


def assert_same_numbers(one, other):
    """Bit for bit."""
    ours, theirs = numbers_of(one), numbers_of(other)
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name, strict=True)
