"""/api/models/{id}/answer: what a model answers, as JSON or as bytes; and the samples that it can be given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
from flask import Response
from numpy.typing import NDArray

from cnn_engine.data.preparation import Prepared
from cnn_engine.models import Answered, BentAnswer, Model, answer, compare, largest_in
from cnn_engine.models.bending import Difference
from cnn_engine.models.passes import read_layer
from cnn_engine.models.work import asking_bytes, bending_work, model_answer_work
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.model_query import QUERY_FAILURES, ModelQuery, query_of, samples
from cnn_server.api.models import found
from cnn_server.model_answers import ModelAnswered, ModelSamplesAnswer
from cnn_server.schemas.asking import AnswerBody, AskBody
from cnn_server.schemas.models import ModelPath
from cnn_server.turns import Turns
from cnn_server.web import revalidated

api = Resource("answering", __name__)

# Threads that compute share one interpreter: an answer among twenty at once costs nearly twice as much as among two.
TURNS = Turns(2)


class NumberForm(NamedTuple):
    """How the numbers of pictures are written, and how maps are."""

    numbers: Callable[[NDArray[Any]], NDArray[Any]]
    maps: Callable[[NDArray[Any]], dict[str, Any]]


WAYS = {
    "double": NumberForm(np.asarray, encoding.tensor),
    "single": NumberForm(encoding.single, lambda array: encoding.tensor(encoding.single(array))),
    "packed": NumberForm(encoding.single, encoding.packed),
}


@api.get("/api/models/<model_id>/samples", responses=answers({200: ModelSamplesAnswer}, 404, 503))
def some_samples(path: ModelPath) -> Response:
    """Return pictures of the validation set that a model's data set has, one of each class; none without a data set."""
    return revalidated(encoding.json(samples(found(path.model_id))))


@api.post("/api/models/<model_id>/answer", responses=answers({200: ModelAnswered}, *QUERY_FAILURES))
def answered(path: ModelPath, body: AnswerBody) -> Response:
    """Return what a model answers, and what its layers make of the input on the way."""
    with TURNS:
        response = _written(query_of(path.model_id, body), body)
    response.vary.add("Accept")
    return encoding.fresh(response)


def _written(query: ModelQuery, body: AnswerBody) -> Response:
    """Return an answer in the way that the client prefers."""
    given, comparison = _answer(query, body)
    if encoding.wants_binary():
        return _binary(given, query.prepared, _compared_arrays(query, body, comparison))
    return _plain(given, query, _compared(query, body, comparison), WAYS[body.precision], body.threshold)


def _answer(query: ModelQuery, body: AnswerBody) -> tuple[Answered, BentAnswer | None]:
    """Return an answer, and how it compares with that of the model itself, where that was asked for."""
    off = body.switched_off()
    if not body.compare:
        return answer(query.model, query.input, layers=body.layers, off=off), None
    work = 2 * model_answer_work(query.model) + bending_work(query.model)
    query.check("compare", work, 2 * asking_bytes(query.model))
    comparison = compare(query.itself, query.model, query.input, off=off)
    if body.layers is None:
        return comparison.after, comparison
    wanted = [read_layer(query.model, layer, "layers") for layer in body.layers]
    maps = {layer: comparison.after.maps[layer] for layer in wanted}
    return replace(comparison.after, maps=maps), comparison


def _plain(given: Answered, query: ModelQuery, compared: dict[str, Any], way: NumberForm, threshold: float) -> Response:
    body: dict[str, Any] = {name: getattr(given, name) for name in ("logits", "probabilities", "best")}
    body["sure"] = given.is_sure(threshold)
    body["input"] = encoding.numbers(way.numbers(given.input))
    body["maps"] = [{"layer": layer, **way.maps(values)} for layer, values in given.maps.items()]
    body["largest"] = {"input": largest_in(given.input), "maps": [largest_in(values) for values in given.maps.values()]}
    if query.prepared is not None:
        stages = query.prepared.stages.items()
        body["stages"] = [{"name": name, **encoding.tensor(way.numbers(values))} for name, values in stages]
        body["drawn"] = query.prepared.drawn
    if query.truth is not None:
        body["truth"] = query.truth
    return encoding.json(body | compared)


def _compared(query: ModelQuery, body: AskBody, comparison: BentAnswer | None) -> dict[str, Any]:
    if comparison is None:
        return {}
    compared = {
        **{name: getattr(comparison.before, name) for name in ("logits", "probabilities", "best")},
        **{name: getattr(comparison, name) for name in ("weights", "cells", "distance")},
        "maps": [{"layer": layer, **vars(one)} for layer, one in enumerate(comparison.maps)],
        "was": _was(query.itself, body),
    }
    return {"compared": compared}


def _was(model: Model, body: AskBody) -> list[float]:
    """Return what a model has where a request changes it."""
    return [float(model.parameters[one.parameter][tuple(one.index)]) for one in body.changes]


def _binary(given: Answered, prepared: Prepared | None, compared: dict[str, NDArray[Any]]) -> Response:
    arrays = {name: getattr(given, name) for name in ("logits", "probabilities", "input")}
    arrays |= {f"maps.{layer}": values for layer, values in given.maps.items()}
    if prepared is None:
        return encoding.binaries(arrays | compared)
    arrays |= {f"stages.{name}": values for name, values in prepared.stages.items()}
    return encoding.binaries(arrays | compared, {"X-Drawn": str(prepared.drawn).lower()})


def _compared_arrays(query: ModelQuery, body: AskBody, comparison: BentAnswer | None) -> dict[str, NDArray[Any]]:
    if comparison is None:
        return {}
    arrays = {f"compared.{name}": getattr(comparison.before, name) for name in ("logits", "probabilities")}
    arrays |= {f"compared.{name}": _rows([getattr(comparison, name)])[0] for name in ("weights", "cells")}
    arrays["compared.distance"] = np.array([comparison.distance])
    arrays["compared.maps"] = _rows(comparison.maps)
    arrays["compared.was"] = np.array(_was(query.itself, body))
    return arrays


def _rows(differences: Sequence[Difference]) -> NDArray[Any]:
    return np.array([[one.changed, one.of, one.largest] for one in differences])
