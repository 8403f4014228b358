"""What a request asks of a model: the model, bent as the request has it, and its input, prepared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnn_engine.data.preparation import Prepared, moved
from cnn_engine.models import Model, bend
from cnn_engine.models.work import asking_bytes, bending_bytes, bending_work, model_answer_work
from cnn_server.api.images import find
from cnn_server.api.model_samples import prepared_for, sample
from cnn_server.api.models import check, check_answer, found
from cnn_server.problems import ProblemError
from cnn_server.schemas.models import AskBody, ByImage, BySample


@dataclass(frozen=True)
class Asked:
    """A model that is asked, its parameters changed as wished, the model itself, what it is given and what that is."""

    model: Model
    itself: Model
    input: NDArray[Any]
    prepared: Prepared | None
    truth: str | None = None


Given = tuple[NDArray[Any], Prepared | None]


def asked_of(model_id: str, body: AskBody) -> Asked:
    """The model of this id and what it is given, by a request."""
    itself = found(model_id)
    check_answer(itself, "input")
    model = _bent(itself, body)
    values, prepared, truth = _given(itself, body)
    return Asked(model, itself, *_moved(values, prepared, body), truth)


def _bent(model: Model, body: AskBody) -> Model:
    """The model with the parameters and single numbers that a request has for it."""
    makings = bool(body.parameters) + bool(body.changes)
    if makings:
        name = "changes" if body.changes else "parameters"
        work = makings * bending_work(model) + model_answer_work(model)
        check(name, work, bending_bytes(model) + asking_bytes(model))
    if body.parameters:
        model = model.changed(body.parameters)
    return bend(model, body.listed_changes()) if body.changes else model


def _given(model: Model, body: AskBody) -> tuple[NDArray[Any], Prepared | None, str | None]:
    """What a model is given, how it was prepared, where it was, and of a sample which class it is of."""
    steps = None if body.prepare is None else body.prepare.model_dump(exclude_none=True)
    if isinstance(body.input, BySample):
        own = sample(model, body.input.sample, "input", steps)
        return own.input, own.prepared, own.label
    if isinstance(body.input, ByImage):
        made = prepared_for(model, _pixels(body.input.image), steps or {}, "input")
    elif steps is None:
        return body.input, None, None
    else:
        made = prepared_for(model, body.input, steps, "input")
    return made.input, made, None


def _pixels(image_id: str) -> NDArray[Any]:
    """A picture as (3, rows, columns), 0 to 1."""
    return np.moveaxis(find(image_id, "input")[0].pixels, -1, 0) / np.float64(255)


def _moved(values: NDArray[Any], prepared: Prepared | None, body: AskBody) -> Given:
    """The same with what the network receives moved, which is one more step."""
    if body.moved is None:
        return values, prepared
    if np.ndim(values) != 3:
        raise ProblemError(422, "features_not_a_picture", "input")
    there = moved(np.asarray(values), *body.moved)
    before = prepared or Prepared({"given": values}, values, drawn=True)
    return there, replace(before, stages=before.stages | {"moved": there}, input=there)
