"""What `fit` tells: plain values, each with a `name`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from numpy.typing import NDArray

from cnn_engine.words import Message, say


@dataclass(frozen=True)
class SubStep:
    """A part of a step in slow motion.

    `phase` is "forward" (`arrays["outputs"]`: (N, K)), "loss" (`arrays["loss"]`), "backward" (a gradient by each
    parameter's name) or "update" (by how much each parameter changed). `activations`: what each layer gave, by its
    number, with the forward phase. A batch that goes through in parts shows outputs and activations of the last one.
    """

    phase: str
    step: int
    arrays: Mapping[str, NDArray[Any]]
    activations: Mapping[int, NDArray[Any]]
    name: ClassVar[str] = "substep"


class StepDone(NamedTuple):
    """One update. `loss`, `accuracy` and `gradient_norm` are of its batch, before the update.

    A tuple, because there are thousands a second.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float | None
    learning_rate: float
    gradient_norm: float
    samples: int

    @property
    def name(self) -> str:
        """The name of the event."""
        return "step"


@dataclass(frozen=True)
class Underway:
    """A long step or validation has come a piece further, and nothing has changed that could be seen.

    `fit` tells it only with `cut`, so that whoever runs it can do something else in between.
    """

    name: ClassVar[str] = "underway"


UNDERWAY = Underway()


@dataclass(frozen=True)
class EpochDone:
    """Every sample of the training set was used once. The means are those of the steps, as the network changed."""

    step: int
    epoch: int
    loss: float
    accuracy: float | None
    name: ClassVar[str] = "epoch"


@dataclass(frozen=True)
class Validated:
    """How the network does on the validation set, which it does not learn from."""

    step: int
    epoch: int
    loss: float
    accuracy: float | None
    best: bool
    name: ClassVar[str] = "validation"


@dataclass(frozen=True)
class Ended:
    """The last event. `state` is "finished", "stopped" (early) or "diverged"; `message` says why, in any language.

    `evidence` is for the last: `what` is not finite ("loss", "gradient", "validation loss" or "parameters"), at which
    `step`, with which `loss`, `gradient_norm` (None where it was not computed) and `learning_rate`, and `layers`: a
    row each with "layer" (its number), "kind" and the largest "activation" and "gradient", infinity where one is not
    finite and None where there is none.
    """

    state: str
    step: int
    epoch: int
    message: Message
    evidence: Mapping[str, Any] = field(default_factory=dict)
    name: ClassVar[str] = "end"

    @property
    def reason(self) -> str:
        """Why it is over, in English."""
        return say(self.message)


Event = SubStep | StepDone | Underway | EpochDone | Validated | Ended
