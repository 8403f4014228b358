"""How fast a run goes: when its next event is due, with its pauses and steps granted in them, and what it makes."""

from __future__ import annotations

import time

LATE = 0.1  # seconds of lateness that a pace makes up for
PHASE = 0.4  # seconds that a phase of a step in slow motion stays at least
PHASES = 4  # of a step in slow motion


class Pace:
    """Times are those of `time.monotonic`."""

    def __init__(self, now: float, *, paused: bool) -> None:
        self.paused = paused
        self.granted = 0  # steps, while it is paused
        self.due = now

    def pause(self) -> None:
        """Let no further step begin."""
        self.paused, self.granted = True, 0

    def resume(self) -> None:
        """Let steps begin again."""
        self.paused, self.granted = False, 0

    def grant(self) -> None:
        """Let one step begin, paused or not."""
        self.granted += 1

    def passed(self, interval: float) -> None:
        """Note that a step or a phase is done: the next one is due an interval after this one was."""
        if self.paused:
            self.granted = max(self.granted - 1, 0)
        now = time.monotonic()
        self.due = max(self.due, now - LATE) + interval if interval else now


def interval(steps_per_second: float | None, *, phase: bool) -> float:
    """Return seconds from one step, or phase of a step in slow motion, to the next."""
    if phase:
        return max(PHASE, 1 / (PHASES * steps_per_second) if steps_per_second else 0.0)
    return 1 / steps_per_second if steps_per_second else 0.0


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
