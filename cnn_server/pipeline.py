"""The picture on the start page: a small input on its way through a network, in numbers that the engine computed."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine import conv2d, flatten, max_pool2d, relu
from cnn_engine.data.presets import input_values, kernel_values

SIZE = (16, 16)
KERNELS = ("vertical-edge", "horizontal-edge")

STAGES = (
    ("input", "Input", "A picture is a grid of numbers.", "/operations/convolution"),
    ("convolution", "Convolution", "Small kernels look for edges, everywhere.", "/operations/convolution"),
    ("activation", "Activation", "What is negative becomes 0.", "/operations/activation"),
    ("pooling", "Pooling", "Of each small window, the strongest stays.", "/operations/pooling"),
    ("flatten", "Flatten", "The maps become one line of numbers.", "/operations/flatten"),
    ("dense", "Dense", "Every number is weighed for every answer.", "/operations/dense"),
    ("output", "Output", "One probability for each answer.", "/operations/output"),
)


@cache
def stages() -> list[dict[str, Any]]:
    """Return each stage with its planes (each a list of rows); the last two have none."""
    planes = _planes()
    return [
        {"name": name, "title": title, "sentence": sentence, "path": path, "planes": planes.get(name, [])}
        for name, title, sentence, path in STAGES
    ]


def _planes() -> dict[str, list[list[list[float]]]]:
    picture = input_values("digit", SIZE)
    kernels = np.stack([kernel_values(name) for name in KERNELS])[:, None]
    maps = conv2d(picture, kernels)
    active = relu(maps)
    pooled = max_pool2d(active, 2)
    vector = flatten(pooled[None])
    shown: dict[str, NDArray[Any]] = {
        "input": picture,
        "convolution": maps,
        "activation": active,
        "pooling": pooled,
        "flatten": vector[None],
    }
    return {name: array.tolist() for name, array in shown.items()}
