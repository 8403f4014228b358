"""/api/models/{id}: a model is asked for the step that made a cell, for a map's parts, for what meets what, and why."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
from flask import Response
from numpy.typing import NDArray

from cnn_engine.models import (
    Why,
    bend,
    cell,
    leading_channel,
    parts,
    reach,
    shares,
    smallest_change,
    strongest,
    why,
    why_cell,
    wiring,
)
from cnn_engine.models.passes import INPUT
from cnn_engine.models.work import (
    asking_bytes,
    model_answer_work,
    parts_bytes,
    parts_work,
    smallest_bytes,
    smallest_work,
    why_bytes,
    why_cell_work,
    why_work,
    wiring_bytes,
    wiring_work,
)
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.model_query import QUERY_FAILURES, query_of
from cnn_server.api.models import check, found
from cnn_server.api.traces import trace_answer
from cnn_server.languages import sentence_of
from cnn_server.model_answers import CellAnswer, PartsAnswer, ReachAnswer, SmallestAnswer, WiringAnswer
from cnn_server.reason_answers import WhyAnswer, WhyCellAnswer
from cnn_server.schemas.asking import CellBody, PartsBody, ReachBody, SmallestBody, WhyBody, WhyCellBody
from cnn_server.schemas.models import Bending, ModelPath
from cnn_server.schemas.traces import Steps, TraceBody

api = Resource("asking", __name__)
reasons = Resource("reasons", __name__)


@api.post("/api/models/<model_id>/cell", responses=answers({200: CellAnswer}, *QUERY_FAILURES))
def one_cell(path: ModelPath, body: CellBody) -> Response:
    """Return the one step that made a cell of what a layer gives, as the trace of that layer has it."""
    query = query_of(path.model_id, body)
    with np.errstate(all="ignore"):
        step = cell(query.model, query.input, body.layer, body.index, off=body.switched_off())
        wanted = TraceBody(steps=Steps(start=step.index, count=1), tensors=body.tensors, parts=body.parts)
        own = {"layer": body.layer, "leading": leading_channel(step)}
        return encoding.fresh_json(trace_answer(step.trace, wanted) | own)


@api.post("/api/models/<model_id>/parts", responses=answers({200: PartsAnswer}, *QUERY_FAILURES))
def parts_of(path: ModelPath, body: PartsBody) -> Response:
    """Return what one channel of a layer is made of: inputs, kernels, partial maps, sum, bias and activation."""
    query = query_of(path.model_id, body)
    query.check("layer", parts_work(query.model, body.layer), parts_bytes(query.model, body.layer))
    given = parts(query.model, query.input, body.layer, body.channel, off=body.switched_off())
    own = {part.name: getattr(given, part.name) for part in fields(given)}
    shown = {name: encoding.tensor(value) if isinstance(value, np.ndarray) else value for name, value in own.items()}
    read = None if given.read == INPUT else given.read
    return encoding.fresh_json({"layer": body.layer, "channel": body.channel} | shown | {"read": read})


@api.post("/api/models/<model_id>/wiring", responses=answers({200: WiringAnswer}, *QUERY_FAILURES))
def wired(path: ModelPath, body: Bending) -> Response:
    """Return how strongly each map of a layer is fed by each map of the one before: the length of its kernel."""
    model = found(path.model_id)
    check("changes" if body.changes else "model_id", wiring_work(model), wiring_bytes(model))
    bent = bend(model, body.listed_changes()) if body.changes else model
    return encoding.fresh_json([_feeding(layer, given) for layer, given in enumerate(wiring(bent))])


def _feeding(layer: int, strengths: NDArray[Any] | None) -> dict[str, Any]:
    """Return what feeds the maps of a layer, and which of it the most."""
    best = None if strengths is None else strongest(strengths)
    own = None if strengths is None else shares(strengths)
    return {"layer": layer, "strengths": strengths, "shares": own, "strongest": best}


@api.post("/api/models/<model_id>/reach", responses=answers({200: ReachAnswer}, *QUERY_FAILURES))
def reached(path: ModelPath, body: ReachBody) -> Response:
    """Return what a cell of a layer can depend on, back to the input, and what setting it to 0 does to the logits."""
    query = query_of(path.model_id, body)
    query.check("layer", 2 * model_answer_work(query.model), asking_bytes(query.model))
    given = reach(query.model, query.input, body.layer, body.index, off=body.switched_off())
    boxes = [{"layer": None if layer == INPUT else layer, "box": box} for layer, box in sorted(given.boxes.items())]
    numbers = {name: getattr(given, name) for name in ("logits", "without", "change")}
    return encoding.fresh_json({"boxes": boxes} | numbers)


@api.post("/api/models/<model_id>/smallest-change", responses=answers({200: SmallestAnswer}, *QUERY_FAILURES))
def smallest(path: ModelPath, body: SmallestBody) -> Response:
    """Return the smallest change of one bias, and that of one weight, that makes a class the answer."""
    query = query_of(path.model_id, body)
    query.check("class", smallest_work(query.model), smallest_bytes(query.model), "MAX_WHY_WORK")
    given = smallest_change(query.model, query.input, body.class_, off=body.switched_off(), bound=body.bound)
    return encoding.fresh_json(
        {"class": given.class_, "bound": given.bound, "bias": given.bias, "weight": given.weight}
    )


# ---- why a model answers as it does, and how one cell of a reason comes about


@reasons.post("/api/models/<model_id>/why", responses=answers({200: WhyAnswer}, *QUERY_FAILURES))
def reason(path: ModelPath, body: WhyBody) -> Response:
    """Return why a model answers as it does, by one of four methods."""
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


@reasons.post("/api/models/<model_id>/why-cell", responses=answers({200: WhyCellAnswer}, *QUERY_FAILURES))
def reason_cell(path: ModelPath, body: WhyCellBody) -> Response:
    """Return how one cell of a reason's values comes about: its equation, in numbers and in a sentence."""
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
    """Return a method's answer without what is no part of it."""
    own = {part.name: getattr(given, part.name) for part in fields(given)}
    own["blank"] = given.blank and sentence_of(given.blank)
    values, classes = own.pop("values"), own.pop("classes")
    layer = own.pop("layer")
    return (
        {"class": list(classes), "layer": layer, "strongest": given.strongest}
        | {name: value for name, value in own.items() if value is not None}
        | encoding.tensor(values)
    )
