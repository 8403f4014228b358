"""What a network's layers are, counted by hand."""

from __future__ import annotations

from cnn_engine.data.architectures import ARCHITECTURES, architecture_layers
from cnn_engine.data.datasets import DATASETS
from cnn_engine.nn import Network
from cnn_engine.nn.summary import layer_rows, possible_layers

LAYERS = [
    {"layer": "conv2d", "out_channels": 4, "kernel_size": 3, "groups": 2},
    {"layer": "relu"},
    {"layer": "flatten"},
    {"layer": "linear", "out_features": 5, "bias": False},
]


def test_shapes_parameters_and_multiplications():
    rows = layer_rows(Network(LAYERS, input_shape=(2, 6, 5)).layers)
    assert [row["output_shape"] for row in rows] == [[4, 4, 3], [4, 4, 3], [48], [5]]
    assert [row["parameters"] for row in rows] == [4 * 1 * 9 + 4, 0, 0, 48 * 5]
    assert [row["multiplications"] for row in rows] == [4 * 4 * 3 * 9, 0, 0, 48 * 5]
    assert rows[3]["input_shape"] == [48]


def test_which_maps_each_map_is_made_of():
    """With two groups of one channel each; ReLU keeps maps apart, and 12 places of the row come from one map."""
    rows = layer_rows(Network(LAYERS, input_shape=(2, 6, 5)).layers)
    assert rows[0]["reads"] == [[0, 0], [0, 0], [1, 1], [1, 1]]
    assert rows[1]["reads"] == [[0, 0], [1, 1], [2, 2], [3, 3]]
    assert rows[2]["reads"][:14] == [[0, 0]] * 12 + [[1, 1]] * 2
    assert len(rows[2]["reads"]) == 32
    assert rows[3]["reads"] == [[0, 47]] * 5


def test_the_layers_before_the_impossible_one_and_why():
    layers, error = possible_layers([*LAYERS[:2], {"layer": "max_pool2d", "kernel_size": 5}, *LAYERS[2:]], (2, 6, 5))
    assert [layer.kind for layer in layers] == ["conv2d", "relu"]
    assert error is not None
    assert error.field == "architecture.2.kernel_size"
    assert possible_layers(LAYERS, (2, 6, 5))[1] is None


def test_every_architecture_fits_the_data_sets_that_it_is_for():
    assert ARCHITECTURES
    for architecture in ARCHITECTURES.values():
        assert architecture.datasets
        for name in architecture.datasets:
            dataset = DATASETS[name]
            outputs = len(dataset.classes or dataset.targets)
            network = Network(architecture_layers(architecture.name, outputs), input_shape=dataset.input_shape)
            assert network.output_shape == (outputs,)
