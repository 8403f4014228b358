"""Networks and data sets at the limits: checked, started, and looked at."""

from __future__ import annotations

from functools import partial

from benchmarks.hostile.request import Body, Hostile

FLAT = [{"layer": "global_avg_pool2d"}, {"layer": "flatten"}, {"layer": "linear", "out_features": 8}]
DIGITS = [{"layer": "flatten"}, {"layer": "linear", "out_features": 10}]
LARGE = {"dataset": "shapes", "dataset_options": {"size": 128, "train": 64, "validation": 100, "test": 100}}


def pool(kind: str, size: int, channels: int = 0) -> list[Body]:
    """Return a pool whose windows overlap, of so many channels."""
    wide = [{"layer": "conv2d", "out_channels": channels, "kernel_size": 1}] if channels else []
    return [*wide, {"layer": kind, "kernel_size": size, "stride": 1, "padding": size // 2}]


NETWORKS: dict[str, Body] = {
    "three pools of 127 x 127": {**LARGE, "architecture": [*pool("max_pool2d", 127) * 3, *FLAT]},
    "a pool of 31 x 31": {**LARGE, "architecture": [*pool("max_pool2d", 31, 4), *FLAT]},
    "averages of 31 x 31": {**LARGE, "architecture": [*pool("avg_pool2d", 31, 8) * 3, *FLAT]},
    "pools of 3 x 3, 200 of them": {**LARGE, "architecture": [*pool("max_pool2d", 3) * 200, *FLAT]},
    "activations, 250 of them": {
        **LARGE,
        "architecture": [{"layer": "conv2d", "out_channels": 8, "kernel_size": 1}, *[{"layer": "tanh"}] * 250, *FLAT],
    },
    "batch normalisations": {
        **LARGE,
        "architecture": [
            {"layer": "conv2d", "out_channels": 16, "kernel_size": 1},
            *[{"layer": "batch_norm2d"}] * 100,
            *FLAT,
        ],
    },
    "a large convolution": {
        **LARGE,
        "architecture": [
            {"layer": "conv2d", "out_channels": 32, "kernel_size": 7, "padding": 3},
            {"layer": "conv2d", "out_channels": 32, "kernel_size": 7, "padding": 3},
            *FLAT,
        ],
    },
    "a grouped convolution": {
        **LARGE,
        "architecture": [
            {"layer": "conv2d", "out_channels": 64, "kernel_size": 3, "padding": 1},
            {"layer": "conv2d", "out_channels": 64, "kernel_size": 15, "padding": 7, "groups": 64},
            *FLAT,
        ],
    },
    "a kernel of 127 x 127": {
        **LARGE,
        "architecture": [{"layer": "conv2d", "out_channels": 1, "kernel_size": 127, "padding": 63}, *FLAT],
    },
    "padding of 1,000 cells": {
        **LARGE,
        "architecture": [{"layer": "conv2d", "out_channels": 1, "kernel_size": 3, "padding": 1000}, *FLAT],
    },
    "a million parameters": {
        "dataset": "digits",
        "architecture": [
            {"layer": "flatten"},
            {"layer": "linear", "out_features": 10_000},
            {"layer": "linear", "out_features": 10},
        ],
    },
    "wide maps": {
        "dataset": "digits",
        "architecture": [
            {"layer": "conv2d", "out_channels": 1500, "kernel_size": 1},
            {"layer": "relu"},
            {"layer": "conv2d", "out_channels": 1, "kernel_size": 1},
            *DIGITS,
        ],
    },
    "256 layers": {
        "dataset": "digits",
        "architecture": [*[{"layer": "conv2d", "out_channels": 8, "kernel_size": 3, "padding": 1}] * 254, *DIGITS],
    },
}
DATA: dict[str, Body] = {
    name: {"dataset": name, "architecture": "linear", "dataset_options": options}
    for name, options in {
        "shapes": {"size": 128, "train": 900, "validation": 38, "test": 38, "seed": 5},
        "shapes-colour": {"size": 128, "train": 300, "validation": 10, "test": 10, "seed": 5},
        "strokes": {"train": 19_000, "validation": 700, "test": 700, "seed": 5},
        "orientations": {"train": 60_000, "validation": 1000, "test": 1000, "seed": 5},
        "angles": {"train": 60_000, "validation": 1000, "test": 1000, "seed": 5},
    }.items()
}
SETTINGS: Body = {"optimizer": "sgd", "batch_size": 1, "epochs": 1}
CHECKS: dict[str, Hostile] = {}
for _name, _given in (NETWORKS | {f"data set {name}": given for name, given in DATA.items()}).items():
    CHECKS[f"check: {_name}"] = Hostile("/api/architectures/check", partial(dict, _given))
    CHECKS[f"untrained: {_name}"] = Hostile("/api/architectures/snapshot", partial(dict, _given))
    CHECKS[f"start: {_name}"] = Hostile("/api/runs", partial(dict, _given | SETTINGS))

GETS: dict[str, Hostile] = {
    "presets": Hostile("/api/presets", method="GET"),
    "openapi": Hostile("/openapi.json", method="GET"),
    "own runs": Hostile("/api/runs", method="GET"),
    **{
        f"samples of {name}": Hostile(f"/api/datasets/{name}/samples", method="GET")
        for name in ("shapes", "shapes-colour", "strokes", "clothes", "orientations", "angles", "digits")
    },
    "points: 200,000": Hostile("/api/runs/{long}/points", method="GET"),
    "points: thinned": Hostile("/api/runs/{long}/points?stride=10", method="GET"),
}

VIEWS = (
    "snapshot",
    "predictions?count=400",
    "evaluation?split=validation",
    "examples?split=validation&true=0&predicted=0&count=400",
)
