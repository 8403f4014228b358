"""What happens in a race of optimizers, in words."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from cnn_engine.nn.landscapes import Landscape, Values
from cnn_engine.nn.race import LOST, Run, Runner
from cnn_engine.trace.wording import number

ARRIVED = 1e-3  # a loss below which one has all but arrived
FLAT = 1e-3  # a gradient below which the ground is flat

# What an event is called in a sentence about one runner, and about several.
EVENTS = {
    "overshoots": (
        "{names} overshoots: it steps past the lowest point ahead, and its loss rises.",
        "{names} overshoot: they step past the lowest point ahead, and their loss rises.",
    ),
    "misled": (
        "The noise leads {names} uphill: its loss rises.",
        "The noise leads {names} uphill: their loss rises.",
    ),
    "leaves": ("{names} leaves the picture.", "{names} leave the picture."),
    "still": (
        "{names} hardly moves: the ground is flat there, though elsewhere it is lower.",
        "{names} hardly move: the ground is flat there, though elsewhere it is lower.",
    ),
    "arrives": (
        "{names} has all but arrived: its loss is below 0.001.",
        "{names} have all but arrived: their loss is below 0.001.",
    ),
}
MOST_TOLD = 2  # events in one sentence


def event(landscape: Landscape, way: Run, step: int, noise: float) -> str:
    """What happens to a runner in this step, in a word; nothing where it simply goes on.

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


def _uphill(way: Run, step: int, move: Values, noise: float) -> str:
    """Why the loss has risen: noise chose the direction, or the step was too long."""
    if noise and float(np.dot(way.gradient[step], move)) > 0:
        return "misled"
    return "overshoots" if float(np.dot(way.gradient[step + 1], move)) > 0 else ""


def _inside(landscape: Landscape, place: Values) -> bool:
    (left, right), (low, high) = landscape.x_range, landscape.y_range
    return bool(left <= place[0] <= right and low <= place[1] <= high)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def sentence(runners: Sequence[Runner], ways: Sequence[Run], step: int, events: Sequence[str]) -> str:
    """Who leads, and what happens to whom."""
    titles = [runner.title for runner in runners]
    told = [_lead(titles, ways, step)]
    told += [_end(runner, way, step) for runner, way in zip(runners, ways, strict=True) if way.lost == step]
    for word, forms in EVENTS.items():
        names = [title for title, what in zip(titles, events, strict=True) if what == word]
        if names and len(told) <= MOST_TOLD:
            told.append(forms[len(names) > 1].format(names=_listed(names)))
    lost = [(title, way.lost) for title, way in zip(titles, ways, strict=True)]
    out = [f"{title} at step {when + 1}" for title, when in lost if when is not None and when < step]
    if out and len(told) <= MOST_TOLD:
        told.append(f"Out of the race, having diverged: {_listed(out)}.")
    return " ".join(told)


def _lead(titles: Sequence[str], ways: Sequence[Run], step: int) -> str:
    running = [place for place, way in enumerate(ways) if way.lost is None or step < way.lost]
    if not running:
        return "Nobody is left in the race."
    best = min(running, key=lambda place: ways[place].loss[step + 1])
    loss, new_loss = ways[best].loss[step], ways[best].loss[step + 1]
    if len(titles) > 1:
        return f"{titles[best]} is lowest: its loss is {number(new_loss)}."
    if loss == new_loss:
        return f"The loss of {titles[best]} stays at {number(loss)}."
    verb = "falls" if new_loss < loss else "rises"
    return f"The loss of {titles[best]} {verb} from {number(loss)} to {number(new_loss)}."


def _end(runner: Runner, way: Run, step: int) -> str:
    """How one knows that a runner will not come back, and why it went."""
    if way.loss[step + 1] > LOST:
        how = "its steps grew and grew, until its loss passed 10⁹"
    else:
        how = "its numbers grew until a computer could not hold them"
    remedy = "a momentum below 1" if getattr(runner.optimizer, "momentum", 0.0) >= 1 else "a smaller learning rate"
    return f"{runner.title} diverges: {how}. It needs {remedy} here."
