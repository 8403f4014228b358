"""Schedules: the learning rate of each step. PyTorch's names, options and formulas.

A schedule is a factor, or a formula, on the rate that the person set; it counts epochs unless `per` says "step".
Nothing is accumulated (but by reduce_on_plateau, which has to remember), so the rate of any step is known at once.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar, Literal, get_args

from cnn_engine.errors import ParameterError
from cnn_engine.geometry import whole
from cnn_engine.nn.choices import Choice
from cnn_engine.nn.options import POSITIVE, AtLeastZero, build, checked, named, number
from cnn_engine.parameters import Accepts

Length = Annotated[int, Accepts("whole", minimum=1, title="length")]
Units = Literal["epoch", "step"]
Unit = Annotated[Units, Accepts("word", words=get_args(Units), title="counted by")]
Gamma = Annotated[float, Accepts("number", above=0, title="times")]


def power(factor: float, count: int) -> float:
    """Return the power, infinite where no float is large enough."""
    try:
        return float(factor**count)
    except OverflowError:
        return math.inf


class Schedule(ABC):
    """The rate at a moment: `step` and `epoch` are how many are complete."""

    choices: ClassVar[tuple[Choice, ...]]

    @abstractmethod
    def rate(self, base: float, step: int, epoch: int) -> float:
        """Return the learning rate of the step that comes next."""

    def observe(self, loss: float) -> None:  # noqa: B027  (most schedules do not listen)
        """Hear the loss of an epoch: the validation set's, or the training set's where there is none."""

    def state(self) -> dict[str, float]:
        """Return what it remembers."""
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        """Remember again."""
        if state:
            raise ParameterError("schedule_without_memory", "schedule")


class ConstantRate(Schedule):
    """A rate that is always the same."""

    choices = (Choice("Constant", "The rate stays.", called="constant"),)

    def rate(self, base: float, step: int, epoch: int) -> float:
        """Return the base."""
        return base


class _Counting(Schedule):
    def __init__(self, per: str) -> None:
        self.per = per

    def rate(self, base: float, step: int, epoch: int) -> float:
        """Return the formula at this count."""
        return self._at(base, epoch if self.per == "epoch" else step)

    @abstractmethod
    def _at(self, base: float, count: int) -> float: ...


class StepDecay(_Counting):
    """Times gamma after every `step_size`."""

    choices = (
        Choice(
            "Steps",
            "The rate falls every few epochs.",
            {"step_size": 5, "gamma": 0.3, "per": "epoch"},
            called="in steps",
        ),
    )

    @checked
    def __init__(
        self,
        step_size: Annotated[int, Accepts("whole", minimum=1, title="every")],
        gamma: Gamma = 0.1,
        per: Unit = "epoch",
    ) -> None:
        super().__init__(per)
        self.step_size, self.gamma = step_size, gamma

    def _at(self, base: float, count: int) -> float:
        return base * power(self.gamma, count // self.step_size)


class Exponential(_Counting):
    """Times gamma each time."""

    choices = (
        Choice(
            "Exponential",
            "The rate falls by the same share each time.",
            {"gamma": 0.9, "per": "epoch"},
            called="exponential",
        ),
    )

    @checked
    def __init__(self, gamma: Gamma, per: Unit = "epoch") -> None:
        super().__init__(per)
        self.gamma = gamma

    def _at(self, base: float, count: int) -> float:
        return base * power(self.gamma, count)


class Cosine(_Counting):
    """From the base down to `eta_min` along half a cosine, `T_max` long; beyond that, up again."""

    choices = (Choice("Cosine", "Down to 0 along half a cosine.", {"T_max": 15, "per": "epoch"}, called="cosine"),)

    @checked
    def __init__(self, T_max: Length, eta_min: AtLeastZero = 0.0, per: Unit = "epoch") -> None:
        super().__init__(per)
        self.T_max, self.eta_min = T_max, eta_min

    def _at(self, base: float, count: int) -> float:
        return self.eta_min + (base - self.eta_min) * (1 + math.cos(math.pi * count / self.T_max)) / 2


class WarmUp(_Counting):
    """A factor that rises in a straight line from `start_factor` to 1, on the rate of the schedule `after`."""

    choices = (
        Choice(
            "Warm-up",
            "Small at first, then in full.",
            {"total_iters": 30, "start_factor": 0.1},
            called="warm-up",
        ),
    )

    @checked
    def __init__(
        self,
        total_iters: Length = 5,
        start_factor: Annotated[float, Accepts("number", above=0, maximum=1, title="from", rule="must_be_at_most")] = 1
        / 3,
        after: Annotated[object, Accepts("named")] = "constant",
        per: Unit = "step",
    ) -> None:
        super().__init__(per)
        self.total_iters, self.start_factor = total_iters, start_factor
        if named(after, "after")[0] == "warm_up":
            raise ParameterError("warm_up_after_warm_up", "after")
        self.after = build(SCHEDULES, after, "after")

    def rate(self, base: float, step: int, epoch: int) -> float:
        """Return the rate that this schedule makes of the other one's."""
        return super().rate(self.after.rate(base, step, epoch), step, epoch)

    def _at(self, base: float, count: int) -> float:
        done = min(count, self.total_iters) / self.total_iters
        return base * (self.start_factor + (1 - self.start_factor) * done)

    def observe(self, loss: float) -> None:
        """Let the schedule after it see the loss."""
        self.after.observe(loss)

    def state(self) -> dict[str, float]:
        """Return the state of the schedule after it."""
        return self.after.state()

    def restore(self, state: dict[str, Any]) -> None:
        """Restore the state of the schedule after it."""
        self.after.restore(state)


class ReduceOnPlateau(Schedule):
    """Times `factor` when the loss has not fallen for more than `patience` epochs."""

    choices = (
        Choice(
            "On a plateau",
            "The rate falls when the loss no longer does.",
            {"factor": 0.3, "patience": 3},
            called="on a plateau",
        ),
    )

    @checked
    def __init__(
        self,
        factor: Annotated[float, POSITIVE, Accepts("number", above=0, below=1, title="times")] = 0.1,
        patience: Annotated[int, Accepts("whole", minimum=0, title="patience")] = 10,
        threshold: AtLeastZero = 1e-4,
        threshold_mode: Literal["rel", "abs"] = "rel",
        cooldown: Annotated[int, Accepts("whole", minimum=0)] = 0,
        min_lr: AtLeastZero = 0.0,
    ) -> None:
        self.factor, self.patience, self.cooldown = factor, patience, cooldown
        self.threshold, self.threshold_mode, self.min_lr = threshold, threshold_mode, min_lr
        self._state: dict[str, float] = {"best": math.inf, "bad": 0, "cooling": 0, "reductions": 0}

    def rate(self, base: float, step: int, epoch: int) -> float:
        """Return the base after as many reductions as there were, but not below `min_lr`."""
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
        """Return the best loss, and the counts."""
        return dict(self._state)

    def restore(self, state: dict[str, Any]) -> None:
        """Remember again."""
        if set(state) != set(self._state):
            raise ParameterError("schedule_memory_does_not_fit", "schedule")
        best = state["best"] if state["best"] == math.inf else number(state["best"], "best")
        self._state = {"best": best} | {name: whole(state[name], name, 0) for name in ("bad", "cooling", "reductions")}


SCHEDULES: dict[str, type[Schedule]] = {
    "constant": ConstantRate,
    "step": StepDecay,
    "exponential": Exponential,
    "cosine": Cosine,
    "warm_up": WarmUp,
    "reduce_on_plateau": ReduceOnPlateau,
}
