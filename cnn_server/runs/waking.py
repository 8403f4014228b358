"""Waking those who wait in an event loop."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque

GROUP = 20  # viewers that are woken at once, so that whoever else asks for something waits for no more than these


class Waker:
    """Wakes the viewers of an event loop, a few in each turn of it, so that calls need not wait for a whole class."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._due: deque[asyncio.Event] = deque()
        self._turning = False

    def wake(self, rung: asyncio.Event) -> None:
        """Set this soon, whatever thread asks."""
        with self._lock:
            self._due.append(rung)
            begins, self._turning = not self._turning, True
        if begins:
            with contextlib.suppress(RuntimeError):  # the loop has ended, and so have those who wait in it
                self._loop.call_soon_threadsafe(self._turn)

    def _turn(self) -> None:
        with self._lock:
            group = [self._due.popleft() for _ in range(min(GROUP, len(self._due)))]
            self._turning = bool(self._due)
        if self._turning:
            self._loop.call_soon(self._turn)
        for rung in group:
            rung.set()
