"""Batch normalisation of a model that has learned: each channel times a number, plus a number."""

from __future__ import annotations

import numpy as np

from cnn_engine.errors import ParameterError
from cnn_engine.models.model import Model
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d


def own_parameters(model: Model, layer: int) -> dict[str, Array]:
    """Return what a layer has learned, by its short names, in float64."""
    names = model.layers[layer].parameters()
    return {name: model.parameters[f"{layer}.{name}"].astype(np.float64) for name in names}


def scale_and_shift(model: Model, layer: int) -> tuple[Array, Array]:
    """Return what batch normalisation in evaluation multiplies each channel by, and what it adds.

    gamma / sqrt(var + eps), and beta - gamma mean / sqrt(var + eps) (Ioffe and Szegedy 2015, algorithm 2).

    Raises:
        ParameterError: the layer keeps no running statistics, so that its channels depend on the sample.
    """
    kind, kept = model.layers[layer], model.network.buffers()
    if not isinstance(kind, BatchNorm2d) or not kind.tracks:
        raise ParameterError("batch_norm_without_statistics", "layer", number=layer + 1)
    own = own_parameters(model, layer)
    mean, variance = kept[f"{layer}.running_mean"], kept[f"{layer}.running_var"]
    with np.errstate(all="ignore"):
        scale = own.get("weight", np.ones(kind.channels)) / np.sqrt(variance + kind.eps)
        return scale, own.get("bias", np.zeros(kind.channels)) - scale * mean
