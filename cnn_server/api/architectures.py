"""POST /api/architectures/check: what an architecture would be, and what of it is impossible or too large.

POST /api/architectures/snapshot: what it makes of a sample while it knows nothing yet.

GET /api/datasets/{name}/samples: some samples to learn from.
"""

from __future__ import annotations

import re
from typing import Any

from flask import Response, current_app

from cnn_engine.data.dataset import Dataset
from cnn_engine.data.datasets import DATASETS
from cnn_engine.errors import ConvoscopeError
from cnn_engine.nn import check_batches, steps_per_epoch
from cnn_engine.nn.layers.dense import Flatten
from cnn_engine.nn.summary import layer_rows
from cnn_engine.nn.work import training_bytes
from cnn_engine.words import Message, say
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.run_views import samples_of_all, snapshot_of
from cnn_server.languages import as_seen, language, sentence_of
from cnn_server.problems import ProblemError
from cnn_server.run_answers import ArchitectureAnswer
from cnn_server.run_view_answers import SamplesAnswer, SnapshotAnswer
from cnn_server.runs import caps, settings
from cnn_server.runs.looking import Look
from cnn_server.runs.outlines import first_of
from cnn_server.schemas.runs import CheckBody, DatasetPath, UntrainedBody
from cnn_server.web import revalidated

LAYER = re.compile(r"architecture\.(\d+)")

api = Resource("architectures", __name__)
untrained = Resource("untrained", __name__)


@api.post("/api/architectures/check", responses=answers({200: ArchitectureAnswer}, 400, 413, 415))
def check(body: CheckBody) -> Response:
    """Return what each layer of an architecture would be: up to where it is possible, or as a whole where it is more
    than this server takes. The problem may also be how long it would learn, or from what.
    """
    given = body.model_dump()
    dataset, uneven = _uneven_outline(given)
    possible, error = caps.checked_layers(given, dataset, body.batch_size, current_app.config)
    error = error or uneven
    if error is None:
        error = _start_problem(given, dataset)
    rows = layer_rows(possible)
    problem = None if error is None else _problem(error)
    described = {"layers": rows, "parameters": sum(row["parameters"] for row in rows), "problem": problem}
    described["train_samples"] = dataset.train.size
    described["updates"] = None if error else steps_per_epoch(body.train_samples or dataset.train.size, body.batch_size)
    return encoding.json(described)


def _uneven_outline(given: dict[str, Any]) -> tuple[Dataset, ConvoscopeError | None]:
    """Return the outline of the data set asked for; where it cannot be made uneven as asked, as it is, and why not."""
    try:
        return caps.outline(current_app.config, given), None
    except ConvoscopeError as error:
        if error.field != "dataset_options.imbalance":
            raise
        options = {name: value for name, value in given["dataset_options"].items() if name != "imbalance"}
        return caps.outline(current_app.config, given | {"dataset_options": options}), error


def _start_problem(given: dict[str, Any], dataset: Dataset) -> ConvoscopeError | None:
    """Return what is wrong with an architecture whose every layer is possible, or with how it would learn."""
    try:
        network = settings.network_of(given | {"seed": 0}, dataset)
        trainer = settings.trainer_of(
            given | {"optimizer": "sgd", "schedule": "constant", "batch_size": 1, "clip_norm": None, "seed": 0},
            network,
            dataset,
        )
        train = settings.first_samples(dataset.train, given["train_samples"])
        with settings.about_data(dataset):
            trainer.check(*train)
        steps = steps_per_epoch(train.size, given["batch_size"])
        check_batches(network.layers, train.size, given["batch_size"])
        caps.check_length(current_app.config, given["epochs"], steps)
        training_bytes(network.layers, given["batch_size"], samples=train.size, judged=dataset.validation.size)
    except ConvoscopeError as error:
        return error
    return None


def _rule(message: Message) -> str:
    """Return the rule that is broken as a page says it, which says itself which layer it is; others by their titles."""
    own = as_seen(message.args["error"] if message.id == "errors.at_layer" else message)
    titles = {"flatten": Flatten.choices[0].title} if "flatten" in own.args else {}
    return say(own, language(), **titles)


def _problem(error: ConvoscopeError) -> dict[str, Any]:
    field = error.field or "architecture"
    layer = LAYER.match(field)
    limit = isinstance(error, caps.BeyondLimitError)
    return {
        "field": field,
        "message": sentence_of(error.message),
        "rule": _rule(error.message),
        "layer": int(layer[1]) if layer else None,
        "limit": limit,
    }


# ---- before a run


SOME = 64  # samples among which every class is


@untrained.post("/api/architectures/snapshot", responses=answers({200: SnapshotAnswer}, 400, 413, 415))
def snapshot(body: UntrainedBody) -> Response:
    """Return what a run's snapshot would have at step 0: the weights as they begin, and what they make of a sample."""
    given = body.model_dump()
    caps.outline_within(current_app.config, given, 1)
    dataset = first_of(given, "validation", body.sample + 1)
    network = settings.network_of(given, dataset)
    return encoding.json(
        snapshot_of(Look(network, dataset, settings.criterion_of(given, dataset, network)), body.sample)
    )


@untrained.get("/api/datasets/<name>/samples", responses=answers({200: SamplesAnswer}, 404))
def samples(path: DatasetPath) -> Response:
    """Return a few samples of the training set: one of each class, or the first ones where there are no classes."""
    if path.name not in DATASETS:
        raise ProblemError(404, "no_data_set", name=path.name[:40])
    dataset = first_of({"dataset": path.name}, "train", SOME)
    return revalidated(encoding.json({"name": path.name, "items": samples_of_all(dataset, "train")}))
