"""Schedules: the learning rate of each step. PyTorch's names, options and formulas.

A schedule is a factor, or a formula, on the rate that the person set; it counts epochs unless `per` says "step".
Nothing is accumulated (but by reduce_on_plateau, which has to remember), so the rate of any step is known at once.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn.options import at_least_zero, build, fraction, named, number, one_of, positive

UNITS = ("epoch", "step")


def power(factor: float, count: int) -> float:
    """The power, infinite where no float is large enough."""
    try:
        return float(factor**count)
    except OverflowError:
        return math.inf


class Schedule(ABC):
    """The rate at a moment: `step` and `epoch` are how many are complete."""

    @abstractmethod
    def rate(self, base: float, step: int, epoch: int) -> float:
        """The learning rate of the step that comes next."""

    def observe(self, loss: float) -> None:  # noqa: B027  (most schedules do not listen)
        """Hear the loss of an epoch: the validation set's, or the training set's where there is none."""

    def state(self) -> dict[str, float]:
        """What it remembers."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember again."""
        if state:
            raise ParameterError("this schedule remembers nothing", "schedule")


class Constant(Schedule):
    """Always the same."""

    def rate(self, base: float, step: int, epoch: int) -> float:
        """The base."""
        return base


class _Counting(Schedule):
    def __init__(self, per: str) -> None:
        self.per = one_of(per, "per", UNITS)

    def rate(self, base: float, step: int, epoch: int) -> float:
        """The formula at this count."""
        return self._at(base, epoch if self.per == "epoch" else step)

    @abstractmethod
    def _at(self, base: float, count: int) -> float: ...


class Step(_Counting):
    """Times gamma after every `step_size`."""

    def __init__(self, step_size: int, gamma: float = 0.1, per: str = "epoch") -> None:
        super().__init__(per)
        self.step_size, self.gamma = whole(step_size, "step_size", 1), positive(gamma, "gamma")

    def _at(self, base: float, count: int) -> float:
        return base * power(self.gamma, count // self.step_size)


class Exponential(_Counting):
    """Times gamma each time."""

    def __init__(self, gamma: float, per: str = "epoch") -> None:
        super().__init__(per)
        self.gamma = positive(gamma, "gamma")

    def _at(self, base: float, count: int) -> float:
        return base * power(self.gamma, count)


class Cosine(_Counting):
    """From the base down to `eta_min` along half a cosine, `T_max` long; beyond that, up again."""

    def __init__(self, T_max: int, eta_min: float = 0.0, per: str = "epoch") -> None:
        super().__init__(per)
        self.T_max, self.eta_min = whole(T_max, "T_max", 1), at_least_zero(eta_min, "eta_min")

    def _at(self, base: float, count: int) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * count / self.T_max)) / 2


class WarmUp(_Counting):
    """A factor that rises in a straight line from `start_factor` to 1, on the rate of the schedule `after`."""

    def __init__(
        self, total_iters: int = 5, start_factor: float = 1 / 3, after: object = "constant", per: str = "step"
    ) -> None:
        super().__init__(per)
        self.total_iters = whole(total_iters, "total_iters", 1)
        self.start_factor = positive(start_factor, "start_factor")
        if self.start_factor > 1:
            raise ParameterError(f"start_factor {start_factor} must be at most 1", "start_factor")
        if named(after, "after")[0] == "warm_up":
            raise ParameterError('after must be another schedule than "warm_up"', "after")
        self.after = build(SCHEDULES, after, "after")

    def rate(self, base: float, step: int, epoch: int) -> float:
        """Both at once."""
        return super().rate(self.after.rate(base, step, epoch), step, epoch)

    def _at(self, base: float, count: int) -> float:
        done = min(count, self.total_iters) / self.total_iters
        return base * (self.start_factor + (1 - self.start_factor) * done)

    def observe(self, loss: float) -> None:
        """For the schedule after."""
        self.after.observe(loss)

    def state(self) -> dict[str, float]:
        """Of the schedule after."""
        return self.after.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Of the schedule after."""
        self.after.restore(state)


class ReduceOnPlateau(Schedule):
    """Times `factor` when the loss has not fallen for more than `patience` epochs."""

    def __init__(
        self,
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        self.factor = fraction(positive(factor, "factor"), "factor")
        self.patience, self.cooldown = whole(patience, "patience", 0), whole(cooldown, "cooldown", 0)
        self.threshold = at_least_zero(threshold, "threshold")
        self.threshold_mode = one_of(threshold_mode, "threshold_mode", ("rel", "abs"))
        self.min_lr = at_least_zero(min_lr, "min_lr")
        self._state: dict[str, float] = {"best": math.inf, "bad": 0, "cooling": 0, "reductions": 0}

    def rate(self, base: float, step: int, epoch: int) -> float:
        """The base after as many reductions as there were, but not below `min_lr`."""
        reduced = base * power(self.factor, int(self._state["reductions"]))
        return min(base, max(reduced, self.min_lr))

    def observe(self, loss: float) -> None:
        """Count epochs without a better loss."""
        state = self._state
        best = state["best"]
        wanted = best - self.threshold if self.threshold_mode == "abs" else best * (1 - self.threshold)
        if loss < wanted or (math.isinf(best) and loss < best):
            state["best"], state["bad"] = loss, 0
        else:
            state["bad"] += 1
        if state["cooling"]:
            state["cooling"] -= 1
            state["bad"] = 0
        if state["bad"] > self.patience:
            state["reductions"] += 1
            state["bad"], state["cooling"] = 0, self.cooldown

    def state(self) -> dict[str, float]:
        """The best loss, and the counts."""
        return dict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Remember again."""
        if set(state) != set(self._state):
            raise ParameterError("the schedule's memory does not fit it", "schedule")
        best = state["best"] if state["best"] == math.inf else number(state["best"], "best")
        self._state = {"best": best} | {name: whole(state[name], name, 0) for name in ("bad", "cooling", "reductions")}


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": Constant,
    "step": Step,
    "exponential": Exponential,
    "cosine": Cosine,
    "warm_up": WarmUp,
    "reduce_on_plateau": ReduceOnPlateau,
}
