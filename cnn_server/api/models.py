"""/api/models: networks that have learned are listed, kept, asked for an answer, and asked why."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from flask import Response, current_app, request
from numpy.typing import NDArray
from pydantic import ValidationError

from cnn_engine.data.decoding.costs import megabytes
from cnn_engine.data.preparation import Prepared, prepare
from cnn_engine.errors import ConvoscopeError, ModelError
from cnn_engine.models import SHIPPED, Answer, Model, Why, answer, cell, load, shipped, to_torch, why, why_cell
from cnn_engine.models.work import asking_bytes, model_answer_work, why_cell_work, why_work
from cnn_engine.nn.layers import as_entries
from cnn_engine.nn.summary import layer_rows
from cnn_server import encoding
from cnn_server.answers import answers
from cnn_server.api.images import UPLOAD_FORM, find
from cnn_server.api.run_views import looking
from cnn_server.api.runs import looked_at
from cnn_server.api.traces import trace_answer
from cnn_server.languages import sentence_of
from cnn_server.model_answers import CellAnswer, ModelAnswer, ModelAnswered, ModelsAnswer, WhyAnswer, WhyCellAnswer
from cnn_server.models import MB, Models, new_id, to_bytes
from cnn_server.problems import ProblemError
from cnn_server.resource import Resource
from cnn_server.room import is_owner
from cnn_server.runs import caps, settings
from cnn_server.runs.outlines import judged_data, judging_work, outline_of
from cnn_server.runs.owners import owner
from cnn_server.schemas.models import (
    AnswerBody,
    AskBody,
    ByImage,
    BySample,
    CellBody,
    CodeQuery,
    ModelOfRun,
    ModelPath,
    WhyBody,
    WhyCellBody,
)
from cnn_server.schemas.reading import read_json, read_upload, to_problem
from cnn_server.schemas.traces import Steps, TraceBody

WITH_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
WITH_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
RUN_SCHEMA = {
    "type": "object",
    "properties": {"run": {"type": "string", "minLength": 1, "maxLength": 64}},
    "required": ["run"],
    "additionalProperties": False,
}
FILE_OR_RUN = {
    "requestBody": {"required": True, "content": {**UPLOAD_FORM, "application/json": {"schema": RUN_SCHEMA}}}
}
WHOLE_PICTURE = {"grey": True}  # how a run's network of one channel gets pictures: as they are, in grey
MOST_NAME = 80  # characters of a file's name

api = Resource("models", __name__)
programs = Resource("model_programs", __name__)  # whose call takes a parameter in its address


def kept() -> Models:
    """The models of this application."""
    models: Models = current_app.extensions["models"]
    return models


def found(model_id: str) -> Model:
    """A model by its id; 404 where there is none."""
    model = kept().find(model_id)
    if model is None:
        raise ProblemError(404, "no_model", name=model_id[:40])
    return model


def _described(model_id: str, model: Model, *, mine: bool) -> dict[str, Any]:
    return {
        "id": model_id,
        **{name: getattr(model, name) for name in ("name", "accuracy", "source", "dataset")},
        "architecture": as_entries(model.architecture),
        "input_shape": list(model.input_shape),
        "classes": list(model.classes),
        "prepare": dict(model.prepare),
        "layers": layer_rows(model.layers),
        "shipped": model_id in SHIPPED,
        "mine": mine,
    }


def _json(body: Any, status: int = 200) -> Response:
    return encoding.fresh(encoding.json(body, status))


# ---- finding, making and deleting


@api.get("/api/models", responses=answers({200: ModelsAnswer}, 503))
def own_models() -> Response:
    """The models that are shipped, and one's own, the newest first."""
    every = [_described(name, shipped(name), mine=False) for name in SHIPPED]
    every += (_described(name, model, mine=True) for name, model in kept().owned_by(owner()))
    return _json(every)


@api.post(
    "/api/models",
    responses=answers({201: ModelAnswer}, 400, 403, 404, 413, 415, 503, 507),
    openapi_extensions=FILE_OR_RUN,
)
def make() -> Response:
    """Keep a model: the file of one (`.npz`) as the field `file` of a form, or the network of a run."""
    model = _of_run() if request.is_json else _of_file()
    _check_answer(model, "run" if request.is_json else "file")
    name = new_id()
    response = _json(_described(name, model, mine=True), 201)  # before it is kept: what cannot be shown is not
    kept().add(name, model, owner())
    response.headers["Location"] = f"/api/models/{name}"
    return response


def _of_file() -> Model:
    most = current_app.config["MAX_MODEL_BYTES"]
    data = read_upload(request, "model", megabytes(most))
    if len(data) > most:
        size = megabytes(len(data))
        raise ProblemError(413, "model_file_too_large", "file", size=size, most=megabytes(most))
    try:
        return load(io.BytesIO(data))
    except ModelError as error:
        raise ProblemError(422, "of_field", "file", name="file", reason=error.message) from error


def _of_run() -> Model:
    try:
        body = ModelOfRun.model_validate(read_json(request))
    except ValidationError as error:
        raise to_problem(error) from None
    run = looked_at(body.run)
    with looking(run) as look:
        dataset = look.dataset
        outputs = int(np.prod(look.network.output_shape))
        if len(dataset.classes) != outputs or outputs < 2:
            classes = len(dataset.classes)
            raise ProblemError(422, "run_without_classes", "run", outputs=outputs, classes=classes)
        return Model(
            look.network.architecture,
            look.network.state(),
            look.network.input_shape,
            dataset.classes,
            name=run.name or dataset.name,
            source=f"a run on {dataset.name}, step {look.step:,}",
            prepare=WHOLE_PICTURE if look.network.input_shape[0] == 1 else {},
            dataset={"name": run.settings["dataset"], **(run.settings.get("dataset_options") or {})},
        )


@api.delete("/api/models/<model_id>", responses={"204": None, **answers({}, 403, 404, 503)})
def delete(path: ModelPath) -> Response:
    """Delete one's model."""
    found(path.model_id)
    if path.model_id in SHIPPED:
        raise ProblemError(403, "no_upload", name=path.model_id)
    if kept().owner_of(path.model_id) != owner() and not is_owner():
        raise ProblemError(403, "somebody_elses_model")
    kept().drop(path.model_id)
    return Response(status=204)


# ---- taking it along


@api.get(
    "/api/models/<model_id>/file",
    responses={"200": {"description": "The file.", "content": WITH_FILE}, **answers({}, 404, 503)},
)
def file(path: ModelPath) -> Response:
    """The file of a model, which POST /api/models takes."""
    model = found(path.model_id)
    return _download(to_bytes(model), model, "npz", "application/octet-stream")


@programs.get(
    "/api/models/<model_id>/code",
    responses={"200": {"description": "A zip archive.", "content": WITH_ZIP}, **answers({}, 404, 503)},
)
def code(path: ModelPath, query: CodeQuery) -> Response:
    """A PyTorch program, `model.py`, with its weights beside it, as a zip archive."""
    model, stream = found(path.model_id), io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in to_torch(model).items():
            archive.writestr(name, data)
    return _download(stream.getvalue(), model, "zip", "application/zip")


def _download(data: bytes, model: Model, ending: str, mimetype: str) -> Response:
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in model.name[:MOST_NAME])
    response = Response(data, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{plain.strip("-") or "model"}.{ending}"'
    return encoding.fresh(response)


# ---- asking


@dataclass(frozen=True)
class Asked:
    """A model that is asked, its parameters changed as wished, and what it is given."""

    model: Model
    input: NDArray[Any]
    prepared: Prepared | None


def _asked(model_id: str, body: AskBody) -> Asked:
    model = found(model_id)
    _check_answer(model, "input")
    if body.parameters:
        model = model.changed(body.parameters)
    if isinstance(body.input, ByImage):
        return _prepared(model, _pixels(body.input.image), body)
    if isinstance(body.input, BySample):
        values = _sample(model, body.input.sample)
        as_it_is = not model.prepare.get("scale", False)  # where pictures are scaled, it learned from such alone
    else:
        values, as_it_is = body.input, True
    return Asked(model, values, None) if as_it_is and body.prepare is None else _prepared(model, values, body)


def _pixels(image_id: str) -> NDArray[Any]:
    """A picture as (3, rows, columns), 0 to 1."""
    return np.moveaxis(find(image_id, "input")[0].pixels, -1, 0) / np.float64(255)


def _prepared(model: Model, values: NDArray[Any], body: AskBody) -> Asked:
    steps = dict(model.prepare) | (body.prepare.model_dump(exclude_none=True) if body.prepare else {})
    if len(model.input_shape) != 3:
        raise ProblemError(422, "features_not_a_picture", "input")
    made = prepare(values, steps, input_shape=model.input_shape)
    return Asked(model, made.input, made)


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


def _check_answer(model: Model, field: str) -> None:
    _check(field, model_answer_work(model), asking_bytes(model))


def _check(field: str, work: int, memory: int, limit: str = "MAX_WORK") -> None:
    """Refuse what takes longer or more memory than this server gives to one answer, before it is begun."""
    caps.check_work(current_app.config, limit, field, work, "for_an_answer")
    caps.check(current_app.config, "MAX_VIEW_MEMORY", field, memory // MB, "memory_of_an_answer")


def _tensor(array: NDArray[Any], **named: Any) -> dict[str, Any]:
    return named | encoding.tensor(array)


ASKED = (400, 403, 404, 413, 415, 503)


@api.post("/api/models/<model_id>/answer", responses=answers({200: ModelAnswered}, *ASKED))
def answered(path: ModelPath, body: AnswerBody) -> Response:
    """What a model answers, and what its layers make of the input on the way."""
    asked = _asked(path.model_id, body)
    given = answer(asked.model, asked.input, layers=body.layers, off=body.switched_off())
    response = _binary(given, asked.prepared) if encoding.wants_binary() else _plain(given, asked.prepared)
    response.vary.add("Accept")
    return encoding.fresh(response)


def _plain(given: Answer, prepared: Prepared | None) -> Response:
    body: dict[str, Any] = {name: getattr(given, name) for name in ("logits", "probabilities")}
    body["input"] = encoding.numbers(given.input)
    body["maps"] = [_tensor(values, layer=layer) for layer, values in given.maps.items()]
    if prepared is not None:
        body["stages"] = [_tensor(values, name=name) for name, values in prepared.stages.items()]
        body["drawn"] = prepared.drawn
    return encoding.json(body)


def _binary(given: Answer, prepared: Prepared | None) -> Response:
    arrays = {name: getattr(given, name) for name in ("logits", "probabilities", "input")}
    arrays |= {f"maps.{layer}": values for layer, values in given.maps.items()}
    if prepared is None:
        return encoding.binaries(arrays)
    arrays |= {f"stages.{name}": values for name, values in prepared.stages.items()}
    return encoding.binaries(arrays, {"X-Drawn": str(prepared.drawn).lower()})


@api.post("/api/models/<model_id>/cell", responses=answers({200: CellAnswer}, *ASKED))
def one_cell(path: ModelPath, body: CellBody) -> Response:
    """The one step that made a cell of what a layer gives, as the trace of that layer has it."""
    asked = _asked(path.model_id, body)
    with np.errstate(all="ignore"):
        step = cell(asked.model, asked.input, body.layer, body.index, off=body.switched_off())
        wanted = TraceBody(steps=Steps(start=step.index, count=1), tensors=body.tensors, parts=body.parts)
        return _json(trace_answer(step.trace, wanted) | {"layer": body.layer})


@api.post("/api/models/<model_id>/why", responses=answers({200: WhyAnswer}, *ASKED))
def reason(path: ModelPath, body: WhyBody) -> Response:
    """Why a model answers as it does, by one of four methods."""
    asked = _asked(path.model_id, body)
    work = why_work(
        asked.model,
        body.method,
        body.layer,
        scrambled=body.scramble is not None,
        largest=body.largest is not None,
    )
    _check("method", work, asking_bytes(asked.model, body.method), "MAX_WHY_WORK")
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
    asked = _asked(path.model_id, body)
    _check("method", why_cell_work(asked.model, body.method, body.layer), asking_bytes(asked.model), "MAX_WHY_WORK")
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
