"""/api/models: networks that have learned are listed, kept, taken along and deleted; `asking.py` asks them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
from flask import Response, current_app, request
from pydantic import ValidationError

from cnn_engine.data.decoding.costs import megabytes
from cnn_engine.errors import ModelError
from cnn_engine.models import SHIPPED, Model, bend, load, shipped, to_torch
from cnn_engine.models.model import texts_of
from cnn_engine.models.work import asking_bytes, bending_bytes, bending_work, model_answer_work
from cnn_engine.words import Message
from cnn_server import encoding
from cnn_server.answers import BINARY_CONTENT, Resource, answers
from cnn_server.api.images import UPLOAD_FORM
from cnn_server.api.run_views import looking
from cnn_server.api.runs import looked_at
from cnn_server.model_answers import ModelAnswer, ModelsAnswer
from cnn_server.models import MB, Models, described, new_id, to_bytes
from cnn_server.problems import ProblemError
from cnn_server.room import is_owner
from cnn_server.runs import caps
from cnn_server.runs.owners import owner
from cnn_server.schemas.models import (
    BENT_SCHEMA,
    RUN_SCHEMA,
    BentModel,
    CodeQuery,
    ModelChange,
    ModelOfRun,
    ModelPath,
)
from cnn_server.schemas.reading import read_json, read_upload, to_problem

WITH_ZIP = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
FILE_OR_NAME = {
    "requestBody": {
        "required": True,
        "content": {**UPLOAD_FORM, "application/json": {"schema": {"anyOf": [RUN_SCHEMA, BENT_SCHEMA]}}},
    }
}
WHOLE_PICTURE = {"grey": True}  # how a run's network of one channel gets pictures: as they are, in grey
MOST_NAME = 80  # characters of a file's name

api = Resource("models", __name__)
programs = Resource("model_programs", __name__)  # whose call takes a parameter in its address


def kept() -> Models:
    """Return the models of this application."""
    models: Models = current_app.extensions["models"]
    return models


def found(model_id: str) -> Model:
    """Return a model by its id; 404 where there is none."""
    model = kept().find(model_id)
    if model is None:
        raise ProblemError(404, "no_model", name=model_id[:40])
    return model


# ---- what asking takes


def check_answer(model: Model, field: str) -> None:
    """Refuse a model that cannot be asked on this server."""
    check(field, model_answer_work(model), asking_bytes(model))


def check(field: str, work: int, memory: int, limit: str = "MAX_WORK") -> None:
    """Refuse what takes longer or more memory than this server gives to one answer, before it is begun."""
    caps.check_work(current_app.config, limit, field, work, "for_an_answer")
    caps.check(current_app.config, "MAX_VIEW_MEMORY", field, memory // MB, "memory_of_an_answer")


# ---- finding, making and deleting


@api.get("/api/models", responses=answers({200: ModelsAnswer}, 503))
def own_models() -> Response:
    """Return the models that are shipped, one's own, and those that others share, the newest first."""
    every = [described(name, shipped(name)) for name in SHIPPED]
    return encoding.fresh_json([*every, *kept().listed_for(owner())])


@api.get("/api/models/<model_id>", responses=answers({200: ModelAnswer}, 404, 503))
def one_model(path: ModelPath) -> Response:
    """Return a model by its id, which whoever has it may ask."""
    return encoding.fresh_json(kept().described(path.model_id, found(path.model_id), owner()))


@api.post(
    "/api/models",
    responses=answers({201: ModelAnswer}, 400, 403, 404, 413, 415, 503, 507),
    openapi_extensions=FILE_OR_NAME,
)
def make() -> Response:
    """Keep a model: the file of one (`.npz`) as the field `file` of a form, the network of a run, or a bent model."""
    model, field = _of_json() if request.is_json else (_of_file(), "file")
    check_answer(model, field)
    name = new_id()
    shown = described(name, model, mine=True)
    response = encoding.fresh_json(shown, 201)  # before it is kept: what cannot be shown is not
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


def _of_json() -> tuple[Model, str]:
    """Return the model that a body in JSON asks for, and by which of its fields."""
    given = read_json(request)
    try:
        if "model" in given:
            return _bent(BentModel.model_validate(given)), "model"
        return _of_run(ModelOfRun.model_validate(given)), "run"
    except ValidationError as error:
        raise to_problem(error) from None


def _bent(body: BentModel) -> Model:
    model = found(body.model)
    check("changes", bending_work(model), bending_bytes(model))
    bent, count = bend(model, body.listed_changes()), len(body.changes)
    own = model.words.get("name") if len(model.name) <= MOST_NAME else None
    name = own or model.name[:MOST_NAME]
    source = Message("sources.bent", {"model": name, "count": count})
    return replace(bent, **texts_of(name=Message("sources.bent_name", {"model": name}), source=source), accuracy=None)


def _of_run(body: ModelOfRun) -> Model:
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
            **texts_of(source=Message("sources.run", {"dataset": dataset.name, "step": look.step})),
            prepare=WHOLE_PICTURE if look.network.input_shape[0] == 1 else {},
            dataset={"name": run.settings["dataset"], **(run.settings.get("dataset_options") or {})},
        )


@api.delete("/api/models/<model_id>", responses={"204": None, **answers({}, 403, 404, 503)})
def delete(path: ModelPath) -> Response:
    """Delete one's model."""
    _own(path.model_id)
    kept().drop(path.model_id)
    return Response(status=204)


@api.patch("/api/models/<model_id>", responses=answers({200: ModelAnswer}, 400, 403, 404, 413, 415, 503))
def change(path: ModelPath, body: ModelChange) -> Response:
    """Let everybody on this server find one's model in their list, or nobody else any more."""
    model = _own(path.model_id)
    kept().share(path.model_id, body.shared)
    return encoding.fresh_json(kept().described(path.model_id, model, owner()))


def _own(model_id: str) -> Model:
    """Return one's own model; of another's only the owner of the room disposes."""
    model = found(model_id)
    if model_id in SHIPPED:
        raise ProblemError(403, "no_upload", name=model_id)
    if kept().owner_of(model_id) != owner() and not is_owner():
        raise ProblemError(403, "somebody_elses_model")
    return model


# ---- taking it along


@api.get(
    "/api/models/<model_id>/file",
    responses={"200": {"description": "The file.", "content": BINARY_CONTENT}, **answers({}, 404, 503)},
)
def file(path: ModelPath) -> Response:
    """Return the file of a model, which POST /api/models takes."""
    model = found(path.model_id)
    return _download(to_bytes(model), model, "npz", "application/octet-stream")


@programs.get(
    "/api/models/<model_id>/code",
    responses={"200": {"description": "A zip archive.", "content": WITH_ZIP}, **answers({}, 404, 503)},
)
def code(path: ModelPath, query: CodeQuery) -> Response:
    """Return a PyTorch program, `model.py`, with its weights beside it, as a zip archive."""
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
