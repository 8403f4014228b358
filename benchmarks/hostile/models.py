"""Models at the limits, and what they are asked: each of these takes a model that was kept before."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from flask_openapi3.openapi import OpenAPI

from benchmarks.hostile.request import Body, Hostile, body_of, floats, of
from cnn_engine.models import Model
from cnn_engine.models.model import parameter_shapes
from cnn_engine.nn.layers import make_layers

PREPARE = dict.fromkeys(("grey", "even", "crop", "deskew", "scale", "thicken", "centre"), True)
STROKES = {"name": "strokes", "train": 100, "validation": 40, "test": 40, "size": 128}


def conv(channels: int, size: int = 1, groups: int = 1) -> Body:
    """Return a convolution that keeps the size of its maps, where its own is odd."""
    return {"layer": "conv2d", "out_channels": channels, "kernel_size": size, "padding": size // 2, "groups": groups}


def dense(*features: int) -> list[Any]:
    """Dense layers, behind a row of features."""
    return [{"layer": "linear", "out_features": outputs} for outputs in features]


LARGE: dict[str, tuple[list[Any], tuple[int, ...], Body]] = {
    "pairs": ([conv(1000), "flatten", *dense(2)], (1000, 1, 1), {}),
    "fewer-pairs": ([conv(800), "flatten", *dense(2)], (1000, 1, 1), {}),
    "groups": ([conv(20_000, groups=20_000), "flatten", *dense(2)], (20_000, 1, 1), {}),
    "numbers": (dense(1200, 2), (1500,), {}),
    "fewer-numbers": (dense(850, 2), (1500,), {}),
    "maps": ([conv(12, 3), "relu", conv(12, 3), "global_avg_pool2d", "flatten", *dense(2)], (3, 80, 80), {}),
    "larger-maps": ([conv(12, 3), "relu", conv(12, 3), "global_avg_pool2d", "flatten", *dense(2)], (3, 96, 96), {}),
    "strokes": ([conv(4), "global_avg_pool2d", "flatten", *dense(10)], (1, 128, 128), {"dataset": STROKES}),
    "prepared": (
        ["global_avg_pool2d", "flatten", *dense(10)],
        (1, 128, 128),
        {"dataset": STROKES, "prepare": PREPARE},
    ),
}


def _question(model: str, what: str, **body: Any) -> Hostile:
    """Return a question of a model; an input where it takes one."""
    if what not in {"wiring", "exciting", "favourite"} and "input" not in body:
        body["input"] = of(*LARGE[model][1])
    return Hostile(f"/api/models/hostile-{model}/{what}", body_of(**body))


MODELS: dict[str, Hostile] = {
    "model: wiring of a million pairs": _question("pairs", "wiring"),
    "model: wiring of 800,000 pairs": _question("fewer-pairs", "wiring"),
    "model: wiring of 20,000 groups": _question("groups", "wiring"),
    "model: parts of a map of a thousand": _question("pairs", "parts", layer=0, channel=0),
    "model: parts of a large map": _question("maps", "parts", layer=2, channel=0),
    "model: how far a cell reaches": _question("maps", "reach", layer=2, index=[0, 40, 40]),
    "model: the smallest change of too many numbers": _question("numbers", "smallest-change"),
    "model: the smallest change": _question("fewer-numbers", "smallest-change"),
    "model: the smallest change of too large a map": _question("larger-maps", "smallest-change"),
    "model: the smallest change of a large map": _question("maps", "smallest-change"),
    "model: exciting pictures": _question("strokes", "exciting", layer=0, channel=0, count=50),
    "model: exciting pictures, prepared": _question("prepared", "exciting", layer=0, channel=0, count=50),
    "model: nearest pictures": _question("strokes", "nearest", layer=0, count=50),
    "model: nearest to a sample, prepared": _question("prepared", "nearest", layer=0, count=50, input={"sample": 0}),
    "model: a favourite": _question("strokes", "favourite", layer=0, channel=0, steps=60),
    "model: a favourite of few steps": _question("maps", "favourite", layer=2, channel=0, steps=8),
    "model: certainty": Hostile("/api/models/hostile-prepared/certainty", method="GET"),
    "model: a scrambled reason": _question("numbers", "why", method="gradient", scramble=1),
    "model: a cell of a scrambled reason": _question("numbers", "why-cell", method="gradient", cell=[0], scramble=1),
}


def keep(app: OpenAPI) -> None:
    """Keep the models there."""
    for name, (layers, shape, about) in LARGE.items():
        made = make_layers(layers, shape)
        drawn = {key: 0.1 * floats(*shapes) for key, shapes in parameter_shapes(made).items()}
        numbers = {key: values.astype(np.float16) for key, values in drawn.items()}
        classes = [str(one) for one in range(math.prod(made[-1].output_shape))]
        app.extensions["models"].add(f"hostile-{name}", Model(layers, numbers, shape, classes, **about), "nobody")
