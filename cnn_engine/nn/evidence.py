"""The evidence of a run that went wrong.

Of one that diverged: what stopped being a finite number, when, and how large things had become. Of a network that died:
every unit of a ReLU layer silent for every sample, and the loss no longer falling. A ReLU that gives 0 passes no
gradient on. When a whole layer does so for every sample, nothing before it learns any more, and nothing that the
network is shown makes a difference to its answer.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from typing import Any

from cnn_engine.nn.events import StepDone, Underway
from cnn_engine.nn.layers.activations import ReLU
from cnn_engine.nn.trainer import Trainer
from cnn_engine.words import Message

DIVERGED = {  # what is not finite -> the message that says so
    "loss": "loss_not_finite",
    "gradient": "gradient_not_finite",
    "validation loss": "validation_loss_not_finite",
    "parameters": "parameters_not_finite",
}


def of_pass(trainer: Trainer, loss: float, layers: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what shows that a step broke, its loss or gradient no number; `layers` as `Trainer.largest` has them."""
    progress = trainer.progress
    return {
        "what": "gradient" if math.isfinite(loss) else "loss",
        "step": progress.step + 1,
        "loss": loss,
        "learning_rate": trainer.rate,
        "gradient_norm": trainer.gradient_norm,
        "layers": layers,
    }


def of_answers(trainer: Trainer, what: str, loss: float | None, sizes: list[float]) -> dict[str, Any]:
    """Return what shows that an epoch's last update broke a network: each layer's largest activation as it answers."""
    progress = trainer.progress
    return {
        "what": what,
        "step": progress.step,
        "loss": loss,
        "learning_rate": trainer.schedule.rate(trainer.learning_rate, progress.step - 1, progress.epoch - 1),
        "gradient_norm": None,
        "layers": [
            {"layer": index, "kind": layer.kind, "activation": size, "gradient": None}
            for index, (layer, size) in enumerate(zip(trainer.network.layers, sizes, strict=True))
        ],
    }


def reason(evidence: dict[str, Any]) -> Message:
    """Return the message that says it."""
    return Message(f"ends.{DIVERGED[evidence['what']]}", {"step": evidence["step"]})


EVERY = 16  # steps between two looks
LOOKS = 4  # looks in a row that must find no gradient
SPAN = 8  # steps whose mean loss is one row of the evidence
FLAT = 0.99  # a loss that has fallen below this share of what it was is not flat


class DeadWatch:
    """Watches the steps of a run. Give it each; it looks at some of them.

    A look costs little: whether every parameter before a ReLU layer has the gradient 0. Only where that stays so are
    the layers' outputs looked at, and the loss compared between the two halves of the time.
    """

    def __init__(self, trainer: Trainer) -> None:
        self._trainer = trainer
        self._before = self._parameters_before_a_relu()
        self._steps: list[StepDone] = []
        self._begin()

    def _parameters_before_a_relu(self) -> int:
        """Return how many parameters come before the first ReLU that has any before it."""
        count = 0
        for layer in self._trainer.network.layers:
            if count and isinstance(layer, ReLU):
                return count
            count += sum(math.prod(parameter.shape) for parameter in layer.parameters().values())
        return 0

    def _begin(self) -> None:
        self._looks = 0
        self._steps.clear()

    def pieces(self, steps: Sequence[StepDone]) -> Generator[Underway, None, dict[str, Any] | None] | None:
        """Return None while nothing needs to be looked at; else a look with pauses, which ends in the evidence or in
        None. No other step may be made until then.

        `steps` are those since the last call, up to the trainer's last; it looks after one whose number is a multiple
        of EVERY, so that none of these may lie within.

        `layers` has a row for each ReLU layer: how many outputs it has, how many of them were 0 for every sample of
        the last batch, and their share; `losses` the mean loss of each few steps from `since_step` to `step`.
        """
        self._steps += steps
        if not steps or steps[-1].step % EVERY:
            return None
        if not self._before or self._trainer.store.flat_gradient[: self._before].any():
            self._begin()
            return None
        self._looks += 1
        if self._looks < LOOKS:
            return None
        looked_at = self._steps.copy()
        self._begin()
        return self._evidence(looked_at)

    def _evidence(self, steps: list[StepDone]) -> Generator[Underway, None, dict[str, Any] | None]:
        losses = [step.loss for step in steps]
        half = len(losses) // 2
        first, second = (sum(part) / len(part) for part in (losses[:half], losses[half:]))
        if not second >= FLAT * first:
            return None
        rows = yield from self._trainer.silent_pieces(ReLU.kind)
        if not any(row["silent"] == row["outputs"] for row in rows):
            return None
        span = {"since_step": steps[0].step, "step": steps[-1].step}
        return {"layers": rows, **span, "losses": _spans(steps), "loss": second}


def _spans(steps: list[StepDone]) -> list[dict[str, Any]]:
    """Return the mean loss of each few steps up to the last one."""
    spans = []
    for end in range(len(steps), 0, -SPAN):
        span = steps[max(end - SPAN, 0) : end]
        loss = sum(step.loss for step in span) / len(span)
        spans.append({"from_step": span[0].step, "to_step": span[-1].step, "loss": loss})
    return spans[::-1]
