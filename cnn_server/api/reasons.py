"""/api/models/{id}/why and /why-cell: why a model answers as it does, and how one cell of a reason comes about."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from flask import Response

from cnn_engine.models import Why, why, why_cell
from cnn_engine.models.work import why_bytes, why_cell_work, why_work
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.api.model_query import QUERY_FAILURES, query_of
from cnn_server.languages import sentence_of
from cnn_server.reason_answers import WhyAnswer, WhyCellAnswer
from cnn_server.resource import Resource
from cnn_server.schemas.asking import WhyBody, WhyCellBody
from cnn_server.schemas.models import ModelPath

api = Resource("reasons", __name__)


@api.post("/api/models/<model_id>/why", responses=answers({200: WhyAnswer}, *QUERY_FAILURES))
def reason(path: ModelPath, body: WhyBody) -> Response:
    """Why a model answers as it does, by one of four methods."""
    query = query_of(path.model_id, body)
    scrambled = body.scramble is not None
    wanted = {"scrambled": scrambled, "largest": body.largest is not None, "off": bool(body.off)}
    work = why_work(query.model, body.method, body.layer, **wanted)
    limit = "MAX_OCCLUSION_WORK" if body.method == "occlusion" else "MAX_WHY_WORK"
    query.check("method", work, why_bytes(query.model, body.method, scrambled=scrambled), limit)
    given = why(
        query.model,
        query.input,
        body.method,
        body.class_,
        body.layer,
        body.scramble,
        largest=body.largest,
        seed=body.seed,
        **body.settings(),
    )
    return encoding.fresh_json(_why_shown(given))


@api.post("/api/models/<model_id>/why-cell", responses=answers({200: WhyCellAnswer}, *QUERY_FAILURES))
def reason_cell(path: ModelPath, body: WhyCellBody) -> Response:
    """How one cell of a reason's values comes about: its equation, in numbers and in a sentence."""
    query = query_of(path.model_id, body)
    scrambled = body.scramble is not None
    work = why_cell_work(query.model, body.method, body.layer, scrambled=scrambled)
    query.check("method", work, why_bytes(query.model, body.method, scrambled=scrambled), "MAX_WHY_WORK")
    given = why_cell(
        query.model,
        query.input,
        body.method,
        body.cell,
        body.class_,
        body.layer,
        body.scramble,
        **body.settings(),
    )
    sentences = {"equation": sentence_of(given.equation), "description": sentence_of(given.message)}
    own = {"index": given.index, "value": given.value, "terms": given.terms, "covered": given.covered}
    return encoding.fresh_json({name: value for name, value in own.items() if value is not None} | sentences)


def _why_shown(given: Why) -> dict[str, Any]:
    """What is no part of a method's answer is left out."""
    own = {part.name: getattr(given, part.name) for part in fields(given)}
    own["blank"] = given.blank and sentence_of(given.blank)
    values, classes = own.pop("values"), own.pop("classes")
    layer = own.pop("layer")
    return (
        {"class": list(classes), "layer": layer, "strongest": given.strongest}
        | {name: value for name, value in own.items() if value is not None}
        | encoding.tensor(values)
    )
