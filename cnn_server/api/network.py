"""POST /api/trace/network: one update of a network on one sample, number by number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from flask import Response, current_app

from cnn_engine.trace.checking import check_gradient
from cnn_engine.trace.network import NetworkTrace
from cnn_engine.trace.network_showing import overview
from cnn_engine.trace.paths import gradient_paths
from cnn_engine.trace.showing import plain
from cnn_engine.words import Message, say
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.learners import learning
from cnn_server.api.traces import VERSION, numbers_in_step, shown, step_range, steps_answer, tensor_names
from cnn_server.languages import language
from cnn_server.schemas.network import NetworkBody, NumberCheckBody, PathsBody
from cnn_server.trace_answers import NetworkAnswer

api = Resource("network", __name__)


@api.post(
    "/api/trace/network",
    operation_id="trace_network",
    responses=answers({200: NetworkAnswer}, 400, 404, 409, 413, 415, 503),
)
def network(body: NetworkBody) -> Response:
    """Return forward, loss, backward and update of a network on one sample, step by step.

    The steps are those of the entries of `timeline`, one after the other; each says in `entry` which it belongs to.
    """
    with learning(body) as (learner, trace), np.errstate(all="ignore"):  # what is no number spreads, and is shown
        answer = _answer(trace, body)
    params = answer["params"] | {"architecture": learner.architecture, "optimizer": learner.optimizer}
    of_run = {"step": learner.step, "batch": learner.batch} if learner.step is not None else {}
    return encoding.json(answer | {"params": params} | of_run)


def _answer(trace: NetworkTrace, body: NetworkBody) -> dict[str, Any]:
    start, stop = step_range(len(trace), body.steps, lambda start: _largest_step(trace, start))
    names = tensor_names(trace, body.tensors)
    answer: dict[str, Any] = {
        "version": VERSION,
        "op": trace.op,
        "params": trace.params,
        "timeline": _timeline(trace),
        "loss": trace.loss,
        "loss_after": trace.loss_after,
        "predicted_change": trace.predicted_change,
        "outcome": say(trace.outcome(), language()),
        "logits": encoding.numbers(trace.logits),
        "gradients": _values(trace.gradients),
        "parameters": _values(trace.parameters),
        "parameters_after": _values(trace.parameters_after),
        "optimizer_state": _state(trace.optimizer_state),
        "finite_updates": trace.finite_updates,
        "input_gradient": encoding.numbers(trace.input_gradient),
        "tensors": {name: encoding.tensor(trace.tensors[name]) for name in names},
        "steps": steps_answer(trace, body, start, stop),
    }
    if body.check is not None:
        answer["check"] = _checked(trace, body.check)
    if body.overview:
        answer["overview"] = plain(overview(trace), language())
    if body.paths is not None:
        answer["paths"] = _paths(trace, body.paths)
    if {"card", "links"} & set(body.parts or ()):
        parts = [(index, trace.part(index)) for index, _, _ in trace.spans(start, stop)]
        answer["traces"] = [
            {"entry": index, "total": len(part), **shown(part, tensor_names(part, None), body)} for index, part in parts
        ]
    return answer


def _checked(trace: NetworkTrace, body: NumberCheckBody) -> dict[str, Any]:
    check = check_gradient(trace, body.parameter, body.index, body.reach)
    curves = {name: encoding.numbers(getattr(check, name)) for name in ("values", "losses", "tangent")}
    crossed = ["" if corners is None else say(corners, language()) for corners in check.crossings()]
    return vars(check) | curves | {"finding": say(check.finding(), language()), "crossed": crossed}


def _paths(trace: NetworkTrace, body: PathsBody) -> dict[str, Any]:
    found = gradient_paths(trace, body.tensor, body.index)
    code = language()
    texts = {"finding": say(found.finding(), code), "made_by": [say(title, code) for title in found.made_by]}
    texts["ends"] = [say(Message(f"learning.end_{why}", {}), code) for why in found.stopped]
    reached = {name: cells.tolist() for name, cells in found.reached.items()}
    return vars(found) | texts | {"reached": reached}


def _largest_step(trace: NetworkTrace, start: int) -> int:
    """Return how many numbers the columns of one step hold, in the entry of a page that has the most."""
    stop = min(start + current_app.config["STEP_PAGE"], len(trace))
    firsts = [(trace.part(index), first) for index, first, _ in trace.spans(start, stop)]
    return max(numbers_in_step(part, first) for part, first in firsts)


def _timeline(trace: NetworkTrace) -> list[dict[str, Any]]:
    marks = [say(message, language()) for _, message in trace.marks]
    labels = [say(message, language()) for message in trace.labels]
    named = zip(trace.timeline, marks, labels, strict=True)
    return [entry.as_json() | {"title": mark, "label": label} for entry, mark, label in named]


def _values(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encoding.numbers(array) for name, array in arrays.items()}


def _state(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _values(own) if isinstance(own, Mapping) else own for name, own in kept.items()}
