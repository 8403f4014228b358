"""Why a model answers as it does, by four methods: each says what it computes and what of it adds up.

`contribution`: what a layer gives times the logit's gradient by it, cell by cell. Where every layer after it is linear
    once its gates are set (convolution, dense, pooling, ReLU and the like), the sum of the cells and what the biases
    bring is the logit: f(x) = grad f(x) · x + what does not depend on x.
`gradient`: the logit's gradient by the input, or by what a layer gives (Simonyan et al. 2013).
`grad_cam`: a layer's maps, each times the mean of the logit's gradient by it, added up; what is negative is 0
    (Selvaraju et al. 2017, equations 1 and 2). One value for each cell of the maps, not smoothed.
`occlusion`: how far the logit falls when a square of the input around each cell is covered (Zeiler and Fergus 2013).

The logit is that of one class, or the difference of two: "why 7 and not 1".
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.batchnorm import scale_and_shift
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Cells, Off, Pass, read_class, read_layer, read_off, read_sample, weights_of
from cnn_engine.nn.layers.base import Array, Layer
from cnn_engine.nn.layers.batch_norm2d import BatchNorm2d
from cnn_engine.nn.options import number, one_of

LINEAR_ONCE_GATED = {
    *("conv2d", "linear", "batch_norm2d", "flatten", "dropout", "relu", "leaky_relu"),
    *("max_pool2d", "avg_pool2d", "global_max_pool2d", "global_avg_pool2d"),
}
SHARE_COVERED = 7  # of a picture's shorter side, by a square that covers some of it
AT_ONCE = 16  # samples that are answered together
MOST_CELLS = 1_000  # that are switched off together


@dataclass(frozen=True)
class Largest:
    """The cells with the largest contributions: what they say together, and by how much the logit falls without them.

    The two differ where a gate closes or another cell wins once they are 0.
    """

    cells: Array
    sum: float
    fall: float


@dataclass(frozen=True)
class Why:
    """A reason for a model's answer, in float64.

    Attributes:
        method: which of `METHODS`.
        classes: the class it is about, and the one that it is compared with, if any.
        layer: the layer whose cells the values belong to; None is the input.
        values: of the shape of what the layer gives, (H, W) for Grad-CAM and for occlusion of pictures.
        logit: what is explained.
        sum, bias: of `contribution`: all values added up, and what the biases of the layers after it bring.
        exact: whether sum + bias is the logit, up to rounding.
        remainder: logit − (sum + bias).
        baseline, size: of `occlusion`: the value that covers, and the square's side.
        scrambled: the layers that were begun anew, from the last.
        largest: what the largest cells of a contribution say, beside what the logit does without them.
    """

    method: str
    classes: tuple[int, ...]
    layer: int | None
    values: Array
    logit: float
    sum: float | None = None
    bias: float | None = None
    exact: bool | None = None
    remainder: float | None = None
    baseline: float | None = None
    size: int | None = None
    scrambled: tuple[int, ...] = ()
    largest: Largest | None = None


@dataclass(frozen=True)
class _Question:
    """What is to be explained: read and checked."""

    model: Model
    sample: Array
    off: dict[int, list[Cells]]
    layer: int
    classes: tuple[int, ...]
    baseline: float
    size: int

    @property
    def weights(self) -> Array:
        return weights_of(self.model, self.classes)

    def answered(self, samples: Array, *, backward: bool = False) -> Pass:
        return Pass(self.model, samples, self.off, backward=backward)

    def found(self, method: str, forward: Pass, values: Array, **more: Any) -> Why:
        layer = None if self.layer == INPUT else self.layer
        return Why(method, self.classes, layer, values, float(forward.logits[0] @ self.weights), **more)


def why(
    model: Model,
    input: ArrayLike,
    method: str = "contribution",
    class_: Any = None,
    layer: int | None = None,
    scramble: int | None = None,
    *,
    scramble_layers: int | None = None,
    off: Off = (),
    largest: int | None = None,
    baseline: float | None = None,
    size: int | None = None,
) -> Why:
    """Return why a model answers as it does, by one method.

    Args:
        model: a `Model`.
        input: of the model's input shape.
        method: one of `METHODS`.
        class_: the number of a class, or two: the first is compared with the second. None is the model's answer.
        layer: whose cells are judged, from 0. None is the input, and for Grad-CAM the last that gives maps.
        scramble: a seed by which layers are begun anew first, see `Model.scrambled`.
        scramble_layers: with `scramble`: how many of them, from the last backwards; None is all.
        off: channels that give 0, as for `answer`.
        largest: of `contribution`: how many of the largest cells are switched off together.
        baseline: of `occlusion`: what the square is covered with; None is 0.
        size: of `occlusion` of pictures: the square's side; None is about a seventh of the picture's.

    Raises:
        ShapeError, ParameterError: naming the argument at fault.
    """
    one_of(method, "method", tuple(METHODS))
    for name, own, value in (
        ("largest", "contribution", largest),
        ("baseline", "occlusion", baseline),
        ("size", "occlusion", size),
    ):
        if value is not None and method != own:
            raise ParameterError("option_of_another_method", name, name=name, own=own, method=method)
    if scramble is None and scramble_layers is not None:
        raise ParameterError("scramble_layers_alone", "scramble_layers")
    sample, number_ = read_sample(model, input), read_which(model, method, layer)
    which: tuple[int, ...] = ()
    if scramble is not None:
        count = None if scramble_layers is None else whole(scramble_layers, "scramble_layers", 1)
        model, which = model.scrambled(whole(scramble, "scramble", 0), count)
    switched = read_off(model, off)
    classes = read_class(model, class_, Pass(model, sample, switched).logits[0])
    side = covering(model, size)
    cover = 0.0 if baseline is None else number(baseline, "baseline")
    question = _Question(model, sample, switched, number_, classes, cover, side)
    found = replace(METHODS[method](question), scrambled=which)
    if largest is None:
        return found
    return replace(found, largest=_largest(question, found, whole_in(largest, "largest", 1, MOST_CELLS)))


def _largest(question: _Question, given: Why, count: int) -> Largest:
    """Of equal cells the first comes first; what is no number comes last."""
    order = np.argsort(-np.nan_to_num(given.values.ravel(), nan=-np.inf), kind="stable")[:count]
    cells = np.stack(np.unravel_index(order, given.values.shape), axis=1)
    with np.errstate(all="ignore"):
        return Largest(cells, float(given.values.ravel()[order].sum()), _fall(question, given.logit, cells))


def _fall(question: _Question, logit: float, cells: Array) -> float:
    off = question.off | {question.layer: [*question.off.get(question.layer, []), tuple(cells.T)]}
    without = Pass(question.model, question.sample, off).logits[0] @ question.weights
    return float(logit - without)


def fall(model: Model, input: ArrayLike, cells: Array, class_: int, layer: int) -> float:
    """Return how far the logit of a class falls when some cells (N, 3) or (N, 1) of what a layer gives are 0."""
    question = _Question(model, read_sample(model, input), {}, read_layer(model, layer), (class_,), 0.0, 1)
    return _fall(question, float(question.answered(question.sample).logits[0, class_]), cells)


def read_which(model: Model, method: str, layer: int | None) -> int:
    """Return the number of the layer whose cells are judged, or `INPUT`.

    Raises:
        ParameterError: there is no such layer, or the method is not for it.
    """
    if method == "occlusion" and layer is not None:
        raise ParameterError("occlusion_of_a_layer", "layer")
    if method != "grad_cam":
        return INPUT if layer is None else read_layer(model, layer)
    maps = [at for at, one in enumerate(model.layers) if len(one.output_shape) == 3]
    if not maps:
        raise ParameterError("no_maps", "method")
    if layer is None:
        return max((at for at in maps if math.prod(model.layers[at].output_shape[1:]) > 1), default=maps[-1])
    if read_layer(model, layer) not in maps:
        raise ParameterError("layer_without_maps", "layer", number=layer + 1, kind=model.layers[layer].kind)
    return layer


def covering(model: Model, size: int | None) -> int:
    """Return the side of the square that covers some of a picture: odd, about a seventh of it, unless given."""
    if len(model.input_shape) == 1:
        if size is not None:
            raise ParameterError("size_of_features", "size")
        return 1
    shorter = min(model.input_shape[1:])
    return shorter // SHARE_COVERED | 1 if size is None else whole_in(size, "size", 1, shorter)


def _contribution(question: _Question) -> Why:
    forward = question.answered(question.sample, backward=True)
    gradients = forward.gradients(question.weights)
    with np.errstate(all="ignore"):
        values = forward.outputs[question.layer][0] * gradients[question.layer][0]
        after = range(question.layer + 1, len(question.model.layers))
        bias = sum((_bias(question.model, at, gradients[at][0]) for at in after), 0.0)
        total = float(values.sum())
        found = question.found("contribution", forward, values, sum=total, bias=bias)
        exact = all(_adds_up(question.model.layers[at]) for at in after)
        return replace(found, exact=exact, remainder=found.logit - (total + bias))


def _adds_up(layer: Layer) -> bool:
    """Whether what a layer gives is linear in what it is given once its gates are set, beside what its biases bring."""
    return layer.kind in LINEAR_ONCE_GATED and not (isinstance(layer, BatchNorm2d) and not layer.tracks)


def _bias(model: Model, layer: int, gradient: Array) -> float:
    """What a layer's biases bring: each times the gradient of all cells that it is added to."""
    kind = model.layers[layer]
    if isinstance(kind, BatchNorm2d) and kind.tracks:
        biases = scale_and_shift(model, layer)[1]
    elif f"{layer}.bias" in model.parameters:
        biases = model.parameters[f"{layer}.bias"].astype(np.float64)
    else:
        return 0.0
    return float(biases @ gradient.reshape(len(biases), -1).sum(axis=1))


def _gradient(question: _Question) -> Why:
    forward = question.answered(question.sample, backward=True)
    return question.found("gradient", forward, forward.gradients(question.weights)[question.layer][0])


def _grad_cam(question: _Question) -> Why:
    forward = question.answered(question.sample, backward=True)
    maps, gradients = forward.outputs[question.layer][0], forward.gradients(question.weights)[question.layer][0]
    with np.errstate(all="ignore"):
        weights = gradients.mean(axis=(1, 2))
        values = np.maximum(np.einsum("c,chw->hw", weights, maps), 0)
    return question.found("grad_cam", forward, values)


def _occlusion(question: _Question) -> Why:
    model, sample = question.model, question.sample
    forward = question.answered(sample)
    shape = model.input_shape[-2:] if len(model.input_shape) == 3 else model.input_shape
    logits = np.empty(math.prod(shape))
    most = 1 if model.network.together else AT_ONCE
    for start in range(0, len(logits), most):
        cells = np.arange(start, min(start + most, len(logits)))
        covered = np.repeat(sample, len(cells), axis=0)
        for one, cell in zip(covered, cells, strict=True):
            one[_square(shape, int(cell), question.size)] = question.baseline
        with np.errstate(all="ignore"):
            logits[cells] = question.answered(covered).logits @ question.weights
    found = question.found("occlusion", forward, logits, baseline=question.baseline, size=question.size)
    with np.errstate(all="ignore"):
        return replace(found, values=(found.logit - logits).reshape(shape))


def _square(shape: tuple[int, ...], cell: int, size: int) -> tuple[Any, ...]:
    """The cells of every channel that a square around a cell covers; at the edge it is cut off."""
    before, after = (size - 1) // 2, size // 2
    where = np.unravel_index(cell, shape)
    return ..., *(slice(max(0, int(at) - before), int(at) + after + 1) for at in where)


METHODS: dict[str, Callable[[_Question], Why]] = {
    "contribution": _contribution,
    "occlusion": _occlusion,
    "gradient": _gradient,
    "grad_cam": _grad_cam,
}
