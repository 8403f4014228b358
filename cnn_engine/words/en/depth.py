"""What becomes of values and gradients in a deep stack of layers. Layers are counted from 1."""

from __future__ import annotations

import math

from cnn_engine.wording import number, superscript

LARGEST = 1e6  # of what is counted in full
CURVES = {"sigmoid": "the sigmoid", "tanh": "tanh"}
TEXTS = {
    "step": "{finding} {change}",
    "underflow": (
        "The gradient of layer 1 is 0: on the way back it became smaller than any number that float32 can hold. "
        "This layer does not learn."
    ),
}


def _times(ratio: float) -> str:
    """Return 'about 10,000 times', 'about 3.2 × 10⁸ times'."""
    if not math.isfinite(ratio):
        return "infinitely many times"
    rounded = float(f"{ratio:.2g}")
    if rounded < LARGEST:
        return f"about {rounded:,.0f} times" if rounded >= 10 else f"about {rounded:g} times"
    mantissa, exponent = f"{ratio:.1e}".split("e")
    power = superscript("10", int(exponent))
    return f"about {power} times" if mantissa == "1.0" else f"about {mantissa.removesuffix('.0')} × {power} times"


def change(loss: float, new_loss: float) -> str:
    """Say what becomes of the loss."""
    if not math.isfinite(loss):
        return "The loss is no finite number, and nothing is learned any more."
    if not math.isfinite(new_loss):
        return f"The loss is {number(loss)}, and after the update it is no finite number."
    if number(loss) == number(new_loss):
        return f"The loss hardly moves: it is {number(loss)}."
    verb = "falls" if new_loss < loss else "rises"
    return f"The loss {verb} from {number(loss)} to {number(new_loss)}."


def vanishes(layers: int, ratio: float) -> str:
    """Say that the first layer's gradient is far smaller than the last one's."""
    return f"The gradient of layer 1 is {_times(ratio)} smaller than that of layer {layers}: it hardly learns."


def explodes(layers: int, ratio: float) -> str:
    """Say that the first layer's gradient is far larger than the last one's."""
    return (
        f"The gradient of layer 1 is {_times(ratio)} larger than that of layer {layers}: "
        "no learning rate suits them both."
    )


def fades(layer: int, ratio: float) -> str:
    """Say that values shrink on their way."""
    return (
        f"On their way from layer 1 to layer {layer + 1} the values become {_times(ratio)} smaller: "
        "hardly anything of the digits arrives, and all gradients are tiny."
    )


def grows(layer: int, ratio: float) -> str:
    """Say that values grow on their way."""
    return f"On their way from layer 1 to layer {layer + 1} the values become {_times(ratio)} larger."


def flat(layer: int, share: float, activation: str) -> str:
    """Say that a layer is saturated."""
    return (
        f"Layer {layer + 1} is saturated: {_percent(share)} of its values lie where {CURVES[activation]} is all but "
        "flat, and hardly any gradient comes back through them."
    )


def dead(layer: int, share: float) -> str:
    """Say that many ReLUs of a layer are silent."""
    return f"In layer {layer + 1}, {_percent(share)} of the ReLUs give 0 for every digit: their gates stay closed."


def silent(layer: int, layers: int) -> str:
    """Say that all ReLUs of a layer are silent."""
    whom = "it no longer learns" if layer == 0 else "neither it nor a layer before it learns"
    return (
        f"Layer {layer + 1} gives 0 for every digit: all of its gates are closed, no gradient comes back through them, "
        f"and {whom}."
    )


def zero(layer: int, layers: int) -> str:
    """Say that all values of a layer are 0."""
    return f"Layer {layer + 1} gives 0 for every digit, so the answers are the same for all of them."


def zero_weights(layer: int) -> str:
    """Say that all weights of a layer are 0."""
    return (
        f"All weights of layer {layer + 1} are 0. A gradient is multiplied by the weights on its way back: "
        "nothing of it gets any further, and the layers before do not learn."
    )


def steady(layers: int, ratio: float) -> str:
    """Say that all gradients are of about the same size."""
    return (
        f"The gradients of all {layers} layers are of the same order: the largest is {_times(ratio)} the "
        "smallest. All of them learn."
    )


def infinite_values(layer: int, layers: int) -> str:
    """Say that a layer gives what float32 cannot hold."""
    return f"In layer {layer + 1} the values grew beyond 3.4 × 10³⁸, where float32 ends: they are infinite."


def infinite_gradients(layer: int, layers: int) -> str:
    """Say that the gradients by a layer's weights are too large."""
    return f"In layer {layer + 1} the gradients grew beyond 3.4 × 10³⁸, where float32 ends: they are infinite."


def nan_values(layer: int, layers: int) -> str:
    """Say that a layer gives what is no number."""
    begun = "Every value is NaN" if layer == 0 else f"From layer {layer + 1} on every value is NaN"
    return f"{begun}, which is not a number: somewhere before, infinity was taken from infinity or multiplied by 0."


def nan_gradients(layer: int, layers: int) -> str:
    """Say that the gradients by a layer's weights are no numbers."""
    return (
        f"The gradient of layer {layer + 1} is NaN, which is not a number. It spreads to every layer before, and with "
        "the update to their weights."
    )


def _percent(share: float) -> str:
    return f"{math.floor(100 * share + 0.5)} %"  # a half is rounded up, as beside the bars
