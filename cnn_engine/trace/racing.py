"""What happens in a race of optimizers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from cnn_engine.nn.landscapes import Landscape, Values
from cnn_engine.nn.race import LOST, Descent, Runner
from cnn_engine.words import Message

ARRIVED = 1e-3  # a loss below which one has all but arrived
FLAT = 1e-3  # a gradient below which the ground is flat

EVENTS = ("overshoots", "misled", "leaves", "still", "arrives")  # those that a sentence mentions
MOST_SENTENCES = 2  # of a step, after which nothing else is mentioned


def event(landscape: Landscape, way: Descent, step: int, noise: float) -> str:
    """Return in a word what happens to a runner in this step; nothing where it simply goes on.

    diverges (in this step), stopped (it diverged before), leaves (the picture), arrives, still, misled (by noise,
    uphill), overshoots.
    """
    if way.lost is not None and step >= way.lost:
        return "diverges" if step == way.lost else "stopped"
    before, after = way.position[step], way.position[step + 1]
    if _inside(landscape, before) and not _inside(landscape, after):
        return "leaves"
    loss, new_loss = float(way.loss[step]), float(way.loss[step + 1])
    if max(loss, new_loss) < ARRIVED:
        return ""  # what still happens there is too small to be seen
    if loss >= ARRIVED > new_loss:
        return "" if way.loss[: step + 1].min() < ARRIVED else "arrives"
    if math.hypot(*way.gradient[step]) < FLAT:
        return "still"
    return _uphill(way, step, after - before, noise) if new_loss > loss else ""


def _uphill(way: Descent, step: int, move: Values, noise: float) -> str:
    """Return why the loss has risen: noise chose the direction, or the step was too long."""
    if noise and float(np.dot(way.gradient[step], move)) > 0:
        return "misled"
    return "overshoots" if float(np.dot(way.gradient[step + 1], move)) > 0 else ""


def _inside(landscape: Landscape, point: Values) -> bool:
    (left, right), (low, high) = landscape.x_range, landscape.y_range
    return bool(left <= point[0] <= right and low <= point[1] <= high)


def message(runners: Sequence[Runner], ways: Sequence[Descent], step: int, events: Sequence[str]) -> Message:
    """Return who leads, and what happens to whom."""
    titles = [runner.title for runner in runners]
    diverged = [_end(runner, way, step) for runner, way in zip(runners, ways, strict=True) if way.lost == step]
    room = MOST_SENTENCES - len(diverged)
    found = [(word, [title for title, what in zip(titles, events, strict=True) if what == word]) for word in EVENTS]
    mentioned = [(word, names) for word, names in found if names][: max(room, 0)]
    lost = [(title, way.lost) for title, way in zip(titles, ways, strict=True)]
    out = [(title, when) for title, when in lost if when is not None and when < step]
    fits = len(mentioned) < room
    more = {"diverged": diverged, "events": mentioned, "out": out if fits else []}
    return Message("race.step", _lead(titles, ways, step) | more)


def _lead(titles: Sequence[str], ways: Sequence[Descent], step: int) -> dict[str, Any]:
    running = [index for index, way in enumerate(ways) if way.lost is None or step < way.lost]
    if not running:
        return {"leader": "", "alone": False, "loss": 0.0, "new_loss": 0.0}
    best = min(running, key=lambda index: ways[index].loss[step + 1])
    loss, new_loss = float(ways[best].loss[step]), float(ways[best].loss[step + 1])
    return {"leader": titles[best], "alone": len(titles) == 1, "loss": loss, "new_loss": new_loss}


def _end(runner: Runner, way: Descent, step: int) -> tuple[str, bool, bool]:
    """Return who diverges, whether its loss grew too large, and whether momentum is at fault."""
    return runner.title, bool(way.loss[step + 1] > LOST), getattr(runner.optimizer, "momentum", 0.0) >= 1
