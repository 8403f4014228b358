"""What everything takes, in one table of nanoseconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """What one of each of these takes, in nanoseconds of one core: measured, and rounded up.

    Attributes:
        call: an operation on whole arrays, however small they are.
        met: a value that an output reads, whichever weights it meets.
        product: a value times a weight.
        value: a value of the padded input or of the output.
        backward: how many times as much as the pass forward the pass backward takes.
    """

    call: float = 0
    met: float = 0
    product: float = 0
    value: float = 0
    backward: float = 2


STEPPED = "stepped "  # begins the name of an operation whose sums are added in the order that a trace shows
COSTS = {
    # Layers, in float32: a batch at once, convolutions as matrix products
    "conv2d": Cost(call=6000, met=1.5, product=0.07, value=2),
    "linear": Cost(call=6000, product=0.1, value=2),
    "max_pool2d": Cost(call=6000, met=1.5, value=2, backward=4),
    "avg_pool2d": Cost(call=6000, met=1.5, value=2),
    "global_max_pool2d": Cost(call=6000, value=4),
    "global_avg_pool2d": Cost(call=6000, value=2),
    "flatten": Cost(call=6000, value=1),
    "relu": Cost(call=6000, value=1),
    "leaky_relu": Cost(call=6000, value=2),
    "activation": Cost(call=6000, value=2.5),  # each of the others, at most
    "dropout": Cost(call=6000, value=4),
    "batch_norm2d": Cost(call=6000, value=4),
    # Whole outputs of traces, in float64
    f"{STEPPED}conv2d": Cost(call=5000, product=3, value=5),
    f"{STEPPED}gather": Cost(product=45, value=100),
    f"{STEPPED}scatter": Cost(call=100_000, product=50, value=5),
    f"{STEPPED}linear": Cost(call=3000, product=3, value=5),
    f"{STEPPED}pool2d": Cost(call=4000, met=3, value=5),
    f"{STEPPED}value": Cost(value=20),
    f"{STEPPED}backward": Cost(met=6, product=200, value=100),
    "trace": Cost(call=500_000),  # one of those that a network's timeline is made of, however small
    "paths": Cost(call=250_000, product=100),  # of the chain rule: those that are compared, layer by layer
    "hidden trace": Cost(call=250_000),  # one of those of an update of which nothing is shown
    "phases": Cost(value=60_000),  # of a loss, for each output of a network: three times in such a timeline
    "measured layer": Cost(call=60_000),  # the sizes of all that is in one layer of a stack that learns
    # Pictures of data sets
    "drawn digits": Cost(value=20),
    "drawn shapes": Cost(value=150),
    "drawn shapes-colour": Cost(value=80),
    "drawn strokes": Cost(value=600),
    "drawn clothes": Cost(value=20),
    "drawn orientations": Cost(value=70),
    "drawn angles": Cost(value=70),
    "prepared": Cost(call=1_500_000, value=900),  # a picture, by its values as it is given and as a network receives it
    # An answer
    "pixel": Cost(call=40_000, value=150),  # a window that is explained, and each of its values
    "written": Cost(value=200),  # a number as JSON, compressed
}


def work(kind: str, *, calls: int = 0, met: int = 0, products: int = 0, values: int = 0) -> int:
    """Return what so many of each cost in an operation, in nanoseconds: see `COSTS`, whose key `kind` is."""
    cost = COSTS[kind]
    return round(calls * cost.call + met * cost.met + products * cost.product + values * cost.value)
