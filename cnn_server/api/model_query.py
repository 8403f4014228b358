"""What a request asks of a model: the model, bent as the request has it, and its input: a sample or a picture."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray

from cnn_engine.costs import work
from cnn_engine.data.dataset import Dataset
from cnn_engine.data.preparation import Prepared, moved, prepare
from cnn_engine.models import Model, bend
from cnn_engine.models.work import asking_bytes, bending_bytes, bending_work, model_answer_work
from cnn_server.api.images import find
from cnn_server.api.models import check, check_answer, found
from cnn_server.api.run_views import samples_of_all
from cnn_server.problems import ProblemError, about
from cnn_server.runs import caps, data_sets, settings
from cnn_server.runs.outlines import first_of, outline_of, sizes_of
from cnn_server.schemas.asking import AskBody, ByImage, BySample
from cnn_server.schemas.models import Bending

QUERY_FAILURES = (400, 403, 404, 413, 415, 503)  # how a question can fail, beside what no call can take
SOME = 64  # samples among which every class is: as many are drawn, or twice, three times as many


@dataclass(frozen=True)
class ModelSample:
    """What a network receives: what became of it on the way, and of a sample of a data set what is true of it.

    `truth` is as a loss takes it: the number of a class, or numbers. `label` is the class, where there are any. `work`
    is what drawing it takes, in nanoseconds as counted.
    """

    input: NDArray[Any]
    prepared: Prepared | None = None
    truth: Any = None
    label: str | None = None
    work: int = 0


def samples(model: Model) -> dict[str, Any]:
    """Return how many samples the validation set of the model's data set has, and one of each class to choose by."""
    if model.dataset is None:
        return {"size": 0, "items": []}
    with about("model_id"):
        given, size = _settings_of(model)
        dataset, _ = _first_with(given, size, 0)
        return {"size": size, "items": samples_of_all(dataset, "validation")}


def sample(model: Model, index: int, field: str, steps: Mapping[str, bool] | None = None) -> ModelSample:
    """Return a sample of the validation set of the model's data set, prepared as those that it learned from.

    With `steps` it is prepared in any case, by the model's own but for these. Refusals name this field of the request.
    """
    if model.dataset is None:
        raise ProblemError(422, "model_without_samples", field)
    with about(field):
        given, size = _settings_of(model)
        if index >= size:
            raise ProblemError(422, "no_such_sample", field, number=index + 1, count=size)
        dataset, drawing = _first_with(given, size, index)
        values, truth = dataset.validation.x[index], dataset.validation.y[index].tolist()
        label = dataset.classes[int(truth)] if dataset.classes else None
        if steps is None and not steps_of_samples(model):
            return ModelSample(values, None, truth, label, drawing)
        made = prepared_for(model, values, steps or {}, field)
        return ModelSample(made.input, made, truth, label, drawing)


def steps_of_samples(model: Model) -> dict[str, bool]:
    """Return the steps that prepare samples: the model's, if they scale; else it learned from pictures as they are."""
    return dict(model.prepare) if model.prepare.get("scale", False) else {}


def prepared_for(model: Model, values: NDArray[Any], steps: Mapping[str, bool], field: str) -> Prepared:
    """Return a picture as the model receives it: by its own steps, but for these."""
    if len(model.input_shape) != 3:
        raise ProblemError(422, "features_not_a_picture", field)
    return prepare(values, dict(model.prepare) | dict(steps), input_shape=model.input_shape)


def _settings_of(model: Model) -> tuple[settings.Settings, int]:
    """Return the settings of the model's data set, and how many samples its validation set has."""
    given = dataset_settings(model)
    return given, outline_of(given).validation.size


def dataset_settings(model: Model) -> settings.Settings:
    """Return the settings of a model's data set, which is not too large for this server."""
    options = dict(model.dataset or {})
    given = {"dataset": options.pop("name"), "dataset_options": options}
    data_sets.check_data(given, current_app.config["RUN_MAX_DATA_VALUES"])
    return given


def _first_with(given: settings.Settings, size: int, index: int) -> tuple[Dataset, int]:
    """Return a data set with the first samples of its validation set, this one among them, and what drawing them takes.

    Refused where that takes long.
    """
    count = min(size, SOME * (index // SOME + 1))
    drawing = _drawing_work(given, count)
    caps.check_drawing(current_app.config, drawing, given)
    return first_of(given, "validation", count), drawing


def _drawing_work(given: settings.Settings, count: int) -> int:
    """Return what it takes to draw so many; nothing where they are read from a file."""
    if not sizes_of(given):
        return 0
    values = count * math.prod(first_of(given, "validation", 1).input_shape)
    return work(f"drawn {given['dataset']}", values=values)


@dataclass(frozen=True)
class ModelQuery:
    """A model that is asked, its parameters changed as wished, the model itself, what it is given and what that is.

    `work` is what that took, in nanoseconds as counted: it belongs to what the whole request may take.
    """

    model: Model
    itself: Model
    input: NDArray[Any]
    prepared: Prepared | None
    truth: str | None
    work: int

    def check(self, field: str, work: int, memory: int, limit: str = "MAX_WORK") -> None:
        """Refuse a request that takes too long or too much memory with this beside."""
        check(field, self.work + work, memory, limit)


def bent(itself: Model, body: Bending) -> tuple[Model, int]:
    """Return the model with the parameters and numbers that a request has, and what making it took, as counted."""
    parameters = body.parameters if isinstance(body, AskBody) else {}
    work = (bool(parameters) + bool(body.changes)) * bending_work(itself)
    if not work:
        return itself, 0
    name = "changes" if body.changes else "parameters"
    check(name, work + model_answer_work(itself), bending_bytes(itself) + asking_bytes(itself))
    model = itself.changed(parameters) if parameters else itself
    return bend(model, body.listed_changes()) if body.changes else model, work


def query_of(model_id: str, body: AskBody) -> ModelQuery:
    """Return the model of this id and what it is given, by a request."""
    itself = found(model_id)
    check_answer(itself, "input")
    model, work = bent(itself, body)
    given = _moved(_given(itself, body), body)
    return ModelQuery(model, itself, given.input, given.prepared, given.label, work + given.work)


def _given(model: Model, body: AskBody) -> ModelSample:
    """Return what a model is given, prepared as a request has it."""
    steps = None if body.prepare is None else body.prepare.model_dump(exclude_none=True)
    if isinstance(body.input, BySample):
        return sample(model, body.input.sample, "input", steps)
    if isinstance(body.input, ByImage):
        made = prepared_for(model, _pixels(body.input.image), steps or {}, "input")
    elif steps is None:
        return ModelSample(body.input)
    else:
        made = prepared_for(model, body.input, steps, "input")
    return ModelSample(made.input, made)


def _pixels(image_id: str) -> NDArray[Any]:
    """Return a picture as (3, rows, columns), 0 to 1."""
    return np.moveaxis(find(image_id, "input")[0].pixels, -1, 0) / np.float64(255)


def _moved(given: ModelSample, body: AskBody) -> ModelSample:
    """Return the same with what the network receives moved, which is one more step."""
    if body.moved is None:
        return given
    if np.ndim(given.input) != 3:
        raise ProblemError(422, "features_not_a_picture", "input")
    there = moved(np.asarray(given.input), *body.moved)
    before = given.prepared or Prepared({"given": given.input}, given.input, drawn=True)
    prepared = replace(before, stages=before.stages | {"moved": there}, input=there)
    return replace(given, input=there, prepared=prepared)
