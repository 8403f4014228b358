"""Architectures by name: small networks that are enough to see what there is to see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cnn_engine.data.datasets import DATASETS
from cnn_engine.geometry import check_word

Layers = list[dict[str, Any]]
CLASSES = "classes"  # stands for as many outputs as the data set has


@dataclass(frozen=True)
class Architecture:
    """Layers under a name; `tasks` says what they are for."""

    name: str
    title: str
    layers: Layers
    tasks: tuple[str, ...] = ("classification", "regression")

    def for_outputs(self, outputs: int) -> Layers:
        """Return the layers, the last one with this many outputs."""
        return [{key: outputs if value == CLASSES else value for key, value in layer.items()} for layer in self.layers]

    @property
    def datasets(self) -> list[str]:
        """The data sets that it is for."""
        return [preset.name for preset in DATASETS.values() if preset.task in self.tasks]


def _conv(channels: int, *before_relu: dict[str, Any]) -> Layers:
    convolution = {"layer": "conv2d", "out_channels": channels, "kernel_size": 3, "padding": 1}
    return [convolution, *before_relu, {"layer": "relu"}]


NORM = {"layer": "batch_norm2d"}
POOL: Layers = [{"layer": "max_pool2d", "kernel_size": 2}]
FLATTEN: Layers = [{"layer": "flatten"}]
OUT: Layers = [{"layer": "linear", "out_features": CLASSES}]


def _dense(features: int) -> Layers:
    return [{"layer": "linear", "out_features": features}, {"layer": "relu"}]


_ARCHITECTURES = [
    Architecture("small-cnn", "Small CNN: two convolutions", [*_conv(8), *POOL, *_conv(16), *POOL, *FLATTEN, *OUT]),
    Architecture("tiny-cnn", "Tiny CNN: one convolution", [*_conv(4), *POOL, *FLATTEN, *OUT]),
    Architecture("dense", "Dense: no convolution", [*FLATTEN, *_dense(32), *OUT]),
    Architecture("linear", "Linear: one layer", [*FLATTEN, *OUT]),
    Architecture(
        "dropout-cnn",
        "CNN with dropout",
        [*_conv(8), *POOL, *_conv(16), *POOL, *FLATTEN, *_dense(64), {"layer": "dropout", "p": 0.5}, *OUT],
    ),
    Architecture(
        "batch-norm-cnn",
        "CNN with batch normalisation",
        [*_conv(8, NORM), *POOL, *_conv(16, NORM), *POOL, *FLATTEN, *OUT],
    ),
    Architecture("large-dense", "Large dense: learns by heart", [*FLATTEN, *_dense(256), *_dense(128), *OUT]),
]
ARCHITECTURES = {architecture.name: architecture for architecture in _ARCHITECTURES}


def architecture_layers(name: str, outputs: int) -> Layers:
    """Return the layers of an architecture by name, for this many outputs.

    Raises:
        ParameterError: a name that is not known.
    """
    check_word(name, "architecture", tuple(ARCHITECTURES))
    return ARCHITECTURES[name].for_outputs(outputs)
