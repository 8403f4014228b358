"""What a run's network does: a snapshot of one sample, predictions, the evaluation and examples of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from flask import Response, current_app

from cnn_engine.data.dataset import Dataset, Part
from cnn_engine.nn import evaluate
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.runs import looked_at
from cnn_server.languages import sentence_of
from cnn_server.problems import ProblemError
from cnn_server.run_view_answers import EvaluationAnswer, ExamplesAnswer, PredictionsAnswer, SnapshotAnswer
from cnn_server.runs.looking import Array, Look, Looker
from cnn_server.runs.record import Run, finite
from cnn_server.runs.service import service
from cnn_server.schemas.runs import CountQuery, EvaluationQuery, ExamplesQuery, RunPath, SampleQuery
from cnn_server.words import refusal

MOST_SHOWN = 10  # samples to choose by

api = Resource("run_views", __name__)


@contextmanager
def looking(run: Run) -> Iterator[Look]:
    """Yield a run's network as it is now, which nobody else uses in a `with` block."""
    looker: Looker = service().looker
    with looker.at(service().store(), run) as look:
        yield look


# ---- one sample


@api.get("/api/runs/<run_id>/snapshot", responses=answers({200: SnapshotAnswer}, 404, 503))
def snapshot(path: RunPath, query: SampleQuery) -> Response:
    """Return the weights, and what every layer makes of one validation sample, as of the step that is told."""
    with looking(looked_at(path.run_id)) as look:
        return encoding.fresh_json(snapshot_of(look, query.sample))


def snapshot_of(look: Look, index: int) -> dict[str, Any]:
    """Return a network at work on one sample of the validation set."""
    part = validation_sample(look, index)
    with np.errstate(all="ignore"):
        given = look.network.activations(part.x)
        outputs = given[-1].reshape(1, -1)
        loss = look.criterion.value(outputs, part.y)
        return {
            "step": look.step,
            "epoch": look.epoch,
            "phase": look.phase,
            "sample": sample_of(look.dataset, "validation", index),
            "layers": _layers(look, given),
            **_answer_of(look, outputs),
            "loss": finite(loss),
        }


def validation_sample(look: Look, index: int) -> Part:
    """Return one sample of the validation set as a set of its own."""
    part = look.dataset.validation
    if index >= part.size:
        raise ProblemError(422, "sample_not_there", "sample", number=index + 1, count=part.size)
    return Part(part.x[index : index + 1], part.y[index : index + 1])


def sample_of(dataset: Dataset, split: str, index: int) -> dict[str, Any]:
    """Return a sample with its truth."""
    part = dataset.parts[split]
    item: dict[str, Any] = {"index": index, "image": encoding.tensor(part.x[index])}
    if dataset.task == "classification":
        label = int(part.y[index])
        return item | {"label": label, "class": dataset.classes[label]}
    return item | {"label": part.y[index].tolist(), "class": None}


def samples_of_all(dataset: Dataset, split: str) -> list[dict[str, Any]]:
    """Return a few samples of a part to choose by: one of each class, or the first ones where there are no classes."""
    part = dataset.parts[split]
    chosen = np.unique(part.y, return_index=True)[1] if dataset.classes else np.arange(part.size)
    return [sample_of(dataset, split, int(index)) for index in chosen[:MOST_SHOWN]]


def _layers(look: Look, outputs: list[Array]) -> list[dict[str, Any]]:
    network, rows = look.network, []
    parameters = network.parameters()
    for at, (layer, output) in enumerate(zip(network.layers, outputs, strict=True)):
        row: dict[str, Any] = {"index": at, "layer": layer.kind, "output": encoding.tensor(output[0])}
        for name in ("weight", "bias"):
            row[name] = _tensor(parameters.get(f"{at}.{name}"))
            row[f"{name}_gradient"] = _tensor(look.extra.get(f"backward/{at}.{name}"))
            row[f"{name}_change"] = _tensor(look.extra.get(f"update/{at}.{name}"))
        rows.append(row)
    return rows


def _tensor(array: Array | None) -> dict[str, Any] | None:
    return None if array is None else encoding.tensor(array)


def _answer_of(look: Look, outputs: Array) -> dict[str, Any]:
    """Return what the network says to the one sample, (1, outputs)."""
    logits = outputs[0]
    if look.dataset.task == "regression":
        return {"logits": logits, "prediction": logits.tolist(), "predicted": None}
    predicted, _ = _bests(look, outputs)[0]
    return {"logits": logits, "probabilities": look.criterion.probabilities(outputs)[0], "predicted": predicted}


def _bests(look: Look, outputs: Array) -> list[tuple[int | None, float | None]]:
    """Return the class that each is taken for, and how probable it is; neither where they are not numbers any more."""
    if not len(outputs):
        return []
    with np.errstate(all="ignore"):
        classes, probabilities = look.criterion.predicted(outputs), look.criterion.probabilities(outputs)
    chances = [finite(chance) for chance in probabilities[np.arange(len(classes)), classes].tolist()]
    return [(None if chance is None else best, chance) for best, chance in zip(classes.tolist(), chances, strict=True)]


# ---- many samples


@api.get("/api/runs/<run_id>/predictions", responses=answers({200: PredictionsAnswer}, 404, 503))
def predictions(path: RunPath, query: CountQuery) -> Response:
    """Return what the network makes of the first samples of the validation set."""
    with looking(looked_at(path.run_id)) as look:
        count = min(query.count, look.dataset.validation.size)
        _check_work(look, look.needed_for("validation", count), "count")
        outputs = look.first_outputs("validation", count)
        return encoding.fresh_json({"step": look.step, "items": _judged(look, "validation", range(count), outputs)})


def _judged(look: Look, split: str, indices: Iterable[int], outputs: Array) -> list[dict[str, Any]]:
    """Return samples with what the network takes them for, by its answers to them."""
    items = [sample_of(look.dataset, split, index) for index in indices]
    if look.dataset.task == "regression":
        judgements = [{"predicted": answer, "probability": None, "correct": None} for answer in outputs.tolist()]
    else:
        judgements = [
            {"predicted": best, "probability": chance, "correct": best == item["label"]}
            for item, (best, chance) in zip(items, _bests(look, outputs), strict=True)
        ]
    return [item | more for item, more in zip(items, judgements, strict=True)]


def _check_work(look: Look, count: int, field: str) -> None:
    """Refuse answers to more samples than are computed here."""
    work, most = look.work(count), current_app.config["MAX_VIEW_WORK"]
    if work > most:
        raise ProblemError(422, "judging_takes_too_long", field, count=count, time=work, most=most)


@api.get("/api/runs/<run_id>/evaluation", responses=answers({200: EvaluationAnswer}, 404, 409, 503))
def evaluation(path: RunPath, query: EvaluationQuery) -> Response:
    """Return how the network does: on the validation set at any time, on the test set once the run has ended."""
    run = looked_at(path.run_id)
    _check_split(run, query.split)
    with looking(run) as look:
        _check_work(look, look.dataset.parts[query.split].size, "split")
        return encoding.fresh_json(
            {"split": query.split, "step": look.step, "classes": run.facts["classes"], **_scores(look, query.split)}
        )


def _check_split(run: Run, split: str) -> None:
    if split == "test" and run.open:
        raise ProblemError(409, "test_set_kept_apart")


def _scores(look: Look, split: str) -> dict[str, Any]:
    """Return all that can be told, by the loss of the run."""
    if not np.isfinite(look.outputs(split)).all():
        return {"loss": None, "reason": sentence_of(refusal("outputs_not_finite"))}
    part, criterion = look.dataset.parts[split], look.criterion
    scores = evaluate(
        look.network,
        *part,
        loss=criterion.name,
        task=criterion.task,
        class_weights=criterion.class_weights,
        answers=look.outputs(split),
    )
    return {name: value for name, value in vars(scores).items() if name not in {"predicted", "confidence"}}


@api.get("/api/runs/<run_id>/examples", responses=answers({200: ExamplesAnswer}, 404, 409, 503))
def examples(path: RunPath, query: ExamplesQuery) -> Response:
    """Return the images in one cell of the confusion matrix."""
    run = looked_at(path.run_id)
    _check_split(run, query.split)
    with looking(run) as look:
        if look.dataset.task == "regression":
            raise ProblemError(422, "no_confusion_matrix", "true")
        for name, value in (("true", query.true), ("predicted", query.predicted)):
            if value >= len(look.dataset.classes):
                last = len(look.dataset.classes) - 1
                raise ProblemError(422, "not_a_class", name, name=name, value=value, last=last)
        _check_work(look, look.dataset.parts[query.split].size, "split")
        outputs = look.outputs(query.split)
        guessed = look.criterion.predicted(outputs)
        cell = np.flatnonzero((look.dataset.parts[query.split].y == query.true) & (guessed == query.predicted))
        shown = cell[: query.count]
        items = _judged(look, query.split, shown.tolist(), outputs[shown])
        return encoding.fresh_json({"split": query.split, "step": look.step, "total": len(cell), "items": items})
