"""Runs of those who bring no cookie: nobody comes back for one, so that they would pile up until they are too old."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress

from cnn_server.runs.store import RunStore, StoreError

ADDRESSES = 1000  # of which it is known what was started there
LOOK = 600.0  # seconds until what was removed elsewhere, or went because it was too old, is forgotten here


class Strangers:
    """What was started without a cookie in this process, by address: so many runs of each that have ended are kept.

    The store has no address of a run that has ended, and so this is in memory alone, and only while the run is there.
    """

    def __init__(self, store: Callable[[], RunStore], most: int) -> None:
        self._store, self._most = store, most
        self._lock = threading.Lock()  # never held while the store works
        self._started: OrderedDict[str, list[str]] = OrderedDict()
        self._timer: threading.Timer | None = None

    def make_room(self, address: str) -> None:
        """Remove the oldest that have ended, so that one more can be added."""
        store, started = self._store(), self._runs_of(address)
        left = len(started)
        for run_id in started:
            if left < self._most:
                break
            run = store.get(run_id)
            if run is None or not run.open:
                store.remove(run_id)
                self.forget(run_id)
                left -= 1

    def _runs_of(self, address: str) -> list[str]:
        with self._lock:
            return self._started.get(address, [])[:]

    def add(self, address: str, run_id: str) -> None:
        """Count one more run of an address."""
        with self._lock:
            self._started.setdefault(address, []).append(run_id)
            self._started.move_to_end(address)
            if len(self._started) > ADDRESSES:
                self._started.popitem(last=False)
            self._look_later()

    def forget(self, run_id: str) -> None:
        """Forget a run that is removed, and its address where that was its last."""
        with self._lock:
            for address, started in self._started.items():
                if run_id in started:
                    started.remove(run_id)
                    if not started:
                        del self._started[address]
                    return

    def look(self) -> None:
        """Forget what is no longer in the store."""
        with self._lock:
            known = [run_id for started in self._started.values() for run_id in started]
        with suppress(StoreError):  # the next look tries again
            store = self._store()
            for run_id in known:
                if store.get(run_id) is None:
                    self.forget(run_id)
        with self._lock:
            self._timer = None
            if self._started:
                self._look_later()

    def _look_later(self) -> None:
        if self._timer is None:
            self._timer = threading.Timer(LOOK, self.look)
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        """Forget everything."""
        with self._lock:
            self._started.clear()
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
