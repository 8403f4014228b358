"""How many steps a second a run makes."""

from __future__ import annotations

OVER = 1.0  # seconds that it is measured over at least


class Speed:
    """Steps between two times, those of `time.monotonic`."""

    def __init__(self, step: int, now: float) -> None:
        self.begin(step, now)

    def begin(self, step: int, now: float) -> None:
        """Measure from here on."""
        self._step, self._since = step, now

    def measured(self, step: int, now: float) -> float | None:
        """Return the steps per second since the last time; None where that is too short a time, or nothing happened."""
        if now - self._since < OVER or step <= self._step:
            return None
        speed = (step - self._step) / (now - self._since)
        self.begin(step, now)
        return speed
