"""The evidence of a run that diverged: what stopped being a finite number, when, and how large things had become."""

from __future__ import annotations

import math
from typing import Any

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
