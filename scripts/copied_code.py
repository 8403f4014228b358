"""The settings whose copied code is run and compared: every operation that a page has, every option of it.

Those of an operation that takes nothing but an input (and a gradient of its output) beside options follow from its
signature: its defaults, and each option once as it is not by default, where it is refused alone beside another one.
What needs more tensors than these, or more than one option to be of interest, is written out.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np

from cnn_engine.catalogue import BACKWARD, OPERATIONS, Operation
from cnn_engine.errors import ParameterError
from cnn_engine.nn import Network
from cnn_engine.parameters import Parameter


def values(*shape: int, seed: int) -> list[Any]:
    """Numbers from −4.5 to 9, whole and halves."""
    numbers = np.random.default_rng(seed).integers(-9, 10, shape) / 1.0
    numbers[numbers < 0] /= 2
    return numbers.tolist()  # type: ignore[no-any-return]


SMALL: dict[str, Any] = {"input": values(1, 5, 6, seed=1), "weight": values(1, 1, 3, 2, seed=2)}
STACKED: dict[str, Any] = {
    "input": values(1, 7, 8, seed=30),
    "weight": values(1, 1, 3, 3, seed=31),
    "second_weight": values(1, 1, 3, 2, seed=32),
}
DEEP: dict[str, Any] = {
    "input": values(4, 6, 5, seed=3),
    "weight": values(6, 4, 2, 3, seed=4),
    "bias": [1, -2, 0.5, 0, 3, -1],
}
GROUPED: dict[str, Any] = {**DEEP, "weight": values(6, 2, 2, 3, seed=5), "groups": 2}
BACK: dict[str, Any] = {"input": values(4, 3, 4, seed=6), "weight": values(4, 2, 3, 2, seed=7)}
MAPS: dict[str, Any] = {"input": values(3, 7, 6, seed=8)}
LINE: dict[str, Any] = {"input": [2, 1, -1, 0.5, -30]}
OPERANDS = ("weight", "input", "bias")

WRITTEN: list[tuple[str, dict[str, Any]]] = [
    ("conv2d", SMALL),
    ("conv2d", {**SMALL, "bias": [2.5], "stride": (2, 1)}),
    ("conv2d", {**SMALL, "padding": (1, 2)}),
    ("conv2d", {**SMALL, "padding": ((2, 0), (0, 1))}),
    ("conv2d", {**SMALL, "padding": "valid"}),
    ("conv2d", {**SMALL, "padding": "same", "stride": 2}),
    ("conv2d", {**SMALL, "padding": "same_lower"}),
    ("conv2d", {**SMALL, "padding": 2, "padding_mode": "reflect"}),
    ("conv2d", {**SMALL, "padding": ((1, 2), (3, 0)), "padding_mode": "replicate"}),
    ("conv2d", {**SMALL, "padding": 3, "padding_mode": "circular"}),
    ("conv2d", {**SMALL, "dilation": (2, 3)}),
    ("conv2d", {**SMALL, "dilation": 2, "stride": 2, "padding": "same", "padding_mode": "reflect"}),
    ("conv2d", DEEP),
    ("conv2d", {**DEEP, "stride": 2, "padding": 1}),
    ("conv2d", {**GROUPED, "padding": 1}),
    ("conv2d", {**GROUPED, "dilation": (1, 2), "stride": (2, 1), "padding": ((1, 0), (2, 2))}),
    ("conv2d", {"input": DEEP["input"], "weight": values(4, 1, 3, 3, seed=9), "groups": 4}),
    ("conv2d", {"input": DEEP["input"], "weight": values(2, 4, 1, 1, seed=10)}),
    ("conv_transpose2d", BACK),
    ("conv_transpose2d", {**BACK, "stride": (2, 3), "padding": (1, 0), "bias": [1, -1]}),
    ("conv_transpose2d", {**BACK, "stride": 2, "output_padding": 1}),
    ("conv_transpose2d", {**BACK, "stride": 4, "output_padding": (3, 2), "bias": [0.5, 2], "mode": "scatter"}),
    ("conv_transpose2d", {**BACK, "padding": ((1, 0), (0, 2)), "stride": 2, "bias": [1, 2]}),
    ("conv_transpose2d", {**BACK, "padding": ((2, 0), (0, 0)), "stride": 4, "output_padding": 3}),
    ("conv_transpose2d", {**BACK, "dilation": (2, 3), "padding": 1}),
    ("conv_transpose2d", {**BACK, "dilation": 2, "stride": 3, "output_padding": 1, "groups": 2, "bias": [1, 2, 3, 4]}),
    ("stacked_conv2d", STACKED),
    ("stacked_conv2d", {**STACKED, "padding": ((1, 0), (2, 1)), "stride": (2, 1), "second_stride": (1, 2)}),
    ("max_pool2d", {**MAPS, "kernel_size": (3, 2), "stride": (1, 2), "padding": 1}),
    ("max_pool2d", {**MAPS, "kernel_size": 2, "ceil_mode": True}),
    ("max_pool2d", {**MAPS, "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}),
    ("max_pool2d", {**MAPS, "kernel_size": 3, "padding": 2}),
    ("max_pool2d", {**MAPS, "kernel_size": 2, "padding": ((1, 0), (0, 1)), "ceil_mode": True}),
    ("max_pool2d", {**MAPS, "kernel_size": 2, "dilation": (2, 3), "stride": 1}),
    ("max_pool2d", {**MAPS, "kernel_size": 3, "dilation": 2, "padding": (3, 1), "stride": 2, "ceil_mode": True}),
    ("avg_pool2d", {**MAPS, "kernel_size": (3, 2), "stride": 2, "padding": 1}),
    ("avg_pool2d", {**MAPS, "kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False}),
    ("avg_pool2d", {**MAPS, "kernel_size": 4, "stride": 4, "padding": 1, "ceil_mode": True}),
    ("avg_pool2d", {**MAPS, "kernel_size": 4, "padding": 1, "ceil_mode": True, "count_include_pad": False}),
    ("avg_pool2d", {**MAPS, "kernel_size": 3, "padding": 2}),
    ("avg_pool2d", {**MAPS, "kernel_size": 2, "padding": ((1, 0), (0, 1)), "count_include_pad": False}),
    ("avg_pool2d", {**MAPS, "kernel_size": 3, "dilation": (1, 2), "stride": 1, "padding": (0, 2)}),
    (
        "avg_pool2d",
        {**MAPS, "kernel_size": 2, "dilation": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True},
    ),
    ("pad2d", {**MAPS, "padding": ((1, 2), (0, 3)), "value": -1.5}),
    ("pad2d", {**MAPS, "padding": 2, "mode": "reflect"}),
    ("pad2d", {**MAPS, "padding": (1, 3), "mode": "replicate"}),
    ("pad2d", {**MAPS, "padding": 2, "mode": "circular"}),
    ("linear", {**LINE, "weight": values(3, 5, seed=11), "bias": [1, 0, -2.5]}),
    ("linear", {**LINE, "weight": values(2, 5, seed=12)}),
    (
        "dense",
        {
            **LINE,
            "layers": [
                {"weight": values(4, 5, seed=13), "bias": [1, -1, 0, 2], "activation": "relu"},
                {"weight": values(3, 4, seed=14), "bias": [0, 1, -1], "activation": "none"},
            ],
        },
    ),
    (
        "dense",
        {
            **LINE,
            "layers": [
                {"weight": values(2, 5, seed=15), "activation": "sigmoid"},
                {"weight": values(2, 2, seed=16), "bias": [0, 1], "activation": "tanh"},
            ],
        },
    ),
    ("average_or_dense", {**MAPS, "weight": values(3, 3, 7, 6, seed=33)}),
    ("sigmoid", {"input": [-800, -1, 0, 30]}),
    ("softmax", {"input": [900, 899, 0]}),
    ("cross_entropy", {**LINE, "target": 2}),
    ("mse", {**LINE, "target": [1.5, 1, 0, 0, -29]}),
    ("binary_cross_entropy", {"input": [0.2, 0.9, 1, 0], "target": [0, 1, 1, 1]}),
    ("binary_cross_entropy_with_logits", {"input": [3, -60, 0.5], "target": [1, 1, 0]}),
]

ABOVE: dict[str, Any] = {**SMALL, "grad_output": values(1, 3, 5, seed=20)}
DEEP_ABOVE: dict[str, Any] = {**DEEP, "grad_output": values(6, 5, 3, seed=21)}
GROUPED_ABOVE: dict[str, Any] = {**GROUPED, "grad_output": values(6, 7, 5, seed=22), "padding": 1}
for given in (DEEP_ABOVE, GROUPED_ABOVE):
    del given["bias"]  # a gradient does not depend on it
BACK_ABOVE: dict[str, Any] = {**BACK, "grad_output": values(2, 5, 5, seed=23)}
LINE_ABOVE: dict[str, Any] = {**LINE, "weight": values(3, 5, seed=11), "grad_output": [1, 0.5, -2]}

WRITTEN += [
    *(("conv2d_backward", {**given, "wrt": wrt}) for given in (ABOVE, DEEP_ABOVE, GROUPED_ABOVE) for wrt in OPERANDS),
    *(
        ("conv2d_backward", {**ABOVE, "grad_output": values(1, 3, 3, seed=25), "wrt": wrt, **options})
        for options in (
            {"stride": 2, "padding": "same"},
            {"stride": (3, 2), "padding": ((2, 2), (0, 1)), "padding_mode": "reflect"},
            {"dilation": (1, 2), "stride": (1, 2), "padding": ((0, 0), (2, 0)), "padding_mode": "replicate"},
            {"dilation": (2, 3), "padding": ((2, 0), (0, 0)), "padding_mode": "circular"},
        )
        for wrt in ("weight", "input")
    ),
    *(("conv_transpose2d_backward", {**BACK_ABOVE, "wrt": wrt}) for wrt in OPERANDS),
    *(
        (
            "conv_transpose2d_backward",
            {**BACK, "grad_output": values(4, 9, 11, seed=26), "wrt": wrt, "groups": 2, "stride": (3, 2)}
            | {"padding": ((1, 0), (0, 1)), "output_padding": (1, 1), "dilation": (1, 4)},
        )
        for wrt in ("weight", "input")
    ),
    ("max_pool2d_backward", {**MAPS, "kernel_size": 2, "grad_output": values(3, 3, 3, seed=27)}),
    (
        "max_pool2d_backward",
        {**MAPS, "kernel_size": 3, "stride": 1, "padding": 1, "grad_output": values(3, 7, 6, seed=28)},
    ),
    (
        "max_pool2d_backward",
        {**MAPS, "kernel_size": 2, "dilation": 2, "padding": ((1, 0), (0, 1)), "ceil_mode": True}
        | {"grad_output": values(3, 4, 3, seed=29)},
    ),
    ("avg_pool2d_backward", {**MAPS, "kernel_size": 2, "grad_output": values(3, 3, 3, seed=30)}),
    (
        "avg_pool2d_backward",
        {**MAPS, "kernel_size": 3, "stride": 2, "padding": 1, "grad_output": values(3, 4, 3, seed=31)},
    ),
    (
        "avg_pool2d_backward",
        {**MAPS, "kernel_size": 4, "padding": 1, "ceil_mode": True, "count_include_pad": False}
        | {"grad_output": values(3, 2, 2, seed=32)},
    ),
    ("pad2d_backward", {**MAPS, "padding": ((1, 2), (0, 3)), "grad_output": values(3, 10, 9, seed=35)}),
    ("pad2d_backward", {**MAPS, "padding": 2, "mode": "reflect", "grad_output": values(3, 11, 10, seed=36)}),
    ("pad2d_backward", {**MAPS, "padding": (1, 3), "mode": "replicate", "grad_output": values(3, 9, 12, seed=37)}),
    ("pad2d_backward", {**MAPS, "padding": 2, "mode": "circular", "grad_output": values(3, 11, 10, seed=38)}),
    *(("linear_backward", {**LINE_ABOVE, "wrt": wrt}) for wrt in OPERANDS),
    ("softmax_cross_entropy_backward", {"logits": values(4, seed=40), "target": 2}),
    ("sigmoid_binary_cross_entropy_backward", {"logits": values(3, seed=41), "target": [1, 0, 0.25]}),
    ("mse_backward", {"prediction": values(3, seed=42), "target": values(3, seed=43)}),
]


# what is accepted, by its kind, in place of nothing or of what it is by default
DRAWN = {"size": 2, "scale": (2.3, 0.7), "padding": 1}
ARRAYS = {"tensor", "list"}


def _other(option: Parameter) -> Any:
    """Return what a parameter accepts beside what it is by default."""
    kind = option.accepts.kind
    if kind in DRAWN:
        return DRAWN[kind]
    match kind:
        case "flag":
            return not option.default
        case "word":
            return next(word for word in option.accepts.words or () if word != option.default)
        case "number":
            return (option.accepts.minimum or 0) + 1 if option.required else option.default + 0.5
        case "whole":
            return (option.default or 0) + 1
    raise TypeError(f"no value is known for {option.name}, of the kind {kind}")


def derived(row: Operation) -> Iterator[dict[str, Any]]:
    """Yield the settings that follow from the signature of an operation; none where more tensors are needed."""
    needed = [parameter for parameter in row.parameters if parameter.required]
    tensors = {parameter.name: parameter.accepts for parameter in needed if parameter.accepts.kind in ARRAYS}
    if not {"input"} <= set(tensors) <= {"input", "grad_output"}:
        return
    given = dict(MAPS if 3 in (tensors["input"].axes or ()) else LINE)
    given |= {parameter.name: _other(parameter) for parameter in needed if parameter.name not in tensors}
    yield given | _above(row, given)
    for changed in _changed(row, given):
        yield changed | _above(row, changed)


def _changed(row: Operation, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield these settings with each option once as it is not by default; beside another one where it is not alone."""
    others = [{option.name: _other(option)} for option in row.parameters if not option.required]
    for other in others:
        tried = (given | beside | other for beside in ({}, *others))
        yield from islice((settings for settings in tried if _taken(row, settings)), 1)


def _taken(row: Operation, given: dict[str, Any]) -> bool:
    """Return whether an operation takes these settings together."""
    try:
        OPERATIONS[row.name.removesuffix("_backward")].trace(**given)
    except ParameterError:
        return False
    return True


def _above(row: Operation, given: dict[str, Any]) -> dict[str, Any]:
    """Return the gradient of the output that a gradient is given."""
    if row.group != BACKWARD:
        return {}
    forward = OPERATIONS[row.name.removesuffix("_backward")].trace(**given)
    return {"grad_output": values(*forward.output_shape, seed=24)}


CASES = sorted(
    [*WRITTEN, *((name, given) for name, row in OPERATIONS.items() if row.programs for given in derived(row))],
    key=lambda case: list(OPERATIONS).index(case[0]),
)
MODELS: list[tuple[tuple[int, ...], list[Any]]] = [  # input shapes and architectures
    (
        (1, 28, 28),
        [
            {"layer": "conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1},
            "relu",
            {"layer": "max_pool2d", "kernel_size": 2},
            "batch_norm2d",
            {"layer": "dropout", "p": 0.25},
            "flatten",
            {"layer": "linear", "out_features": 10},
        ],
    ),
    (
        (2, 13, 12),
        [
            {"layer": "conv2d", "out_channels": 4, "kernel_size": [3, 2], "padding": "same", "groups": 2},
            {"layer": "leaky_relu", "negative_slope": 0.2},
            {"layer": "conv2d", "out_channels": 4, "kernel_size": 2, "padding": [[1, 0], [2, 1]], "stride": 2},
            {"layer": "conv2d", "out_channels": 3, "kernel_size": 3, "padding": 1, "padding_mode": "reflect"},
            {"layer": "avg_pool2d", "kernel_size": 2, "stride": 1, "padding": [[1, 0], [0, 1]]},
            {"layer": "avg_pool2d", "kernel_size": 2, "ceil_mode": True, "count_include_pad": False, "padding": 1},
            {"layer": "max_pool2d", "kernel_size": 2, "ceil_mode": True, "padding": 1},
            {"layer": "max_pool2d", "kernel_size": 2, "stride": 1, "padding": [[0, 1], [1, 0]]},
            "tanh",
            "global_avg_pool2d",
        ],
    ),
    (
        (3, 9, 9),
        [
            {"layer": "conv2d", "out_channels": 5, "kernel_size": 2, "padding": "same_lower", "bias": False},
            {
                "layer": "conv2d",
                "out_channels": 5,
                "kernel_size": 2,
                "padding": [[1, 2], [3, 0]],
                "padding_mode": "circular",
            },
            {
                "layer": "conv2d",
                "out_channels": 5,
                "kernel_size": 3,
                "padding": [[1, 2], [0, 0]],
                "padding_mode": "replicate",
            },
            {"layer": "conv2d", "out_channels": 4, "kernel_size": 2, "dilation": [2, 1], "stride": [1, 2]},
            "sigmoid",
            {"layer": "batch_norm2d", "eps": 0.01, "affine": False},
            {"layer": "max_pool2d", "kernel_size": [2, 1], "dilation": 2, "stride": 1},
            "global_max_pool2d",
        ],
    ),
    ((6,), [{"layer": "linear", "out_features": 4, "bias": False}, "relu", {"layer": "linear", "out_features": 3}]),
]


def _networks() -> Iterator[dict[str, Any]]:
    """Yield updates of networks: every layer that has parameters, every activation, loss and optimizer."""
    line = {"layer": "linear", "out_features": 3}
    around = {"layer": "conv2d", "out_channels": 2, "kernel_size": 3, "padding": 1}
    largest, average = ({"layer": f"{kind}_pool2d", "kernel_size": 2} for kind in ("max", "avg"))
    gaps = {**around, "dilation": 2, "padding": [[2, 1], [0, 2]], "padding_mode": "reflect", "bias": False}
    momentum, nesterov = (
        {"name": "sgd", "learning_rate": 0.1, "momentum": 0.9, "nesterov": on} for on in (False, True)
    )
    settings: list[tuple[list[Any], str, Any, Any, int]] = [
        ([around, "relu", largest, "flatten", line], "cross_entropy", 1, "sgd", 0),
        ([around, "leaky_relu", average, "flatten", line], "mse", [1, 0.5, -2], momentum, 3),
        ([gaps, "tanh", "flatten", line, "sigmoid", line], "binary_cross_entropy", [1, 0, 0.25], "adam", 2),
        (
            [{**around, "stride": 2, "out_channels": 3}, "hardtanh", "global_avg_pool2d"],
            "cross_entropy",
            0,
            "rmsprop",
            1,
        ),
        (
            [{**around, "out_channels": 3}, {**largest, "kernel_size": 3, "stride": 1}, "global_max_pool2d"],
            "cross_entropy",
            2,
            "adagrad",
            0,
        ),
        (["flatten", line], "cross_entropy", 0, {"name": "adamw", "weight_decay": 0.1}, 1),
        (["flatten", line], "mse", [0, 1, 2], nesterov, 1),
    ]
    for seed, (architecture, loss, target, optimizer, updates) in enumerate(settings):
        parameters = Network(architecture, input_shape=(1, 6, 6), seed=seed, dtype="float64").parameters()
        yield {
            "architecture": architecture,
            "parameters": {name: np.array(array) for name, array in parameters.items()},
            "input": values(1, 6, 6, seed=50 + seed),
            "target": target,
            "loss": loss,
            "optimizer": optimizer,
            "updates": updates,
        }


NETWORKS = list(_networks())
