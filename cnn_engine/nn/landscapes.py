"""Losses of two parameters, x and y, that can be drawn as a landscape: each with its exact gradient.

A landscape stands for the loss of a network whose parameters are two instead of thousands. Every lowest point has the
height 0, so that a logarithm can show how near one came.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
Function = Callable[[Values, Values], Values]
Range = tuple[float, float]

TAU = 2 * math.pi


@dataclass(frozen=True)
class Landscape:
    """A function of two parameters and what a race over it begins with.

    Attributes:
        called: what it is called where it is one of several.
        height: the loss at (x, y); arrays of any shape.
        slope: its partial derivatives at (x, y).
        start: where a race begins.
        rates: for each runner a learning rate that suits it here.
        softness: heights above it are drawn ever closer together: the relief is log(1 + height / softness).
        lowest: every lowest point; the height there is 0.
        x_range, y_range: the part that is drawn, three units wide for two high.
    """

    title: str
    called: str
    note: str
    height: Function
    slope: Callable[[Values, Values], tuple[Values, Values]]
    start: tuple[float, float]
    rates: dict[str, float]
    softness: float
    lowest: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    x_range: Range = (-3.0, 3.0)
    y_range: Range = (-2.0, 2.0)

    def loss(self, position: Values) -> float:
        """Return the height at a position (2,)."""
        return float(self.height(position[0], position[1]))

    def gradient(self, position: Values) -> Values:
        """Return the slope at a position (2,), as (2,)."""
        return np.array(self.slope(position[0], position[1]), np.float64)

    def grid(self, cols: int, rows: int) -> Values:
        """Return heights (rows, cols) over the whole picture, from corner to corner; the first row is the highest y."""
        x, y = np.linspace(*self.x_range, cols), np.linspace(*self.y_range[::-1], rows)
        return np.asarray(self.height(x[None, :], y[:, None]), np.float64)

    @cached_property
    def top(self) -> float:
        """The greatest height in the picture, as far as a grid finds it."""
        return float(self.grid(61, 41).max())

    def relief(self, height: Values) -> Values:
        """Return how high heights are drawn: 0 at the lowest point, 1 at the top."""
        return np.asarray(np.log1p(height / self.softness) / math.log1p(self.top / self.softness))

    def levels(self, count: int) -> Values:
        """Return the heights of `count` contour lines, evenly spread over the relief."""
        share = np.arange(1, count + 1) / (count + 1)
        return np.asarray(self.softness * np.expm1(share * math.log1p(self.top / self.softness)))


def _rates(
    sgd: float, momentum: float, nesterov: float, adagrad: float, rmsprop: float, adam: float
) -> dict[str, float]:
    rates = {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "adagrad": adagrad, "rmsprop": rmsprop}
    return rates | {"adam": adam, "adamw": adam}


VALLEY = (0.2, 8.0)  # the curvatures along and across
BUMP = 0.15
ROSENBROCK = 5.0

LANDSCAPES: dict[str, Landscape] = {
    # A quadratic whose curvatures differ by a factor of 40: gradient descent converges for rates below 2 / 8.
    # Goodfellow, Bengio, Courville, "Deep Learning" (2016), section 4.3.1 and figure 4.6.
    "valley": Landscape(
        title="A long valley",
        called="long valley",
        note="Forty times as steep across as along.",
        height=lambda x, y: (VALLEY[0] * x**2 + VALLEY[1] * y**2) / 2,
        slope=lambda x, y: (VALLEY[0] * x, VALLEY[1] * y),
        start=(-2.5, 1.3),
        rates=_rates(0.22, 0.03, 0.03, 0.4, 0.04, 0.2),
        softness=0.15,
    ),
    "bowl": Landscape(
        title="A plain bowl",
        called="plain bowl",
        note="Equally steep all round: the gradient points at the bottom.",
        height=lambda x, y: (x**2 + y**2) / 2,
        slope=lambda x, y: (x, y),
        start=(-2.4, 1.4),
        rates=_rates(0.1, 0.05, 0.05, 0.4, 0.05, 0.2),
        softness=0.3,
    ),
    # x² / 2 and a double well (y² − 1)² / 4: flat at (0, 0), lowest at (0, ±1).
    "saddle": Landscape(
        title="A saddle",
        called="saddle",
        note="Flat at (0, 0), yet not lowest: up along x, down along y.",
        height=lambda x, y: x**2 / 2 + (y**2 - 1) ** 2 / 4,
        slope=lambda x, y: (x, y**3 - y),
        lowest=((0.0, 1.0), (0.0, -1.0)),
        start=(-2.6, 0.01),
        rates=_rates(0.1, 0.02, 0.02, 0.3, 0.04, 0.1),
        softness=0.15,
    ),
    # Rastrigin's bumps (L. A. Rastrigin, "Systems of Extremal Control", 1974), lower ones and on a shallower bowl.
    "bumps": Landscape(
        title="A bumpy bowl",
        called="bumpy bowl",
        note="Many hollows, one of them the deepest.",
        height=lambda x, y: (x**2 + y**2) / 4 + BUMP * (2 - np.cos(TAU * x) - np.cos(TAU * y)),
        slope=lambda x, y: (
            x / 2 + BUMP * TAU * np.sin(TAU * x),
            y / 2 + BUMP * TAU * np.sin(TAU * y),
        ),
        start=(-2.7, 1.6),
        rates=_rates(0.05, 0.04, 0.04, 0.3, 0.1, 0.2),
        softness=0.4,
    ),
    # H. H. Rosenbrock, "An Automatic Method for Finding the Greatest or Least Value of a Function" (1960), with 5 in
    # place of his 100: the same bend, less steep.
    "rosenbrock": Landscape(
        title="A bent valley",
        called="bent valley",
        note="Rosenbrock's valley: curved, with an almost flat floor.",
        height=lambda x, y: (1 - x) ** 2 + ROSENBROCK * (y - x**2) ** 2,
        slope=lambda x, y: (-2 * (1 - x) - 4 * ROSENBROCK * x * (y - x**2), 2 * ROSENBROCK * (y - x**2)),
        lowest=((1.0, 1.0),),
        x_range=(-2.4, 2.4),
        y_range=(-0.8, 2.4),
        start=(-1.7, 0.3),
        rates=_rates(0.01, 0.003, 0.003, 0.8, 0.06, 0.2),
        softness=0.5,
    ),
}
