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
from cnn_server.schemas.asking import AskBody, ByImage, BySample
from cnn_server.schemas.models import Bending

QUERY_FAILURES = (400, 403, 404, 413, 415, 503)  # how a question can fail, beside what no call can take


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


@dataclass(frozen=True)
class Given:
    """What a model is given, how it was prepared, where it was, of a sample its class, and what drawing it took."""

    input: NDArray[Any]
    prepared: Prepared | None = None
    truth: str | None = None
    work: int = 0


@dataclass(frozen=True)
class Bent:
    """A model as a request has it, and what making it took, in nanoseconds as counted."""

    model: Model
    work: int


def bent(itself: Model, body: Bending) -> Bent:
    """The model with the parameters and single numbers that a request has for it."""
    parameters = body.parameters if isinstance(body, AskBody) else {}
    work = (bool(parameters) + bool(body.changes)) * bending_work(itself)
    if not work:
        return Bent(itself, 0)
    name = "changes" if body.changes else "parameters"
    check(name, work + model_answer_work(itself), bending_bytes(itself) + asking_bytes(itself))
    model = itself.changed(parameters) if parameters else itself
    return Bent(bend(model, body.listed_changes()) if body.changes else model, work)


def query_of(model_id: str, body: AskBody) -> ModelQuery:
    """The model of this id and what it is given, by a request."""
    itself = found(model_id)
    check_answer(itself, "input")
    made = bent(itself, body)
    given = _moved(_given(itself, body), body)
    return ModelQuery(made.model, itself, given.input, given.prepared, given.truth, made.work + given.work)


def _given(model: Model, body: AskBody) -> Given:
    """What a model is given, prepared as a request has it."""
    steps = None if body.prepare is None else body.prepare.model_dump(exclude_none=True)
    if isinstance(body.input, BySample):
        own = sample(model, body.input.sample, "input", steps)
        return Given(own.input, own.prepared, own.label, own.work)
    if isinstance(body.input, ByImage):
        made = prepared_for(model, _pixels(body.input.image), steps or {}, "input")
    elif steps is None:
        return Given(body.input)
    else:
        made = prepared_for(model, body.input, steps, "input")
    return Given(made.input, made)


def _pixels(image_id: str) -> NDArray[Any]:
    """A picture as (3, rows, columns), 0 to 1."""
    return np.moveaxis(find(image_id, "input")[0].pixels, -1, 0) / np.float64(255)


def _moved(given: Given, body: AskBody) -> Given:
    """The same with what the network receives moved, which is one more step."""
    if body.moved is None:
        return given
    if np.ndim(given.input) != 3:
        raise ProblemError(422, "features_not_a_picture", "input")
    there = moved(np.asarray(given.input), *body.moved)
    before = given.prepared or Prepared({"given": given.input}, given.input, drawn=True)
    prepared = replace(before, stages=before.stages | {"moved": there}, input=there)
    return replace(given, input=there, prepared=prepared)
