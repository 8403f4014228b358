"""Models for tests: one that is small enough for paper, and any network with numbers drawn for all it keeps."""

from __future__ import annotations

import numpy as np

from cnn_engine.models import Model
from cnn_engine.nn import Network

# One channel of 2 x 2, two filters of 1 x 1, ReLU, the largest of all four cells, a dense layer.
#   input  1 -2     filter 0: 2 x + 1 ->  3 -3   ReLU ->  3 0   largest 7
#          3  0                           7  1            7 1
#                   filter 1: -x     -> -1  2   ReLU ->  0 2   largest 2
#                                       -3  0            0 0
#   logits: 1 · 7 + 2 · 2 + 5 = 16, and -1 · 7 + 0.5 · 2 - 1 = -7
PAPER_INPUT = [[[1.0, -2.0], [3.0, 0.0]]]
PAPER = Model(
    [
        {"layer": "conv2d", "out_channels": 2, "kernel_size": 1},
        "relu",
        "global_max_pool2d",
        "flatten",
        {"layer": "linear", "out_features": 2},
    ],
    {
        "0.weight": np.array([[[[2.0]]], [[[-1.0]]]]),
        "0.bias": np.array([1.0, 0.0]),
        "4.weight": np.array([[1.0, 2.0], [-1.0, 0.5]]),
        "4.bias": np.array([5.0, -1.0]),
    },
    (1, 2, 2),
    ["yes", "no"],
    name="on paper",
    source="made up",
    accuracy=0.5,
    prepare={"grey": True, "crop": False},
    dataset={"name": "digits"},
)


def any_model(architecture, input_shape, seed):
    """A model whose every number is drawn, biases and running statistics too, and a sample for it."""
    network = Network(architecture, input_shape=input_shape, seed=seed, dtype="float64")
    random = np.random.default_rng(seed)
    numbers = {}
    for name, array in network.state().items():
        if name.endswith("running_var"):
            numbers[name] = random.uniform(0.5, 2, array.shape)
        elif name.endswith("weight"):
            numbers[name] = array + 0.1 * random.standard_normal(array.shape)
        elif name.endswith("num_batches_tracked"):
            numbers[name] = array
        else:
            numbers[name] = random.standard_normal(array.shape)
    classes = [f"class {index}" for index in range(int(np.prod(network.output_shape)))]
    return Model(architecture, numbers, input_shape, classes), random.standard_normal(input_shape)


def rest_of(model, layer):
    """The layers after one as a model of its own."""
    names = {}
    for name, array in model.parameters.items():
        index, _, short = name.partition(".")
        if int(index) > layer:
            names[f"{int(index) - layer - 1}.{short}"] = array
    shape = model.layers[layer].output_shape
    return Model(list(model.architecture)[layer + 1 :], names, shape, model.classes)
