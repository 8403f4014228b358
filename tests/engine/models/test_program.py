"""A model as a PyTorch program: what it says. That it gives the same logits is tried by scripts/run_copied_code.py."""

from __future__ import annotations

import io

import numpy as np

from cnn_engine.models import Model, to_torch
from tests.engine.models.cases import PAPER, any_model

EVERY = [
    {
        "layer": "conv2d",
        "out_channels": 4,
        "kernel_size": [3, 2],
        "stride": 2,
        "padding": [[1, 1], [0, 1]],
        "groups": 2,
    },
    {"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1, "padding_mode": "reflect", "bias": False},
    {"layer": "batch_norm2d", "eps": 0.001},
    {"layer": "leaky_relu", "negative_slope": 0.2},
    {"layer": "max_pool2d", "kernel_size": 2, "stride": 1},
    {"layer": "max_pool2d", "kernel_size": 2, "ceil_mode": True},
    {"layer": "max_pool2d", "kernel_size": 2, "padding": [[1, 0], [0, 0]], "stride": 1},
    {"layer": "avg_pool2d", "kernel_size": 2, "stride": 1, "count_include_pad": False},
    {"layer": "avg_pool2d", "kernel_size": 2, "stride": 1, "padding": [[1, 0], [1, 1]], "count_include_pad": False},
    {"layer": "dropout", "p": 0.25},
    "sigmoid",
    "tanh",
    "global_avg_pool2d",
]


def lines(model):
    text = to_torch(model)["model.py"].decode()
    compile(text, "model.py", "exec")
    return [
        line.strip().rstrip(",") for line in text.splitlines() if line.startswith(("        nn.", "        Padded"))
    ]


def test_layers_are_pytorchs_with_what_is_not_its_default():
    assert lines(PAPER) == [
        "nn.Conv2d(1, 2, 1)",
        "nn.ReLU()",
        "nn.AdaptiveMaxPool2d(1)",
        "nn.Flatten()",
        "nn.Linear(2, 2)",
    ]
    model, _ = any_model(EVERY, (2, 12, 12), 0)
    assert lines(model) == [
        "PaddedConv2d(2, 4, (3, 2), stride=2, groups=2, around=(0, 1, 1, 1), mode='constant')",
        "nn.Conv2d(4, 2, 3, padding=1, bias=False, padding_mode='reflect')",
        "nn.BatchNorm2d(2, eps=0.001)",
        "nn.LeakyReLU(0.2)",
        "nn.MaxPool2d(2, 1)",
        "PaddedMaxPool2d(2, around=(0, 1, 0, 1))",
        "PaddedMaxPool2d(2, 1, around=(0, 0, 1, 0))",
        "nn.AvgPool2d(2, 1, count_include_pad=False)",
        "PaddedAvgPool2d(2, 1, around=(1, 1, 1, 0), rows=[1.0, 2.0], cols=[1.0, 1.0])",
        "nn.Dropout(0.25)",
        "nn.Sigmoid()",
        "nn.Tanh()",
        "nn.AdaptiveAvgPool2d(1)",
        "nn.Flatten()",
    ]


def test_an_average_is_not_divided_by_what_a_window_reaches_beyond_the_padding():
    sizes = {"layer": "avg_pool2d", "kernel_size": 3, "stride": 2, "ceil_mode": True}
    pools = [sizes | {"padding": [[1, 0], [1, 0]], "count_include_pad": counted} for counted in (True, False)]
    written = [lines(any_model([pool], (1, 5, 5), 0)[0])[0] for pool in pools]
    assert written == [  # windows begin at -1, 1 and 3 of 5 rows: the last has two of them and nothing that is padding
        "PaddedAvgPool2d(3, 2, around=(1, 1, 1, 1), rows=[3.0, 3.0, 2.0], cols=[3.0, 3.0, 2.0])",
        "nn.AvgPool2d(3, 2, padding=1, count_include_pad=False)",
    ]


def test_weights_lie_beside_it_in_float32_by_pytorchs_names():
    files = to_torch(PAPER)
    assert list(files) == ["model.py", "weights.npz"]
    with np.load(io.BytesIO(files["weights.npz"]), allow_pickle=False) as arrays:
        assert {name: (a.dtype.name, a.tolist()) for name, a in arrays.items()} == {
            name: ("float32", array.tolist()) for name, array in PAPER.parameters.items()
        }


def test_a_name_is_text_in_the_program_and_nothing_else():
    name = '"""\nimport os\nos.abort()\n# {x} é'
    model = Model(PAPER.architecture, PAPER.parameters, PAPER.input_shape, [name, "b"], name=name)
    space = {}
    text = to_torch(model)["model.py"].decode()
    kept = "\n".join(line for line in text.splitlines() if line.startswith(("NAME", "CLASSES")))
    exec(kept, space)
    assert (space["NAME"], space["CLASSES"]) == (name, [name, "b"])
    assert "\nimport os" not in text
