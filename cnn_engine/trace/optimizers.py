"""A race of optimizers down a landscape, one update of each a step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike

from cnn_engine.errors import ParameterError, ShapeError
from cnn_engine.geometry import Count, whole
from cnn_engine.nn.arithmetic import digits_that_hold, tokens
from cnn_engine.nn.landscapes import LANDSCAPES, Landscape, Values
from cnn_engine.nn.optimizers.base import Optimizer
from cnn_engine.nn.options import AT_LEAST_ZERO, bounded, number, one_of
from cnn_engine.nn.race import RUNNERS, Descent, Runner, entered, explained, run
from cnn_engine.nn.schedules import SCHEDULES
from cnn_engine.parameters import Accepts
from cnn_engine.trace.base import Array, Columns, Tensors, Trace
from cnn_engine.trace.columns import Column
from cnn_engine.trace.racing import event, message
from cnn_engine.words import Message, Messages

__all__ = ["trace_optimizers"]

COLS, ROWS = 121, 81  # of the grid of heights
CONTOURS = 11
RELIEF = 1000  # the relief in whole numbers: what is drawn needs no more
COLUMNS = (
    Column("output_cell", "whole", (), "the number of the update, from 0"),
    Column("position", "number", ("runner", "x, y"), "before the update"),
    Column("true_gradient", "number", ("runner", "x, y"), "without the noise"),
    Column("noise", "number", ("x, y",), "the same for all runners"),
    Column("gradient", "number", ("runner", "x, y"), "with the noise"),
    Column("loss", "number", ("runner",), "before the update"),
    Column("learning_rate", "number", ("runner",), "of this update"),
    Column("output", "number", ("runner", "x, y"), "the position after the update"),
    Column("new_loss", "number", ("runner",), "after the update"),
    Column("running", "flag", ("runner",), "false from the step after a runner diverged; what it would have is 0"),
    Column("event", "word", ("runner",), "what happens to it in this step"),
    Column(
        "digits",
        "whole",
        ("runner", "line", "x, y"),
        "with how many digits the numbers of a line make what is printed of it: of the gradient, then of the update",
    ),
    Column("runner.line", "number", ("x, y",), "a line of a runner's update, or its state before: adam.exp_avg_before"),
)

Entrant = str | Mapping[str, Any]  # a name, or an object with the name and options

# What the names of the formulas are called on a page, in a word and in a letter; `exp_avg_before` is the old m, m₀.
WORDS = {
    "values": ("old place", "w₀"),
    "gradient": ("gradient", "g"),
    "rate": ("learning rate", "η"),
    "t": ("update", "t"),
    "momentum": ("momentum", "μ"),
    "alpha": ("smoothing", "α"),
    "beta1": ("smoothing", "β₁"),
    "beta2": ("smoothing", "β₂"),
    "eps": ("a little", "ε"),
    "weight_decay": ("weight decay", "λ"),
    "lr_decay": ("rate decay", "κ"),
    "decayed": ("with decay", "g′"),
    "shrunk": ("shrunk", "w′"),
    "momentum_buffer": ("velocity", "v"),
    "ahead": ("look ahead", "a"),
    "sum": ("sum of squares", "s"),
    "square_avg": ("squares", "s"),
    "grad_avg": ("mean", "m"),
    "exp_avg": ("mean", "m"),
    "exp_avg_sq": ("squares", "s"),
    "root": ("root", "r"),
    "direction": ("direction", "d"),
    "step": ("step", "Δ"),
    "output": ("new place", "w"),
}


def trace_optimizers(
    landscape: Annotated[str, Accepts("word", words=tuple(LANDSCAPES))] = "valley",
    start: Annotated[ArrayLike, Accepts("numbers", length=2)] | None = None,
    optimizers: Annotated[Sequence[Entrant], Accepts("list", words=tuple(RUNNERS))] = tuple(RUNNERS)[:-1],
    learning_rate: Annotated[float, Accepts("number", above=0)] | None = None,
    schedule: Annotated[Entrant, Accepts("named", words=tuple(SCHEDULES))] = "constant",
    noise: Annotated[float, Accepts("number", minimum=0)] = 0.0,
    seed: Annotated[int, Accepts("whole", minimum=0)] = 0,
    updates: Count = 120,
) -> Annotated[Trace, COLUMNS]:
    """Return the steps of a race: every runner makes one update in each, `updates` in all.

    `landscape` is one of `cnn_engine.nn.landscapes.LANDSCAPES`, `start` a place (x, y) in it; `optimizers` are names of
    `cnn_engine.nn.race.RUNNERS`, or objects with a "name", perhaps a "learning_rate", and other options of the
    optimizer. `learning_rate` is the rate of all that have none of their own; without it each has one that suits it
    here. `noise` is the standard deviation of what is added to both parts of each gradient, as small batches would;
    all runners get the same draws, which `seed` chooses.

    `COLUMNS` says what a step holds, the runners in the order given; the formulas are in `params["runners"]`.

    Tensors: input (the start), output (updates, R, 2), loss (updates + 1, R; NaN after a runner diverged), relief
    (81, 121) in whole numbers up to 1000, levels (the heights of the contour lines), level_relief (where these are in
    the relief); on request path (updates + 1, R, 3): x, y and the loss in float32, for drawing.

    Raises:
        ParameterError, ShapeError: an argument out of its range, by its name.
    """
    return _OptimizersTrace(landscape, start, optimizers, learning_rate, schedule, noise, seed, updates)


class _OptimizersTrace(Trace):
    op = "optimizers"
    on_request = ("path",)

    def __init__(
        self,
        landscape: str,
        start: ArrayLike | None,
        optimizers: Sequence[Entrant],
        learning_rate: float | None,
        schedule: Entrant,
        noise: float,
        seed: int,
        updates: int,
    ) -> None:
        self.landscape = LANDSCAPES[one_of(landscape, "landscape", tuple(LANDSCAPES))]
        self.start = _checked_start(start, self.landscape)
        self.runners = entered(optimizers, self.landscape, learning_rate, schedule)
        self.noise, self.seed = bounded(noise, "noise", AT_LEAST_ZERO), whole(seed, "seed", 0)
        self.updates = whole(updates, "updates", 1)
        self.params = self._params(landscape, schedule)
        self.tensors = Tensors(
            {
                "input": self.start,
                "output": lambda: np.stack([way.position[1:] for way in self.ways], axis=1),
                "loss": lambda: np.stack([_until_lost(way) for way in self.ways], axis=1),
                "path": self._path,
                "relief": self._relief,
                "levels": self.landscape.levels(CONTOURS),
                "level_relief": self.landscape.relief(self.landscape.levels(CONTOURS)) * RELIEF,
            }
        )

    def _params(self, landscape: str, schedule: object) -> dict[str, Any]:
        here = self.landscape
        return {
            "landscape": landscape,
            "title": here.title,
            "note": here.note,
            "x_range": list(here.x_range),
            "y_range": list(here.y_range),
            "lowest": [list(point) for point in here.lowest],
            "start": self.start.tolist(),
            "schedule": schedule,
            "noise": self.noise,
            "seed": self.seed,
            "updates": self.updates,
            "words": {name: {"word": word, "letter": letter} for name, (word, letter) in WORDS.items()},
            "runners": [_runner_as_json(runner) for runner in self.runners],
        }

    @cached_property
    def ways(self) -> list[Descent]:
        """Where each runner goes."""
        return [run(runner, self.landscape, self.start, self.draws) for runner in self.runners]

    @cached_property
    def draws(self) -> Values:
        """The noise of every step: the same for all runners, so that none is the luckier one."""
        return np.random.default_rng(self.seed).standard_normal((self.updates, 2)) * self.noise

    def _path(self) -> Array:
        """Return where everybody was and how high, from the start on, no more exact than it can be drawn."""
        position = np.stack([way.position for way in self.ways], axis=1)
        return np.concatenate([position, self.tensors["loss"][..., None]], axis=2).astype(np.float32)

    def _relief(self) -> Array:
        grid = self.landscape.grid(COLS, ROWS)
        return np.rint(self.landscape.relief(grid) * RELIEF).astype(np.int64)

    def _output_shape(self) -> tuple[int, ...]:
        return (self.updates, len(self.runners), 2)

    def __len__(self) -> int:
        return self.updates

    def _columns(self, cells: Array) -> Columns:
        ways = self.ways
        columns = {
            "output_cell": cells,
            "position": np.stack([way.position[cells] for way in ways], axis=1),
            "true_gradient": np.stack([way.gradient[cells] for way in ways], axis=1),
            "noise": self.draws[cells],
            "gradient": np.stack([way.noisy[cells] for way in ways], axis=1),
            "loss": np.stack([way.loss[cells] for way in ways], axis=1),
            "learning_rate": np.stack([way.rate[cells] for way in ways], axis=1),
            "output": np.stack([way.position[cells + 1] for way in ways], axis=1),
            "new_loss": np.stack([way.loss[cells + 1] for way in ways], axis=1),
            "running": np.array([[way.lost is None or cell <= way.lost for way in ways] for cell in cells], bool),
            "event": np.array([[event(self.landscape, way, cell, self.noise) for way in ways] for cell in cells], str),
        }
        columns["running"] = columns["running"].reshape(len(cells), len(ways))
        columns["event"] = columns["event"].reshape(len(cells), len(ways))
        for runner, way in zip(self.runners, ways, strict=True):
            columns |= _arithmetic(runner, way, cells)
        return columns | {"digits": self._digits(columns, cells)}

    def _digits(self, columns: Columns, cells: Array) -> Array:
        """Return how many digits each runner's lines need; 0 behind its last."""
        needed = [_digits_of(runner, index, columns, cells) for index, runner in enumerate(self.runners)]
        most = max(map(len, needed))
        whole = np.zeros((len(cells), len(needed), most, 2), np.int64)
        for index, lines in enumerate(needed):
            whole[:, index, : len(lines)] = np.stack(lines, axis=1)
        return whole

    def page(self, start: int = 0, stop: int | None = None) -> tuple[Columns, list[Messages]]:
        """Return the columns of some steps, and what happens in each of them."""
        columns = self.columns(start, stop)
        return columns, [[self._message(step) for step in range(self.updates)[start:stop]]]

    def _message(self, step: int) -> Message:
        events = [event(self.landscape, way, step, self.noise) for way in self.ways]
        return message(self.runners, self.ways, step, events)


def _checked_start(start: ArrayLike | None, landscape: Landscape) -> Values:
    """Return the start as (2,), if it is in the picture."""
    if start is None:
        return np.array(landscape.start)
    if np.shape(start) != (2,):
        raise ShapeError("start_not_two_numbers", "start")
    point = [number(value, "start") for value in np.asarray(start).tolist()]
    for axis, value, (low, high) in zip("xy", point, (landscape.x_range, landscape.y_range), strict=True):
        if not low <= value <= high:
            where = {"axis": axis, "value": value, "low": low, "high": high}
            raise ParameterError("outside_the_landscape", "start", **where)
    return np.array(point)


def _until_lost(way: Descent) -> Values:
    """Return the losses as far as there was a runner."""
    loss = way.loss.copy()
    if way.lost is not None:
        loss[way.lost + 2 :] = np.nan
    return loss


def _runner_as_json(runner: Runner) -> dict[str, Any]:
    """Return a runner for a page: its numbers, and its update's formulas in order."""
    own = {"name": runner.name, "title": runner.title, "number": list(RUNNERS).index(runner.name)}
    return own | {"learning_rate": runner.learning_rate} | formulas(runner.optimizer)


def formulas(optimizer: Optimizer) -> dict[str, Any]:
    """Return the lines of an optimizer's next update in order, and the numbers of its own that they use."""
    lines = optimizer.lines()
    used = {token for formula in lines.values() for token in tokens(formula)}
    own = {name: value for name, value in vars(optimizer).items() if name in used and isinstance(value, float)}
    return {
        "constants": own,
        "lines": [{"name": name, "formula": tokens(formula)} for name, formula in lines.items()],
    }


def _digits_of(runner: Runner, index: int, columns: Columns, cells: Array) -> list[Array]:
    """Return how many digits each line of one runner needs, the gradient's first."""
    gradient = columns["gradient"][:, index]
    slope, noise = columns["true_gradient"][:, index], columns["noise"]
    of_gradient = digits_that_hold("slope + noise", {"slope": slope, "noise": noise}, gradient)
    own = {name.partition(".")[2]: column for name, column in columns.items() if name.startswith(f"{runner.name}.")}
    known = formulas(runner.optimizer)["constants"] | own
    known |= {"values": columns["position"][:, index], "gradient": gradient}
    known |= {"rate": columns["learning_rate"][:, index, None], "t": cells[:, None] + 1.0}
    lines = runner.optimizer.lines()
    return [of_gradient, *(digits_that_hold(formula, known, own[name]) for name, formula in lines.items())]


def _arithmetic(runner: Runner, way: Descent, cells: Array) -> Columns:
    """Return a column for each line of the update and for each vector of the state before it."""
    state = [f"{name}_before" for name in runner.optimizer.vectors()]
    names = [*state, *runner.optimizer.lines()]
    columns = {name: np.zeros((len(cells), 2)) for name in names}
    for point, cell in enumerate(cells.tolist()):
        if way.lost is not None and cell > way.lost:
            break
        for name, value in explained(runner, way, cell).items():
            columns[name][point] = value
    return {f"{runner.name}.{name}": column for name, column in columns.items()}
