"""What a request asks of a model: the model, bent as the request has it, and its input, prepared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray

from cnn_engine.data.preparation import Prepared, prepare
from cnn_engine.errors import ConvoscopeError
from cnn_engine.models import Model, bend
from cnn_engine.models.work import asking_bytes, bending_bytes, bending_work, model_answer_work
from cnn_server.api.images import find
from cnn_server.api.models import check, check_answer, found
from cnn_server.problems import ProblemError
from cnn_server.runs import caps, settings
from cnn_server.runs.outlines import judged_data, judging_work, outline_of
from cnn_server.schemas.models import AskBody, ByImage, BySample


@dataclass(frozen=True)
class Asked:
    """A model that is asked, its parameters changed as wished, the model itself, and what it is given."""

    model: Model
    itself: Model
    input: NDArray[Any]
    prepared: Prepared | None


def asked_of(model_id: str, body: AskBody) -> Asked:
    """The model of this id and what it is given, by a request."""
    itself = found(model_id)
    check_answer(itself, "input")
    model = _bent(itself, body)
    values, prepared = _given(itself, body)
    return Asked(model, itself, values, prepared)


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


def _given(model: Model, body: AskBody) -> tuple[NDArray[Any], Prepared | None]:
    """What a model is given, and how it was prepared, where it was."""
    if isinstance(body.input, ByImage):
        return _prepared(model, _pixels(body.input.image), body)
    if isinstance(body.input, BySample):
        values = _sample(model, body.input.sample)
        as_it_is = not model.prepare.get("scale", False)  # where pictures are scaled, it learned from such alone
    else:
        values, as_it_is = body.input, True
    return (values, None) if as_it_is and body.prepare is None else _prepared(model, values, body)


def _pixels(image_id: str) -> NDArray[Any]:
    """A picture as (3, rows, columns), 0 to 1."""
    return np.moveaxis(find(image_id, "input")[0].pixels, -1, 0) / np.float64(255)


def _prepared(model: Model, values: NDArray[Any], body: AskBody) -> tuple[NDArray[Any], Prepared]:
    steps = dict(model.prepare) | (body.prepare.model_dump(exclude_none=True) if body.prepare else {})
    if len(model.input_shape) != 3:
        raise ProblemError(422, "features_not_a_picture", "input")
    made = prepare(values, steps, input_shape=model.input_shape)
    return made.input, made


def _sample(model: Model, index: int) -> NDArray[Any]:
    """A sample of the validation set of the model's data set."""
    if model.dataset is None:
        raise ProblemError(422, "model_without_samples", "input")
    options = {name: value for name, value in model.dataset.items() if name != "name"}
    given = {"dataset": model.dataset["name"], "dataset_options": options}
    try:
        settings.check_data(given, current_app.config["RUN_MAX_DATA_VALUES"])
        caps.check_drawing(current_app.config, judging_work(given, outline_of(given)), given)
        part = judged_data(given).validation
    except ConvoscopeError as error:
        raise ProblemError(422, "of_field", "input", name="input", reason=error.message) from error
    if index >= part.size:
        raise ProblemError(422, "no_such_sample", "input", sample=index, last=part.size - 1)
    sample: NDArray[Any] = part.x[index]
    return sample
