"""Where the network of POST /api/trace/network comes from, and whether anybody can follow it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
from flask import current_app

from cnn_engine import ConvoscopeError, trace_network
from cnn_engine.data.dataset import Part
from cnn_engine.models import Model
from cnn_engine.nn import Network
from cnn_engine.nn.layers import make_layers
from cnn_engine.nn.layers.base import Layer
from cnn_engine.nn.summary import possible_layers
from cnn_engine.trace.checking import POINTS
from cnn_engine.trace.network import SGD, NetworkTrace
from cnn_engine.trace.paths import MOST
from cnn_engine.trace.showing import by_size
from cnn_engine.trace.work import check_work, network_steps, network_work, paths_work, update_work
from cnn_engine.words import Message
from cnn_server.api.model_query import sample
from cnn_server.api.models import found
from cnn_server.api.run_views import looking
from cnn_server.api.runs import looked_at
from cnn_server.kept_networks import in_turn
from cnn_server.problems import ProblemError, check_most
from cnn_server.runs.looking import Look
from cnn_server.runs.outlines import in_batch, picture_in_batch, picture_work
from cnn_server.runs.record import Run
from cnn_server.schemas.field_types import Values
from cnn_server.schemas.network import NetworkBody
from cnn_server.words import refusal

PARTS = 16  # of a side: how finely one that would do is looked for
TRACED = ("architecture", "parameters", "input", "target", "loss", "optimizer", "optimizer_state")  # of a learner
MANY = 64  # layers, from which on it is not the input that is too large


@dataclass
class Learner:
    """What `trace_network` takes, wherever it comes from; `step` is that of the run, `batch` what it learns from.

    `drawing` is what having its sample takes, in nanoseconds as counted: it is a part of what the answer may take.
    """

    architecture: list[dict[str, Any]]
    parameters: dict[str, Any]
    input: Any
    target: Any
    loss: str = "cross_entropy"
    optimizer: Any = field(default_factory=lambda: dict(SGD))
    optimizer_state: dict[str, Any] | None = None
    step: int | None = None
    batch: int | None = None
    drawing: int = 0


@contextmanager
def learning(body: NetworkBody) -> Iterator[tuple[Learner, NetworkTrace]]:
    """Give what a body asks for, and its trace; what takes too long is refused before it is begun."""
    if body.run is not None:
        run = looked_at(body.run)
        with looking(run) as look:
            learner = _of_run(run, look, body)
    else:
        learner = _of_body(body)
    _check_times(learner, body)
    given = {name: getattr(learner, name) for name in TRACED} | {"updates": body.updates}
    most = current_app.config["MAX_NETWORK_STEPS"]
    counted = _counted(json.dumps(learner.architecture), np.shape(learner.input), most)
    with in_turn(given, *counted, lambda: trace_network(**given)) as trace:
        yield learner, trace


# ---- where the network comes from


def _of_body(body: NetworkBody) -> Learner:
    if body.model is not None:
        return _of_model(found(body.model), body)
    x, architecture, given = _as_maps(body.values()), body.architecture or [], _given(body)
    _check_size(architecture, x.shape)
    if body.seed is not None:
        drawn = Network(architecture, input_shape=x.shape, seed=body.seed, dtype="float64").parameters()
        return Learner(architecture, drawn, x, body.target, **given)
    return Learner(architecture, body.parameters or {}, x, body.target, **given)


def _given(body: NetworkBody) -> dict[str, Any]:
    """Return what of the body takes the place of what a learner has by default."""
    return {
        name: getattr(body, name)
        for name in ("loss", "optimizer", "optimizer_state")
        if getattr(body, name) is not None
    }


def _of_model(model: Model, body: NetworkBody) -> Learner:
    """Return a model, on a sample of the data set that it learned from or on what is given in its place."""
    architecture, x, target, given = list(model.network.architecture), body.values(), body.target, _given(body)
    drawing = 0
    _check_same(body, architecture)
    if body.sample is not None:
        own = sample(model, body.sample, "sample")
        drawing = own.work
        x, target = own.input if x is None else x, own.truth if target is None else target
        if isinstance(target, list):  # numbers, and no class
            given = {"loss": "mse"} | given
    x = _as_maps(x)
    _check_size(architecture, x.shape, drawing)
    return Learner(architecture, dict(model.parameters), x, target, drawing=drawing, **given)


def _of_run(run: Run, look: Look, body: NetworkBody) -> Learner:
    """Return the run's own network, as it is now; copies, since others may look at it next."""
    own, x, target, drawing = look.network, body.values(), body.target, 0
    _check_same(body, own.architecture)
    if body.sample is not None:
        part, drawing = _of_batch(run, look, body.sample)
        truth = look.criterion.check(part.y, 1, np.dtype(np.float64))[0]
        x, target = part.x[0] if x is None else x, truth if target is None else target
    x = _as_maps(x)
    _check_size(own.architecture, x.shape, drawing)
    if look.optimizer is None:
        raise ProblemError(409, "optimizer_not_stored", "run")
    state = {
        name: {key: np.array(array) for key, array in kept.items()} if isinstance(kept, dict) else kept
        for name, kept in look.optimizer.items()
    }
    loss, optimizer = look.criterion.name, run.settings["optimizer"]
    batch = len(in_batch(run, look.step))
    return Learner(own.architecture, own.state(), x, target, loss, optimizer, state, look.step, batch, drawing)


def _of_batch(run: Run, look: Look, index: int) -> tuple[Part, int]:
    """Return one picture of the batch that the run's present step learns from, and what having it takes."""
    batch, cap = in_batch(run, look.step), current_app.config["MAX_WORK"]
    if index >= len(batch):
        raise ProblemError(422, "sample_not_in_batch", "sample", number=index + 1, count=len(batch))
    chosen = int(batch[index])
    if (time := picture_work(run, chosen)) > cap:
        raise ProblemError(422, "sample_takes_too_long", "sample", sample=index, time=time, most=cap)
    return picture_in_batch(run, look.step, chosen), time


def _check_same(body: NetworkBody, architecture: list[dict[str, Any]]) -> None:
    """Refuse an architecture that is given beside what has its own, unless it is the same."""
    if body.architecture is not None and body.architecture != architecture:
        raise ProblemError(422, "another_architecture", "architecture", of="run" if body.run else "model")


def _as_maps(values: Values | None) -> Values:
    """Return a sample with an axis of channels, where it is one of maps."""
    assert values is not None  # the body has seen to it
    return values[None] if values.ndim == 2 else values


def _check_size(architecture: list[dict[str, Any]], shape: tuple[int, ...], drawing: int = 0) -> None:
    """Refuse a network that is larger than anybody can follow, or that takes too long, with an input that would do.

    `drawing` is what having its sample took: both together are one answer.
    """
    most, cap = current_app.config["MAX_NETWORK_STEPS"], current_app.config["MAX_WORK"]
    steps, time = _counted(json.dumps(architecture), shape, most)
    if steps > most:
        advice = _advice(make_layers(architecture, shape), architecture)
        raise ProblemError(413, "network_too_long", "architecture", steps=steps, most=most, advice=advice)
    if time > cap:
        advice = _advice(make_layers(architecture, shape), architecture)
        raise ProblemError(413, "network_takes_too_long", "architecture", time=time, most=cap, advice=advice)
    if time + drawing > cap:
        raise ProblemError(413, "network_and_sample_take_too_long", "sample", time=time, drawing=drawing, most=cap)


@lru_cache(128)  # a network is asked for a page of steps at a time
def _counted(architecture: str, shape: tuple[int, ...], most: int) -> tuple[int, int]:
    """Return how many steps a network has, and what an answer costs; of one with more steps than these, nothing."""
    entries = json.loads(architecture)
    layers = make_layers(entries, shape)
    steps = network_steps(layers)
    return steps, 0 if steps > most else network_work(layers, entries)


def _check_times(learner: Learner, body: NetworkBody) -> None:
    """Refuse the curve and the paths of a large network, and more updates before the one that is shown than there is
    time for.
    """
    if not body.updates and body.check is None and body.paths is None:
        return
    cap, architecture = current_app.config["MAX_WORK"], learner.architecture
    layers = make_layers(architecture, np.shape(learner.input))
    left = cap - network_work(layers, architecture) - learner.drawing
    if body.check is not None:
        time = check_work(layers, architecture, POINTS + 2)
        if time > left:
            raise ProblemError(413, "check_takes_too_long", "check", time=time, most=cap)
        left -= time
    if body.paths is not None:
        time = paths_work(layers, architecture, MOST)
        if time > left:
            raise ProblemError(413, "paths_take_too_long", "paths", time=time, most=cap)
        left -= time
    most = left // update_work(layers, architecture)
    check_most("updates_take_too_long", "updates", body.updates, most, "updates")


def _too_large(layers: list[Layer], architecture: list[dict[str, Any]]) -> bool:
    most, cap = current_app.config["MAX_NETWORK_STEPS"], current_app.config["MAX_WORK"]
    return bool(network_steps(layers) > most or network_work(layers, architecture) > cap)


def _advice(layers: list[Layer], architecture: list[dict[str, Any]]) -> Message:
    """Return the largest input of about the same shape with which the network would do, if one is found."""
    channels, *sides = layers[0].input_shape
    low, high = 0, PARTS  # shares of a side: one that is not too large, and one that is
    while sides and len(layers) <= MANY and high - low > 1:
        middle = (low + high) // 2
        try:
            fitting = make_layers(architecture, (channels, *_shared(sides, middle)))
        except ConvoscopeError:  # too small for its windows
            low = middle
            continue
        low, high = (low, middle) if _too_large(fitting, architecture) else (middle, high)
    if low and possible_layers(architecture, (channels, *_shared(sides, low)))[1] is None:
        return refusal("smaller_input_would_do", size=by_size(*_shared(sides, low)))
    return refusal("fewer_layers_would_do")


def _shared(sides: list[int], share: int) -> list[int]:
    return [max(1, side * share // PARTS) for side in sides]
