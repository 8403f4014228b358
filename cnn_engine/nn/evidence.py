"""The evidence of a run that diverged: what stopped being a finite number, when, and how large things had become."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnn_engine.nn.layers.base import Array
from cnn_engine.nn.network import ANSWER_BATCH, Network
from cnn_engine.nn.trainer import Trainer

DIVERGED = {
    "loss": "the loss of step {step} is not a finite number",
    "gradient": "the gradient of step {step} is not finite",
    "validation loss": "the validation loss after step {step} is not a finite number",
    "parameters": "the parameters after step {step} are not finite numbers",
}


def of_pass(trainer: Trainer, loss: float) -> dict[str, Any]:
    """Of a step whose loss or gradient is not finite, before its update."""
    progress = trainer.progress
    return {
        "what": "gradient" if math.isfinite(loss) else "loss",
        "step": progress.step + 1,
        "loss": loss,
        "learning_rate": trainer.rate,
        "gradient_norm": trainer.gradient_norm,
        "layers": trainer.largest(),
    }


def of_answers(trainer: Trainer, what: str, loss: float | None, x: Array) -> dict[str, Any]:
    """Of a network that the last update of an epoch has broken, from what it answers to the first samples of x."""
    progress = trainer.progress
    return {
        "what": what,
        "step": progress.step,
        "loss": loss,
        "learning_rate": trainer.schedule.rate(trainer.learning_rate, progress.step - 1, progress.epoch - 1),
        "gradient_norm": None,
        "layers": _largest_answers(trainer.network, x[:ANSWER_BATCH]),
    }


def reason(evidence: dict[str, Any]) -> str:
    """The sentence that says it."""
    return DIVERGED[evidence["what"]].format(step=evidence["step"])


def _largest_answers(network: Network, x: Array) -> list[dict[str, Any]]:
    sizes = [float(np.max(np.abs(given), initial=0.0)) for given in network.activations(x)]
    return [
        {
            "layer": index,
            "kind": layer.kind,
            "activation": size if math.isfinite(size) else math.inf,
            "gradient": None,
        }
        for index, (layer, size) in enumerate(zip(network.layers, sizes, strict=True))
    ]
