"""The steps of a run that are still to be written."""

from __future__ import annotations

import math
from array import array

import numpy as np
import orjson

from cnn_engine.nn import StepDone

COLUMNS = 5


class Points:
    """Steps as plain numbers: kept as events they would push the network out of the processor's cache."""

    def __init__(self) -> None:
        self._numbers = array("d")
        self.last: StepDone | None = None

    def __bool__(self) -> bool:
        return self.last is not None

    def add(self, done: StepDone) -> None:
        """One more."""
        accuracy = math.nan if done.accuracy is None else done.accuracy
        self._numbers.extend((done.step, done.loss, accuracy, done.learning_rate, done.gradient_norm))
        self.last = done

    def json(self) -> bytes:
        """[[step, loss, accuracy, learning_rate, gradient_norm], ...]: as many digits as a float32 has.

        What is not a finite number is null.
        """
        told = np.frombuffer(self._numbers).reshape(-1, COLUMNS)
        with np.errstate(over="ignore"):
            numbers = told[:, 1:].astype(np.float32, order="C")
        rows = orjson.dumps(numbers, option=orjson.OPT_SERIALIZE_NUMPY)[2:-2].split(b"],[")
        steps = told[:, 0].astype(int).tolist()
        return b"[[" + b"],[".join([b"%d,%b" % (step, row) for step, row in zip(steps, rows, strict=True)]) + b"]]"
