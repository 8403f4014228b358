"""The methods, and asking one of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole, whole_in
from cnn_engine.models.model import Model
from cnn_engine.models.passes import INPUT, Pass, read_class, read_index, read_layer, read_off, read_sample
from cnn_engine.models.reasons.contribution import contribution, contribution_of, with_largest
from cnn_engine.models.reasons.gradients import compared, grad_cam, grad_cam_of, gradient, gradient_of
from cnn_engine.models.reasons.occlusion import occlusion, occlusion_of
from cnn_engine.models.reasons.question import Options, Question, Reckoned, Settings, Why
from cnn_engine.nn.options import number, one_of

SHARE_COVERED = 7  # of a picture's shorter side, by a square that covers some of it
MOST_CELLS = 1_000  # that are switched off together
OWN = {"largest": "contribution", "baseline": "occlusion", "size": "occlusion"}  # options of one method alone
BESIDE = {"scramble_layers": "scramble", "seed": "largest"}  # options that need another


class Method(NamedTuple):
    """A method: its values, the shape of them, and how one of them comes about."""

    values: Callable[[Question], Why]
    shape: Callable[[Question], tuple[int, ...]]
    of_cell: Callable[[Question, tuple[int, ...]], Reckoned]


METHODS: dict[str, Method] = {
    "contribution": Method(contribution, lambda question: question.layer_shape, contribution_of),
    "occlusion": Method(occlusion, lambda question: question.input_cells, occlusion_of),
    "gradient": Method(gradient, lambda question: question.layer_shape, gradient_of),
    "grad_cam": Method(grad_cam, lambda question: question.layer_shape[1:], grad_cam_of),
}


def why(
    model: Model,
    input: ArrayLike,
    method: str = "contribution",
    class_: Any = None,
    layer: int | None = None,
    scramble: int | None = None,
    **options: Unpack[Options],
) -> Why:
    """Return why a model answers as it does, by one method.

    Args:
        model: a `Model`.
        input: of the model's input shape.
        method: one of `METHODS`.
        class_: the number of a class, or two: the first is compared with the second. None is the model's answer.
        layer: whose cells are judged, from 0. None is the input, and for Grad-CAM the last that gives maps.
        scramble: a seed by which layers are begun anew first, see `Model.scrambled`; the reason says how alike its
            values still are. The class stays.
        options: see `Options`.

    Raises:
        ShapeError, ParameterError: naming the argument at fault.
    """
    question, chosen = _read(model, input, method, class_, layer, options), METHODS[method]
    _check_options(method, {"scramble": scramble, **options}, Options.__annotations__)
    found = chosen.values(question)
    if scramble is not None:
        question, begun = _scrambled(question, scramble, options.get("scramble_layers"))
        before, found = found.values, chosen.values(question)
        found = replace(found, scrambled=compared(begun, before, found.values))
    if (largest := options.get("largest")) is not None:
        seed = whole(options.get("seed") or 0, "seed", 0)
        found = with_largest(question, found, whole_in(largest, "largest", 1, MOST_CELLS), seed)
    return found


def why_cell(
    model: Model,
    input: ArrayLike,
    method: str,
    cell: Sequence[int],
    class_: Any = None,
    layer: int | None = None,
    scramble: int | None = None,
    **options: Unpack[Settings],
) -> Reckoned:
    """Return how one cell of a reason's values comes about; `cell` is its index, from 0, and all else as for `why`.

    Raises:
        ShapeError, ParameterError: naming the argument at fault.
    """
    question = _read(model, input, method, class_, layer, options)
    _check_options(method, {"scramble": scramble, **options}, Settings.__annotations__)
    if scramble is not None:
        question, _ = _scrambled(question, scramble, options.get("scramble_layers"))
    chosen = METHODS[method]
    with np.errstate(all="ignore"):
        return chosen.of_cell(question, read_index(chosen.shape(question), cell, "cell"))


def _read(
    model: Model, input: ArrayLike, method: str, class_: Any, layer: int | None, options: Settings | Options
) -> Question:
    one_of(method, "method", tuple(METHODS))
    sample, which = read_sample(model, input), read_which(model, method, layer)
    switched = read_off(model, options.get("off", ()))
    forward = Pass(model, sample, switched, backward=True)
    classes = read_class(model, class_, forward.logits[0])
    baseline = options.get("baseline")
    cover = 0.0 if baseline is None else number(baseline, "baseline")
    return Question(model, sample, forward, switched, which, classes, cover, covering(model, options.get("size")))


def _scrambled(question: Question, seed: int, count: int | None) -> tuple[Question, tuple[int, ...]]:
    """Return the question of the same model with layers begun anew, and which."""
    many = None if count is None else whole(count, "scramble_layers", 1)
    other, begun = question.model.scrambled(whole(seed, "scramble", 0), many)
    return question.of(other), begun


def _check_options(method: str, given: Mapping[str, object], known: Mapping[str, object]) -> None:
    """Refuse options that would do nothing."""
    if unknown := sorted(given.keys() - known.keys() - {"scramble"}):
        raise TypeError(f"unexpected keyword argument {unknown[0]!r}")
    for name, own in OWN.items():
        if given.get(name) is not None and method != own:
            raise ParameterError("option_of_another_method", name, name=name, own=own, method=method)
    for name, other in BESIDE.items():
        if given.get(name) is not None and given.get(other) is None:
            raise ParameterError("option_alone", name, name=name, other=other)


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
