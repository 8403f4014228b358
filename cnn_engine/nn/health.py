"""Whether a network has died: every unit of a ReLU layer silent for every sample, and the loss no longer falling.

A ReLU that gives 0 passes no gradient on. When a whole layer does so for every sample, nothing before it learns any
more, and nothing that the network is shown makes a difference to its answer.
"""

from __future__ import annotations

from typing import Any

from cnn_engine.nn.events import StepDone
from cnn_engine.nn.layers.activations import ReLU
from cnn_engine.nn.trainer import Trainer

EVERY = 8  # steps between two looks
LOOKS = 8  # looks in a row that must find it silent
FALLING = 0.99  # a loss that has fallen below this share of what it was is not flat


class DeadWatch:
    """Watches the steps of a run. Give it each; it looks at some of them.

    The loss is compared between the two halves of the time that the network was silent, each the mean of its steps.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._relus = [index for index, layer in enumerate(trainer.network.layers) if isinstance(layer, ReLU)]
        self._begin()

    def _begin(self) -> None:
        self._silent = set(self._relus)
        self._looks, self._losses = 0, list[float]()
        self._since = self._trainer.progress.step + 1

    def observe(self, done: StepDone) -> dict[str, Any] | None:
        """The evidence once it is certain; None while it is not."""
        if not self._relus:
            return None
        self._losses.append(done.loss)
        if done.step % EVERY:
            return None
        self._silent &= self._trainer.silent_layers()
        self._looks += 1
        if not self._silent:
            self._begin()
        if self._looks < LOOKS:
            return None
        evidence = self._evidence(done.step)
        self._begin()
        return evidence

    def _evidence(self, step: int) -> dict[str, Any] | None:
        half = len(self._losses) // 2
        first, second = (sum(part) / len(part) for part in (self._losses[:half], self._losses[half:]))
        if second < FALLING * first:
            return None
        return {
            "layers": sorted(self._silent),
            "since_step": self._since,
            "step": step,
            "loss_before": first,
            "loss": second,
        }
