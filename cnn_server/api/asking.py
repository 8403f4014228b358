"""/api/models/{id}: a model is asked for an answer, for the step that made a cell, for a map's parts, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from flask import Response
from numpy.typing import NDArray

from cnn_engine.data.preparation import Prepared
from cnn_engine.models import (
    Answer,
    Comparison,
    Model,
    Why,
    answer,
    bend,
    cell,
    compare,
    parts,
    reach,
    why,
    why_cell,
    wiring,
)
from cnn_engine.models.bending import Difference
from cnn_engine.models.passes import INPUT, read_layer
from cnn_engine.models.work import (
    asking_bytes,
    bending_work,
    model_answer_work,
    parts_bytes,
    parts_work,
    why_bytes,
    why_cell_work,
    why_work,
    wiring_bytes,
    wiring_work,
)
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.api.asked import Asked, asked_of
from cnn_server.api.model_samples import samples
from cnn_server.api.models import check, found
from cnn_server.api.traces import trace_answer
from cnn_server.languages import sentence_of
from cnn_server.model_answers import (
    CellAnswer,
    ModelAnswered,
    ModelSamplesAnswer,
    PartsAnswer,
    ReachAnswer,
    WhyAnswer,
    WhyCellAnswer,
    WiringAnswer,
)
from cnn_server.resource import Resource
from cnn_server.schemas.models import (
    AnswerBody,
    AskBody,
    Bending,
    CellBody,
    ModelPath,
    PartsBody,
    ReachBody,
    WhyBody,
    WhyCellBody,
)
from cnn_server.schemas.traces import Steps, TraceBody
from cnn_server.web import revalidated

api = Resource("asking", __name__)


Written = Callable[[NDArray[Any]], NDArray[Any]]


def _tensor(array: NDArray[Any], **named: Any) -> dict[str, Any]:
    return named | encoding.tensor(array)


def _json(body: Any) -> Response:
    return encoding.fresh(encoding.json(body))


@api.get("/api/models/<model_id>/samples", responses=answers({200: ModelSamplesAnswer}, 404, 503))
def some_samples(path: ModelPath) -> Response:
    """Pictures of the validation set of the data set that a model learned from, one of each class; none without one."""
    return revalidated(encoding.json(samples(found(path.model_id))))


ASKED = (400, 403, 404, 413, 415, 503)


@api.post("/api/models/<model_id>/answer", responses=answers({200: ModelAnswered}, *ASKED))
def answered(path: ModelPath, body: AnswerBody) -> Response:
    """What a model answers, and what its layers make of the input on the way."""
    asked = asked_of(path.model_id, body)
    given, comparison = _answer(asked, body)
    if encoding.wants_binary():
        response = _binary(given, asked.prepared, _compared_arrays(asked, body, comparison))
    else:
        written = encoding.single if body.precision == "single" else np.asarray
        response = _plain(given, asked, _compared(asked, body, comparison), written)
    response.vary.add("Accept")
    return encoding.fresh(response)


def _answer(asked: Asked, body: AnswerBody) -> tuple[Answer, Comparison | None]:
    """An answer, and how it compares with that of the model itself, where that was asked for."""
    off = body.switched_off()
    if not body.compare:
        return answer(asked.model, asked.input, layers=body.layers, off=off), None
    check("compare", 2 * model_answer_work(asked.model) + bending_work(asked.model), 2 * asking_bytes(asked.model))
    comparison = compare(asked.itself, asked.model, asked.input, off=off)
    if body.layers is None:
        return comparison.after, comparison
    wanted = [read_layer(asked.model, layer, "layers") for layer in body.layers]
    maps = {layer: comparison.after.maps[layer] for layer in wanted}
    return replace(comparison.after, maps=maps), comparison


def _plain(given: Answer, asked: Asked, compared: dict[str, Any], written: Written) -> Response:
    body: dict[str, Any] = {name: getattr(given, name) for name in ("logits", "probabilities")}
    body["input"] = encoding.numbers(written(given.input))
    body["maps"] = [_tensor(written(values), layer=layer) for layer, values in given.maps.items()]
    if asked.prepared is not None:
        body["stages"] = [_tensor(written(values), name=name) for name, values in asked.prepared.stages.items()]
        body["drawn"] = asked.prepared.drawn
    if asked.truth is not None:
        body["truth"] = asked.truth
    return encoding.json(body | compared)


def _compared(asked: Asked, body: AskBody, comparison: Comparison | None) -> dict[str, Any]:
    if comparison is None:
        return {}
    told = {
        **{name: getattr(comparison.before, name) for name in ("logits", "probabilities")},
        **{name: vars(getattr(comparison, name)) for name in ("weights", "cells")},
        "distance": comparison.distance,
        "maps": [{"layer": layer, **vars(one)} for layer, one in enumerate(comparison.maps)],
        "was": _was(asked.itself, body),
    }
    return {"compared": told}


def _was(model: Model, body: AskBody) -> list[float]:
    """What a model has where a request changes it."""
    return [float(model.parameters[one.parameter][tuple(one.index)]) for one in body.changes]


def _binary(given: Answer, prepared: Prepared | None, compared: dict[str, NDArray[Any]]) -> Response:
    arrays = {name: getattr(given, name) for name in ("logits", "probabilities", "input")}
    arrays |= {f"maps.{layer}": values for layer, values in given.maps.items()}
    if prepared is None:
        return encoding.binaries(arrays | compared)
    arrays |= {f"stages.{name}": values for name, values in prepared.stages.items()}
    return encoding.binaries(arrays | compared, {"X-Drawn": str(prepared.drawn).lower()})


def _compared_arrays(asked: Asked, body: AskBody, comparison: Comparison | None) -> dict[str, NDArray[Any]]:
    if comparison is None:
        return {}
    arrays = {f"compared.{name}": getattr(comparison.before, name) for name in ("logits", "probabilities")}
    arrays |= {f"compared.{name}": _rows([getattr(comparison, name)])[0] for name in ("weights", "cells")}
    arrays["compared.distance"] = np.array([comparison.distance])
    arrays["compared.maps"] = _rows(comparison.maps)
    arrays["compared.was"] = np.array(_was(asked.itself, body))
    return arrays


def _rows(differences: Sequence[Difference]) -> NDArray[Any]:
    return np.array([[one.changed, one.of, one.largest] for one in differences])


@api.post("/api/models/<model_id>/cell", responses=answers({200: CellAnswer}, *ASKED))
def one_cell(path: ModelPath, body: CellBody) -> Response:
    """The one step that made a cell of what a layer gives, as the trace of that layer has it."""
    asked = asked_of(path.model_id, body)
    with np.errstate(all="ignore"):
        step = cell(asked.model, asked.input, body.layer, body.index, off=body.switched_off())
        wanted = TraceBody(steps=Steps(start=step.index, count=1), tensors=body.tensors, parts=body.parts)
        return _json(trace_answer(step.trace, wanted) | {"layer": body.layer})


@api.post("/api/models/<model_id>/parts", responses=answers({200: PartsAnswer}, *ASKED))
def parts_of(path: ModelPath, body: PartsBody) -> Response:
    """What one channel of what a layer gives is made of: inputs, kernels, partial maps, sum, bias and activation."""
    asked = asked_of(path.model_id, body)
    check("layer", parts_work(asked.model, body.layer), parts_bytes(asked.model, body.layer))
    given = parts(asked.model, asked.input, body.layer, body.channel, off=body.switched_off())
    own = {part.name: getattr(given, part.name) for part in fields(given)}
    shown = {name: _tensor(value) if isinstance(value, np.ndarray) else value for name, value in own.items()}
    return _json({"layer": body.layer, "channel": body.channel} | shown)


@api.post("/api/models/<model_id>/wiring", responses=answers({200: WiringAnswer}, *ASKED))
def wired(path: ModelPath, body: Bending) -> Response:
    """How strongly each map of each layer is fed by each map of the layer before: the length of the kernel between."""
    model = found(path.model_id)
    check("changes" if body.changes else "model_id", wiring_work(model), wiring_bytes(model))
    bent = bend(model, body.listed_changes()) if body.changes else model
    return _json([{"layer": layer, "strengths": given} for layer, given in enumerate(wiring(bent))])


@api.post("/api/models/<model_id>/reach", responses=answers({200: ReachAnswer}, *ASKED))
def reached(path: ModelPath, body: ReachBody) -> Response:
    """What a cell of a layer can depend on, back to the input, and what setting it to 0 does to the logits."""
    asked = asked_of(path.model_id, body)
    check("layer", 2 * model_answer_work(asked.model), asking_bytes(asked.model))
    found = reach(asked.model, asked.input, body.layer, body.index, off=body.switched_off())
    boxes = [{"layer": None if layer == INPUT else layer, "box": box} for layer, box in sorted(found.boxes.items())]
    return _json({"boxes": boxes} | {name: getattr(found, name) for name in ("logits", "without", "change")})


@api.post("/api/models/<model_id>/why", responses=answers({200: WhyAnswer}, *ASKED))
def reason(path: ModelPath, body: WhyBody) -> Response:
    """Why a model answers as it does, by one of four methods."""
    asked = asked_of(path.model_id, body)
    scrambled = body.scramble is not None
    work = why_work(asked.model, body.method, body.layer, scrambled=scrambled, largest=body.largest is not None)
    check("method", work, why_bytes(asked.model, body.method, scrambled=scrambled), "MAX_WHY_WORK")
    given = why(
        asked.model,
        asked.input,
        body.method,
        body.class_,
        body.layer,
        body.scramble,
        largest=body.largest,
        seed=body.seed,
        **body.settings(),
    )
    return _json(_why_shown(given))


@api.post("/api/models/<model_id>/why-cell", responses=answers({200: WhyCellAnswer}, *ASKED))
def reason_cell(path: ModelPath, body: WhyCellBody) -> Response:
    """How one cell of a reason's values comes about: its equation, in numbers and in a sentence."""
    asked = asked_of(path.model_id, body)
    scrambled = body.scramble is not None
    work = why_cell_work(asked.model, body.method, body.layer, scrambled=scrambled)
    check("method", work, why_bytes(asked.model, body.method, scrambled=scrambled), "MAX_WHY_WORK")
    given = why_cell(
        asked.model,
        asked.input,
        body.method,
        body.cell,
        body.class_,
        body.layer,
        body.scramble,
        **body.settings(),
    )
    said = {"equation": sentence_of(given.equation), "description": sentence_of(given.message)}
    own = {"index": given.index, "value": given.value, "terms": given.terms, "covered": given.covered}
    return _json({name: value for name, value in own.items() if value is not None} | said)


def _why_shown(given: Why) -> dict[str, Any]:
    """What is no part of a method's answer is left out."""
    own = {part.name: getattr(given, part.name) for part in fields(given)}
    own["largest"] = given.largest and vars(given.largest)
    own["controls"] = given.controls and {name: vars(one) for name, one in given.controls.items()}
    own["scrambled"] = given.scrambled and vars(given.scrambled)
    values, classes = own.pop("values"), own.pop("classes")
    layer = own.pop("layer")
    return (
        {"class": list(classes), "layer": layer, "strongest": given.strongest}
        | {name: value for name, value in own.items() if value is not None}
        | encoding.tensor(values)
    )
