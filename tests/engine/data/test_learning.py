"""What the edges are for: filters that begin as noise and become edge detectors."""

from __future__ import annotations

import numpy as np

from cnn_engine.data import load_dataset
from cnn_engine.nn import Network, Trainer, evaluate, fit

ONE_LAYER = [
    {"layer": "conv2d", "out_channels": 8, "kernel_size": 5},
    {"layer": "relu"},
    {"layer": "global_avg_pool2d"},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 8},
]


def slantedness(kernels):
    """How much of each kernel's variation is a slope in one direction, 0 to 1: R² of the best plane through it."""
    rows, cols = (axis.ravel() - 2.0 for axis in np.indices((5, 5)))
    plane = np.stack([np.ones(25), rows, cols], axis=1)
    values = kernels.reshape(-1, 25).astype(np.float64)
    left = values.T - plane @ np.linalg.lstsq(plane, values.T, rcond=None)[0]
    return 1 - (left**2).sum(axis=0) / ((values - values.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)


def test_the_filters_of_one_layer_become_edge_detectors():
    edges = load_dataset("orientations")
    network = Network(ONE_LAYER, input_shape=edges.input_shape, seed=3)
    before = slantedness(network.parameters()["0.weight"])
    trainer = Trainer(network, optimizer={"name": "adam", "learning_rate": 0.02})
    for _ in fit(trainer, edges.train, epochs=12):
        pass
    after = slantedness(network.parameters()["0.weight"])
    assert evaluate(trainer, *edges.test).accuracy > 0.9
    assert np.median(before) < 0.25
    assert np.median(after) > 0.6
