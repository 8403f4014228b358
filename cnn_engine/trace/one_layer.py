"""Dense layers as one: W₂(W₁x + b₁) + b₂ = (W₂W₁)x + (W₂b₁ + b₂), as long as nothing bends the values between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.trace.base import Array, Source

MOST = 32  # the largest width of a layer with which a person still compares


def one_layer(
    layers: Sequence[tuple[Array, Array]], x: Array, activation: Callable[[ArrayLike], Array], output: Array
) -> dict[str, Source]:
    """Return the one layer that does what these layers (weight, bias) do without the activations between them.

    The last activation stays. Tensors: `one.weight` (out, in), `one.bias` (out,), `one.output`, what it gives for x,
    and `one.differs`, 1 where that is not the output of the layers and 0 where it is, but for rounding. None of a
    layer alone, and of layers wider than 32.
    """
    if len(layers) < 2 or max(x.size, *(len(weight) for weight, _ in layers)) > MOST:
        return {}
    weight, bias = layers[0]
    for w, b in layers[1:]:
        weight, bias = w @ weight, w @ bias + b
    alone = activation(weight @ x + bias)
    same = np.isclose(alone, output, rtol=1e-9, atol=1e-9)
    return {"one.weight": weight, "one.bias": bias, "one.output": alone, "one.differs": (~same).astype(np.intp)}
