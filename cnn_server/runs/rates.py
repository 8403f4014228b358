"""The learning rates that were set while a run went on: a step that is trained again has the rate that it had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

Rate = tuple[int, float]  # the step from which on it counts, and the learning rate


class Rates:
    """Those of a run from a step on, and of them those that are not stored yet."""

    def __init__(self, stored: Sequence[Rate], step: int) -> None:
        self._ahead = [(at, rate) for at, rate in stored if at >= step]
        self.unwritten: list[Rate] = []

    def add(self, step: int, rate: float) -> None:
        """Set a rate from this step on."""
        self._ahead.append((step, rate))
        self.unwritten.append((step, rate))

    def reached(self, step: int) -> Iterator[float]:
        """Yield the rates that count by this step, each once, in the order in which they were set."""
        while self._ahead and self._ahead[0][0] <= step:
            yield self._ahead.pop(0)[1]
