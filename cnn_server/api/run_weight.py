"""What the optimizer makes of one weight of a run, in numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from flask import Response

from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import Optimizer, clip_scale
from cnn_engine.nn.options import build
from cnn_engine.trace.one_weight import weight_lines
from cnn_engine.words import say
from cnn_server import encoding
from cnn_server.answers import Resource, answers
from cnn_server.api.run_views import looking
from cnn_server.api.runs import looked_at
from cnn_server.languages import language
from cnn_server.problems import ProblemError
from cnn_server.run_view_answers import WeightAnswer
from cnn_server.runs.looking import Look
from cnn_server.runs.record import Run, finite
from cnn_server.schemas.runs import RunPath, WeightQuery

INDEX = re.compile(r"[0-9]{1,9}(,[0-9]{1,9}){0,3}")
MOST = 40  # characters of what is refused

api = Resource("run_weight", __name__)


@api.get("/api/runs/<run_id>/weight", responses=answers({200: WeightAnswer}, 404, 503))
def weight(path: RunPath, query: WeightQuery) -> Response:
    """Return one number of the network: in slow motion with its gradient and what the update makes of it, by lines."""
    run = looked_at(path.run_id)
    with looking(run) as look:
        parameters = look.network.parameters()
        wanted = query if query.name else _first(parameters)
        cell = _cell(wanted, parameters[wanted.name].shape if wanted.name in parameters else ())
        head = {"step": look.step, "phase": look.phase, "name": wanted.name, "layer": int(wanted.name.split(".")[0])}
        value = finite(float(parameters[wanted.name][cell]))
        return encoding.fresh_json(head | {"cell": cell, "value": value, "lines": _lines(run, look, wanted.name, cell)})


def _first(parameters: Mapping[str, Array]) -> WeightQuery:
    """Return the first weight of all; a number that scales is none."""
    named = ((name, array) for name, array in parameters.items() if array.ndim > 1)
    name, array = next(named, ("", np.zeros(0)))
    return WeightQuery(name=name, cell=",".join("0" * array.ndim))


def _cell(query: WeightQuery, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Return the place that is asked for, or refuse it: a parameter that is not there has no shape."""
    cell = tuple(map(int, query.cell.split(","))) if INDEX.fullmatch(query.cell) else ()
    if not shape or len(cell) != len(shape) or any(at >= size for at, size in zip(cell, shape, strict=True)):
        raise ProblemError(422, "weight_not_there", "cell", name=query.name[:MOST], cell=query.cell[:MOST])
    return cell


def _lines(run: Run, look: Look, name: str, cell: tuple[int, ...]) -> list[dict[str, str]]:
    """Return the arithmetic of the update; none where there is no gradient, or the network is too large for it."""
    before, gradient = look.extra.get(f"before/values/{name}"), look.extra.get(f"backward/{name}")
    if before is None or gradient is None:
        return []
    rate = float(look.extra["before/learning_rate/"])
    lines = weight_lines(
        _optimizer(run, look, name, cell), float(before[cell]), float(gradient[cell]), rate, _clip(run, look)
    )
    return [{"label": say(label, language()), "text": text} for label, text in lines]


def _optimizer(run: Run, look: Look, name: str, cell: tuple[int, ...]) -> Optimizer:
    """Return it for this number alone, as it was before the update."""
    made: Optimizer = build(OPTIMIZERS, run.settings["optimizer"], "optimizer")
    made.prepare(np.zeros(1))
    made.updates = int(look.extra["before/updates/"])
    for vector, own in made.state.items():
        own[...] = look.extra[f"before/{vector}/{name}"][cell]
    return made


def _clip(run: Run, look: Look) -> float:
    most: Any = run.settings.get("clip_norm")
    if most is None:
        return 1.0
    found = [array.reshape(-1) for name, array in look.extra.items() if name.startswith("backward/")]
    return clip_scale(np.concatenate(found), most)
