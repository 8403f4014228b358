"""What a run's log does not have yet: steps, and the epochs that ended in them."""

from __future__ import annotations

from typing import Any

import orjson

from cnn_engine.nn import EpochDone
from cnn_server.runs.points import PendingSteps
from cnn_server.runs.record import LogPiece


class Unwritten:
    """What the next entry of the log has."""

    def __init__(self) -> None:
        self.points = PendingSteps()
        self.epochs: list[dict[str, Any]] = []

    def add_epoch(self, done: EpochDone, validation_loss: float | None, validation_accuracy: float | None) -> None:
        """Add one that is over and, where it could be, judged."""
        self.epochs.append(
            {
                "step": done.step,
                "epoch": done.epoch,
                "loss": done.loss,
                "accuracy": done.accuracy,
                "validation_loss": validation_loss,
                "validation_accuracy": validation_accuracy,
                "gap": _gap(done.accuracy, validation_accuracy),
            }
        )

    def entry(self) -> LogPiece | None:
        """Return it; None where no step was made."""
        last = self.points.last
        return LogPiece(last.step, self.points.stored(), orjson.dumps(self.epochs)) if last else None


def _gap(training: float | None, validation: float | None) -> float | None:
    """How much better a network does on what it learns from than on what it does not."""
    return None if training is None or validation is None else training - validation
