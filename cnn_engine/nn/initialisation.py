"""What weights begin as: He for ReLU networks, Xavier for sigmoid and tanh; seeded, the same for every dtype.

He keeps the variance of activations through a ReLU: variance 2 / fan_in. Xavier keeps that of activations and
gradients through a linear layer: variance 2 / (fan_in + fan_out). Each comes normal and uniform (of the same
variance: a uniform number from -a to a has variance a² / 3). PyTorch calls He's rule after its first name, Kaiming.

Three more are lessons in what goes wrong. Where all weights are alike ("zeros", "constant"), all filters of a layer
give the same and get the same gradient: they stay alike, however long they learn. Where they are tiny ("normal"), each
layer shrinks what it is given, and with it the gradient. Biases begin at 0 in every case.
"""

from __future__ import annotations

import copy
import math
from abc import ABC, abstractmethod
from typing import Annotated, Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cnn_engine.nn.choices import Choice
from cnn_engine.nn.options import build, checked, named
from cnn_engine.parameters import Accepts

Values = NDArray[Any]
MOST = 1e3  # the size of a weight to begin with


class Initialisation(ABC):
    """How the weights of a layer begin."""

    choices: ClassVar[tuple[Choice, ...]]

    @abstractmethod
    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, random: np.random.Generator) -> Values:
        """Return weights of this shape in float64."""


class _Scaled(Initialisation):
    """Normal or uniform, with a variance that follows from the layer's size."""

    uniform = False

    def _variance(self, fan_in: int, fan_out: int) -> float:
        raise NotImplementedError

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, random: np.random.Generator) -> Values:
        """Return weights of this shape in float64."""
        variance = self._variance(fan_in, fan_out)
        if not self.uniform:
            return random.standard_normal(shape) * math.sqrt(variance)
        reach = math.sqrt(3 * variance)
        return random.uniform(-reach, reach, shape)


class HeNormal(_Scaled):
    """torch.nn.init.kaiming_normal_: variance 2 / fan_in."""

    choices = (Choice("He (Kaiming)", "At random, as large as keeps the signal's size through a ReLU.", name="he"),)

    def _variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / fan_in


class HeUniform(HeNormal):
    """torch.nn.init.kaiming_uniform_: variance 2 / fan_in."""

    choices = (Choice("He, uniform", "As large, and every number up to a bound is as likely as any other."),)
    uniform = True


class XavierNormal(_Scaled):
    """torch.nn.init.xavier_normal_: variance 2 / (fan_in + fan_out)."""

    choices = (Choice("Xavier, normal", "At random, for sigmoid and tanh, most of them near 0."),)

    def _variance(self, fan_in: int, fan_out: int) -> float:
        return 2 / (fan_in + fan_out)


class XavierUniform(XavierNormal):
    """torch.nn.init.xavier_uniform_: variance 2 / (fan_in + fan_out)."""

    choices = (Choice("Xavier", "At random, for sigmoid and tanh.", name="xavier"),)
    uniform = True


class Constant(Initialisation):
    """torch.nn.init.constant_: every weight is `val`."""

    choices = (
        Choice(
            "All the same",
            "All filters of a layer give the same and get the same gradient: they stay alike.",
            {"val": 0.05},
            called="all the same",
        ),
    )

    @checked
    def __init__(
        self,
        *,
        val: Annotated[float, Accepts("number", minimum=-MOST, maximum=MOST, title="each", rule="is_larger")] = 0.1,
    ) -> None:
        self.val = val

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, random: np.random.Generator) -> Values:
        """Return the same number throughout."""
        return np.full(shape, self.val)


class Zeros(Constant):
    """torch.nn.init.zeros_: every weight is 0."""

    choices = (
        Choice(
            "All 0",
            "Behind a ReLU nothing comes through, and no gradient comes back: only the last bias learns.",
            called="all 0",
        ),
    )

    def __init__(self) -> None:
        super().__init__(val=0.0)


class Normal(Initialisation):
    """torch.nn.init.normal_ with the mean 0: `std` is the same for every layer, and tiny unless given."""

    choices = (
        Choice(
            "Tiny, at random",
            "Each layer shrinks what it is given, and with it the gradient.",
            {"std": 0.001},
            called="tiny, at random",
        ),
    )

    @checked
    def __init__(
        self,
        *,
        std: Annotated[float, Accepts("number", above=0, maximum=MOST, title="spread", rule="is_larger")] = 0.001,
    ) -> None:
        self.std = std

    def draw(self, shape: tuple[int, ...], fan_in: int, fan_out: int, random: np.random.Generator) -> Values:
        """Return normal numbers with this standard deviation."""
        return random.standard_normal(shape) * self.std


INITIALISATIONS: dict[str, type[Initialisation]] = {
    "he_normal": HeNormal,
    "he_uniform": HeUniform,
    "xavier_normal": XavierNormal,
    "xavier_uniform": XavierUniform,
    "kaiming_normal": HeNormal,
    "kaiming_uniform": HeUniform,
    "zeros": Zeros,
    "constant": Constant,
    "normal": Normal,
    "he": HeNormal,
    "xavier": XavierUniform,
}


def initialisation(config: Any) -> tuple[str | dict[str, Any], Initialisation]:
    """Return a copy of a name, or of {"name", its options}, and what it stands for.

    Raises:
        ParameterError: its `field` is "initialisation", or "initialisation.val" and the like.
    """
    made = build(INITIALISATIONS, config, "initialisation")
    name, options = named(config, "initialisation")
    return ({"name": name} | copy.deepcopy(options) if options else name), made
