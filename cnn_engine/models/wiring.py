"""Which maps feed which, and how strongly: by the weights alone, whatever is drawn."""

from __future__ import annotations

import numpy as np

from cnn_engine.models.model import Model, own_parameters
from cnn_engine.models.parts import maps_before
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.layers.dense import Flatten, Linear
from cnn_engine.relations.blocks import Blocks


def wiring(model: Model) -> list[Array | None]:
    """Return for each layer how strongly each of its maps is fed by each map of the layer before, (out, in).

    That is the length (Euclidean norm) of the kernel between the two. A row of features counts as one map. A dense
    layer behind maps in one row tells them apart: their strengths stand at the layer that flattens. None is a layer
    that makes each map of one map, that with the same number.
    """
    with np.errstate(all="ignore"):
        return [_fed(model, layer) for layer in range(len(model.layers))]


def strongest(strengths: Array) -> list[int | None]:
    """Return for each row of strengths (out, in) which map feeds it the most: of equal ones the first.

    None stands where nothing feeds it: all its strengths are 0, or no numbers.
    """
    known = np.nan_to_num(strengths, nan=0.0, posinf=np.inf)
    best = known.argmax(axis=1)
    return [int(at) if row[at] > 0 else None for row, at in zip(known, best, strict=True)]


def shares(strengths: Array) -> Array:
    """Return strengths (out, in) as shares of the largest finite one: 0 for what is no number, and at most 1."""
    finite = strengths[np.isfinite(strengths)]
    most = float(finite.max(initial=0.0)) or 1.0
    return np.clip(np.nan_to_num(strengths / most, nan=0.0, posinf=1.0), 0, 1)


def _fed(model: Model, layer: int) -> Array | None:
    kind = model.layers[layer]
    if isinstance(kind, Conv2d):
        return _ungrouped(_length(own_parameters(model, layer)["weight"], (2, 3)), kind.blocks())
    if isinstance(kind, Linear):
        return _length(own_parameters(model, layer)["weight"], (0, 1)).reshape(1, 1)
    if isinstance(kind, Flatten) and len(kind.input_shape) == 3:
        return _flattened(model, layer)
    return None


def _length(weights: Array, axes: tuple[int, ...]) -> Array:
    return np.asarray(np.sqrt(np.square(weights).sum(axis=axes)))


def _ungrouped(norms: Array, blocks: Blocks) -> Array:
    """Return (out, in of the group) as (out, in): 0 between groups."""
    whole = np.zeros((len(norms), blocks.size("in")))
    np.put_along_axis(whole, blocks.read(np.arange(len(norms))), norms, axis=1)
    return whole


def _flattened(model: Model, layer: int) -> Array:
    """Return the strengths by the weights of the dense layer that reads the maps next; all alike where none does."""
    shape = model.layers[layer].input_shape
    for after in range(layer + 1, len(model.layers)):
        if isinstance(model.layers[after], Linear):
            if maps_before(model, after) != shape:
                break
            weight = own_parameters(model, after)["weight"].reshape(-1, *shape)
            return _length(weight, (0, 2, 3))[None]
    return np.ones((1, shape[0]))
