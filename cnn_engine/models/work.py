"""How much it takes to ask a model: counted, so that what takes long is known before it is begun.

Nanoseconds of one core and bytes, by the table of `cnn_engine.costs`.
"""

from __future__ import annotations

import math

from cnn_engine.costs import STEPPED, work
from cnn_engine.models.model import Model
from cnn_engine.models.passes import most_at_once, read_layer
from cnn_engine.models.reasons import read_which
from cnn_engine.models.smallest import most_checks
from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.layers.conv2d import Conv2d
from cnn_engine.nn.work import answer_bytes, answer_work, step_work

DOUBLE = 2  # times as long as in float32, for which the table is, by the same plan
SLOWER = 3  # times as long as in float32 and by the fast plan, for which the table is
ITEM = 8  # bytes of a number
HELD = 3  # what each layer gives: in the layout, its gradient there, and a copy to be looked at

MADE = 1_000_000  # nanoseconds of a model with other numbers, however few
NUMBER = 15  # nanoseconds for each of its numbers
NARROWED = 15  # nanoseconds for each number whose change another class narrows
DRAWING = 40  # nanoseconds to draw each anew
DRAWN = 3  # in the network that draws them, its gradients, and a copy
TEXT = 48  # bytes of a number that is written: twice as long as the longest, for the text grows while it is written
BLURRED = 30  # nanoseconds of each number of a picture that is blurred
WRITTEN = 2  # numbers of each pair of maps: a strength, and a share
RANGES = 6  # of each number: from where to where it may change, and what is worked out on the way
KEPT = 6  # a parameter: as it was given, as it is kept, in the network, its gradient there, and two on the way


def model_answer_work(model: Model, samples: int = 1) -> int:
    """Return what the answers to so many samples cost."""
    return SLOWER * answer_work(model.layers, samples)


def passes_work(model: Model, samples: int) -> int:
    """Return what the answers to so many samples cost that go through the layers a few at a time, or one by one."""
    rounds, rest = divmod(samples, most_at_once(model))
    whole = rounds * model_answer_work(model, most_at_once(model))
    return whole + (model_answer_work(model, rest) if rest else 0)


OF_CELL = 2  # answers beside a gradient, for the arithmetic of a cell
OF_LARGEST = 3  # answers without some cells: the largest, those of Grad-CAM, and those of chance
LOOKED_UP = 40_000  # nanoseconds of a cell, for what it can depend on in one layer


def why_work(
    model: Model,
    method: str,
    layer: int | None = None,
    *,
    scrambled: bool = False,
    largest: bool = False,
    off: bool = False,
) -> int:
    """Return what a reason costs: of occlusion an answer for each cell that is covered; twice that, where scrambled.

    With channels switched `off` each of them takes longer.

    Raises:
        ParameterError: the method is not for this layer.
    """
    read_which(model, method, layer)
    beside = OF_LARGEST * model_answer_work(model) if largest else 0
    return (1 + scrambled) * _values_work(model, method, off) + beside + scrambled * scrambling_work(model)


def why_cell_work(model: Model, method: str, layer: int | None = None, *, scrambled: bool = False) -> int:
    """Return what the arithmetic of one cell of a reason costs.

    Raises:
        ParameterError: the method is not for this layer.
    """
    read_which(model, method, layer)
    own = _gradient_work(model) + OF_CELL * model_answer_work(model)
    return own + scrambled * (_gradient_work(model) + scrambling_work(model))


def why_bytes(model: Model, method: str, *, scrambled: bool = False) -> int:
    """Return how many bytes a reason takes at once, beside the parameters of the model itself."""
    return asking_bytes(model, method) + scrambled * (DRAWN * ITEM * _numbers(model) + bending_bytes(model))


def _gradient_work(model: Model) -> int:
    """Return what an answer takes, and the gradient by all that it is made of."""
    return SLOWER * step_work(model.layers, 1)


def _values_work(model: Model, method: str, off: bool) -> int:
    if method == "occlusion":
        count, most = math.prod(model.input_shape[-2:]), most_at_once(model)
        logits = DOUBLE * -(-count // most) * answer_work(model.layers, most)  # a few at a time, and nothing else
        return (passes_work(model, count) if off else logits) + model_answer_work(model)
    return _gradient_work(model)


def learned_work(model: Model, pictures: int, shown: int = 0) -> int:
    """Return what it costs to look at pictures, and to say what one cell of each of those that are shown sees."""
    if not shown:
        return passes_work(model, pictures)
    layers = len(model.layers)  # of each the tables of what depends on what, by its trace, and a look at each of them
    tables = work("trace", calls=layers) + NUMBER * _numbers(model) + LOOKED_UP * layers * shown
    return passes_work(model, pictures) + tables


def learned_bytes(model: Model, pictures: Array) -> int:
    """Return how many bytes that takes at once, beside the parameters: the pictures, and a map of each."""
    largest = max(math.prod(layer.output_shape[1:]) for layer in model.layers)
    return asking_bytes(model, "occlusion") + pictures.nbytes + HELD * ITEM * len(pictures) * largest


def favourite_work(model: Model, steps: int) -> int:
    """Return what a gradient ascent costs."""
    blurred = 2 * steps * BLURRED * math.prod(model.input_shape)
    return steps * _gradient_work(model) + (steps + 1) * model_answer_work(model) + blurred


def smallest_work(model: Model) -> int:
    """Return what it costs at most to find the smallest changes: a gradient for each other class, and the checks."""
    others = len(model.classes) - 1
    checks = (1 + most_checks(model)) * model_answer_work(model)
    return bending_work(model) + others * (_gradient_work(model) + NARROWED * _numbers(model)) + checks


def smallest_bytes(model: Model) -> int:
    """Return how many bytes that takes: a model of its own, and the least and the largest change of each number."""
    return bending_bytes(model) + asking_bytes(model) + RANGES * ITEM * _numbers(model)


def bending_work(model: Model) -> int:
    """Return what it costs to make a model with other numbers, or to compare all of its numbers with another's."""
    return MADE + NUMBER * _numbers(model)


def bending_bytes(model: Model) -> int:
    """Return how many bytes such a model takes."""
    return KEPT * ITEM * _numbers(model)


def scrambling_work(model: Model) -> int:
    """Return what it costs to make a model whose layers begin anew."""
    return bending_work(model) + DRAWING * _numbers(model)


def wiring_work(model: Model) -> int:
    """Return what it costs to make a model with other numbers, and to tell how strongly its maps feed one another."""
    return bending_work(model) + work("written", values=WRITTEN * _strengths(model))


def wiring_bytes(model: Model) -> int:
    """Return how many bytes that takes: the strengths are held, and so is what is written of them."""
    return bending_bytes(model) + WRITTEN * (ITEM + TEXT) * _strengths(model)


def _strengths(model: Model) -> int:
    """Return a number for each pair of maps, where the layer is a convolution."""
    convolutions = (layer for layer in model.layers if isinstance(layer, Conv2d))
    return sum(layer.out_channels * layer.input_shape[0] for layer in convolutions)


def _numbers(model: Model) -> int:
    return sum(array.size for array in model.parameters.values())


def parts_work(model: Model, layer: int) -> int:
    """Return what a channel's parts cost, the answer that they belong to included.

    Raises:
        ParameterError: there is no such layer.
    """
    kind = model.layers[read_layer(model, layer)]
    own = 0
    if isinstance(kind, Conv2d):
        rows, columns = kind.output_shape[1:]
        window = math.prod(kind.kernel_size) * kind.input_shape[0] // kind.groups
        own = work(f"{STEPPED}conv2d", products=window * rows * columns, values=math.prod(kind.input_shape))
    return model_answer_work(model) + own


def parts_bytes(model: Model, layer: int) -> int:
    """Return how many bytes a channel's parts take at once, beside the parameters."""
    kind = model.layers[read_layer(model, layer)]
    planes = math.prod(kind.input_shape[:1]) * math.prod(kind.output_shape[1:])
    return asking_bytes(model) + HELD * ITEM * (planes + math.prod(kind.input_shape))


def asking_bytes(model: Model, method: str | None = None) -> int:
    """Return how many bytes an answer or a reason takes at once, beside the parameters."""
    samples = most_at_once(model) if method == "occlusion" else 1
    return HELD * answer_bytes(model.layers, samples, ITEM)
