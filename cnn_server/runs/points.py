"""The steps of a run as its log has them: five numbers each, as plain float64.

The worker only puts them down, thousands a second; who reads them makes the text.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import chain
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from cnn_engine.nn import EpochDone, StepDone
from cnn_server.runs.record import LogPiece

NAMES = ("step", "loss", "accuracy", "learning_rate", "gradient_norm")
COLUMNS = len(NAMES)
KEPT = [StepDone._fields.index(name) for name in NAMES]
STORED = "<f8"


class Unwritten:
    """What a run's log does not have yet, and its next entry will: steps, and the epochs that ended in them.

    Kept as events steps would push the network out of the processor's cache.
    """

    def __init__(self) -> None:
        self._numbers = array("d")
        self.last: StepDone | None = None
        self.epochs: list[dict[str, Any]] = []

    def __bool__(self) -> bool:
        return self.last is not None

    def add_steps(self, steps: Sequence[StepDone]) -> None:
        """Add the numbers of some more steps."""
        if not steps:
            return
        self.last = steps[-1]
        if self.last.accuracy is None:
            steps = [done._replace(accuracy=math.nan) for done in steps]
        self._numbers.extend(chain.from_iterable(steps))  # type: ignore[arg-type]  # not None here

    def add_epoch(self, done: EpochDone, validation_loss: float | None, validation_accuracy: float | None) -> None:
        """Add one that is over and, where it could be, judged."""
        judged = {"validation_loss": validation_loss, "validation_accuracy": validation_accuracy}
        self.epochs.append(asdict(done) | judged | {"gap": _gap(done.accuracy, validation_accuracy)})

    def entry(self) -> LogPiece | None:
        """Return it; None where no step was made."""
        return LogPiece(self.last.step, self.stored(), orjson.dumps(self.epochs)) if self.last else None

    def stored(self) -> bytes:
        """Return what the log keeps of the steps."""
        return np.frombuffer(self._numbers).reshape(-1, len(StepDone._fields))[:, KEPT].astype(STORED).tobytes()


def read(pieces: Iterable[bytes], after: int = 0) -> NDArray[np.float64]:
    """Return (steps, COLUMNS): what several pieces of the log have after a step."""
    rows = [_numbers(piece).reshape(-1, COLUMNS) for piece in pieces]
    points = np.concatenate(rows) if rows else np.empty((0, COLUMNS))
    return points[points[:, 0] > after]


def thinned(points: NDArray[np.float64], stride: int) -> NDArray[np.float64]:
    """Return the points with the least and the greatest loss of each `stride` in a row, and the last of all.

    A loss that is not a finite number counts as the greatest.
    """
    if stride <= 2 or not len(points):
        return points
    with np.errstate(over="ignore"):
        loss = points[:, 1].astype(np.float32)
    last = len(points) - 1
    order = np.lexsort((np.where(np.isfinite(loss), loss, np.inf), np.arange(len(points)) // stride))
    ends = np.minimum(np.arange(0, len(points), stride) + stride - 1, last)
    kept: NDArray[np.intp] = np.unique(np.concatenate([order[::stride], order[ends], [last]]))
    return points[kept]


def _numbers(piece: bytes) -> NDArray[np.float64]:
    if piece.startswith(b"["):  # JSON, as it was written once; no step is so large that its number begins like that
        return np.array(orjson.loads(piece), np.float64)
    return np.frombuffer(piece, STORED).astype(np.float64)


def as_json(points: NDArray[np.float64]) -> bytes:
    """Return [[step, loss, accuracy, learning_rate, gradient_norm], ...] with as many digits as a float32 has.

    What is not a finite number is null.
    """
    with np.errstate(over="ignore"):
        numbers = points[:, 1:].astype(np.float32, order="C")
    rows = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[") if len(points) else []
    steps = points[:, 0].astype(int).tolist()
    return b"[" + b",".join([b"[%d,%b]" % (step, row) for step, row in zip(steps, rows, strict=True)]) + b"]"


def as_lists(points: NDArray[np.float64]) -> list[list[Any]]:
    """Return the same as numbers."""
    lists: list[list[Any]] = orjson.loads(as_json(points))
    return lists


def _gap(training: float | None, validation: float | None) -> float | None:
    """Return how much better a network does on what it learns from than on what it does not."""
    return None if training is None or validation is None else training - validation
