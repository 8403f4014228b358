"""Waiting for a condition, with a limit so wide that only a hang meets it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

HANG = 240.0  # seconds: a machine whose cores are taken by other work is many times slower than an idle one
SOON, RARELY = 0.01, 0.1  # seconds between two looks, at first and later: most of them are requests, which take work


def until(true: Callable[[], Any], seconds: float = HANG, rarely: float = RARELY) -> Any:
    """Return what `true` gives once it is true.

    Raises:
        AssertionError: it was not true after so many seconds.
    """
    latest, pause = time.monotonic() + seconds, SOON
    while not (found := true()):
        assert time.monotonic() < latest, "it did not come about"
        time.sleep(pause)
        pause = min(pause * 1.3, rarely)
    return found
