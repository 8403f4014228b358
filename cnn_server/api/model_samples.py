"""Pictures of the data set that a model learned from, to ask it about."""

from __future__ import annotations

from typing import Any

import numpy as np
from flask import current_app
from numpy.typing import NDArray

from cnn_engine.data.dataset import Dataset
from cnn_engine.errors import ConvoscopeError
from cnn_engine.models import Model
from cnn_server.api.run_views import sample_of
from cnn_server.problems import ProblemError
from cnn_server.runs import caps, settings
from cnn_server.runs.outlines import first_of, judged_data, judging_work, outline_of

SOME = 64  # samples among which every class is
MOST_SHOWN = 10


def samples(model: Model) -> dict[str, Any]:
    """Return how many samples the validation set of the model's data set has, and one of each class to choose by."""
    if model.dataset is None:
        return {"size": 0, "items": []}
    given, size = _checked(model)
    dataset = first_of(given, "validation", SOME)
    chosen = np.arange(dataset.validation.size)
    if dataset.classes:
        chosen = np.unique(dataset.validation.y, return_index=True)[1]
    items = [sample_of(dataset, "validation", int(index)) for index in chosen[:MOST_SHOWN]]
    return {"size": size, "items": items}


def sample(model: Model, index: int) -> tuple[NDArray[Any], str | None]:
    """Return a sample of the validation set of the model's data set, and its class, where that has classes."""
    dataset = _data_with(model, index, "input")
    part = dataset.validation
    return part.x[index], dataset.classes[int(part.y[index])] if dataset.classes else None


def sample_to_learn(model: Model, index: int) -> tuple[NDArray[Any], Any]:
    """Return such a sample and its truth as a loss takes it: the number of a class, or numbers."""
    part = _data_with(model, index, "sample").validation
    return part.x[index], part.y[index].tolist()


def _data_with(model: Model, index: int, field: str) -> Dataset:
    """The model's data set, whose validation set has such a sample."""
    if model.dataset is None:
        raise ProblemError(422, "model_without_samples", field)
    given, size = _checked(model)
    if index >= size:
        raise ProblemError(422, "no_such_sample", field, sample=index, last=size - 1)
    return judged_data(given)


def _checked(model: Model) -> tuple[settings.Settings, int]:
    """The settings of the model's data set, and how many samples it has; refused where they take long to be drawn."""
    told = dict(model.dataset or {})
    given = {"dataset": told.pop("name"), "dataset_options": told}
    try:
        settings.check_data(given, current_app.config["RUN_MAX_DATA_VALUES"])
        outline = outline_of(given)
        caps.check_drawing(current_app.config, judging_work(given, outline), given)
        return given, outline.validation.size
    except ConvoscopeError as error:
        raise ProblemError(422, "of_field", "input", name="input", reason=error.message) from error
