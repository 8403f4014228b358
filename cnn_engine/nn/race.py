"""Optimizers that walk down one landscape from one start, each by the very code that trains the networks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnn_engine.errors import ConvoscopeError, ParameterError
from cnn_engine.nn.choices import rows
from cnn_engine.nn.landscapes import Landscape, Values
from cnn_engine.nn.optimizers import OPTIMIZERS
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.options import build, named, one_of, positive
from cnn_engine.nn.schedules import SCHEDULES, Schedule

LOST = 1e9  # a loss from which nobody comes back: the runner stops there

# What a runner is called, and the optimizer that it is.
RUNNERS: dict[str, tuple[str, dict[str, Any]]] = {
    row["name"]: (row["title"], {"name": row["names"][0], **row["opens"], **row["fixed"]}) for row in rows(OPTIMIZERS)
}
RUNNERS["sgd"] = ("SGD", RUNNERS["sgd"][1])  # where it is one of many, its name says less than its initials


@dataclass
class Runner:
    """One that takes part: its optimizer, the rate it was given, and its own schedule."""

    name: str
    title: str
    optimizer: Optimizer
    learning_rate: float
    schedule: Schedule


@dataclass
class Descent:
    """Where one runner went. `position` and the rest have a row for each moment, the start's first.

    Attributes:
        position: (steps + 1, 2).
        loss: (steps + 1,), at these positions, without noise.
        gradient: (steps + 1, 2), the exact one there.
        noisy: (steps, 2), what the optimizer was given.
        rate: (steps,), the learning rates.
        states: the optimizer's state before each update.
        lost: the step whose update went beyond all bounds, counted from 0; None where none did.
    """

    position: Values
    loss: Values
    gradient: Values
    noisy: Values
    rate: Values
    states: list[dict[str, Values]] = field(default_factory=list)
    lost: int | None = None


def entered(
    optimizers: Sequence[str | Mapping[str, Any]], landscape: Landscape, rate: float | None, schedule: object
) -> list[Runner]:
    """Return the runners: names, or objects with a name and the optimizer's options.

    A runner's own learning_rate goes before `rate`, the one for all; without both it has the landscape's.

    Raises:
        ParameterError: an unknown or repeated name, or an option that the optimizer does not take; its field says
            which runner: `optimizers[1].learning_rate`.
    """
    if isinstance(optimizers, str | Mapping) or not optimizers:
        raise ParameterError("no_optimizers", "optimizers")
    shared = None if rate is None else positive(rate, "learning_rate")
    runners: list[Runner] = []
    for index, config in enumerate(optimizers):
        try:
            runner = _runner(config, landscape, shared, schedule)
        except ConvoscopeError as error:
            if error.field and error.field.startswith("schedule"):
                raise
            option = (error.field or "").removeprefix("optimizer.")
            where = f"optimizers[{index}]" + (f".{option}" if option not in {"", "optimizers"} else "")
            raise error.within(where, "at", where=where) from error
        if any(runner.name == other.name for other in runners):
            raise ParameterError("optimizer_twice", f"optimizers[{index}]", name=runner.name)
        runners.append(runner)
    return runners


def _runner(config: str | Mapping[str, Any], landscape: Landscape, rate: float | None, schedule: object) -> Runner:
    name, options = named(config, "optimizers")
    title, own = RUNNERS[one_of(name, "optimizers", tuple(RUNNERS))]
    if options.get("dampening"):
        raise ParameterError("dampening_not_shown", "dampening")
    merged = {"learning_rate": landscape.rates[name] if rate is None else rate} | own | options
    optimizer = build(OPTIMIZERS, merged, "optimizer")
    return Runner(name, title, optimizer, optimizer.learning_rate, _schedule(schedule))


def _schedule(config: object) -> Schedule:
    try:
        return build(SCHEDULES, config, "schedule")
    except ConvoscopeError as error:
        raise error.within(error.field, "at", where="schedule") from error


def run(runner: Runner, landscape: Landscape, start: Values, noise: Values) -> Descent:
    """Return one runner's way; noise (steps, 2) is added to its gradients. An epoch of the schedule is one step.

    A loss beyond LOST, or one that is no number any more, ends the way: from then on the runner stays where it was.
    """
    steps = len(noise)
    way = Descent(
        np.tile(start, (steps + 1, 1)), np.empty(steps + 1), np.zeros((steps + 1, 2)), noise * 0, np.zeros(steps)
    )
    values = start.astype(np.float64)
    runner.optimizer.prepare(values)
    with np.errstate(all="ignore"):
        way.loss[:], way.gradient[0] = landscape.loss(values), landscape.gradient(values)
        for step in range(steps):
            _take(runner, landscape, way, values, step, noise[step])
            if way.lost is not None:
                break
    return way


def _take(runner: Runner, landscape: Landscape, way: Descent, values: Values, step: int, noise: Values) -> None:
    """Take one update, and note what it leads to."""
    optimizer = runner.optimizer
    way.rate[step] = rate = _rate(runner, step)
    way.noisy[step] = gradient = way.gradient[step] + noise
    way.states.append({name: vector.copy() for name, vector in optimizer.state.items()})
    optimizer.update(values, gradient, rate)
    loss = landscape.loss(values)
    runner.schedule.observe(loss)
    held = math.isfinite(values[0]) and math.isfinite(values[1]) and math.isfinite(loss)
    if not (held and loss <= LOST):
        way.lost = step
    where, how_high = (values, loss) if held else (way.position[step], way.loss[step])
    rest = slice(step + 1, step + 2 if way.lost is None else None)
    way.position[rest], way.loss[rest] = where, how_high
    way.gradient[step + 1] = landscape.gradient(values) if held else 0


def _rate(runner: Runner, step: int) -> float:
    try:
        rate = runner.schedule.rate(runner.learning_rate, step, step)
    except OverflowError:
        rate = math.inf
    if not math.isfinite(rate):
        raise ParameterError("learning_rate_too_large", "schedule", step=step + 1)
    return rate


def explained(runner: Runner, way: Descent, step: int) -> dict[str, Values]:
    """Return the value of every line of one update (`Optimizer.lines`), and the state before it."""
    optimizer = runner.optimizer
    optimizer.state, optimizer.updates = way.states[step], step
    before = {f"{name}_before": vector for name, vector in optimizer.state.items()}
    return before | optimizer.explain(way.position[step], way.noisy[step], float(way.rate[step]))
