"""Runs of those who bring no cookie: nobody comes back for one, so that they would pile up until they are too old."""

from __future__ import annotations

import threading
from collections import OrderedDict

from cnn_server.runs.store import RunStore

ADDRESSES = 1000  # of which it is known what was started there


class Strangers:
    """What was started without a cookie since this process began, by address: so many runs of each that have ended are
    kept. The store has no address of a run that has ended, and so this is in memory alone.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._started: OrderedDict[str, list[str]] = OrderedDict()

    def add(self, store: RunStore, address: str, run_id: str) -> None:
        """One more; the oldest that have ended make room for it."""
        with self._lock:
            started = self._started.setdefault(address, [])
            self._started.move_to_end(address)
            if len(self._started) > ADDRESSES:
                self._started.popitem(last=False)
            for old in started[:]:
                if len(started) < self._most:
                    break
                run = store.get(old)
                if run is None or not run.open:
                    store.remove(old)
                    started.remove(old)
            started.append(run_id)
